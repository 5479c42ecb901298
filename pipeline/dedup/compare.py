"""Two texts -> how much they share, and whether one repeats the other.

Containment of three-word shingles decides, against a limit that moves with what else the two texts say: templates and
second reports on one event share words and phrases without being copies of each other. All weights and limits were
measured on hand-checked pairs; docs/DECISIONS.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import ocr
from .tokens import I64, U64, Tokens, distinct, member, shingles

SIZE = 3  # words in a shingle of the exact comparison
MIN_WORDS = 50  # below this only the same text under the same title is a copy
MIN_SHINGLES = 40  # different ones: a sentence repeated a hundred times has a handful

# What a pair's limit moves with. Of two copies the parts that are not shared are foreign to each other; a template
# filled again shares the vocabulary of those parts too, but not the numbers.
VOCABULARY, VOCABULARY_WEIGHT = 0.80, 0.62
NUMBERS, NUMBERS_WEIGHT = 0.60, 0.20
LOWEST, HIGHEST = 0.35, 0.90

SUFFIX = 20  # words at the end of both that count as a common foot
FOOT_REST, FOOT_REST_SHARE, FOOT_REST_LIKE = 15, 0.1, 0.2
HEAD_RUN, HEAD_WORDS, HEAD_SHARE = 6, 40, 0.2
GAP = 4  # words between two shared runs that may be one thing said differently


@dataclass(frozen=True, slots=True)
class Profile:
    """A text as the comparison sees it."""

    text: str
    words: U64  # in order
    number: NDArray[np.bool_]  # which of them are numbers
    phrases: U64  # shingles in order
    shingles: U64  # the same, sorted, each once


@dataclass(frozen=True, slots=True)
class Likeness:
    """Measured on shingles of three words, exactly."""

    jaccard: float
    containment: float  # shared shingles / shingles of the text that has fewer
    covered: float  # shared shingles / shingles of the first text


NONE = Likeness(0.0, 0.0, 0.0)
WHOLE = Likeness(1.0, 1.0, 1.0)


def profiles(texts: list[str], tokens: Tokens) -> list[Profile]:
    """One profile for each text."""
    hashes, bounds = shingles(tokens, SIZE)
    found = []
    for n, text in enumerate(texts):
        low, high = tokens.bounds[n], tokens.bounds[n + 1]
        phrases = hashes[bounds[n] : bounds[n + 1]]
        found.append(Profile(text, tokens.hashes[low:high], tokens.numbers[low:high], phrases, distinct(phrases)))
    return found


def compare(a: Profile, b: Profile) -> Likeness:
    """Jaccard similarity and containment; 0 where a text has no words."""
    if not len(a.shingles) or not len(b.shingles):
        return NONE
    shared = int(member(a.shingles, b.shingles).sum())
    return Likeness(
        jaccard=shared / (len(a.shingles) + len(b.shingles) - shared),
        containment=shared / min(len(a.shingles), len(b.shingles)),
        covered=shared / len(a.shingles),
    )


def repeats(a: Profile, b: Profile, threshold: float) -> Likeness | None:
    """The likeness of two texts of which one repeats the other; None where neither does.

    `threshold` is the containment from which an ordinary pair is one story.
    """
    if min(len(a.words), len(b.words)) < MIN_WORDS or min(len(a.shingles), len(b.shingles)) < MIN_SHINGLES:
        return None
    likeness = compare(a, b)
    if likeness.containment < 0.2:  # a tenth of the words misread still leaves more
        return None
    common = _Common(a, b)
    if likeness.containment < common.limit(threshold):
        mended = ocr.mend(a, b) if common.misread() else None
        if mended is None:
            return None
        likeness, common = compare(mended, b), _Common(mended, b)
        if likeness.containment < common.limit(threshold):
            return None
    if common.numbers_differ() or common.only_below():
        return None
    return likeness


class _Common:
    """Where the shared phrases of two texts lie in each of them."""

    def __init__(self, a: Profile, b: Profile) -> None:
        self.short, self.long = (a, b) if len(a.words) <= len(b.words) else (b, a)
        self.sides = [_Side(self.short, self.long), _Side(self.long, self.short)]

    def limit(self, threshold: float) -> float:
        """The containment this pair needs."""
        vocabulary = member(distinct(self.short.words), distinct(self.long.words)).mean()
        mine, theirs = (distinct(p.words[p.number]) for p in (self.short, self.long))
        same = int(member(mine, theirs).sum())
        numbers = (same + 1) / (min(len(mine), len(theirs)) + 2)
        moved = threshold + VOCABULARY_WEIGHT * (vocabulary - VOCABULARY) - NUMBERS_WEIGHT * (numbers - NUMBERS)
        return float(min(max(moved, LOWEST), max(threshold, HIGHEST)))

    def numbers_differ(self) -> bool:
        """Other numbers in the same places: a template filled again."""
        return all(side.other_numbers >= 2 and side.other_numbers >= 3 * side.same_numbers for side in self.sides)

    def only_below(self) -> bool:
        """Both begin with a story of their own and share what stands under it: a footer, a list of other stories."""
        if all(side.head >= max(HEAD_WORDS, HEAD_SHARE * side.size) for side in self.sides):
            return True
        a, b = self.short.words, self.long.words
        foot = _common_suffix(a, b)
        rest = len(a) - foot
        if foot < SUFFIX or rest < max(FOOT_REST, FOOT_REST_SHARE * len(a)):
            return False
        mine, theirs = self.short.phrases[: rest - SIZE + 1], self.long.phrases[: len(b) - foot - SIZE + 1]
        return bool(member(mine, distinct(theirs)).mean() < FOOT_REST_LIKE)

    def misread(self) -> bool:
        """Many short runs with gaps of a word or two all over: letters were misread, or this is a template."""
        side = self.sides[0]
        return side.runs >= 0.06 * side.size and side.gaps >= side.runs / 2


class _Side:
    """One text of two: which of its words stand in phrases that the other has too."""

    def __init__(self, mine: Profile, other: Profile) -> None:
        self.size = len(mine.words)
        shared = member(mine.phrases, other.shingles)
        covered = np.zeros(self.size, np.bool_)
        for k in range(SIZE):
            covered[k : k + len(shared)] |= shared
        framed = np.zeros(self.size + 2, np.bool_)
        framed[1:-1] = covered
        edges = np.flatnonzero(framed[1:] != framed[:-1])
        starts, stops = edges[::2], edges[1::2]
        self.runs = len(starts)
        long = stops - starts >= HEAD_RUN
        self.head = int(starts[long][0]) if long.any() else self.size  # words before the first longer run
        between = starts[1:] - stops[:-1]
        near = between <= GAP
        self.gaps = int(near.sum())
        counted = np.concatenate([[0], np.cumsum(mine.number)])
        self.other_numbers = int((counted[starts[1:]] - counted[stops[:-1]])[near].sum())
        self.same_numbers = int(mine.number[covered].sum())


def _common_suffix(a: U64, b: U64) -> int:
    size = min(len(a), len(b))
    differ: I64 = np.flatnonzero(a[len(a) - size :][::-1] != b[len(b) - size :][::-1])
    return int(differ[0]) if len(differ) else size
