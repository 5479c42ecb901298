"""What is known from outside, then what the page says -> Meta.

Known from outside (sidecar, JSONL row, WARC) goes before what the page says of itself: title, date, source and address
were written down by whoever fetched the page. The one exception is the address, which the page's canonical link
replaces where `urls.believable` says so: it names the same article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ... import urls
from ...model import Line, Page
from .. import language
from ..cues import cut_cue
from ..htmldoc import HtmlDoc
from ..values import Meta
from . import agencies, authors, dates, labels, pictures, publication, rights, titles, visible
from .layout import Layout
from .structured import Structured, first, fold, key, read, types

if TYPE_CHECKING:
    from ..text import TextBody


def of_html(doc: HtmlDoc, page: Page) -> Meta:
    """Everything but what needs the story itself: see `with_text`."""
    found: dict[str, str] = {}
    candidates = titles.candidates(doc)
    structured = read(doc, [text for _, text in candidates])
    outlets = _outlets(doc, structured, page)

    title: str | None = fold(page.title, 1000) or None
    if title:
        found["title"] = "given with the page"
    elif chosen := titles.choose(doc, candidates, structured, outlets):
        title, found["title"] = chosen
    url = _url(doc, structured, page, title, found)
    source = _source(page, url, doc, structured, found)

    layout = Layout(doc, title)
    given = authors.of_html(doc, structured, outlets, layout)
    if given:
        found["authors"] = given[1] if given[2] else f"{given[1]}, the outlet"
    stated = labels.stated_language(doc, found)
    published, modified = publication.of_html(doc, structured, page, layout, url, stated, found)
    section = labels.section(doc, structured, found)
    keywords = labels.keywords(doc, structured, found)
    access = labels.access(doc, structured, found)
    images = pictures.of_html(doc, structured, url, layout)
    if images:
        found["images"] = "figure, json-ld, meta og:image"
    return Meta(
        url=url, title=title, authors=tuple(given[0]) if given else (), published_at=published, modified_at=modified,
        fetched_at=page.fetched_at and (dates.parse(page.fetched_at) or None), source=source, section=section,
        keywords=keywords, images=images, access=access,
        rights=rights.of_html(doc, structured, page.headers),
        genre=labels.genre(doc, structured, url, section, found), language=stated, found=found,
    )  # fmt: skip


def of_text(body: TextBody, page: Page) -> Meta:
    """What the lines of a flattened page state; `body` says which lines those are."""
    found = dict(body.found)
    limits = dates.bounds(page)
    title: str | None = fold(page.title, 1000) or None
    if title:
        found["title"] = "given with the page"
    else:
        title = body.title
    published = modified = None
    for name, values in (
        (
            "published_at",
            ((page.published_at, "given with the page"), (body.published_at, found.get("published_at", "text"))),
        ),
        ("modified_at", ((body.modified_at, found.get("modified_at", "text")),)),
    ):
        found.pop(name, None)
        stamp = publication.accepted(values, name, limits, None, found)
        published, modified = (stamp, modified) if name == "published_at" else (published, stamp)
    url = urls.clean(page.url)
    if url:
        found["url"] = "given with the page"
    source = _source(page, url, None, None, found)
    people = [name for byline in body.authors for name in authors.names(byline)]
    if people:
        found.setdefault("authors", "text")
    return Meta(
        url=url, title=title, authors=tuple(dict.fromkeys(people)), published_at=published, modified_at=modified,
        fetched_at=page.fetched_at and (dates.parse(page.fetched_at) or None), source=source, images=body.captions,
        rights=rights.of_headers(page.headers, page.url),
        genre=labels.genre(None, None, url, None, found), found=found,
    )  # fmt: skip


def with_standfirst(meta: Meta, standfirst: str) -> Meta:
    """With the line that a page marks as its standfirst, unless it is the title again, a caption or a date."""
    line = key(standfirst)
    captions = [key(image.caption) for image in meta.images if image.caption]
    is_caption = any(len(caption) >= 8 and line.startswith(caption) for caption in captions)
    if line == key(meta.title or "") or is_caption or pictures.split_credit(standfirst)[1]:
        return meta
    if len(standfirst) <= _DATED_LINE and any(visible.labelled(standfirst)):
        return meta
    return replace(meta, standfirst=standfirst, found={**meta.found, "standfirst": "page"})


_DATED_LINE = 60  # characters of "Published on Sunday, 22 November 2026, 10:15"
_LISTS = frozenset(("related", "headline-list", "links", "comment", "navigation"))
_NOT_OWN = frozenset((None, "caption", "related", "headline-list", "links", "repeated", "comment", "navigation"))


def with_text(meta: Meta, lines: Sequence[Line]) -> Meta:
    """Language and wire agency, which the story itself tells. A stated language is a hint; the text decides."""
    story = [line.text for line in lines if line.rule is None]
    found = dict(meta.found)
    people = meta.authors
    if "outlet" in found.get("authors", "outlet"):  # nobody yet, or the outlet alone
        near = [line.text for line in lines if len(line.text) <= 90 and line.rule not in _LISTS][:60]
        if signers := authors.of_lines(near):
            people, found["authors"] = tuple(signers), "line of text"
    spoken = language.detect("\n".join(story), hint=meta.language)
    if spoken:
        found["language"] = "text" if spoken != meta.language else f"text, {found.get('language', 'stated')}"
    elif spoken is None:
        found.pop("language", None)
    access = meta.access
    if access != "free" and (said_cut := cut_cue(lines)):
        access, found["access"] = "truncated", f"text: {said_cut[:80]}"
    wire = agencies.wire(people, story, meta.source)
    if wire is None and (
        footer := [line.text for line in lines if line.rule not in _NOT_OWN and len(line.text) <= 120]
    ):
        wire = agencies.wire((), [*[""] * 4, *footer[-4:]], meta.source)
    if wire:
        found["wire"] = "text"
    return replace(meta, authors=people, language=spoken, wire=wire, access=access, found=found)


def _outlets(doc: HtmlDoc, structured: Structured, page: Page) -> list[str]:
    """Names the outlet goes by: stated by the page, and its host."""
    outlet_names = [page.source or "", fold(doc.meta.get("og:site_name")), fold(doc.meta.get("application-name"))]
    for node in (structured.article, structured.page):
        outlet_names.append(first(node.get("publisher")))
        part_of = node.get("isPartOf")
        if isinstance(part_of, dict) and types(part_of) & {"WebSite", "Periodical", "Newspaper"}:
            outlet_names.append(first(part_of))
    publisher = structured.article.get("publisher")
    if isinstance(publisher, dict) and publisher.get("@id") in structured.by_id:
        outlet_names.append(first(structured.by_id[publisher["@id"]]))
    address = page.url or doc.meta.get("og:url") or ""
    host = urls.host_of(address if address.startswith("http") else None)
    if host:
        site = urls.registrable(host)
        outlet_names += [site, site.partition(".")[0], host]
    twitter = doc.meta.get("twitter:site", "").lstrip("@")
    return [name for name in [*outlet_names, twitter] if name and len(name) <= 80]


def _url(doc: HtmlDoc, structured: Structured, page: Page, title: str | None, found: dict[str, str]) -> str | None:
    outside = urls.clean(page.url)
    stated: list[tuple[str | None, str]] = []
    for link in doc.named["link"]:
        if "canonical" in (link.get("rel") or "").lower().split():
            stated.append((urls.clean(link.get("href"), outside), "link canonical"))
            break
    stated.append((urls.clean(doc.meta.get("og:url"), outside), "meta og:url"))
    if outside is None and len({urls.site_of(address) for address, _ in stated if address}) > 1:
        stated.reverse()  # a story taken over from a sister paper: its canonical link is the sister's, og:url its own
    node = structured.article
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        address = value.get("@id") if isinstance(value, dict) else value
        if isinstance(address, str):
            stated.append((urls.clean(address, outside), "json-ld url"))
    for address, origin in stated:
        if address and urls.believable(address, outside, title):
            found["url"] = origin
            return address.partition("#")[0]
    if outside:
        found["url"] = "given with the page"
    return outside


def _source(
    page: Page, url: str | None, doc: HtmlDoc | None, structured: Structured | None, found: dict[str, str]
) -> str | None:
    if source_name := fold(page.source, 200):
        found["source"] = "given with the page"
        return source_name
    for address, origin in ((page.url, "url"), (url, "url")):
        if host := urls.site_of(address):
            found["source"] = origin
            return host
    if doc is not None and structured is not None:
        for value, origin in (
            (fold(doc.meta.get("og:site_name"), 200), "meta og:site_name"),
            (first(structured.article.get("publisher")), "json-ld publisher"),
        ):
            if value:
                found["source"] = origin
                return value
        canonical = next((link.get("href") for link in doc.named["link"] if link.get("rel") == "canonical"), None)
        for address, origin in ((canonical, "link canonical"), (doc.meta.get("og:url"), "meta og:url")):
            if host := urls.site_of(address):
                found["source"] = origin
                return host
    return None
