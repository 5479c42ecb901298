"""Words that give a page of another kind away: data/page_cues.txt -> patterns, and where a paywall cuts a story."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path

from ..model import Line
from .words import count_words

CUE = 160  # characters: what stands where a story is cut is short; longer lines ask for support below every story
LONG = 300  # words: a story of this length was not cut off after its first paragraphs


@functools.cache
def cues(kind: str) -> re.Pattern[str]:
    """One pattern of all the cues of a kind: error, robot, consent, paywall."""
    lines = (Path(__file__).parent / "data" / "page_cues.txt").read_text(encoding="utf-8").splitlines()
    said = [line.partition("\t")[2] for line in lines if line.startswith(kind + "\t")]
    return re.compile("|".join(f"(?:{pattern})" for pattern in said), re.I)


def cut_cue(lines: Sequence[Line]) -> str | None:
    """The line that says the rest is for those who pay, where it stands right behind a short story; or None."""
    kept = [number for number, line in enumerate(lines) if line.rule is None]
    if not kept or count_words("\n".join(lines[n].text for n in kept)) > LONG:
        return None
    behind = [line.text for line in lines[kept[-1] : kept[-1] + 6]]
    return next((text for text in behind if len(text) <= CUE and cues("paywall").search(text)), None)
