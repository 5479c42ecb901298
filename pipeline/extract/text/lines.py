"""Decoded plain text -> its paragraphs in page order, hard wraps undone, white space folded, NFC."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ...writing_systems import UNSPACED
from ..characters import without_unseen

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f]")
_END = tuple('.!?…:;"”»)]。！？」』،؟।۔។៕။።')
_WIDEST = 100  # no common editor, mail reader or newswire wraps wider


# Letters without upper and lower case; of these the scripts that write no space between words.
_CASELESS = re.compile(
    "[\u0590-\u05ff\u0600-\u06ff\u0700-\u109f\u1100-\u11ff\u1200-\u137f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_UNSPACED = re.compile(f"[{UNSPACED}\u3000-\u303f\uff00-\uffef]")  # with their punctuation
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")
_NARROWEST = 36  # columns: shorter lines that all look full are rather headlines than wrapped text
_FULL = 0.9  # share of the breaks before which the next word would not have fitted
# Thai and Lao write no full stop: the last lines of paragraphs count among the breaks. Where words are cut, though, so
# large a share of the lines, and so many, are of one width to two columns, as no list of headlines is.
_CUT, _CUTS = 0.7, 4


def paragraphs(text: str) -> list[str]:
    """Non-empty paragraphs: one a line, or the lines of a hard-wrapped text joined again."""
    raw = _BREAKS.sub("\n", _CONTROL.sub("", without_unseen(unicodedata.normalize("NFC", text)))).split("\n")
    lines = [" ".join(line.split()) for line in raw]
    width = _wrap_width(lines)
    wrap = None if width else _caseless_wrap(lines)
    out: list[str] = []
    last = -1  # the line before, where the paragraph may still be open
    for number, line in enumerate(lines):
        if not line:
            last = -1
            continue
        if last >= 0 and wrap and wrap.goes_on(lines[last], line, raw[number]):
            out[-1] += line if _UNSPACED.match(line) and _unspaced_end(lines[last]) else " " + line
        elif last >= 0 and _goes_on(raw[last], lines[last], raw[number], line, width):
            # "long-\nterm" is glued, "a long -\nand" is not
            hyphen = lines[last][-1] == "-" and lines[last][-2:-1].isalpha() and line[0].islower()
            out[-1] += line if hyphen else " " + line
        else:
            out.append(line)
        last = number
    return out


def _unspaced_end(line: str) -> bool:
    """Whether a line ends without a space to come: Chinese may have the comma of ASCII, with no space behind it."""
    bare = line.rstrip(",.:;!?")[-1:]
    return _UNSPACED.match(line[-1]) is not None or (bool(bare) and _WIDE.match(bare) is not None)


def _columns(text: str) -> int:
    """Width on a terminal: a Chinese character takes two columns, a mark above or below a letter none."""
    if text.isascii():
        return len(text)
    marks = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) + len(_WIDE.findall(text)) - marks


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text without letter case was wrapped: no small letter tells a broken sentence, but each line is full."""

    measure: Callable[[str], int]  # columns, or characters: some programs count these
    width: int

    def is_full(self, line: str, following: str) -> bool:
        """Whether the next word would not have fitted; in scripts without spaces, whether hardly a word would have."""
        if _UNSPACED.match(line[-1]) and _UNSPACED.match(following):
            # Thai breaks between words of up to ten letters, Chinese and Japanese nearly anywhere.
            return self.measure(line) >= self.width - (4 if _WIDE.match(following) else 12)
        return self.measure(line) + 1 + self.measure(following.split(" ", 1)[0]) > self.width

    def cuts(self, line: str, following: str) -> bool:
        """Whether a line ends where the width does, in a script in which a word may go on behind it."""
        unspaced = _UNSPACED.match(line[-1]) and _UNSPACED.match(following)
        return bool(unspaced) and self.measure(line) >= self.width - 2

    def goes_on(self, line: str, following: str, raw: str) -> bool:
        """Whether `following`, as written `raw`, is the same paragraph as the line before it."""
        if raw[:1].isspace() and line.endswith(_END):
            return False
        return self.measure(line) <= self.width + 4 and self.is_full(line, following)


def _caseless_wrap(lines: list[str]) -> _Wrap | None:
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if a and b]
    pairs = [
        (a, b)
        for a, b in pairs
        if not a.endswith(_END) and _CASELESS.search(a) and (_CASELESS.match(b) or _UNSPACED.match(b))
    ]
    if len(pairs) < 2:
        return None
    # Signs above and below letters count in some programs: 38 characters of Hindi are 32 columns.
    widest = max(max(_columns(a), len(a)) for a, _ in pairs)
    for measure in (_columns, len):
        wrap = _Wrap(measure, max(measure(a) for a, _ in pairs))
        if widest < _NARROWEST or wrap.width > _WIDEST:
            continue
        cuts = sum(wrap.cuts(a, b) for a, b in pairs)
        if sum(wrap.is_full(a, b) for a, b in pairs) >= _FULL * len(pairs) or cuts >= max(_CUTS, _CUT * len(pairs)):
            return wrap
    return None


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
