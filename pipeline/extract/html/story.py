"""Parsed page -> the blocks that are its story: trafilatura's choice, judged block by block by a learned model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from lxml import etree

from ...model import Line
from ..htmldoc import HtmlDoc, without_noise
from ..rules import opening
from . import model
from .blocks import BITS, MAX_DEPTH, Visible, fold, read
from .edges import edges
from .features import Page
from .phrases import key
from .residue import residue
from .scripts import from_scripts

# A page with more blocks or boxes goes without trafilatura, parts of which are quadratic: 10,000 <h2> take it over
# 10 s. The largest of 513 real pages has 5,000 elements.
MAX_BLOCKS = 4_000
MAX_BOXES = 15_000
MAX_PIECES = 5_000  # of text in one block, in whose number it is quadratic: 8,000 <span> in a <p> take it 6 s
MAX_MARKUP = 18_000  # "<" in the page; the largest of those has 10,000
MIN_ARTICLE_BODY = 400  # characters; a shorter articleBody is a teaser
_BLOCK_TAG = re.compile(r"</?(?:p|div|h[1-6]|li|ul|ol|td|tr|table|section|article|br|blockquote)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")
_SEPARATOR = re.compile(r"\s+[|\-–—•·:»]\s+")
# trafilatura drops these itself, after it has copied and searched the whole tree several times
_UNREAD = ("head", "nav", "footer", "iframe", "noscript", "select", "button", "input", "textarea", "picture", "video",
           "audio", "canvas", "object", "embed", "link", "meta", "aside", "img", "source", "map", "area",
           "dialog")  # fmt: skip
_BOXES = frozenset(("div", "section", "a", "span", "li", "ul", "p", "i"))  # which it drops where nothing is in them
_WHITE = " \t\r\n"
_GONE = "newsmill-gone"  # a tag no page has a use for
# Read by none of its rules for text, and copied with every copy of the tree it makes (three and more).
_UNREAD_ATTRIBUTES = ("href", "target", "title", "alt", "width", "height", "datetime", "itemtype", "tabindex")


@dataclass(frozen=True, slots=True)
class Body:
    """A page's visible lines in page order, kept (rule None) and taken off."""

    lines: tuple[Line, ...]
    flags: tuple[str, ...]  # "fallback:fast", "fallback:json-ld", "fallback:state", "cut:elements", ...
    standfirst: str | None
    visible: Visible | None = None  # the blocks that `lines` are of, one for one; None where they come from elsewhere

    @property
    def text(self) -> str:
        return "\n\n".join(line.text for line in self.lines if line.rule is None)


def body(doc: HtmlDoc, *, title: str | None, fast: bool = False, weights: model.Weights | None = None) -> Body:
    """Keep the story, drop the furniture. `fast`: by plain rules of our own, without trafilatura and the model.
    `weights`: others than those shipped, for measuring.

    Pages too large for trafilatura are treated so too, which a flag tells. A page whose text is only in its scripts
    (JSON-LD articleBody, application state) gives that text. Never raises on markup, however broken.
    """
    visible = read(doc.tree)
    flags = [*doc.flags]
    if visible.depth > MAX_DEPTH and (lines := unparsed(doc.html, visible)):
        return Body(tuple(lines), (*flags, "fallback:plain"), None)
    large = (
        len(visible.text) > MAX_BLOCKS
        or len(visible.tag) > MAX_BOXES
        or visible.pieces > MAX_PIECES
        or doc.marks > MAX_MARKUP
    )
    if fast or large:
        flags.append("fallback:fast")
        page = survey(doc, visible, title, []) if len(visible.text) <= MAX_BLOCKS else None
        chosen = plain(page) if page else [i for i, t in enumerate(visible.text) if is_paragraph(t)]
        if page is None and not chosen:
            chosen = list(range(len(visible.text)))
    else:
        page = survey(doc, visible, title, trafilatura_lines(doc.tree))
        chosen = judged(page, weights) if page else []
    if inside := from_scripts(doc, article_body(doc), sum(len(visible.text[i]) for i in chosen)):
        flags.append(inside[0])
        lines = [Line(text, "furniture") for text in visible.text] + [Line(text, None) for text in inside[1]]
        return Body(tuple(lines), tuple(flags), None)
    titled = {key(t) for t in (page.titles if page else titles(doc, title))} - {""}
    lead = standfirst(page, set(chosen)) if page else None
    named = edges(visible.text, page.para, chosen, lead) | residue(visible, page.para, chosen) if page else {}
    kept = set(chosen) - named.keys()
    seen: set[str] = set()
    lines = []
    for i, text in enumerate(visible.text):
        k = page.keys[i] if page else ""
        rule: str | None = None
        if i not in kept:
            rule = named.get(i) or why(visible, i, k, titled)
        elif k in titled:
            rule = "title"
        elif len(k) > 60 and k in seen:
            rule = "repeated"
        elif page and (phrase := plain_furniture(page, i)):
            rule = phrase
        else:
            seen.add(k)
        lines.append(Line(text, rule))
    return Body(tuple(lines), tuple(flags), lead, visible)


