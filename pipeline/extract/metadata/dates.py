"""What a page writes as a date -> RFC 3339 as precise as it was said, or None where it cannot be a story's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ...model import Page

EARLIEST = date(1990, 1, 1)  # before the web: template defaults, epochs, and the subject's own birthday
LATEST = date(2100, 1, 1)  # where nothing says when the page was fetched; never "now", which would change the output

# Zones one offset stands for. CST, IST and BST-like names with several meanings are left out rather than guessed.
_ZONES = {
    "z": "Z", "utc": "Z", "gmt": "Z", "ut": "Z", "wet": "+00:00", "est": "-05:00",
    "edt": "-04:00", "cdt": "-05:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "cet": "+01:00",
    "cest": "+02:00", "mez": "+01:00", "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00",
    "мск": "+03:00", "sast": "+02:00", "wib": "+07:00", "jst": "+09:00", "kst": "+09:00", "hkt": "+08:00",
    "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip

# Month names in the languages newspapers are written in, without accents, as the first letters that tell them apart.
# "1|2|..." in order; several spellings of a month are joined by a slash.
_MONTH_NAMES = (
    "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct "
    "november/nov december/dec",
    "januar/janner/jaenner februar/feber maerz/marz/mrz april mai juni juli august september oktober/okt november "
    "dezember/dez",
    "janvier/janv fevrier/fevr mars avril/avr mai juin juillet/juil aout septembre octobre novembre decembre",
    "enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre "
    "diciembre/dic",
    "gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre/set ottobre/ott novembre "
    "dicembre",
    "janeiro fevereiro/fev marco abril maio/mai junho julho agosto setembro outubro/out novembro dezembro",
    "januari februari maart/mrt april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december/des",
    "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu "
    "kesakuuta/kesakuu heinakuuta/heinakuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu "
    "joulukuuta/joulukuu",
    "stycznia/styczen/sty lutego/luty/lut marca/marzec kwietnia/kwiecien/kwi maja/maj czerwca/czerwiec/cze "
    "lipca/lipiec/lip sierpnia/sierpien/sie wrzesnia/wrzesien/wrz pazdziernika/pazdziernik/paz listopada/listopad/lis "
    "grudnia/grudzien/gru",
    "ledna/leden unora/unor brezna/brezen dubna/duben kvetna/kveten cervna/cerven cervence/cervenec srpna/srpen "
    "zari rijna/rijen - prosince/prosinec",
    "januara februara - aprila maja juna jula augusta septembra oktobra novembra decembra",
    "januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "января/янв февраля/фев марта/мар апреля/апр мая/май июня/июн июля/июл августа/авг сентября/сен октября/окт "
    "ноября/ноя декабря/дек",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου "
    "δεκεμβριου",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "januari februari maret april mei juni juli agustus/agt september oktober november desember",
    "sijecnja veljace ozujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga/studenog prosinca",
    "januar februar mart april maj jun jul avgust septembar oktobar novembar decembar",
    "sausio vasario kovo balandzio geguzes birzelio liepos rugpjucio rugsejo spalio lapkricio gruodzio",
    "gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre",
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
)  # fmt: skip


def fold(text: str) -> str:
    """Lower-case, accents off: so that months are found however they are written."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.category(c) != "Mn"))


MONTHS: dict[str, int] = {}
for _names in _MONTH_NAMES:
    for _number, _spellings in enumerate(_names.split(), 1):
        for _name in _spellings.split("/"):
            MONTHS.setdefault(fold(_name), _number)
del MONTHS["-"]

_NAME = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_TIME = (
    r"(?:[t,\s|/–—-]|(?:\b(?:at|um|a|las|a las|kl|klo|o|ore|alle|h)\b\.?))*"
    r"(?<!\d)(?P<hour>[01]?\d|2[0-3])(?P<sep>[:.h])(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>(?:gmt|utc)?\s?[+-]\d\d:?(?:\d\d)?(?!\d)|[a-zм-с]{1,4}(?![a-zа-я])))?"
)
_TIME_AFTER = re.compile(_TIME)
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)")
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:t?(?P<hh>\d\d)(?P<mm>\d\d)(?P<ss>\d\d)?(?=z|[+-]|\b))?"
)
_CJK = re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]")
_CJK_TIME = re.compile(r"[^\d]{0,8}(?P<hour>\d{1,2})\s*[時时시点:]\s*(?P<minute>\d{1,2})")
_NUMERIC = re.compile(r"(?<![\d.])(?P<a>\d{1,2})(?P<s>[-/.])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<y>\d{4})(?![\d])")
_SHORT = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d\d)(?![\d.])"
)  # 25.04.24, in German and Nordic pages
_DAY_NAME = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|[oa](?= )|\.|-?го)?[\s-]*(?:de |del |di |d'|of |מ"
    rf"|ב)?\s*(?<![^\W\d_])(?P<name>{_NAME})(?![^\W\d_])"
    r"[.,]?[\s-]*(?:de |del |of )?(?P<y>\d{4})(?!\d)"
)
_NAME_DAY = re.compile(
    rf"(?<![^\W\d_])(?P<name>{_NAME})(?![^\W\d_])[.,]?[\s-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)"
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<y>\d{{4}})[.,]?\s*(?:m\.\s*)?(?P<name>{_NAME})(?![^\W\d_])\s*(?P<d>\d{{1,2}})(?!\d)"
)
_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?\s*")
_URL_DATE = re.compile(
    r"/(?P<y>(?:19|20)\d\d)(?:/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=/|-|$)|-(?P<m2>\d\d)-(?P<d2>\d\d)(?=/|-|$)"
    r"|/(?P<m3>\d\d)(?P<d3>\d\d)(?=/|-|$)|(?P<m4>\d\d)(?P<d4>\d\d)(?=/|-|\.|$))"
)
_URL_NAME = re.compile(r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})(?=/|$)")


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


