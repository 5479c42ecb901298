"""Keys of a batch, in memory while they are few and in an unnamed file beyond: a million articles have 91 million.

The file is cut by the keys' high bits, so each part holds a range of them and is sorted and compared alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from .. import store
from .candidates import I8, I32, Keys

HELD = 4_000_000  # keys in memory: 9 bytes each, 60 while they are compared
BITS = 8  # parts of the file: neighbouring ones are read together, up to HELD keys
WIDTH = 9  # bytes of a key with its row and its weight


class Section(NamedTuple):
    """Keys of one range, as they lie in the file: all keys, all rows, all weights."""

    part: int
    offset: int
    keys: int


@dataclass
class SpilledKeys:
    """Keys of the articles of a batch; those of one range stay in the order in which they came."""

    folder: Path  # where the file goes: it has no name, and ends with the process
    held: list[tuple[I32, I32, I8]] = field(default_factory=list)
    waiting: int = 0  # of those in memory
    sections: list[Section] = field(default_factory=list)
    file: IO[bytes] | None = None

    @property
    def count(self) -> int:
        return self.waiting + sum(section.keys for section in self.sections)

    def add(self, key: I32, row: I32, weight: I8) -> None:
        """Raises NewsmillError where the disk refuses."""
        self.held.append((key, row, weight))
        self.waiting += len(key)
        if self.waiting > HELD:
            try:
                self._spill()
            except OSError as error:
                raise store.refused(self.folder / "(keys of a large batch)", error) from error

    def _spill(self) -> None:
        if self.file is None:
            self.file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115  (closed with the object)
        keys = Keys.joined(self.held)
        self.held, self.waiting = [], 0
        part = (keys.key >> (32 - BITS)) + (1 << (BITS - 1))
        order = np.argsort(part, kind="stable")
        edges = np.searchsorted(part[order], np.arange((1 << BITS) + 1))
        for n, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
            if low < high:
                at = order[low:high]
                self.sections.append(Section(n, self.file.tell(), high - low))
                for column in (keys.key[at], keys.row[at], keys.weight[at]):
                    self.file.write(column.tobytes())
        self.file.flush()

    def parts(self) -> Iterator[Keys]:
        """The keys in ascending ranges, about HELD at a time; all at once where they are in memory."""
        if self.file is None:
            self.held = [(keys.key, keys.row, keys.weight) for keys in [Keys.joined(self.held)]]
            yield Keys(*self.held[0])
            return
        if self.waiting:
            self._spill()
        together: list[Section] = []
        for _, group in groupby(sorted(self.sections), lambda section: section.part):
            sections = list(group)
            if together and sum(s.keys for s in together) + sum(s.keys for s in sections) > HELD:
                yield self._read(together)
                together = []
            together += sections
        yield self._read(together)

    def _read(self, sections: list[Section]) -> Keys:
        assert self.file is not None
        found = []
        for _, offset, count in sections:
            self.file.seek(offset)
            data = self.file.read(WIDTH * count)
            found.append((
                np.frombuffer(data, np.int32, count),
                np.frombuffer(data, np.int32, count, 4 * count),
                np.frombuffer(data, np.int8, count, 8 * count),
            ))  # fmt: skip
        return Keys.joined(found)

    def close(self) -> None:
        if self.file is not None:
            with suppress(OSError):
                self.file.close()
