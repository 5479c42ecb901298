"""A line -> the rule whose opening phrase (openings.tsv) it begins with: a hint for a model, not a verdict."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files


@cache
def _openings() -> dict[str, list[tuple[str, str]]]:
    """First two characters -> (phrase, rule), the longest first: a pattern of 1,000 alternatives takes 30 us a line."""
    by_start: dict[str, list[tuple[str, str]]] = {}
    for line in (files(__package__) / "openings.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rule, _, phrase = line.split("\t")
            by_start.setdefault(phrase[:2], []).append((phrase, rule))
    for phrases in by_start.values():
        phrases.sort(key=lambda p: -len(p[0]))
    return by_start


def opening(text: str) -> str | None:
    """The rule whose phrase opens the line, behind up to three marks such as bullets and arrows."""
    return _opening(text[:80])  # asked up to four times of a line, and a source has the same furniture on every page


@lru_cache(4096)
def _opening(head: str) -> str | None:
    head = head.casefold()
    for start in range(4):
        for phrase, rule in _openings().get(head[start : start + 2], ()):
            # a phrase that ends in a letter ends at a word's end, but not in scripts without spaces
            if head.startswith(phrase, start) and not (
                phrase[-1].isalpha() and ord(phrase[-1]) < 0x3000 and head[start + len(phrase) :][:1].isalnum()
            ):
                return rule
        if head[start : start + 1].isalnum():
            return None
    return None
