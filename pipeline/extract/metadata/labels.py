"""A parsed page -> what it files itself under: section, keywords, access, genre, language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import urls
from ...model import Access, Genre
from .. import language
from ..htmldoc import HtmlDoc
from . import dates
from .structured import Structured, first, fold, texts, types

_SECTION = tuple(
    (
        "article:section og:article:section section parsely-section cxenseparse:section articlesection "
        "dc.subject.section cxenseparse:taxonomy category news_section sailthru.section"
    ).split()
)
_KEYWORDS = ("news_keywords", "keywords", "article:tag", "parsely-tags", "sailthru.tags", "cxenseparse:keywords")
# What content systems file a page under: "@post-id:4711", "topic:health", UUIDs, database keys.
_INTERNAL = re.compile(
    r"^@|^[\w-]+:[\w-]|^[0-9a-f]{8}-[0-9a-f]{4}-|^(?=\w*\d)[0-9a-f]{16,}$|^\d{5,}$|^[\w-]+/[\w-]+/|^[\w-]+=\S|^_|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
    r"|^(?:node|post|page|article|tag|cat|category|term)[-_/]\d+$|_id(?:_\d+)?$",
    re.I,
)
# What a content system says where an editor chose no section.
_NO_SECTION = re.compile(
    r"^\d+$|^/|\||^(?:uncategori[sz]ed|home(?:page)?|default|none|null|root|articles?|allgemein)$", re.I
)
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


def section(doc: HtmlDoc, structured: Structured, found: dict[str, str]) -> str | None:
    for value, origin in _sections(doc, structured):
        if value and len(value) <= 80 and not _INTERNAL.search(value) and not _NO_SECTION.search(value):
            found["section"] = origin
            return value
    return None


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


def keywords(doc: HtmlDoc, structured: Structured, found: dict[str, str]) -> tuple[str, ...]:
    stated = [("json-ld keywords", texts(structured.article.get("keywords")))]
    tags = [element.get("content") or "" for element in doc.named["meta"] if element.get("property") == "article:tag"]
    stated += [("meta article:tag", tags)] if tags else []
    stated += [(f"meta {name}", [doc.meta[name]]) for name in _KEYWORDS if name in doc.meta]
    for origin, values in stated:
        words: dict[str, str] = {}
        for value in values:
            for word in re.split(r"[,;|、]", value) if len(values) == 1 else [value]:
                keyword = fold(word, 200).strip("\"'# ")
                if keyword and len(keyword) <= 80 and not _INTERNAL.search(keyword):
                    words.setdefault(keyword.casefold(), keyword)
        if words:
            found["keywords"] = origin
            return tuple(words.values())[:40]
    return ()


def access(doc: HtmlDoc, structured: Structured, found: dict[str, str]) -> Access:
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


def genre(
    doc: HtmlDoc | None, structured: Structured | None, url: str | None, section: str | None, found: dict[str, str]
) -> Genre | None:
    kinds = types(structured.article) if structured else set()
    if doc is not None and _is_live(doc):
        found["genre"] = "json-ld LiveBlogPosting"
        return "live"
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


def _is_live(doc: HtmlDoc) -> bool:
    """Whether the page itself is a live blog by any of its nodes: often one stands beside the NewsArticle that is read.

    A teaser's node has no posts and another headline.
    """
    if "LiveBlogPosting" not in doc.html:
        return False
    titles = [_plain(title) for title in (doc.title, doc.meta.get("og:title", "")) if title]
    for node in doc.json_ld:
        if "LiveBlogPosting" in types(node):
            headline = _plain(first(node.get("headline") or node.get("name")))
            if node.get("liveBlogUpdate") or not headline or any(headline in t or t in headline for t in titles):
                return True
    kinds = (element.get("itemtype") or "" for element in doc.tree.iter("article", "main"))
    return any(kind.rstrip("/").endswith("/LiveBlogPosting") for kind in kinds)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text.casefold())


def stated_language(doc: HtmlDoc, found: dict[str, str]) -> str | None:
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
