"""How a page is read: in full, fast, or as plain text with its tags taken off. A page is cut down before it is lost.

What the page itself shows (elements, depth, text that the parser dropped) decides first, so that the verdict is the
same on every machine; the limits of CPU and memory of the worker come after that, one level lower each time.
"""

from __future__ import annotations

import html
import re
from typing import Literal, cast

from lxml import etree

from .htmldoc import HtmlDoc

Level = Literal["full", "fast", "plain"]

# Of 513 real news pages the deepest has 138 levels, the largest 5,000 elements, and of each the parser kept 97%.
MAX_DEPTH = 200  # beyond 254 libxml2's XPath and trafilatura give back next to nothing, and say nothing of it
FAST_ELEMENTS = 20_000
PLAIN_ELEMENTS = 60_000
MAX_CHARS = 2_000_000  # of text: the longest story of 513 has 60,000
MAX_LINES = 50_000
_ALL = etree.XPath("count(//*)")
_DEEP = etree.XPath(f"boolean({'/*' * MAX_DEPTH})")  # level by level in C: 0.1 ms, a walk in Python takes 2
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?:[\s/][^<>]*)?>|<[!?][^<>]*>")
_TITLE = re.compile(r"<title\b[^<>]*>([^<>]{1,500})", re.I)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
_HIDDEN = re.compile(r"<(script|style|svg|template|noscript|iframe|head)(?=[\s/>])|<!--", re.I)
_END = {name: re.compile(f"</{name}", re.I) for name in "script style svg template noscript iframe head".split()}
_END[""] = re.compile("-->")
_SPACE = re.compile(r"[ \t\r\f\v]+")


def choose(doc: HtmlDoc, asked: Level = "full") -> tuple[Level, str | None]:
    """The level for a parsed page, `asked` or a lower one, and the flag that says why it is not that."""
    elements = int(cast(float, _ALL(doc.tree)))
    if elements > PLAIN_ELEMENTS:
        return "plain", f"fallback:plain, {elements} elements"
    if _DEEP(doc.tree):
        return "plain", "fallback:plain, nested too deeply"
    if elements < 0.8 * doc.opened - 20:
        return "plain", f"fallback:plain, the parser lost {doc.opened - elements} elements"
    if elements > FAST_ELEMENTS and asked == "full":
        return "fast", f"fallback:fast, {elements} elements"
    return asked, None


def capped(text: str) -> tuple[str, tuple[str, ...]]:
    """Text with no more lines and characters than a book has, and a flag where some were cut."""
    cuts = []
    if len(text) > MAX_CHARS:
        cuts.append(f"cut:text, {len(text)} characters")
        text = text[:MAX_CHARS]
    if text.count("\n") > MAX_LINES:
        lines = text.split("\n")
        cuts.append(f"cut:text, {len(lines)} lines")
        text = "\n".join(lines[:MAX_LINES])
    return text, tuple(cuts)


def plain(markup: str) -> tuple[str | None, str]:
    """Title and text, a line for each block, of a page whose tags are taken off. Linear in its size."""
    title = _TITLE.search(markup[:200_000])
    text = _TAG.sub(lambda m: "" if (m[2] or "").lower() in _INLINE else "\n", _visible(markup))
    lines = (_SPACE.sub(" ", line).strip() for line in html.unescape(text).split("\n"))
    heading = html.unescape(title[1]).strip() if title else ""
    return heading or None, "\n".join(line for line in lines if line)


def _visible(markup: str) -> str:
    """Without what no reader sees. An element without an end hides nothing: where it began its text goes on."""
    parts: list[str] = []
    missing: set[str] = set()
    done = at = 0
    while opened := _HIDDEN.search(markup, at):
        name = (opened[1] or "").lower()
        end = None if name in missing else _END[name].search(markup, opened.end() if name else opened.start() + 2)
        if end is None:
            missing.add(name)
            at = opened.end()
            continue
        parts.append(markup[done : opened.start()])
        after = markup.find(">", end.start())
        done = at = len(markup) if after < 0 else after + 1
    parts.append(markup[done:])
    return " ".join(parts)
