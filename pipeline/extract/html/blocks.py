"""Tree of a page -> its visible blocks in page order and the tree of boxes that hold them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ..characters import without_unseen
from ..words import count_words

# Elements whose text nobody reads, or only as a label of something else.
HIDDEN = frozenset(
    "script style svg template noscript head title meta link iframe object embed audio video canvas map select option "
    "rp rt rtc datalist textarea input math frame frameset applet".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb ruby s samp small "
    "span strike strong sub sup time tt u var wbr img picture source".split()
)
# Deeper than this a subtree's pieces of text are taken one by one: Python recurses no further.
MAX_DEPTH = 300
MIN_LIST = 4  # lines turned by single breaks, none a sentence, that are a block each
_TURN = "\x1e"  # where a single <br> stands: counts as white space, and parsed text holds no control characters

# What the words in class and id say of a box, from boxes.tsv.
CUES = dict(
    line.split("\t")
    for line in (files(__package__) / "boxes.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
NAMES = tuple(CUES)
_BIT = {word: 1 << n for n, words in enumerate(CUES.values()) for word in words.split()}
_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# Kinds of boxes that HTML itself names, as further bits.
KINDS = ("figure", "table", "list", "quote", "aside", "nav", "form", "article", "heading", "body", "section", "unseen",
         "fold")  # fmt: skip
_KIND_TAGS = {
    "figure": "figure figcaption",
    "table": "table td th",
    "list": "ul ol li dl dt dd",
    "quote": "blockquote",
    "aside": "aside",
    "nav": "nav footer header",
    "form": "form fieldset button",
    "article": "article main",
    "heading": "h1 h2 h3 h4 h5 h6",
    "section": "section",
    "fold": "details summary",  # what a click unfolds
}
_KIND_BIT = {tag: 1 << (len(NAMES) + KINDS.index(kind)) for kind, tags in _KIND_TAGS.items() for tag in tags.split()}
_BODY_BIT = 1 << (len(NAMES) + KINDS.index("body"))
_UNSEEN_BIT = 1 << (len(NAMES) + KINDS.index("unseen"))
# What a role says of its element is what the tag of that name would say.
_ROLES = {
    "navigation": "nav", "banner": "nav", "contentinfo": "nav", "complementary": "aside", "main": "article",
    "article": "article", "dialog": "form", "alertdialog": "form", "search": "form", "tabpanel": "fold",
    "heading": "heading", "list": "list", "listitem": "list",
}  # fmt: skip
_ROLE_BIT = {role: 1 << (len(NAMES) + KINDS.index(kind)) for role, kind in _ROLES.items()}
BITS = (*NAMES, *KINDS)


@dataclass(slots=True)
class Visible:
    """A page's blocks and boxes as parallel lists; box 0 is the root."""

    text: list[str] = field(default_factory=list)  # of each block: white space folded, NFC
    links: list[int] = field(default_factory=list)  # of each block: characters inside <a>
    box: list[int] = field(default_factory=list)  # of each block: the box that holds it
    tag: list[str] = field(default_factory=list)  # of each box
    element: list[Any] = field(default_factory=list)  # of each box: the element of the tree
    parent: list[int] = field(default_factory=list)  # of each box; -1 for the root
    end: list[int] = field(default_factory=list)  # of each box: the first box behind it that is not in it
    own: list[int] = field(default_factory=list)  # of each box: BITS of its own name, class and id
    above: list[int] = field(default_factory=list)  # of each box: BITS of all boxes around it
    path: list[int] = field(default_factory=list)  # of each box: a number for its and all outer boxes' tags and classes
    depth: int = 0  # of the deepest element
    pieces: int = 0  # of text, in the block that has most


