"""Whether an earlier article holds several stories, so that what repeats one of them is no copy of the others.

A round-up, an "instant view" or a wrap contains stories that have nothing to do with each other. It is a copy of the
one whose cluster it is in; an article that repeats another one of them is a story of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .judge import Repeated
from .profile import Profile, compare
from .tokens import U64, distinct, member

PHRASES = 0.20  # two texts in a longer one are two stories where they share less than this of their phrases
VOCABULARY = 0.40  # and less than this of their words, as two excerpts of one story do not
SIZE, VOCABULARY_SMALL = 0.50, 0.65  # or this, where both are a small part of it
BRIEF = 0.25  # a text that is a smaller part of another one may be one of several stories in it
IN_IT = 0.35  # of the phrases of a text, where it is in the longer one
I32 = NDArray[np.int32]

JOINS = np.uint64(0x9E3779B97F4A7C15)  # turns the name of a cluster into that of its first copy


def holds_both(holder: Profile, one: Profile, second: Profile) -> bool | None:
    """Whether a text holds two stories, of which `one` tells one; None where the `second` text cannot tell."""
    if compare(one, second).containment >= PHRASES:
        return None if len(one.words) < BRIEF * len(second.words) else False  # it may hold several stories too
    longest = max(len(one.words), len(second.words))
    if longest >= len(holder.words) or min(compare(holder, text).containment for text in (one, second)) < IN_IT:
        return None
    mine, theirs = distinct(one.words), distinct(second.words)
    shared = int(member(mine, theirs).sum()) / max(1, min(len(mine), len(theirs)))
    return shared < (VOCABULARY_SMALL if longest < SIZE * len(holder.words) else VOCABULARY)


def holds_others(
    article: Profile, match: Repeated, cluster: str, beside: Beside, profile: Callable[[int], Profile]
) -> bool:
    """Whether an earlier article that is longer is in the cluster of another story than this one.

    `cluster` is that of the earlier article; `profile` gives articles by number.
    """
    if match.relation not in ("near", "part"):
        return False
    others = beside.of(match.number, cluster)
    answers = (holds_both(profile(match.number), article, profile(number)) for number in others)
    return next((answer for answer in answers if answer is not None), False)


def name(id: str) -> int:
    """64 bits for an id."""
    return int.from_bytes(hashlib.blake2b(b"id:" + id.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def names(ids: Iterable[str]) -> U64:
    return np.fromiter(map(name, ids), np.uint64)


class Beside:
    """For an article in a cluster two others of it: the one that heads it, and the first that is a part of another."""

    def __init__(self, numbers: dict[int, int], batch: U64 | None = None, here: int = 0) -> None:
        """`batch`: the names of the articles that are added from number `here` on, in their order."""
        self.numbers = numbers  # name of an article, or of a cluster's first part -> number of the article
        names = np.zeros(0, np.uint64) if batch is None else batch
        self._rows = np.argsort(names, kind="stable")
        self._names = names[self._rows]  # 16 bytes an article; a dictionary takes ten times that
        self._here = here
        self.reached = here - 1  # the last article of the batch that counts

    @staticmethod
    def names_needed(batch: U64, earlier: Collection[tuple[int, str | None, int]]) -> U64:
        """The names to look up for a batch: of clusters, and of first parts of them, in which what it may repeat is."""
        heads = np.array([own_name for _, cluster, own_name in earlier if cluster is None], np.uint64)
        clusters = names(dict.fromkeys(cluster for _, cluster, _ in earlier if cluster is not None))
        every = np.concatenate([heads, clusters, batch])
        return distinct(np.concatenate([every, every ^ JOINS]))

    def add(self, number: int, own_name: int) -> None:
        """Remember an article by its name; the first of a name stays."""
        self.numbers.setdefault(own_name, number)

    def join(self, number: int, cluster: str) -> None:
        """Remember an article that is a part of another one of its cluster; the first of a cluster stays."""
        self.numbers.setdefault(name(cluster) ^ int(JOINS), number)

    def of(self, number: int, cluster: str) -> list[int]:
        """Other articles of the cluster of the article of this number."""
        head = name(cluster)
        numbers = (self._number(head), self.numbers.get(head ^ int(JOINS)))
        return [n for n in numbers if n is not None and n != number]

    def _number(self, name: int) -> int | None:
        """The first article of a name, so far."""
        if (known := self.numbers.get(name)) is not None:
            return known
        at = int(np.searchsorted(self._names, np.uint64(name)))
        if at == len(self._names) or int(self._names[at]) != name:
            return None
        number = self._here + int(self._rows[at])
        return number if number <= self.reached else None


def is_part(relation: str, containment: float, covered: float) -> bool:
    """Whether a verdict calls an article a part of a longer one, as measured on the shorter of the two."""
    return relation == "part" and covered == containment


def first_parts(clusters: Sequence[str | None], parts: Sequence[bool]) -> tuple[U64, I32]:
    """The names under which the first parts in clusters are found, and their rows."""
    first: dict[str, int] = {}
    for row, (cluster, part) in enumerate(zip(clusters, parts, strict=True)):
        if part and cluster is not None:
            first.setdefault(cluster, row)
    return names(first) ^ JOINS, np.array([*first.values()], np.int32)
