"""Records -> JSON lines, as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from .. import store
from .options import Options


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """One record a line; with `fields` only those, in the order of the record."""
    count = 0
    wanted = set(options.fields)
    for count, row in enumerate(rows, 1):  # noqa: B007
        kept = {name: value for name, value in row.items() if name in wanted} if wanted else row
        file.write(store.to_json(kept) + b"\n")
    return count
