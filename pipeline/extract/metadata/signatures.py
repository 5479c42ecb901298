"""A page that names its author nowhere else -> a box about the author, or a signature.

Such places hold other names as well, so that a first name has to be among the known ones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from .layout import Layout, marks
from .names import names
from .structured import fold

_BOX = re.compile(r"author|autor|auteur", re.I)
_SMALL = "div p span a h2 h3 h4 h5 h6 strong b cite".split()
_EMPHASIS = frozenset("strong b em i".split())
_LONG = 80  # characters of a paragraph of the story


def found(layout: Layout, outlets: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """(names, origin), the likelier first."""
    if people := _of_boxes(layout, outlets):
        yield people, "box about the author"
    if people := _of_signature(layout, outlets):
        yield people, "signature"


def is_person(name: str) -> bool:
    """Whether its first word is a known first name, or its second one is: family names go first in Hungary."""
    from ...tag import gazetteer

    words = name.split()
    return 2 <= len(words) <= 4 and any(word.title() in gazetteer.given() for word in words[:2])


def _of_boxes(layout: Layout, outlets: Sequence[str]) -> list[str]:
    """The first short piece of a box that is named after the author and says more than a byline does."""
    for box in layout.marked.signed[:30]:
        if not _BOX.search(marks(box)) or layout.foreign(box):
            continue
        for element in itertools.islice(box.iter(*_SMALL), 20):
            text = fold(element.text, 61)
            if 5 <= len(text) <= 60 and not len(element) and (people := _people(text, outlets)):
                return people
    return []


def _of_signature(layout: Layout, outlets: Sequence[str]) -> list[str]:
    """A paragraph in bold, in italics or on the right that is a name and nothing else, before or behind the story."""
    paragraphs = [(p, text) for p in itertools.islice(layout.doc.tree.iter("p"), 400) if (text := _text(p))]
    long = [i for i, (_, text) in enumerate(paragraphs) if len(text) >= _LONG]
    if not long:
        return []
    ends = [*range(long[-1] + 1, min(long[-1] + 3, len(paragraphs))), *range(max(0, long[0] - 2), long[0])]
    for paragraph, text in (paragraphs[i] for i in ends):
        if len(text) > 60 or not _is_set_apart(paragraph) or layout.foreign(paragraph):
            continue
        if people := _people(fold(text).replace("/", ", "), outlets):
            return people
    return []


def _text(paragraph: Any) -> str:
    return "".join(paragraph.itertext()).strip()


def _is_set_apart(paragraph: Any) -> bool:
    inner = [e for e in paragraph if (e.text or "").strip() or len(e)]
    if not (paragraph.text or "").strip() and inner and all(e.tag in _EMPHASIS for e in inner):
        return True
    return "right" in f"{paragraph.get('style') or ''} {paragraph.get('align') or ''} {paragraph.get('class') or ''}"


def _people(text: str, outlets: Sequence[str]) -> list[str]:
    people = names(text, outlets, strict=True)
    return people if people and all(map(is_person, people)) else []
