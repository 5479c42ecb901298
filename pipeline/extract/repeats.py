"""Drafts of one batch -> Repeats: the lines that a source shows with several of its different stories.

A page's story lines tell whether two pages are one story (a reprint, an update, the same page twice): siblings count as
one. A line is furniture by the number of different stories it stands with. See docs/DECISIONS.md for the measurements.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .draft import Draft

SAMPLE = 400  # pages a source is judged by; a line on one page in a hundred is still seen on four of them
FEW = 6  # a source with so few stories shows its furniture by two of them

_FOLD = re.compile(r"[\W\d_]+")
_SPACE = re.compile(r"\W+")


def line_hash(text: str) -> int:
    """63-bit hash of a line, the same in every process. Case and punctuation do not matter.

    Nor do digits in a short line ("12 comments"); in a long one they tell one market report from the next.
    """
    lower = text.lower()
    folded = (_FOLD if lower.count(" ") < 7 else _SPACE).sub(" ", lower).strip() or lower
    return int.from_bytes(hashlib.blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest()) >> 1


@dataclass(frozen=True, slots=True)
class Source:
    """What one source repeats."""

    stories: int  # different stories seen
    counts: dict[int, int]  # line hash -> with how many of them it was seen, at least two


_NOTHING = Source(0, {})


class Repeats:
    """The furniture of each source."""

    def __init__(self, sources: Mapping[str, Source] | None = None) -> None:
        self._sources = dict(sources or {})

    def of(self, source: str | None) -> Source:
        return self._sources.get(source or "", _NOTHING)

    def furniture(self, source: str | None) -> frozenset[int]:
        """Hashes of the lines that are furniture by their count alone."""
        known = self.of(source)
        return frozenset(h for h, n in known.counts.items() if n >= needed(known.stories))

    def to_rows(self) -> Iterator[dict[str, object]]:
        """Rows of repeats.jsonl, by source and hash."""
        for name, source in sorted(self._sources.items()):
            for key, count in sorted(source.counts.items()):
                yield {"source": name, "hash": key, "count": count, "stories": source.stories}

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, object]]) -> Repeats:
        counts: dict[str, dict[int, int]] = {}
        stories: dict[str, int] = {}
        for row in rows:
            name = str(row["source"])
            counts.setdefault(name, {})[int(str(row["hash"]))] = int(str(row["count"]))
            stories[name] = int(str(row["stories"]))
        return cls({name: Source(stories[name], lines) for name, lines in counts.items()})


def needed(stories: int) -> int:
    """Different stories a line must stand with to be furniture, of so many seen."""
    if stories <= FEW:
        return 2
    return 3 + stories // 100


@dataclass(slots=True)
class _Page:
    """The lines of one page, as hashes."""

    visible: array[int]  # each line once
    story: array[int]  # kept lines of eight words or more
    words: array[int]  # of each of `story`


class Counter:
    """Counts the lines of one batch, page by page; remembers at most SAMPLE pages of a source.

    Which pages those are does not depend on the order they come in.
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[tuple[int, str, _Page]]] = {}

    def add(self, draft: Draft) -> None:
        source = draft.meta.source
        if source is None:
            return
        name = f"{draft.raw.path}\n{draft.raw.key}\n{draft.raw.sha256}"
        rank = -int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())
        pages = self._pages.setdefault(source, [])
        if len(pages) == SAMPLE and (rank, name) <= pages[0][:2]:
            return
        story = {line_hash(line.text): line.text.count(" ") + 1 for line in draft.lines if line.rule is None}
        story = {key: words for key, words in story.items() if words >= 8}
        page = _Page(array("q", set(draft.furniture)), array("q", story), array("q", story.values()))
        if len(pages) == SAMPLE:
            heapq.heapreplace(pages, (rank, name, page))
        else:
            heapq.heappush(pages, (rank, name, page))

    def finish(self) -> Repeats:
        sources = {}
        for name, pages in self._pages.items():
            if len(pages) > 1 and (source := _judge([page for _, _, page in sorted(pages)])).counts:
                sources[name] = source
        return Repeats(sources)


def _judge(pages: list[_Page]) -> Source:
    groups = _stories(pages)
    seen: dict[int, set[int] | int] = {}  # line -> the group it was seen with, or several
    for group, page in zip(groups, pages, strict=True):
        for key in page.visible:
            before = seen.get(key)
            if before is None:
                seen[key] = group
            elif isinstance(before, set):
                before.add(group)
            elif before != group:
                seen[key] = {before, group}
    counts = {key: len(found) for key, found in seen.items() if isinstance(found, set)}
    return Source(len(set(groups)), counts)


def _stories(pages: list[_Page]) -> list[int]:
    """For each page the number of its story: pages that share a quarter of the shorter one's words are one story.

    Lines on a quarter of all pages are left out of it: a long footer would make one story of a whole site.
    """
    where: dict[int, list[int]] = {}
    for number, page in enumerate(pages):
        for key in page.story:
            where.setdefault(key, []).append(number)
    template = max(4, len(pages) // 4)
    own = [0] * len(pages)
    shared: dict[tuple[int, int], int] = {}
    for number, page in enumerate(pages):
        for key, words in zip(page.story, page.words, strict=True):
            places = where[key]
            if len(places) >= template:
                continue
            own[number] += words
            for other in places:
                if other < number:
                    shared[other, number] = shared.get((other, number), 0) + words
    parent = list(range(len(pages)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for (a, b), words in sorted(shared.items()):
        if words * 4 >= min(own[a], own[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    return [root(i) for i in range(len(pages))]
