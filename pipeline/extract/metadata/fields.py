"""What is known from outside, then what the page says -> Meta.

Known from outside (sidecar, JSONL row, WARC) goes before what the page says of itself: title, date, source and address
were written down by whoever fetched the page. The one exception is the address, which the page's canonical link
replaces where `urls.believable` says so: it names the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...model import Access, Genre, Line, Page
from .. import language, urls
from ..cues import cut_cue
from ..draft import Meta
from ..htmldoc import HtmlDoc
from . import agencies, authors, dates, pictures, titles
from .structured import Structured, first, fold, read, texts, types

if TYPE_CHECKING:
    from ..text import TextBody

_PUBLISHED = tuple(
    (
        "article:published_time og:article:published_time og:published_time article:published datepublished parsely- "
        "pub-date sailthru.date cxenseparse:publishtime cxenseparse:recs:publishtime dc.date.issued dcterms.created "
        "dcterms.date dc.date.created dc.date date.available date.created publishdate publish-date publish_date "
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
_SECTION = tuple(
    (
        "article:section og:article:section section parsely-section cxenseparse:section articlesection "
        "dc.subject.section cxenseparse:taxonomy category news_section sailthru.section"
    ).split()
)
_KEYWORDS = ("news_keywords", "keywords", "article:tag", "parsely-tags", "sailthru.tags", "cxenseparse:keywords")
_MONTH_FIRST = re.compile(r"^en[-_]us\b|^en[-_]ph\b", re.I)
_DAY_FIRST = re.compile(r"^(?!en\b|en[-_](?:us|ph)\b)[a-z]{2}\b", re.I)
_MASTHEAD = re.compile(
    r"today|current|masthead|clock|weather|comment|related|teaser|recommend|sidebar|footer"
    r"|(?:^|\s|site|page|top|main|global)[-_]?(?:header|nav(?:bar|igation)?)(?:\s|$|[-_])",
    re.I,
)
_SENTENCE = re.compile(r"[^\W\d]{3,}[.!?]$")
_UPDATED = re.compile(
    r"\b(?:updated?|modified|last (?:update|edit)|aktualisiert|aktualizov|mis à jour|modifié|actualizado"
    r"|atualizado|aggiornato|"
    r"bijgewerkt|uppdaterad|oppdatert|opdateret|päivitetty|aktualizacja|обновлено|оновлено|güncelleme|diperbarui)", re.I
)  # fmt: skip

_OPINION = re.compile(r"^(?:opinions?|op-?eds?|comment(?:ary|isfree)?|columns?|columnists?|editorials?|voices"
    r"|letters|meinung|kommentare?|gastkommentar|"
                      r"leitartikel|kolumnen?|debatte|idees|opinion[ei]s|tribunes?|chroniques?|opiniones"
                      r"|columnas|tribuna|editoriali|commenti|opiniao|"
                      r"colunas|opinie|columns|debatt|ledare|meninger|synspunkt|opinie|komentar(?:e|i|ze)?"
                      r"|мнени[ея]|думк[аи]|yazarlar)$")  # fmt: skip
_ANALYSIS = re.compile(
    r"^(?:analys[eis]s?|analyses|analisis|analisi|analyse|analiz[ay]?|explainers?|hintergrund|hintergruende"
    r"|decryptages?|анализ|анал[иі]тика)$"
)
_LIVE = re.compile(
    r"(?:^|[-_/])(?:live-?(?:blog|updates?|ticker|coverage|reporting)|news-?ticker|liveticker|live-blog"
    r"|en-direct|en-vivo|ao-vivo|in-diretta|minuto-a-minuto)(?:[-_/.]|$)"
)
_OBITUARY = re.compile(
    r"^(?:obituar(?:y|ies)|nachrufe?|necrologies?|obituarios?|necrologi[e]?|nekrologi?|in-memoriam|некролог\w*)$"
)
_RELEASE = re.compile(
    r"^(?:press-?releases?|pressemitteilung(?:en)?|news-releases?|communiques?(?:-de-presse)?|pr-newswire"
    r"|prnewswire|globenewswire|business-?wire|comunicati-stampa|notas?-de-prensa|presse)$"
)


def of_html(doc: HtmlDoc, page: Page) -> Meta:
    """Everything but what needs the story itself: see `with_text`."""
    found: dict[str, str] = {}
    candidates = titles.candidates(doc)
    structured = read(doc, [text for _, text in candidates])
    outlets = _outlets(doc, structured, page)

    title: str | None = fold(page.title, 1000) or None
    if title:
        found["title"] = "given with the page"
    elif chosen := titles.choose(candidates, structured, outlets):
        title, found["title"] = chosen
    url = _url(doc, structured, page, title, found)
    source = _source(page, url, doc, structured, found)

    given = authors.of_html(doc, structured, outlets)
    if given:
        found["authors"] = given[1] if given[2] else f"{given[1]}, the outlet"
    published, modified = _dates(doc, structured, page, url, found)
    section = _first_of(found, "section", _sections(doc, structured))
    keywords = _keywords(doc, structured, found)
    access = _access(doc, structured, found)
    images = pictures.of_html(doc, structured, url)
    if images:
        found["images"] = "figure, json-ld, meta og:image"
    return Meta(
        url=url, title=title, authors=tuple(given[0]) if given else (), published_at=published, modified_at=modified,
        fetched_at=page.fetched_at and (dates.parse(page.fetched_at) or None), source=source, section=section,
        keywords=keywords, images=images, access=access,
        genre=_genre(doc, structured, url, section, found), language=_stated_language(doc, found), found=found,
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
        stamp = _accepted(values, name, limits, None, found)
        published, modified = (stamp, modified) if name == "published_at" else (published, stamp)
    url = urls.clean(page.url)
    if url:
        found["url"] = "given with the page"
    source = _source(page, url, None, None, found)
    people = [name for said in body.authors for name in authors.names(said)]
    if people:
        found.setdefault("authors", "text")
    return Meta(
        url=url, title=title, authors=tuple(dict.fromkeys(people)), published_at=published, modified_at=modified,
        fetched_at=page.fetched_at and (dates.parse(page.fetched_at) or None), source=source, images=body.captions,
        genre=_genre(None, None, url, None, found), found=found,
    )  # fmt: skip


def with_standfirst(meta: Meta, standfirst: str) -> Meta:
    return replace(meta, standfirst=standfirst, found={**meta.found, "standfirst": "page"})


def with_text(meta: Meta, lines: Sequence[Line]) -> Meta:
    """Language and wire agency, which the story itself tells. A stated language is a hint; the text decides."""
    story = [line.text for line in lines if line.rule is None]
    found = dict(meta.found)
    people = meta.authors
    if "outlet" in found.get("authors", "outlet"):  # nobody yet, or the outlet alone
        near = [line.text for line in lines if len(line.text) <= 90][:60]
        if said := authors.of_lines(near):
            people, found["authors"] = tuple(said), "line of text"
    spoken = language.detect("\n".join(story), hint=meta.language)
    if spoken:
        found["language"] = "text" if spoken != meta.language else f"text, {found.get('language', 'stated')}"
    elif spoken is None:
        found.pop("language", None)
    access = meta.access
    if access != "free" and (said_cut := cut_cue(lines)):
        access, found["access"] = "truncated", f"text: {said_cut[:80]}"
    wire = agencies.wire(people, story, meta.source)
    if wire is None and (footer := [line.text for line in lines if line.rule is not None and len(line.text) <= 120]):
        wire = agencies.wire((), [*[""] * 4, *footer[-4:]], meta.source)
    if wire:
        found["wire"] = "text"
    return replace(meta, authors=people, language=spoken, wire=wire, access=access, found=found)


def _outlets(doc: HtmlDoc, structured: Structured, page: Page) -> list[str]:
    """Names the outlet goes by: stated by the page, and its host."""
    said = [page.source or "", fold(doc.meta.get("og:site_name")), fold(doc.meta.get("application-name"))]
    for node in (structured.article, structured.page):
        said.append(first(node.get("publisher")))
        part_of = node.get("isPartOf")
        if isinstance(part_of, dict) and types(part_of) & {"WebSite", "Periodical", "Newspaper"}:
            said.append(first(part_of))
    publisher = structured.article.get("publisher")
    if isinstance(publisher, dict) and publisher.get("@id") in structured.by_id:
        said.append(first(structured.by_id[publisher["@id"]]))
    address = page.url or doc.meta.get("og:url") or ""
    host = urls.host_of(address if address.startswith("http") else None)
    if host:
        site = urls.registrable(host)
        said += [site, site.partition(".")[0], host]
    twitter = doc.meta.get("twitter:site", "").lstrip("@")
    return [name for name in [*said, twitter] if name and len(name) <= 80]


def _url(doc: HtmlDoc, structured: Structured, page: Page, title: str | None, found: dict[str, str]) -> str | None:
    outside = urls.clean(page.url)
    stated: list[tuple[str | None, str]] = []
    for link in doc.tree.iter("link"):
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
    if said := fold(page.source, 200):
        found["source"] = "given with the page"
        return said
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
        canonical = next((link.get("href") for link in doc.tree.iter("link") if link.get("rel") == "canonical"), None)
        for address, origin in ((canonical, "link canonical"), (doc.meta.get("og:url"), "meta og:url")):
            if host := urls.site_of(address):
                found["source"] = origin
                return host
    return None


def _dates(
    doc: HtmlDoc, structured: Structured, page: Page, url: str | None, found: dict[str, str]
) -> tuple[str | None, str | None]:
    limits = dates.bounds(page)
    region = (doc.tree.get("lang") or doc.meta.get("og:locale") or "").strip()
    month_first = True if _MONTH_FIRST.match(region) else False if _DAY_FIRST.match(region) else None
    published = _accepted(_published(doc, structured, page, url), "published_at", limits, month_first, found)
    modified = _accepted(_modified(doc, structured), "modified_at", limits, month_first, found)
    if modified and published and (modified == published or dates.instant(modified) == dates.instant(published)):
        del found["modified_at"]
        modified = None
    return published, modified


def _accepted(
    values: Any, name: str, limits: dates.Bounds, month_first: bool | None, found: dict[str, str]
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
    marked = doc.tree.xpath("//*[@itemprop='datePublished' or @pubdate]")[:5]
    yield from ((_moment(element), "itemprop datePublished") for element in marked if not _out_of_story(element))
    heading = next(doc.tree.iter("h1"), None)
    near = heading.xpath("following::*[position() <= 80][self::time]") if heading is not None else []
    yield from ((_moment(element), "time") for element in near if not _out_of_story(element))
    if url or page.url:
        yield dates.of_url(url or page.url or ""), "url"
    yield from _visible(doc, heading)
    rest = [element for element in doc.tree.iter("time") if not _out_of_story(element)]
    if len(rest) <= 3:  # more are the teasers' of other stories
        yield from ((_moment(element), "time") for element in rest)


def _moment(element: Any) -> str | None:
    return element.get("datetime") or element.get("content") or fold(" ".join(element.itertext()), 120)


def _modified(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str | None, str]]:
    for node in (structured.article, structured.page):
        for value in texts(node.get("dateModified"))[:1]:
            yield value, "json-ld dateModified"
        if node is structured.article:
            for name in _MODIFIED:
                yield doc.meta.get(name), f"meta {name}"
    for element in doc.tree.xpath("//*[@itemprop='dateModified']")[:3]:
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
        if depth == 1 and _UPDATED.search("".join(parent.itertext())[:80]):
            return True
        if depth > 12:
            break
    return False


def _visible(doc: HtmlDoc, heading: Any) -> Iterator[tuple[str | None, str]]:
    """A short line marked as a date, then one behind the heading: those before it are the masthead's."""
    path = ("//*[self::span or self::p or self::div or self::li or self::em][contains(@class,'date') or "
            "contains(@class,'Date') or contains(@class,'publish') or contains(@class,'time')]")  # fmt: skip
    for element in doc.tree.xpath(path)[:40]:
        text = fold(" ".join(element.itertext()), 200)
        if text and len(text) <= 90 and not _out_of_story(element) and not _UPDATED.search(text):
            yield text, "text marked as date"
    for element in heading.xpath("following::text()[normalize-space()]")[:40] if heading is not None else ():
        text = fold(str(element), 200)
        plain = 6 <= len(text) <= 60 and not _SENTENCE.search(text) and not _UPDATED.search(text)
        if plain and not _out_of_story(element.getparent()):
            yield text, "text behind the heading"


