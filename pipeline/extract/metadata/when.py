"""A parsed page -> when it was published and modified, and where it says so."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from ...model import Page
from ..htmldoc import HtmlDoc
from . import dates
from .structured import Structured, fold, text_of, texts

_PUBLISHED = tuple(
    (
        "article:published_time og:article:published_time og:published_time article:published datepublished "
        "parsely-pub-date sailthru.date cxenseparse:publishtime cxenseparse:recs:publishtime dc.date.issued "
        "dcterms.created dcterms.date dc.date.created dc.date "
        "date.available date.created publishdate publish-date publish_date "
        "pubdate pub_date publication_date published_at prism.publicationdate citation_publication_date "
        "citation_online_date article_date_original originalpublicationdate shareaholic:article_published_time "
        "rnews:datepublished vr:published_time dcterms.issued article.published displaydate datecreated created date "
        "iso-8601-publish-date"
    ).split()
)
_MODIFIED = tuple(
    (
        "article:modified_time og:article:modified_time article:modified datemodified og:updated_time date.modified "
        "date.updated dcterms.modified dc.date.modified dc.modified last-modified lastmod revised "
        "article_date_updated article.updated dateupdated updated_time"
    ).split()
)
_MONTH_FIRST = re.compile(r"^en[-_]us\b|^en[-_]ph\b", re.I)
_DAY_FIRST = re.compile(r"^(?!en\b|en[-_](?:us|ph)\b)[a-z]{2}\b", re.I)
_MASTHEAD = re.compile(
    r"today|current|masthead|clock|weather|comment|related|teaser|recommend|sidebar|footer"
    r"|(?:^|\s|site|page|top|main|global)[-_]?(?:header|nav(?:bar|igation)?)(?:\s|$|[-_])",
    re.I,
)
_MARKED: Any = etree.XPath(
    "//*[self::span or self::p or self::div or self::li or self::em][contains(@class,'date') or "
    "contains(@class,'Date') or contains(@class,'publish') or contains(@class,'time')]"
)
_SENTENCE = re.compile(r"[^\W\d]{3,}[.!?]$")
_UPDATED = re.compile(
    r"\b(?:updated?|modified|last (?:update|edit)|aktualisiert|aktualizov|mis à jour|modifié|actualizado"
    r"|atualizado|aggiornato|"
    r"bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|aktualizacja|обновлено|оновлено|güncelleme|diperbarui)", re.I
)  # fmt: skip


def of_html(
    doc: HtmlDoc, structured: Structured, page: Page, url: str | None, found: dict[str, str]
) -> tuple[str | None, str | None]:
    limits = dates.bounds(page)
    region = (doc.tree.get("lang") or doc.meta.get("og:locale") or "").strip()
    month_first = True if _MONTH_FIRST.match(region) else False if _DAY_FIRST.match(region) else None
    published = accepted(_published(doc, structured, page, url), "published_at", limits, month_first, found)
    modified = accepted(_modified(doc, structured), "modified_at", limits, month_first, found)
    if modified and published and (modified == published or dates.instant(modified) == dates.instant(published)):
        del found["modified_at"]
        modified = None
    return published, modified


def accepted(
    values: Iterable[tuple[str | None, str]],
    name: str,
    limits: dates.Bounds,
    month_first: bool | None,
    found: dict[str, str],
) -> str | None:
    """The first value that is a date and can be one; what is refused leaves a note under "<field> refused"."""
    for value, origin in values:
        if not value or not (stamp := dates.parse(value, month_first)):
            continue
        if fault := limits.fault(stamp):
            found.setdefault(f"{name} refused", f"{stamp} from {origin}: {fault}")
            continue
        found[name] = origin
        return stamp
    return None


def _published(doc: HtmlDoc, structured: Structured, page: Page, url: str | None) -> Iterator[tuple[str | None, str]]:
    yield page.published_at, "given with the page"
    for node in (structured.article, structured.page):
        for name in ("datePublished", "dateCreated", "uploadDate"):
            for value in texts(node.get(name))[:1]:
                yield value, f"json-ld {name}"
        if node is structured.article:
            for name in _PUBLISHED:
                yield doc.meta.get(name), f"meta {name}"
    said = [e for e in doc.dated_or_signed if e.get("itemprop") == "datePublished" or e.get("pubdate") is not None]
    marked = said[:5]
    yield from ((_moment(element), "itemprop datePublished") for element in marked if not _out_of_story(element))
    heading = next(iter(doc.named["h1"]), None)
    near = [element for element in itertools.islice(_after(heading), 80) if element.tag == "time"]
    yield from ((_moment(element), "time") for element in near if not _out_of_story(element))
    if url or page.url:
        yield dates.of_url(url or page.url or ""), "url"
    yield from _visible(doc, heading)
    everywhere = doc.named["time"][:50]
    rest = list(itertools.islice((element for element in everywhere if not _out_of_story(element)), 4))
    if len(rest) <= 3:  # more are the teasers' of other stories
        yield from ((_moment(element), "time") for element in rest)


def _after(element: Any) -> Iterator[Any]:
    """Elements behind one, in page order; none behind None."""
    if element is None:
        return
    for above in [element, *element.iterancestors()]:
        for sibling in above.itersiblings():
            yield from sibling.iter()


def _moment(element: Any) -> str | None:
    return element.get("datetime") or element.get("content") or text_of(element, 120)


def _modified(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str | None, str]]:
    for node in (structured.article, structured.page):
        for value in texts(node.get("dateModified"))[:1]:
            yield value, "json-ld dateModified"
        if node is structured.article:
            for name in _MODIFIED:
                yield doc.meta.get(name), f"meta {name}"
    for element in [e for e in doc.dated_or_signed if e.get("itemprop") == "dateModified"][:3]:
        yield element.get("datetime") or element.get("content"), "itemprop dateModified"


def _out_of_story(element: Any) -> bool:
    """Whether a date stands in a masthead, a teaser or a comment; or says "updated"."""
    named = element.get("itemprop") == "datePublished"
    for depth, parent in enumerate([element, *element.iterancestors()]):
        marks = f"{parent.get('class') or ''} {parent.get('id') or ''} {parent.get('itemprop') or ''}"
        if parent.tag in ("nav", "footer", "aside") or (depth < 4 and not named and _MASTHEAD.search(marks)):
            return True
        if parent.tag in ("article", "main"):
            return False
        if depth < 2 and (_UPDATED.search(marks) or "dateModified" in marks):
            return True
        if depth == 1 and _UPDATED.search(text_of(parent, 80)):
            return True
        if depth > 12:
            break
    return False


def _visible(doc: HtmlDoc, heading: Any) -> Iterator[tuple[str | None, str]]:
    """A short line marked as a date, then one behind the heading: those before it are the masthead's."""
    for element in _MARKED(doc.tree)[:40]:
        text = text_of(element, 200)
        if text and len(text) <= 90 and not _out_of_story(element) and not _UPDATED.search(text):
            yield text, "text marked as date"
    for element in itertools.islice(_after(heading), 80):
        for part, owner in ((element.text, element), (element.tail, element.getparent())):
            text = fold(part, 200)
            plain = 6 <= len(text) <= 60 and not _SENTENCE.search(text) and not _UPDATED.search(text)
            if plain and not _out_of_story(owner):
                yield text, "text behind the heading"
