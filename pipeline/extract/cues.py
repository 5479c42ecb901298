"""Words by which pages of other kinds are known: data/page_cues.txt -> patterns, and where a paywall cuts a story."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..model import Line
from .words import count_words

CUE = 160  # characters: what stands where a story is cut is short; longer lines ask for support below every story
LONG = 300  # words: a story of this length was not cut off after its first paragraphs


@functools.cache
def cues(kind: str) -> Cues:
    """All the cues of a kind: error, robot, consent, paywall, button."""
    lines = (Path(__file__).parent / "data" / "page_cues.txt").read_text(encoding="utf-8").splitlines()
    return Cues([line.partition("\t")[2] for line in lines if line.startswith(kind + "\t")])


class Cues:
    """One pattern of several. Few texts hold a word of any of them, and a look for these words takes a tenth of the
    time of the patterns, which was a quarter of all that a short text costs."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.pattern = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)
        words = [required(pattern) for pattern in patterns]
        self.words = None if None in words else tuple({word for choices in words for word in choices or ()})

    def search(self, text: str) -> re.Match[str] | None:
        if self.words is not None:
            folded = _folded(text)
            if not any(word in folded for word in self.words):
                return None
        return self.pattern.search(text)


def required(pattern: str) -> tuple[str, ...] | None:
    """Texts of which every match of a pattern holds one, whatever its case; None where there is no such thing."""
    return _required(re._parser.parse(pattern, re.I))  # type: ignore[attr-defined]


def _required(parsed: Any) -> tuple[str, ...] | None:
    """Of the items one after the other those whose shortest text is longest."""
    choices: list[tuple[str, ...]] = []
    run = ""
    for op, value in [*parsed, (None, None)]:
        if op is not None and op.name == "LITERAL":
            run += chr(value)
            continue
        if run:
            choices.append((_folded(run),))
            run = ""
        inner: tuple[str, ...] | None = None
        if op is None:
            break
        if op.name == "SUBPATTERN":
            inner = _required(value[3])
        elif op.name == "BRANCH":
            each = [_required(branch) for branch in value[1]]
            inner = None if None in each else tuple(word for words in each for word in words or ())
        elif op.name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0]:
            inner = _required(value[2])
        if inner is not None:
            choices.append(inner)
    return max(choices, key=lambda words: min(map(len, words)), default=None)


def _folded(text: str) -> str:
    """The same for all letters that re.I takes for each other: beyond casefold the i with and without a dot."""
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").replace("\u0131", "i").casefold()


def cut_cue(lines: Sequence[Line]) -> str | None:
    """The line that says the rest is for those who pay, where it stands right behind a short story; or None."""
    kept = [number for number, line in enumerate(lines) if line.rule is None]
    if not kept or count_words("\n".join(lines[n].text for n in kept)) > LONG:
        return None
    behind = [line.text for line in lines[kept[-1] : kept[-1] + 6]]
    return next((text for text in behind if len(text) <= CUE and cues("paywall").search(text)), None)
