"""Words of a text, their case kept -> the countries it speaks of, counted, the main one first.

The table is our own (data/places.tsv): names in 35 languages from Unicode CLDR, people, capitals and by-names written
for newsmill. Countries are ISO 3166-1 codes, Kosovo is XK.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from ..model import Place
from ..writing_systems import KATAKANA, begins_in
from . import gazetteer, words

SAME = {"no": "nb", "nn": "nb", "sh": "hr", "me": "sr", "ms": "id", "iw": "he"}
NOWHERE = "--"  # "Gulf of Mexico", "Paris Hilton": words that hold a country's name and mean none
TITLE = 2  # what a mention in the title adds to its weight for the order
READ = 20_000  # words looked at
_END = 3  # letters a case may add to a stem; one for stems of three letters ("Куба" but not "Кубок")

# Names that are people's names, too. They count unless a first name stands before or another name right after.
PERSONAL = frozenset(
    "Jordan Chad Georgia Israel Paris Kenya India Ireland Holland London Berlin Sofia Lima Santiago Brazil Cyprus "
    "England France Wales Scotland Rome Vienna Sydney Melbourne Florida Dakota Washington Madrid Dublin Macedonia "
    "Barcelona Lagos Bali Geneva Cairo Milan America Malta Montreal Chelsea Victoria".split()
)
_FIRST_NAMES = frozenset(
    "Michael DeAndre Vernon Robert Barbara June Neil Louis Hamilton Richard Cameron Stacie Katie Leslie Jeremy Jack "
    "Irving Tom Kathy John James Anna Maria Mary David Jim Joe Bill William George Peter Paul Mark Brian Kevin Chris "
    "Eric Steve Andrew Daniel Matthew Anthony Charles Thomas Sarah Emma Laura Julia Lisa Jennifer Jessica Elizabeth "
    "Susan Karen Nancy Linda Patricia Alice Amy Rachel Denzel Kerry Booker Dinah Martha Lee Mike Scott Justin Ryan "
    "Jason Josh Adam Alex Ben Sam Tony Frank Henry Edward Harry Lynne Gareth Ken Phil Nick Ian Alan Simon Martin Jill "
    "Hannah Sophie Lucy Kate Jane Jimmy Johnny Billy Bobby Larry Jerry Terry Gary Dennis Roger Bruce Carl Fred Ralph "
    "Rebecca Jonathan Vincent Montell Lamont Mickey Tyler Kyle Sean Ashley Melissa Michelle Amanda Nicole".split()
)
# Capitalised words that may follow a country's name without making it a person's.
_SAFE_AFTER = frozenset(
    "The A An In On At Of To For And But Or As With From By After Before Over Says Said Is Was Has Will Are Were Who "
    "King Queen President Prime Minister Ministry Foreign Parliament Government Police Army Airlines Airport Embassy "
    "Ambassador National Central Supreme Court Bank Team Cup Open Olympics Climate Court University Sunday Monday "
    "Tuesday Wednesday Thursday Friday Saturday January February March April May June July August September October "
    "November December Street Stock Exchange City Mayor Bridge Zoo Post Times Today News Summit Conference Talks "
    "Attorney Gov Governor Secretary Senate Senator Sen Rep State Republican Republicans Democrat Democrats Votes "
    "Wants Hits Bans Faces Seeks Warns Calls Wins Loses Beats Gets Makes Takes Sees Urges Plans Tells Rejects I We He "
    "She They It This That Reuters AP AFP Covid COVID US UK EU UN".split()
)
_STATES = frozenset(
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Hawaii Idaho Illinois Indiana "
    "Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana "
    "Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Wisconsin Wyoming "
    "Ga Tenn Pa Ill Ky Fla Calif Tex Ont Ontario".split()
)
_OF_THE_STATE = frozenset(
    "Atlanta Savannah Macon Augusta Kemp Abrams Fulton Ossoff Warnock Raffensperger Alabama Tennessee Carolina Florida "
    "Perdue Loeffler Bulldogs Athens Marietta Gwinnett Cobb Biden Trump Republican Republicans Democrat Gov Sen".split()
)
_OF_THE_COUNTRY = frozenset(
    "Georgian Georgians Tbilisi Batumi Kutaisi Saakashvili Abkhazia Abkhaz Ossetia Ossetian Caucasus Ivanishvili "
    "Margvelashvili Zourabichvili Garibashvili Gakharia Armenia Azerbaijan Russia Russian Shevardnadze Gori".split()
)


@dataclass(slots=True)
class _Table:
    """One language's forms, by their first word."""

    whole: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    stems: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)


