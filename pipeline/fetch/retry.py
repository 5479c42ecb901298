"""When to ask again after trouble: pure functions of what the server said and how often it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

BUSY = frozenset((429, 503))
GONE = frozenset((404, 410))
LONGEST_PAUSE = 86_400.0
PATIENCE = 120.0  # seconds a busy host is waited for in a run; a longer Retry-After is for the next run
MANY_FAILURES = 3  # in a row: the host is left alone for the rest of the run
FORGIVEN = 2  # failures of a listing without a pause: cron asks again soon enough, and most trouble is over by then


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask the same host again in this run, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the host alone for the rest of the run and for at least so many seconds."""

    seconds: float


def retry_after(value: str | None, now: float, otherwise: float) -> float:
    """Seconds that a Retry-After header asks for, at most a day; `otherwise` where it says nothing readable."""
    if value is None:
        return otherwise
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(float(value), LONGEST_PAUSE)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return otherwise
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at.timestamp() - now, 0.0), LONGEST_PAUSE)


def backoff(failures: int, chance: float, first: float = 60.0) -> float:
    """Seconds to stay away after so many failures in a row: doubling, at most a day, spread by `chance` in 0..1."""
    return float(min(first * 2 ** min(failures, 20), LONGEST_PAUSE)) * (0.5 + chance / 2)


def busy(header: str | None, times: int, now: float, seconds_left: float, chance: float) -> Wait | Leave:
    """After 429 or 503: `times` counts such answers to this request, `seconds_left` of the run."""
    pause = retry_after(header, now, backoff(times, chance, first=5.0))
    if pause <= PATIENCE and pause < seconds_left and times < MANY_FAILURES:
        return Wait(pause)
    return Leave(pause)


def page(tries: int, retries: int, chance: float) -> float | None:
    """Seconds until a page that failed is tried again; None where it is given up."""
    return None if tries >= retries else backoff(tries, chance)


def listing(failures: int, chance: float) -> float:
    """Seconds until a feed or sitemap is polled again after so many failures in a row."""
    return backoff(failures - FORGIVEN - 1, chance, first=900.0) if failures > FORGIVEN else 0.0
