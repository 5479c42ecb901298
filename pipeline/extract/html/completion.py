"""The blocks held for story -> blocks that belong to them by the page's structure, though a model left them out.

A model judges each block by what it is like. Some are like furniture wherever they stand: the question above an answer,
which is a button; a club's name in a league table, which is a link; a last paragraph that is a link as a whole; the
first paragraphs in a box of their own, which might be a standfirst; short lines and lists between paragraphs. What
they stand beside, or what became of the lines in boxes like theirs, tells them. On pages of four gold sets that the
models had not seen, 3,400 words that these rules add are in the answers and 450 are not; of those that boxes like
theirs add, 1,841 and 350.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from ..rules import opening, rule_of
from .blocks import BITS, Visible
from .features import Page
from .phrases import key, words_of

FEWEST = 3  # boxes side by side, or rows of a table, before their likeness says something
MOST = 0.6  # of these boxes or rows with story in them
SHARED = 0.25  # of the first paragraphs' words that title and story use: an author's life has fewer
_HEAD_WORDS = 25
_NAME_WORDS = 8
_SENTENCE = 12  # words of a paragraph that is a link
_ANCHOR = 5  # words of a kept line that tells what stands beside it
_GAP = 60  # lines between two kept ones
_ALIKE = 0.5  # of the lines in boxes alike (tags and classes all the way out): so many kept, and the others are story
_ABOVE = 8  # lines above the story among which its standfirst stands
_LEAD = (8, 80)  # words of a standfirst, at least and at most
_SAME = 30  # letters in which it and the page's description agree
_ITEMS = frozenset(("p", "li"))
_LINES = frozenset(("p", "h2", "h3", "h4", "h5", "pre", "blockquote", "li", "dt", "dd"))
_LISTS = frozenset(("ul", "ol", "li", "blockquote", "dl"))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_HEADS = frozenset(("h2", "h3", "h4", "h5", "h6", "button", "summary", "dt", "label", "legend"))
_BIT = {name: 1 << n for n, name in enumerate(BITS)}
_ASIDE = sum(_BIT[name] for name in "nav related comment caption figure form hidden".split())
_FAR_ASIDE = sum(_BIT[name] for name in "comment caption figure".split())
_FURNITURE = sum(
    _BIT[name] for name in "nav ad related comment newsletter form share caption figure hidden table meta".split()
)


def completed(page: Page, chosen: Sequence[int]) -> list[int]:
    """The chosen blocks and those that belong to them, in page order."""
    kept = set(chosen)
    if not kept:
        return []
    more = {*_questions(page, kept), *_names(page, kept), *_links(page, kept), *_beginning(page, kept)}
    more |= {*_between(page, kept), *_standfirst(page, kept)}
    kept |= more
    return sorted(kept.union(_alike(page, kept)))


def _questions(page: Page, kept: set[int]) -> Iterator[int]:
    """What a click unfolds, and headings: blocks above kept ones, where most of several of their look stand so."""
    visible = page.page
    heads: dict[int, list[int]] = {}
    for i, box in enumerate(visible.box):
        if page.count[i] <= _HEAD_WORDS and visible.tag[box] in _HEADS and not visible.links[i]:
            heads.setdefault(visible.path[box], []).append(i)
    for alike in heads.values():
        left = [i for i in alike if i not in kept]
        above = [i for i in alike if i + 1 in kept and page.para[i + 1]]
        if left and len(above) >= FEWEST and len(above) >= MOST * len(alike):
            yield from (i for i in left if i + 1 in kept and page.keys[i])


def _names(page: Page, kept: set[int]) -> Iterator[int]:
    """Cells that are links, in rows with kept cells: names in a league table, a list of results."""
    visible = page.page
    if "tr" not in visible.tag:
        return
    rows: dict[int, list[int]] = {}
    for i, box in enumerate(visible.box):
        while box >= 0 and visible.tag[box] not in ("tr", "table"):
            box = visible.parent[box]
        if box >= 0 and visible.tag[box] == "tr":
            rows.setdefault(box, []).append(i)
    tables: dict[int, list[list[int]]] = {}
    for row, cells in rows.items():
        tables.setdefault(visible.parent[row], []).append(cells)
    for of in tables.values():
        mixed = [cells for cells in of if any(i in kept for i in cells)]
        if len(mixed) >= FEWEST and len(mixed) >= MOST * len(of):
            yield from (
                i
                for cells in mixed
                for i in cells
                if i not in kept and visible.links[i] and page.count[i] <= _NAME_WORDS
            )


def _links(page: Page, kept: set[int]) -> Iterator[int]:
    """A paragraph that is a link as a whole, below one of the story's in the same box."""
    visible = page.page
    for i in range(1, len(visible.text)):
        text, box = visible.text[i], visible.box[i]
        if i in kept or page.count[i] < _SENTENCE or visible.tag[box] != "p" or page.link[i] <= 0.5:
            continue
        if text[-1] not in ".!?…" or text[0] in "[(>»*-" or ":" in text[:40] or opening(text):
            continue
        above = next((j for j in range(i - 1, max(-1, i - 3), -1) if j in kept and page.count[j] >= _SENTENCE), None)
        if above is not None and _beside(visible, visible.box[above], box):
            yield i


def _beside(page: Visible, one: int, neighbour: int) -> bool:
    """Whether two boxes, or the one around the first (a quotation's), have the same parent."""
    parent = page.parent[neighbour]
    return parent in (page.parent[one], page.parent[page.parent[one]])


