"""Words of a text -> the towns and regions it speaks of, with coordinates and country; precision comes first.

A name of the table (data/towns.tsv.gz, built by tools/build_towns.py) is a town where the text says so ("Paris,
Texas"), where its country or region is named too and it stands after "in" or the like, or where the town is large.
It is none inside the name of a person or a firm, nor where the text has a person of that name. Where several towns
share a name, the one whose region or country the text names is meant, else the largest.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from ..model import Name, Place
from ..threads import rarity
from ..threads.stems import stem
from . import gazetteer, places, watch, words
from .gazetteer import kind

READ = 20_000  # words looked at
LARGE = 300  # thousand inhabitants from which a town needs no country beside it
CITY = 1_000  # thousand from which it may be an ordinary word or a first name
KNOWN = 60  # tenths of rarity below which a name is an ordinary word too
MOST = 12  # towns and regions kept
_STEM = 3  # letters of a town to which a case may be added
AT_HOME = 100  # thousand inhabitants of a town in a country of the text's language, in scripts without capitals
COMMON = 35  # tenths of rarity below which a capital alone makes no town of a word
_NOUNS = frozenset({"de"})
_SCRIPT = {
    **dict.fromkeys("ru uk be bg mk sr".split(), "cyrillic"), "ar": "arabic", "fa": "arabic", "he": "hebrew",
    "zh": "han", "ja": "han kana", "ko": "hangul", "hi": "devanagari", "el": "greek",
}  # fmt: skip
_UNSPACED = frozenset({"zh", "ja"})
_UNCASED = frozenset({"ar", "fa", "he", "zh", "ja", "ko", "hi"})
_BY_CASE = frozenset({"fi", "hu", "tr", "et"})  # a case stands for "in"
_EU = kind("european-union")


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
class _Index:
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


@dataclass(slots=True)
class _Seen:
    """What a text says of one name."""

    towns: list[Town]
    count: int = 0
    placed: int = 0  # after "in" or the like
    acting: int = 0  # as somebody who acts
    named: Town | None = None  # the one that a region or country right behind it names


@cache
def _lines() -> tuple[str, ...]:
    packed = files(__package__).joinpath("data/towns.tsv.gz").read_bytes()
    return tuple(line for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#"))


@lru_cache(10_000)
def _town(row: int) -> Town:
    id_, name, country, region, latitude, longitude, size, *forms = _lines()[row].split("\t")
    return Town(id_, name, country, region, (float(latitude), float(longitude)), int(size), "capital=" in forms)


@cache
def _index(language: str) -> _Index:
    index = _Index()
    keys = tuple(
        f"{key}=" for key in (language, *_SCRIPT.get(language, "").split(), *(["no"] if language == "nb" else []))
    )
    by_name = language not in _UNCASED and (language not in _SCRIPT or language == "sr")
    for row, line in enumerate(_lines()):
        _, name, _, _, _, _, _, *forms = line.split("\t")
        spelled = [form for named in forms if named.startswith(keys) for form in named.partition("=")[2].split("|")]
        if by_name:
            spelled.append(name)
        for form in spelled:
            if form.startswith("~"):
                key = " ".join(_parts(form[1:]))
                index.after[key] = (*index.after.get(key, ()), row)
            elif parts := _parts(form):
                parts = list("".join(parts)) if language in _UNSPACED else parts
                if len(parts) > 1 or len(parts[0]) > 1:
                    index.add(parts, row)
    return index


def _parts(name: str) -> list[str]:
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


def find(
    title: Sequence[str], text: Sequence[str], language: str | None, countries: Mapping[str, int], names: Iterable[Name]
) -> tuple[Place, ...]:
    """Towns and regions, the most named first. `countries` are those the text names, `names` its people and firms."""
    code = (language or "en").lower().partition("-")[0]
    code = {"no": "nb", "nn": "nb", "sh": "hr", "me": "sr"}.get(code, code)
    index = _index(code)
    pairs, persons = _of_names(names)
    seen: dict[str, _Seen] = {}
    regions: set[str] = set()
    for part in (title, text[:READ]):
        _collect(part, code, index, pairs, persons, seen, regions)
    for country, regions_ in ((row.country, row.id) for name in seen.values() for row in name.towns if row.is_region):
        regions.add(regions_)
        countries = {**countries, country: 1}
    words_ = {*title, *text}
    places: dict[str, Place] = {}
    for name, what in seen.items():
        town = _meant(name, what, code, countries, regions, words_)
        if town is None:
            continue
        stands_for = _metonym(town, what, code, words_)
        old = places.get(town.id)
        places[town.id] = Place(
            town.id if town.is_region else f"geonames:{town.id}",
            town.name,
            what.count + (old.count if old else 0),
            "region" if town.is_region else "town",
            town.country,
            *town.at,
            stands_for,
        )
    return tuple(sorted(places.values(), key=lambda place: -place.count)[:MOST])


def _of_names(names: Iterable[Name]) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Neighbours in the names of people and firms, and the words of people's names."""
    pairs: set[tuple[str, str]] = set()
    persons: set[str] = set()
    for name in names:
        for form in (name.name, *name.variants):
            parts = words.split(form)
            pairs.update(pairwise(parts))
            if len(parts) > 1 and parts[0] in gazetteer.given():
                persons.update(parts)
        persons.update(form for form in name.variants if " " in name.name and " " not in form)
    return frozenset(pairs), frozenset(persons)


