"""Bylines -> names of people and agencies, without roles, places and the outlet itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from ..htmldoc import HtmlDoc
from .agencies import is_agency, split_tail
from .structured import Node, Structured, fold, key, text_of, types

_PREFIX = re.compile(
    r"^(?:(?:(?:written|reported|posted|published|story|words|text|analysis|opinion|review|interview|updated"
    r"|edited)\s+)?by\b|"
    r"autore?n?(?:en|in)?\b|authors?\b|auteurs?\b|redactie|redaktion|ein(?:e)? \w+ von|von|vom|par|propos"
    r" recueillis par|"
    r"por|di|a cura di|da|door|av|af|tekst|text|napsal|autor(?:ka)?|szerző|yazan|oleh|penulis|автор|текст|от)\s*:?\s+"
    r"|^(?:author|autor|autore|auteur|by|text|von|por|di|autorin|автор)\s*:\s*",
    re.I,
)  # fmt: skip
_SPLIT = re.compile(
    r"\s*(?:[;|•·&]|\b(?:and|AND|und|UND|et|ET|och|og)\b|\ben\b|\bja\b|\boraz\b|\bi(?=\s[A-ZŁŚŻČŠŽĆĐ])"
    r"|\by(?=\s[A-ZÁÉÍÓÚÑ])"
    r"|\be(?=\s[A-ZÀÈÉÌÒÙÁÍÓÚ])|\bи(?=\s[А-ЯЁ])|\bта(?=\s[А-ЯІЇЄ])|\s/\s|、|，|\bund\b|\s\+\s)\s*"
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|journalist|columnist|contributor|producer|analyst|critic"
    r"|photographer|staff|"
    r"desk|bureau chief|chief|fellow|intern|anchor|host|presenter|director|professor|researcher|newsroom|team|"
    r"redakteur(?:in)?|redaktor(?:in)?|korrespondent(?:in)?|reporterin|journalistin?|chefredakteur(?:in)?"
    r"|leiter(?:in)?|autorin?|volont[äa]r(?:in)?|"
    r"redacteur|redactrice|correspondante?|envoyée? spéciale?|journaliste|rédacteur|rédactrice|rédaction|"
    r"redactora?|periodista|corresponsal|enviad[oa] especial|redacci[oó]n|repórter|jornalista|correspondente|"
    r"giornalista|inviat[oa]|redazione|corrispondente|verslaggever|redacteur|correspondent|journalist|redaktör|"
    r"muhabir|editör|корреспондент\w*|редактор\w*|журналист\w*|обозреватель|кореспондент\w*|журналіст\w*|기자|特派員"
    r"|記者|编辑|记者)\b",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|fr|html?)/|^\d+$|^(?:null|none|undefined|admin|administrator|user"
    r"|guest|unknown|n/?a|"
    r"author|autor|by|author name|read more|follow|share|updated|published|view all|more|home|image|photo|video"
    r"|post|webmaster|root|"
    r"web desk|online desk|news desk|editorial team|staff|staff writer|staff reporter|contributor|person"
    r"|anonymous|advertisement|sponsored|about the author|meet the author|author bio|"
    r"view profile|see more|contributors?)$",
    re.I,
)
_GENERIC = re.compile(
    r"^(?:web|online|news|digital|editorial|staff|agency|agencies|desk|team|our|special|the)\b.*\b(?:desk|team"
    r"|staff|reporter|correspondent|bureau|agencies|writer)s?$",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:\(.*\)?|\[.*\]?|\bfor\b .*|\bin [A-Z].*|\bat [A-Z].*|\bwith (?:additional|reporting).*|\bfrom [A-Z].*|"
    r"[-–—]\s.*|\d{1,2}[:.]\d\d.*|\bпублик.*|\bupdated\b.*|\bpublished\b.*|\bposted\b.*)$",
    re.I,
)
_DATE_LIKE = re.compile(r"\d{4}|\d{1,2}[:./]\d{1,2}")
_WORD = re.compile(r"[^\W\d_]+")

_META_NAMES = tuple(
    (
        "author article:author article:author_name parsely-author sailthru.author dc.creator dcterms.creator "
        "cxenseparse:author byl mrf:authors citation_author og:article:author og:author article.author dcsext.author "
        "byline creator authors lrt_authors articleauthor vr:author rbauthors"
    ).split()
)
# What stands behind a name in the same byline: whom its bearer works for. An agency is none of these.
_AFFILIATION = re.compile(
    r"\b(?:News|Media|Reports?|Journal|Times|Post|Herald|Network|University|Institute|Magazine|Group|Today"
    r"|Weekly|TV|Radio"
    r"|Gazette|Tribune|Chronicle|Enquirer|Observer|Guardian|College|Foundation|Labs?|Zeitung|Nachrichten"
    r"|Universität|Verlag)\b"
    r"|^[A-Z]{3,6}$|\b(?:Head|Director|Founder|President|Minister|CEO|Mayor|Partner) (?:of|at)\b"
)
# One look at most elements: asking for the tag first, and for each word in full, took twice as long.
_MARKED: Any = etree.XPath(
    "//*[@itemprop='author' or (contains(@class,'uthor') or contains(@class,'yline'))"
    " and (self::a or self::span or self::p or self::div or self::address or self::li) and (contains(@class,'author')"
    " or contains(@class,'byline') or contains(@class,'Author') or contains(@class,'Byline'))]"
)
_PROFILE = re.compile(
    r"/(?:authors?|auteurs?|auteur-\w+|autore?s?|autor(?:en|in|es|i|zy)?|by|staff|people|profiles?|contributors?"
    r"|journalists?|"
    r"reporters?|writers?|columnists?|bios|bylines?|redaktion|redakteure?|firmas?|forfatter|skribent"
    r"|yazar(?:lar)?)/[^/?#]*\w",
    re.I,
)
_ASIDE = re.compile(
    r"related|comment|teaser|recommend|sidebar|footer|newsletter|popular|trending|most-?read|card", re.I
)
_BUTTONS = frozenset(
    "twitter facebook instagram linkedin whatsapp telegram email mail print share subscribe newsletter comments"
    " minutes read".split()
)
_LINE = re.compile(r"^(?:by|von|par|por|di|door|av|af|tekst|text|autore?|auteur|автор|текст)\b[\s:]", re.I)
_SUFFIX_ROLE = re.compile(r"\s*(?:기자|특파원|記者|特派員|论説委員)$")


def names(value: str, outlets: Sequence[str] = (), strict: bool = False, surname_first: bool = False) -> list[str]:
    """The names in one byline, in order; [] where it holds none.

    A part that is a role ("Politics reporter"), an address or an account is no name; what stands behind a name ("in
    Berlin", "for the Herald", a time, the outlet) is cut. `strict` is for text that only looks like a byline: every
    name then has to be two to five words, capitalised.
    """
    value = fold(value, 400)
    value = re.sub(r"\S+@\S+|https?://\S+", "", value).strip(" ,;|-–—")
    if surname_first and (match := re.fullmatch(r"([^\s,]+), ([^,]{2,30})", value)):
        value = f"{match[2]} {match[1]}"
    found: list[str] = []
    for part in _parts(value):
        part = _PREFIX.sub("", part).strip(" ,.:;|-–—/" if part.endswith("..") else " ,:;|-–—/")
        part = _PREFIX.sub("", part)
        part = _TAIL.sub("", part).strip(" ,:;|-–—/") or part
        part = _SUFFIX_ROLE.sub("", _without_outlet(part, outlets))
        if part.endswith(".") and not re.search(r"(?:\b|\.)\w{1,2}\.$", part):
            part = part.rstrip(".")
        found += [name for name in split_tail(part) if _is_name(name, strict)]
    people = [name for name in found if not _AFFILIATION.search(name) or is_agency(name)]
    return people or found


def _without_outlet(part: str, outlets: Sequence[str]) -> str:
    """ "Ann Name The Herald" -> "Ann Name"; the outlet alone stays."""
    for outlet in outlets:
        cut = len(part) - len(outlet)
        if cut > 4 and len(outlet) >= 5 and part[cut - 1] == " " and part[cut:].casefold() == outlet.casefold():
            return part[:cut].rstrip(" ,|-–—")
    return part


def _parts(value: str) -> Iterator[str]:
    """Split at "and" and its like, then at commas: "Name, role, place" keeps the name, "Name, Name" both."""
    for part in _SPLIT.split(value):
        pieces = [p for p in re.split(r"\s*,\s+|,(?=\S)", part) if p.strip()]
        if len(pieces) == 2 and re.fullmatch(r"(?:Jr|Sr|II|III|MD|M\.D\.|PhD|Ph\.D\.|Esq|MP)\.?", pieces[1]):
            yield ", ".join(pieces)
            continue
        yield from pieces


def _is_name(part: str, strict: bool) -> bool:
    words = _WORD.findall(part)
    if any(word.lower() in _BUTTONS for word in words):
        return False
    if not words or len(part) < 2 or len(part) > 60 or len(words) > 6 or _NOT_A_NAME.search(part):
        return False
    if _ROLE.search(part) or _GENERIC.match(part) or _DATE_LIKE.search(part):
        return False
    if part[0].islower() and not is_agency(part) and (strict or len(words) > 2):
        return False
    if strict:
        upper = sum(w[0].isupper() or not w[0].islower() for w in words)
        return (2 <= len(words) <= 5 and upper >= len(words) - 2 and upper >= 2) or is_agency(part)
    return True


def of_html(doc: HtmlDoc, structured: Structured, outlets: list[str]) -> tuple[list[str], str, bool] | None:
    """(names, origin, whether they are more than the outlet): JSON-LD, then meta, then what is marked as a byline.

    The outlet itself, or another organisation that is no agency, only where there is nobody else.
    """
    own = frozenset(k for name in outlets if (k := key(name)))
    fallback: tuple[list[str], str, bool] | None = None
    for said, origin in _stated(doc, structured, outlets, own):
        everyone = _unique(said)
        people = [n for n in everyone if not is_outlet(n, own) and not n.startswith(_ORGANISATION)]
        if people:
            return people, origin, True
        if everyone and fallback is None:
            fallback = [n.removeprefix(_ORGANISATION) for n in everyone], origin, False
    return fallback


def of_lines(lines: Sequence[str]) -> list[str]:
    """Names in a line of its own that begins as a byline does: "By Ann Name and Ben Name"."""
    for line in lines:
        if len(line) <= 90 and _LINE.match(line) and (found := _unique(names(line, strict=True))):
            return found
    return []


_ORGANISATION = "\0"  # marks the name of a node that says it is an organisation


def _stated(
    doc: HtmlDoc, structured: Structured, outlets: list[str], own: frozenset[str]
) -> Iterator[tuple[list[str], str]]:
    for node in (structured.article, structured.page):
        for field in ("author", "creator"):
            if said := list(_of_node(node.get(field), structured, outlets, own)):
                yield said, f"json-ld {field}"
    meta = doc.meta
    for name in _META_NAMES:
        if value := meta.get(name):
            yield names(value, outlets, surname_first=name.startswith(("dc", "citation"))), f"meta {name}"
    if found := _profiles(doc, outlets):
        yield found, "link to the author"
    for element in _MARKED(doc.tree)[:25]:
        text = text_of(element, 200)
        if text and len(text) <= 120 and not _outside(element) and (said := names(text, outlets, strict=True)):
            yield said, "byline"
            break


def _profiles(doc: HtmlDoc, outlets: list[str]) -> list[str]:
    """Names that link to a page about their author; several only where they stand together."""
    found: list[str] = []
    place: Any = None
    looked = 0
    for link in doc.named["a"]:
        href = link.get("href") or ""
        if link.get("rel") != "author" and not _PROFILE.search(href):
            continue
        looked += 1
        if looked > 60:
            break
        if place is not None and place not in link.iterancestors():
            continue
        text = text_of(link, 200)
        if not text or len(text) > 80 or _outside(link) or not (said := names(text, outlets, strict=True)):
            continue
        found += said
        if place is None:
            place = link.getparent()
            above = place.getparent() if place is not None else None
            place = above if above is not None and len(above) <= 8 else place
    return found[:8]


def _outside(element: Any) -> bool:
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag in ("nav", "footer", "aside"):
            return True
        if depth < 5 and _ASIDE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
        if parent.tag in ("article", "main"):
            return False
    return False


def _of_node(
    value: Any, structured: Structured, outlets: list[str], own: frozenset[str], depth: int = 0
) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, str):
        if is_outlet(value, own):  # "The Herald & Gazette" is not two people
            yield fold(value.strip(" ,"), 100)
        else:
            yield from names(value, outlets)
    elif isinstance(value, list):
        for item in value[:30]:
            yield from _of_node(item, structured, outlets, own, depth + 1)
    elif isinstance(value, dict):
        node: Node = value
        if not node.get("name") and isinstance(node.get("@id"), str):
            node = structured.by_id.get(node["@id"], node)
        organisation = bool(types(node) & {"Organization", "NewsMediaOrganization", "Corporation"})
        for name in _of_node(node.get("name"), structured, outlets, own, depth + 1):
            yield _ORGANISATION + name if organisation and not is_agency(name) else name


def _unique(said: list[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in said:
        found.setdefault(key(name), name)
    return list(found.values())[:20]


def is_outlet(name: str, own: frozenset[str]) -> bool:
    said = key(name)
    return any(
        said == o or (len(o) >= 5 and len(said) >= 4 and (said.startswith(o) or o.startswith(said))) for o in own
    )