def _between(page: Page, kept: set[int]) -> Iterator[int]:
    """Lines in the box of kept ones above and below: short paragraphs, items, headings; links only below a colon."""
    visible, tags = page.page, page.page.tag
    story = sorted(kept)
    paragraphs = [i for i in story if page.para[i]]
    if not paragraphs:
        return
    inside = (i for i in story if paragraphs[0] <= i <= paragraphs[-1])
    anchors = [i for i in inside if page.count[i] >= _ANCHOR or visible.text[i][-1] in ":："]
    for above, below in itertools.pairwise(anchors):
        gap = [i for i in range(above + 1, below) if i not in kept]
        if not gap or len(gap) > _GAP or (home := _home(visible, above)) != _home(visible, below):
            continue
        named = visible.text[above][-1] in ":："
        looks = {visible.element[visible.box[i]].get("class") for i in (above, below)} | {None, ""}
        for i in gap:
            box = visible.box[i]
            linked = page.link[i] > 0.5
            if (
                tags[box] in (_ITEMS if linked else _LINES)
                and _home(visible, i) == home
                and (named or not linked)
                and visible.element[box].get("class") in looks
                and not visible.own[box] & _FURNITURE
                and page.keys[i]
                and not (opening(visible.text[i]) or rule_of(visible.text[i]))
            ):
                yield i


def _alike(page: Page, kept: set[int]) -> Iterator[int]:
    """Lines inside the story whose boxes look like those of kept lines all the way out: facts of each product, items
    of each list, answers. The model judges them one by one and drops the shortest; links only among headings."""
    visible = page.page
    paragraphs = [i for i in sorted(kept) if page.para[i]]
    if not paragraphs:
        return
    groups: dict[int, list[int]] = {}
    for i in range(paragraphs[0], paragraphs[-1] + 1):
        groups.setdefault(visible.path[visible.box[i]], []).append(i)
    for group in groups.values():
        if len(group) < FEWEST or not _ALIKE * len(group) <= sum(i in kept for i in group) < len(group):
            continue
        for i in group:
            box = visible.box[i]
            if (
                i not in kept
                and (page.link[i] <= 0.5 or visible.tag[box] in _HEADINGS)
                and not (visible.own[box] & _ASIDE or visible.above[box] & _FAR_ASIDE)
                and page.keys[i]
                and not (opening(visible.text[i]) or rule_of(visible.text[i]))
            ):
                yield i


def _home(page: Visible, block: int) -> int:
    """The box around a block, or around the list that it is an item of."""
    box = page.parent[page.box[block]]
    while box >= 0 and page.tag[box] in _LISTS:
        box = page.parent[box]
    return box


def _beginning(page: Page, kept: set[int]) -> Iterator[int]:
    """Paragraphs between the title and the story: two and more in a box, or a bare one right beside the title."""
    visible, tags = page.page, page.page.tag
    first = next((i for i in sorted(kept) if page.para[i]), 0)
    titles = {key(t) for t in page.titles} - {""}
    above = (i for i in range(first - 1, -1, -1) if page.keys[i] in titles and tags[visible.box[i]] in ("h1", "h2"))
    title = next(above, None)
    if title is None:
        return
    run = [i for i in range(title + 1, first) if page.para[i] and i not in kept and _is_plain(page, i)]
    if not run:
        return
    story_words = _long_words(visible.text[i] for i in (*kept, title))
    boxes: dict[int, list[int]] = {}
    for i in run:
        boxes.setdefault(visible.parent[visible.box[i]], []).append(i)
    for parent, inside in boxes.items():
        bare = parent == visible.parent[visible.box[title]] and all(_is_bare(visible, i) for i in inside)
        words = _long_words(visible.text[i] for i in inside)
        if (bare or len(inside) > 1) and len(words & story_words) >= SHARED * len(words):
            yield from inside


def _standfirst(page: Page, kept: set[int]) -> Iterator[int]:
    """The line right above the story that the page gives as its description, too."""
    visible, description = page.page, key(page.description)
    first = next((i for i in sorted(kept) if page.para[i]), 0)
    story_keys = {page.keys[i] for i in kept}
    for i in range(first - 1, max(-1, first - 1 - _ABOVE), -1):
        text = page.keys[i]
        if not _LEAD[0] <= page.count[i] <= _LEAD[1] or page.link[i] > 0.3 or len(text) <= _SAME or text in story_keys:
            continue
        if text in description or (len(description) > _SAME and text.startswith(description[: 2 * _SAME])):
            if visible.tag[visible.box[i]] != "figcaption":
                yield i
            return


def _long_words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words_of(text) if len(word) > 3}


def _is_bare(page: Visible, i: int) -> bool:
    element = page.element[page.box[i]]
    return element.tag == "p" and not element.get("class")


def _is_plain(page: Page, i: int) -> bool:
    """Whether nothing about its boxes' names, or its links, speaks against it. An article's own header is no edge."""
    visible, box = page.page, page.page.box[i]
    bits = 0
    while box >= 0 and visible.tag[box] not in ("article", "main", "body"):
        box_bits = visible.own[box]
        bits |= box_bits & ~_BIT["nav"] if visible.tag[box] == "header" else box_bits
        box = visible.parent[box]
    return page.link[i] < 0.3 and not bits & _FURNITURE
