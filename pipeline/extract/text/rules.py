"""One visible line -> the rule that names it as furniture, or None: cue phrases that hold on any site."""

from __future__ import annotations

import re
from importlib import resources

_HEADER = re.compile(r"\[(\w[\w-]*) (\d+)( cased)?\]")
_BULLET = r"(?:[•·*|>»▶►→–—-]+\s*)?"


def _load() -> list[tuple[str, int, re.Pattern[str], re.Pattern[str]]]:
    """(rule, most words, pattern for lines of plain ASCII, pattern for others) in the order of the file."""
    text = resources.files(__package__).joinpath("../data/line_cues.txt").read_text(encoding="utf-8")
    out: list[tuple[str, int, bool, list[str]]] = []
    for line in text.splitlines():
        if header := _HEADER.fullmatch(line):
            out.append((header[1], int(header[2]), bool(header[3]), []))
        elif line and not line.startswith("#"):
            out[-1][3].append(line)

    def compiled(phrases: list[str], cased: bool) -> re.Pattern[str]:
        return re.compile(_BULLET + "(?:" + "|".join(phrases) + ")", re.NOFLAG if cased else re.I)

    return [
        (rule, most, compiled([p for p in phrases if p.isascii() or _LATIN.search(p)], cased), compiled(phrases, cased))
        for rule, most, cased, phrases in out
    ]


_LATIN = re.compile(r"(?<!\\)[A-Za-z]")  # without it a phrase is in another script, and a third of the time is saved
_RULES = _load()
_AGENCIES = (
    r"getty|afp|reuters|ap\b|epa|dpa|shutterstock|istock|imago|pool\b|anadolu|wikimedia|unsplash"
    r"|pa (?:wire|media|images)|bloomberg|picture alliance"
)
# A credit at the end of a line: "| Credit: A Name", "Foto: dpa", "(AP Photo/A Name)"; not the dateline "(Reuters) - ".
_CREDIT = re.compile(
    rf"(?:[|/(©]|\bvia\b)\s*(?:photo(?:graph)? (?:by|credit)|credit|image|{_AGENCIES})"
    r"(?![^()]{0,40}\)\s*[-–—]).{0,60}$"
    r"|(?:^|[\s.|/(])(?:photo|foto|picture|image|credits?|bildrechte|bildquelle|bild|crédito|crédit|fuente|quelle)"
    r"(?: credit| source| by| courtesy(?: of)?)?\s?[:：] ?[^.!?]{2,60}$"
    r"|^(?:REUTERS|AFP|AP|EPA|GETTY IMAGES|dpa|Reuters|Getty Images|AP Photo|Shutterstock)\s?(?:/|,|via|$)",
    re.I,
)


def rule_of(line: str) -> str | None:
    """The rule whose phrase this line begins with, where it is short enough to be nothing but that."""
    words = line.count(" ") + 1
    plain = line.isascii()
    for rule, most, ascii_only, pattern in _RULES:
        if words <= most and (ascii_only if plain else pattern).match(line):
            return rule
    if words <= 40 and not line.endswith((".", "!", "?")) and _CREDIT.search(line):
        return "caption"
    return None