@cache
def _rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    text = files(__package__).joinpath("data/places.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return tuple((language, code, tuple(forms.split("|"))) for language, code, forms in rows)


@cache
def _table(language: str) -> _Table:
    table = _Table()
    for its, code, forms in _rows():
        if its != language:
            continue
        for form in forms:
            parts = tuple(
                part + "*" if piece.endswith("*") else part for piece in form.split() for part in words.split(piece)
            )
            if parts:
                kind = table.stems if parts[0].endswith("*") else table.whole
                kind.setdefault(parts[0], []).append((parts, code))
    for kind in (table.whole, table.stems):
        for first in kind:
            kind[first].sort(key=lambda row: (-len(row[0]), row[0]))
    return table


@cache
def names() -> dict[str, str]:
    """English names by code."""
    return {code: forms[0] for language, code, forms in _rows() if language == "en" and code != NOWHERE}


@cache
def languages() -> frozenset[str]:
    """Languages the table knows."""
    return frozenset(language for language, _, _ in _rows())


def find(title: Sequence[str], text: Sequence[str], language: str | None) -> tuple[Place, ...]:
    """Countries named in title and text, the most named first. No language given: English is looked for."""
    code = (language or "en").lower().partition("-")[0]
    code = SAME.get(code, code)
    if code not in languages():
        return ()
    table = _table(code)
    counts: dict[str, int] = {}
    weight: dict[str, int] = {}
    for part, extra in ((title, TITLE), (text[:READ], 0)):
        for country in _mentions(part, table, code == "en"):
            counts[country] = counts.get(country, 0) + 1
            weight[country] = weight.get(country, 0) + 1 + extra
    order = sorted(counts, key=lambda country: (-weight[country], -counts[country]))  # then as first named
    return tuple(Place(country, names().get(country, country), counts[country]) for country in order)


@cache
def countries_of(word: str, language: str) -> frozenset[str]:
    """Countries that one word names."""
    code = SAME.get(language, language)
    if code not in languages():
        return frozenset()
    return frozenset(country for parts, country in _begins(word, _table(code)) if len(parts) == 1) - {NOWHERE}


@cache
def known(name: str, language: str) -> bool:
    """Whether a name, as it stands in a text, is a country's, its people's or its capital's."""
    language = SAME.get(language, language)
    if language not in languages():
        language = "en"
    first, *rest = words.split(name) or [""]
    if not first:
        return False
    return any(
        len(parts) == len(rest) + 1 and all(_fits(a, b) for a, b in zip(rest, parts[1:], strict=True))
        for parts, _ in _begins(first, _table(language))
    )


def _mentions(text: Sequence[str], table: _Table, english: bool) -> list[str]:
    known = {word: rows for word in set(text) if (rows := _begins(word, table))}
    mentions: list[str] = []
    if not known:
        return mentions
    personal: set[str] = set()  # names that this text uses for a person
    bare: list[tuple[str, str]] = []
    past, end = 0, len(text)  # words before `past` belong to a name already
    for at, word in enumerate(text):
        if word not in known or at < past:
            continue
        for parts, country in known[word]:
            long = len(parts)
            if at + long > end or not all(_fits(text[at + n], part) for n, part in enumerate(parts[1:], 1)):
                continue
            if _part_of_kana(text, at, long, word):
                continue
            past = at + long
            if country == NOWHERE or (english and at + long < end and _landmark(text[at + long])):
                pass
            elif english and long == 1 and word in PERSONAL:
                after = text[at + 1] if at + 1 < end else ""
                if _a_person(text[at - 1] if at else "", after):
                    personal.add(word)
                elif after in _STATES:
                    mentions.append("US")
                else:
                    bare.append((word, country))
                    mentions.append(word)  # settled below
            else:
                mentions.append(country)
            break
    if not bare:
        return mentions
    settled = dict(bare)
    if "Georgia" in settled:
        there, abroad = len(_OF_THE_STATE & set(text)), len(_OF_THE_COUNTRY & set(text))
        settled["Georgia"] = "US" if there > abroad else "GE" if abroad else ""
    return [code for word in mentions if (code := "" if word in personal else settled.get(word, word))]


def _begins(word: str, table: _Table) -> list[tuple[tuple[str, ...], str]]:
    if word.islower():
        return table.whole.get(word, [])
    rows = table.whole.get(word, [])
    if len(word) > 3 and word.isupper():
        rows = rows or table.whole.get(word.capitalize(), [])
    if table.stems and word[0].isupper():
        name = word.capitalize() if word.isupper() and len(word) > 3 else word
        for length in range(len(name), max(2, len(name) - _END - 1), -1):
            stem = name[:length] + "*"
            if stem in table.stems and _ends(name, length):
                rows = rows + table.stems[stem]
    return rows


def _ends(word: str, stem: int) -> bool:
    return len(word) - stem <= (1 if stem <= 3 else _END)


def _fits(word: str, part: str) -> bool:
    if part.endswith("*"):
        stem = part[:-1]
        return word.lower().startswith(stem.lower()) and _ends(word, len(stem))
    return word == part or (len(word) > 3 and word.isupper() and word == part.upper())


def _a_person(before: str, after: str) -> bool:
    if before in _FIRST_NAMES:
        return True
    return after[:1].isupper() and after[1:].islower() and after not in _SAFE_AFTER and after not in _STATES


def _landmark(word: str) -> bool:
    """Whether a word makes another name of the one before it: "Turkey Creek"."""
    return word[:1].isupper() and word.lower() in gazetteer.kind("landmark")


def _part_of_kana(text: Sequence[str], at: int, long: int, first: str) -> bool:
    """A katakana name inside a longer katakana word ("チリ" in "チリソース") is no country."""
    if not begins_in(first, KATAKANA):
        return False
    before = text[at - 1] if at else ""
    after = text[at + long] if at + long < len(text) else ""
    return any(len(c) == 1 and "\u30a1" <= c <= "\u30ff" and c != "・" for c in (before, after))
