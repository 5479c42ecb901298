"""Sizes and what they cost -> the power of the size by which the cost grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import linear_regression


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Slope of the least-squares line through the logarithms; 1 is linear. NaN for one size, or costs of 0."""
    if len(sizes) < 2 or min(costs) <= 0:
        return math.nan
    return linear_regression([math.log(size) for size in sizes], [math.log(cost) for cost in costs]).slope
