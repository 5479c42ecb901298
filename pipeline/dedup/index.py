"""What dedup remembers of a batch, as two Parquet files: keys -> rows, and rows -> where the article lies.

    keys.parquet    key INTEGER, row INTEGER               sorted by key; 64 bands, id and text of each article
    rows.parquet    row INTEGER, start BIGINT, cluster VARCHAR      cluster: null for an article that heads its own
    names.bin       the names of articles in 64 bits, by row, and those of the first parts in clusters with their rows
    segment.json    version, settings, sha256 of each     written last: without it there is no segment

Keys are 32-bit hashes; whoever finds one looks at the article itself. Sorted and delta-encoded each takes 3.7 bytes.
The SQL here is what Spark SQL runs too, but for `read_parquet` and the options of COPY.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import store
from ..config import DedupConfig
from .bridges import first_parts
from .folders import FILES, SIGN, VERSION, Folders
from .recent import Found, Recent, merged
from .tokens import U64, distinct, member

_KEY = "CAST(entry >> 32 AS INTEGER) AS key"
_ROW = "CAST(entry & 4294967295 AS INTEGER) AS row"

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is kept of a batch."""

    keys: I32
    rows: I32  # the article of each key
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

    def __init__(self, folder: Path, cfg: DedupConfig) -> None:
        super().__init__(folder, cfg)
        self.recent = Recent()
        self.recent_names = Recent()

    @cached_property
    def _db(self) -> Any:
        import duckdb

        return duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "256MB", "temp_directory": ""})

    def write(self, batch: str, segment: Segment) -> None:
        folder = self.path(batch)
        (folder / SIGN).unlink(missing_ok=True)
        self.recent.add(batch, segment.keys, segment.rows)
        # Sorted here and not by DuckDB: the same bytes for half the CPU, and 300,000 articles without its memory.
        entries = segment.keys.astype(np.int64)
        entries <<= 32
        entries |= segment.rows
        entries.sort()
        self._copy(f"SELECT {_KEY}, {_ROW} FROM part", folder / FILES[0], {"entry": entries})
        del entries
        number = np.arange(len(segment.start), dtype=np.int32)
        cluster = np.array([*segment.cluster, None], dtype=object)[:-1]
        self._copy("SELECT row, start, CAST(cluster AS STRING) AS cluster FROM part", folder / FILES[1],
                   {"row": number, "start": segment.start, "cluster": cluster})  # fmt: skip
        names, rows = first_parts(segment.cluster, segment.parts)
        self.recent_names.add(batch, np.concatenate([segment.name, names]), np.concatenate([number, rows]))
        with store.atomic(folder / FILES[2]) as temporary:
            sizes = np.array([len(number), len(rows)], "<u8")
            temporary.write_bytes(b"".join(part.tobytes() for part in (sizes, segment.name, names, rows)))
        store.write_json(
            folder / SIGN,
            {
                "version": VERSION,
                "settings": self.settings,
                "articles": len(segment.start),
                "bytes": {name: (folder / name).stat().st_size for name in FILES},
                "sha256": {name: store.file_sha256(folder / name) for name in FILES},
            },
        )

    def _copy(self, query: str, path: Path, part: dict[str, Any]) -> None:
        with store.atomic(path) as temporary:
            self._db.register("part", part)
            name = str(temporary).replace("'", "''")
            with store.duckdb_writes():
                self._db.execute(f"COPY ({query}) TO '{name}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)")
            self._db.unregister("part")

    def remove(self, batch: str) -> None:
        self.recent.forget()
        self.recent_names.forget()
        super().remove(batch)

    def first_and_latest(self, batches: Sequence[str], keys: I32) -> Found:
        """For each of `keys` that occurs in `batches`: the key, its first and its latest article.

        An article's number is the position of its batch in `batches` << 32 | its row.
        """
        if not batches or not len(keys):
            return np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64)
        wanted = distinct(keys)
        found, known = self.recent.find(batches, wanted)
        if len(known) < len(batches):
            found.append(self._on_disk(batches, known, wanted))
        return merged(found)

    def _on_disk(self, batches: Sequence[str], known: Collection[str], keys: I32) -> Found:
        """The same for the batches that are not in memory."""
        rest = [batch for batch in batches if batch not in known]
        self._db.register("wanted", {"key": keys})
        places = self._places(rest, "keys.parquet")
        places["place"] = np.array([n for n, batch in enumerate(batches) if batch not in known], np.int64)
        self._db.register("places", places)
        hits = self._db.execute(
            "SELECT key, min(number) AS first, max(number) AS latest FROM ("
            "  SELECT k.key AS key, p.place * 4294967296 + k.row AS number"
            "  FROM (SELECT key, row, filename FROM read_parquet($files, filename = true)"
            "        WHERE key IN (SELECT key FROM wanted)) k"
            "  JOIN places p ON p.filename = k.filename) hits "
            "GROUP BY key ORDER BY key",
            {"files": self._files(rest, "keys.parquet")},
        ).fetchnumpy()
        return hits["key"].astype(np.int32), hits["first"].astype(np.int64), hits["latest"].astype(np.int64)

    def named(self, batches: Sequence[str], names: U64) -> dict[int, int]:
        """The first article in `batches` of each name that occurs there: of an id, or of a cluster's first part."""
        if not batches:
            return {}
        found, known = self.recent_names.find(batches, names)
        for place, batch in enumerate(batches):
            if batch not in known:
                own, first, rows = self._names(batch)
                every = np.concatenate([own, first])
                number = (place << 32) + np.concatenate([np.arange(len(own)), rows]).astype(np.int64)
                hit = member(every, names)
                found.append((every[hit], number[hit], number[hit]))
        name, number, _ = merged(found)
        return dict(zip(name.tolist(), number.tolist(), strict=True))

    def _names(self, batch: str) -> tuple[U64, U64, I32]:
        """Names of a batch's articles, names of the first parts in clusters, and the rows of these."""
        data = (self.path(batch) / "names.bin").read_bytes()
        articles, parts = np.frombuffer(data, "<u8", 2).tolist()
        own = np.frombuffer(data, "<u8", articles, 16)
        first = np.frombuffer(data, "<u8", parts, 16 + 8 * articles)
        return own, first, np.frombuffer(data, "<i4", parts, 16 + 8 * (articles + parts))

    def articles(self, batches: Sequence[str], numbers: Sequence[int]) -> dict[int, Place]:
        """Where articles lie, whose cluster they are in, and their names, by number."""
        if not numbers:
            return {}
        places = sorted({number >> 32 for number in numbers})
        chosen = [batches[place] for place in places]
        self._db.register("wanted", {"number": np.array(sorted(numbers), dtype=np.int64)})
        columns = self._places(chosen, "rows.parquet")
        columns["place"] = np.array(places, np.int64)
        self._db.register("places", columns)
        found = self._db.execute(
            "SELECT number, start, cluster FROM ("
            "  SELECT p.place * 4294967296 + r.row AS number, r.start AS start, r.cluster AS cluster"
            "  FROM read_parquet($files, filename = true) r JOIN places p ON p.filename = r.filename) a "
            "WHERE number IN (SELECT number FROM wanted)",
            {"files": self._files(chosen, "rows.parquet")},
        ).fetchall()
        names = {place: self._names(batches[place])[0] for place in places}
        return {n: Place(start, cluster, int(names[n >> 32][n & 0xFFFFFFFF])) for n, start, cluster in found}

    def _files(self, batches: Sequence[str], name: str) -> list[str]:
        return [_unglobbed(str(self.path(batch) / name)) for batch in batches]

    def _places(self, batches: Sequence[str], name: str) -> dict[str, Any]:
        return {
            "filename": np.array([str(self.path(batch) / name) for batch in batches], dtype=object),
            "place": np.arange(len(batches), dtype=np.int64),
        }


def _unglobbed(path: str) -> str:
    """A path as read_parquet takes it for a name and not for a pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)
