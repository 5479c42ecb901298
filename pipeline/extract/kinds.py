"""A page with its lines and metadata -> why it is no article, or None.

Every page of an outlet that looks a little odd is still its story to somebody, so a reason needs two signs: little prose,
and a mark of the other kind. Pages with much prose are let through whatever else they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..model import Line, Page, SkipReason
from . import urls
from .draft import Meta
from .htmldoc import HtmlDoc
from .metadata.structured import ARTICLE_TYPES, fold, types
from .settle import count_words

_ERROR = re.compile(
    r"^\W*(?:error\s*)?(?:40[0134]|410|429|50[0234])\b(?!\s*(?:years|days|people|million|billion|km|miles|jahre"
    r"|tage|ans|años|dead))|"
    r"\b(?:page|article|story|site|content|url|file) (?:was |is |could |can(?:'|no)t |cannot |has )*(?:not|no"
    r" longer|n't)(?: be| been)? (?:found|available|exist)|"
    r"\bnot found\b|page (?:doesn.t|does not) exist|we can.?t find (?:that|the|this) page|\bforbidden\b$|^access"
    r" (?:to this page has been )?denied|^bad gateway|"
    r"service (?:temporarily )?unavailable|internal server error|^too many requests|something went wrong|"
    r"seite (?:wurde )?nicht (?:gefunden|verfügbar|vorhanden)|page (?:introuvable|non trouvée|inexistante)"
    r"|p[áa]gina no (?:encontrada|existe)|"
    r"p[áa]gina n[ãa]o encontrada|pagina (?:non trovata|niet gevonden)|sidan (?:kunde inte hittas|finns inte)"
    r"|siden (?:blev |ble )?ikke funnet|"
    r"strona nie (?:została znaleziona|istnieje)|str[áa]nka nenalezena|sayfa bulunamadı|страница не найдена"
    r"|сторінку не знайдено|"
    r"ページが見つかりません|页面不存在|页面未找到|페이지를 찾을 수 없",
    re.I,
)
_ROBOT = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|you are (?:a )?human|verify(?:ing)?"
    r" (?:that )?you|checking (?:your|the) (?:browser|site)|"
    r"captcha|pardon our interruption|unusual (?:traffic|activity)|bot (?:detection|check|protection)|security"
    r" check|ddos protection|"
    r"(?:enable|activate|turn on) javascript|please enable (?:js|cookies)|javascript (?:is )?(?:disabled"
    r"|required|deaktiviert)|"
    r"request (?:was )?blocked|you have been blocked|incident id|ray id|reference #\d",
    re.I,
)
_CONSENT = re.compile(
    r"before you continue|(?:we|wir) (?:value|respect|care about) your privacy|your (?:privacy|data) choices"
    r"|privacy (?:settings|preferences|notice)|cookie|consent|"
    r"\bpartners? (?:store|use|process)|legitimate interest|accept all|reject all|manage (?:settings|options"
    r"|choices|preferences)|agree and continue|"
    r"privatsph[äa]re|einwillig|zustimm|werbung und tracking|nutzung mit werbung|alle akzeptieren|"
    r"consentement|vos données|tout accepter|continuer sans accepter|consentimiento|aceptar (?:todo|y continuar)"
    r"|consenso|accetta|"
    r"consentimento|aceitar|toestemming|alles accepteren|samtycke|samtykke|zgod[aęy]|souhlas|гласи[ея] на|çerez",
    re.I,
)
_PAYWALL = re.compile(
    r"(?:subscribe|register|sign (?:in|up)|log ?in|create (?:a|your) (?:free )?account|become a (?:member"
    r"|subscriber)|start your (?:free )?trial|purchase a subscription)"
    r".{0,60}\b(?:read(?:ing)?|continue|unlock|access|full (?:story|article)|keep)|"
    r"(?:continue|keep) reading (?:with|for|by|your|this article with)|to (?:read|continue|unlock) (?:the|this"
    r"|reading|full)|"
    r"(?:article|story|content) is (?:only |exclusively |reserved |available )*(?:for|to) (?:our |paying "
    r"|registered |premium )*(?:subscribers|members)|"
    r"subscriber[- ](?:only|exclusive)|already (?:a|have a) (?:subscriber|subscription|member)|you(?:'ve| have)"
    r" (?:reached|read|used) your|free articles? (?:left|remaining)|"
    r"weiterlesen mit|jetzt (?:abo|weiterlesen|testen)|nur für abonnent|exklusiv für|(?:diesen|der|den)"
    r" (?:ganzen |vollständigen |kompletten )?artikel (?:weiter)?lesen|"
    r"bereits (?:abonnent|registriert|kunde)|artikel freischalten|plus-artikel|mit .{0,12}(?:plus|\+) weiterlesen|"
    r"(?:article|contenu) (?:est )?réservé|réservé (?:aux|à nos) abonnés|la suite est réservée|il vous reste"
    r" .{0,12}% de|déjà abonné|abonnez-vous|lire la suite .{0,20}abonn|"
    r"(?:contenido|artículo) (?:exclusivo|solo|sólo|reservado)|suscr[ií]b(?:ete|ase)|para seguir leyendo|ya"
    r" (?:eres|soy|es) (?:suscriptor|socio)|"
    r"(?:conteúdo|matéria) (?:exclusiv[oa]|restrit[oa])|assine (?:para|agora|já)|já é assinante|"
    r"(?:contenuto|articolo) (?:riservato|esclusivo)|abbonati (?:per|ora|subito)|sei già abbonato|"
    r"(?:word|ben je al) abonnee|verder lezen|alleen voor abonnees|lees verder met|bli (?:plus)?prenumerant"
    r"|fortsätt läsa|logga in för att läsa|"
    r"les (?:hele )?saken|kjøp abonnement|bliv abonnent|læs (?:hele|videre)|tylko dla (?:prenumeratorów"
    r"|subskrybentów)|dostęp dla|wykup dostęp|"
    r"pro předplatitele|predplatiteľ|доступно (?:только )?(?:по подписке|подписчикам)|оформите подписку|会員限定"
    r"|有料会員|この記事は.{0,10}会員|残り\s*[\d,]+\s*文字|구독",
    re.I,
)
_GALLERY_URL = re.compile(r"[/_-](?:photo-?galler(?:y|ies)|galler(?:y|ies)|photos?|pictures|slide-?shows?"
    r"|in-pictures|foto(?:s|galer\w*|strecken?|reportaj\w*)?|"
                          r"bilder(?:galerien?|strecken?|serie)?|galer[ií]as?|diaporamas?|portfolio|kuvat"
                          r"|billeder|zdjecia|galeria)(?:[/_.-]|$)", re.I)  # fmt: skip
_LIST_TYPES = frozenset("CollectionPage SearchResultsPage ItemList".split())
_SENTENCE = re.compile(r"[.!?…。！？।؟”\"»)]$")

FEW = 60  # words of prose that could be a brief; below it a mark of another kind decides
SOME = 150  # words: below it two marks are needed


def judge(doc: HtmlDoc | None, lines: Sequence[Line], meta: Meta, page: Page) -> tuple[SkipReason, str] | None:
    """(reason for the ledger, detail) for pages of another kind."""
    story = [line.text for line in lines if line.rule is None]
    words = count_words("\n".join(story))
    prose = _prose(story)
    if words >= 2 * SOME and prose >= SOME:
        return None
    heads = [meta.title or ""]
    if doc is not None:
        heads += [fold(doc.tree.findtext(".//title"), 300)]
    everything = [line.text for line in lines]
    for verdict in (
        _error(heads, story, everything, words),
        _paywall(lines, story, meta, words),
        _gallery(doc, meta, page, prose),
        _index(doc, lines, meta, page, words, prose),
    ):
        if verdict:
            return verdict
    return None


def is_cut(lines: Sequence[Line]) -> str | None:
    """The line that says the rest is for those who pay, where it stands right behind a short story; or None."""
    kept = [number for number, line in enumerate(lines) if line.rule is None]
    if not kept or count_words("\n".join(lines[n].text for n in kept)) > 2 * SOME:
        return None
    behind = [line.text for line in lines[kept[-1] : kept[-1] + 6]]
    return next((text for text in behind if len(text) <= 300 and _PAYWALL.search(text)), None)


def _prose(story: Sequence[str]) -> int:
    """Words in lines that are sentences."""
    return sum(words for line in story if (words := count_words(line)) >= 10 and _SENTENCE.search(line))


def _error(
    heads: Sequence[str], story: Sequence[str], everything: Sequence[str], words: int
) -> tuple[SkipReason, str] | None:
    for head in heads:
        if (match := _ERROR.search(head)) and words < SOME:
            return "error-page", f"title: {match[0]}"
        if (match := _ROBOT.search(head)) and words < SOME:
            return "error-page", f"bot check: {match[0]}"
    text = " ".join(everything)[:3000]
    total = count_words(text)
    if total < SOME:
        if match := _ERROR.search("\n".join(everything[:6])) or _ROBOT.search(text):
            return "error-page", f"text: {match[0]}"
    said = story if words >= 20 else everything
    marked = sum(count_words(line) for line in said if _CONSENT.search(line))
    if words < 2 * SOME and marked >= 0.5 * max(count_words("\n".join(said)), 1) and marked >= 8:
        return "error-page", "consent wall"
    return None


def _paywall(lines: Sequence[Line], story: Sequence[str], meta: Meta, words: int) -> tuple[SkipReason, str] | None:
    if words >= FEW:
        return None
    cue = next((line.text for line in lines if len(line.text) <= 300 and _PAYWALL.search(line.text)), None)
    if meta.access == "declared_paid" and (cue or words < FEW / 2):
        return "paywall", cue[:120] if cue else "declared paid, and no text"
    cut = is_cut(lines)
    if cut and words < FEW * 0.75:
        return "paywall", cut[:120]
    return None


def _gallery(doc: HtmlDoc | None, meta: Meta, page: Page, prose: int) -> tuple[SkipReason, str] | None:
    if doc is None or prose >= FEW:
        return None
    pictures = sum(1 for _ in doc.tree.iter("figure"))
    declared = any(types(node) & {"ImageGallery", "MediaGallery"} for node in doc.json_ld)
    address = (meta.url or page.url or "").partition("?")[0]
    if declared or (pictures >= 5 and _GALLERY_URL.search(urls.canonical_key(address) or "")):
        return "gallery", f"{pictures} pictures, {prose} words of prose"
    return None


def _index(
    doc: HtmlDoc | None, lines: Sequence[Line], meta: Meta, page: Page, words: int, prose: int
) -> tuple[SkipReason, str] | None:
    address = page.url or meta.url
    elsewhere = address is not None and not urls.is_article_url(address)
    if doc is None:
        heads = sum(1 for line in lines if 4 <= line.text.count(" ") + 1 <= 20 and not _SENTENCE.search(line.text))
        if prose < FEW and heads >= 15 and heads >= 0.6 * len(lines):
            return "index-page", f"{heads} headlines, {prose} words of prose"
        return None
    kinds = [types(node) for node in doc.json_ld]
    listed = any(k & _LIST_TYPES and not k & ARTICLE_TYPES for k in kinds)
    article = any(k & ARTICLE_TYPES for k in kinds) or doc.meta.get("og:type", "").lower() in (
        "article",
        "news.article",
    )
    headlines = _headline_links(doc.tree)
    home = address is not None and urls.is_home(address)
    signs = [home, elsewhere, listed, doc.meta.get("og:type", "").lower() == "website", headlines >= 40]
    if article and not home:
        signs = [elsewhere and listed, headlines >= 80]
    detail = f"{headlines} headlines, {prose} words of prose"
    if headlines >= 12 and prose < FEW and sum(signs) >= 1:
        return "index-page", detail
    if headlines >= 25 and prose < SOME and sum(signs) >= 2 and not article:
        return "index-page", detail
    if home and headlines >= 25 and prose < 3 * SOME and not article:
        return "index-page", detail
    return None


def _headline_links(tree: Any) -> int:
    """Links whose words could be a headline: four words and more, each address once."""
    found = set()
    for link in tree.iter("a"):
        href = link.get("href")
        if href and href not in found and len("".join(link.itertext()).split()) >= 4:
            found.add(href)
    return len(found)
