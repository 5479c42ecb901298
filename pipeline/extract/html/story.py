"""Parsed page -> its visible lines, each kept as story or taken off under a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape

from ...formats.markup import without_tags
from ...model import Line
from ..htmldoc import HtmlDoc, without_noise
from ..rules import opening
from . import choice, model
from .blocks import BITS, MAX_DEPTH, Visible, fold, read
from .completion import completed
from .copies import copies
from .edges import edges
from .features import Page
from .headlines import headline_lists
from .labelled import labelled_boxes
from .phrases import key
from .residue import residue
from .scripts import from_scripts
from .stated import stated_blocks
from .threads import threads

# A page with more blocks or boxes goes without trafilatura, parts of which are quadratic: 10,000 <h2> take it over
# 10 s. The largest of 513 real pages has 5,000 elements.
MAX_BLOCKS = 4_000
MAX_BOXES = 15_000
MAX_PIECES = 5_000  # of text in one block, in whose number it is quadratic: 8,000 <span> in a <p> take it 6 s
MAX_MARKUP = 18_000  # "<" in the page; the largest of those has 10,000
MIN_ARTICLE_BODY = 400  # characters; a shorter articleBody is a teaser
_BLOCK_TAG = re.compile(r"</?(?:p|div|h[1-6]|li|ul|ol|td|tr|table|section|article|br|blockquote)\b[^<>]*>", re.I)
_SEPARATOR = re.compile(r"(?<!\s)\s++[|\-–—•·:»]\s+")


@dataclass(frozen=True, slots=True)
class Body:
    """A page's visible lines in page order, kept (rule None) and taken off."""

    lines: tuple[Line, ...]
    flags: tuple[str, ...]  # "fallback:fast", "fallback:json-ld", "fallback:state", "cut:elements", ...
    standfirst: str | None
    confidence: float | None = None  # 0 to 1: expected F1 of the text's words; None where no model judged them
    visible: Visible | None = None  # the blocks that `lines` are of, one for one; None where they come from elsewhere

    @property
    def text(self) -> str:
        return "\n\n".join(line.text for line in self.lines if line.rule is None)


def body(doc: HtmlDoc, *, title: str | None, fast: bool = False, models: model.Models | None = None) -> Body:
    """Keep the story, drop the furniture. `fast`: without asking other extractors.
    `models`: others than those shipped, for measuring.

    Pages too large for trafilatura are treated so too, which a flag tells. A page whose text is only in its scripts
    (JSON-LD articleBody, application state) gives that text. Never raises on markup, however broken.
    """
    visible = read(doc.tree)
    flags = [*doc.flags]
    if visible.depth > MAX_DEPTH and (lines := unparsed(doc.html, visible)):
        return Body(tuple(lines), (*flags, "fallback:plain"), None, None)
    alone = fast or too_large(doc, visible)
    if alone:
        flags.append("fallback:fast")
    page: Page | None = None
    stated: set[int] = set()
    confidence: float | None = None
    if len(visible.text) > MAX_BLOCKS:
        chosen = [i for i, t in enumerate(visible.text) if is_paragraph(t)] or list(range(len(visible.text)))
    else:
        selection = choice.choose(
            lambda extracts: survey(doc, visible, title, extracts),
            doc.tree,
            models or model.models(),
            ask=not alone,
        )
        page, chosen, confidence = selection.page, selection.story, selection.confidence
        if page:
            stated = stated_blocks(page, doc)
            chosen = completed(page, sorted(stated.union(selection.story)))
    if inside := from_scripts(doc, article_body(doc), sum(len(visible.text[i]) for i in chosen)):
        flags.append(inside[0])
        lines = [Line(text, "furniture") for text in visible.text] + [Line(text, None) for text in inside[1]]
        return Body(tuple(lines), tuple(flags), None, None)
    titled = {key(t) for t in (page.titles if page else titles(doc, title))} - {""}
    lead = standfirst(page, set(chosen)) if page else None
    named = {}
    if page:
        added = set(chosen).difference(selection.story, stated)
        named = headline_lists(visible, page.para, chosen, added) | edges(visible.text, page.para, chosen, lead)
        named |= labelled_boxes(visible, page.count, chosen) | residue(visible, page.para, chosen)
        named |= threads(visible, page.keys, page.count, page.para, chosen)
    kept = set(chosen) - (named.keys() - stated)
    twice = copies(visible, page.keys, sorted(kept)) if page else set()
    lines = []
    for i, text in enumerate(visible.text):
        k = page.keys[i] if page else ""
        rule: str | None = None
        if i not in kept:
            rule = named.get(i) or why(visible, i, k, titled)
        elif k in titled:
            rule = "title"
        elif i in twice:
            rule = "repeated"
        elif page and i not in stated and (phrase := plain_furniture(page, i)):
            rule = phrase
        lines.append(Line(text, rule))
    return Body(tuple(lines), tuple(flags), lead, confidence, visible)


def too_large(doc: HtmlDoc, visible: Visible) -> bool:
    """Whether trafilatura would take too long over the page."""
    return (
        len(visible.text) > MAX_BLOCKS
        or len(visible.tag) > MAX_BOXES
        or visible.pieces > MAX_PIECES
        or doc.marks > MAX_MARKUP
    )


def unparsed(html: str, visible: Visible) -> list[Line]:
    """The markup's lines without its tags, where the parser gave up on nesting and lost most of them; else []."""
    pieces = [
        text for piece in _BLOCK_TAG.split(without_noise(html)[0]) if (text := fold(unescape(without_tags(piece))))
    ]
    if sum(map(len, pieces)) < 2 * sum(map(len, visible.text)):
        return []
    return [Line(text, None if is_paragraph(text) else "furniture") for text in pieces]


def titles(doc: HtmlDoc, title: str | None) -> list[str]:
    """Every form in which the page may repeat its title."""
    whole = " ".join(doc.title.split())[:500]
    named = [node["headline"] for node in doc.json_ld if isinstance(node.get("headline"), str)]
    forms = [title or "", doc.meta.get("og:title", ""), doc.meta.get("twitter:title", ""), *named, whole]
    return [t for t in (*forms, _SEPARATOR.split(whole)[0]) if t]


def article_body(doc: HtmlDoc) -> str:
    """The longest articleBody of the page's JSON-LD; "" where it is but a teaser."""
    bodies = [node["articleBody"] for node in doc.json_ld if isinstance(node.get("articleBody"), str)]
    longest = max(bodies, key=len, default="")
    return longest if len(longest) >= MIN_ARTICLE_BODY else ""


def survey(doc: HtmlDoc, visible: Visible, title: str | None, extracts: Sequence[Sequence[str]]) -> Page | None:
    """The page's blocks with all that is known of them; None where it shows no text."""
    if not visible.text:
        return None
    names = ("og:description", "description", "twitter:description")
    description = max((doc.meta.get(name, "") for name in names), key=len)
    return Page(
        visible, extracts=extracts, titles=titles(doc, title), description=description, article_body=article_body(doc)
    )


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
