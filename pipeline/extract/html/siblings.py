"""Blocks and boxes of a page -> for each block, what the repeated boxes are like that it stands in one of.

Readers' comments, teasers, products, questions with answers and the posts of a live blog are boxes of one kind side by
side. What their boxes hold tells them apart in any language: a time or a number in each (comments, posts), the same
word in each ("Reply", "Read more"), a link first (teasers), a heading first and text below (products, questions).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .blocks import Visible

NAMES = (
    "rep_boxes", "rep_words", "rep_para", "rep_link", "rep_number", "rep_same", "rep_link_first", "rep_heading",
    "rep_before", "rep_last",
)  # fmt: skip
FEWEST = 3  # boxes of one kind side by side
_SHORT = 8  # words of a line that is a label, a name or a time
_DIGIT = re.compile(r"\d")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"))


def repeats(page: Visible, keys: Sequence[str], count: Any, paragraph: Any, linked: Any) -> Any:
    """(blocks, NAMES): zeros where a block stands in no repeated box. `count`, `paragraph`, `linked`: words of each
    block, of those that are paragraphs, in links.

    The innermost repeated box around a block's own counts: paragraphs side by side are no repeated boxes.
    """
    parent, path = np.array(page.parent), np.array(page.path)
    kind = np.unique(path + (parent + 1) * len(path), return_inverse=True)[1]  # the same parent, tag and classes
    times = np.bincount(kind)
    unit = [-1] * len(parent)  # of each box the innermost repeated one that it is or stands in
    often = (times[kind] >= FEWEST).tolist()
    for box, around in enumerate(page.parent):
        unit[box] = box if often[box] and around >= 0 else (unit[around] if around >= 0 else -1)
    unit_of = np.array([unit[page.parent[box]] if page.parent[box] >= 0 else -1 for box in page.box], dtype=np.int64)
    at = np.flatnonzero(unit_of >= 0)
    table = np.zeros((len(page.text), len(NAMES)))
    if not len(at):
        return table
    units, which = np.unique(unit_of[at], return_inverse=True)
    group = kind[units]  # of each unit
    group = np.unique(group, return_inverse=True)[1]
    n, m = len(units), int(group.max()) + 1
    number, heading, first, same = np.zeros(n), np.zeros(n), np.full(n, -1.0), np.zeros(n)
    labels: dict[tuple[int, str], set[int]] = {}
    for i, u in zip(at.tolist(), which.tolist(), strict=True):
        if first[u] < 0:
            first[u] = float(linked[i] > 0.5 * count[i])
            heading[u] = page.tag[page.box[i]] in _HEADINGS
        if count[i] <= _SHORT:
            if _DIGIT.search(page.text[i]):
                number[u] = 1
            if keys[i]:
                labels.setdefault((int(group[u]), keys[i]), set()).add(u)
    filled = np.bincount(group, minlength=m)  # units with text in them, of each kind
    for (of, _), inside in labels.items():
        if len(inside) >= max(FEWEST, 0.6 * filled[of]):
            for u in inside:
                same[u] = 1

    def sums(values: Any) -> Any:  # of each kind, over its units
        return np.bincount(group, values, minlength=m)

    of_unit = [np.bincount(which, np.asarray(values)[at], minlength=n) for values in (count, paragraph, linked)]
    words, para, link = map(sums, of_unit)
    total = paragraph.sum() or 1.0
    g = group[which]
    order = _order(group)
    table[at] = np.array((
        np.log1p(filled)[g], np.log1p(words / filled)[g], (para / total)[g], (link / np.maximum(words, 1))[g],
        (sums(number) / filled)[g], (sums(same) / filled)[g], (sums(np.maximum(first, 0)) / filled)[g],
        (sums(heading) / filled)[g], np.log1p(order)[which], (filled[group] - order - 1 == 0)[which],
    )).T  # fmt: skip
    return table


def _order(group: Any) -> Any:
    """Of each unit, how many of its kind precede it."""
    counts: dict[int, int] = {}
    order = []
    for g in group.tolist():
        order.append(counts.get(g, 0))
        counts[g] = order[-1] + 1
    return np.array(order)
