"""One visible line -> the rule that names it as residue, or None: phrases that hold on any site (phrases.txt).

`rule_of` looks at every phrase; `sure` only at labels and at phrases that take a line off wherever it stands, also
between two paragraphs of a story.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..agency_names import pictures
from .labels import label

_HEADER = re.compile(r"\[(\w[\w-]*) (\d+)((?: \w+)*)\]")
_BULLET = r"(?:[•·*|>»▶►→–—-]+\s*)?"


@dataclass(frozen=True, slots=True)
class _Section:
    """The phrases of one rule."""

    rule: str
    most: int  # words of a line
    anywhere: bool
    ascii: re.Pattern[str]  # for lines of plain ASCII
    all: re.Pattern[str]


@cache
def _sections() -> list[_Section]:
    """The sections in the order of the file. Compiling them takes 40 ms, so they wait for the first page of text."""
    text = resources.files(__package__).joinpath("phrases.txt").read_text(encoding="utf-8")
    sections: list[tuple[str, int, list[str], list[str]]] = []
    for line in text.splitlines():
        if header := _HEADER.fullmatch(line):
            sections.append((header[1], int(header[2]), header[3].split(), []))
        elif line and not line.startswith("#"):
            sections[-1][3].append(line)

    def compiled(phrases: list[str], cased: bool) -> re.Pattern[str]:
        return re.compile(_BULLET + "(?:" + "|".join(phrases) + ")", re.NOFLAG if cased else re.I)

    return [
        _Section(
            rule,
            most,
            "anywhere" in marks,
            compiled([p for p in phrases if p.isascii() or _LATIN.search(p)], "cased" in marks),
            compiled(phrases, "cased" in marks),
        )
        for rule, most, marks, phrases in sections
    ]


_LATIN = re.compile(r"(?<!\\)[A-Za-z]")  # without it a phrase is in another script, and a third of the time is saved


@cache
def _longest() -> int:
    """Words of the longest line that a section takes."""
    return max(section.most for section in _sections())


@cache
def _for_lines(words: int, plain: bool, anywhere: bool) -> list[tuple[str, Callable[[str], re.Match[str] | None]]]:
    """(rule, match) of the sections for lines of so many words: most lines of a story are too long for any."""
    return [
        (section.rule, (section.ascii if plain else section.all).match)
        for section in _sections()
        if words <= section.most and (section.anywhere or not anywhere)
    ]


def _rule_of(line: str, words: int, anywhere: bool) -> str | None:
    some = _for_lines(words, line.isascii(), anywhere) if words <= _longest() else ()
    return next((rule for rule, match in some if match(line)), None)


# A credit at the end of a line: "| Credit: A Name", "Foto: dpa", "(AP Photo/A Name)"; not the dateline "(Reuters) - ".
_CREDIT = re.compile(
    rf"(?:[|/(©]|\bvia\b)\s*(?:photo(?:graph)? (?:by|credit)|credit|image|pool\b|{pictures()})"
    r"(?![^()]{0,40}\)\s*[-–—]).{0,60}$"
    r"|(?:^|[\s.|/(])(?:photo|foto|picture|image|credits?|bildrechte|bildquelle|bild|crédito|crédit|fuente|quelle)"
    r"(?: credit| source| by| courtesy(?: of)?)?\s?[:：] ?[^.!?]{2,60}$"
    rf"|^(?:{pictures()})(?: images| photo)?\s?(?:/|,|via\b|$)",
    re.I,
)


def rule_of(line: str) -> str | None:
    """The rule whose phrase this line begins with, where it is short enough to be nothing but that."""
    if rule := label(line):
        return rule
    words = line.count(" ") + 1
    if rule := _rule_of(line, words, anywhere=False):
        return rule
    if words <= 40 and not line.endswith((".", "!", "?")) and _CREDIT.search(line):
        return "caption"
    return None


def sure(line: str) -> str | None:
    """The rule of a line that is residue wherever it stands."""
    if rule := label(line):
        return rule
    words = line.count(" ") + 1
    return _rule_of(line, words, anywhere=True) if words <= 50 else None
