"""Files that raw/ takes as they are (HAR, CSV, ndjson, ARC, ...) -> rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..formats.charset import decode
from ..model import Skipped
from ..pages import readers
from ..pages.source import Source
from .rows import Row, Unusable

MOST = 64_000_000


def read(path: Path) -> Iterator[Row | Unusable]:
    source = Source(path, path.parent, path.name)
    for item in readers.read(source, MOST):
        where = f"{path.name}, {item.raw.key.replace(':', ' ')}" if item.raw.key else path.name
        if isinstance(item, Skipped):
            why = f"{item.reason}: {item.detail}" if item.detail else item.reason
            yield Unusable(where, why, damaged=item.reason == "unreadable")
            continue
        text, _ = decode(item.body, item.charset)
        is_text = item.kind == "text"
        yield Row(
            id=item.raw.key, url=item.url, html=None if is_text else text, text=text if is_text else None,
            title=item.title, published_at=item.published_at, fetched_at=item.fetched_at, source=item.source,
        )  # fmt: skip
