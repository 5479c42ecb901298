"""The blocks held for story -> those in a small box whose first words say that it is about something else.

"Related", "Read also", "Newsletter" above a teaser in whole sentences: the teaser alone reads like a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..rules import opening, rule_of
from .blocks import Visible

LABELS = frozenset(("related", "newsletter", "advert"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th"))
LABEL_WORDS = 6
MOST_WORDS = 90  # in the box; a longer one may be the story under a label of its page
MOST_SHARE = 0.4  # of the words held for story


def labelled_boxes(page: Visible, count: Sequence[float], chosen: Sequence[int]) -> dict[int, str]:
    """Of the chosen blocks those to take off, each with its box's rule. `count`: words of each block."""
    kept = set(chosen)
    story = sum(count[i] for i in chosen)
    rules: dict[int, str] = {}
    before = float("inf")  # words from here to the next chosen block: a label too far from it has none in its box
    labels = []
    for i in range(len(page.text) - 1, -1, -1):
        if i in kept or before <= MOST_WORDS:
            labels.append(i)
        before = count[i] if i in kept else before + count[i]
    for label in reversed(labels):
        text = page.text[label]
        if text.count(" ") >= LABEL_WORDS or (rule := opening(text) or rule_of(text)) not in LABELS:
            continue
        if rule == "newsletter" and page.tag[page.box[label]] in HEADINGS:  # a guide's part may be headed so
            continue
        inside = _box_behind(page, label)
        words = sum(count[i] for i in inside)
        if words <= MOST_WORDS and words <= MOST_SHARE * story:
            rules |= {i: rule for i in (label, *inside) if i in kept and rule}
    return rules


def _box_behind(page: Visible, label: int) -> list[int]:
    """The blocks behind a label in the innermost box that holds more than it, if the box begins with the label."""
    box = page.box[label]
    while box >= 0 and (label + 1 == len(page.text) or not box <= page.box[label + 1] < page.end[box]):
        if page.tag[box] in ("body", "html", "article", "main"):
            return []
        box = page.parent[box]
    if box < 0 or page.tag[box] in ("body", "html", "article", "main") or (label and page.box[label - 1] >= box):
        return []
    end = next((i for i in range(label + 1, len(page.text)) if not box <= page.box[i] < page.end[box]), len(page.text))
    return list(range(label + 1, end))
