"""Records -> Parquet with lists, structs, maps, timestamps and dates, compressed with zstd, through DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import store
from ..records.types import field_types, sql_type
from .columns import published_day, published_utc
from .options import Options

MAX_ROW = 1_000_000_000  # bytes of a JSON row: DuckDB's own limit of 16 MB is less than a page may have
DERIVED = {"published_utc": "timestamptz", "published_day": "date"}  # stand after published_at


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


def write(rows: Iterable[dict[str, Any]], path: Path, options: Options) -> int:
    """A whole file at `path`; the rows lie beside it as JSON while DuckDB reads them."""
    import duckdb

    columns = schema(options.fields)
    lines = path.with_name(path.name + ".jsonl")
    count = 0
    try:
        with lines.open("wb") as file:
            for count, row in enumerate(rows, 1):  # noqa: B007
                dates = {"published_utc": published_utc(row), "published_day": published_day(row)}
                file.write(store.to_json({name: (row | dates).get(name) for name in columns}) + b"\n")
        types = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
        read = (
            f"read_json($lines, format = 'newline_delimited', maximum_object_size = {MAX_ROW}, columns = {{{types}}})"
        )
        quoted = str(path).replace("'", "''")
        with duckdb.connect() as db:
            db.execute("set threads = 1")
            copy = f"copy (select * from {read}) to '{quoted}' (format parquet, compression zstd)"
            with store.duckdb_writes():
                db.execute(copy, {"lines": str(lines)})
    finally:
        lines.unlink(missing_ok=True)
    return count
