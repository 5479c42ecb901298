"""In-memory index of the segments written in this run: key -> its first and latest article, without disk reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Found = tuple[NDArray[Any], I64, I64]  # keys, ascending; the first and the latest article of each

LIMIT = 12_000_000  # keys kept: 20 bytes each while they are merged, 240 MB; about 180,000 articles


class Recent:
    """Sorted runs of keys, merged as they grow, as in a log-structured merge tree (O'Neil et al. 1996).

    Asking each of 1,000 segments on disk for every one of 1,000 batches opens half a million files: a first build over
    1,000 small batches took over ten minutes, two thirds of it in opening Parquet files.
    """

    waiting: dict[str, tuple[NDArray[Any], I32]]  # batch -> keys and rows whose place is not known yet
    places: dict[str, int]  # batch -> its position among the batches, as the runs have it
    runs: list[Found]

    def __init__(self) -> None:
        self.forget()

    def add(self, batch: str, keys: NDArray[Any], rows: I32) -> None:
        """Remember a segment that was just written; forget all when it was there already or there is no room."""
        if batch in self.places or len(keys) + sum(len(run[0]) for run in self.runs) > LIMIT:
            self.forget()
        if len(keys) <= LIMIT:
            self.waiting[batch] = keys, rows

    def leave_out(self, batch: str) -> None:
        """A segment that has too many keys to remember was written."""
        if batch in self.places or batch in self.waiting:
            self.forget()

    def forget(self) -> None:
        self.waiting, self.places, self.runs = {}, {}, []

    def find(self, batches: Sequence[str], keys: NDArray[Any]) -> tuple[list[Found], set[str]]:
        """What is known of `keys` in some of `batches`, and which batches these are.

        `keys` are ascending and different. An article's number is its batch's position in `batches` << 32 | its row.
        """
        position = {batch: n for n, batch in enumerate(batches)}
        if any(position.get(batch) != place for batch, place in self.places.items()):
            self.places, self.runs = {}, []
        for batch in [batch for batch in self.waiting if batch in position]:
            run_keys, rows = self.waiting.pop(batch)
            self.places[batch] = position[batch]
            number = (position[batch] << 32) + rows.astype(np.int64)
            self.runs.append(merged([(run_keys, number, number)]))
            while len(self.runs) > 1 and len(self.runs[-2][0]) < 2 * len(self.runs[-1][0]):
                self.runs.append(merged([self.runs.pop(-2), self.runs.pop()]))
        return [_chosen(run, keys) for run in self.runs], set(self.places)


def merged(runs: Sequence[Found]) -> Found:
    """Several answers as one: keys ascending, the smallest first, the largest latest."""
    keys = np.concatenate([run[0] for run in runs])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.intp)
    if not len(starts):
        return keys, np.zeros(0, np.int64), np.zeros(0, np.int64)
    first = np.minimum.reduceat(np.concatenate([run[1] for run in runs])[order], starts)
    latest = np.maximum.reduceat(np.concatenate([run[2] for run in runs])[order], starts)
    return keys[starts], first, latest


def _chosen(run: Found, keys: NDArray[Any]) -> Found:
    at = np.searchsorted(run[0], keys)
    at[at == len(run[0])] = 0
    hit = at[run[0][at] == keys] if len(run[0]) else np.zeros(0, np.intp)
    return run[0][hit], run[1][hit], run[2][hit]
