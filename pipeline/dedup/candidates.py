"""Keys of a batch and who had them before -> for each article the earlier ones it is worth comparing with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

ENOUGH = 2  # shared keys; with one, five times as many pairs (and chance ones in a large index) for no more copies
CANDIDATES = 24  # compared at most, best first
SUMMED = 1_000_000  # pairs that are added up at once, at least: 24 bytes each

_NONE = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of the articles of a batch, in no order."""

    key: I32
    row: I32  # of the article
    weight: I8  # what sharing the key says: ENOUGH makes two articles worth comparing

    @property
    def count(self) -> int:
        return len(self.key)

    def parts(self) -> Iterator[Keys]:
        """The keys, cut by their high bits, in ascending ranges."""
        yield self

    @classmethod
    def joined(cls, parts: Sequence[tuple[I32, I32, I8]]) -> Keys:
        """The keys of several chunks."""
        if not parts:
            return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int8))
        key, row, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
        return cls(key, row, weight)


class CutKeys(Protocol):
    """Keys in parts that are in memory one after the other."""

    @property
    def count(self) -> int: ...

    def parts(self) -> Iterator[Keys]: ...


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each article of a batch its candidates: 16 bytes a pair."""

    article: I64  # numbers of articles, ascending
    candidate: I64  # those that share most keys first

    def of(self, number: int) -> list[int]:
        low, high = np.searchsorted(self.article, [number, number + 1])
        candidates: list[int] = self.candidate[low:high].tolist()
        return candidates

    def among(self, low: int, high: int) -> dict[int, list[int]]:
        """Those of the articles from `low` to below `high` that have any."""
        at, end = np.searchsorted(self.article, [low, high])
        candidates: dict[int, list[int]] = {}
        for article, candidate in zip(self.article[at:end].tolist(), self.candidate[at:end].tolist(), strict=True):
            candidates.setdefault(article, []).append(candidate)
        return candidates


def candidates(keys: CutKeys, here: int, earlier: Callable[[I32], tuple[I32, I64, I64]]) -> Candidates:
    """For each article of the batch, from number `here` on, its candidates.

    `earlier` gives keys with the first and the latest article that had them before. Of all that share a key only the
    first and the latest are taken: a thousand copies cost two thousand pairs.
    """
    total, new = _NONE, [_NONE]
    for part in keys.parts():
        new.append(_pairs(part, here, earlier(part.key)))
        if sum(len(pairs[0]) for pairs in new) > max(SUMMED, len(total[0])):  # each pair is sorted a few times at most
            total, new = _joined([total, *new]), [_NONE]
    article, candidate, shared = _joined([total, *new])
    good = (shared >= ENOUGH) & (article != candidate)
    article, candidate, shared = (column[good] for column in (article, candidate, shared))
    order = np.lexsort((candidate, -shared, article))
    article, candidate = article[order], candidate[order]
    best = np.arange(len(article)) - np.searchsorted(article, article) < CANDIDATES
    return Candidates(article[best], candidate[best])


def _joined(pairs: Sequence[tuple[I64, I64, I64]]) -> tuple[I64, I64, I64]:
    article, candidate, shared = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return _summed(article, candidate, shared)


def _pairs(keys: Keys, here: int, earlier: tuple[I32, I64, I64]) -> tuple[I64, I64, I64]:
    """Pairs of articles that share keys, later and earlier one, and the sum of the weights."""
    key, first, latest = earlier
    all_keys = np.concatenate([key, key, keys.key])
    numbers = np.concatenate([first, latest, keys.row.astype(np.int64) + here])
    weights = np.concatenate([np.zeros(2 * len(key), np.int8), keys.weight])
    order = np.lexsort((numbers, all_keys))
    all_keys, numbers, weights = all_keys[order], numbers[order], weights[order]
    head = np.ones(len(all_keys), np.bool_)
    np.not_equal(all_keys[1:], all_keys[:-1], out=head[1:])
    group = np.maximum.accumulate(np.where(head, np.arange(len(head)), 0))
    mine = np.flatnonzero(~head & (numbers >= here))
    article, weight = numbers[mine], weights[mine].astype(np.int64)
    latest, first = numbers[mine - 1], numbers[group[mine]]
    both = first != latest  # where they are one article the key counts once
    return _summed(
        np.concatenate([article, article[both]]),
        np.concatenate([latest, first[both]]),
        np.concatenate([weight, weight[both]]),
    )


def _summed(article: I64, candidate: I64, weight: I64) -> tuple[I64, I64, I64]:
    """Each pair once, with the sum of its weights."""
    if not len(article):
        return article, candidate, weight
    order = np.lexsort((candidate, article))
    article, candidate, weight = article[order], candidate[order], weight[order]
    starts = np.flatnonzero(np.concatenate([[True], (article[1:] != article[:-1]) | (candidate[1:] != candidate[:-1])]))
    return article[starts], candidate[starts], np.add.reduceat(weight, starts)
