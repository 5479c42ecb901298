"""Writing systems as ranges of characters, for the regular expressions and tables that tell them apart."""

from __future__ import annotations

Range = tuple[int, int]  # first and last code point

GREEK: Range = (0x0370, 0x03FF)
CYRILLIC: Range = (0x0400, 0x052F)
HEBREW: Range = (0x0590, 0x05FF)
ARABIC: Range = (0x0600, 0x06FF)
DEVANAGARI: Range = (0x0900, 0x097F)
THAI: Range = (0x0E00, 0x0E7F)
LAO: Range = (0x0E80, 0x0EFF)
BURMESE: Range = (0x1000, 0x109F)
KHMER: Range = (0x1780, 0x17FF)
ITERATION: Range = (0x3005, 0x3007)  # 々, 〆 and 〇 stand in words, between the punctuation of Chinese and Japanese
KANA: Range = (0x3040, 0x30FF)
KATAKANA: Range = (0x30A0, 0x30FF)
KANA_EXTENSIONS: Range = (0x31F0, 0x31FF)
IDEOGRAPHS: tuple[Range, ...] = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
COMMON_IDEOGRAPHS: Range = (0x4E00, 0x9FFF)
HANGUL: Range = (0xAC00, 0xD7A3)
HALFWIDTH_KANA: Range = (0xFF66, 0xFF9F)


def chars(*ranges: Range) -> str:
    """The ranges as the inside of a character class.

    >>> import re
    >>> re.findall(f"[{chars(KANA, *IDEOGRAPHS)}]+", "Tokyo は 東京")
    ['は', '東京']
    """
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def begins_in(text: str, *ranges: Range) -> bool:
    """Whether the first character is in one of the ranges; never where there is none."""
    return bool(text) and any(first <= ord(text[0]) <= last for first, last in ranges)


CJK = chars(ITERATION, KANA, *IDEOGRAPHS)
"""Chinese and Japanese, as the inside of a character class."""

UNSPACED = chars(THAI, LAO, BURMESE, KHMER, KANA, *IDEOGRAPHS)
"""Scripts written without spaces between words, as the inside of a character class."""
