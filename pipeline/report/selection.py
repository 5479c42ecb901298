"""Which records the report is about: --since, --until, --source, --topic, --language."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..errors import UsageError
from .days import moment


@dataclass(slots=True)
class Selection:
    """Names are matched without regard to case; a topic by its code, its label or a part of it."""

    since: str | None = None  # a day or an RFC 3339 time; its day counts
    until: str | None = None
    sources: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    known: dict[str, dict[str, str]] = field(default_factory=lambda: {"source": {}, "topic": {}, "language": {}})

    def __post_init__(self) -> None:
        """Raises UsageError for a date that is none."""
        for name in ("since", "until"):
            text = getattr(self, name)
            if text and moment(text)[0] is None:
                raise UsageError(f"--{name} {text}: not a date like 2026-11-20 or 2026-11-20T06:00:00Z")

    def meet(self, record: dict[str, Any]) -> None:
        """Note the names a record has, so that `check` can tell which were asked for in vain."""
        if record["source"]:
            self.known["source"][record["source"].casefold()] = record["source"]
        if record["language"]:
            self.known["language"][record["language"].casefold()] = record["language"]
        for topic in record["topics"]:
            self.known["topic"][topic["label"].casefold()] = topic["label"]
            self.known["topic"][topic["id"].casefold()] = topic["id"]

    def check(self) -> None:
        """Raises UsageError for a name that no record has, with the nearest one that some record has."""
        for kind, wanted in (("source", self.sources), ("topic", self.topics), ("language", self.languages)):
            for name in wanted:
                has = self.known[kind]
                if any(name.casefold() == key or (kind == "topic" and name.casefold() in key) for key in has):
                    continue
                near = difflib.get_close_matches(name.casefold(), has, 1, 0.5)
                hint = f" (did you mean {has[near[0]]!r}?)" if near else ""
                raise UsageError(f"--{kind} {name}: no record has it{hint}")

    def takes(self, record: dict[str, Any]) -> bool:
        """Whether the report shows this record."""
        if self.sources and (record["source"] or "").casefold() not in {name.casefold() for name in self.sources}:
            return False
        if self.languages and (record["language"] or "").casefold() not in {name.casefold() for name in self.languages}:
            return False
        if self.topics and not any(_tagged(record, name.casefold()) for name in self.topics):
            return False
        day = moment(record["published_at"] or record["fetched_at"])[0]
        if (self.since or self.until) and day is None:
            return False
        return day is None or (_first(self.since) <= day <= _last(self.until))


def _tagged(record: dict[str, Any], wanted: str) -> bool:
    return any(wanted == topic["id"].casefold() or wanted in topic["label"].casefold() for topic in record["topics"])


def _first(text: str | None) -> int:
    return (moment(text)[0] if text else None) or date.min.toordinal()


def _last(text: str | None) -> int:
    return (moment(text)[0] if text else None) or date.max.toordinal()
