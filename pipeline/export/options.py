"""What the user asked of a form beyond the choice of records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .changes import Changes


@dataclass(frozen=True, slots=True)
class Options:
    """Each form reads those that concern it."""

    fields: tuple[str, ...] = ()  # of a record; none given: all
    fts: bool = False  # SQLite: a full-text index
    title: str = "newsmill"  # of a feed: the project's name
    run: str | None = None  # the last run whose records are in it
    changes: Changes | None = None  # with --since-run: what happened to the records, and which are gone
    old: Path | None = None  # the file as it is, for a form that changes or replaces one
