"""Records -> the bulk API of OpenSearch and Elasticsearch: an action line and the record, removals as delete lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from .. import store
from .options import Options
from .rows import Line


def write(lines: Iterable[Line], file: IO[bytes], options: Options) -> int:
    """The index is named by the address it is sent to; a document's id is the article's."""
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007
        file.write(_action("index", line.head["id"]) + line.json + b"\n")
    for id, _ in options.changes.removed() if options.changes else ():
        file.write(_action("delete", id))
    return count


def _action(name: str, id: str) -> bytes:
    return store.to_json({name: {"_id": id}}) + b"\n"
