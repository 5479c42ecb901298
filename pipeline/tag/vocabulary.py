"""IPTC Media Topics as shipped in data/mediatopics.jsonl.gz -> concepts, their labels, lines of ancestors and a search.

© IPTC (www.iptc.org), Creative Commons Attribution 4.0; built by tools/build_vocabulary.py.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PREFIX = "medtop:"


@dataclass(frozen=True, slots=True)
class Concept:
    """One topic of the vocabulary."""

    code: str  # "medtop:20000638"
    parent: str | None  # code of the broader concept; None for the 17 at the top
    level: int  # 1 to 6
    labels: Mapping[str, str]  # ISO 639-1 -> label; "en" is always there
    definition: str  # English, may be empty

    def label(self, language: str | None = None) -> str:
        """The label in a language, in English where the vocabulary has none."""
        return self.labels.get(language or "en", self.labels["en"])


@cache
def load() -> Mapping[str, Concept]:
    """Every concept by its code, broader ones first."""
    packed = files(__package__).joinpath("data/mediatopics.jsonl.gz").read_bytes()
    concepts: dict[str, Concept] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        row = json.loads(line)
        parent = row["parent"]
        level = concepts[parent].level + 1 if parent else 1
        concepts[row["code"]] = Concept(row["code"], parent, level, row["labels"], row["definition"])
    return concepts


@cache
def ancestors(code: str) -> tuple[str, ...]:
    """The code itself, its parent, and so on to the top."""
    concepts, out = load(), []
    here: str | None = code
    while here:
        out.append(here)
        here = concepts[here].parent
    return tuple(out)


def top(code: str) -> str:
    """The one of the 17 that a concept falls under."""
    return ancestors(code)[-1]


def broad(code: str, label: str) -> str:
    """The label that a tag is counted under: that of its top topic, or its own where it is the user's."""
    return load()[top(code)].label() if code in load() else label


def search(words: str, language: str | None = None) -> list[Concept]:
    """Concepts that hold every one of the words, best first; all of them for no words at all.

    A code (with or without "medtop:") finds itself. A label weighs more than a definition, a whole label most.
    """
    asked = words.casefold().split()
    ranked = []
    for order, concept in enumerate(load().values()):
        if words.strip().casefold() in (concept.code, concept.code.removeprefix(PREFIX)):
            return [concept]
        names = [label.casefold() for key, label in concept.labels.items() if language in (None, key)]
        names.append(concept.labels["en"].casefold())
        definition = concept.definition.casefold()
        if any(" ".join(asked) == name for name in names):
            rank = 0
        elif any(all(word in name.split() for word in asked) for name in names):
            rank = 1
        elif any(all(word in name for word in asked) for name in names):
            rank = 2
        elif all(word in definition for word in asked):
            rank = 3
        else:
            continue
        ranked.append((rank, concept.level if asked else 0, order, concept))
    return [concept for *_, concept in sorted(ranked, key=lambda row: row[:3])]
