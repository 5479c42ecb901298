"""The blocks held for story -> those before its first paragraph and after its last that only name furniture.

The learned model judges by what a block is like; a byline, a date or a share link that stands alone between title and
text is too short to be like much. At the edges of the story their words are enough. Dropping them anywhere would take
questions and results out of a story. On half the pages of three gold sets: 4-gram F1 .9682, .9695, .9693 before, .9683,
.9702, .9715 after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..rules import opening, rule_of

_DESK = re.compile(r"\((?:additional )?(?:reporting|writing|editing|edited|written|compiled) by\b", re.I)
_APPEAL = re.compile(r"\b(?:reader|member|listener|viewer)[- ](?:funded|supported)\b", re.I)
# Openings of a story's own sentences as well: "In this article, I'll explain how the pier was built."
_ITSELF = re.compile(r"(?:in this (?:article|story|post|guide)|además),? .{20,}[.!?…]$", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b\d{1,2}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")


def edges(
    texts: Sequence[str], paragraph: Sequence[float], chosen: Sequence[int], standfirst: str | None = None
) -> dict[int, str]:
    """The chosen blocks to take off, each with its rule; empty where there is no paragraph.

    The standfirst is not the story's first paragraph: bylines and share bars stand between the two.
    """
    body = [i for i in chosen if paragraph[i] and texts[i] != standfirst and not furniture(texts[i])]
    if not body:
        return {}
    rules = {i: "related" for i in chosen if _points_elsewhere(texts[i])}
    outside = (i for i in chosen if i < body[0] or i > body[-1])
    return rules | {i: rule for i in outside if (rule := furniture(texts[i]))}


def _points_elsewhere(text: str) -> bool:
    """ "Lire aussi : ...", "Related: ...": the colon makes it sure, also between two paragraphs."""
    return text.count(" ") < 25 and ":" in text[:40] and opening(text) == "related"


def furniture(text: str) -> str | None:
    """The rule a short block's words speak for: "byline", "date", "share", "newsletter", "footer", ..."""
    words = text.count(" ") + 1
    if words > 40:
        return None
    if _DESK.match(text):
        return "byline"
    if _APPEAL.search(text):
        return "newsletter"
    if words <= 8 and text[-1:] not in ".!?" and _YEAR.search(text) and _DAY.search(text) and _few_words(text):
        return "date"
    return rule_of(text) or (opening(text) if words <= 25 and not _ITSELF.match(text) else None)


def _few_words(text: str) -> bool:
    return len(_WORD.findall(text)) <= 3
