"""Words of an English text -> a score for each of the 17 top topics, by the shipped weights.

data/topics.model is text: lines that begin with "#" say what the model is made of, one line of JSON holds its numbers,
then one term a line: the word or two words, its rarity, and a weight for each topic that has one, "A" for
medtop:01000000 to "Q" for medtop:17000000. All are whole numbers, so that the sums are the same on every machine.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import vocabulary

TOPS = tuple(f"{vocabulary.PREFIX}{n:02}000000" for n in range(1, 18))
LETTERS = "ABCDEFGHIJKLMNOPQ"
TITLE = 2  # the title's words count so often
COMMON = 85  # rarity (16 times 1 + ln(texts / texts with it)) up to which a word is no evidence to show: 1 text in 75
LEAD = 60  # words of the lead
# 1 + ln(count) in 64ths: a word that comes ten times says more than one that comes once, but not ten times as much
DAMPED = np.array([0, *(round(64 * (1 + math.log(n))) for n in range(1, 33))])


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text's words say: scores are in units of the classifiers' margin, one for each of the 17."""

    full: NDArray[np.float64]
    lead: NDArray[np.float64]
    terms: tuple[str, ...]  # known terms of the text
    rows: NDArray[np.int64]  # their places among the weights
    values: NDArray[np.int64]  # and their values in this text
    norm: float


class Linear:
    """The weights, loaded once."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line and not line.startswith("#")]
        self.numbers: dict[str, Any] = json.loads(lines[0])
        rows = [line.split("\t") for line in lines[1:]]
        self._index = {row[0]: n for n, row in enumerate(rows)}
        self._pairs: dict[str, dict[str, str]] = {}  # first word -> second word -> both, as a term
        for term in self._index:
            first, _, second = term.partition(" ")
            if second:
                self._pairs.setdefault(first, {})[second] = term
        self._rarity = np.array([int(row[1]) for row in rows])
        self._weights = np.zeros((len(rows), len(TOPS)), np.int64)
        for n, row in enumerate(rows):
            for letter, weight in re.findall(r"([A-Q])(-?\d+)", row[2]):
                self._weights[n, ord(letter) - 65] = int(weight)
        self._scale = np.array(self.numbers["scale"]) / 127
        self._bias = np.array(self.numbers["bias"])

    def read(self, title: Sequence[str], text: Sequence[str]) -> Reading | None:
        """Lower-case words of title and text -> scores; None where too few words are known to say anything."""
        full = self._terms([*title] * TITLE + [*text])
        if len(full) < self.numbers["fewest"]:
            return None
        scores, rows, values, norm = self._score(full)
        lead = self._score(self._terms([*title, *text[:LEAD]]))[0]
        return Reading(scores, lead, tuple(full), rows, values, norm)

    def why(self, reading: Reading, topic: int, many: int) -> list[tuple[str, float]]:
        """The terms that moved a topic's score most upwards, with their parts of it; common words left out."""
        parts = reading.values * self._weights[reading.rows, topic] * (self._rarity[reading.rows] > COMMON)
        scale = float(self._scale[topic]) / reading.norm
        best = np.argsort(-parts, kind="stable")[:many].tolist()
        return [(reading.terms[n], round(int(parts[n]) * scale, 3)) for n in best if parts[n] > 0]

    def _terms(self, words: Sequence[str]) -> dict[str, int]:
        """Known words and pairs, counted."""
        index, pairs = self._index, self._pairs
        known: dict[str, int] = {term: count for term, count in Counter(words).items() if term in index}
        for first, second in pairwise(words):
            if first in pairs and (term := pairs[first].get(second)):
                known[term] = known.get(term, 0) + 1
        return known

    def _score(self, terms: dict[str, int]) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], float]:
        rows = np.fromiter(map(self._index.__getitem__, terms), np.int64, len(terms))
        if not terms:
            return np.full(len(TOPS), self.numbers["floor"]), rows, rows, 1.0
        counts = np.fromiter(terms.values(), np.int64, len(terms))
        values = DAMPED[np.minimum(counts, len(DAMPED) - 1)] * self._rarity[rows]
        norm = math.sqrt(int((values * values).sum()))
        sums = values @ self._weights[rows]
        return np.maximum(sums * self._scale / norm + self._bias, self.numbers["floor"]), rows, values, norm


@cache
def load() -> Linear:
    """The shipped model."""
    return Linear(files(__package__).joinpath("data/topics.model").read_text(encoding="utf-8"))
