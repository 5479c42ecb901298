"""ISO 8601 text -> a moment, or None: the one place where stored timestamps are read."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(text: object) -> datetime | None:
    """A moment to compare with, in UTC: a bare day is its midnight, an unstated offset is UTC."""
    if not isinstance(text, str) or not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def seconds(text: object) -> float | None:
    """Seconds since 1970, as `instant` reads the text."""
    moment = instant(text)
    return None if moment is None else moment.timestamp()
