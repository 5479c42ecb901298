"""Records -> CSV that pandas, R and spreadsheets read without options."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO, Any

from .columns import COLUMNS
from .options import Options

# Cells that a spreadsheet would run as a formula get an apostrophe, as OWASP advises ("CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones run in Japanese Excel


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """UTF-8 with a header line; with `fields` only the columns made from those.

    With changes there are two columns more, `event` and `why`; a removed record has these and its id.
    """
    columns = [column for column in COLUMNS if not options.fields or column.field in options.fields]
    line = io.StringIO(newline="")
    table = csv.writer(line, lineterminator="\n")
    changes = options.changes
    if changes and "id" not in (column.name for column in columns):
        columns.insert(0, next(column for column in COLUMNS if column.name == "id"))
    table.writerow([*(("event", "why") if changes else ()), *(column.name for column in columns)])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        event = (changes.events[row["id"]], None) if changes else ()
        table.writerow([*event, *(_cell(column.value(row)) for column in columns)])
        _flush(line, file)
    for id, why in changes.removed() if changes else ():
        table.writerow(["removed", why, *(id if column.name == "id" else None for column in columns)])
    _flush(line, file)
    return count


def _flush(line: io.StringIO, file: IO[bytes]) -> None:
    file.write(line.getvalue().encode("utf-8", "replace"))
    line.seek(0)
    line.truncate()


def _cell(value: Any) -> Any:
    """Text guarded; lists and objects never come here, each has a column that says how it is shown."""
    if isinstance(value, list | dict):
        raise TypeError("a column of lists or objects needs a line in columns.py")
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value.startswith(FORMULA) else value
    return value
