"""Keywords of the topics in one language, as shipped in data/keywords/ -> which topics a text's words speak for.

A file is named for its language (ISO 639-1). A line is `CODE name: word, two words, stem*, "a, quoted, phrase"`; the
code is a medtop number, a keyword may begin with "+" (tells much: counts double) or "-" (tells little: counts half),
and "*" stands for any ending. The vocabulary's own labels are keywords too, but for those a file bars with `!label`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import vocabulary, words

LONGEST = 6  # words in a keyword
_STEM = 3  # letters before a "*", at least


@dataclass(frozen=True, slots=True)
class Keyword:
    """One way a text can speak of a topic."""

    spelled: str  # as shown in evidence
    code: str  # "medtop:20000574"
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one topic itself, those below it left out."""

    score: float
    words: tuple[tuple[str, float], ...]  # keyword, its part of the score; heaviest first


class Lexicon:
    """Every keyword of one language, by its first word."""

    def __init__(self, keywords: Sequence[tuple[tuple[str, ...], Keyword]]) -> None:
        self._first: dict[str, list[tuple[tuple[str, ...], Keyword]]] = {}
        self._stems: dict[str, int] = {}  # every "stem" that some keyword ends in "*"
        for parts, keyword in keywords:
            self._first.setdefault(parts[0], []).append((parts, keyword))
            for part in parts:
                if part.endswith("*"):
                    self._stems[part[:-1]] = len(part) - 1
        self._lengths = sorted(set(self._stems.values()))
        self._known: dict[str, tuple[str, ...]] = {}

    def weigh(self, title: Sequence[str], text: Sequence[str]) -> dict[str, Evidence]:
        """Evidence by code, for lower-case words. A keyword in the title counts as three in the text."""
        counts: dict[Keyword, int] = {}
        for many, part in ((3, title), (1, text)):
            for keyword in self._find(part):
                counts[keyword] = counts.get(keyword, 0) + many
        found: dict[str, list[tuple[str, float]]] = {}
        for keyword, count in counts.items():
            part_score = keyword.weight * (1 + math.log2(min(count, 16)))
            found.setdefault(keyword.code, []).append((keyword.spelled, part_score))
        return {
            code: Evidence(sum(s for _, s in rows), tuple(sorted(rows, key=lambda row: (-row[1], row[0]))))
            for code, rows in found.items()
        }

    def _keys(self, word: str) -> tuple[str, ...]:
        """The word and its known stems, as they stand in keywords."""
        stems = self._stems
        return (word, *(word[:n] + "*" for n in self._lengths if n <= len(word) and word[:n] in stems))

    def _find(self, text: Sequence[str]) -> Iterator[Keyword]:
        first = self._first
        keys = {word: self._keys(word) for word in set(text)}
        starts = {word: [row for key in mine if key in first for row in first[key]] for word, mine in keys.items()}
        end = len(text)
        for at, word in enumerate(text):
            for parts, keyword in starts[word]:
                if len(parts) == 1 or (
                    at + len(parts) <= end and all(part in keys[text[at + n]] for n, part in enumerate(parts[1:], 1))
                ):
                    yield keyword


@cache
def load(language: str) -> Lexicon | None:
    """The lexicon of a language; None where neither the vocabulary nor a file knows it."""
    rows: dict[tuple[str, tuple[str, ...]], Keyword] = {}
    barred = set()
    folder = files(__package__).joinpath("data/keywords")
    file = folder.joinpath(f"{language}.txt")
    known = language in _labelled() or file.is_file()
    if not known:
        return None
    if file.is_file():
        for code, spelled, weight, bar in parse(file.read_text(encoding="utf-8")):
            if bar:
                barred.add((code, spelled))
                continue
            parts = phrase(spelled)
            rows[code, parts] = Keyword(spelled, code, weight)
    for code, concept in vocabulary.load().items():
        label = concept.labels.get(language)
        if not label or (code, "label") in barred or concept.level == 1:
            continue
        for name in _names(label):
            parts = phrase(name)
            if parts and len(parts) <= LONGEST:
                for form in _forms(parts, language):
                    rows.setdefault((code, form), Keyword(name, code, 1.0))
    return Lexicon([(parts, keyword) for (_, parts), keyword in sorted(rows.items())])


def languages() -> frozenset[str]:
    """Languages that `load` knows."""
    folder = files(__package__).joinpath("data/keywords")
    return _labelled() | {entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt")}


@cache
def _labelled() -> frozenset[str]:
    return frozenset(language for concept in vocabulary.load().values() for language in concept.labels)


_LINE = re.compile(r"(\d{8})\b[^:]*:(.*)")
_ITEM = re.compile(r'\s*(?:([+-]*)"([^"]+)"|([^,]+))\s*(?:,|$)')


def parse(text: str) -> Iterator[tuple[str, str, float, bool]]:
    """(code, keyword, weight, barred) for each item of a keyword file."""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise ValueError(f"not a line of keywords: {line!r}")
        code = vocabulary.PREFIX + match[1]
        for sign, quoted, plain in _ITEM.findall(match[2]):
            item = quoted or plain.strip()
            if not item:
                continue
            if item.startswith("!"):
                yield code, item[1:], 0.0, True
                continue
            bare = item.lstrip("+-")
            sign = sign or item[: len(item) - len(bare)]
            yield code, bare, 2.0 ** (sign.count("+") - sign.count("-")), False


def phrase(spelled: str) -> tuple[str, ...]:
    """A keyword as the words it is looked for by: lower case, "*" kept on its stem."""
    parts: list[str] = []
    for piece in spelled.split():
        split = words.lower(words.split(piece))
        if piece.endswith("*") and split and len(split[-1]) >= _STEM:
            split[-1] += "*"
        parts += split
    return tuple(parts)


def _names(label: str) -> Iterator[str]:
    """'merger or acquisition' stays whole; 'appeal (court)' is 'appeal'."""
    yield re.sub(r"\s*\([^)]*\)", "", label)


def _forms(parts: tuple[str, ...], language: str) -> Iterator[tuple[str, ...]]:
    """The label and, in English, its other number."""
    yield parts
    last = parts[-1]
    if language != "en" or len(last) < 4:
        return
    if last.endswith("ies"):
        yield (*parts[:-1], last[:-3] + "y")
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        yield (*parts[:-1], last[:-1])
    elif last.endswith("y") and last[-2] not in "aeiou":
        yield (*parts[:-1], last[:-1] + "ies")
    elif not last.endswith("s"):
        yield (*parts[:-1], last + "s")


def scores(found: Mapping[str, Evidence]) -> dict[str, float]:
    """Each topic's evidence with that of everything below it."""
    total: dict[str, float] = {}
    for code, evidence in found.items():
        for above in vocabulary.ancestors(code):
            total[above] = total.get(above, 0.0) + evidence.score
    return total
