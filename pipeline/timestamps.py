"""Stored timestamps: RFC 3339 text to a moment and back; the one place where they are read and written."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def aware(text: object) -> datetime | None:
    """The moment with the offset that is stated, UTC where none is: a bare day is its midnight. None for no date."""
    if not isinstance(text, str) or not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def instant(text: object) -> datetime | None:
    """A moment to compare with, in UTC, as `aware` reads the text."""
    moment = aware(text)
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def seconds(text: object) -> float | None:
    """Seconds since 1970, as `aware` reads the text."""
    moment = instant(text)
    return None if moment is None else moment.timestamp()


def is_day(text: str) -> bool:
    """Whether a stored timestamp is a bare day."""
    return len(text) == 10


def has_offset(text: str) -> bool:
    """Whether a stored timestamp states its offset.

    >>> has_offset("2026-11-20T06:05:00+01:00"), has_offset("2026-11-20T06:05:00"), has_offset("2026-11-20")
    (True, False, False)
    """
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def day_and_minute(text: str | None) -> tuple[int | None, int]:
    """(day as a proleptic ordinal in UTC, minute of the day or -1 for a bare day); (None, -1) for no date.

    >>> day_and_minute("2026-11-20T01:30:00+02:00"), day_and_minute("2026-11-20")
    ((739939, 1410), (739940, -1))
    """
    moment = instant(text)
    if moment is None:
        return None, -1
    return moment.toordinal(), -1 if is_day(text or "") else moment.hour * 60 + moment.minute


def utc(at: float | None = None) -> str:
    """Seconds since 1970, or now, as RFC 3339 in UTC."""
    return datetime.fromtimestamp(time.time() if at is None else at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
