"""Years and days of the Thai, Japanese, Minguo and Persian solar calendars -> those of the Gregorian one."""

from __future__ import annotations

from datetime import date, timedelta

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "中華民國": 1911}
ERAS = "|".join(sorted(_ERAS, key=len, reverse=True))
BUDDHIST = 543
# Days before each month of a Persian solar year: six months of 31 days, five of 30, the last of 29 or 30.
_DAYS_BEFORE = tuple(31 * month if month <= 6 else 186 + 30 * (month - 6) for month in range(13))


def era_year(era: str, year: str) -> int:
    """令和8 -> 2026. The first year of an era may be written 元."""
    return _ERAS[era] + (1 if year == "元" else int(year))


def gregorian_year(year: int) -> int:
    """A Buddhist year (2569) as its Gregorian one (2026); other years as they are."""
    return year - BUDDHIST if 2400 <= year < 2700 else year


def from_jalali(year: int, month: int, day: int) -> date:
    """A day of the Persian solar calendar. Raises ValueError where there is none such.

    Nowruz by the 33-year rule (Birashk), which agrees with the astronomical calendar from 1178 to 1633.
    """
    leap = year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
    longest = 31 if month <= 6 else 30 if month <= 11 or leap else 29
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= longest):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    leaps = (
        sum((y % 33) in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(1300, year))
        if year >= 1300
        else -sum((y % 33) in (1, 5, 9, 13, 17, 22, 26, 30) for y in range(year, 1300))
    )
    return date(1921, 3, 21) + timedelta(days=365 * (year - 1300) + leaps + _DAYS_BEFORE[month - 1] + day - 1)
