"""Dates as feeds and sitemaps write them -> RFC 3339, and back to seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime


def when(text: str | None) -> str | None:
    """A date of RFC 822 or ISO 8601 as RFC 3339; None where there is none in it, or one that cannot be.

    A time without an offset is taken as UTC here: it only orders the queue and never becomes an article's date.
    """
    text = (text or "").strip()[:64]
    if not text:
        return None
    found: datetime | None = None
    try:
        if re.match(r"\d{4}(?:-\d\d?(?:-\d\d?)?)?(?:$|[T ])", text):
            parts = [int(p) for p in re.match(r"[\d-]+", text)[0].split("-")]  # type: ignore[index]
            day = "-".join(f"{p:02d}" for p in (*parts, 1, 1)[:3])
            rest = text[re.match(r"[\d-]+", text).end() :]  # type: ignore[union-attr]
            found = datetime.fromisoformat(day + rest.replace(" ", "T", 1).replace(" ", ""))
        else:
            from email.utils import parsedate_to_datetime

            found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    if not 1990 <= found.year <= 2200:
        return None
    return found.isoformat(timespec="seconds").replace("+00:00", "Z")


def stamp(text: str | None) -> float | None:
    """The time of `when`'s answer in seconds since 1970."""
    try:
        return datetime.fromisoformat(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None
