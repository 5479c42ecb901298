"""A block's text -> what its opening phrase says it is (cues.tsv), its key and its words."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from ..words import SPACED

_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"\W+")
_NOT_ALNUM = bytes(byte for byte in range(128) if not chr(byte).isalnum())


@cache
def _cues() -> dict[str, list[tuple[str, str]]]:
    """First two characters -> (phrase, rule), the longest first: a pattern of 1,000 alternatives takes 30 us a line."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (files(__package__) / "cues.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rule, _, phrase = line.split("\t")
            found.setdefault(phrase[:2], []).append((phrase, rule))
    for phrases in found.values():
        phrases.sort(key=lambda p: -len(p[0]))
    return found


def cue(text: str) -> str | None:
    """The rule whose phrase opens the line, behind up to three marks such as bullets and arrows."""
    return _cue(text[:80])  # asked up to four times of a line, and a source has the same furniture on every page


@lru_cache(4096)
def _cue(head: str) -> str | None:
    head = head.casefold()
    for start in range(4):
        for phrase, rule in _cues().get(head[start : start + 2], ()):
            # a phrase that ends in a letter ends at a word's end, but not in scripts without spaces
            if head.startswith(phrase, start) and not (
                phrase[-1].isalpha() and ord(phrase[-1]) < 0x3000 and head[start + len(phrase) :][:1].isalnum()
            ):
                return rule
        if head[start : start + 1].isalnum():
            return None
    return None


def key(text: str) -> str:
    """What is left of a text when only letters and digits count."""
    if text.isascii():  # the same by a table of bytes: a fifth of the time
        return text.lower().encode().translate(None, _NOT_ALNUM).decode()
    # ASCII's signs by that table, too: three quarters of the time that all by the pattern take
    data = text.casefold().encode("utf-8", "surrogatepass")  # JSON may hold halves of characters
    return _NOT_WORD.sub("", data.translate(None, _NOT_ALNUM).decode("utf-8", "surrogatepass"))


def words_of(text: str) -> list[str]:
    """Runs of letters, digits and underscores, case folded."""
    if text.isascii():
        return text.lower().encode().translate(SPACED).decode().split()
    return _WORD.findall(text.casefold())
