"""raw/ -> batches, their files, every page in them; what cannot be a page is Skipped, never an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import NewsmillError
from ..model import Page, Skipped
from . import readers
from .batches import LOOSE, Batch, batches, files, inputs, is_sidecar
from .count import count
from .page_file import single
from .source import Source, closed, located, shown

__all__ = [
    "LOOSE",
    "Batch",
    "batches",
    "closed",
    "count",
    "files",
    "inputs",
    "is_sidecar",
    "located",
    "pages",
    "read_file",
    "read_named",
    "read_path",
    "shown",
]


def pages(batch: Batch, root: Path, max_bytes: int) -> Iterator[Page | Skipped]:
    """Every page of a batch, in an order that depends on names and contents alone. Streams: one page in memory.

    Never raises on what it finds. A page over max_bytes, decompressed, is Skipped.
    """
    for path in files(batch):
        yield from read_file(batch, path, root, max_bytes)


def read_file(batch: Batch, path: Path, root: Path, max_bytes: int) -> Iterator[Page | Skipped]:
    """The pages of one file of a batch: one, or as many as a WARC or JSONL file holds."""
    yield from read_named(path, batch.raw, shown(path, root), max_bytes)


def read_named(path: Path, raw: Path, name: str, max_bytes: int) -> Iterator[Page | Skipped]:
    """The pages of a file that records call `name`; no link in it is followed out of `raw`."""
    source = Source(path, raw, name)
    if is_sidecar(path.name):
        yield source.skipped("not-a-page", "a sidecar, and no page beside it")
    else:
        yield from readers.read(source, max_bytes)


def read_path(path: Path, max_bytes: int) -> Page | Skipped:
    """One page from a file a person named, links followed. Raises NewsmillError where there is none."""
    try:
        real = path.resolve(strict=True)
    except OSError as error:
        raise NewsmillError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    return single(Source(real, real.parent, shown(path, Path.cwd())), max_bytes)
