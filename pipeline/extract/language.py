"""Language identification: text -> ISO 639-1 code, or None where it is not certain.

Scripts that one language of the press is written in decide alone; Latin, Cyrillic, Arabic and Devanagari text is scored
by trigrams (naive Bayes, after Cavnar and Trenkle 1994 and Nakatani Shuyo's language-detection), with a language the
page states as a hint where two are close or the language has no profile here.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..writing_systems import (
    ARABIC,
    BURMESE,
    COMMON_IDEOGRAPHS,
    CYRILLIC,
    DEVANAGARI,
    GREEK,
    HANGUL,
    HEBREW,
    IDEOGRAPHS,
    KANA,
    KHMER,
    LAO,
    THAI,
)  # fmt: skip
from . import relatives

_SAME = {
    "nb": "no", "nn": "no", "in": "id", "iw": "he", "ji": "yi", "cmn": "zh", "fil": "tl", "hrv": "hr", "srp": "sr",
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it",
    "rus": "ru", "ukr": "uk", "ara": "ar", "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko", "nld": "nl",
    "pol": "pl", "tur": "tr", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "ell": "el", "heb": "he",
}  # fmt: skip

# Scripts that stand for one language in newspapers. Ranges of code points, first and last.
_SCRIPTS = (
    ("el", *GREEK), ("hy", 0x0530, 0x058F), ("he", *HEBREW), ("bn", 0x0980, 0x09FF),
    ("pa", 0x0A00, 0x0A7F), ("gu", 0x0A80, 0x0AFF), ("or", 0x0B00, 0x0B7F), ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F), ("kn", 0x0C80, 0x0CFF), ("ml", 0x0D00, 0x0D7F), ("si", 0x0D80, 0x0DFF),
    ("th", *THAI), ("lo", *LAO), ("my", *BURMESE), ("ka", 0x10A0, 0x10FF),
    ("am", 0x1200, 0x137F), ("km", *KHMER), ("ko", *HANGUL), ("kana", *KANA),
    ("han", *IDEOGRAPHS[0]), ("han", *COMMON_IDEOGRAPHS), ("cyrillic", *CYRILLIC),
    ("arabic", *ARABIC), ("arabic", 0x0750, 0x077F),
    ("devanagari", *DEVANAGARI), ("latin", 0x0041, 0x024F), ("latin", 0x1E00, 0x1EFF),
)  # fmt: skip
_GROUPS = {
    "latin": frozenset(
        ("af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr").split()
    ),
    "cyrillic": frozenset("bg mk ru uk".split()),
    "arabic": frozenset("ar fa ur".split()),
    "devanagari": frozenset("hi mr ne".split()),
}
# Letters that identify a language, for those without a profile or with a close relative.
_LETTERS = (
    ("be", re.compile("ў")), ("kk", re.compile("[ұһқ]")), ("mn", re.compile("[өү]")), ("tg", re.compile("[ҷӯ]")),
    ("uk", re.compile("[їєґ]")),
)  # fmt: skip
_SERBIAN_OR_MACEDONIAN = re.compile("[јљњџ]")
# Of languages in Arabic letters, letters that Arabic has not: a language's own first, then those that many share.
_ARABIC_LETTERS = (
    (0.01, "ps", re.compile("[\u067c\u0689\u0693\u0696\u069a\u0681\u0685\u06cd]")),
    (0.01, "ku", re.compile("[\u06ce\u0695\u06b5]")),
    (0.02, "ur", re.compile("[\u0679\u0688\u0691\u06ba\u06d2\u06c1]")),
    (0.03, "fa", re.compile("[\u067e\u0686\u0698\u06af\u06a9\u06cc]")),
)
_IN_ARABIC_LETTERS = frozenset("pa ps sd ug ks".split())  # stated ones that the table knows not, or not for sure
_VIETNAMESE = re.compile("[\u01a1\u01b0\u0111\u1ea0-\u1ef9]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NOT_LETTERS_OR_SIGNS = re.compile(r"(?:[\d_]|(?![\u064b-\u0652\u0900-\u0963])\W)+")  # vowel signs are no \w
_TATWEEL = "\u0640"  # lengthens a word typographically
_POINTS = re.compile("[\u064b-\u0652\u0670]")  # a fully pointed text has one for every second letter, others hardly any
_UNSEEN = 28  # half bits for a trigram outside a profile: rarer than the rarest kept (22 to 25)
_CLOSE = 0.35  # half bits a trigram: below this lead a stated language decides between the two
# How much of the text a profile must know, against what it knew of the text it was counted on (.55 to .8). Measured on
# articles in 30 languages: right ones had .59 and more, Zulu and Xhosa taken for Swahili .35 to .42.
_COVERED = 0.53
_LEAST = 40  # letters; shorter text says nothing
_SAMPLE = 500  # characters looked at: as many errors as with 3,000, none on 513 articles


def normal(code: str) -> str:
    """One code for a language that has several."""
    code = code.lower()
    return _SAME.get(code, code)


def detect(text: str, hint: str | None = None) -> str | None:
    """The language of a text. `hint` is what the page states; the text decides."""
    sample = unicodedata.normalize("NFC", text[:_SAMPLE].lower())
    scripts = _scripts(sample)
    total = sum(scripts.values())
    if total < _LEAST and not (scripts["han"] + scripts["kana"] + scripts["ko"] >= 15):
        return None
    if scripts["kana"] >= 0.05 * total:
        return "ja"
    main, count = scripts.most_common(1)[0]
    if main == "other" or count < 0.5 * total:
        return None
    if main == "han":
        return "zh"
    if main not in _GROUPS:
        return hint if (main, hint) in (("he", "yi"), ("bn", "as"), ("am", "ti")) else main
    if main == "latin" and len(_VIETNAMESE.findall(sample)) >= 0.04 * total:
        return "vi"
    if main == "cyrillic":
        for code, letters in _LETTERS:
            if len(letters.findall(sample)) >= max(2, 0.002 * total):
                return code
        if len(_SERBIAN_OR_MACEDONIAN.findall(sample)) >= 0.01 * total and (
            cyrillic := relatives.serbian_or_macedonian(sample)
        ):
            return cyrillic
    if main == "arabic":
        sample = sample.replace(_TATWEEL, "")
        if len(_POINTS.findall(sample)) > 0.1 * total:
            sample = _POINTS.sub("", sample)
        for share, code, letters in _ARABIC_LETTERS:
            if len(letters.findall(sample)) >= share * total:
                return hint if hint in _IN_ARABIC_LETTERS else code
    language = _by_trigrams(sample, main, hint)
    if main == "latin":
        if language in relatives.SOUTH_SLAVIC:
            return relatives.south_slavic(unicodedata.normalize("NFC", text), hint)
        if language is None:
            return relatives.nguni(sample)
    return language


def _by_trigrams(sample: str, script: str, hint: str | None) -> str | None:
    profiles = _profiles(script)
    words = (_NOT_LETTERS if script in ("latin", "cyrillic") else _NOT_LETTERS_OR_SIGNS).sub(" ", sample)
    total = len(words) - 2 - words[1:-1].count(" ")  # trigrams round a letter; no profile has another
    if total <= 0:
        return None
    grams = _grams(words)
    places = np.minimum(profiles.grams.searchsorted(grams), len(profiles.grams) - 1)
    rows = places[profiles.grams[places] == grams]
    sums = profiles.levels.take(rows, axis=0).sum(axis=0, dtype=np.int32).tolist()
    bits: dict[str, int] = dict(zip(profiles.codes, sums, strict=False))
    known: dict[str, int] = dict(zip(profiles.codes, sums[len(profiles.codes) :], strict=True))

    def covered(code: str) -> float:
        return known[code] / (total * profiles.usual[code])

    ranked = sorted(profiles.codes, key=lambda code: (-bits[code], code))
    best, lead = ranked[0], (bits[ranked[0]] - bits[ranked[1]]) / total
    if hint and hint not in profiles.codes and covered(best) < 1.1 * _COVERED:
        return hint if hint in _UNPROFILED else None
    if hint in profiles.codes and hint != best and (bits[best] - bits[hint]) / total < _CLOSE:
        return hint if covered(hint) >= _COVERED else None
    if (
        {best, ranked[1]} == {"da", "no"}
        and hint not in ("fo", "nn")
        and (scandinavian := relatives.danish_or_norwegian(sample))
    ):
        return scandinavian
    if covered(best) < _COVERED or (hint != best and lead < _CLOSE / 2):
        return None
    if hint in _RELATIVES.get(best, ()):
        return hint
    return best


# Written in a script scored by trigrams, and without a profile: believed where the text is like no profile.
_UNPROFILED = frozenset(
    ("az be bs eu fo fy ga gd gl ha ig is kk ku ky lb mg mi ms mt ny ps rm rw sn sr st tk tn ts uz xh yo zu").split()
)
# Without a profile, and so close to one that their text looks like it.
_RELATIVES = {
    "hr": ("bs", "sr"), "id": ("ms",), "es": ("gl",), "pt": ("gl",), "da": ("fo",), "fa": ("ps",), "tr": ("az",),
    "ru": ("be", "bg"), "sl": ("bs", "sr"), "nl": ("fy",), "de": ("lb",),
}  # fmt: skip


def _scripts(sample: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for char, count in Counter(sample).items():
        if script := _script(char):
            counts[script] += count
    return counts


@functools.lru_cache(10_000)
def _script(char: str) -> str | None:
    """A letter's script, "other" for one not listed; None for what is no letter or sign on one."""
    if not char.isalpha() and not unicodedata.category(char).startswith("M"):
        return None
    return next((name for name, first, last in _SCRIPTS if first <= ord(char) <= last), "other")


