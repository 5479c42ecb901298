"""The lines of a flattened page -> TextBody: story or furniture, line by line, with the title and dates they state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...model import Image, Line
from .lines import paragraphs
from .rules import rule_of


@dataclass(frozen=True, slots=True)
class TextBody:
    """What a flattened page says of itself."""

    lines: tuple[Line, ...]  # in page order; rule None: story
    scores: tuple[float, ...]  # log odds of each line being story
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    authors: tuple[str, ...] = ()
    captions: tuple[Image, ...] = ()
    found: dict[str, str] = field(default_factory=dict)


_SENTENCE_END = re.compile(r"[.!?…。！？।][\"”»’')\]]*$")


def read(text: str, *, title: str | None) -> TextBody:
    """Tell the story from the furniture. `title` is the one known from outside, if any."""
    texts = paragraphs(text)
    rules = [rule_of(t) for t in texts]
    scores = [-3.0 if rule else _plain_score(t) for t, rule in zip(texts, rules, strict=True)]
    first, last = _best_run(scores)
    lines = []
    for number, (t, rule) in enumerate(zip(texts, rules, strict=True)):
        if rule is None and not first <= number < last:
            rule = "furniture"
        if title and t == " ".join(title.split()):
            rule = "title"
        lines.append(Line(t, rule))
    return TextBody(tuple(lines), tuple(scores), title)


def _plain_score(line: str) -> float:
    words = line.count(" ") + 1
    if _SENTENCE_END.search(line) and words >= 6:
        return min(words, 40) / 10
    return -1.0 if words < 25 else 1.0


def _best_run(scores: list[float]) -> tuple[int, int]:
    best, span, total, start = float("-inf"), (0, 0), 0.0, 0
    for number, score in enumerate(scores):
        if total < 0:
            total, start = 0.0, number
        total += score
        if total > best:
            best, span = total, (start, number + 1)
    return span
