"""What names are told by: first and family names (data/given_names.txt.gz, built by tools/build_given_names.py), titles
and other words (data/name_words.txt)."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import Literal


@cache
def _rows() -> dict[tuple[str, str], frozenset[str]]:
    packed = files(__package__).joinpath("data/given_names.txt.gz").read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines() if not line.startswith("#")]
    return {(kind, language): frozenset(names.split("|")) for kind, language, names in rows}


@cache
def given(language: str = "*") -> frozenset[str]:
    """First names of a language; "*": of all languages with capitals."""
    return _rows().get(("given", language), frozenset())


def family(language: str) -> frozenset[str]:
    """Family names of a language that puts them first and has no capitals."""
    return _rows().get(("family", language), frozenset())


@cache
def _kinds() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("data/name_words.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(": ")
            kinds.setdefault(name, set()).update(words.split())
    return {name: frozenset(words) for name, words in kinds.items()}


@cache
def kind(name: str) -> frozenset[str]:
    """The words of one kind; none for a language that it has no list for."""
    return _kinds().get(name, frozenset())


def person_or_organisation(name: str) -> Literal["person", "organisation"] | None:
    """What a name of several words is, where a first name or a word for a body of people says so; else None."""
    words = name.split()
    if len(words) < 2:
        return None
    bodies = kind("organisation") | kind("body")
    if not bodies.isdisjoint((words[0].lower(), words[-1].lower())):
        return "organisation"
    return "person" if words[0] in given() and "of" not in words and "for" not in words else None
