"""Texts -> profiles: words, numbers, capitals and three-word shingles, and how much two profiles share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .tokens import U64, Tokens, distinct, member, shingles

SIZE = 3  # words in a shingle of the exact comparison

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Profile:
    """A text as the comparison sees it."""

    text: str
    words: U64  # in order
    number: Flags  # which of them are numbers
    capital: Flags  # which of them begin with a capital letter
    phrases: U64  # shingles in order
    shingles: U64  # the same, sorted, each once


@dataclass(frozen=True, slots=True)
class Likeness:
    """Measured on shingles of three words, exactly."""

    jaccard: float
    containment: float  # shared shingles / shingles of the text that has fewer
    covered: float  # shared shingles / shingles of the first text


NONE = Likeness(0.0, 0.0, 0.0)
WHOLE = Likeness(1.0, 1.0, 1.0)


def profiles(texts: list[str], tokens: Tokens) -> list[Profile]:
    """One profile for each text."""
    hashes, bounds = shingles(tokens, SIZE)
    found = []
    for n, text in enumerate(texts):
        low, high = tokens.bounds[n], tokens.bounds[n + 1]
        phrases = hashes[bounds[n] : bounds[n + 1]]
        words, number = tokens.hashes[low:high], tokens.numbers[low:high]
        found.append(Profile(text, words, number, tokens.capitals[low:high], phrases, distinct(phrases)))
    return found


def compare(a: Profile, b: Profile) -> Likeness:
    """Jaccard similarity and containment; 0 where a text has no words."""
    if not len(a.shingles) or not len(b.shingles):
        return NONE
    shared = int(member(a.shingles, b.shingles).sum())
    return Likeness(
        jaccard=shared / (len(a.shingles) + len(b.shingles) - shared),
        containment=shared / min(len(a.shingles), len(b.shingles)),
        covered=shared / len(a.shingles),
    )
