"""forgotten.jsonl -> the articles that were taken down: what keeps them out of raw/, clean/ and the fetch queue.

The file lies beside config.toml and outlives raw/, clean/ and the state folder. A row without `done` is a removal that
was begun and not finished: the next run finishes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import files, store
from .errors import NewsmillError
from .project import Project
from .urls import canonical_key, is_home

FILE = files.FORGOTTEN


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One article that was taken down. One row of forgotten.jsonl."""

    id: str | None
    key: str | None  # canonical key of its address; None where it has none of its own
    url: str | None
    at: str  # when it was asked for
    why: str | None = None
    done: str | None = None  # when everything of it was removed; None: begun and not finished


def path(root: Path) -> Path:
    return root / FILE


def read(root: Path) -> list[Tombstone]:
    """The tombstones of a project, oldest first.

    Raises NewsmillError for a damaged line: to go on without it could bring back what was taken down.
    """
    return [stone for stone, _ in _rows(path(root))]


def forgotten(project: Project) -> frozenset[str]:
    """Ids and URL keys that must not come back."""
    return frozenset(value for stone in read(project.root) for value in (stone.id, stone.key) if value)


def covers(names: frozenset[str], id: str | None, url: str | None) -> bool:
    """Whether an article with this id and address was taken down."""
    return bool(names) and (id in names or (bool(url) and not is_home(url or "") and canonical_key(url or "") in names))


def add(root: Path, stone: Tombstone) -> None:
    """Append a tombstone; one of the same id and key is opened again instead. Raises NewsmillError."""
    rows = list(_rows(path(root)))
    known = any((old.id, old.key) == (stone.id, stone.key) for old, _ in rows)
    with store.writer(path(root)) as write:
        for old, row in rows:
            write({**row, "done": None} if (old.id, old.key) == (stone.id, stone.key) else row)
        if not known:
            write(stone)


def finish(root: Path, stone: Tombstone, at: str) -> None:
    """Write down that everything of it was removed."""
    rows = list(_rows(path(root)))
    with store.writer(path(root)) as write:
        for old, row in rows:
            write({**row, "done": at} if (old.id, old.key) == (stone.id, stone.key) else row)


def unfinished(root: Path) -> list[Tombstone]:
    """Removals that were begun and not finished: killed half way, refused by the disk, or added by hand."""
    return [replace(stone, done=None) for stone in read(root) if stone.done is None]


def _rows(file: Path) -> Iterator[tuple[Tombstone, dict[str, Any]]]:
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise NewsmillError(f"{file}: cannot be read: {error.strerror or error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not (isinstance(row.get("id"), str) or isinstance(row.get("key"), str)):
                raise ValueError("neither id nor key")
        except (ValueError, RecursionError) as error:
            raise NewsmillError(
                f"{file}: line {number} is damaged ({error}). The file lists removed articles: mend that line (an "
                "object with id, key, url, at, why) and keep the file; without it those articles come back"
            ) from None
        text = {
            name: row[name] if isinstance(row.get(name), str) else None for name in ("id", "key", "url", "why", "done")
        }
        yield Tombstone(text["id"], text["key"], text["url"], str(row.get("at") or ""), text["why"], text["done"]), row