def unparsed(html: str, visible: Visible) -> list[Line]:
    """The markup's lines without its tags, where the parser gave up on nesting and lost most of them; else []."""
    pieces = [
        text for piece in _BLOCK_TAG.split(without_noise(html)[0]) if (text := fold(unescape(_TAG.sub("", piece))))
    ]
    if sum(map(len, pieces)) < 2 * sum(map(len, visible.text)):
        return []
    return [Line(text, None if is_paragraph(text) else "furniture") for text in pieces]


def trafilatura_lines(tree: Any) -> list[str]:
    """What trafilatura holds for the story, in its fast mode (the others cost a third more and add little here)."""
    import trafilatura

    slim = deepcopy(tree)
    etree.strip_elements(slim, *_UNREAD, with_tail=False)
    etree.strip_attributes(slim, *_UNREAD_ATTRIBUTES)
    for element in _empty(slim):
        element.tag = _GONE
    etree.strip_elements(slim, _GONE, with_tail=False)
    found: Any = trafilatura.bare_extraction(slim, options=_options())
    return [line for raw in (found.text if found else "").splitlines() if (line := fold(raw))]


@cache
def _options() -> Any:
    """Made once: its settings are read from a ConfigParser, and none is written to."""
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", fast=True, comments=False)


def _empty(tree: Any) -> list[Any]:
    """Boxes without text in them.

    One look at each element, from the last to the first: XPath's normalize-space() reads a text once for each box
    around it, and took twice as long.
    """
    full: set[Any] = set()
    empty = []
    for element in reversed(list(tree.iterdescendants())):
        text, tail = element.text, element.tail
        filled = element in full or (text and text.strip(_WHITE))
        if filled or (tail and tail.strip(_WHITE)):
            full.add(element.getparent())
        if not filled and element.tag in _BOXES:
            empty.append(element)
    return empty


def titles(doc: HtmlDoc, title: str | None) -> list[str]:
    """Every form in which the page may repeat its title."""
    whole = " ".join(doc.title.split())[:500]
    named = [node["headline"] for node in doc.json_ld if isinstance(node.get("headline"), str)]
    found = [title or "", doc.meta.get("og:title", ""), doc.meta.get("twitter:title", ""), *named, whole]
    return [t for t in (*found, _SEPARATOR.split(whole)[0]) if t]


def article_body(doc: HtmlDoc) -> str:
    """The longest articleBody of the page's JSON-LD; "" where it is but a teaser."""
    bodies = [node["articleBody"] for node in doc.json_ld if isinstance(node.get("articleBody"), str)]
    longest = max(bodies, key=len, default="")
    return longest if len(longest) >= MIN_ARTICLE_BODY else ""


