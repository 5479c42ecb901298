"""Records -> JSON lines, as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from .. import store
from .options import Options
from .rows import Line


def write(lines: Iterable[Line], file: IO[bytes], options: Options) -> int:
    """One record a line; with `fields` only those, in the order of the record.

    With changes each has its `event` first; a removed one has no more than that, its id and the reason.
    """
    count = 0
    names = set(options.fields) and {*options.fields, *(("id",) if options.changes else ())}
    for count, line in enumerate(lines, 1):  # noqa: B007
        json = line.json
        if names:
            json = store.to_json({name: value for name, value in line.row().items() if name in names})
        if options.changes:
            json = b'{"event":"%b",%b' % (options.changes.events[line.head["id"]].encode(), json[1:])
        file.write(json + b"\n")
    for removed in options.changes.lines() if options.changes else ():
        file.write(store.to_json(removed) + b"\n")
    return count
