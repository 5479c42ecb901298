"""A page with its lines and metadata -> why it is no article, or None.

Every page that looks a little odd is still its story to somebody, so a reason needs two signs: little prose, and a mark
of the other kind. Pages with much prose are let through, but for section pages whose teasers are whole sentences.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from .. import urls
from ..model import Line, Page, SkipReason
from .cues import CUE, cues, cut_cue
from .htmldoc import HtmlDoc
from .metadata.structured import ARTICLE_TYPES, fold, text_of, types
from .values import Meta
from .words import count_words

_GALLERY_URL = re.compile(r"[/_-](?:photo-?galler(?:y|ies)|galler(?:y|ies)|photos?|pictures|slide-?shows?"
    r"|in-pictures|foto(?:s|galer\w*|strecken?|reportaj\w*)?|"
                          r"bilder(?:galerien?|strecken?|serie)?|galer[ií]as?|diaporamas?|portfolio|kuvat"
                          r"|billeder|zdjecia|galeria)(?:[/_.-]|$)", re.I)  # fmt: skip
_HOST = re.compile(r"(?:https?:)?//([^/?#:]+)", re.I)
_LIST_TYPES = frozenset("CollectionPage SearchResultsPage ItemList".split())
_SENTENCE = re.compile(r"[.!?…。！？।؟”\"»)]$")

FEW = 60  # words of prose that could be a brief; below it a mark of another kind decides
STUB = 50  # words: the free beginnings of paid articles that people kept as articles have 60 and more
BRIEF = 25  # words of a single paragraph that could be a brief on its own
SOME = 150  # words: below it two marks are needed


def judge(doc: HtmlDoc | None, lines: Sequence[Line], meta: Meta, page: Page) -> tuple[SkipReason, str] | None:
    """(reason for the ledger, detail) for pages of another kind."""
    story = [line.text for line in lines if line.rule is None]
    counts = [count_words(line) for line in story]
    words = sum(counts)
    prose = sum(count for line, count in zip(story, counts, strict=True) if count >= 10 and _SENTENCE.search(line))
    if words >= 2 * SOME and prose >= SOME:
        return _teasers(doc, story, counts, meta, page)
    heads = [meta.title or ""]
    if doc is not None:
        heads += [fold(doc.title, 300)]
    for verdict in (
        _error(heads, [line.text for line in lines], words, _is_article(doc) or _has_byline(meta)),
        _paywall(lines, story, meta),
        _gallery(doc, meta, page, prose),
        _index(doc, lines, meta, page, words, prose),
    ):
        if verdict:
            return verdict
    return None


def _prose(story: Sequence[str]) -> int:
    """Words in lines that are sentences."""
    return sum(words for line in story if (words := count_words(line)) >= 10 and _SENTENCE.search(line))


def _error(heads: Sequence[str], everything: Sequence[str], words: int, article: bool) -> tuple[SkipReason, str] | None:
    for head in heads:
        if (match := cues("error").search(head)) and words < SOME:
            return "error-page", f"title: {match[0]}"
        if (match := cues("robot").search(head)) and words < SOME:
            return "error-page", f"bot check: {match[0]}"
    if article:
        return None
    text = " ".join(everything)[:3000]
    if count_words(text) < SOME and (
        match := cues("error").search("\n".join(line[:500] for line in everything[:6])) or cues("robot").search(text)
    ):
        return "error-page", f"text: {match[0]}"
    buttons = {match[0].lower() for line in everything if len(line) <= 40 and (match := cues("button").search(line))}
    if not buttons or words >= 2 * SOME:
        return None
    marked_lines = {line for line in everything if cues("consent").search(line[:500])}
    if _prose([line for line in everything if line not in marked_lines]) >= FEW:
        return None  # a short story over a long footer that speaks of cookies
    marked = sum(count_words(line) for line in everything if line in marked_lines)
    if marked >= max(8, 0.4 * sum(map(count_words, everything))):
        return "error-page", f"consent wall: {min(buttons)}"
    return None


def _has_byline(meta: Meta) -> bool:
    """Whether the page itself states an author or a date, which walls and error pages do not."""
    return any(
        getattr(meta, name) and meta.found.get(name) != "given with the page" for name in ("authors", "published_at")
    )


def _is_article(doc: HtmlDoc | None) -> bool:
    """Whether JSON-LD or og:type call the page an article."""
    if doc is None:
        return False
    return doc.meta.get("og:type", "").lower() in ("article", "news.article") or any(
        types(node) & ARTICLE_TYPES for node in doc.json_ld
    )


def _paywall(lines: Sequence[Line], story: Sequence[str], meta: Meta) -> tuple[SkipReason, str] | None:
    """A stub: what stands before the first word about paying is no more than a teaser."""
    words = count_words("\n".join(_before_the_wall(lines, story)))
    if words >= STUB:
        return None
    cue = next((line.text for line in lines if len(line.text) <= 300 and cues("paywall").search(line.text)), None)
    if meta.access == "declared_paid" and (cue or words < STUB / 2):
        return "paywall", cue[:120] if cue else "declared paid, and no text"
    cut = cut_cue(lines)
    if cut and words < STUB * 0.75:
        return "paywall", cut[:120]
    return None


def _before_the_wall(lines: Sequence[Line], story: Sequence[str]) -> list[str]:
    """The story's lines above the first that speaks of paying. Where that one was taken off, what is kept below it may
    be teasers of other stories, but not when it is as long as a brief."""
    kept = list(itertools.takewhile(lambda line: not cues("paywall").search(line[:500]), story))
    if count_words("\n".join(kept)) >= STUB + FEW:
        return kept
    begun = itertools.dropwhile(lambda line: line.rule is not None, lines)
    above = [
        line.text
        for line in itertools.takewhile(
            lambda line: len(line.text) > CUE or not cues("paywall").search(line.text), begun
        )
        if line.rule is None
    ]
    return above if count_words("\n".join(story[len(above) :])) < FEW else kept


def _gallery(doc: HtmlDoc | None, meta: Meta, page: Page, prose: int) -> tuple[SkipReason, str] | None:
    if doc is None or prose >= FEW:
        return None
    pictures = len(doc.named["figure"])
    declared = any(types(node) & {"ImageGallery", "MediaGallery"} for node in doc.json_ld)
    address = (meta.url or page.url or "").partition("?")[0]
    if declared or (pictures >= 5 and _GALLERY_URL.search(urls.canonical_key(address) or "")):
        return "gallery", f"{pictures} pictures, {prose} words of prose"
    return None


def _index(
    doc: HtmlDoc | None, lines: Sequence[Line], meta: Meta, page: Page, words: int, prose: int
) -> tuple[SkipReason, str] | None:
    if doc is not None and prose >= SOME:
        return None
    address = _address(doc, meta, page)
    elsewhere = address is not None and not urls.is_article_url(address)
    if doc is None:
        if page.title or meta.wire or prose >= FEW:
            return None
        heads = sum(1 for line in lines if _is_headline(line.text))
        if heads >= 15 and heads >= 0.6 * len(lines):
            return "index-page", f"{heads} headlines, {prose} words of prose"
        return None
    kinds = [types(node) for node in doc.json_ld]
    listed = any(k & _LIST_TYPES and not k & ARTICLE_TYPES for k in kinds)
    headlines = _headline_links(doc, address)
    detail = f"{headlines} headlines, {prose} words of prose"
    home = address is not None and urls.is_home(address)
    if home and headlines >= 12 and prose < FEW:
        return "index-page", detail
    declared, signed = _is_article(doc) or _is_video(doc), _has_byline(meta)
    if declared and signed and not elsewhere:
        return None
    signs = sum((home, elsewhere, listed, doc.meta.get("og:type", "").lower() == "website", headlines >= 40))
    # A brief with an author or a date, or on an address of an article, among the links every page of the site has: each
    # of these needs one sign more.
    brief = address is not None and not elsewhere and max(map(count_words, _kept(lines)), default=0) >= BRIEF
    needed = 1 if elsewhere and not declared else 1 + declared + signed + brief
    if headlines >= 12 and prose < FEW and signs >= needed:
        return "index-page", detail
    if headlines >= 25 and prose < SOME and signs >= max(needed, 2) and not declared:
        return "index-page", detail
    return None


def _kept(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines if line.rule is None]


def _is_video(doc: HtmlDoc) -> bool:
    """Whether the page calls itself a video, with a day: one that only shows a player among its teasers does not."""
    return doc.meta.get("og:type", "").lower().startswith("video") or any(
        "VideoObject" in types(node) and node.get("uploadDate") for node in doc.json_ld
    )


def _is_headline(text: str) -> bool:
    """Some words without a full stop; no row of a table."""
    letters = sum(map(str.isalpha, text[:200]))
    return 3 <= text.count(" ") < 20 and letters >= 0.65 * len(text[:200]) and not _SENTENCE.search(text)


def _teasers(
    doc: HtmlDoc | None, story: Sequence[str], counts: Sequence[int], meta: Meta, page: Page
) -> tuple[SkipReason, str] | None:
    """A section page whose teasers are whole sentences: much prose, in short pieces, none of it signed or dated."""
    if doc is None or _is_article(doc) or _has_byline(meta):
        return None
    address = _address(doc, meta, page)
    if address is None or urls.is_article_url(address) or max(counts) > 70:
        return None
    headlines = _headline_links(doc, address)
    if headlines >= max(20, len(story) / 2):
        return "index-page", f"{headlines} headlines, no text of more than {max(counts)} words"
    return None


def _address(doc: HtmlDoc | None, meta: Meta, page: Page) -> str | None:
    """The page's address, or what it says is its address: a home page's link to itself is not believed elsewhere."""
    if page.url or meta.url or doc is None:
        return page.url or meta.url
    links = (link.get("href") for link in doc.named["link"] if link.get("rel") == "canonical")
    return urls.clean(next(links, None)) or urls.clean(doc.meta.get("og:url"))


def _headline_links(doc: HtmlDoc, address: str | None) -> int:
    """Links within the site whose words could be a headline: four words and more, each address once.

    A list of other sites (doctors, shops, sources) is a text; a section page leads to its own stories.
    """
    site = _site(address)
    addresses = set()
    for link in doc.named["a"]:
        href = link.get("href")
        if href and href not in addresses and text_of(link).count(" ") >= 3 and _site(href) in (site, None):
            addresses.add(href)
    return len(addresses)


def _site(address: str | None) -> str | None:
    """The last two labels of an absolute address's host; None where it names no host."""
    match = _HOST.match(address or "")
    return ".".join(match[1].lower().split(".")[-2:]) if match else None
