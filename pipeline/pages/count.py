"""How many pages a batch holds, about: for a progress bar, which must not wait for a count of 50,000."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from . import readers
from .batches import Batch, files
from .source import Source, open_inside

EXACT = 200  # pages between two looks at how far a file was read
READ = 4 << 20  # bytes of one file that are read; of a larger one the rest is estimated from its size


@dataclass(frozen=True, slots=True)
class _Watched(Source):
    """A source that remembers its stream, to tell how far a reader has come."""

    opened: list[BinaryIO] = field(default_factory=list)

    def open(self) -> BinaryIO:
        stream = open_inside(self.path, self.raw)
        self.opened.append(stream)
        return stream


def count(batch: Batch, max_bytes: int) -> int:
    """Pages of a batch: exact for folders of pages and for small files, else from the room that the first ones take."""
    return sum(_in_file(_Watched(path, batch.raw, path.name), max_bytes) for path in files(batch))


def _in_file(source: _Watched, max_bytes: int) -> int:
    kind = readers.named(source.path.name)
    if kind is None or not kind.many:
        return 1
    pages = 0
    for _ in readers.read(source, max_bytes):
        pages += 1
        if pages % EXACT == 0 and (share := _share_read(source)):
            return round(pages / share)
    return pages


def _share_read(source: _Watched) -> float | None:
    """How much of the file was read, once that is enough to tell; None where all of it was: readers read ahead."""
    stream = source.opened[-1] if source.opened else None
    if stream is None or stream.closed:
        return None
    at, size = stream.tell(), source.path.stat().st_size
    return at / size if READ <= at < size else None
