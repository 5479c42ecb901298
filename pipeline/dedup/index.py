"""The index of a batch as three files of little-endian numbers: keys -> rows, and rows -> articles.

    keys.bin        how many (u8); keys, ascending (i4); the row of each (u2, or u4 over 65,536 articles)
    rows.bin        how many articles and copies (u8, u8); byte offset of each article's line (i8); of the copies the
                    rows (u4), where the id of each one's cluster ends (u4), and these ids (UTF-8)
    names.bin       the names of articles in 64 bits, by row, and those of the first parts in clusters with their rows
    segment.json    version, settings, sizes and sha256 of each      written last: without it there is no segment

Keys are 32-bit hashes; whoever finds one looks at the article itself. Only numpy reads and writes these files, so their
bytes do not depend on the version of any library, and a lookup costs a read and a table: a third of what DuckDB took to
scan the same keys as Parquet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import store
from ..config import DedupConfig
from . import recent
from .bridges import first_parts
from .candidates import CutKeys
from .folders import FILES, SIGN, VERSION, Folders
from .groups import Column, Groups, Kind, Span, lookup, spans
from .recent import Found, Recent, merged
from .tokens import U64, distinct, member, positions

FEW_BITS, MOST_BITS = 12, 24  # of the table that says which keys are looked for: one byte each
ROW = 0xFFFFFFFF
SEARCHED = 64  # so many times as many keys as are looked for: they are searched for one by one

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is kept of a batch."""

    keys: CutKeys
    start: I64  # of each article, the byte offset of its line in articles.jsonl
    cluster: tuple[str | None, ...]  # None: the article heads its own
    name: U64  # of each article, its id in 64 bits
    parts: tuple[bool, ...]  # which of them are parts of longer ones


class Place(NamedTuple):
    """What is kept of one article."""

    start: int  # byte offset of its line
    cluster: str | None  # None: it heads its own
    name: int


