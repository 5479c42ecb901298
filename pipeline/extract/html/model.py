"""Rows of features -> probability that a block is story: a logistic model and boosted trees, averaged as log odds.

There are three sets of weights, by what the rows know: of no other extractor (`alone`), of one mode of trafilatura
(`fast`) or of four (`all`). They are numbers in weights_*.json, made by bench/train_extract.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from .features import NAMES

_LIMIT = 9.2  # log odds beyond this (1 in 10,000) say no more
_HELD, _PATH_HELD = NAMES.index("held"), NAMES.index("path_held")
# What the other extractor did not hold is doubted where it comes to more than this share of a page's story: rather
# its comments or the site's other posts than a story that was missed. Shares from .1 to .5 and limits from .73 to .95
# do about as well.
MOST_ADDED, SURE = 0.3, 0.82
# Its silence says nothing where it held next to nothing, or mostly what is no story: it saw none. Nor of boxes with
# the very tags and classes of those that have this share of what it held: it took the first of several.
MIN_HELD, AGREED, SAME_PATH = 20.0, 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Weights:
    mean: Any  # (features,)
    scale: Any
    slope: Any
    intercept: float
    feature: Any  # (nodes,) of all trees one after the other; a leaf points to itself
    threshold: Any
    left: Any
    right: Any
    value: Any
    roots: Any  # (trees,)
    depth: int
    base: float
    share: float  # of the logistic model in the average
    trust: float  # log odds for what the other extractor held, against what it did not
    cut: float  # probability from which a block is story


def parse(data: dict[str, Any]) -> Weights:
    """The weights file's content; raises ValueError where it was made for other features."""
    if data["features"] != list(NAMES):
        raise ValueError("the weights were made for other features: run bench/train_extract.py again")
    line, trees = data["logistic"], data["trees"]
    roots: list[int] = []
    nodes: list[tuple[float, ...]] = []
    for tree in trees:
        start = len(nodes)
        roots.append(start)
        for feature, threshold, left, right, value in tree:
            here = len(nodes)
            leaf = left < 0
            nodes.append((0 if leaf else feature, threshold, here if leaf else start + left,
                          here if leaf else start + right, value))  # fmt: skip
    columns = list(zip(*nodes, strict=True))
    return Weights(
        mean=np.array(line["mean"], dtype=np.float32),
        scale=np.array(line["scale"], dtype=np.float32),
        slope=np.array(line["slope"], dtype=np.float32),
        intercept=line["intercept"],
        feature=np.array(columns[0], dtype=np.int32),
        threshold=np.array(columns[1], dtype=np.float32),
        left=np.array(columns[2], dtype=np.int32),
        right=np.array(columns[3], dtype=np.int32),
        value=np.array(columns[4], dtype=np.float64),
        roots=np.array(roots, dtype=np.int32),
        depth=data["depth"],
        base=data["base"],
        share=data["share"],
        trust=data["trust"],
        cut=data["cut"],
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A model's decision on each block of a page that is worth judging, and how sure it is."""

    story: list[bool]  # of each block
    words: float  # in the blocks held for story
    doubt: float  # words that are likely judged wrong, on either side, as a share of the story's; may be over 1
    confidence: float  # 0 to 1: the F1 of the words to be expected, were the model's probabilities right


NOTHING = Verdict([], 0.0, float("inf"), 0.0)


@dataclass(frozen=True, slots=True)
class Models:
    alone: Weights
    fast: Weights
    all: Weights


@cache
def models() -> Models:
    """The shipped weights, read once."""
    folder = files(__package__)
    return Models(
        *(parse(json.loads((folder / f"weights_{n}.json").read_text("utf-8"))) for n in ("alone", "fast", "all"))
    )


def judge(rows: Any, sizes: Sequence[float], w: Weights, *, asked: bool = True) -> Verdict:
    """Which blocks are story, given their rows and sizes in words; `asked`: whether the rows know of other extractors.

    What the others did not hold needs a higher probability where there is much of it.
    """
    chances = probabilities(rows, w, asked=asked)
    size = np.array(sizes)
    kept = chances > w.cut
    if asked:
        held = rows[:, _HELD] > 0
        believed, added = size[kept & held].sum(), size[kept & ~held].sum()
        sees = believed >= max(MIN_HELD, AGREED * size[held].sum())
        if sees and added > MOST_ADDED * (believed + added):
            kept &= held | (chances > SURE) | (rows[:, _PATH_HELD] > SAME_PATH)
    words = float(size[kept].sum())
    doubt = float((size * np.minimum(chances, 1 - chances)).sum())
    right = float((chances * size)[kept].sum())
    confidence = 2 * right / (words + float((chances * size).sum())) if words else 0.0
    return Verdict(kept.tolist(), words, doubt / words if words else float("inf"), confidence)


def probabilities(rows: Any, w: Weights, *, asked: bool = True) -> Any:
    """(rows,) probability of each row's block being story."""
    straight = np.clip((rows - w.mean) / w.scale, -4, 4) @ w.slope + w.intercept
    at = np.broadcast_to(w.roots, (len(rows), len(w.roots)))
    which = np.arange(len(rows))[:, None]
    for _ in range(w.depth):
        at = np.where(rows[which, w.feature[at]] <= w.threshold[at], w.left[at], w.right[at])
    grown = w.value[at].sum(axis=1) + w.base
    odds = w.share * np.clip(straight, -_LIMIT, _LIMIT) + (1 - w.share) * np.clip(grown, -_LIMIT, _LIMIT)
    if asked:
        odds += w.trust * (2 * rows[:, _HELD] - 1)
    return 1 / (1 + np.exp(-odds))
