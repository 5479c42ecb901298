"""The kept blocks of a page -> what each is (heading, list item, quote, table cell), its links, and what is embedded.

`text` stays paragraphs joined by blank lines; the structure stands beside it, so that Markdown and HTML can be written
from a record (export/markup.py).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..model import Embed, Line, Link, Structure
from .html.blocks import Visible, fold

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "menu"))
_PLAYERS = ("iframe", "video", "audio", "embed", "object")
# Quoted posts: the address of the post is in the quote's own link.
_POSTS = ("twitter-tweet", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed", "reddit-embed-bq")
MOST_LINKS = 500


def of_page(page: Visible, kept: Sequence[int], base: str | None) -> Structure:
    """For each of the page's blocks what it is, "" for those not kept; `base`: what addresses are relative to."""
    blocks = [""] * len(page.text)
    numbers: dict[int, int] = {}  # box of a list, a table or a row -> its number on the page
    columns: dict[int, int] = {}  # of each table
    items: set[int] = set()  # list items that have a block already
    for i in kept:
        blocks[i] = _kind(page, page.box[i], numbers, columns, items)
    return Structure(tuple(blocks), tuple(_links(page, kept, base)[:MOST_LINKS]), tuple(_embeds(page, kept, base)))


def _kind(page: Visible, box: int, numbers: dict[int, int], columns: dict[int, int], items: set[int]) -> str:
    item = cell = row = None
    kind, depth, lists = "", 0, 0
    at = box
    while at >= 0:
        tag = page.tag[at]
        if tag in _HEADINGS and not kind:
            kind = tag
        elif tag == "pre" and not kind:
            kind = "pre"
        elif tag in ("li", "dd", "dt") and item is None:
            item = at
        elif tag in ("td", "th") and cell is None:
            cell = at
        elif tag == "tr" and row is None:
            row = at
        elif tag == "table" and cell is not None and not kind and item is None:
            table = numbers.setdefault(at, len(numbers) + 1)
            line = numbers.setdefault(cell if row is None else row, len(numbers) + 1)
            if at not in columns:
                columns[at] = _columns(page, at)
            if columns[at] > 1:
                return f"{page.tag[cell]}:{table}:{line}"
            cell = None  # a table of one column, or with others in it, is layout
        elif tag in _LISTS and item is not None:
            depth += 1
            lists = lists or at
        elif tag == "blockquote" and not kind:
            kind = "quote"
        at = page.parent[at]
    if item is not None and depth and kind in ("", "quote"):
        if item in items:
            return "p"
        items.add(item)
        number = numbers.setdefault(lists, len(numbers) + 1)
        return f"{'ol' if page.tag[lists] == 'ol' else 'ul'}:{depth}:{number}"
    return kind or "p"


def _columns(page: Visible, table: int) -> int:
    """The most cells that a row of the table has; 0 where other tables are in it."""
    most = count = 0
    for box in range(table + 1, page.end[table]):
        if page.tag[box] == "table":
            return 0
        if page.tag[box] == "tr":
            count = 0
        elif page.tag[box] in ("td", "th"):
            count += 1
            most = max(most, count)
    return most


def _links(page: Visible, kept: Sequence[int], base: str | None) -> list[Link]:
    """Of each kept block its links, by where their words stand in its text."""
    of: dict[int, list[int]] = defaultdict(list)
    for i in kept:
        if page.links[i]:
            of[page.box[i]].append(i)
    links: list[Link] = []
    for box, blocks in of.items():
        element = page.element[box]
        at = dict.fromkeys(blocks, 0)
        anchors = [element] if element.tag == "a" else element.iter("a")
        outer = next(element.iterancestors("a"), None)
        for anchor in [outer] if outer is not None else anchors:
            url, words = _address(anchor.get("href"), base), fold("".join(anchor.itertext()))
            if not url or not words:
                continue
            for i in blocks:
                start = page.text[i].find(words, at[i])
                if start < 0 and outer is not None:
                    start, words = 0, page.text[i]  # a link around whole blocks
                if start >= 0:
                    at[i] = start + len(words)
                    links.append(Link(i, start, at[i], url))
                    break
    return sorted(links, key=lambda link: (link.paragraph, link.start))


def _embeds(page: Visible, kept: Sequence[int], base: str | None) -> list[Embed]:
    """Players and quoted posts between the first and the last kept block, each behind the block above it."""
    if not kept:
        return []
    root = page.element[_common(page, [page.box[kept[0]], page.box[kept[-1]]])]
    last_of: dict[Any, int] = {}
    for i in kept:
        last_of.setdefault(page.element[page.box[i]], i)
    embeds: list[Embed] = []
    last = -1
    for element in root.iter():
        last = last_of.get(element, last)
        url = None
        if element.tag in _PLAYERS:
            url = element.get("src") or element.get("data-src") or element.get("data")
            url = url or next((source.get("src") for source in element.iter("source") if source.get("src")), None)
        elif element.tag == "blockquote" and any(name in (element.get("class") or "") for name in _POSTS):
            links = [link.get("href") for link in element.iter("a")]
            url = element.get("data-instgrm-permalink") or element.get("cite") or (links[-1] if links else None)
        if last >= 0 and (address := _address(url, base)):
            embeds.append(Embed(last, address))
        if last == kept[-1] and element is page.element[page.box[last]]:
            break
    return list(dict.fromkeys(embeds))[:50]


def _common(page: Visible, boxes: Sequence[int]) -> int:
    at = boxes[0]
    while not all(at <= box < page.end[at] for box in boxes):
        at = page.parent[at]
    return at


def _address(url: str | None, base: str | None) -> str | None:
    """An absolute address on the web; None for one that leads nowhere else."""
    url = (url or "").strip()
    if not url or url.startswith("#"):
        return None
    try:
        whole = urljoin(base or "", url)
        parts = urlsplit(whole)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    return "".join(whole.split())[:2000]


def realigned(structure: Structure, before: Sequence[Line], after: Sequence[Line]) -> Structure:
    """The same structure for lines that a site rule has added to or put in another order."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for i, line in enumerate(before):
        if structure.blocks[i]:
            places[line.text].append(i)
    old = [places[line.text].popleft() if line.rule is None and places[line.text] else None for line in after]
    return _moved(structure, old)


def of_text(structure: Structure | None, lines: Sequence[Line]) -> Structure | None:
    """For the paragraphs of the article's text; None where these are but paragraphs without links."""
    if structure is None:
        return None
    moved = _moved(structure, [i for i, line in enumerate(lines) if line.rule is None])
    plain = all(block == "p" for block in moved.blocks) and not moved.links and not moved.embeds
    return None if plain else moved


def _moved(structure: Structure, old: Sequence[int | None]) -> Structure:
    """`old`: for each new place the one it had."""
    new = {i: place for place, i in enumerate(old) if i is not None}
    # What was embedded behind a block that went stands behind the one above it.
    above = {
        i: max((place for j, place in new.items() if j <= i), default=None)
        for i in {e.paragraph for e in structure.embeds}
    }
    return Structure(
        tuple((structure.blocks[i] or "p") if i is not None else "" for i in old),
        tuple(Link(new[x.paragraph], x.start, x.end, x.url) for x in structure.links if x.paragraph in new),
        tuple(Embed(place, x.url) for x in structure.embeds if (place := above[x.paragraph]) is not None),
    )
