"""JSON-LD nodes -> the one that describes this article, and plain values out of it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ..characters import without_unseen
from ..htmldoc import HtmlDoc

ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "AskPublicNewsArticle ReviewNewsArticle SatiricalArticle AdvertiserContentArticle BlogPosting LiveBlogPosting "
    "SocialMediaPosting TechArticle ScholarlyArticle Report Review CriticReview Recipe".split()
)
_PAGE_TYPES = frozenset("WebPage ItemPage AboutPage FAQPage MedicalWebPage CreativeWork".split())
_TAG = re.compile(r"<[/a-zA-Z][^<>]{0,200}>")
# Of all inline elements those that no template uses to set pieces of text apart.
_WITHIN_WORDS = frozenset("sub sup b i em strong u wbr mark font".split())
_NO_LETTERS = re.compile(r"[\W_]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Structured:
    """The JSON-LD nodes that describe the page; empty nodes where there are none."""

    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    by_id: dict[str, Node] = field(default_factory=dict)
    parsely: dict[str, str] = field(
        default_factory=dict
    )  # what a parsely-page meta says: title, author, pub_date, section


def fold(value: object, limit: int = 2000) -> str:
    """One line of plain text: entities (also doubly escaped ones) and tags resolved, NFC, white space folded."""
    if not isinstance(value, str):
        return ""
    value = value[: limit * 4]
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = _TAG.sub("", value)
    if value.isascii() and value.isprintable():
        return " ".join(value.split())[:limit]
    value = without_unseen(_CONTROL.sub("", value.encode("utf-8", "replace").decode("utf-8")))
    return " ".join(unicodedata.normalize("NFC", value).split())[:limit]


# Markup inside words: "CO<sub>2</sub>", "<b>A</b>nn". Everything else parts words.
_INSIDE_WORDS = frozenset("a abbr b bdi big cite em font i mark q s small span strong sub sup u".split())


def text_of(element: Any, limit: int = 200) -> str:
    """An element's text on one line, cut off: a template may mark half the page as its byline."""
    if not len(element):
        return fold(element.text, limit + 1)
    parts: list[str] = [element.text or ""]
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node is element or not isinstance(node.tag, str):
            continue
        if event == "start":
            previous = node.getprevious()
            if node.tag not in _INSIDE_WORDS or (previous is not None and not previous.tail):
                parts.append(" ")
            piece = node.text
        else:
            if node.tag not in _INSIDE_WORDS:
                parts.append(" ")
            piece = node.tail
        if piece:
            parts.append(piece)
            length += len(piece.strip())
            if length > limit:
                break
    return fold("".join(parts), limit + 1)


def key(text: str) -> str:
    """Letters and digits alone, lower-case: what two spellings of a title share."""
    return _NO_LETTERS.sub("", text.casefold())


def types(node: Node) -> set[str]:
    return {t.rpartition("/")[2].rpartition(":")[2] for t in texts(node.get("@type"))}


def texts(value: object, depth: int = 0) -> list[str]:
    """The strings in a value that may be one, a list of them, or nodes with a name."""
    if depth > 6:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return texts(value.get("name") or value.get("@value"), depth + 1)
    if isinstance(value, list):
        return [text for item in value[:200] for text in texts(item, depth + 1)]
    return []


def first(value: object) -> str:
    return next((folded for text in texts(value) if (folded := fold(text))), "")


def read(doc: HtmlDoc, titles: list[str]) -> Structured:
    """The article's node among those of its teasers: whose headline is the page's title, and who says most."""
    nodes = list(_nodes(doc))
    title_keys = {key(t) for t in titles if t}
    best: tuple[float, Node] = (0.0, {})
    page: Node = {}
    for node in nodes:
        kinds = types(node)
        if kinds & ARTICLE_TYPES:
            text_key = key(fold(node.get("headline") or node.get("name")))
            score = 1.0 + sum(bool(node.get(name)) for name in ("datePublished", "author", "articleBody", "headline"))
            if len(text_key) >= 8 and any(text_key in w or w in text_key for w in title_keys if len(w) >= 8):
                score += 5
            if kinds <= {"Review", "Recipe", "SocialMediaPosting", "CriticReview"}:
                score -= 3
            if score > best[0]:
                best = (score, node)
        elif kinds & _PAGE_TYPES and not page:
            page = node
    if not best[1] and not page.get("datePublished"):  # a page about a video
        videos = (node for node in nodes if "VideoObject" in types(node))
        page = next((v for v in videos if key(first(v.get("name"))) in title_keys), page)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return Structured(best[1], page, by_id, _parsely(doc))


def _parsely(doc: HtmlDoc) -> dict[str, str]:
    try:
        node = json.loads(doc.meta.get("parsely-page", ""))
    except (ValueError, RecursionError):
        return {}
    return {name: text for name, value in node.items() if (text := first(value))} if isinstance(node, dict) else {}


def _nodes(doc: HtmlDoc) -> Iterator[Node]:
    for node in doc.json_ld:
        yield node
        for name in ("mainEntity", "mainEntityOfPage", "article", "hasPart"):
            inner = node.get(name)
            for item in inner[:50] if isinstance(inner, list) else [inner]:
                if isinstance(item, dict) and (name == "mainEntity" or item.get("headline")):
                    yield item
