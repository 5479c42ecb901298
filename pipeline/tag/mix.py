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
WITH_WEIGHTS = (0.18, 1.29, 1.12, 2.22, 1.19, 0.64, 0.81)
BIAS = (0.29, -0.66, -0.6, -0.73, -0.74, 0.5, 0.41, 0.22, 0.15, 1.18, -0.38, -0.84, 0.58, 0.87, -1.3, 0.86, -0.45)
START = -1.83
KEYWORDS_ONLY = (2.35, 3.68, 1.23, 3.0)
KEYWORDS_BIAS = (0.49, -0.0, 0.36, -1.11, -1.11, -0.04, 0.55, -0.28, -0.14, 0.78, -0.09, -1.13, 0.97, 0.47, -1.18, 0.59, -0.58)
KEYWORDS_START = -3.84
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
