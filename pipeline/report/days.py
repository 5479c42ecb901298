"""Dates and times as stated -> days and minutes that can be counted."""

from __future__ import annotations

from datetime import UTC, date, datetime


def moment(text: str | None) -> tuple[int | None, int]:
    """(day as a proleptic ordinal in UTC, minute of the day or -1) of an RFC 3339 date or time; (None, -1) for neither.

    >>> moment("2026-11-20T01:30:00+02:00")
    (739939, 1410)
    >>> moment("2026-11-20")
    (739940, -1)
    """
    if not text:
        return None, -1
    try:
        if len(text) == 10:
            return date.fromisoformat(text).toordinal(), -1
        when = datetime.fromisoformat(text)
    except ValueError:
        return None, -1
    utc = when.astimezone(UTC) if when.tzinfo else when
    return utc.toordinal(), utc.hour * 60 + utc.minute
