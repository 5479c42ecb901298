"""A line -> the rule of the label (labels.tsv) that is all it says: "Advertisement", "Copy link", "1/50"."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

LONGEST = 60  # characters; the longest label has 50
_MARKS = re.compile(r"^[\W_]+|[\W_]+$")
_BETWEEN = re.compile(r"[\s.,:;|·•–—-]+")
# "1/50", "Bild 3 von 12": the counter of a gallery. Not a score or a fraction: it counts up to four and more.
_COUNTER = re.compile(
    r"(?:bild|foto|photo|image|picture|slide|diapositiva|imagen|immagine|kuva|zdjęcie|фото|fotó|写真|图)?\s*"
    r"(\d{1,3})\s?(?:/|of|von|de|di|sur|van|av|af|z|из|з|/\s)\s?(\d{1,3})",
    re.I,
)


@cache
def _labels() -> dict[str, str]:
    rules: dict[str, str] = {}
    for line in (files(__package__) / "labels.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rule, _, label = line.split("\t")
            rules[_plain(label)] = rule
    return rules


def _plain(text: str) -> str:
    """Without marks at both ends, small letters, each run of marks and spaces one space."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFC", text.casefold().replace("’", "'"))).strip(" ")


def label(text: str) -> str | None:
    """The rule of a line that is a label and nothing else."""
    return _label(text) if len(text) <= LONGEST else None


@lru_cache(8192)
def _label(text: str) -> str | None:
    bare = _MARKS.sub("", text) or text
    if rule := _labels().get(_plain(bare)):
        return rule
    return "caption" if (n := counter(bare)) and n[2] == len(bare) else None


def counter(text: str) -> tuple[int, int, int] | None:
    """(number, of how many, where the counter ends) of a line that begins with the counter of a gallery."""
    match = _COUNTER.match(text)
    if match is None or text[match.end() : match.end() + 1].isalnum():
        return None
    number, many = int(match[1]), int(match[2])
    return (number, many, match.end()) if 1 <= number <= many and many >= 4 else None
