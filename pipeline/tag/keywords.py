"""Keywords of the topics in one language, as shipped in data/keywords/ -> the topics that they are evidence for.

A file is named for its language (ISO 639-1). A line is `CODE name: word, two words, stem*`; the code is a medtop
number, the name for the reader only. A keyword may begin with "+" (tells much: counts double) or "-" (ambiguous: counts
half, and only where another word speaks for the same top topic), and "*" stands for any ending. The vocabulary's own
labels are keywords too, but for those that a file bars with `!label`; what it marks "-" is ambiguous as a label, too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import vocabulary, words

LONGEST = 12  # words in a keyword; in Chinese and Japanese a word is a character
IN_TITLE = 3
REMEMBER = 50_000  # words whose keywords are kept at hand: texts share most of theirs
_STEM = 3  # letters before a "*", at least
_SAME = 4  # letters that two forms of one word share
_SYLLABLES = 2  # of Korean, each two or three letters: particles are written on to nouns of two
# 1 + log2(count) in 16ths: whole sixteenths add up to the same sum on every machine
DAMPED = (0.0, *(round(16 * (1 + math.log2(n))) / 16 for n in range(1, 17)))


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: a hash of three fields costs a tenth of a run
class Keyword:
    """One way a text can speak of a topic."""

    spelled: str  # as shown in evidence
    code: str  # "medtop:20000574"
    weight: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one topic itself, those below it left out."""

    score: float
    words: tuple[tuple[str, float], ...]  # words of the text and their part of the score


_Row = tuple[tuple[str, ...], Keyword]
# forms and stems of a word that keywords have; the keywords it may begin; their second words; those of one word
_Met = tuple[tuple[str, ...], list[_Row], frozenset[str], tuple[Keyword, ...]]


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
        self._known: dict[str, _Met] = {}

    def weigh(self, title: Sequence[str], text: Sequence[str]) -> dict[str, Evidence]:
        """Evidence by code, for lower-case words. A keyword in the title counts as three in the text."""
        return self.weigh_lead(title, text, 0)[0]

    def weigh_lead(
        self, title: Sequence[str], text: Sequence[str], lead: int, backed: Container[str] = ()
    ) -> tuple[dict[str, Evidence], dict[str, Evidence]]:
        """The same of title and text, and of the title and so many first words of the text.

        An ambiguous word that is all that speaks for a top topic counts only where the topic is `backed` otherwise.
        """
        counts: dict[Keyword, int] = {}
        shown: dict[Keyword, str] = {}
        for keyword, there, _ in self._find(title):
            counts[keyword] = counts.get(keyword, 0) + IN_TITLE
            shown.setdefault(keyword, there)
        early = dict(counts)
        for keyword, there, at in self._find(text):
            counts[keyword] = counts.get(keyword, 0) + 1
            shown.setdefault(keyword, there)
            if at < lead:
                early[keyword] = early.get(keyword, 0) + 1
        for keyword in _alone(shown, backed):
            del counts[keyword]
            early.pop(keyword, None)
        return _evidence(counts, shown), _evidence(early, shown)

    def _meet(self, word: str) -> _Met:
        """What a word is evidence for, independent of its position."""
        met = self._known.get(word)
        if met is None:
            stems = self._stems
            bare = _bare(word)
            keys = (
                *bare,
                *(form[:n] + "*" for form in bare for n in self._lengths if n <= len(form) and form[:n] in stems),
            )
            rows = sorted((row for key in keys for row in self._first.get(key, ())), key=_longest_first)
            single: dict[str, Keyword] = {}
            for parts, keyword in rows:
                if len(parts) == 1:
                    single.setdefault(keyword.code, keyword)
            if len(self._known) >= REMEMBER:
                self._known.clear()
            seconds = frozenset(parts[1] for parts, _ in rows if len(parts) > 1)
            met = self._known[word] = (keys, rows, seconds, tuple(single.values()))
        return met

    def _find(self, text: Sequence[str]) -> Iterator[tuple[Keyword, str, int]]:
        """Keywords with the words that are there and where; of one topic's only the longest at each place
        ("police officer", not "police" too)."""
        known = self._known
        met = {word: known.get(word) or self._meet(word) for word in set(text)}
        starts = {word: known for word, known in met.items() if known[1]}
        end = len(text)
        for at, word in enumerate(text):
            if word not in starts:
                continue
            _, rows, seconds, single = starts[word]
            # mostly the next word goes on with no keyword: then those of one word are known already
            if not seconds or at + 1 == end or seconds.isdisjoint(met[text[at + 1]][0]):
                for keyword in single:
                    yield keyword, word, at
                continue
            codes: list[str] = []
            for parts, keyword in rows:
                there, code = word, keyword.code
                if code in codes:
                    continue
                long = len(parts)
                if long > 1:
                    if at + long > end or any(parts[n] not in met[text[at + n]][0] for n in range(1, long)):
                        continue
                    there = " ".join(text[at : at + long])
                codes.append(code)
                yield keyword, there, at


# Arabic writes "and", "in", "to" and "the" on to the word that follows
_JOINED = ("وال", "بال", "فال", "كال", "لل", "ال", "و")