class Segments(Folders):
    """The folder of segments."""

    def __init__(self, folder: Path, cfg: DedupConfig, groups: Path | None = None) -> None:
        """`groups`: where groups of segments are kept; None: each segment is read on its own."""
        super().__init__(folder, cfg)
        self.recent = Recent()
        self.recent_names = Recent()
        self.groups: tuple[Groups, Groups] | None = None
        if groups is not None:
            self.groups = (
                Groups(groups, Kind("keys", "<i4", self._key_column, lambda batch: self._sign(batch, "keys.bin"))),
                Groups(groups, Kind("names", "<u8", self._name_column, lambda batch: self._sign(batch, "names.bin"))),
            )

    def write(self, batch: str, segment: Segment) -> None:
        folder = self.path(batch)
        (folder / SIGN).unlink(missing_ok=True)
        articles = len(segment.start)
        self._write_keys(batch, segment.keys, articles)
        copies = [row for row, cluster in enumerate(segment.cluster) if cluster is not None]
        clusters = [str(segment.cluster[row]).encode("utf-8", "surrogatepass") for row in copies]
        _write(
            folder / "rows.bin",
            np.array([articles, len(copies)], "<u8"),
            segment.start.astype("<i8"),
            np.array(copies, "<u4"),
            np.cumsum([len(cluster) for cluster in clusters], dtype=np.int64).astype("<u4"),
            b"".join(clusters),
        )
        names, places = first_parts(segment.cluster, segment.parts)
        rows = np.arange(articles, dtype=np.int32)
        self.recent_names.add(batch, np.concatenate([segment.name, names]), np.concatenate([rows, places]))
        _write(folder / "names.bin", np.array([articles, len(places)], "<u8"), segment.name.astype("<u8"),
               names.astype("<u8"), places.astype("<u4"))  # fmt: skip
        store.write_json(
            folder / SIGN,
            {
                "version": VERSION,
                "settings": self.settings,
                "articles": articles,
                "bytes": {name: (folder / name).stat().st_size for name in FILES},
                "sha256": {name: store.file_sha256(folder / name) for name in FILES},
            },
        )

        for groups in self.groups or ():
            groups.forget(batch)

    def _write_keys(self, batch: str, keys: CutKeys, articles: int) -> None:
        """keys.bin, sorted a range after the other: the keys of a million articles are 700 MB as one array of them."""
        width, at = 2 if articles <= 1 << 16 else 4, 0
        in_memory: list[I64] | None = []  # for the lookups of this run, where they are not too many
        with store.atomic(self.path(batch) / "keys.bin") as temporary, temporary.open("wb") as file:
            file.write(np.array([keys.count], "<u8").tobytes())
            for part in keys.parts():
                both = part.key.astype(np.int64)
                both <<= 32
                both |= part.row
                both.sort()
                file.seek(8 + 4 * at)
                file.write((both >> 32).astype("<i4").tobytes())
                file.seek(8 + 4 * keys.count + width * at)
                file.write((both & ROW).astype(f"<u{width}").tobytes())
                at += len(both)
                if keys.count > recent.LIMIT:
                    in_memory = None
                elif in_memory is not None:
                    in_memory.append(both)
            file.flush()
        if in_memory is None:
            self.recent.leave_out(batch)
        else:
            every = np.concatenate(in_memory)
            self.recent.add(batch, (every >> 32).astype(np.int32), (every & ROW).astype(np.int32))

    def remove(self, batch: str) -> None:
        self.recent.forget()
        self.recent_names.forget()
        for groups in self.groups or ():
            groups.forget(batch)
        super().remove(batch)

    def first_and_latest(self, batches: Sequence[str], keys: I32) -> Found:
        """For each of `keys` that occurs in `batches`: the key, its first and its latest article.

        An article's number is the position of its batch in `batches` << 32 | its row.
        """
        if not batches or not len(keys):
            return np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64)
        ascending = distinct(keys)
        table = cache(lambda: _table(ascending))  # made where a segment is read on its own
        of_segment = partial(self._of_segment, ascending=ascending, table=table)
        return self._lookup(batches, ascending, self.recent, self.groups and self.groups[0], of_segment)

    def _lookup(
        self,
        batches: Sequence[str],
        values: NDArray[Any],
        recent: Recent,
        groups: Groups | None,
        of_segment: Callable[[str], tuple[NDArray[Any], NDArray[Any]]],
    ) -> Found:
        """The values that occur in `batches`, each with its first and latest article.

        `values` are ascending and different. What `recent` does not know is read from groups of segments, and
        by `of_segment` (batch -> values and their rows) where a segment is in no group.
        """
        hits, known = recent.find(batches, values)
        for span in self._spans(len(batches)):
            if known and known >= set(batches[span.low : span.high]):
                continue
            if span.level and groups:
                value, number = lookup(groups.column(batches, span), values, span.low)
            else:
                value, rows = of_segment(batches[span.low])
                number = (span.low << 32) + rows.astype(np.int64)
            hits.append((value, number, number))
        return merged(hits)

    def _spans(self, count: int) -> list[Span]:
        return spans(count) if self.groups else [Span(n, 0) for n in range(count)]

    def _of_segment(
        self, batch: str, ascending: I32, table: Callable[[], NDArray[np.bool_]]
    ) -> tuple[I32, NDArray[Any]]:
        """The keys of a segment that are wanted, and their rows.

        Its keys are read whole and sifted by a table of their low bits, then compared; of a file that is much larger
        than what is looked for only the pages that a binary search touches, or the range in which all of it lies.
        """
        path = self.path(batch) / "keys.bin"
        with path.open("rb") as file:
            count = int(np.fromfile(file, "<u8", 1)[0])
            if count > SEARCHED * len(ascending):
                every: I32 = np.memmap(file, "<i4", "r", 8, count)
                at = positions(every, ascending)
                hits = np.array(every[at])
            else:
                every = np.fromfile(file, "<i4", count)
                low_bits = table()
                at = np.flatnonzero(low_bits[every.view(np.uint32) & np.uint32(len(low_bits) - 1)])
                at = at[member(every[at], ascending)]
                hits = every[at]
            if not len(at):
                return hits, np.zeros(0, np.int32)
            return hits, np.memmap(file, _kind(path, count), "r", 8 + 4 * count, count)[at]

    def _key_column(self, batch: str) -> Column:
        path = self.path(batch) / "keys.bin"
        with path.open("rb") as file:
            count = int(np.fromfile(file, "<u8", 1)[0])
            keys = np.fromfile(file, "<i4", count)
            rows = np.fromfile(file, _kind(path, count), count)
        return Column(keys, rows, self._size(batch))

    def _name_column(self, batch: str) -> Column:
        names, rows = self._all_names(batch)
        order = np.argsort(names, kind="stable")
        return Column(names[order], rows[order], self._size(batch))

    def _size(self, batch: str) -> I64:
        with (self.path(batch) / "rows.bin").open("rb") as file:
            return np.fromfile(file, "<u8", 1).astype(np.int64)

    def _sign(self, batch: str, file: str) -> tuple[int, int, int]:
        status = os.stat(f"{self.path(batch)}/{file}")  # noqa: PTH116  (of each batch, at each lookup)
        return status.st_mtime_ns, status.st_size, status.st_ino

    def named(self, batches: Sequence[str], names: U64) -> dict[int, int]:
        """The first article in `batches` of each name that occurs there: of an id, or of a cluster's first part."""
        if not batches:
            return {}

        def of_segment(batch: str) -> tuple[U64, NDArray[np.int64]]:
            every, rows = self._all_names(batch)
            hit = member(every, names)
            return every[hit], rows[hit]

        name, number, _ = self._lookup(batches, names, self.recent_names, self.groups and self.groups[1], of_segment)
        return dict(zip(name.tolist(), number.tolist(), strict=True))

    def _all_names(self, batch: str) -> tuple[U64, NDArray[np.int64]]:
        """The names of a batch's articles and of first parts in clusters, with their rows."""
        names, first, rows = self._names(batch)
        return np.concatenate([names, first]), np.concatenate([np.arange(len(names)), rows]).astype(np.int64)

    def _names(self, batch: str) -> tuple[U64, U64, I32]:
        """Names of a batch's articles, names of the first parts in clusters, and the rows of these."""
        data = (self.path(batch) / "names.bin").read_bytes()
        articles, parts = np.frombuffer(data, "<u8", 2).tolist()
        names = np.frombuffer(data, "<u8", articles, 16)
        first = np.frombuffer(data, "<u8", parts, 16 + 8 * articles)
        return names, first, np.frombuffer(data, "<i4", parts, 16 + 8 * (articles + parts))

    def articles(self, batches: Sequence[str], numbers: Sequence[int]) -> dict[int, Place]:
        """Where articles lie, whose cluster they are in, and their names, by number."""
        places = {}
        for place, group in groupby(sorted(numbers), lambda number: number >> 32):
            starts, clusters = self._rows(batches[place])
            names = self._names(batches[place])[0]
            for number in group:
                row = number & 0xFFFFFFFF
                places[number] = Place(int(starts[row]), clusters.get(row), int(names[row]))
        return places

    def _rows(self, batch: str) -> tuple[I64, dict[int, str]]:
        """Byte offsets of a batch's articles, and the clusters of the copies among them."""
        data = (self.path(batch) / "rows.bin").read_bytes()
        articles, copies = np.frombuffer(data, "<u8", 2).tolist()
        rows = np.frombuffer(data, "<u4", copies, 16 + 8 * articles).tolist()
        ends = np.frombuffer(data, "<u4", copies, 16 + 8 * articles + 4 * copies).tolist()
        text = data[16 + 8 * (articles + copies) :]
        ids = (text[low:high].decode("utf-8", "surrogatepass") for low, high in pairwise([0, *ends]))
        return np.frombuffer(data, "<i8", articles, 16), dict(zip(rows, ids, strict=True))


def _table(ascending: I32) -> NDArray[np.bool_]:
    """Which low bits occur among the keys that are looked for."""
    bits = min(max(len(ascending).bit_length() + 5, FEW_BITS), MOST_BITS)
    table = np.zeros(1 << bits, np.bool_)
    table[ascending.view(np.uint32) & np.uint32(len(table) - 1)] = True
    return table


def _kind(path: Path, count: int) -> str:
    """The type of the rows of a segment of so many keys."""
    return "<u2" if path.stat().st_size == 8 + 6 * count else "<u4"


def _write(path: Path, *parts: NDArray[Any] | bytes) -> None:
    with store.atomic(path) as temporary, temporary.open("wb") as file:
        for part in parts:
            file.write(part if isinstance(part, bytes) else part.tobytes())
        file.flush()
