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
WITH_WEIGHTS = (0.22, 1.25, 1.17, 2.45, 1.16, 0.69, 0.5)
BIAS = (0.06, -0.64, -0.6, -0.64, -0.69, 0.6, 0.4, 0.3, 0.23, 1.17, -0.3, -0.76, 0.58, 0.52, -1.26, 1.06, -0.45)
START = -1.86
KEYWORDS_ONLY = (2.53, 3.74, 1.2, 2.94)
KEYWORDS_BIAS = (
    0.17,
    0.06,
    0.43,
    -1.05,
    -1.06,
    0.02,
    0.51,
    -0.25,
    -0.04,
    0.72,
    -0.02,
    -1.08,
    0.98,
    0.06,
    -1.08,
    0.84,
    -0.57,
)
KEYWORDS_START = -3.9
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
