"""title, lead and text -> the terms of a story and their weights, as whole numbers on a vector of length UNIT.

A term is a stem, a number, or in scripts without spaces two characters in a row (as in dedup's tokens). Its weight is
its damped count, more in the title and the earlier it stands in the text, times its rarity, times 2 for a name (a
capital inside a sentence). Two terms in a row near the beginning are a term, too: events of a kind share words, but
few phrases.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from ..writing_systems import CJK
from . import rarity
from .stems import stem

UNIT = 10_000  # length of a vector: whole numbers add up to the same sum on every machine and in every order
WORDS = 400  # words read of a text; characters count half in scripts without spaces
TITLE_WEIGHT, NAME_WEIGHT = 2.0, 2.0
LEAD_WEIGHT, LEAD_FALL = 3.0, 30.0  # of a text's first term; after so many terms a third of it
NUMBER_WEIGHT = 3.0  # figures tell two events of a kind apart
PAIRED, PAIR_WEIGHT = 100, 0.8  # terms of a text whose pairs count, and a pair's share of the lighter one's weight
REPEATED = 0.6  # what the logarithm of a term's count adds
RARER = 0.7  # power of the rarity: names that no table holds must not be all that counts
TITLE_CASE = 0.6  # share of capitalised words from which a title's capitals mean nothing
COMMON = 20  # rarity (in tenths) of words that say nothing: one text in seven has them
REMEMBER = 100_000  # words whose stems are kept at hand

_FOURS = "\u0e00-\u0e4f\u0e80-\u0ecf\u1000-\u103f\u1780-\u17df"  # Thai, Lao, Burmese, Khmer
_WORD = re.compile(
    rf"(?P<paired>[{CJK}]+)|(?P<fours>[{_FOURS}]+)|\d+(?:[.,]\d+)*|"
    rf"[^\W_{CJK}{_FOURS}](?:[^\W_{CJK}{_FOURS}]|[\u0300-\u036f\u064b-\u065f\u0900-\u0d7f\u05b0-\u05c7])*"
    rf"(?:[.'’-][^\W_{CJK}{_FOURS}]+)*"
)
_ENDS = frozenset(".!?\"“”„«»:;`'…。！？؟*•–—-")


@dataclass(frozen=True, slots=True)
class Term:
    """A stem with what is known of it."""

    name: str
    key: int  # its hash, by which threads remember it
    rarity: int  # tenths of the natural logarithm of texts / texts with it; below COMMON it is never used
    weight: float  # its rarity, more for a number


@dataclass(frozen=True, slots=True)
class Story:
    """An article as the threads see it."""

    weights: dict[int, int]  # term key -> weight
    names: dict[int, str]  # term key -> the stem, to explain a match


class _Words(dict[str, Term]):
    """Every word met in one language with its term, looked up once."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.rarity = rarity.load(language)

    def __missing__(self, word: str) -> Term:
        if len(self) >= REMEMBER:
            self.clear()
        name = stem(word, self.language)
        rare = self.rarity(name) if name else 0
        weight = rare**RARER * (NUMBER_WEIGHT if name[:1].isdecimal() else 1.0)
        term = self[word] = Term(name, zlib.crc32(name.encode("utf-8", "replace")), rare, weight)
        return term


@cache
def _words(language: str) -> _Words:
    return _Words(language)


def story(title: str, text: str, language: str | None) -> Story:
    """The terms of one article."""
    code = rarity.language(language, text)
    words = _words(code)
    head, head_names = _split(title, words, WORDS)
    body, body_names = _split(text[: WORDS * 16], words, WORDS)
    scores = {key: 1 + REPEATED * math.log(count) for key, count in Counter(term.key for term in body).items()}
    for at, key in enumerate(scores):
        scores[key] += LEAD_WEIGHT * math.exp(-at / LEAD_FALL)
    for key in dict.fromkeys(term.key for term in head):
        scores[key] = scores.get(key, 0.0) + TITLE_WEIGHT
    capitals = [word[:1].isupper() for word in title.split() if word[:1].isalpha()]
    if capitals and sum(capitals) < TITLE_CASE * len(capitals):
        body_names |= head_names
    terms = {term.key: term for term in (*body, *head)}
    heavy = {
        key: score * terms[key].weight * (NAME_WEIGHT if key in body_names else 1.0) for key, score in scores.items()
    }
    names = {key: term.name for key, term in terms.items()}
    for first, second in chain(pairwise(head), pairwise(body[:PAIRED])):
        name = f"{first.name} {second.name}"
        key = zlib.crc32(name.encode("utf-8", "replace"))
        names[key] = name
        heavy[key] = PAIR_WEIGHT * min(heavy[first.key], heavy[second.key])
    length = math.sqrt(math.fsum(weight * weight for weight in heavy.values())) or 1.0
    weights = {key: whole for key, weight in heavy.items() if (whole := round(UNIT * weight / length))}
    return Story(weights, names)


def _split(text: str, words: _Words, most: int) -> tuple[list[Term], set[int]]:
    """Terms in order, common words left out, and those that stand with a capital inside a sentence."""
    terms: list[Term] = []
    names: set[int] = set()
    counted = 0
    for match in _WORD.finditer(text):
        if counted >= most:
            break
        word = match.group()
        if match.lastgroup:
            width = 2 if match.lastgroup == "paired" else 4
            for at in range(max(1, len(word) - width + 1)):
                if (term := words[word[at : at + width]]).rarity >= COMMON:
                    terms.append(term)
            counted += (len(word) + 1) // 2
            continue
        counted += 1
        term = words[word]
        if term.rarity < COMMON:
            continue
        terms.append(term)
        if word[0].isupper() and term.key not in names and not _begins(text, match.start()):
            names.add(term.key)
    return terms, names


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here: its capital then tells nothing."""
    before = text[max(0, start - 3) : start]
    return start == 0 or "\n" in before or before.rstrip()[-1:] in _ENDS
