"""Tree of a page -> the lines that trafilatura keeps of it, in its fast mode or in all of its modes."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree

from .blocks import fold

# trafilatura drops these itself, after it has copied and searched the whole tree several times
_UNREAD = ("head", "nav", "footer", "iframe", "noscript", "select", "button", "input", "textarea", "picture", "video",
           "audio", "canvas", "object", "embed", "link", "meta", "aside", "img", "source", "map", "area",
           "dialog")  # fmt: skip
_BOXES = frozenset(("div", "section", "a", "span", "li", "ul", "p", "i"))  # which it drops where nothing is in them
_WHITE = " \t\r\n"
_GONE = "newsmill-gone"  # a tag no page has a use for
# Read by none of its rules for text, and copied with every copy of the tree it makes (three and more).
_UNREAD_ATTRIBUTES = ("href", "target", "title", "alt", "width", "height", "datetime", "itemtype", "tabindex")
# The modes that compare what the rules found with the choice of readability and jusText.
_MODES: tuple[dict[str, bool], ...] = ({}, {"recall": True}, {"precision": True})


def fast_lines(tree: Any) -> list[str]:
    """Lines of trafilatura's fast mode: its rules alone, on a tree without what they never keep."""
    slim = deepcopy(tree)
    etree.strip_elements(slim, *_UNREAD, with_tail=False)
    etree.strip_attributes(slim, *_UNREAD_ATTRIBUTES)
    for element in _empty(slim):
        element.tag = _GONE
    etree.strip_elements(slim, _GONE, with_tail=False)
    return _lines(slim, _options(fast=True))


def compared_lines(tree: Any) -> list[list[str]]:
    """Lines of trafilatura's default, recall and precision modes, each on the whole tree."""
    return [_lines(deepcopy(tree), _options(**mode)) for mode in _MODES]


def _lines(tree: Any, options: Any) -> list[str]:
    import trafilatura

    document: Any = trafilatura.bare_extraction(tree, options=options)
    return [line for raw in (document.text if document else "").splitlines() if (line := fold(raw))]


@cache
def _options(**mode: bool) -> Any:
    """Made once for each mode: the settings are read from a ConfigParser, and none is written to."""
    from trafilatura.settings import Extractor

    options: Any = mode
    return Extractor(output_format="python", comments=False, **options)


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
