"""Texts -> tokens and shingles as 64-bit hashes, for many texts at once.

A token is a run of letters and digits in its plain form; a number keeps its decimal point ("2.3") and loses its
thousands commas. Plain form: NFKC, lower case, without accents, points and other marks on letters, digits as ASCII has
them, the letters that Arabic and Persian write differently as one, Serbian Cyrillic in Latin letters, traditional
Chinese characters as simplified ones. So a text is found again when it was typed without diacritics, in capitals or in
the other script. Vowel signs of Indic and Thai scripts are letters and stay.

Scripts without spaces give one token for each character: the character and what follows it, so that a shingle of tokens
is a shingle of characters there; a line break or single space between two Chinese or Japanese characters is none.

Long because the table of characters and the three loops over it are read together; a text's shingles depend on both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..writing_systems import IDEOGRAPHS, KANA, KANA_EXTENSIONS

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Units = NDArray[np.uint8] | NDArray[np.uint16]  # of texts in ASCII, and of others in UTF-16
N = TypeVar("N", bound=np.generic)

# Letters whose plain form Unicode does not give: of Latin, Arabic, Persian and Urdu, and Serbian Cyrillic as Latin.
_ALIKE = (
    "\u0131\u0111\u00f8\u0142\u0127" "\u0671\u0649\u06cc\u06d2\u06a9\u06aa\u0629\u06c0\u06c1\u06be\u06d5"
    "абвгдђежзијклмнопрстћуфхцчш",
    "idolh" "ايييككههههه"
    "abvgddezzijklmnoprstcufhccs",
)  # fmt: skip
_DIGRAPHS = (("љ", "lj"), ("њ", "nj"), ("џ", "dz"), ("Љ", "Lj"), ("Њ", "Nj"), ("Џ", "Dz"), ("ß", "ss"), ("ẞ", "SS"))
# Marks that are left out: accents, and the points of Hebrew and Arabic. Those of other scripts are vowels.
_MARKS = (
    (0x300, 0x370), (0x483, 0x488), (0x591, 0x5C8), (0x610, 0x61B), (0x640, 0x641), (0x64B, 0x660), (0x670, 0x671),
    (0x6D6, 0x6DD), (0x6DF, 0x6E9), (0x6EA, 0x6EE), (0x8D3, 0x900), (0x1DC0, 0x1E00), (0x20D0, 0x2100),
)  # fmt: skip

_SPACED_DIGITS = re.compile(r"(?<= \d) (?=\d )|(?<=^\d) (?=\d )")

# What a UTF-16 unit is to the tokeniser.
GAP, POINT, COMMA, SILENT, LETTER, DIGIT, PAIR, QUAD = range(8)
TOGETHER = 1 << 17  # units tokenised at once
LONGEST = 64  # units of a token that are looked at

_NEXT = 0x9E3779B97F4A7C15  # between the parts of a token
_STEP = 0xD1B54A32D192ED03  # between the tokens of a shingle
_ORDER = "utf-16-le"
_PART = np.array([0, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF], np.uint64)  # the first units of four


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some texts, one after the other; those of text n are bounds[n]:bounds[n + 1]."""

    hashes: U64
    bounds: I64
    numbers: NDArray[np.bool_]  # whether a token starts with a digit
    capitals: NDArray[np.bool_]  # whether it starts with a capital letter

    def __len__(self) -> int:
        return len(self.bounds) - 1


# Persian writes its prefixes and endings after a non-joiner, after a blank, or joined: all become joined, and a
# non-joiner between the parts of a compound becomes the blank that others write there.
_ARABIC = re.compile("[\u0600-\u06ff]")
_NON_JOINER = re.compile("(?<=[\u0600-\u06ff])\u200c(?=[\u0600-\u06ff])")
_YEH = "[\u06cc\u064a]"
_ENDINGS = "|".join((  # -ha and what follows it, -i, -am, -at, -ash, -and, -tar, -tarin
    f"\u0647\u0627{_YEH}{{0,2}}", "\u0647\u0627[\u0645\u062a\u0634](?:\u0627\u0646)?", f"\u0627{_YEH}",
    "\u0627[\u0645\u062a\u0634]", "\u0627\u0646\u062f", f"\u062a\u0631(?:{_YEH}\u0646)?", _YEH,
))  # fmt: skip
_AFFIX = re.compile(rf"((?<!\w)\u0646?\u0645{_YEH}) (?=\w)|(?<=\w) (?=(?:{_ENDINGS})(?!\w))")