# and Hebrew "and", "the", "in", "to", "from", "that", "as"
_JOINED_HEBREW = re.compile("^[והבלמשכ]{1,3}(?=[\u05d0-\u05ea]{3})")


def _bare(word: str) -> tuple[str, ...]:
    if "\u05d0" <= word[0] <= "\u05ea":
        joined = _JOINED_HEBREW.match(word)
        return (word, *(word[n:] for n in range(1, joined.end() + 1))) if joined else (word,)
    if not "\u0621" <= word[0] <= "\u064a":
        return (word,)
    return (
        word,
        *(word[len(joined) :] for joined in _JOINED if word.startswith(joined) and len(word) > len(joined) + 2),
    )


def _longest_first(row: _Row) -> tuple[int, float, str]:
    parts, keyword = row
    return -len(parts), -keyword.weight, keyword.spelled


def _alone(shown: Mapping[Keyword, str], backed: Container[str]) -> list[Keyword]:
    """Keywords of top topics that one ambiguous word alone speaks for, whatever its endings."""
    doubtful = {vocabulary.top(keyword.code) for keyword in shown if keyword.weight < 1}
    if not doubtful:
        return []
    by_top: dict[str, list[Keyword]] = {}
    for keyword in shown:
        if (top := vocabulary.top(keyword.code)) in doubtful and top not in backed:
            by_top.setdefault(top, []).append(keyword)
    return [
        keyword
        for rows in by_top.values()
        if all(row.weight < 1 for row in rows) and len({shown[row][:_SAME] for row in rows}) == 1
        for keyword in rows
    ]


def _evidence(counts: Mapping[Keyword, int], shown: Mapping[Keyword, str]) -> dict[str, Evidence]:
    by_code: dict[str, list[tuple[str, float]]] = {}
    for keyword, count in counts.items():
        by_code.setdefault(keyword.code, []).append((shown[keyword], keyword.weight * DAMPED[min(count, 16)]))
    return {code: Evidence(sum(score for _, score in rows), tuple(rows)) for code, rows in by_code.items()}


@cache
def load(language: str) -> Lexicon | None:
    """The lexicon of a language; None where neither the vocabulary nor a file knows it."""
    rows: dict[tuple[str, tuple[str, ...]], Keyword] = {}
    doubtful: dict[tuple[str, tuple[str, ...]], float] = {}  # (top topic, words) -> weight of what is ambiguous
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
            for form in _forms(phrase(spelled), language):
                rows.setdefault((code, form), Keyword(spelled, code, weight))
                if weight < 1:
                    doubtful[vocabulary.top(code), form] = weight
    for code, concept in vocabulary.load().items():
        label = concept.labels.get(language)
        if not label or (code, "label") in barred or concept.level == 1:
            continue
        for name in _names(label):
            parts = phrase(name)
            if parts and len(parts) <= LONGEST:
                for form in _forms(parts, language):
                    marked = [form, (*form[:-1], form[-1] + "*")]
                    weight = min(doubtful.get((vocabulary.top(code), key), 1.0) for key in marked)
                    rows.setdefault((code, form), Keyword(name, code, weight))
    # one Chinese or Japanese character is a part of too many words to tell anything
    return Lexicon([(parts, keyword) for (_, parts), keyword in sorted(rows.items()) if len("".join(parts)) > 1])


def languages() -> frozenset[str]:
    """Languages that `load` knows."""
    folder = files(__package__).joinpath("data/keywords")
    return _labelled() | {entry.name.removesuffix(".txt") for entry in folder.iterdir() if entry.name.endswith(".txt")}


@cache
def _labelled() -> frozenset[str]:
    return frozenset(language for concept in vocabulary.load().values() for language in concept.labels)


_LINE = re.compile(r"(\d{8})\b[^:]*:(.*)")


def parse(text: str) -> Iterator[tuple[str, str, float, bool]]:
    """(code, keyword, weight, barred) for each item of a keyword file."""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise ValueError(f"not a line of keywords: {line!r}")
        code = vocabulary.PREFIX + match[1]
        for item in filter(None, map(str.strip, match[2].split(","))):
            bare = item.lstrip("+-!")
            sign = item[: len(item) - len(bare)]
            yield code, bare, 2.0 ** (sign.count("+") - sign.count("-")), "!" in sign


def phrase(spelled: str) -> tuple[str, ...]:
    """A keyword as the words it is looked for by: lower case, "*" kept on its stem."""
    parts: list[str] = []
    for piece in spelled.split():
        split = words.lower(words.split(piece))
        if piece.endswith("*") and split and len(split[-1]) >= (_SYLLABLES if "가" <= split[-1][0] <= "힣" else _STEM):
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
    if language != "en" or len(last) < 4 or last.endswith("*"):
        return
    if last.endswith("ies"):
        yield (*parts[:-1], last[:-3] + "y")
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        yield (*parts[:-1], last[:-1])
    elif last.endswith("y") and last[-2] not in "aeiou":
        yield (*parts[:-1], last[:-1] + "ies")
    elif not last.endswith("s"):
        yield (*parts[:-1], last + "s")
