"""Edges between articles -> the connected component of each, in the memory of one process."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]

DRIVER = 10_000_000  # edges held in one process, 100 bytes each while they are; beyond, the cluster spreads labels


def components(a: I64, b: I64) -> tuple[I64, I64]:
    """(nodes, the lowest node each is joined to, through any chain of edges a[n], b[n])."""
    nodes, places = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = places[: len(a)], places[len(a) :]
    label = np.arange(len(nodes))
    while True:
        low = np.minimum(label[left], label[right])
        new = label.copy()
        np.minimum.at(new, left, low)
        np.minimum.at(new, right, low)
        new = new[new]  # the label's own label: halves a chain with each round
        if np.array_equal(new, label):
            return nodes, nodes[label]
        label = new
