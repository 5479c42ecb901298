"""Lines of a flattened page -> those that only interrupt the story: between paragraphs, known by rule or by repeat.

They are taken out before the model counts a line's neighbours. Left in, "Advertisement" after each paragraph made it
drop half the words of a story (bench/interruptions.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..rules import label
from ..words import count_words

# Rules whose lines say nothing of the lines around them. A comment's cue, a byline, a date or a cookie notice does.
_SILENT = frozenset(("advert", "caption", "navigation", "newsletter", "related", "share", "correction", "disclaimer"))
_ALWAYS = frozenset(("advert", "caption"))  # say nothing of their neighbours wherever they stand
_END = re.compile(r"[.!?…。！？।؟][\"”»’')\]）」』]*(?: ?\([^()]{3,200}\))?$")
_CLOCK = re.compile(
    r"(?:\d{1,2}:)?\d{1,2}:\d\d(?: ?/ ?(?:\d{1,2}:)?\d{1,2}:\d\d)?$"
)  # of a player: "00:45", "0:00 / 1:20"
_POINTS = re.compile(r"[:：>»]\s*\S")  # names the other story itself
LONGEST_RUN = 8  # lines between two paragraphs
REPEATS = 3  # a short line so often between paragraphs is a label in a language that no table knows
LABEL = 6  # words
REACH = 6  # lines between the interruption and a paragraph: headings, quotes, items of a list


def is_prose(text: str) -> bool:
    """A line that is a paragraph: a sentence of some length."""
    words = count_words(text)
    return words >= 25 or (words >= 8 and _END.search(text) is not None)


def interruptions(texts: Sequence[str], rules: Sequence[str | None]) -> dict[int, str]:
    """Line -> the rule it goes under."""
    prose = [rule is None and is_prose(text) for text, rule in zip(texts, rules, strict=True)]
    repeats = Counter(t for t, p in zip(texts, prose, strict=True) if not p and not _END.search(t))
    named: dict[int, str] = {}
    teased = False  # below a heading like "More from ..." a caption tells one teaser from the next
    for i, (text, rule) in enumerate(zip(texts, rules, strict=True)):
        teased = teased or (rule == "related" and _opens_a_list(text))
        if rule == "caption" and teased:
            continue
        if rule in _SILENT and not (rule == "related" and _opens_a_list(text)):
            named[i] = rule
        elif rule is None and _CLOCK.match(text):
            named[i] = "navigation"
        elif rule is None and repeats[text] >= REPEATS and count_words(text) <= LABEL:
            named[i] = "furniture"
    _pointed_at(texts, rules, prose, named)
    rest = [i for i in range(len(texts)) if i not in named]
    lines = {i: rule for i, rule in named.items() if rule in _ALWAYS or repeats[texts[i]] >= REPEATS}
    for before, after in zip(range(-1, len(rest)), range(len(rest) + 1), strict=False):
        start = rest[before] + 1 if before >= 0 else 0
        stop = rest[after] if after < len(rest) else len(texts)
        if not start < stop <= start + LONGEST_RUN:
            continue
        above = any(prose[rest[k]] for k in range(max(before + 1 - REACH, 0), before + 1))
        below = any(prose[rest[k]] for k in range(after, min(after + REACH, len(rest))))
        if above and below:
            lines |= {i: named[i] for i in range(start, stop)}
    return lines


def _opens_a_list(text: str) -> bool:
    """ "Other stories", "More from the harbour": what stands below is not known to be one line."""
    return count_words(text) <= LABEL + 1 and not _POINTS.search(text) and label(text) is None


def _pointed_at(
    texts: Sequence[str], rules: Sequence[str | None], prose: Sequence[bool], named: dict[int, str]
) -> None:
    """Add the headlines right below a bare "Related article", up to the next paragraph."""
    for i in [i for i, rule in named.items() if rule == "related" and count_words(texts[i]) <= LABEL]:
        if _POINTS.search(texts[i]):
            continue
        below = i + 1
        while below < len(texts) and below - i <= 5 and rules[below] is None and not prose[below]:
            below += 1
        if below < len(texts) and prose[below] and 1 <= below - i - 1 <= 4:
            # of two lines the second may be the story's own heading
            named |= dict.fromkeys(range(i + 1, below - (below - i - 1 == 2)), "related")
