"""What the weights and the keywords say -> how sure of each of the 17 top topics, as a share of right answers.

A logistic regression over seven numbers a topic, the same weights for all topics, and a bias for each. The numbers
below are fitted by tools/mix_topics.py on hand-labelled articles that the training text does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
FEATURES = ("full", "lead", "share", "lead_share", "keywords", "margin", "share_margin")
PULL = 3.0  # evidence that a share of all evidence is measured against: little evidence is a small share
# BEGIN fitted
WITH_WEIGHTS = (0.06, 1.29, 1.23, 2.57, 1.18, 0.59, 0.84)
BIAS = (0.24, -0.71, -0.35, -0.96, -0.79, 0.56, 0.27, 0.14, 0.17, 0.99, -0.49, -0.96, 0.59, 1.02, -1.31, 1.03, -0.36)
START = -2.09
KEYWORDS_ONLY = (2.48, 4.15, 1.2, 2.9)
KEYWORDS_BIAS = (
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
KEYWORDS_START = -3.97
# END fitted


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
    """Confidence in each of the 17, 0 to 1; without `weights` from the keywords' columns alone."""
    if weights:
        totals = START + np.array(BIAS) + _dot(numbers, WITH_WEIGHTS)
    else:
        totals = KEYWORDS_START + np.array(KEYWORDS_BIAS) + _dot(numbers[:, [2, 3, 4, 6]], KEYWORDS_ONLY)
    # rounded here, so that no difference in the last bit of exp and log between machines is ever seen
    return [round(1 / (1 + math.exp(-float(total))), 3) for total in totals]


def _dot(numbers: Scores, weights: Sequence[float]) -> Scores:
    """A sum in the order of the columns, not in whatever order a matrix library likes."""
    total: Scores = numbers[:, 0] * weights[0]
    for column, weight in enumerate(weights[1:], 1):
        total = total + numbers[:, column] * weight
    return total