def fold(text: str) -> str:
    """White space folded, invisible marks (soft hyphen, zero width, direction) gone, NFC."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    if (visible := without_unseen(text)) != text:
        text = " ".join(visible.split())
    return unicodedata.normalize("NFC", text)


@lru_cache(4096)
def cues(names: str) -> int:
    """BITS of a class or id attribute."""
    bits = 0
    for name in names[:300].split():
        bits |= _name_cues(name)
    return bits


@lru_cache(8192)
def _name_cues(name: str) -> int:
    bits = 0
    for word in _TOKEN.findall(name):
        bits |= _BIT.get(word.lower(), 0)
    return bits


@lru_cache(4096)
def _unnumbered(names: str) -> str:
    """A class attribute without its digits: "paragraph-3" looks like "paragraph-4"."""
    return _NUMBER.sub("", names)


_TOLD = frozenset(("itemprop", "style", "hidden", "aria-hidden", "role"))


def _told(name: str, value: str) -> int:
    """BITS of an attribute that says more than a name."""
    if name == "itemprop":
        return _BODY_BIT if value == "articleBody" else 0
    if name == "role":
        return _ROLE_BIT.get(value, 0)
    unseen = name == "hidden" or ("display" in value and "none" in value if name == "style" else value == "true")
    return _UNSEEN_BIT if unseen else 0


def read(root: Any) -> Visible:
    """Every block a browser would show as a paragraph, heading, cell or item, and where it stands."""
    page = Visible()
    parts: list[str] = []
    linked = 0
    breaks = 0
    paths: dict[tuple[int, str, str], int] = {}

    def flush(box: int) -> None:
        nonlocal linked, breaks
        if len(parts) > page.pieces:
            page.pieces = len(parts)
        whole = "".join(parts)
        for text in _lines(whole) if _TURN in whole and not linked else [fold(whole)]:
            if text:
                page.text.append(text)
                page.links.append(linked)
                page.box.append(box)
        parts.clear()
        linked = breaks = 0

    def visit(element: Any, tag: str, around: int, in_link: bool, depth: int) -> None:
        nonlocal linked, breaks
        if depth > page.depth:
            page.depth = depth
        box = around
        block = tag not in INLINE
        if block:
            if parts:
                flush(around)
            linked = breaks = 0
            box = len(page.tag)
            bits, look = _KIND_BIT.get(tag, 0), ""
            for name, value in element.items():
                if name == "class":
                    bits |= cues(value)
                    look = _unnumbered(value)
                elif name == "id":
                    bits |= cues(value)
                elif name in _TOLD:
                    bits |= _told(name, value)
            page.tag.append(tag)
            page.element.append(element)
            page.parent.append(around)
            page.own.append(bits)
            page.path.append(paths.setdefault((page.path[around] if around >= 0 else -1, tag, look), len(paths)))
            page.above.append(page.own[around] | page.above[around] if around >= 0 else 0)
            page.end.append(0)
        elif tag == "a":
            in_link = True
        # white space before any text is nothing; most of a page's pieces are such
        if (text := element.text) and (parts or not text.isspace()):
            parts.append(text)
            if in_link:
                linked += len(text)
        if depth > MAX_DEPTH:
            for piece in list(element.itertext())[1 if element.text else 0 :]:
                if parts:
                    flush(box)
                parts.append(piece)
        else:
            for child in element:
                name = child.tag
                if name == "br":
                    breaks += 1
                    # two in a row, or one after a sentence of some length, end a paragraph; else the line just turns
                    last = next((part for part in parts[:-4:-1] if not part.isspace()), "").rstrip()
                    size = sum(map(len, parts)) if len(parts) < 20 else 1000
                    if last and (breaks > 1 or (size > 80 and last[-1] in '.!?…"”»') or len(parts) > 200):
                        flush(box)
                    elif parts:
                        parts.append(_TURN)
                elif name in INLINE and not len(child):  # a third of all elements: no call for them
                    if depth >= page.depth:
                        page.depth = depth + 1
                    if (text := child.text) and (parts or not text.isspace()):
                        parts.append(text)
                        if in_link or name == "a":
                            linked += len(text)
                elif name not in HIDDEN:
                    visit(child, name, box, in_link, depth + 1)
                if (tail := child.tail) and (parts or not tail.isspace()):
                    parts.append(tail)
                    if in_link:
                        linked += len(tail)
                    if breaks and not tail.isspace():
                        breaks = 0
        if block:
            if parts:
                flush(box)
            linked = 0
            page.end[box] = len(page.tag)

    visit(root, root.tag, -1, False, 0)
    return page


def _lines(text: str) -> list[str]:
    """The lines of a block that breaks turn: as one, but apart where they are a list of headlines or the like."""
    lines = [line for piece in text.split(_TURN) if (line := fold(piece))]
    apart = [line for line in lines if 3 < count_words(line) <= 20 and line[-1] not in ".!?…,;:-。、，；："]
    return lines if len(apart) >= MIN_LIST and len(apart) > 0.8 * len(lines) else [" ".join(lines)]


@dataclass(frozen=True, slots=True)
class Block:
    text: str


def blocks(root: Any) -> list[Block]:
    """The text of every visible block."""
    return [Block(text) for text in read(root).text]
