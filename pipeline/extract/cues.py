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
    """Several patterns, searched as if they were the alternatives of one.

    Few texts hold the words that a pattern requires, and a look for these words takes a tenth of the time of the
    patterns, which was a quarter of all that a short text costs; so each is compiled when a text first holds its words.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = patterns
        self._required = [required(pattern) for pattern in patterns]
        self._always = {number for number, groups in enumerate(self._required) if not groups}
        self.words: dict[str, set[int]] = {}  # word -> patterns that need it or another of the same group
        for number, groups in enumerate(self._required):
            for word in groups[0] if groups else ():
                self.words.setdefault(word, set()).add(number)

    def search(self, text: str) -> re.Match[str] | None:
        """The leftmost match; of those that begin there the one of the first pattern."""
        low = folded(text)
        possible = set(self._always)
        for word, numbers in self.words.items():
            if word in low:
                possible |= numbers
        first: re.Match[str] | None = None
        for number in sorted(possible):
            if all(any(word in low for word in group) for group in self._required[number][1:]):
                match = _compiled(self.patterns[number]).search(text)
                if match and (first is None or match.start() < first.start()):
                    first = match
        return first


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


def required(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Groups of texts, the longest first: every match of a pattern contains one text of each group, in any case.

    The pattern is parsed by CPython's own parser. The standard library has had no public one since `sre_parse` was
    deprecated (3.11), and another parser might read a pattern in another way than `re`, which would lose matches.
    """
    return tuple(sorted(_required(re._parser.parse(pattern, re.I)), key=_shortest, reverse=True))  # type: ignore[attr-defined]


def _shortest(words: tuple[str, ...]) -> int:
    return min(map(len, words))


def _required(parsed: Any) -> list[tuple[str, ...]]:
    """What each of the items one after the other requires."""
    choices: list[tuple[str, ...]] = []
    run = ""
    for op, value in [*parsed, (None, None)]:
        if op is not None and op.name == "LITERAL":
            run += chr(value)
            continue
        if run:
            choices.append((folded(run),))
            run = ""
        if op is None:
            break
        if op.name == "SUBPATTERN":
            choices += _required(value[3])
        elif op.name == "BRANCH":
            each = [_required(branch) for branch in value[1]]
            if all(each):
                choices.append(tuple(word for groups in each for word in max(groups, key=_shortest)))
        elif op.name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0]:
            choices += _required(value[2])
    return choices


def folded(text: str) -> str:
    """The same for all letters that re.I takes for each other: beyond casefold the i with and without a dot."""
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").replace("\u0131", "i").casefold()


def cut_cue(lines: Sequence[Line]) -> str | None:
    """The line that says that the rest is for subscribers, where it directly follows a short story; else None."""
    kept = [number for number, line in enumerate(lines) if line.rule is None]
    if not kept or count_words("\n".join(lines[n].text for n in kept)) > LONG:
        return None
    behind = [line.text for line in lines[kept[-1] : kept[-1] + 6]]
    return next((text for text in behind if len(text) <= CUE and cues("paywall").search(text)), None)