@dataclass(frozen=True, slots=True)
class _Profiles:
    codes: tuple[str, ...]
    grams: Any  # the trigrams of all profiles as numbers, sorted
    levels: Any  # (grams, 2 codes): half bits above unseen, 0 where the profile has it not; then 1 where it has it
    usual: dict[str, float]  # what share of its own text each profile knows


@functools.cache
def _profiles(script: str) -> _Profiles:
    """The profiles of a script's languages as one table: a sum over its rows takes a tenth of loops over dicts."""
    codes = tuple(sorted(_GROUPS[script]))
    usual = dict.fromkeys(codes, 0.0)
    levels_of: dict[int, list[int]] = {}
    path = Path(__file__).parent / "data" / "languages.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        code, _, rest = line.partition("\t")
        if code in usual:
            level, _, grams = rest.partition("\t")
            at, above = codes.index(code), _UNSEEN - int(level)
            for gram in grams.split(" "):
                usual[code] += 2.0 ** (-int(level) / 2)
                if len(gram) == 3:  # a letter with a combining mark makes four, which no text is taken apart into
                    first, second, third = map(ord, gram.replace("_", " "))
                    row = levels_of.setdefault(first << 42 | second << 21 | third, [0] * (2 * len(codes)))
                    row[at], row[len(codes) + at] = above, 1
    known = sorted(levels_of)
    levels = np.array([levels_of[gram] for gram in known], dtype=np.int32)
    return _Profiles(codes, np.array(known, dtype=np.int64), levels, usual)


def _grams(text: str) -> Any:
    """Each three characters in a row as one number."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    return points[:-2] << 42 | points[1:-1] << 21 | points[2:]
