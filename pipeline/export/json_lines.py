"""Forms of one JSON object a line: what a form makes of each record, written to its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, Any

from .. import store

Row = dict[str, Any]


def write(rows: Iterable[Row], file: IO[bytes], made: Callable[[Row], Row]) -> int:
    """Write `made` of each record; returns how many there were."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        file.write(store.to_json(made(row)) + b"\n")
    return count
