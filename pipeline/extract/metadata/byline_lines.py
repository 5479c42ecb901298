"""Lines that say who wrote a story -> names: "By Ann Name" by the heading, "Written by" anywhere in the story."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from ..htmldoc import HtmlDoc
from .byline_labels import BY, is_byline
from .layout import Layout
from .names import names
from .structured import fold

INLINE = frozenset("a abbr b bdi cite em font i mark s small span strong sub sup u label".split())
_SILENT = frozenset("time button svg script style img figure figcaption form input select option nav".split())
LONGEST = 200  # characters of a byline with its roles and date


def spoken(element: Any, limit: int = LONGEST + 100) -> str:
    """An element's text as a reader sees it: words whose markup is within stay whole, boxes are parted by a bar."""
    parts: list[str] = []
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str) or any(up.tag in _SILENT for up in itertools.islice(node.iterancestors(), 3)):
            continue
        boundary = node.tag not in INLINE and node is not element
        if event == "start":
            if boundary or (
                parts and node.getprevious() is not None and not node.getprevious().tail and node.tag in INLINE
            ):
                parts.append(" | ")
            if node.tag not in _SILENT and node.text:
                parts.append(node.text)
                length += len(node.text.strip())
        else:
            if boundary:
                parts.append(" | ")
            if node is not element and node.tail:
                parts.append(node.tail)
                length += len(node.tail.strip())
        if length > limit:
            break
    return re.sub(r"(?:\s*\|\s*)+", " | ", fold("".join(parts), limit + 50)).strip(" |")


_FIRST_NAME = re.compile(r"(?P<who>[A-Z][\w.-]{2,24})(?:\s*[|·•,]|\s+(?:at|on|in)\s|\s*$)")
BY_SOMEBODY = re.compile(rf"(?:(?:posted|written|published)\s+)?{BY}\s*:?\s+(?P<who>\S+(?: \S+){{0,2}})", re.I)
# Who wrote and what as, in a line of their own: "Petra Reevell, Staff Writer".
_WITH_ROLE = re.compile(
    r"(?P<who>[^\W\d_][^,|–—]{4,40})\s*[,|–—]\s*(?:[\w-]+ ){0,3}(?:reporter|correspondent|writer|journalist|columnist"
    r"|contributor|redakteur(?:in)?|reporterin|journalistin|korrespondent(?:in)?|journaliste|correspondante?|periodista"
    r"|corresponsal|giornalista|jornalista|journalist|muhabir)",
    re.I,
)


def may_be_short(element: Any) -> bool:
    """Whether an element may hold a line and no more, by its tag and first words."""
    return element.tag in ("p", "div", "span", "li") and 0 < len((element.text or "").strip()) <= 60


def short(near: dict[Any, None], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """ "by ibby", "Posted by BeauHD", "Ann Name, Staff Writer": lines of their own that say nothing else."""
    for element in itertools.islice(near, 60):
        if not may_be_short(element) or layout.foreign(element):
            continue
        text = spoken(element, 80).partition(" | ")[0]
        if match := _WITH_ROLE.fullmatch(text):
            if people := names(match["who"], outlets, strict=True):
                return people
        elif len(text) <= 40 and (match := BY_SOMEBODY.fullmatch(text)) and (people := names(match["who"], outlets)):
            return people
    return []


_LABEL = re.compile(
    r"(?:this \w+ was )?(?:written|posted|authored|contributed|words|story|article|text|reported) by\b|contributors?:"
    r"|(?:geschrieben|verfasst) von\b|écrit par\b|escrito por\b|scritto da\b|geschreven door\b|more (?:from|by)\b"
    r"|(?:by|authors?|author\(s\)|autor(?:in|en|es)?|auteurs?|autor[ei])\s*:?$",
    re.I,
)
_PERSON_ICON = re.compile(r"(?:^|[\s_-])(?:user|person|author)(?:$|[\s_-])", re.I)


def elsewhere(doc: HtmlDoc, layout: Layout, outlets: Sequence[str]) -> list[str]:
    """Anywhere in the story's own boxes: "Written by Ann Name", the line behind such a label or a person's icon."""
    for element in doc.tree.iter(
        "p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "dt"
    ):
        text = element.text
        if element.tag == "i" and not (text or "").strip() and _PERSON_ICON.search(element.get("class") or ""):
            credit = fold(element.tail, 60)
        elif text and _LABEL.match(text.strip()):
            credit = spoken(element, 160)
            if _LABEL.fullmatch(credit.strip(" :")) or _LABEL.fullmatch(credit):
                following = element.getnext()
                credit = fold(element.tail, 60) or ("" if following is None else spoken(following, 120))
            elif len(credit) > 120:
                continue
            credit = _LABEL.sub("", credit, count=1)
        else:
            continue
        if not credit or layout.foreign(element):
            continue
        if people := names(credit, outlets, strict=True):
            return people[:8]
        if (match := _FIRST_NAME.match(credit)) and (people := names(match["who"])):
            return people
    return []


def by_heading(near: dict[Any, None], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """A short line of its own by the heading that begins as a byline does."""
    for element in near:
        if not isinstance(element.tag, str):
            continue
        for part, owner in ((element.text, element), (element.tail, element.getparent())):
            if owner is None or owner is layout.heading or not part or not is_byline(part.strip() + " "):
                continue
            if layout.foreign(owner):
                continue
            box = owner
            while box.tag in INLINE and box.getparent() is not None:
                box = box.getparent()
            text = spoken(box, 160) if box not in layout.above else fold(part, 160)
            text = text if is_byline(text + " ") else fold(part, 160)
            if len(text) <= 120 and (people := names(text, outlets, strict=True)):
                return people[:8]
    return []