def survey(doc: HtmlDoc, visible: Visible, title: str | None, lines: Sequence[str]) -> Page | None:
    """The page's blocks with all that is known of them; None where it shows no text."""
    if not visible.text:
        return None
    names = ("og:description", "description", "twitter:description")
    description = max((doc.meta.get(name, "") for name in names), key=len)
    return Page(
        visible, lines=lines, titles=titles(doc, title), description=description, article_body=article_body(doc)
    )


def judged(page: Page, weights: model.Weights | None = None) -> list[int]:
    """Blocks that the model holds for story."""
    candidates = page.worth_judging()
    if not candidates:
        return []
    kept = model.story(page.rows(candidates), [page.count[i] for i in candidates], weights or model.weights())
    return [i for i, story in zip(candidates, kept, strict=True) if story]


def plain(page: Page) -> list[int]:
    """Full sentences in the story's box, and the headings between them; anywhere, where the box has none."""
    inside = [i for i, p in enumerate(page.para) if p and not opening(page.page.text[i])]
    framed = [i for i in inside if page.page.box[i] in page.frame]
    chosen = set(framed or inside)
    for i in range(1, len(page.para) - 1):
        heading = page.page.tag[page.page.box[i]] in ("h2", "h3", "h4")
        if heading and i - 1 in chosen and i + 1 in chosen and page.link[i] < 0.5:
            chosen.add(i)
    return sorted(chosen)


def plain_furniture(page: Page, i: int) -> str | None:
    """The rule of a line that is nothing but a share bar's words or a link to another story."""
    if page.count[i] > 25 or not (rule := opening(page.page.text[i])):
        return None
    bare = rule in ("share", "comment") and page.count[i] <= 5 and not page.ends[i]
    return rule if bare or (rule == "related" and page.link[i] > 0.4) else None


def is_paragraph(text: str) -> bool:
    return text.count(" ") >= 9 and text.rstrip('"”»’)')[-1:] in ".!?…。"


_REASONS = (
    ("figure", "caption"), ("caption", "caption"), ("nav", "navigation"), ("ad", "advert"), ("comment", "comment"),
    ("newsletter", "newsletter"), ("share", "share"), ("form", "form"), ("related", "related"), ("meta", "byline"),
)  # fmt: skip
_BITS = {name: 1 << n for n, name in enumerate(BITS)}


def why(visible: Visible, i: int, k: str, titled: set[str]) -> str:
    """The likeliest reason that a block is not story, from what is plain to see."""
    text, box = visible.text[i], visible.box[i]
    if k in titled:
        return "title"
    if len(text) < 400 and (phrase := opening(text)):
        return phrase
    if visible.links[i] > 0.6 * len(text):
        return "headline-list" if text.count(" ") >= 3 else "navigation"
    bits = visible.own[box] | visible.above[box] & _FAR
    return _reason(bits & _TELLING) if bits & _TELLING else "furniture"


@cache
def _reason(bits: int) -> str:
    return next(reason for bit, reason in _REASONS if bits & _BITS[bit])


_TELLING = sum(_BITS[bit] for bit, _ in _REASONS)
# what a box further out says of all within it; "meta" or "related" out there may be anything
_FAR = sum(_BITS[name] for name in ("figure", "nav", "comment", "form", "ad"))


def standfirst(page: Page, kept: set[int]) -> str | None:
    """The line between title and story that says what it is about: named so by its class, or the page's description."""
    begin = next((i for i in sorted(kept) if page.para[i]), None)
    if begin is None:
        return None
    description = key(page.description)
    for i in range(max(0, begin - 6), begin + 1):
        if not 5 <= page.count[i] <= 80 or page.link[i] > 0.3:
            continue
        named = page.page.own[page.page.box[i]] & _BITS["lead"] and page.page.tag[page.page.box[i]] != "h1"
        described = len(page.keys[i]) > 30 and page.keys[i] in description
        if named or described:
            return page.page.text[i]
    return None
