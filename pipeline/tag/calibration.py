"""What the weights and the keywords say -> how sure of each of the 17 top topics, as a share of right answers.

Two logistic regressions over seven numbers a topic, each with the same weights for all topics and a bias for each: FIRST
says what a text is about first of all, learnt from sets with one label a text; ALSO what it is about besides, learnt
from articles with all their topics. The numbers below are fitted by tools/mix_topics.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
FEATURES = ("full", "lead", "share", "lead_share", "keywords", "margin", "share_margin")
KEYWORD_COLUMNS = [2, 3, 4, 6]
UNHEARD = -9.0
LEADS = 0.001  # by which what leads is surer than the others, at least
PULL = 3.0  # evidence that a share of all evidence is measured against: little evidence is a small share
# BEGIN first
FIRST_WITH_WEIGHTS = (0.56, 0.82, 1.34, 1.57, 0.7, 0.22, 2.5)
FIRST_BIAS = (
    0.86,
    -0.78,
    -0.0,
    -0.85,
    -1.12,
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
    -0.38,
)
FIRST_START = -2.26
FIRST_KEYWORDS_ONLY = (4.64, 2.69, 0.15, 4.52)
FIRST_KEYWORDS_BIAS = (
    0.85,
    -0.5,
    0.43,
    0.37,
    -2.09,
    -0.15,
    1.07,
    -0.93,
    -0.3,
    -1.14,
    0.55,
    -1.54,
    0.97,
    -0.58,
    1.05,
    0.86,
    -0.53,
)
FIRST_KEYWORDS_START = -2.97
# END first
# BEGIN also
ALSO_WITH_WEIGHTS = (0.06, 1.29, 1.23, 2.57, 1.18, 0.59, 0.84)
ALSO_BIAS = (
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
)
ALSO_START = -2.09
ALSO_KEYWORDS_ONLY = (2.48, 4.15, 1.2, 2.9)
ALSO_KEYWORDS_BIAS = (
    0.45,
    0.01,
    0.62,
    -1.35,
    -1.1,
    0.0,
    0.41,
    -0.42,
    -0.08,
    0.55,
    -0.2,
    -1.21,
    0.85,
    0.6,
    -1.1,
    0.79,
    -0.48,
)
ALSO_KEYWORDS_START = -3.97
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


def sure(numbers: Scores, *, weights: bool) -> list[float]:
    """Confidence in each of the 17, 0 to 1; without `weights` from the keywords' columns alone.

    The surest for FIRST leads; no other is surer than that one.
    """
    if weights:
        first = FIRST_START + np.array(FIRST_BIAS) + _dot(numbers, FIRST_WITH_WEIGHTS)
        also = ALSO_START + np.array(ALSO_BIAS) + _dot(numbers, ALSO_WITH_WEIGHTS)
    else:
        numbers = numbers[:, KEYWORD_COLUMNS]
        first = FIRST_KEYWORDS_START + np.array(FIRST_KEYWORDS_BIAS) + _dot(numbers, FIRST_KEYWORDS_ONLY)
        also = ALSO_KEYWORDS_START + np.array(ALSO_KEYWORDS_BIAS) + _dot(numbers, ALSO_KEYWORDS_ONLY)
        # what nothing speaks for does not lead
        first = np.where(numbers[:, 2] > 0, first, np.minimum(first, UNHEARD))
    best = int(first.argmax())
    most = _share(first[best])
    return [most if n == best else max(0.0, min(_share(total), round(most - LEADS, 3))) for n, total in enumerate(also)]


def _share(total: float) -> float:
    # rounded, so that no difference in the last bit of exp and log between machines is ever seen
    return round(1 / (1 + math.exp(-float(total))), 3)


def _dot(numbers: Scores, weights: Sequence[float]) -> Scores:
    """A sum in the order of the columns, not in whatever order a matrix library likes."""
    total: Scores = numbers[:, 0] * weights[0]
    for column, weight in enumerate(weights[1:], 1):
        total = total + numbers[:, column] * weight
    return total
