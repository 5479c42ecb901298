"""What a page writes as a date -> RFC 3339 as precise as it was said, or None where it cannot be a story's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from ...model import Page
from ...timestamps import instant
from . import calendars, clock
from .months import JALALI, MONTHS, fold, month, own_names

__all__ = ["EARLIEST", "LATEST", "MONTHS", "Bounds", "Found", "bounds", "find", "fold", "instant", "of_url", "parse"]

EARLIEST = date(1990, 1, 1)  # before the web: template defaults, epochs, and the subject's own birthday
LATEST = date(2100, 1, 1)  # where nothing says when the page was fetched; never "now", which would change the output

_START = r"(?<![^\W\d_])"
_STOP = r"(?![^\W\d_])"
_ISO = re.compile(r"(?<![\d.])(?P<y>\d{4})(?P<s>[-/.])(?P<b> ?)(?P<m>\d{1,2})(?P=s)(?P=b)(?P<d>\d{1,2})(?!\d)")
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?(?=z|[+-]|\b))?(?!\d)"
)
_CJK = re.compile(
    rf"(?:(?P<era>{calendars.ERAS})\s*(?P<n>\d{{1,3}}|元)|(?<!\d)(?P<y>\d{{3,4}}))\s*[年년]\s*(?P<m>\d{{1,2}})\s*[月월]"
    r"\s*(?P<d>\d{1,2})\s*[日號号일]"
)
_VIETNAMESE = re.compile(
    r"(?:ngay )?(?P<d>\d{1,2}),? (?:thang|thg) (?P<m>\d{1,2})(?:,? nam|,)? (?P<y>\d{4})(?!\d)"
    r"|thang (?P<m2>\d{1,2}) (?P<d2>\d{1,2}), (?P<y2>\d{4})(?!\d)"
)
_MONGOLIAN = re.compile(
    r"(?P<y>\d{4}) ?(?:оны|он) ?(?P<m>\d{1,2})[^\W\d]*[ -]?[^\W\d]* ?сар(?:ын)? ?(?P<d>\d{1,2})(?!\d)"
)
_NUMERIC = re.compile(r"(?<![\d./])(?P<a>\d{1,2})(?P<s>[-/.])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<y>\d{4})(?!\d)")
# In German and Nordic pages.
_SHORT = re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d\d)(?![\d.]?\d)")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Named:
    """Patterns of dates with a month's name, and what such names begin with."""

    patterns: tuple[re.Pattern[str], ...]
    asctime: re.Pattern[str]
    first_letters: frozenset[str]


def _patterns(names: Iterable[str]) -> _Named:
    name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    day_name = re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|[oa](?= )|\.|º|ª|-?го|-?و|ی|mh)?,?[\s/-]*"
        r"(?:de |del |di |d'|d’|of |the |di |no |ta['’] |מ|ב|من )?\s*"
        rf"(?:{_START}|(?<=[ \d][במ]))(?P<name>{name}){_STOP}[.,،׳'’॰]{{0,2}}[\s/-]*"
        r"(?:de |del |of |عام |سنة |год |พ\.ศ\. ?|ค\.ศ\. ?)?(?P<y>\d{4})(?!\d)"
    )
    name_day = re.compile(
        rf"{_START}(?P<name>{name}){_STOP}[.,॰]?[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)"
    )
    year_first = re.compile(
        rf"(?<!\d)(?P<y>\d{{4}})(?:[.,]|-?(?:\(e\))?(?:ko|eko|ի|оны))?[\s-]*(?:m\.\s*|г\.\s*|թ\.\s*)?"
        rf"(?P<name>{name}){_STOP}\.?[\s-]*(?P<d>\d{{1,2}})(?!\d)"
    )
    # "2026. gada 22. novembris", "2026 жылғы 22 қараша"
    year_day = re.compile(
        r"(?<!\d)(?P<y>\d{4})(?:[.,]? ?gada|[ -]?ж(?:\.|ылғы|ылгы|ылы|ылдын)?,?)\s+(?P<d>\d{1,2})[.-]?\s*"
        rf"(?P<name>{name}){_STOP}"
    )
    asctime = re.compile(
        rf"{_START}(?P<name>{name})\s+(?P<d>\d{{1,2}}),?\s+(?P<t>\d\d?:\d\d(?::\d\d)?(?:\s?[ap]m)?)\s*,?"
        r"(?P<z>[a-z]{3,4}|[+-]\d{4})?\s*(?P<y>\d{4})(?!\d)"
    )
    first_letters = frozenset(match[0] for month in names if (match := _LETTERS.match(month)))
    return _Named((day_name, name_day, year_first, year_day), asctime, first_letters)


_ANY_LANGUAGE = _patterns(MONTHS)


