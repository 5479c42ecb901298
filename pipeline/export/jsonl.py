"""Records -> JSON lines, as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from . import lines
from .options import Options


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """One record a line; with `fields` only those, in the order of the record."""
    wanted = set(options.fields)
    if not wanted:
        return lines.write(rows, file, lambda row: row)
    return lines.write(rows, file, lambda row: {name: value for name, value in row.items() if name in wanted})
