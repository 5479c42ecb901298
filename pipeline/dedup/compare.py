"""Two texts -> how much they share, and whether one repeats the other.

Containment of three-word shingles decides, against a limit that moves with what else the two texts say. Then three
kinds of texts that share much and are no copies are refused: a template filled again, two stories over one footer, and
two reports that share one quotation. All weights and limits were measured on hand-checked pairs; the decisions about
duplicates have the figures.
"""

from __future__ import annotations

import numpy as np

from . import ocr
from .passages import Passages, Slot
from .profile import SIZE, Likeness, Profile, compare
from .tokens import I64, U64, distinct, member

MIN_WORDS = 50  # below this only the same text is a copy
MIN_SHINGLES = 40  # different ones: a sentence repeated a hundred times has a handful

# What a pair's limit moves with. Of two copies the parts that are not shared are foreign to each other; a template
# filled again shares the vocabulary of those parts too, but not the numbers.
VOCABULARY, VOCABULARY_WEIGHT = 0.80, 0.62
NUMBERS, NUMBERS_WEIGHT = 0.60, 0.20
LOWEST, HIGHEST = 0.35, 0.90

# A template filled again: in the same places so many other names and numbers, and so many for each shared one.
SLOTS, SLOTS_SHARE, SLOTS_SHARE_TITLE = 2, 0.30, 0.10
SAME_NAMES = 4  # different names shared, and no others, tell an update of one story from a template
# Where a story says what happened, both texts have so many other words in the same places, and so large a share of
# their size, up to this one; where those are numbers alone, so large a share of all numbers that differ.
BLANKS, BLANKS_SHARE, BLANKS_SIZE, BLANKS_NUMBERS = 3, 0.035, 150, 0.66

SUFFIX = 20  # words at the end of both that count as a common foot
FOOT_REST, FOOT_REST_SHARE, FOOT_REST_LIKE = 15, 0.1, 0.2
HEAD_WORDS, HEAD_SHARE = 40, 0.2
# Of the words of two beginnings so many occur in the other text where they tell the same story in other words: of each,
# and on average.
HEAD_VOCABULARY, HEADS_VOCABULARY = 0.40, 0.45

# One quotation: nearly all that is shared is one passage, and what stands around it is long and in other words.
QUOTE_RUN, QUOTE_AROUND, QUOTE_OWN, QUOTE_VOCABULARY = 0.95, 15, 0.35, 0.50


def repeats(a: Profile, b: Profile, threshold: float, titles: tuple[str, str] = ("", "")) -> Likeness | None:
    """The likeness of two texts of which one repeats the other; None where neither does.

    `threshold` is the containment from which an ordinary pair is one story; `titles` are those of `a` and `b`.
    """
    if min(len(a.words), len(b.words)) < MIN_WORDS or min(len(a.shingles), len(b.shingles)) < MIN_SHINGLES:
        return None
    likeness = compare(a, b)
    if likeness.containment < 0.2:  # a tenth of the words misread still leaves more
        return None
    common = _Common(a, b, titles)
    if likeness.containment < common.limit(threshold) or common.filled_again():
        mended = ocr.mend(a, b) if common.misread() else None
        if mended is None:
            return None
        likeness, common = compare(mended, b), _Common(mended, b, titles)
        if likeness.containment < common.limit(threshold) or common.filled_again(misread=True):
            return None
    if common.only_below() or common.only_quoted():
        return None
    return likeness