def is_place(name: str, language: str | None) -> bool:
    """Whether a name of several words is that of a region or a town of some size ("New York", "San Diego")."""
    code = (language or "en").lower().partition("-")[0]
    parts = _parts(name)
    rows = _index(code).names.get(" ".join(parts), ()) if len(parts) > 1 else ()
    return any(town.is_region or town.size >= 50 for town in map(_town, rows))


def _collect(
    text: Sequence[str], code: str, index: _Index, pairs: frozenset[tuple[str, str]], persons: frozenset[str],
    seen: dict[str, _Seen], regions: set[str],
) -> None:  # fmt: skip
    cased = code not in _UNCASED
    words_ = {word for word in text if word[0].isupper()} if cased else set(text)
    known = {word: first for word in words_ if (first := _begun(word, code))}
    if not known:
        return
    before = kind(f"in-{code}")
    acts = kind("acts")
    past, end, placed_until = 0, len(text), -1
    for at in [at for at, word in enumerate(text) if word in known]:
        if at < past:
            continue
        word = text[at]
        name, long = index.at(text, at, known[word])
        if not long or (code == "he" and long == 1 and len(word) < 4):
            continue
        after = text[at + long] if at + long < end else ""
        previous = text[at - 1] if at else ""
        if (previous, word) in pairs or (text[at + long - 1], after) in pairs or (long == 1 and word in persons):
            continue
        if after[:1].isupper() and after.lower() in kind("landmark"):  # "Turkey Creek"
            continue
        towns = [_town(row) for row in index.names[name]]
        past = at + long
        what = seen.setdefault(name, _Seen(towns))
        what.count += 1
        inflected = fold(word) != name.partition(" ")[0]
        located = previous.lower() in before or (inflected and code in _BY_CASE)
        located = located or (placed_until == at - 1 and previous.lower() in kind("and"))  # "in Lyon and Nice"
        what.placed += located
        placed_until = at + long if located else placed_until
        what.acting += after in acts and previous.lower() not in before and not inflected
        if behind := _region_behind(text, at + long, code, index, towns):
            what.named = behind


@lru_cache(100_000)
def _begun(word: str, code: str) -> str:
    """The first word of names that a word of a text begins, as it stands or with an ending of its language."""
    lengths = _index(code).lengths
    plain = fold(word)
    if plain in lengths:
        return plain
    if len(plain) <= _STEM and code not in _UNCASED:
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


def _region_behind(text: Sequence[str], at: int, code: str, index: _Index, towns: Sequence[Town]) -> Town | None:
    """The town that the region or the country right behind it names: "Paris, Texas"."""
    if at >= len(text) or not text[at][:1].isupper():
        return None
    first = fold(text[at])
    rows = [*index.after.get(first, ()), *index.after.get(" ".join((first, *map(fold, text[at + 1 : at + 2]))), ())]
    if first in index.lengths:
        rows += index.names.get(index.at(text, at, first)[0], ())
    for region in map(_town, rows):
        if region.is_region:
            state = region.id[3:] if region.country == "US" else ""
            if inside := [t for t in towns if t.country == region.country and (not state or t.region == state)]:
                return max(inside, key=lambda town: town.size)
    inside = [town for town in towns if not town.is_region and town.country in places.countries_of(text[at], code)]
    return max(inside, key=lambda town: town.size, default=None)


def _meant(
    name: str, what: _Seen, code: str, countries: Mapping[str, int], regions: set[str], lower: set[str]
) -> Town | None:
    """Which of the towns of one name a text means; None where it may be no town at all."""
    if what.named:
        return what.named
    others = places.countries_of(name, code) - {town.country for town in what.towns}
    if region := next((town for town in what.towns if town.is_region), None):  # Georgia: the state or the country
        return region if not others or (region.country in countries and not others & set(countries)) else None
    if others:
        return None
    largest = max(what.towns, key=lambda town: town.size)
    home = kind(f"home-{code}")
    near = [
        town
        for town in what.towns
        if (town.country in countries and not (town.region and town.country == "US" and regions_of_us(regions)
                                               and f"US-{town.region}" not in regions))
        or f"US-{town.region}" in regions
        or town.country in home
    ]  # fmt: skip
    town = max(near, key=lambda town: (town.size, town.country in countries), default=largest)
    if largest.size >= CITY and largest.size > 10 * town.size and not (near and town.country in countries):
        town = largest
    low = name.lower()
    ordinary = (
        name in gazetteer.given()
        or low in kind("other")
        or low in kind("calendar")
        or (rarity.load(code)(stem(name, code)) < KNOWN and (code in _NOUNS or low in lower))
    )
    if code in _UNCASED:
        least = AT_HOME if town.country in home else LARGE
        return town if town.size >= (CITY if ordinary or len(name) < 3 else least) else None
    if ordinary and town.size < CITY:
        return town if what.placed and near and low not in kind("calendar") else None
    if town.size >= LARGE and (what.placed or what.count > 1 or rarity.load(code)(stem(name, code)) >= COMMON or near):
        return town
    return town if near and what.placed else None


def regions_of_us(regions: set[str]) -> bool:
    return any(region.startswith("US-") for region in regions)


def _metonym(town: Town, what: _Seen, code: str, there: set[str]) -> str | None:
    """What a capital stands for where the text tells what it does: its government, the European Union for Brussels."""
    if not (town.capital or town.name in ("Brussels", "Washington")) or what.acting * 2 < what.count:
        return None
    if town.name == "Brussels" and there & _EU:
        return "European Union"
    cues = kind(f"government-{code}")
    if any(cue in there or cue.capitalize() in there for cue in cues):
        return f"government of {places.names().get(town.country, town.country)}"
    return None
