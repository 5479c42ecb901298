"""Values of many small segments merged into few large files, so that a lookup does not open every segment.

The segments of FAN neighbouring batches make a group, FAN groups a larger one, and so on. A group is made when a lookup
first needs it, in the state folder: it may be deleted at any time, and nothing that is published depends on it.

    how many values (u8) and batches (u8); 16 bytes that tell the segments it was made of; how many articles each batch
    has (i8); the values, ascending; the article of each (u4), counted over all batches of the group
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import store
from .tokens import member, positions

FAN = 32  # a lookup reads at most so many files of each size
TOGETHER = 4_000_000  # values sorted at once
HEAD = 32  # bytes before the numbers of articles
WIDE = 4  # bytes of an article's number

I64 = NDArray[np.int64]
Values = NDArray[Any]


class Column(NamedTuple):
    """Values in ascending order, with the article of each."""

    values: Values
    articles: NDArray[Any]  # rows of one batch, or counted over the batches of a group
    sizes: I64  # articles of each batch


@dataclass(frozen=True, slots=True)
class Kind:
    """What is merged: a name for the files, the type of the values, and how those of one batch are read."""

    name: str
    dtype: str
    read: Callable[[str], Column]
    sign: Callable[[str], tuple[object, ...]]  # of a batch: what changes where its values change


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring batches that are looked up together."""

    low: int
    level: int  # 0: one batch, else FAN ** level of them

    @property
    def high(self) -> int:
        return int(self.low + FAN**self.level)


def spans(count: int) -> list[Span]:
    """The first `count` batches as the fewest groups whose ends lie on multiples of their size."""
    groups, low = [], 0
    while low < count:
        level = 0
        while low % FAN ** (level + 1) == 0 and low + FAN ** (level + 1) <= count:
            level += 1
        groups.append(Span(low, level))
        low = groups[-1].high
    return groups


class Groups:
    """The groups of one kind of value."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        self.folder = folder
        self.kind = kind
        self.signs: dict[str, bytes] = {}  # of this process; a segment it writes is forgotten

    def forget(self, batch: str) -> None:
        self.signs.pop(batch, None)

    def column(self, batches: Sequence[str], span: Span) -> Column:
        """The values of a group, made where it is missing or of other segments than those that lie there now."""
        members = batches[span.low : span.high]
        sign = hashlib.blake2b(b"".join(map(self._sign, members)), digest_size=16).digest()
        if (column := self._opened(span, len(members), sign)) is None:
            self._make(batches, span, sign)
            column = self._opened(span, len(members), sign)
            assert column is not None
        return column

    def _sign(self, batch: str) -> bytes:
        if batch not in self.signs:
            self.signs[batch] = repr((batch, *self.kind.sign(batch))).encode("utf-8", "surrogateescape")
        return self.signs[batch]

    def _path(self, span: Span) -> Path:
        return self.folder / f"{self.kind.name}-{span.level}-{span.low:08}.bin"

    def _opened(self, span: Span, members: int, sign: bytes) -> Column | None:
        try:
            with self._path(span).open("rb") as file:
                count, batches = np.fromfile(file, "<u8", 2).tolist()
                if file.read(16) != sign or batches != members:
                    return None
                sizes = np.fromfile(file, "<i8", members)
                start, width = HEAD + 8 * members, np.dtype(self.kind.dtype).itemsize
                if os.fstat(file.fileno()).st_size != start + (width + WIDE) * count:
                    return None
                if not count:
                    return Column(np.zeros(0, self.kind.dtype), np.zeros(0, np.uint32), sizes)
                values = np.memmap(file, self.kind.dtype, "r", start, count)
                return Column(values, np.memmap(file, "<u4", "r", start + width * count, count), sizes)
        except (OSError, ValueError):
            return None

    def _make(self, batches: Sequence[str], span: Span, sign: bytes) -> None:
        """Merge the members, a range of values after the other. Raises NewsmillError where the disk refuses."""
        step = FAN ** (span.level - 1)
        below = [Span(low, span.level - 1) for low in range(span.low, span.high, step)]
        parts = [self.kind.read(batches[s.low]) if not s.level else self.column(batches, s) for s in below]
        sizes = np.concatenate([part.sizes for part in parts])
        starts = np.cumsum([0, *(int(part.sizes.sum()) for part in parts[:-1])])
        count = sum(len(part.values) for part in parts)
        start, width = HEAD + 8 * len(sizes), np.dtype(self.kind.dtype).itemsize
        with store.atomic(self._path(span)) as temporary, temporary.open("wb") as file:
            file.write(np.array([count, len(sizes)], "<u8").tobytes() + sign + sizes.astype("<i8").tobytes())
            at = 0
            for values, articles in _merged(parts, starts, count):
                file.seek(start + width * at)
                file.write(values.astype(self.kind.dtype).tobytes())
                file.seek(start + width * count + WIDE * at)
                file.write(articles.astype("<u4").tobytes())
                at += len(values)
            file.flush()
        for s in below:
            if s.level:
                with suppress(OSError):
                    self._path(s).unlink()


def _merged(parts: Sequence[Column], starts: I64, count: int) -> Any:
    """(values, articles) of all parts in ascending order, TOGETHER of them at a time, about."""
    longest = max((part.values for part in parts), key=len)
    cuts = max(1, -(-count // TOGETHER))
    edges = [longest[len(longest) * n // cuts] for n in range(1, cuts)] if len(longest) else []
    bounds = [[0, *np.searchsorted(part.values, edges).tolist(), len(part.values)] for part in parts]
    for n in range(len(edges) + 1):
        values = np.concatenate([part.values[b[n] : b[n + 1]] for part, b in zip(parts, bounds, strict=True)])
        articles = np.concatenate([
            part.articles[b[n] : b[n + 1]].astype(np.int64) + start
            for part, b, start in zip(parts, bounds, starts.tolist(), strict=True)
        ])  # fmt: skip
        order = np.argsort(values, kind="stable")  # parts come in the order of their batches
        yield values[order], articles[order]


def lookup(column: Column, values: Values, low: int) -> tuple[Values, I64]:
    """(values, numbers of articles) of those of `values`, ascending and different, that a column has.

    A number is the position of its batch << 32 | its row; `low` is the position of the column's first batch.
    """
    every = column.values
    at = positions(every, values) if len(values) < len(every) else np.flatnonzero(member(every, values))
    article = np.asarray(column.articles[at]).astype(np.int64)
    starts = np.cumsum(column.sizes) - column.sizes
    place = np.searchsorted(starts, article, "right") - 1
    return np.asarray(every[at]), ((place + low) << 32) + article - starts[place]
