"""An article's words -> its places (countries, then regions and towns) and its names, each knowing of the other.

Countries come first, since a town counts with its country in the text; names before towns, since "Paris Hilton" is no
town; and what turns out to be a town is no name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model import Name, Place
from . import names, places, towns


def read(
    heading: str, body: str, title: Sequence[str], text: Sequence[str], language: str | None
) -> tuple[tuple[Place, ...], tuple[Name, ...]]:
    """Places and names of a text; `title` and `text` are the words of `heading` and `body`."""
    named = tuple(
        name
        for name in names.find(heading, body, language)
        if " " not in name.name or not towns.is_place(name.name, language)
    )
    countries = places.find(title, text, language)
    here = towns.find(
        () if names.shouted(heading) else title, text, language, {place.code: place.count for place in countries}, named
    )
    known = {place.name for place in here}
    others = tuple(name for name in named if name.name not in known and not known.intersection(name.variants))
    return (*_with_towns(countries, here, language), *here), others


def _with_towns(countries: tuple[Place, ...], here: tuple[Place, ...], language: str | None) -> tuple[Place, ...]:
    """Countries with the mentions of their towns and regions, where those are not counted already (capitals are)."""
    more: dict[str, int] = {}
    meant: dict[str, str] = {}
    for place in here:
        assert place.country
        if not places.known(place.name, (language or "en").partition("-")[0]):
            more[place.country] = more.get(place.country, 0) + place.count
        elif place.stands_for:
            meant[place.country] = place.stands_for
    out = []
    for country in countries:
        alone = {place.count for place in here if place.country == country.code and place.stands_for}
        stands_for = meant.get(country.code) if country.count in alone else None
        out.append(replace(country, count=country.count + more.pop(country.code, 0), stands_for=stands_for))
    out += [Place(code, places.names()[code], count) for code, count in more.items() if code in places.names()]
    return tuple(out)
