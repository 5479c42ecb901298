"""stem -> how rare it is in a language's texts, from a fixed table (data/rarity/<language>.txt.gz).

The table is fixed, so that an article's weights do not depend on what came before it. It is made by
tools/build_rarity.py from the word frequencies of wordfreq (R. Speer, CC BY-SA 4.0), and offered under that licence.
A line: rarity in tenths, then the stems that have it.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from ..writing_systems import COMMON_IDEOGRAPHS, HANGUL, KANA, chars

BEYOND, RAREST = 15, 105  # a stem that the table does not hold: so much rarer than the rarest it holds, but no more
YEAR, SMALL, LARGE = 60, 60, 80  # numbers, which no table holds one by one
_YEAR = re.compile("(?:19|20)[0-9][0-9]")
SAME = {"hr": "sr", "bs": "sr", "me": "sr", "sh": "sr", "no": "nb", "nn": "nb", "iw": "he", "in": "id", "ms": "id"}
_SCRIPTS = (
    ("ja", re.compile(f"[{chars(KANA)}]")), ("zh", re.compile(f"[{chars(COMMON_IDEOGRAPHS)}]")),
    ("ko", re.compile(f"[{chars(HANGUL)}]")),
    ("ar", re.compile("[\u0620-\u064a]")), ("ru", re.compile("[\u0400-\u04ff]")), ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u05d0-\u05ea]")), ("hi", re.compile("[\u0900-\u097f]")),
)  # fmt: skip


def language(declared: str | None, text: str) -> str:
    """The language to read a text in: as declared, else the commonest one of its script."""
    if declared:
        code = declared.lower().partition("-")[0]
        return SAME.get(code, code)
    sample = text[:400]
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) * 4 >= len(sample):
            return code
    return "en"


@cache
def load(language: str) -> Callable[[str], int]:
    """The rarity of a stem in tenths: 20 is one text in seven, 100 one in 22,000."""
    file = files(__package__).joinpath(f"data/rarity/{language}.txt.gz")
    if not file.is_file():
        return guessed
    table: dict[str, int] = {}
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        if line.startswith("#"):
            continue
        tenths, *stems = line.split(" ")
        table.update(dict.fromkeys(stems, int(tenths)))

    rarest = min(max(table.values()) + BEYOND, RAREST)

    def known(stem: str) -> int:
        if stem[0].isdecimal():
            return table.get(stem, YEAR if _YEAR.fullmatch(stem) else SMALL if len(stem) < 3 else LARGE)
        return table.get(stem, rarest)

    return known


def guessed(stem: str) -> int:
    """For a language without a table: short words are the common ones."""
    return min(12 + 12 * len(stem), 95) if len(stem) > 2 else 0
