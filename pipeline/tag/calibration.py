"""What the weights and the keywords say -> how sure of each of the 17 top topics, as a share of right answers.

Two logistic regressions over seven numbers a topic, each with the same weights for all topics and a bias for each:
FIRST says what a text is about first of all, learnt from sets with one label a text; ALSO what it is about besides,
learnt from articles with all their topics. The numbers below are fitted by tools/mix_topics.py; how sure that makes of
the first one in a language is measured apart (data/confidence.tsv, by tools/calibrate_topics.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
FEATURES = ("full", "lead", "share", "lead_share", "keywords", "margin", "share_margin")
KEYWORDS = FEATURES.index("keywords")
COLUMNS = {True: [0, 1, 2, 3, 4, 5, 6], False: [2, 3, 4, 6]}  # where the weights have read the text; the keywords alone
UNHEARD = -9.0
SURE = 0.002  # confidences are calibrated between this and 1 less this
LENGTHS = (10, 1200)  # words between which a text's length tells how sure to be
DEFAULT = "*"  # the curve of languages that no labelled text is known of
LEADS = 0.001  # by which what leads is surer than the others, at least
PULL = 3.0  # evidence that a share of all evidence is measured against: little evidence is a small share


class Regression(NamedTuple):
    """A logistic regression that all topics share."""

    weights: tuple[float, ...]  # of the columns
    bias: tuple[float, ...]  # of each of the 17
    start: float

    def totals(self, numbers: Scores) -> Scores:
        """Log odds of each of the 17; `numbers` has the columns that there are weights for."""
        return self.start + np.array(self.bias) + _dot(numbers, self.weights)


# Each for texts that the weights have read (True), and by the keywords' columns alone.
# BEGIN first
FIRST = {
    True: Regression(
        weights=(0.56, 0.81, 1.34, 1.6, 0.7, 0.22, 2.5),
        bias=(
            0.86,
            -0.78,
            -0.0,
            -0.84,
            -1.11,
            0.64,
            0.4,
            -0.46,
            -0.54,
            -0.42,
            -0.46,
            -0.88,
            1.12,
            0.01,
            0.4,
            0.96,
            -0.39,
        ),
        start=-2.26,
    ),
    False: Regression(
        weights=(4.65, 2.7, 0.15, 4.53),
        bias=(
            0.86,
            -0.51,
            0.49,
            0.34,
            -2.07,
            -0.18,
            1.06,
            -0.92,
            -0.31,
            -1.13,
            0.53,
            -1.53,
            0.97,
            -0.59,
            1.07,
            0.87,
            -0.53,
        ),
        start=-2.98,
    ),
}
# END first
# BEGIN also
ALSO = {
    True: Regression(
        weights=(0.06, 1.29, 1.23, 2.57, 1.18, 0.59, 0.84),
        bias=(
            0.24,
            -0.71,
            -0.35,
            -0.96,
            -0.79,
            0.56,
            0.27,
            0.14,
            0.17,
            0.99,
            -0.49,
            -0.96,
            0.59,
            1.02,
            -1.31,
            1.03,
            -0.36,
        ),
        start=-2.09,
    ),
    False: Regression(
        weights=(2.48, 4.15, 1.2, 2.9),
        bias=(0.45, 0.01, 0.62, -1.35, -1.1, 0.0, 0.41, -0.42, -0.08, 0.55, -0.2, -1.21, 0.85, 0.6, -1.1, 0.79, -0.48),
        start=-3.97,
    ),
}
# END also


def features(full: Scores, lead: Scores, keywords: Scores, lead_keywords: Scores) -> Scores:
    """Shape (17, 7): margins of the classifiers on the text and its lead, then the keywords' evidence."""
    share = keywords / (keywords.sum() + PULL)
    lead_share = lead_keywords / (lead_keywords.sum() + PULL)
    columns = [full, lead, share, lead_share, np.log1p(keywords), margin(full), margin(share)]
    return np.stack(columns, axis=1)


def margin(scores: Scores) -> Scores:
    """Each score less the best of the others."""
    order = np.argsort(-scores, kind="stable")
    best, second = scores[order[0]], scores[order[1]]
    out: Scores = scores - best
    out[order[0]] = best - second
    return out


def sure(numbers: Scores, *, weights: bool, language: str, length: int) -> list[float]:
    """Confidence in each of the 17, 0 to 1; without `weights` from the keywords' columns alone.

    The surest for FIRST leads, and no other is surer than that one. What leads is as sure as texts of `length` words in
    this language have shown it to be right.
    """
    best, share = leading(numbers, weights=weights)
    also = ALSO[weights].totals(numbers[:, COLUMNS[weights]])
    table = curves()
    curve = table.get((language, weights)) or table[DEFAULT, weights]
    shown = signs(share, length)
    most = _share(curve[0] + sum(weight * sign for weight, sign in zip(curve[1:], shown, strict=True)))
    return [most if n == best else max(0.0, min(_share(total), round(most - LEADS, 3))) for n, total in enumerate(also)]


def leading(numbers: Scores, *, weights: bool) -> tuple[int, float]:
    """Which of the 17 leads, and the regression's share for it."""
    first = FIRST[weights].totals(numbers[:, COLUMNS[weights]])
    if not weights:
        first = np.where(numbers[:, KEYWORDS] > 0, first, UNHEARD)  # what nothing speaks for does not lead
    best = int(first.argmax())
    return best, _share(first[best])


def signs(share: float, length: int) -> tuple[float, float, float]:
    """What a confidence is calibrated by: its log odds, the text's length, and both together."""
    odds = (
        math.log(share / (1 - share)) if SURE < share < 1 - SURE else math.copysign(math.log(1 / SURE - 1), share - 0.5)
    )
    words = math.log(min(max(length, LENGTHS[0]), LENGTHS[1]) / 25)
    return odds, words, odds * words


@cache
def curves() -> dict[tuple[str, bool], tuple[float, ...]]:
    """(language, whether the weights have read the text) -> start and the weights of `signs`: data/confidence.tsv."""
    lines = files(__package__).joinpath("data/confidence.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(row[0], row[1] == "weights"): tuple(map(float, row[2:6])) for row in rows}


def _share(total: float) -> float:
    # rounded, so that no difference in the last bit of exp and log between machines is ever seen
    return round(1 / (1 + math.exp(-float(total))), 3)


def _dot(numbers: Scores, weights: Sequence[float]) -> Scores:
    """A sum in the order of the columns, not in whatever order a matrix library likes."""
    total: Scores = numbers[:, 0] * weights[0]
    for column, weight in enumerate(weights[1:], 1):
        total = total + numbers[:, column] * weight
    return total
