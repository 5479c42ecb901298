"""What the user asked of a form beyond the choice of records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Each form reads those that concern it."""

    fields: tuple[str, ...] = ()  # of a record; none given: all
    fts: bool = False  # SQLite: a full-text index
    title: str = "newsmill"  # of a feed: the project's name
