"""Inputs -> batches and their files -> units of work, numbered in the order in which a local run judges pages.

Computes only; who lists folders is `inputs.py` for local paths and the engine for remote ones. An input is what would
lie directly under raw/: a file of many pages or a folder is a batch, loose pages are one together.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count

from ..errors import UsageError
from ..pages.batches import LOOSE, RESERVED
from ..pages.readers import container_stem

PAGE_BITS = 34  # of a page's number: its place in its file; the bits above are the file's place among all files
BLOCK = 64  # pages in a row that one slice takes
SLICES = 16  # of one file at most: each of them reads the whole file
FILES = 200  # in one unit at most
LEAST, MOST = 1 << 20, 256 << 20  # bytes of a unit


@dataclass(frozen=True, slots=True)
class File:
    """One file of a batch."""

    place: str  # path, or URI that the engine reads
    name: str  # as records write it: "raw/<batch>/..."
    size: int
    raw: str = ""  # the local folder that no link may lead out of; "" for a remote file
    changed: int = 0  # milliseconds since 1970: a file that has another one is another input


@dataclass(frozen=True, slots=True)
class Entry:
    """What would lie directly under raw/: one file, or a folder with all files below it."""

    name: str
    folder: bool
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as a local run has it; its files in the order of their names."""

    name: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What one task extracts: some files of a batch, or a slice of one file."""

    batch: int  # its place among the batches
    first: int  # the place of the first of `files` among all files
    files: tuple[File, ...]
    slice: int = 0
    slices: int = 1

    def takes(self, page: int) -> bool:
        """Whether the page at this place in its file is one of the unit's."""
        return page // BLOCK % self.slices == self.slice

    def to_json(self) -> str:
        """ASCII, whatever bytes are in the names."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Unit:
        row = json.loads(text)
        return cls(**{**row, "files": tuple(File(**file) for file in row["files"])})


def number(file: int, page: int) -> int:
    """The place of a page among all pages: ascending in the order in which a local run judges them."""
    return file << PAGE_BITS | page


def batches(entries: Iterable[Entry]) -> list[Batch]:
    """The batches that a project with these entries in raw/ would have, in the byte order of their names.

    Raises UsageError where two inputs claim one name.
    """
    named: dict[str, Entry] = {}
    loose: dict[str, File] = {}
    for entry in entries:
        name = entry.name if entry.folder else container_stem(entry.name)
        if name is None:
            for file in entry.files:
                if file.name in loose:
                    raise UsageError(f"{loose[file.name].place} and {file.place} would both be {file.name}: rename one")
                loose[file.name] = file
        elif name in RESERVED:
            raise UsageError(f"{entry.name}: no batch can be called {name!r}: rename it")
        elif name in named or (name == LOOSE and loose):
            raise UsageError(f"two inputs would both be the batch {name!r} ({entry.name}): rename one of them")
        else:
            named[name] = entry
    all_batches = [Batch(name, entry.files) for name, entry in named.items()]
    if loose:
        if LOOSE in named:
            raise UsageError(f"{named[LOOSE].name} and loose pages would both be the batch {LOOSE!r}: rename it")
        all_batches.append(Batch(LOOSE, tuple(sorted(loose.values(), key=lambda file: os.fsencode(file.name)))))
    return sorted(all_batches, key=lambda batch: os.fsencode(batch.name))


def units(plan: Sequence[Batch], parallel: int) -> list[Unit]:
    """Work for so many tasks at a time. How it is cut changes no result."""
    total = sum(file.size for batch in plan for file in batch.files)
    target = min(max(total // (4 * parallel), LEAST), MOST)
    return list(_units(plan, target))


def _units(plan: Sequence[Batch], target: int) -> Iterator[Unit]:
    places = count()
    for n, batch in enumerate(plan):
        files: list[File] = []
        first = size = 0
        for file in batch.files:
            place = next(places)
            large = file.size >= 2 * target or not file.raw  # the engine reads a remote file as one row
            if files and (large or len(files) >= FILES or size >= target):
                yield Unit(n, first, tuple(files))
                files, size = [], 0
            if large:
                slices = 1 if not file.raw else min(SLICES, -(-file.size // target))
                yield from (Unit(n, place, (file,), k, slices) for k in range(slices))
                continue
            if not files:
                first = place
            files.append(file)
            size += file.size
        if files:
            yield Unit(n, first, tuple(files))