def bounds(page: Page) -> Bounds:
    """From when the page was fetched, as sidecar, row or HTTP Date say; a day more, for the zones."""
    for value in (page.fetched_at, dict(page.headers).get("date")):
        if value and (stamp := parse(value)) and stamp[:10] < LATEST.isoformat():
            return Bounds(date.fromisoformat(stamp[:10]) + timedelta(days=1), "after the page was fetched")
    return Bounds(LATEST, "too far in the future")


def parse(value: str, month_first: bool | None = None) -> str | None:
    """The first date in a text: "2026-11-22", or with the time and offset that are stated, "2026-11-22T06:05:00+01:00".

    A month is told from a day in 3/4/2026 only by `month_first`; where that is not known, such a date is none.
    """
    value = value.strip()[:400]
    if match := _EPOCH.fullmatch(value):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1]))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = fold(value)
    if match := _ISO.search(said):
        return _stamp(match["y"], match["m"], match["d"], said[match.end() :], glued=True)
    if match := _CJK.search(said):
        tail = said[match.end() :]
        clock = _CJK_TIME.match(tail)
        return _stamp(match["y"], match["m"], match["d"], f" {clock['hour']}:{clock['minute']:0>2}" if clock else "")
    for pattern in (_DAY_NAME, _NAME_DAY, _YEAR_FIRST):
        if match := pattern.search(said):
            tail = said[match.end() :]
            return _stamp(match["y"], str(MONTHS[match["name"]]), match["d"], tail)
    # asctime: the year stands at the end
    if match := re.search(
        rf"\b(?P<name>{_NAME})\s+(?P<d>\d{{1,2}})\s+(?P<t>\d\d:\d\d:\d\d)\s+(?P<z>[a-z]{{3,4}})?\s*(?P<y>\d{{4}})\b",
        said,
    ):
        return _stamp(match["y"], str(MONTHS[match["name"]]), match["d"], f" {match['t']} {match['z'] or ''}")
    if match := _NUMERIC.search(said):
        a, b, tail = int(match["a"]), int(match["b"]), said[match.end() :]
        if match["s"] == "." or a > 12:
            day, month = a, b
        elif (
            b > 12 or month_first or (month_first is None and re.match(r"[\s,-]*\d{1,2}:\d\d(?::\d\d)?\s*[ap]m", tail))
        ):
            day, month = b, a
        elif month_first is False or a == b:
            day, month = a, b
        else:
            return None
        return _stamp(match["y"], str(month), str(day), tail)
    if match := _SHORT.search(said):
        return _stamp(f"20{match['y']}", match["m"], match["d"], said[match.end() :])
    if match := _COMPACT.search(said):
        clock_text = f"t{match['hh']}:{match['mm']}:{match['ss'] or '00'}" if match["hh"] else ""
        return _stamp(match["y"], match["m"], match["d"], clock_text + said[match.end() :] if clock_text else "")
    return None


def of_url(url: str) -> str | None:
    """The day in an address like /2026/11/22/, /2026-11-22- or /20261122."""
    path = url.partition("?")[0].lower()
    if match := _URL_NAME.search(path):
        return _stamp(match[1], str(MONTHS[match[2]]), match[3], "")
    if match := _URL_DATE.search(path):
        month = match["m"] or match["m2"] or match["m3"] or match["m4"]
        day = match["d"] or match["d2"] or match["d3"] or match["d4"]
        return _stamp(match["y"], month, day, "")
    return None


def instant(stamp: str) -> datetime | None:
    """A moment to compare with: a bare day is its midnight, an unstated offset UTC."""
    try:
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _stamp(year: str, month: str, day: str, tail: str, glued: bool = False) -> str | None:
    try:
        out = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
    clock = _TIME_AFTER.match(tail)
    if not clock or (clock["sep"] != ":" and not clock["half"] and clock["sep"] != "h" and glued):
        return out
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            return out
        hour = hour % 12 + (12 if clock["half"] == "p" else 0)
    out += f"T{hour:02}:{minute:02}:{second:02}"
    return out + _offset(clock["zone"] or "")


def _offset(zone: str) -> str:
    zone = zone.strip()
    if zone in _ZONES:
        return _ZONES[zone]
    if match := re.fullmatch(r"(?:gmt|utc)?\s?([+-])(\d\d):?(\d\d)?", zone):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours <= 14 and minutes < 60:
            return f"{match[1]}{hours:02}:{minutes:02}"
    return ""
