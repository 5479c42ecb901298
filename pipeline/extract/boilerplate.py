"""Drafts of one batch -> Repeats: the lines that a source shows with several of its different stories.

A page's story lines tell whether two pages are one story (a reprint, an update, the same page twice): siblings count as
one. A line is furniture by the number of different stories it stands with. See docs/DECISIONS.md for the measurements.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .values import Draft
from .words import SPACED

SAMPLE = 400  # pages a source is judged by; a line on one page in a hundred is still seen on four of them
FEW = 6  # a source with so few stories shows its furniture by two of them

# What counts as white space: by a table of bytes in ASCII, by a pattern beyond it.
_FOLDED = bytes(byte if chr(byte).isalpha() else 32 for byte in range(128)) + bytes(range(128, 256))
_FOLD = re.compile(r"[^\w\x00-\x7f]|\d")
_SPACE = re.compile(r"[^\w\x00-\x7f]")


def line_hash(text: str) -> int:
    """63-bit hash of a line, the same in every process. Case and punctuation do not matter.

    Nor do digits in a short line ("12 comments"); in a long one they tell one market report from the next.
    """
    lower = text.lower()
    short = lower.count(" ") < 7
    data = lower.encode("utf-8", "replace")
    words = data.translate(_FOLDED if short else SPACED)
    if not lower.isascii():
        words = (_FOLD if short else _SPACE).sub(" ", words.decode()).encode()
    return int.from_bytes(hashlib.blake2b(b" ".join(words.split()) or data, digest_size=8).digest()) >> 1


def line_hashes(draft: Draft) -> Sequence[int]:
    """The hash of each line of a draft: as the worker worked it out, where the lines are those it saw."""
    return draft.furniture if draft.hashed else [line_hash(line.text) for line in draft.lines]


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

    def only_furniture(self) -> Repeats:
        """The same without the lines that are no furniture: what `finalize` needs, a hundredth of the whole."""
        return Repeats(
            {
                name: Source(s.stories, {h: s.counts[h] for h in self.furniture(name)})
                for name, s in self._sources.items()
            }
        )

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


@dataclass(frozen=True, slots=True)
class Sample:
    """The lines of one page of a source, as hashes."""

    rank: int  # pages of the highest rank are kept; it depends on the page alone
    name: str
    visible: array[int]  # each line once
    story: array[int]  # kept lines of eight words or more
    words: array[int]  # of each of `story`

    def digest(self) -> bytes:
        """Tells what was read twice from one page and came out differently."""
        lines = b"".join(column.tobytes() for column in (self.visible, self.story, self.words))
        return hashlib.blake2b(lines, digest_size=8).digest()


class Counter:
    """Counts the lines of one batch, page by page; remembers at most SAMPLE pages of a source.

    Which pages those are does not depend on the order they come in, nor on how the batch was cut where counters of its
    parts are merged.
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[tuple[int, str, bytes, int, Sample]]] = {}
        self._met = 0

    def add(self, draft: Draft) -> None:
        if (source := draft.meta.source) is None:
            return
        name = f"{draft.raw.path}\n{draft.raw.key}\n{draft.raw.sha256}"
        rank = -int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest())
        if self._is_full(source, (rank, name)):
            return
        hashes = line_hashes(draft)
        kept = [(key, line) for key, line in zip(hashes, draft.lines, strict=True) if line.rule is None]
        story = {key: line.text.count(" ") + 1 for key, line in kept}
        story = {key: words for key, words in story.items() if words >= 8}
        visible = array("q", sorted(set(draft.furniture)))
        self.add_sample(source, Sample(rank, name, visible, array("q", story), array("q", story.values())))

    def add_sample(self, source: str, page: Sample) -> None:
        """A page that another counter remembered."""
        self._met += 1  # nothing depends on it but that equal pages can be compared
        entry = (page.rank, page.name, page.digest(), self._met, page)
        pages = self._pages.setdefault(source, [])
        if len(pages) < SAMPLE:
            heapq.heappush(pages, entry)
        elif entry[:3] > pages[0][:3]:
            heapq.heapreplace(pages, entry)

    def merge(self, counter: Counter) -> None:
        """Count what the counter of another part of the batch counted, in whatever order parts are merged."""
        for source, page in counter.samples():
            self.add_sample(source, page)

    def samples(self) -> Iterator[tuple[str, Sample]]:
        """(source, page) for each page that is remembered: what goes from one process to another."""
        for source, pages in self._pages.items():
            for *_, page in pages:
                yield source, page

    def finish(self) -> Repeats:
        sources = {}
        for name, pages in self._pages.items():
            if len(pages) > 1 and (source := _judge([page for *_, page in sorted(pages)])).counts:
                sources[name] = source
        return Repeats(sources)

    def _is_full(self, source: str, place: tuple[int, str]) -> bool:
        """Whether a page could not come in, by its rank and name alone: its lines need not be hashed."""
        pages = self._pages.get(source, [])
        return len(pages) == SAMPLE and pages[0][:2] > place


def _judge(pages: list[Sample]) -> Source:
    groups = _stories(pages)
    groups_of: dict[int, set[int] | int] = {}  # line -> the group it was seen with, or several
    for group, page in zip(groups, pages, strict=True):
        for key in page.visible:
            before = groups_of.get(key)
            if before is None:
                groups_of[key] = group
            elif isinstance(before, set):
                before.add(group)
            elif before != group:
                groups_of[key] = {before, group}
    counts = {key: len(several) for key, several in groups_of.items() if isinstance(several, set)}
    return Source(len(set(groups)), counts)


def _stories(pages: list[Sample]) -> list[int]:
    """For each page the number of its story.

    First, pages with four fifths of their lines in common are one story: the same page scraped again. Then, pages that
    share a quarter of the shorter one: an update, a follow-up that repeats its background. Lines that a quarter of all
    stories have are left out of that: a long footer would make one story of a whole site of briefs.
    """
    import numpy as np

    where: dict[int, int] = {}
    for page in pages:
        for key in page.story:
            where[key] = where.get(key, 0) + 1
    columns = {key: column for column, key in enumerate(k for k, n in where.items() if n > 1)}
    has = np.zeros((len(pages), len(columns)), dtype=np.float32)
    words = np.zeros(len(columns), dtype=np.float32)
    total = np.zeros(len(pages), dtype=np.float32)
    for row, page in enumerate(pages):
        for key, count in zip(page.story, page.words, strict=True):
            total[row] += count
            if (column := columns.get(key)) is not None:
                has[row, column], words[column] = 1, count
    shared = (has * words) @ has.T
    again = (shared > 0) & (shared >= 0.8 * np.maximum.outer(total, total))
    groups = _joined(list(range(len(pages))), np.argwhere(np.triu(again, 1)).tolist())

    first = sorted(set(groups))
    spread = np.array([has[[i for i, g in enumerate(groups) if g == group]].max(axis=0) for group in first]).sum(axis=0)
    template = spread >= max(4, len(first) // 4)
    distinct = np.maximum(total - has @ np.where(template, words, 0), 1)
    shared = (has[:, ~template] * words[~template]) @ has[:, ~template].T
    siblings = (shared > 0) & (shared * 4 >= np.minimum.outer(distinct, distinct))
    return _joined(groups, np.argwhere(np.triu(siblings, 1)).tolist())


def _joined(parent: list[int], pairs: list[list[int]]) -> list[int]:
    """The lowest number each one is joined to, through any chain of pairs."""

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return [root(i) for i in range(len(parent))]
