"""Two articles -> how much of one is in the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .words import U64, Tokens, shingles

SIZE = 3  # words in a shingle of the exact comparison


@dataclass(frozen=True, slots=True)
class Profile:
    """What the exact comparison needs of a text."""

    shingles: U64  # sorted, each once
    words: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """Measured on shingles of three words, exactly."""

    jaccard: float
    containment: float  # shared shingles / shingles of the text that has fewer
    covered: float  # shared shingles / shingles of the first text


NONE = Likeness(0.0, 0.0, 0.0)
WHOLE = Likeness(1.0, 1.0, 1.0)


def profiles(tokens: Tokens) -> list[Profile]:
    """One profile for each text."""
    hashes, bounds = shingles(tokens, SIZE)
    counts = np.diff(tokens.bounds)
    return [
        Profile(np.unique(hashes[low:high]), int(count))
        for low, high, count in zip(bounds[:-1].tolist(), bounds[1:].tolist(), counts, strict=True)
    ]


def compare(a: Profile, b: Profile) -> Likeness:
    """Jaccard similarity and containment; 0 where a text has no words."""
    if not len(a.shingles) or not len(b.shingles):
        return NONE
    shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    least = min(len(a.shingles), len(b.shingles))
    return Likeness(
        jaccard=shared / (len(a.shingles) + len(b.shingles) - shared),
        containment=shared / least,
        covered=shared / len(a.shingles),
    )