@cache
def _named(language: str | None) -> _Named:
    """For pages in that language also the names that months have in it alone."""
    language_months = own_names(language or "")
    return _patterns([*MONTHS, *language_months]) if language_months else _ANY_LANGUAGE


_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
# Scripts whose languages have their month names in months_cldr.tsv alone.
_SCRIPTS = (("km", "\u1780", "\u17dd"), ("my", "\u1000", "\u104f"), ("am", "\u1200", "\u135a"), 
            ("lo", "\u0e81", "\u0edd"),
            ("or", "\u0b05", "\u0b71"))  # fmt: skip
_PERSIAN = re.compile("[\u06f0-\u06f9\u067e\u0686\u06a9\u06af\u06cc]")
_URL_DATE = re.compile(
    r"/(?P<y>(?:19|20)\d\d)(?:/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=/|-|_|\.|$)|[-_](?P<m2>\d\d)[-_](?P<d2>\d\d)(?=/|-|_|\.|$)"
    r"|/(?P<m3>\d\d)[-_]?(?P<d3>\d\d)(?=/|-|_|\.|$)|(?P<m4>\d\d)(?P<d4>\d\d)(?=/|-|_|\.|$))"
)
_URL_NAME = re.compile(
    r"/((?:19|20)\d\d)[/-](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[/-](\d{1,2})(?=/|-|\.|$)"
)
_URL_TAIL = re.compile(  # in the slug: ends with a day, or begins with one that is written day first
    r"[/_-](?P<y>20\d\d)[-_](?P<m>\d\d)[-_](?P<d>\d\d)(?=/|-|_|\.|$)|(?:/~?|-)(?P<d2>\d\d)[-_.](?P<m2>\d\d)[-_.](?P<y2>20\d\d)(?=/|-|_|\.|$)"
)
_ARCHIVE = re.compile(r"^https?://(?:web\.archive\.org/web/|archive\.(?:ph|is|today|org)/(?:o/)?)\w*/", re.I)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which days a page's dates can lie."""

    latest: date
    why: str

    def fault(self, stamp: str) -> str | None:
        """Why a date is refused, or None."""
        day = date.fromisoformat(stamp[:10])
        if day < EARLIEST:
            return f"before {EARLIEST.year}"
        return self.why if day > self.latest else None


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a folded text."""

    start: int
    end: int  # behind the time of day, where one follows
    stamp: str
    other: str | None = None  # the other reading of 3/4/2026, where the text does not tell day from month


# As most feeds and rows have it, and as it is written here: nothing is left to read.
_STAMP = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", re.ASCII)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def bounds(page: Page) -> Bounds:
    """From when the page was fetched, as sidecar, row or HTTP Date say; a day more, for the zones."""
    for value in (page.fetched_at, dict(page.headers).get("date")):
        if value and (stamp := parse(value)) and stamp[:10] < LATEST.isoformat():
            return Bounds(date.fromisoformat(stamp[:10]) + timedelta(days=1), "after the page was fetched")
    return Bounds(LATEST, "too far in the future")


def parse(value: str, month_first: bool | None = None, language: str | None = None) -> str | None:
    """The first date in a text: "2026-11-22", or with the time and offset that are stated, "2026-11-22T06:05:00+01:00".

    A month is told from a day in 3/4/2026 only by `month_first`; where that is not known, such a date is none.
    `language` (ISO 639-1) decides where one name is two months: Polish listopad is November, Croatian October.
    """
    value = value.strip()[:400]
    if _STAMP.fullmatch(value) and _is_day(value[:10]):
        return value
    if match := _EPOCH.fullmatch(value):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    first = next(iter(find(value, month_first, language)), None)
    return first.stamp if first and (first.other is None or month_first is not None) else None


def find(value: str, month_first: bool | None = None, language: str | None = None) -> Sequence[Found]:
    """The dates in a text, in their order; their places are those in `fold(value)`."""
    return _find(value, month_first, language)


@lru_cache(512)
def _find(value: str, month_first: bool | None, language: str | None) -> tuple[Found, ...]:
    return tuple(_each(value, month_first, language))


def _each(value: str, month_first: bool | None, language: str | None) -> Iterator[Found]:
    if language is None and _PERSIAN.search(value):
        language = "fa"
    text = fold(value)
    if not text.isascii():
        language = next(
            (script_language for script_language, low, high in _SCRIPTS if any(low <= c <= high for c in text)),
            language,
        )
    read_to = 0
    for match, year, month_number, day, swappable in sorted(
        _days(text, month_first, language), key=lambda m: m[0].start()
    ):
        if match.start() < read_to:
            continue
        if (stamp := _day(year, month_number, day, language)) is None:
            continue
        swapped = swappable and _day(year, day, month_number, language)
        end, tail = match.end(), ""
        if "t" in match.re.groupindex:
            time = clock.after(f" {match['t']} {match['z'] or ''}")
        elif match.re is _COMPACT:
            tail = f"t{match['hh']}:{match['mm']}:{match['ss'] or '00'}" if match["hh"] else ""
            time = clock.after(tail + text[end : end + 80]) if tail else None
        elif (time := clock.before(text[read_to : match.start()], whole=True)) is None:
            time = clock.after(text[end : end + 80], match.re is _ISO, language)
        else:
            tail = text[end : end + 80]  # none of it belongs to the time
        tail_end = end + max(0, time.end - len(tail)) if time and "t" not in match.re.groupindex else end
        if time is None and match.re is not _COMPACT:
            time = clock.before(text[read_to : match.start()])
        time_text = str(time) if time else ""
        yield Found(match.start(), tail_end, stamp + time_text, swapped + time_text if swapped else None)
        read_to = tail_end


Day = tuple["re.Match[str]", int, int, int, bool]


def _days(text: str, month_first: bool | None, language: str | None) -> Iterator[Day]:
    """(match, year, month, day, whether month and day may be the other way round); earlier kinds go first."""
    if not any(c.isdigit() for c in text):
        return
    for match in _ISO.finditer(text):
        yield match, int(match["y"]), int(match["m"]), int(match["d"]), False
    if "年" in text or "년" in text:
        for match in _CJK.finditer(text):
            if match["era"]:
                year = calendars.era_year(match["era"], match["n"])
            else:
                year = int(match["y"]) + (1911 if len(match["y"]) == 3 and language == "zh" else 0)
            yield match, year, int(match["m"]), int(match["d"]), False
    named = _named(language)
    for pattern in (*named.patterns, named.asctime) if _may_name_a_month(text, named.first_letters) else ():
        for match in pattern.finditer(text):
            yield match, int(match["y"]), month(match["name"], language), int(match["d"]), False
    if "thang" in text or "thg" in text:
        for match in _VIETNAMESE.finditer(text):
            yield match, *(int(match[n] or match[n + "2"]) for n in "ymd"), False  # type: ignore[misc]
    if "сар" in text:
        for match in _MONGOLIAN.finditer(text):
            yield match, int(match["y"]), int(match["m"]), int(match["d"]), False
    for match in _NUMERIC.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        slash = match["s"] == "/" or match["s"] == "-"
        if not slash or a > 12:
            yield match, year, b, a, False
        elif b > 12:
            yield match, year, a, b, False
        elif month_first or (
            month_first is None and re.match(r"[\s,-]*\d{1,2}:\d\d(?::\d\d)?\s*[ap]m", text[match.end() :])
        ):
            yield match, year, a, b, a != b and month_first is not None
        else:
            yield match, year, b, a, a != b
    for match in _SHORT.finditer(text):
        yield match, 2000 + int(match["y"]), int(match["m"]), int(match["d"]), False
    for match in _COMPACT.finditer(text):
        yield match, int(match["y"]), int(match["m"]), int(match["d"]), False


def _may_name_a_month(text: str, first_letters: frozenset[str]) -> bool:
    """Whether a word begins as a month's name does: the patterns with 1,500 names take most of a page's time."""
    words = _LETTERS.findall(text)
    return not first_letters.isdisjoint(words) or any(word[0] in "במ" and word[1:] in first_letters for word in words)


def _day(year: int, month_number: int, day: int, language: str | None) -> str | None:
    try:
        if month_number > JALALI:
            return calendars.from_jalali(year, month_number - JALALI, day).isoformat()
        if 1300 <= year < 1500 and language == "fa":
            return calendars.from_jalali(year, month_number, day).isoformat()
        return date(calendars.gregorian_year(year), month_number, day).isoformat()
    except ValueError:
        return None


def of_url(url: str) -> str | None:
    """The day in an address like /2026/11/22/, /2026-11-22- or /20261122; not the day an archive copied the page."""
    path = _ARCHIVE.sub("/", url).partition("?")[0].partition("#")[0].lower()
    path = re.sub(r"^https?://[^/]*", "", path)
    if match := _URL_NAME.search(path):
        return _day(int(match[1]), MONTHS[match[2]], int(match[3]), None)
    if match := _URL_DATE.search(path):
        parts = [
            match["m"] or match["m2"] or match["m3"] or match["m4"],
            match["d"] or match["d2"] or match["d3"] or match["d4"],
        ]
        if url_day := _day(int(match["y"]), int(parts[0]), int(parts[1]), None):
            return url_day
    if match := _URL_TAIL.search(path):
        year, month_number, day = (int(match[n] or match[n + "2"]) for n in "ymd")
        return _day(year, month_number, day, None)
    return None
