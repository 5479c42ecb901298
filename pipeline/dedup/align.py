"""Alignment of two texts: pairs of paragraphs, each cut into common spans and spans of one text alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Side = Literal["both", "first", "second"]

MOST_WORDS = 2_000  # of a paragraph that are aligned word by word; the matcher is quadratic at worst
_WORD = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words of one paragraph."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph of each text that belong together, or one that has no counterpart."""

    first: int | None  # its number in the first text, from 0
    second: int | None
    left: tuple[Span, ...]  # the first text's paragraph: "both" and "first"
    right: tuple[Span, ...]  # the second text's paragraph: "both" and "second"


def align(first: str, second: str) -> list[Row]:
    """Pair the paragraphs that share most words, then mark in each pair what differs.

    Rows follow the first text; paragraphs that only the second has come at their place in it.
    """
    ours, theirs = first.split("\n\n"), second.split("\n\n")
    partner = _pairs([_bag(p) for p in ours], [_bag(p) for p in theirs])
    taken = set(partner.values())
    rows: list[Row] = []
    shown = 0

    def only_second(until: int) -> None:
        nonlocal shown
        for n in range(shown, until):
            if n not in taken:
                rows.append(Row(None, n, (), (Span("second", theirs[n]),)))
        shown = max(shown, until)

    for n, paragraph in enumerate(ours):
        if (match := partner.get(n)) is None:
            rows.append(Row(n, None, (Span("first", paragraph),), ()))
            continue
        only_second(match)
        shown = max(shown, match + 1)
        rows.append(Row(n, match, *_spans(paragraph, theirs[match])))
    only_second(len(theirs))
    return rows


def _bag(paragraph: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(paragraph))


def _pairs(ours: Sequence[Counter[str]], theirs: Sequence[Counter[str]]) -> dict[int, int]:
    """Greedy matching of paragraphs, the most similar pairs first; a pair shares at least half of the shorter one."""
    scored = []
    for i, a in enumerate(ours):
        for j, b in enumerate(theirs):
            shared = (a & b).total()
            if shared and shared >= 0.5 * min(a.total(), b.total()):
                scored.append((-shared, abs(i - j), i, j))
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, _, i, j in sorted(scored):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs


def _spans(first: str, second: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    if first == second:
        return (Span("both", first),), (Span("both", second),)
    a, b = list(_WORD.finditer(first)), list(_WORD.finditer(second))
    if max(len(a), len(b)) > MOST_WORDS:
        return (Span("first", first),), (Span("second", second),)
    matcher = SequenceMatcher(None, [m[0].casefold() for m in a], [m[0].casefold() for m in b], autojunk=False)
    left: list[Span] = []
    right: list[Span] = []
    for kind, i, i_end, j, j_end in matcher.get_opcodes():
        same = kind == "equal"
        if i < i_end:
            left.append(Span("both" if same else "first", _cut(first, a, i, i_end)))
        if j < j_end:
            right.append(Span("both" if same else "second", _cut(second, b, j, j_end)))
    return tuple(left), tuple(right)


def _cut(text: str, words: Sequence[re.Match[str]], start: int, stop: int) -> str:
    """The words from `start` to before `stop` with the white space after them: the cuts add up to the paragraph."""
    end = words[stop].start() if stop < len(words) else len(text)
    return text[words[start].start() if start else 0 : end]
