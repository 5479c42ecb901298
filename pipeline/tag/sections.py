"""What the publisher itself calls an article (section, keywords) -> evidence for the 17 top topics.

A section is matched whole with the vocabulary's labels in every language and with data/sections.txt: what outlets call
their desks. Keywords are matched with labels of any level; words that no label has say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from . import vocabulary

SECTION, KEYWORD = 4.0, 2.0  # evidence a section gives, and each keyword; a word in the title gives 3
MOST = 3  # keywords that count for one topic
_PARTS = re.compile(r"\s*(?:[/>|»,;&]|\s[-–]\s|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b)\s*")


def tops(section: str | None, keywords: tuple[str, ...]) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Code of a top topic -> evidence for it and the words that give it."""
    scores: dict[str, tuple[float, tuple[str, ...]]] = {}
    for word, weight in _said(section, keywords):
        code = _known().get(word.casefold())
        if code is None:
            continue
        score, words = scores.get(code, (0.0, ()))
        if word not in words and len(words) <= MOST:
            scores[code] = (score + weight, (*words, word))
    return scores


def _said(section: str | None, keywords: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    for part in dict.fromkeys([section or "", *_PARTS.split(section or "")]):
        if part.strip():
            yield part.strip(), SECTION
    for keyword in keywords[:20]:
        yield keyword.strip(), KEYWORD


@cache
def _known() -> dict[str, str]:
    """Every label in lower case -> its top topic; none that two top topics share."""
    known: dict[str, str] = {}
    shared: set[str] = set()
    for code, concept in vocabulary.load().items():
        top = vocabulary.top(code)
        for label in concept.labels.values():
            name = re.sub(r"\s*\([^)]*\)", "", label).casefold()
            if known.setdefault(name, top) != top:
                shared.add(name)
    for name in shared:
        del known[name]
    for line in files(__package__).joinpath("data/sections.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, _, names = line.partition(" ")
            for name in names.split(","):
                known[name.strip()] = f"{vocabulary.PREFIX}{number}000000"
    return known
