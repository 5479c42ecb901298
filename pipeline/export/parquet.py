"""Records -> Parquet with lists, structs, maps, timestamps and dates, compressed with zstd, through DuckDB."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from .. import store
from ..records.types import field_types, sql_type
from .columns import published_day, published_utc
from .options import Options
from .rows import Line, Row

MIN_ROW = 1_000_000  # bytes: DuckDB's buffers are as large as the longest row it is told of, 16 MB where it is not
ROW_GROUP = 2048  # rows: DuckDB holds a row group in memory; of 20,000 records 286 MB at 8,192 and 169 MB at 2,048
DERIVED = {"published_utc": "timestamptz", "published_day": "date"}  # stand after published_at
CHANGE = {"event": "varchar", "why": "varchar"}  # stand first, with --since-run


def schema(names: tuple[str, ...] = ()) -> dict[str, str]:
    """Column -> DuckDB type; with `names` only those fields and what is derived from them."""
    columns: dict[str, str] = {}
    for name, annotation in field_types().items():
        if names and name not in names:
            continue
        columns[name] = sql_type(annotation)
        if name == "published_at":
            columns |= DERIVED
    return columns


def write(lines: Iterable[Line], path: Path, options: Options) -> int:
    """Write a Parquet file at `path`; its rows are a temporary JSON file beside it, which DuckDB reads."""
    import duckdb

    names = (*options.fields, "id") if options.fields and options.changes else options.fields
    columns = (CHANGE if options.changes else {}) | schema(names)
    beside = path.with_name(path.name + ".jsonl")
    try:
        with beside.open("wb") as file:
            count, longest = _rows(lines, file, options)
        types = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
        read = (
            f"read_json($lines, format = 'newline_delimited', maximum_object_size = {longest}, columns = {{{types}}})"
        )
        quoted = str(path).replace("'", "''")
        with duckdb.connect() as db:
            db.execute("set threads = 1")
            form = f"format parquet, compression zstd, row_group_size {ROW_GROUP}"
            with duckdb_writes():
                db.execute(f"copy (select * from {read}) to '{quoted}' ({form})", {"lines": str(beside)})
    finally:
        beside.unlink(missing_ok=True)
    return count


def _rows(lines: Iterable[Line], file: IO[bytes], options: Options) -> tuple[int, int]:
    """Each record as it lies in clean/, derived columns before its own. Returns their number and the bytes to allow."""
    count, longest = 0, MIN_ROW
    changes = options.changes
    for count, line in enumerate(lines, 1):  # noqa: B007
        head = cast(Row, line.head)
        derived = {"published_utc": published_utc(head), "published_day": published_day(head)}
        if changes:
            derived |= {"event": changes.events[head["id"]]}
        made = store.to_json(derived)[:-1] + b"," + line.json[1:] + b"\n"
        longest = max(longest, 2 * len(made))
        file.write(made)
    for removed in changes.lines() if changes else ():
        file.write(store.to_json(removed) + b"\n")
    return count, longest


@contextmanager
def duckdb_writes() -> Iterator[None]:
    """Raise as OSError what the disk said to DuckDB, which wraps it in JSON in a sentence of its own."""
    import duckdb

    try:
        yield
    except duckdb.IOException as error:
        errno = re.search(r'"errno":"(\d+)"', str(error))
        raise (OSError(int(errno[1]), os.strerror(int(errno[1]))) if errno else OSError(str(error))) from error