def _sections(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str, str]]:
    yield first(structured.article.get("articleSection")), "json-ld articleSection"
    for name in _SECTION:
        yield fold(doc.meta.get(name), 100), f"meta {name}"
    for node in doc.json_ld:
        if "BreadcrumbList" in types(node) and isinstance(node.get("itemListElement"), list):
            items = [
                first(item.get("name") or item.get("item"))
                for item in node["itemListElement"]
                if isinstance(item, dict)
            ]
            if len(items) >= 3:
                yield items[1], "json-ld BreadcrumbList"


def _first_of(found: dict[str, str], name: str, values: Iterator[tuple[str, str]]) -> str | None:
    for value, origin in values:
        if value and len(value) <= 80:
            found[name] = origin
            return value
    return None


def _keywords(doc: HtmlDoc, structured: Structured, found: dict[str, str]) -> tuple[str, ...]:
    stated = [("json-ld keywords", texts(structured.article.get("keywords")))]
    tags = [
        element.get("content") or "" for element in doc.tree.iter("meta") if element.get("property") == "article:tag"
    ]
    stated += [("meta article:tag", tags)] if tags else []
    stated += [(f"meta {name}", [doc.meta[name]]) for name in _KEYWORDS if name in doc.meta]
    for origin, values in stated:
        words: dict[str, str] = {}
        for value in values:
            for word in re.split(r"[,;|、]", value) if len(values) == 1 else [value]:
                said = fold(word, 200).strip("\"'# ")
                if said and len(said) <= 80 and not re.match(r"[\w-]+:[\w-]", said):
                    words.setdefault(said.casefold(), said)
        if words:
            found["keywords"] = origin
            return tuple(words.values())[:40]
    return ()


