"""Month names of data/months.tsv and months_cldr.tsv -> their numbers, in any language or in one."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

JALALI = 100  # added to the number of a Persian solar month

_DIGITS = {
    zero + digit: str(digit)
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0)
    for digit in range(10)
}
# Arabic and Persian spell these with different letters; the invisible joiners stand inside Persian and Sinhala words.
_LETTERS = _DIGITS | {
    0x131: "i",
    0x6CC: "ي",
    0x649: "ي",
    0x6A9: "ك",
    0x200C: None,
    0x200D: None,
    0x200E: None,
    0x200F: None,
}
# Accents of Latin, Greek and Cyrillic letters, points of Hebrew and Arabic ones, nuktas; not the vowels of Indic and
# Thai script, which are marks as well: without them Hindi June is January cut short.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c]"
)


def fold(text: str) -> str:
    """Lower-case, accents off, digits of all scripts as 0 to 9: months are found however they are written."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS)


def _load() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    any_language: dict[str, int] = {}
    by_language: dict[str, dict[str, int]] = {}
    path = Path(__file__).parent.parent / "data" / "months.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, _, names = line.partition("\t")
        language_months = by_language.setdefault(language, {})
        for number, spellings in enumerate(names.split(), 1):
            for spelling in spellings.split("/"):
                if spelling != "-":
                    name = fold(spelling.replace("_", " "))
                    language_months.setdefault(name, number + (JALALI if language == "jalali" else 0))
                    any_language.setdefault(name, language_months[name])
    return any_language, by_language


MONTHS, BY_LANGUAGE = _load()


def _load_cldr() -> dict[tuple[str, str], str]:
    path = Path(__file__).parent.parent / "data" / "months_cldr.tsv"
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {(language, kind): row for language, kind, row in (line.split("\t", 2) for line in lines)}


_CLDR = _load_cldr()


@cache
def own_names(language: str) -> dict[str, int]:
    """Folded names that months have in a language alone, which are not looked for on pages in others."""
    row = _CLDR.get((language, "months"), "")
    months = enumerate(row.split("\t"), 1)
    return {name: number for number, spellings in months for name in spellings.split("/") if name}


@cache
def halves(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Folded names of the first and the second half of the day in a language, the longer ones first."""
    first, _, second = _CLDR.get((language, "halves"), "").partition("\t")
    by_length = (tuple(sorted(filter(None, half.split("/")), key=len, reverse=True)) for half in (first, second))
    return next(by_length), next(by_length)


def month(name: str, language: str | None = None) -> int:
    """The number of a folded month name of that language or of MONTHS; above JALALI for a Persian solar month."""
    month_names = BY_LANGUAGE.get(language or "", {})
    return month_names.get(name) or own_names(language or "").get(name) or MONTHS[name]
