"""The table of towns and regions (data/towns.tsv.gz, made by tools/build_towns.py) as an index of names by language."""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from . import watch

_STEM = 3  # letters of a town to which a case may be added
SCRIPTS = {
    **dict.fromkeys("ru uk be bg mk sr".split(), "cyrillic"), "ar": "arabic", "fa": "arabic", "he": "hebrew",
    "zh": "han", "ja": "han kana", "ko": "hangul", "hi": "devanagari", "el": "greek",
}  # fmt: skip
_UNSPACED = frozenset({"zh", "ja"})
UNCASED = frozenset({"ar", "fa", "he", "zh", "ja", "ko", "hi"})


@dataclass(frozen=True, slots=True)
class Town:
    """A town or a region of the table."""

    id: str  # GeoNames id, or ISO 3166-2 code of a region
    name: str
    country: str
    region: str  # the state of a town in the United States
    at: tuple[float, float]  # latitude, longitude
    size: int  # thousand inhabitants; 0 for a region
    capital: bool

    @property
    def is_region(self) -> bool:
        return "-" in self.id


@dataclass(slots=True)
class Index:
    """The names that a language has for towns and regions, and the rows of the table that they are of.

    Strings and numbers only: 34,000 objects more would slow the garbage collector of the whole run.
    """

    names: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)  # words in the names that a word begins, falling
    after: dict[str, tuple[int, ...]] = field(default_factory=dict)  # regions behind a town: "Tex."

    def add(self, parts: Sequence[str], row: int) -> None:
        name = " ".join(parts)
        self.names[name] = (*self.names.get(name, ()), row)
        lengths = self.lengths.get(parts[0], ())
        if len(parts) not in lengths:
            self.lengths[parts[0]] = tuple(sorted((*lengths, len(parts)), reverse=True))

    def at(self, text: Sequence[str], at: int, first: str) -> tuple[str, int]:
        """The longest name that stands at a place of a text, and its words; `first` is its first word in the table."""
        for length in self.lengths[first]:
            if at + length > len(text):
                continue
            name = " ".join((first, *map(fold, text[at + 1 : at + length]))) if length > 1 else first
            if name in self.names:
                return name, length
        return "", 0


@cache
def lines() -> tuple[str, ...]:
    packed = files(__package__).joinpath("data/towns.tsv.gz").read_bytes()
    return tuple(line for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))


@lru_cache(10_000)
def town(row: int) -> Town:
    id_, name, country, region, latitude, longitude, size, *forms = lines()[row].split("\t")
    return Town(id_, name, country, region, (float(latitude), float(longitude)), int(size), "capital=" in forms)


@cache
def index_of(language: str) -> Index:
    index = Index()
    keys = tuple(
        f"{key}=" for key in (language, *SCRIPTS.get(language, "").split(), *(["no"] if language == "nb" else []))
    )
    by_name = language not in UNCASED and (language not in SCRIPTS or language == "sr")
    for row, line in enumerate(lines()):
        _, name, _, _, _, _, _, *forms = line.split("\t")
        spelled = [form for named in forms if named.startswith(keys) for form in named.partition("=")[2].split("|")]
        if by_name:
            spelled.append(name)
        for form in spelled:
            if form.startswith("~"):
                key = " ".join(parts_of(form[1:]))
                index.after[key] = (*index.after.get(key, ()), row)
            elif parts := parts_of(form):
                parts = list("".join(parts)) if language in _UNSPACED else parts
                if len(parts) > 1 or len(parts[0]) > 1:
                    index.add(parts, row)
    return index


def parts_of(name: str) -> list[str]:
    plain = name if name.isalpha() else name.replace("-", " ").replace("'", " ").replace(".", " ")
    return [fold(part) for part in plain.split()]


@lru_cache(100_000)
def fold(word: str) -> str:
    """A word without marks; one in capitals as a name is written."""
    if len(word) > 3 and word.isupper():
        word = word.capitalize()
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in plain if not "\u0300" <= c <= "\u036f")).replace("đ", "d")


@lru_cache(100_000)
def begun(word: str, code: str) -> str:
    """The first word of names that a word of a text begins, as it stands or with an ending of its language."""
    lengths = index_of(code).lengths
    plain = fold(word)
    if plain in lengths:
        return plain
    if len(plain) <= _STEM and code not in UNCASED:
        return ""
    for cut in (1, 2):  # "and in Jerusalem"
        if (prefixes := watch.PREFIXES.get(code)) and set(plain[:cut]) <= set(prefixes) and plain[cut:] in lengths:
            return plain[cut:]
    if code == "ko" and (bare := watch.PARTICLES.sub("", plain)) in lengths:
        return bare
    if (endings := watch.ENDINGS.get(code)) and code not in ("en", "de", "nl", "sv", "da", "nb"):
        for cut in range(1, min(5 if len(plain) > 6 else 3, len(plain) - _STEM + 1)):
            if watch.key(plain[-cut:]) in endings:
                base = plain[:-cut]
                for form in (base, *(base + vowel for vowel in "aeoiуаяоеиь")):
                    if 1 in lengths.get(form, ()):
                        return form
    return ""