def _access(doc: HtmlDoc, structured: Structured, found: dict[str, str]) -> Access:
    for node in (structured.article, structured.page):
        stated = node.get("isAccessibleForFree")
        if stated is not None:
            found["access"] = "json-ld isAccessibleForFree"
            return "declared_paid" if str(stated).rpartition("/")[2].strip().lower() in ("false", "0", "no") else "free"
    for name in ("article:content_tier", "og:article:content_tier", "content_tier", "cxenseparse:content_tier"):
        if tier := doc.meta.get(name, "").lower():
            found["access"] = f"meta {name}"
            return "free" if tier == "free" else "declared_paid" if tier in ("locked", "metered", "paid") else "unknown"
    return "unknown"


def _genre(
    doc: HtmlDoc | None, structured: Structured | None, url: str | None, section: str | None, found: dict[str, str]
) -> Genre | None:
    kinds = types(structured.article) if structured else set()
    for kind, genre in (
        ("LiveBlogPosting", "live"),
        ("OpinionNewsArticle", "opinion"),
        ("AnalysisNewsArticle", "analysis"),
    ):
        if kind in kinds:
            found["genre"] = f"json-ld {kind}"
            return genre  # type: ignore[return-value]
    path = (urls.canonical_key(url) or "").partition("/")[2].partition("?")[0].lower() if url else ""
    stated = [(part, "url") for part in path.split("/")[:-1]]
    if section:
        stated.append((re.sub(r"\s+", "-", dates.fold(section)), "section"))
    if doc is not None:
        stated += [
            (dates.fold(doc.meta.get(name, "")), f"meta {name}")
            for name in ("genre", "article:genre", "og:type:genre", "news_genre", "type")
        ]
    patterns: tuple[tuple[re.Pattern[str], Genre], ...] = (
        (_OPINION, "opinion"), (_ANALYSIS, "analysis"), (_OBITUARY, "obituary"), (_RELEASE, "press release")
    )  # fmt: skip
    if path and _LIVE.search("/" + path):
        found["genre"] = "url"
        return "live"
    for pattern, genre in patterns:
        for part, origin in stated:
            if pattern.match(part):
                found["genre"] = origin
                return genre
    return None


def _stated_language(doc: HtmlDoc, found: dict[str, str]) -> str | None:
    for value, origin in (
        (doc.tree.get("lang"), "html lang"),
        (doc.tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "html lang"),
        (doc.meta.get("content-language"), "meta content-language"),
        (doc.meta.get("og:locale"), "meta og:locale"),
    ):
        if value and (match := re.match(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$|,)", value)):
            found["language"] = origin
            return language.normal(match[1])
    return None
