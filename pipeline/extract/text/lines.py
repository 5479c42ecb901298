"""Decoded plain text -> its paragraphs in page order, hard wraps undone, white space folded, NFC."""

from __future__ import annotations

import itertools
import re
import unicodedata

from ..characters import without_unseen

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
_END = tuple('.!?…:;"”»)]。！？」』،؟।')
_WIDEST = 100  # no common editor, mail reader or newswire wraps wider


def paragraphs(text: str) -> list[str]:
    """Non-empty paragraphs: one a line, or the lines of a hard-wrapped text joined again."""
    raw = _BREAKS.sub("\n", _CONTROL.sub("", without_unseen(unicodedata.normalize("NFC", text)))).split("\n")
    lines = [" ".join(line.split()) for line in raw]
    width = _wrap_width(lines)
    out: list[str] = []
    last = -1  # the line before, where the paragraph may still be open
    for number, line in enumerate(lines):
        if not line:
            last = -1
            continue
        if last >= 0 and _goes_on(raw[last], lines[last], raw[number], line, width):
            # "long-\nterm" is glued, "a long -\nand" is not
            hyphen = lines[last][-1] == "-" and lines[last][-2:-1].isalpha() and line[0].islower()
            out[-1] += line if hyphen else " " + line
        else:
            out.append(line)
        last = number
    return out


def _broken(line: str, following: str) -> bool:
    """Does a sentence run over this line break?"""
    return not line.endswith(_END) and following[:1].islower()


def _wrap_width(lines: list[str]) -> int:
    """The width a text was wrapped at, 0 where it was not."""
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if a and b]
    broken = [a for a, b in pairs if len(a) >= 25 and _broken(a, b)]
    # Measured on hard-wrapped newswire: 40 to 70% of the breaks fall inside a sentence before a small letter; on
    # flattened web pages under 3%.
    if len(broken) < 2 or len(broken) < 0.2 * len(pairs):
        return 0
    short = sorted(len(a) for a in broken if len(a) <= _WIDEST)
    return short[len(short) // 2] if len(short) * 2 >= len(broken) else 0


def _goes_on(raw_last: str, last: str, raw: str, line: str, width: int) -> bool:
    """Is `line` the same paragraph as the one before it?"""
    if not width:
        return len(last) >= 40 and _broken(last, line)
    if _broken(last, line):
        return True
    if raw[:1].isspace() and last.endswith(_END):
        return False  # an indent after a full stop begins a paragraph
    if raw_last[-1:] == " ":
        return True  # some newswires leave the space they wrapped at
    return len(last) + 1 + len(line.split(" ", 1)[0]) > 0.85 * width  # the next word would not have fitted
