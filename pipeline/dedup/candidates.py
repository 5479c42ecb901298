"""Keys of a batch and who had them before -> for each article the earlier ones it is worth comparing with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

ENOUGH = 2  # shared keys; with one, five times as many pairs (and chance ones in a large index) for no more copies
CANDIDATES = 24  # compared at most, best first
TOGETHER = 4_000_000  # keys sorted at once: 60 bytes each while they are; of 1,000,000 articles there are 91 million


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of the articles of a batch, in no order."""

    key: I32
    row: I32  # of the article
    weight: I8  # what sharing the key says: ENOUGH makes two articles worth comparing

    @classmethod
    def joined(cls, parts: list[tuple[I32, I32, I8]]) -> Keys:
        """The keys of several chunks; `parts` is emptied, so that they are not in memory twice."""
        columns = [list(column) for column in zip(*parts, strict=True)] or [[], [], []]
        parts.clear()

        def next_column(kind: type[np.int32] | type[np.int8]) -> NDArray[Any]:
            column = columns.pop(0)
            return np.concatenate(column) if column else np.zeros(0, kind)

        return cls(next_column(np.int32), next_column(np.int32), next_column(np.int8))


def candidates(keys: Keys, here: int, earlier: tuple[I32, I64, I64]) -> dict[int, list[int]]:
    """For each article of the batch, from number `here` on, its candidates: those that share most keys first.

    `earlier` are keys with the first and the latest article that had them before. Of all that share a key only the
    first and the latest are taken: a thousand copies cost two thousand pairs.
    """
    # Where an article is the same in both, none is taken from it. Keys are hashes: their high bits cut them evenly.
    bits = max(0, (len(keys.key) - 1) // TOGETHER).bit_length()
    found = []
    for part in range(1 << bits):
        mine, before = (_part(key, bits, part) for key in (keys.key, earlier[0]))
        found.append(
            _pairs(
                Keys(keys.key[mine], keys.row[mine], keys.weight[mine]),
                here,
                (earlier[0][before], earlier[1][before], earlier[2][before]),
            )
        )
    me, other, shared = _summed(*(np.concatenate([pairs[n] for pairs in found]) for n in range(3)))
    me, other, shared = (column[shared >= ENOUGH] for column in (me, other, shared))
    order = np.lexsort((other, -shared, me))
    best: dict[int, list[int]] = {}
    for a, b in zip(me[order].tolist(), other[order].tolist(), strict=True):
        if a != b and len(chosen := best.setdefault(a, [])) < CANDIDATES:
            chosen.append(b)
    return best


def _part(key: I32, bits: int, part: int) -> slice | NDArray[np.bool_]:
    """Where the keys lie whose high bits are `part`."""
    if not bits:
        return slice(None)
    found: NDArray[np.bool_] = key.view(np.uint32) >> np.uint32(32 - bits) == part
    return found


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
    me, weight = numbers[mine], weights[mine].astype(np.int64)
    latest, first = numbers[mine - 1], numbers[group[mine]]
    both = first != latest  # where they are one article the key counts once
    return _summed(
        np.concatenate([me, me[both]]), np.concatenate([latest, first[both]]), np.concatenate([weight, weight[both]])
    )


def _summed(me: I64, other: I64, weight: I64) -> tuple[I64, I64, I64]:
    """Each pair once, with the sum of its weights."""
    if not len(me):
        return me, other, weight
    order = np.lexsort((other, me))
    me, other, weight = me[order], other[order], weight[order]
    starts = np.flatnonzero(np.concatenate([[True], (me[1:] != me[:-1]) | (other[1:] != other[:-1])]))
    return me[starts], other[starts], np.add.reduceat(weight, starts)
