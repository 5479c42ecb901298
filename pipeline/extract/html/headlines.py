"""The blocks held for story -> those that are headlines of other stories, in lists that are no links.

Old pages and flattened ones list their other stories as plain lines: a paragraph each, or broken by <br> in a cell. The
model knows such blocks by their links, which these have not. headline_lists.py tells them by what they say; here it is
told which lines stand in a row and where: between the story's paragraphs only a run without a heading or a colon above
it is looked at, since a story introduces its own lists.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from ..headline_lists import Headline, headline, is_mark, other_headlines
from .blocks import Visible

# Boxes whose lines belong to the story, whatever they are like: its own lists, tables with columns and quotes.
_OWN_LINES = frozenset(("li", "dt", "dd", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "pre"))


def headline_lists(
    page: Visible, paragraph: Sequence[float], chosen: Sequence[int], added: Set[int] = frozenset()
) -> dict[int, str]:
    """Of the chosen blocks those to take off, with their rule. `paragraph`: words of each block that is one, else 0;
    `added`: blocks that stand among story by the page's structure alone, where items of a list may be headlines too."""
    headlines = other_headlines(page.text, chosen, paragraph, lambda i: _headline(page, i, i in added))
    return dict.fromkeys(headlines, "headline-list")


def _headline(page: Visible, i: int, added: bool) -> Headline | None:
    tag = page.tag[page.box[i]]
    if (tag in _OWN_LINES and not (added and tag == "li")) or _in_columns(page, i):
        return None
    return headline(page.text[i])


def _in_columns(page: Visible, i: int) -> bool:
    """Whether it is alone in a cell, in a row with others that hold more than a mark: a table of the story's."""
    box = page.box[i]
    if box in (page.box[i - 1] if i else -1, page.box[i + 1] if i + 1 < len(page.box) else -1):
        return False
    while box >= 0 and page.tag[box] != "td":
        box = page.parent[box]
    if box < 0:
        return False
    row = page.parent[box]
    if sum(page.tag[cell] == "td" and page.parent[cell] == row for cell in range(row, page.end[row])) < 2:
        return False
    near = [
        j for j in range(max(0, i - 4), min(len(page.text), i + 5)) if row <= page.box[j] < page.end[row] and j != i
    ]
    return any(not is_mark(page.text[j]) for j in near)
