"""Month names of data/months.tsv -> their numbers, in any language or in one."""

from __future__ import annotations

import unicodedata
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


def fold(text: str) -> str:
    """Lower-case, accents off, digits of all scripts as 0 to 9: months are found however they are written."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.category(c) != "Mn")).translate(_LETTERS)


def _load() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    any_language: dict[str, int] = {}
    by_language: dict[str, dict[str, int]] = {}
    path = Path(__file__).parent.parent / "data" / "months.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, _, names = line.partition("\t")
        own = by_language.setdefault(language, {})
        for number, spellings in enumerate(names.split(), 1):
            for spelling in spellings.split("/"):
                if spelling != "-":
                    name = fold(spelling.replace("_", " "))
                    own.setdefault(name, number + (JALALI if language == "jalali" else 0))
                    any_language.setdefault(name, own[name])
    return any_language, by_language


MONTHS, BY_LANGUAGE = _load()


def month(name: str, language: str | None = None) -> int:
    """The number of a folded month name that is in MONTHS; above JALALI for a Persian solar month."""
    return BY_LANGUAGE.get(language or "", {}).get(name) or MONTHS[name]
