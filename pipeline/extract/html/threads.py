"""The blocks held for story -> readers' comments below it, told by their boxes in any language.

Boxes of one kind side by side, each with a name first, a time or day, a text, and at the end the same word in all of
them ("Reply", "Odpowiedz"). Posts of a live blog begin with their time, products and slides with a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .blocks import Visible

FEWEST = 3
MOST = 0.75  # of the boxes must be so
STORY = 60  # words of the story above them
_NAME = 8  # words, with the time where that stands beside it
_LABEL = 3
_TIME = re.compile(r"\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b|\b\d{1,3} ?[^\W\d_]{1,9}\b")
_PRICE = re.compile(r"[$€£¥₹%]|\b(?:kr|zł|Kč|Ft|USD|EUR)\b")
_DIGITS = re.compile(r"[\d\W_]+")
_ENDS = re.compile(r"[.!?…:]$")
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "summary", "dt"))


def threads(
    page: Visible, keys: Sequence[str], count: Sequence[float], paragraph: Sequence[float], chosen: Sequence[int]
) -> dict[int, str]:
    """Of the chosen blocks those to take off. `keys`, `count`, `paragraph`: of each block its key, its words, and its
    words where it is a paragraph."""
    kept = set(chosen)
    groups: dict[tuple[int, int], None] = {}
    visited: set[int] = set()
    for i in chosen:
        box = page.box[i]
        while box > 0 and box not in visited:
            visited.add(box)
            if page.tag[box] not in _PARAGRAPHS:
                groups[page.parent[box], page.path[box]] = None
            box = page.parent[box]
    alike: dict[tuple[int, int], list[int]] = {}
    for box, kind in enumerate(zip(page.parent, page.path, strict=True)):
        if kind in groups:
            alike.setdefault(kind, []).append(box)
    alike = {kind: boxes for kind, boxes in alike.items() if len(boxes) >= FEWEST}
    first = _first_blocks(page) if alike else []
    comments: set[int] = set()
    for boxes in alike.values():
        units = [unit for box in boxes if (unit := _inside(page, box, first[box]))]
        if len(units) < FEWEST or sum(paragraph[i] for i in kept if i < units[0][0]) < STORY:
            continue
        if _is_thread(page, keys, count, units):
            comments |= {i for unit in units for i in unit if i in kept}
    return dict.fromkeys(comments, "comment")


def _first_blocks(page: Visible) -> list[int]:
    """Of each box the first block in it; -1 where none is."""
    first = [-1] * len(page.parent)
    for i, box in enumerate(page.box):
        while box >= 0 and first[box] < 0:
            first[box] = i
            box = page.parent[box]
    return first


def _inside(page: Visible, box: int, first: int) -> list[int]:
    """The blocks in a box, which stand together."""
    last = first
    while 0 <= last < len(page.box) and box <= page.box[last] < page.end[box]:
        last += 1
    return list(range(first, last)) if first >= 0 else []


def _is_thread(page: Visible, keys: Sequence[str], count: Sequence[float], units: Sequence[Sequence[int]]) -> bool:
    heads = [unit for unit in units if len(unit) >= 3 and _is_commenter(page, count, unit)]
    if len(heads) < max(FEWEST, MOST * len(units)):
        return False
    names = Counter(_DIGITS.sub("", keys[unit[0]]) for unit in heads)
    if len(names) < 0.5 * len(heads):
        return False
    labels = Counter(key for unit in heads for key in {keys[i] for i in unit[-3:] if count[i] <= _LABEL} if key)
    return bool(labels) and labels.most_common(1)[0][1] >= MOST * len(heads)


def _is_commenter(page: Visible, count: Sequence[float], unit: Sequence[int]) -> bool:
    """Whether a box begins with a name, says when, and has a text."""
    name = page.text[unit[0]]
    short = [page.text[i] for i in unit if count[i] <= _NAME]
    return (
        count[unit[0]] <= _NAME
        and any(map(str.isalpha, name))
        and not _ENDS.search(name)
        and not any(page.tag[page.box[i]] in _HEADINGS for i in unit)
        and any(_TIME.search(text) for text in short)
        and not any(_PRICE.search(text) for text in short)
        and any(count[i] > _NAME for i in unit)
    )
