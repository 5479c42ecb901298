"""The time of day beside a date, as newspapers write it -> hour, minute, second, offset."""

from __future__ import annotations

import re
from typing import NamedTuple

from .months import fold, halves

# Zones one offset stands for. CST, IST and BST-like names with several meanings are left out rather than guessed.
_ZONES = {
    "z": "Z", "utc": "Z", "gmt": "Z", "ut": "Z", "wet": "+00:00", "est": "-05:00",
    "edt": "-04:00", "cdt": "-05:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "cet": "+01:00",
    "cest": "+02:00", "mez": "+01:00", "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00",
    "мск": "+03:00", "sast": "+02:00", "wib": "+07:00", "jst": "+09:00", "kst": "+09:00", "hkt": "+08:00",
    "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip

# Halves of the day. Noon belongs to the second half, the small hours to the first.
_FIRST = "|".join(
    (
        *map(fold, ("午前", "上午", "凌晨", "早上", "清晨", "오전", "새벽", "صباحا", "قبل از ظهر", "पूर्वाह्न")),
        r"ص(?![^\W\d_])", r"ق\.ظ", r"πμ|π\.μ\.?", r"a\.? ?m\b\.?", r"oo\b",
    )
)  # fmt: skip
_SECOND = "|".join(
    (
        *map(fold, ("午後", "午后", "下午", "晚上", "晚間", "晚间", "中午", "傍晚", "오후", "저녁", "مساء", "ظهرا")),
        *map(fold, ("بعد از ظهر", "अपराह्न")),
        r"م(?![^\W\d_])", r"ب\.ظ", r"μμ|μ\.μ\.?", r"p\.? ?m\b\.?", r"os\b",
    )
)  # fmt: skip
_BEFORE = f"(?:(?P<am>{_FIRST})|(?P<pm>{_SECOND}))"
_AFTER = f"(?:(?P<am2>{_FIRST})|(?P<pm2>{_SECOND}))"
_WORDS = (
    "at|um|a|as|kl|klo|klockan|o|ob|om|ore|ora|orele|alle|h|hora|saat|pukul|jam|luc|saa|godz|godzina|u|в|у|о|във|στις"
    "|ωρα|في|الساعة|الساعه|ساعت|בשעה|بجے|d|г|р|r|น|a las|alle ore|في تمام الساعة"
)
# A day of the week between date and time: "22 Kasim 2026 Pazar 18:05", "6:05 pm est, sun november 22".
_WEEKDAY = (
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?|pazar(?:tesi)?|sali|carsamba"
    r"|persembe|cuma(?:rtesi)?|(?:lun|mar|mer|jeu|ven|same|diman)(?:di|che)|lunes|martes|miercoles|jueves|viernes"
    r"|sabado|domingo|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
)
_BETWEEN = rf"(?:[t,;\s|/–—·•،-]|\.(?=\s)|\([^()\d]{{1,12}}\)|(?<![^\W\d_])(?:{_WORDS}|{_WEEKDAY})(?![^\W\d_])\.?:?)*"
_CLOCK = (
    rf"(?:{_BEFORE}\s*)?(?<!\d)(?P<hour>[01]?\d|2[0-4])"
    r"(?:\s?(?P<sep>[:.h時时点點]|시)\s?(?P<minute>[0-5]\d)(?!\d)\s?[分분]?"
    r"(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?|\s?[0-5]?\d[秒초])?"
    r"|\s?(?P<whole>[時时点點시]|h(?![^\W\d_])|uhr)|(?=\s?[ap]\.?\s?m\b))(?!\d)"
    rf"(?:\s*{_AFTER})?"
    r"(?:\s*\(?(?P<zone>(?:gmt|utc)?\s?[+-]\d\d:?(?:\d\d)?(?!\d)|[a-zм-с]{1,4}(?![^\W\d_])))?"
)
_TAIL = re.compile(_BETWEEN + _CLOCK)
_HEAD = re.compile(
    rf"(?<![\d:.]){_CLOCK}\)?"
    rf"(?:[,;\s|/–—·•-]|(?<![^\W\d_])(?:on|uhr|am|le|el|del|il|den|dne|em|hrs?|{_WEEKDAY})(?![^\W\d_]))*$"
)


class Clock(NamedTuple):
    hour: int
    minute: int
    second: int
    offset: str  # "", "Z" or "+01:00"
    end: int  # where the time ends in the text it was read from

    def __str__(self) -> str:
        return f"T{self.hour:02}:{self.minute:02}:{self.second:02}{self.offset}"


def after(text: str, glued: bool = False, language: str | None = None) -> Clock | None:
    """The time that the folded text begins with, behind commas, dashes and words such as "at".

    `glued`: the date was written 2026-11-22, where a dot does not separate hours from minutes.
    """
    match = _TAIL.match(text)
    if not match or (glued and match["sep"] == "." and not (match["am2"] or match["pm2"])):
        return None
    return _clock(match, text, language)


def before(text: str, whole: bool = False) -> Clock | None:
    """The time that the folded text ends with: "18:05, " of "18:05, 22 November 2026". `whole`: and is all of it."""
    if ":" not in text and "h" not in text:
        return None
    if whole:
        match = _HEAD.match(text.lstrip(" |-–—/·•,"))
        return _clock(match, text, None) if match and match["sep"] == ":" else None
    match = next((m for at in range(max(0, len(text) - 40), len(text)) if (m := _HEAD.match(text, at))), None)
    return _clock(match, text, None) if match and match["minute"] and match["sep"] != "." else None


def _clock(match: re.Match[str], text: str, language: str | None) -> Clock | None:
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    zone = (match["zone"] or "").strip()
    first, later = bool(match["am"] or match["am2"]), bool(match["pm"] or match["pm2"])
    if language and not (first or later):
        behind = text[match.start("zone") if zone else match.end() :].lstrip(" (")
        first, later = (any(_begins(behind, name) for name in half) for half in halves(language))
    if first or later:
        if later and match["pm"] and match["pm"] == "中午" and hour in (11, 12):
            later = hour == 12  # noon is the middle of both halves
        if hour > 12:  # "오후 18시": both ways at once
            pass
        elif hour < 1 and later:
            return None
        else:
            hour = hour % 12 + (12 if later else 0)
    if hour == 24:
        hour = 0
        if minute or second:
            return None
    return Clock(hour, minute, second, offset(zone), match.end())


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalpha()


def offset(zone: str) -> str:
    """A folded zone name or offset -> "Z", "+01:00", or "" where it is none or has several meanings."""
    if zone in _ZONES:
        return _ZONES[zone]
    if match := re.fullmatch(r"(?:gmt|utc)?\s?([+-])(\d\d):?(\d\d)?", zone):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours <= 14 and minutes < 60:
            return f"{match[1]}{hours:02}:{minutes:02}"
    return ""
