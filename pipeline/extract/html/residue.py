"""The blocks held for story -> those that are residue wherever they stand, each with its rule.

- labels and phrases that are sure (rules.sure): "Advertisement", "Copy link", "(Photo: A Name)"
- a gallery inside a story: "3/20 Boats in the ice", its captions and credits
- readers' comments, by the name and the time above each: no class name is needed
"""

from __future__ import annotations

from collections.abc import Sequence

from ..rules import counter, sure
from ..text.thread import comments
from .blocks import Visible

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "dt"))
_IN_HEADINGS = frozenset(("advert", "related"))  # a guide's part may be headed "Facebook" or "Newsletter"
GALLERY = 3  # counters of one gallery; fewer are figures of the story
STORY = 60  # words of paragraphs outside the gallery; with fewer the gallery is the story
CAPTION = 60  # words for each picture; texts of slide shows are longer


def residue(page: Visible, paragraph: Sequence[float], chosen: Sequence[int]) -> dict[int, str]:
    """Of the chosen blocks those to take off. `paragraph`: words of each block that is a paragraph, else 0."""
    named: dict[int, str] = {}
    for i in chosen:
        rule = sure(page.text[i])
        if rule and (rule in _IN_HEADINGS or page.tag[page.box[i]] not in _HEADINGS):
            named[i] = rule
    return named | dict.fromkeys(_gallery(page, paragraph, chosen), "caption") | _thread(page, paragraph, chosen)


def _gallery(page: Visible, paragraph: Sequence[float], chosen: Sequence[int]) -> list[int]:
    """The chosen blocks of the box that holds a gallery's counters, where the story has a text outside it."""
    cells = ("td", "th")
    counters = [
        (i, count_match[1])
        for i, text in enumerate(page.text)
        if text[0].isalnum() and (count_match := counter(text)) and page.tag[page.box[i]] not in cells
    ]
    for many in dict.fromkeys(n for _, n in counters):
        counted = [i for i, n in counters if n == many]
        if len(counted) < GALLERY:
            continue
        box = _common(page, [page.box[i] for i in counted])
        inside = [i for i in chosen if box <= page.box[i] < page.end[box]]
        outside = sum(paragraph[i] for i in chosen) - sum(paragraph[i] for i in inside)
        within = sum(paragraph[i] for i in inside)
        if outside >= STORY and within <= max(outside, CAPTION * len(counted)):
            return inside
        # The gallery is the story: a slide show with text. Only its bare counters go, which are labels.
    return []


def _common(page: Visible, boxes: Sequence[int]) -> int:
    """The innermost box that holds all of these."""
    at = boxes[0]
    while not all(at <= box < page.end[at] for box in boxes):
        at = page.parent[at]
    return at


def _thread(page: Visible, paragraph: Sequence[float], chosen: Sequence[int]) -> dict[int, str]:
    first = next((i for i in chosen if paragraph[i]), None)
    if first is None or (thread := comments(page.text, first)) is None:
        return {}
    start, last = thread
    above = sum(paragraph[i] for i in chosen if i < start)
    below = [i for i in chosen if i >= start]
    # A story's own text may have names and times in it (a live blog): what stands above the thread must be a story.
    return dict.fromkeys(below, "comment") if above >= 60 and last >= start else {}
