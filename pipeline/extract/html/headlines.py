"""The blocks held for story -> those that are headlines of other stories, in lists that are no links.

Old pages and flattened ones list their other stories as plain lines: a paragraph each, or broken by <br> in a cell. The
model knows such blocks by their links, which these have not. What is left to tell them by: several in a row
above or below the story's paragraphs (between them it would be verse), none a sentence, and words that the story does
not use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Visible
from .phrases import words_of

FEWEST = 4  # lines in a row: three may be a dateline, a byline and a heading
COMMON = 0.3  # share of the story's words in them from which they speak of it: its own table, list or verse
DATED = 0.6  # of the lines with a figure at an end, from which they are no headlines
_SHORTEST, _LONGEST = 4, 20  # words
_ADDRESS = re.compile(r"https?://\S")  # written out: a list of the story's, of goods or sources
_ENDS = re.compile(r"[.!?…:;,。！？：；，、][\"”»’')\]」]*$")
# Boxes whose lines belong to the story, whatever they are like: its own lists, tables with columns and quotes.
_OWN_LINES = frozenset(("li", "dt", "dd", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "pre"))


def headline_lists(page: Visible, paragraph: Sequence[float], chosen: Sequence[int]) -> dict[int, str]:
    """Of the chosen blocks those to take off, with their rule. `paragraph`: words of each block that is one, else 0."""
    story = {word for i in chosen if paragraph[i] for word in words_of(page.text[i]) if len(word) > 3}
    if not story:
        return {}
    found: dict[int, str] = {}
    run: list[int] = []
    first, *_, last = [i for i in chosen if paragraph[i]] * 2
    for i in [*chosen, -1]:
        if i >= 0 and not paragraph[i] and not first < i < last and _is_headline(page, i):
            run.append(i)
            continue
        if len(run) >= FEWEST and _common(page, run, story) < COMMON and not _is_dated(page, run):
            found |= dict.fromkeys(run, "headline-list")
        run = []
    return found


def _is_headline(page: Visible, i: int) -> bool:
    """Some words, the first with a capital where the script has them, and no sentence's end."""
    text = page.text[i]
    letters = sum(map(str.isalpha, text))
    return (
        _SHORTEST <= text.count(" ") + 1 <= _LONGEST
        and page.tag[page.box[i]] not in _OWN_LINES
        and letters >= 0.65 * len(text)
        and not text[0].islower()
        and not _ENDS.search(text)
        and not _ADDRESS.search(text)
        and not _in_columns(page, i)
    )


def _in_columns(page: Visible, i: int) -> bool:
    """Whether it is alone in a cell, in a row with several: a table of the story's."""
    box = page.box[i]
    if box in (page.box[i - 1] if i else -1, page.box[i + 1] if i + 1 < len(page.box) else -1):
        return False
    while box >= 0 and page.tag[box] != "td":
        box = page.parent[box]
    if box < 0:
        return False
    row = page.parent[box]
    return sum(page.tag[cell] == "td" and page.parent[cell] == row for cell in range(row, page.end[row])) > 1


def _is_dated(page: Visible, run: Sequence[int]) -> bool:
    """Whether most lines begin or end with a figure: dates of a tour, results, a programme."""
    ends = (page.text[i].split() for i in run)
    return sum(any(map(str.isdigit, "".join((*words[:2], words[-1])))) for words in ends) > DATED * len(run)


def _common(page: Visible, run: Sequence[int], story: set[str]) -> float:
    words = [word for i in run for word in words_of(page.text[i]) if len(word) > 3]
    return sum(word in story for word in words) / len(words) if words else 1.0
