"""Lines of a flattened page -> log odds of each being story: two linear looks, the second knowing the first."""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

from . import features
from .features import Lines, Matrix

FILE = "line_weights.txt"


@cache
def weights() -> tuple[Matrix, Matrix]:
    """Weights of the first and of the last look, the constant last. Rows of the file: look, feature, weight."""
    text = resources.files(__package__).joinpath(f"../data/{FILE}").read_text(encoding="utf-8")
    table = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            look, name, value = line.split("\t")
            table[look, name] = float(value)
    return tuple(  # type: ignore[return-value]
        np.array([table[look, name] for name in (*names, "constant")])
        for look, names in (("first", features.FIRST), ("last", features.LAST))
    )


def odds(page: Lines) -> Matrix:
    """Log odds of each line."""
    first, last = weights()
    one = features.first(page)
    two = features.second(page, one @ first[:-1] + first[-1])
    return np.asarray(features.last(one, two) @ last[:-1] + last[-1])