class _Common:
    """Where the shared phrases of two texts lie in each of them."""

    def __init__(self, a: Profile, b: Profile, titles: tuple[str, str]) -> None:
        swap = len(a.words) > len(b.words)
        self.short, self.long = (b, a) if swap else (a, b)
        self.titles = titles[::-1] if swap else titles
        self.sides = [Passages(self.short, self.long), Passages(self.long, self.short)]

    def limit(self, threshold: float) -> float:
        """The containment this pair needs."""
        vocabulary = member(distinct(self.short.words), distinct(self.long.words)).mean()
        mine, theirs = (distinct(p.words[p.number]) for p in (self.short, self.long))
        same = int(member(mine, theirs).sum())
        numbers = (same + 1) / (min(len(mine), len(theirs)) + 2)
        moved = threshold + VOCABULARY_WEIGHT * (vocabulary - VOCABULARY) - NUMBERS_WEIGHT * (numbers - NUMBERS)
        return float(min(max(moved, LOWEST), max(threshold, HIGHEST)))

    def filled_again(self, *, misread: bool = False) -> bool:
        """Other names or numbers in the same places: a template filled again.

        Where all names are the same and only numbers differ, an update of one story is a copy; a text without
        names, as a table of prices, is a template.
        """
        short, long = (side.slots() for side in self.sides)
        pairs = [(short[key], long[key]) for key in short.keys() & long.keys()]
        if not misread and self._filled_lead(pairs):
            return True
        names = [pair for pair in pairs if pair[0].names and pair[1].names]
        numbers = [pair for pair in pairs if pair[0].numbers and pair[1].numbers]
        if names:
            foreign = [sum(p[n].names for p in names) + sum(p[n].numbers for p in numbers) for n in (0, 1)]
            subject = all(side.has_of(title) for side, title in zip(self.sides, self.titles, strict=True))
            share = SLOTS_SHARE_TITLE if subject else SLOTS_SHARE
            if all(o >= SLOTS and o >= share * side.same for o, side in zip(foreign, self.sides, strict=True)):
                return True
        elif all(side.same_names >= SAME_NAMES or side.tells_without_capitals() for side in self.sides):
            return False
        return all(side.other_numbers >= 2 and side.other_numbers >= 3 * side.same_numbers for side in self.sides)

    def _filled_lead(self, pairs: list[tuple[Slot, Slot]]) -> bool:
        """Whether the same sentences tell at the beginning of another event: who, what, when, where.

        Where only numbers differ there, it is an update of one story if numbers further down do too: where nobody is
        quoted and the text is no agency's, below its first part.
        """
        lead = [pair for pair in pairs if pair[0].leads and pair[1].leads]
        early = [pair for pair in pairs if pair[0].early and pair[1].early]
        if any(_are_numbers(early, n) for n in (0, 1)) and all(
            s.mine.capital.any() and not s.reported for s in self.sides
        ):
            lead = early
        only_numbers = any(_are_numbers(lead, n) for n in (0, 1))
        for n, side in enumerate(self.sides):
            numbers, words = sum(pair[n].numbers for pair in lead), sum(pair[n].words for pair in lead)
            if only_numbers:
                changed = float(numbers)
                if numbers < BLANKS_NUMBERS * sum(pair[n].numbers for pair in pairs):
                    return False
            else:  # two numbers and more count twice: hardly a copy has them, and many bulletins
                changed = (words - numbers) / side.per_change + numbers * min(numbers, 2)
            if changed < max(BLANKS, BLANKS_SHARE * min(side.words, BLANKS_SIZE)):
                return False
        return True

    def only_below(self) -> bool:
        """Both begin with a story of their own and share what stands under it: a footer, a list of other stories.

        Beginnings in other words that tell the same story are none: a paper puts its own first paragraphs before
        an agency's text.
        """
        if all(side.head >= max(HEAD_WORDS, HEAD_SHARE * side.size) for side in self.sides):
            return not self._tell_the_same(self.sides[0].head, self.sides[1].head)
        a, b = self.short.words, self.long.words
        foot = _common_suffix(a, b)
        rest = len(a) - foot
        if foot < SUFFIX or rest < max(FOOT_REST, FOOT_REST_SHARE * len(a)):
            return False
        mine, theirs = self.short.phrases[: rest - SIZE + 1], self.long.phrases[: len(b) - foot - SIZE + 1]
        if member(mine, distinct(theirs)).mean() >= FOOT_REST_LIKE:
            return False
        return not self._tell_the_same(rest, len(b) - foot)

    def _tell_the_same(self, short: int, long: int) -> bool:
        """Whether the first words of each text, so many, mostly occur in the other text too."""
        heads = ((self.short.words[:short], self.long.words), (self.long.words[:long], self.short.words))
        shares = [float(member(distinct(head), distinct(every)).mean()) if len(head) else 0.0 for head, every in heads]
        return min(shares) >= HEAD_VOCABULARY and sum(shares) >= 2 * HEADS_VOCABULARY

    def only_quoted(self) -> bool:
        """Two reports that share one passage, a quotation or a law, and have another text before and after it."""
        return all(
            side.longest >= QUOTE_RUN * side.covered
            and min(side.before, side.after) >= QUOTE_AROUND
            and side.before + side.after >= QUOTE_OWN * side.size
            and side.rest_known < QUOTE_VOCABULARY
            for side in self.sides
        )

    def misread(self) -> bool:
        """Many short runs with gaps of a word or two all over: letters were misread, or this is a template."""
        side = self.sides[0]
        return side.runs >= 0.06 * side.size and side.gaps >= side.runs / 2


def _are_numbers(pairs: list[tuple[Slot, Slot]], n: int) -> bool:
    """Whether nothing but numbers differs in these places, on one side."""
    return all(pair[n].words == pair[n].numbers for pair in pairs)


def _common_suffix(a: U64, b: U64) -> int:
    size = min(len(a), len(b))
    differ: I64 = np.flatnonzero(a[len(a) - size :][::-1] != b[len(b) - size :][::-1])
    return int(differ[0]) if len(differ) else size