def fold(text: str) -> str:
    """NFKC and casefold: what differs only by form or case becomes equal."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _prepared(text: str) -> str:
    """What has to be done before units are looked at one by one: forms, and letters that become two."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    for letter, two in _DIGRAPHS:
        if letter in text:
            text = text.replace(letter, two)
    if _ARABIC.search(text):
        text = _AFFIX.sub(lambda match: match[1] or "", _NON_JOINER.sub(" ", text))
    if text.count(" ") > len(text) / 3:  # a space behind every character: digits of a number belong together
        text = _SPACED_DIGITS.sub("", text)
    return text


@cache
def _plain() -> NDArray[np.uint16]:
    """The plain form of every UTF-16 unit: lower case, no marks, one form of Arabic, Cyrillic and Chinese letters."""
    alike = dict(zip(*_ALIKE, strict=True))
    simplified = dict(
        zip(*files("pipeline.dedup").joinpath("data/simplified.txt").read_text("utf-8").split(), strict=True)
    )
    table = np.arange(1 << 16, dtype=np.uint16)
    for unit in range(0x80, 1 << 16):
        if 0xAC00 <= unit < 0xD7A4 or 0xD800 <= unit < 0xF900:  # Hangul syllables; surrogates and private use
            continue
        char = chr(unit)
        if char in simplified:
            table[unit] = ord(simplified[char])
        elif char.isdecimal():
            table[unit] = ord("0") + unicodedata.decimal(char)
        elif char.isalpha():
            parts = unicodedata.normalize("NFD", char.casefold())
            letters = [c for c in parts if not _is_mark(c)] if not unicodedata.combining(char) else []
            if len(letters) == 1 and ord(letters[0]) < 0x10000:
                letter = alike.get(letters[0], letters[0])
                table[unit] = ord(simplified.get(letter, letter))
    for unit in range(ord("A"), ord("Z") + 1):
        table[unit] = unit + 32
    return table


@cache
def _lower_ascii() -> bytes:
    return bytes(range(256)).lower()


@cache
def _capital() -> NDArray[np.bool_]:
    """Whether a UTF-16 unit is a capital letter."""
    return np.array([chr(unit).isupper() for unit in range(1 << 16)])


def _is_mark(char: str) -> bool:
    return any(low <= ord(char) < high for low, high in _MARKS)


@cache
def _kinds() -> NDArray[np.uint8]:
    """Kind of every UTF-16 unit."""
    table = np.zeros(1 << 16, np.uint8)
    for unit in range(1 << 16):
        char = chr(unit)
        if char.isalnum() or unicodedata.category(char)[0] == "M":
            table[unit] = DIGIT if char.isdecimal() else LETTER
    table[0xD800:0xE000] = LETTER  # halves of rare characters
    for first, last in (KANA, KANA_EXTENSIONS, *IDEOGRAPHS):
        table[first : last + 1] = PAIR  # kana and ideographs: a word is about two characters
    table[0xD840:0xD88F] = PAIR  # first halves of the rarer ideographs
    table[0xDC00:0xE000] = LETTER
    for low, high in ((0x0E00, 0x0E50), (0x0E80, 0x0ED0), (0x1000, 0x1040), (0x1780, 0x17E0)):
        table[low:high] = QUAD  # Thai, Lao, Burmese, Khmer: about four
    table[ord(".")], table[ord(",")] = POINT, COMMA
    for char in "'\u2019\u02bc\u05f3\u00ad\u200b\u200c\u200d\ufeff":
        table[ord(char)] = SILENT
    for low, high in _MARKS:
        table[low:high] = SILENT
    return table


@cache
def _ascii_kinds() -> bytes:
    return _kinds()[:256].tobytes()


