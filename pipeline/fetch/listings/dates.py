"""Dates as feeds and sitemaps write them -> RFC 3339, and to seconds since 1970."""

from __future__ import annotations

import re
from calendar import monthrange
from email.utils import parsedate_to_datetime

from ...extract.metadata import dates
from ...timestamps import aware, has_offset, is_day, seconds

MINUTE, DAY = 60, 86_400
LAST_ZONE = 12 * 3600  # the day ends last at UTC-12
_FIRST, _LAST = 1990, 2200  # years that are believed
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d?))?")
_MILLISECONDS = re.compile(r"(\d{10})\d{3}")
_SHORT_YEAR = re.compile(r"(?:\w{2,10},? )?\d{1,2}[ -][A-Za-z]{3}[ -]\d\d \d\d?:.*")  # RFC 822 and 850
# Names of zones that a page may mean otherwise, and a feed does not: those of RFC 822, and one of each continent's.
_ZONES = {
    "cst": "-06:00", "mst": "-07:00", "bst": "+01:00", "west": "+01:00", "sgt": "+08:00", "pkt": "+05:00",
    "brt": "-03:00", "art": "-03:00", "trt": "+03:00",
}  # fmt: skip
_ZONE = re.compile(r"(?<=[\d\s])\(?([A-Za-z]{1,4})\)?$")


def precise(text: str | None, *, month_first: bool | None = None) -> str | None:
    """A date as precise as it is stated: "2026-11-22", or with a time, and with an offset where there is one.

    None for no date, or one that cannot be. `month_first` tells a month from a day in 3/4/2026; without it such a date
    is none.
    """
    text = " ".join((text or "").split())[:80]
    if not text:
        return None
    if _SHORT_YEAR.fullmatch(text):
        try:
            text = parsedate_to_datetime(text).isoformat(timespec="seconds").replace("+00:00", "Z")
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
    if number := _MILLISECONDS.fullmatch(text):
        text = number[1]
    elif (zone := _ZONE.search(text)) and (offset := _ZONES.get(zone[1].lower())):
        text = text[: zone.start()].rstrip() + offset
    if _PERIOD.fullmatch(text):  # a year, or a month of it: no day
        return None
    if compact := re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?", text):
        y, m, d, hour, minute, second, zone_ = compact.groups()
        text = f"{y}-{m}-{d}" + (f"T{hour}:{minute}:{second or '00'}{zone_ or ''}" if hour else "")
    parsed = dates.parse(text, month_first)
    if parsed is None or not _FIRST <= int(parsed[:4]) <= _LAST:
        return None
    return parsed


def when(text: str | None) -> str | None:
    """A date to order by: with a time and an offset always.

    A time without an offset is taken as UTC, a date as its first moment, 3/4/2026 as an American one. It orders the
    queue and is compared with max_age_days; it never becomes an article's date.
    """
    text = (text or "").strip()[:80]
    if _PERIOD.fullmatch(text):
        year, _, month = text.partition("-")
        text = f"{year}-{int(month or 1):02d}-01" if 0 < int(month or 1) <= 12 else ""
    parsed = precise(text) or precise(text, month_first=True)
    moment = aware(parsed)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def stated(text: str | None) -> str | None:
    """A date of a listing as it is kept: as precise as it is stated, else one to order by.

    A month or a year alone is its last day: until then what it dates may change.
    """
    if period := _PERIOD.fullmatch((text or "").strip()):
        year, month = int(period[1]), int(period[2] or 12)
        known = _FIRST <= year <= _LAST and 1 <= month <= 12
        return f"{year}-{month:02d}-{monthrange(year, month)[1]}" if known else None
    return precise(text) or when(text)


def stamp(text: str | None) -> float | None:
    """A date of `stated` or `when` in seconds since 1970, by the rules of `when`."""
    return seconds(text)


def ends(text: str | None) -> float | None:
    """The last moment that a stated date may mean, in seconds since 1970; None where it is no date.

    A date is the whole day, in any time zone: it ends when the day is over in the last one (UTC-12). A time without an
    offset may be of any zone as well. A time ends with its minute: many are written by a job that takes its time.
    """
    parsed = precise(text) or precise(text, month_first=True)
    if parsed is None:
        return stamp(when(text))
    begin = seconds(parsed)
    if begin is None:
        return None
    if is_day(parsed):
        return begin + DAY + LAST_ZONE
    return begin + MINUTE + (0 if has_offset(parsed) else LAST_ZONE)
