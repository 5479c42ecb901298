"""Words of a text -> the towns and regions it speaks of, with coordinates and country; precision comes first.

A name of the table (data/towns.tsv.gz, built by tools/build_towns.py) is a town where the text says so ("Paris,
Texas"), where its country or region is named too and it stands after "in" or the like, or where the town is large.
It is none inside the name of a person or a firm, nor where the text has a person of that name. Where several towns
share a name, the one whose region or country the text names is meant, else the largest.

Long because the rules by which a town is told from a person, a team or another town use each other's lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..model import Name, Place
from ..threads import rarity
from ..threads.stems import stem
from . import gazetteer, places, town_table, words
from .gazetteer import kind
from .town_table import UNCASED, Index, Town, begun, fold, index_of, parts_of

READ = 20_000  # words looked at
LARGE = 300  # thousand inhabitants from which a town needs no country beside it
CITY = 1_000  # thousand from which it may be an ordinary word or a first name
KNOWN = 60  # tenths of rarity below which a name is an ordinary word too
MOST = 12  # towns and regions kept
AT_HOME = 100  # thousand inhabitants of a town in a country of the text's language, in scripts without capitals
COMMON = 35  # tenths of rarity below which a capital alone makes no town of a word
_NOUNS = frozenset({"de"})
_BY_CASE = frozenset({"fi", "hu", "tr", "et"})  # a case stands for "in"
_EU = kind("european-union")


@dataclass(slots=True)
class _Seen:
    """What a text says of one name."""

    towns: list[Town]
    count: int = 0
    placed: int = 0  # after "in" or the like
    acting: int = 0  # as somebody who acts
    named: Town | None = None  # the one that a region or country right behind it names


def find(
    title: Sequence[str], text: Sequence[str], language: str | None, countries: Mapping[str, int], names: Iterable[Name]
) -> tuple[Place, ...]:
    """Towns and regions, the most named first. `countries` are those the text names, `names` its people and firms."""
    code = (language or "en").lower().partition("-")[0]
    code = {"no": "nb", "nn": "nb", "sh": "hr", "me": "sr"}.get(code, code)
    index = index_of(code)
    pairs, persons = _of_names(names)
    mentions: dict[str, _Seen] = {}
    regions: set[str] = set()
    for part in (title, text[:READ]):
        _collect(part, code, index, pairs, persons, mentions, regions)
    for country, regions_ in (
        (row.country, row.id) for name in mentions.values() for row in name.towns if row.is_region
    ):
        regions.add(regions_)
        countries = {**countries, country: 1}
    words_ = {*title, *text}
    places: dict[str, Place] = {}
    for name, what in mentions.items():
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
    parts = parts_of(name)
    rows = index_of(code).names.get(" ".join(parts), ()) if len(parts) > 1 else ()
    return any(town.is_region or town.size >= 50 for town in map(town_table.town, rows))


def _collect(
    text: Sequence[str], code: str, index: Index, pairs: frozenset[tuple[str, str]], persons: frozenset[str],
    mentions: dict[str, _Seen], regions: set[str],
) -> None:  # fmt: skip
    cased = code not in UNCASED
    words_ = {word for word in text if word[0].isupper()} if cased else set(text)
    known = {word: first for word in words_ if (first := begun(word, code))}
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
        towns = [town_table.town(row) for row in index.names[name]]
        past = at + long
        what = mentions.setdefault(name, _Seen(towns))
        what.count += 1
        inflected = fold(word) != name.partition(" ")[0]
        located = previous.lower() in before or (inflected and code in _BY_CASE)
        located = located or (placed_until == at - 1 and previous.lower() in kind("and"))  # "in Lyon and Nice"
        what.placed += located
        placed_until = at + long if located else placed_until
        what.acting += after in acts and previous.lower() not in before and not inflected
        if behind := _region_behind(text, at + long, code, index, towns):
            what.named = behind


def _region_behind(text: Sequence[str], at: int, code: str, index: Index, towns: Sequence[Town]) -> Town | None:
    """The town that the region or the country right behind it names: "Paris, Texas"."""
    if at >= len(text) or not text[at][:1].isupper():
        return None
    first = fold(text[at])
    rows = [*index.after.get(first, ()), *index.after.get(" ".join((first, *map(fold, text[at + 1 : at + 2]))), ())]
    if first in index.lengths:
        rows += index.names.get(index.at(text, at, first)[0], ())
    for region in map(town_table.town, rows):
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
    if code in UNCASED:
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
    """What the name of a capital stands for where it acts: its government, or the EU for Brussels."""
    if not (town.capital or town.name in ("Brussels", "Washington")) or what.acting * 2 < what.count:
        return None
    if town.name == "Brussels" and there & _EU:
        return "European Union"
    cues = kind(f"government-{code}")
    if any(cue in there or cue.capitalize() in there for cue in cues):
        return f"government of {places.names().get(town.country, town.country)}"
    return None