def distinct(values: NDArray[N]) -> NDArray[N]:
    """The different values, ascending; twice as fast as np.unique."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def positions(ascending: NDArray[Any], values: NDArray[Any]) -> I64:
    """Where `values` (ascending and different) occur in the `ascending` ones, by binary search; others are left out."""
    if not len(ascending):
        return np.zeros(0, np.int64)
    first = np.searchsorted(ascending, values)
    first[first == len(ascending)] = 0
    hit = np.flatnonzero(ascending[first] == values)  # few of the keys of a new batch are known: one search for most
    first = first[hit]
    counts = np.searchsorted(ascending, values[hit], "right") - first
    ends = np.cumsum(counts)
    at: I64 = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - ends + counts, counts)
    return at


def member(values: NDArray[Any], ascending: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `values` are among the `ascending` ones."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(ascending, values)
    at[at == len(ascending)] = 0
    is_member: NDArray[np.bool_] = ascending[at] == values
    return is_member


def _mix(h: U64) -> U64:
    """The MurmurHash3 finalizer, in place."""
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    h ^= h >> np.uint64(33)
    return h


def tokenise(texts: Sequence[str]) -> Tokens:
    """The tokens of every text."""
    prepared = [_prepared(text) for text in texts]
    parts: list[Tokens] = []
    start = size = 0
    for end, text in enumerate(prepared, 1):
        size += len(text) + 1
        if size > TOGETHER or end == len(prepared):
            parts.append(_tokenise(prepared[start:end]))
            start, size = end, 0
    if not parts:
        return Tokens(np.zeros(0, np.uint64), np.zeros(1, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    counts = np.concatenate([np.diff(p.bounds) for p in parts])
    return Tokens(
        np.concatenate([p.hashes for p in parts]),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([p.numbers for p in parts]),
        np.concatenate([p.capitals for p in parts]),
    )


def _units(texts: Sequence[str]) -> tuple[Units, I64]:
    """Units of the texts, a space before each and four after the last, and where each text ends."""
    blob = " ".join(("", *texts, "   "))
    if blob.isascii():  # half the bytes, and the methods of bytes for single ones: a quarter faster
        sizes = [len(t) for t in texts]
        return np.frombuffer(blob.encode("ascii"), np.uint8), np.cumsum(np.array(sizes, np.int64) + 1) + 1
    sizes = [len(t) if t.isascii() else len(t.encode(_ORDER, "surrogatepass")) // 2 for t in texts]
    return np.frombuffer(blob.encode(_ORDER, "surrogatepass"), "<u2"), np.cumsum(np.array(sizes, np.int64) + 1) + 1


def split(text: str) -> list[str]:
    """The tokens of one text as words."""
    units, starts, stops, *_ = _edges([_prepared(text)])
    form = "ascii" if units.dtype == np.uint8 else _ORDER
    return [units[a:b].tobytes().decode(form, "surrogatepass") for a, b in zip(starts, stops, strict=True)]


def _tokenise(texts: Sequence[str]) -> Tokens:
    units, starts, stops, numbers, capitals, ends = _edges(texts)
    bounds = np.concatenate([[0], np.searchsorted(starts, ends)]).astype(np.int64)
    return Tokens(_hash(units, starts, stops), bounds, numbers, capitals)


def _edges(texts: Sequence[str]) -> tuple[Units, I64, I64, NDArray[np.bool_], NDArray[np.bool_], I64]:
    """Plain units of the texts, where each token starts and stops, whether it is a number or begins with a capital,
    and where each text ends."""
    units, ends = _units(texts)
    ascii = units.dtype == np.uint8
    kind = np.frombuffer(bytearray(units).translate(_ascii_kinds()), np.uint8) if ascii else _kinds().take(units)
    odd = np.flatnonzero((kind - np.uint8(POINT)) < 3)
    # A point or comma between two digits belongs to the number.
    inner = (kind[odd - 1] == DIGIT) & (kind[odd + 1] == DIGIT)
    mark = kind[odd]
    kind[odd] = np.where(mark == SILENT, SILENT, np.where(inner, np.where(mark == POINT, LETTER, SILENT), GAP))
    silent = odd[kind[odd] == SILENT]
    if not ascii and (kind == PAIR).any():
        silent = np.union1d(silent, _inner_spaces(units, kind, ends))
        kind[silent] = SILENT
    if len(silent):
        ends = ends - np.searchsorted(silent, ends)
        units = _without(units, silent) if ascii else units[kind != SILENT]
        kind = np.frombuffer(kind.tobytes().replace(bytes([SILENT]), b""), np.uint8)

    letter = (kind - np.uint8(LETTER)) < 2
    change = np.flatnonzero(letter[1:] != letter[:-1]) + 1
    starts, stops = np.ascontiguousarray(change.reshape(-1, 2).T)
    single = kind >= PAIR
    if single.any():
        runs = np.flatnonzero(np.diff(single.astype(np.int8), append=0) == -1) + 1  # where runs of them end
        alone = np.flatnonzero(single)
        width = np.where(kind[alone] == PAIR, 2, 4)
        stop = np.minimum(alone + width, runs[np.searchsorted(runs, alone, "right")])
        starts, stops = np.concatenate([starts, alone]), np.concatenate([stops, stop])
        order = np.argsort(starts, kind="stable")
        starts, stops = starts[order], stops[order]
    numbers = kind.take(starts) == DIGIT
    capitals = _capital().take(units.take(starts))
    units = np.frombuffer(bytearray(units).translate(_lower_ascii()), np.uint8) if ascii else _plain().take(units)
    digits = np.flatnonzero(numbers)
    last = stops[digits]
    whole = (units[last - 1] == ord("0")) & (units[last - 2] == ord(".")) & (last - starts[digits] > 2)  # "19.0" is 19
    stops[digits[whole]] -= 2
    return units, starts, stops, numbers, capitals, ends


def _inner_spaces(units: Units, kind: NDArray[np.uint8], ends: I64) -> I64:
    """Places of a space, a line break or both between two characters of a script without spaces."""
    space = (units == ord(" ")) | (units == ord("\n"))
    space[0] = space[-1] = False
    space[ends - 1] = False  # what parts two texts
    solid = np.flatnonzero(~space)
    between = np.diff(solid) - 1
    pair = kind[solid] == PAIR
    inner = solid[:-1][(between > 0) & (between < 3) & pair[:-1] & pair[1:]] + 1
    second = inner[space[inner + 1]] + 1
    breaks = np.intersect1d(inner[units[inner] == ord("\n")] + 1, second[units[second] == ord("\n")])  # paragraphs
    return np.setdiff1d(np.union1d(inner, second), np.union1d(breaks, breaks - 1))


def _without(units: Units, places: I64) -> Units:
    """Units of ASCII without those at `places`."""
    marked = units.copy()
    marked[places] = 0xFF
    return np.frombuffer(marked.tobytes().replace(b"\xff", b""), np.uint8)


def _hash(units: Units, starts: I64, stops: I64) -> U64:
    """Hash of each token: four of its units at a time, read as one number, then mixed."""
    wide = units.astype("<u2")
    # The four units from each place on. As a copy: taking from overlapping numbers makes one each time.
    fours: U64 = np.ascontiguousarray(np.ndarray((max(len(wide) - 3, 0),), "<u8", wide, strides=(2,)))
    size = stops - starts
    hashes = fours.take(starts)
    hashes &= _PART.take(size, mode="clip")
    longer = np.flatnonzero(size > 4)
    for done in range(4, LONGEST, 4):
        if not len(longer):
            break
        left = size.take(longer) - done
        part = fours.take(starts.take(longer) + done)
        part &= _PART.take(left, mode="clip")
        h = hashes.take(longer)
        h *= np.uint64(_NEXT)
        h ^= h >> np.uint64(32)
        h += part
        hashes[longer] = h
        longer = longer[left > 4]
    return _mix(hashes)


def shingles(tokens: Tokens, size: int) -> tuple[U64, I64]:
    """Hashes of every `size` tokens in a row, and bounds by text; a shorter text is one shingle, an empty one none."""
    hashes = tokens.hashes
    counts = np.diff(tokens.bounds)
    total = np.zeros(len(hashes) + size, np.uint64)
    whole = max(len(hashes) - size + 1, 0)
    total[:whole] = hashes[size - 1 : size - 1 + whole]
    for k in reversed(range(size - 1)):
        total[:whole] *= np.uint64(_STEP)
        total[:whole] += hashes[k : k + whole]
    short = (counts > 0) & (counts < size)
    for n in np.flatnonzero(short):
        low, high = tokens.bounds[n], tokens.bounds[n + 1]
        powers = np.array([pow(_STEP, k, 1 << 64) for k in range(high - low)], np.uint64)
        total[low] = (hashes[low:high] * powers).sum(dtype=np.uint64)
    numbers = np.where(short, 1, np.maximum(counts - size + 1, 0))
    bounds = np.concatenate([[0], np.cumsum(numbers)]).astype(np.int64)
    parts = [total[low : low + n] for low, n in zip(tokens.bounds[:-1].tolist(), numbers.tolist(), strict=True)]
    return np.concatenate(parts) if parts else total[:0], bounds
