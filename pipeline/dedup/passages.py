"""One text of two -> the passages it shares with the other one, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..writing_systems import CJK, UNSPACED
from .profile import SIZE, Flags, Profile
from .tokens import U64, distinct, member, tokenise

HEAD_RUN = 6  # words of a longer passage
GAP = 4  # words between two passages that may be one thing said differently
SLOT = 25  # words between two passages that may be the blank of a form: a person with age, street and town
PHRASE = 15  # words of a blank in the lead; what is longer is another sentence
LEAD, LEAD_LEAST, LEAD_SHARE = 50, 30, 3  # words in which a story says what happened: at most, at least, one in so many
EARLY = 0.4  # of a text
FIGURES = 0.1  # of the words of a story, in a script without capitals, are other numbers where it is an update

# Tokens of a word, and tokens that are new where one word is another one, in scripts without spaces: see tokens.py.
CHINESE, THAI, SPACED = (1.6, 2), (4, 5), (1, 1)
_QUOTED = re.compile(r'"[^"\n]{20,}"|[«»][^«»\n]{20,}[»«]')
# Quotes that may open again before they close: each match takes all up to the end, so that a line is read once.
_NESTED = (
    (re.compile(r"[“„]([^”“\n]*+)(?=([”“]?))"), 20),
    (re.compile(r"[「『]([^」』\n]*+)(?=([」』]?))"), 8),
)
_DATELINE = re.compile(r"[^\n()]{2,60}\([^()\n]{2,30}\)\s{0,3}[-–—]")
_CJK, _UNSPACED = re.compile(f"[{CJK}]"), re.compile(f"[{UNSPACED}]")


def quotes(text: str) -> bool:
    """Whether somebody is quoted with more than a few words."""
    return _QUOTED.search(text) is not None or any(
        match[2] and len(match[1]) >= least for pattern, least in _NESTED for match in pattern.finditer(text)
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands between two shared passages."""

    names: int  # words with a capital letter that the other text does not have
    numbers: int  # the same of numbers
    words: int  # the same of any words, names and numbers among them
    leads: bool  # whether it lies where the story says what happened, and is no longer than a phrase
    early: bool  # whether it lies in the first part of the text, where a bulletin has its figures


class Passages:
    """Which words of a text stand in phrases that the other text has too."""

    def __init__(self, mine: Profile, theirs: Profile) -> None:
        self.mine, self.theirs = mine, theirs
        self.size = len(mine.words)
        self.per_word, self.per_change = _tokens(mine.text)
        shared = member(mine.phrases, theirs.shingles)
        self.inside: Flags = np.zeros(self.size, np.bool_)
        for k in range(SIZE):
            self.inside[k : k + len(shared)] |= shared
        self.covered = int(self.inside.sum())
        framed = np.zeros(self.size + 2, np.bool_)
        framed[1:-1] = self.inside
        edges = np.flatnonzero(framed[1:] != framed[:-1])
        self.starts, self.stops = edges[::2], edges[1::2]
        self.runs = len(self.starts)
        sizes = self.stops - self.starts
        long = sizes >= HEAD_RUN
        self.head = int(self.starts[long][0]) if long.any() else self.size  # words before the first longer run
        between = self.starts[1:] - self.stops[:-1]
        near = between <= GAP
        self.gaps = int(near.sum())
        counted = np.concatenate([[0], np.cumsum(mine.number)])
        self.other_numbers = int((counted[self.starts[1:]] - counted[self.stops[:-1]])[near].sum())
        self.same_numbers = int(mine.number[self.inside].sum())
        best = int(sizes.argmax()) if self.runs else 0
        self.longest = int(sizes[best]) if self.runs else 0
        self.before = int(self.starts[best]) if self.runs else self.size  # words before the longest passage
        self.after = self.size - int(self.stops[best]) if self.runs else self.size

    @cached_property
    def known(self) -> Flags:
        """Words that occur in the other text too."""
        return member(self.mine.words, distinct(self.theirs.words))

    @cached_property
    def rest_known(self) -> float:
        """Share of the different words around the longest passage that occur in the other text."""
        around = np.concatenate([self.mine.words[: self.before], self.mine.words[self.size - self.after :]])
        return float(member(distinct(around), distinct(self.theirs.words)).mean()) if len(around) else 1.0

    @cached_property
    def names(self) -> Flags:
        """Words with a capital letter that neither text writes with a small one."""
        small = distinct(np.concatenate([p.words[~p.capital] for p in (self.mine, self.theirs)]))
        capitals: Flags = self.mine.capital & ~member(self.mine.words, small)
        return capitals

    @cached_property
    def same_names(self) -> int:
        """Different names that stand in shared passages."""
        return len(distinct(self.mine.words[self.names & self.inside]))

    @property
    def same(self) -> int:
        """Names and numbers that stand in shared passages."""
        return int(self.names[self.inside].sum()) + self.same_numbers

    def tells_without_capitals(self) -> bool:
        """Whether this is a story with some figures, not a table, in a script in which names cannot be told."""
        return not self.mine.capital.any() and self.other_numbers <= FIGURES * self.words

    @property
    def reported(self) -> bool:
        """Whether a reporter was there: somebody is quoted, or an agency sent it from a place."""
        return quotes(self.mine.text) or bool(_DATELINE.match(self.mine.text))

    @property
    def words(self) -> float:
        """Words of the text."""
        return self.size / self.per_word

    def slots(self) -> dict[tuple[int, int], Slot]:
        """What stands before, between and after the passages, by the phrases on either side of it."""
        unknown = ~self.known
        names, numbers, words = (
            np.concatenate([[0], np.cumsum(flags & unknown)]) for flags in (self.names, self.mine.number, unknown)
        )
        lead = self.per_word * min(LEAD, max(LEAD_LEAST, self.words // LEAD_SHARE))
        longest = self.per_word * SLOT
        slots: dict[tuple[int, int], Slot] = {}
        for start, stop in zip([0, *self.stops.tolist()], [*self.starts.tolist(), self.size], strict=True):
            if start < stop <= start + longest:
                left = int(self.mine.phrases[start - SIZE]) if start >= SIZE else 0
                right = int(self.mine.phrases[stop]) if stop < len(self.mine.phrases) else 0
                slots[left, right] = Slot(
                    names=int(names[stop] - names[start]),
                    numbers=int(numbers[stop] - numbers[start]),
                    words=int(words[stop] - words[start]),
                    leads=start < lead and stop - start <= self.per_word * PHRASE,
                    early=start < EARLY * self.size,
                )
        return slots

    def has_of(self, title: str) -> bool:
        """Whether a name or number of the title stands in this text and not in the other one: whom it is about."""
        words: U64 = distinct(tokenise([title]).hashes)
        foreign = self.mine.words[(self.names | self.mine.number) & ~self.known]
        return bool(member(foreign, words).any())


def _tokens(text: str) -> tuple[float, int]:
    """Tokens of a word, and new tokens for each word that is another one, in the script of a text."""
    if len(text) == len(text.encode()) or 2 * len(_UNSPACED.findall(text)) < len(text):
        return SPACED
    return CHINESE if 2 * len(_CJK.findall(text)) >= len(text) else THAI
