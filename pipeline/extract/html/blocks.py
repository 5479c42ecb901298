"""Tree of a page -> its visible blocks in page order, each with its path and its links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Elements whose text nobody reads, or only as a label of something else.
HIDDEN = frozenset(
    "script style svg template noscript head title meta link iframe object embed audio video canvas map select option "
    "datalist textarea input math frame frameset applet".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr img picture source".split()
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a browser shows as one paragraph, heading, cell or item."""

    text: str  # white space folded, NFC
    links: int  # characters inside <a>
    tag: str  # of the element that holds it
    path: tuple[Any, ...]  # its elements from the outermost in


def fold(text: str) -> str:
    """White space folded, invisible marks (soft hyphen, zero width, bidi) gone, NFC."""
    text = " ".join(text.split())
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def blocks(root: Any) -> list[Block]:
    return list(_blocks(root))


def _blocks(root: Any) -> Iterator[Block]:
    """Depth first with a stack of our own: pages nest deeper than Python recurses."""
    parts: list[str] = []
    linked = 0
    path: list[Any] = []
    stack: list[tuple[Any, bool]] = [(root, False)]
    in_link = 0
    breaks = 0
    while stack:
        element, leaving = stack.pop()
        tag = element.tag
        if leaving:
            if tag not in INLINE:
                if parts:
                    if text := fold("".join(parts)):
                        yield Block(text, linked, path[-1].tag, tuple(path))
                    parts, linked = [], 0
                path.pop()
                breaks = 0
            elif tag == "a":
                in_link -= 1
        elif not isinstance(tag, str) or tag in HIDDEN:
            pass
        elif tag == "br":
            breaks += 1
            # two in a row, or one after a full sentence of some length, end a paragraph; else the line just turns
            whole = "".join(parts).rstrip()
            if parts and (breaks > 1 or (len(whole) > 80 and whole[-1] in '.!?…"”»')):
                if text := fold(whole):
                    yield Block(text, linked, path[-1].tag, tuple(path))
                parts, linked = [], 0
            elif parts:
                parts.append(" ")
        else:
            if tag not in INLINE:
                if parts:
                    if text := fold("".join(parts)):
                        yield Block(text, linked, path[-1].tag, tuple(path))
                    parts, linked = [], 0
                path.append(element)
                breaks = 0
            elif tag == "a":
                in_link += 1
            if (text := element.text) and not text.isspace():
                parts.append(text)
                linked += len(text) if in_link else 0
                breaks = 0
            elif text and parts:
                parts.append(" ")
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
            continue
        # the text after an element belongs to its parent
        if (tail := element.tail) and element is not root:
            if not tail.isspace():
                parts.append(tail)
                linked += len(tail) if in_link else 0
                breaks = 0
            elif parts:
                parts.append(" ")
