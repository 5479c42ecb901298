"""Duplicate detection: articles in order and the index of earlier ones -> a verdict on each."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from .. import store
from ..config import DedupConfig
from ..errors import NewsmillError
from ..files import ARTICLES, DUPLICATES
from ..model import Article, Duplicate
from . import bridges
from .candidates import candidates as find_candidates
from .folders import Fault
from .index import Segment, Segments
from .judge import Repeated, compared, judge
from .keys import keys as keys_of
from .known import Known, known

AHEAD = 64  # articles whose candidates are read together
CACHE = 2048  # profiles kept at least, some 15 KB each; more than AHEAD * (CANDIDATES + 1)


class Index:
    """The index of dedup: one segment a batch under `folder`, texts read from `clean`/<batch>/articles.jsonl."""

    def __init__(self, folder: Path, clean: Path, cfg: DedupConfig) -> None:
        self.clean = clean
        self.cfg = cfg
        self.segments = Segments(folder, cfg)

    def decide(
        self,
        batch: str,
        articles: Iterable[Article],
        earlier: Sequence[str],
        progress: Callable[[int], None] = lambda n: None,
    ) -> tuple[list[Duplicate], Segment]:
        """Verdicts on the articles of a batch, compared with those of `earlier` batches and those before them.

        `articles` are those of clean/<batch>/articles.jsonl, in its order. Calls `progress` with the articles done.
        """
        ids: list[str] = []
        keys = keys_of(_noting(articles, ids), self.cfg)
        own = bridges.names(ids)
        here = len(earlier) << 32
        starts = _line_starts(self.clean / batch / ARTICLES)
        candidates = find_candidates(keys, here, self.segments.first_and_latest(earlier, keys.key))
        texts = _Reader(self.clean, [*earlier, batch], dict(enumerate(starts, here)))
        memory = self.segments.articles(
            earlier, sorted({n for found in candidates.values() for n in found if n < here})
        )
        clusters = {n: place.cluster for n, place in memory.items() if place.cluster is not None}
        beside = bridges.Beside(self.segments.named(earlier, bridges.Beside.wanted(own, memory.values())))
        memory |= self.segments.articles(earlier, sorted(set(beside.numbers.values()) - memory.keys()))
        texts.starts.update({n: place.start for n, place in memory.items()})

        def is_copy_of(me: Known, found: Repeated) -> bool:
            cluster = clusters.get(found.number, found.id)
            return not bridges.holds_others(me.profile, found, cluster, beside, lambda number: texts[number].profile)

        verdicts = []
        parts = [False] * len(starts)
        for row in range(len(starts)):
            progress(1)
            me = here + row
            beside.add(me, int(own[row]))
            if row % AHEAD == 0:
                coming = [n for n in range(me, me + AHEAD) if n in candidates]
                texts.load(n for m in coming for n in (m, *candidates[m]))
            if not (found := candidates.get(me)):
                continue
            article = texts[me]
            repeated = [other for n in found if (other := compared(article, n, texts[n], self.cfg))]
            repeated = [other for other in repeated if is_copy_of(article, other)]
            if verdict := judge(article.id, article.agency, repeated, clusters):
                clusters[me] = verdict.cluster_id
                verdicts.append(verdict)
                if bridges.is_part(verdict.relation, verdict.containment, verdict.covered):
                    parts[row] = True
                    beside.join(me, verdict.cluster_id)
        cluster = tuple(clusters.get(here + row) for row in range(len(starts)))
        return verdicts, Segment(keys.key, keys.row, np.array(starts, np.int64), cluster, own, tuple(parts))

    def add(self, batch: str, segment: Segment) -> None:
        self.segments.write(batch, segment)

    def remove(self, batch: str) -> None:
        self.segments.remove(batch)

    def sweep(self, batches: Sequence[str]) -> list[str]:
        """Remove segments of all but these batches."""
        return self.segments.sweep(batches)

    def check(self, batches: Sequence[str]) -> list[Fault]:
        """The segments among those of `batches` that cannot be used."""
        return self.segments.check(batches)

    def rebuild(self, batch: str) -> bool:
        """Make a batch's segment again from its articles and the verdicts on them, byte for byte.

        Returns whether it was another one before, or none.
        """
        before = self.segments.sums(batch)
        folder = self.clean / batch
        ids: list[str] = []
        keys = keys_of(_noting(store.read(Article, folder / ARTICLES), ids), self.cfg)
        starts = np.array(_line_starts(folder / ARTICLES), np.int64)
        verdicts = _by_article(ids, store.rows(folder / DUPLICATES))
        clusters = tuple(None if row is None else str(row["cluster_id"]) for row in verdicts)
        parts = tuple(
            row is not None and bridges.is_part(row["relation"], row["containment"], row["covered"]) for row in verdicts
        )
        self.add(batch, Segment(keys.key, keys.row, starts, clusters, bridges.names(ids), parts))
        return self.segments.sums(batch) != before


@dataclass
class _Reader:
    """Articles by number, read from where they lie and kept for a while."""

    clean: Path
    batches: list[str]
    starts: dict[int, int]
    kept: OrderedDict[int, Known] = field(default_factory=OrderedDict)

    def __getitem__(self, number: int) -> Known:
        if number not in self.kept:
            self.load([number])
        return self.kept[number]

    def load(self, numbers: Iterable[int]) -> None:
        wanted = []
        for n in dict.fromkeys(numbers):
            if n in self.kept:
                self.kept.move_to_end(n)
            else:
                wanted.append(n)
        rows = list(self._rows(sorted(wanted)))
        self.kept.update(zip((n for n, _ in rows), known([row for _, row in rows]), strict=True))
        while len(self.kept) > CACHE:
            self.kept.popitem(last=False)

    def _rows(self, numbers: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Articles by ascending number, each file opened once."""
        for place, group in groupby(numbers, lambda n: n >> 32):
            path = self.clean / self.batches[place] / ARTICLES
            with path.open("rb") as file:
                for number in group:
                    file.seek(self.starts[number])
                    try:
                        yield number, json.loads(file.readline())
                    except ValueError:
                        raise NewsmillError(
                            f"{path}: changed since it was indexed; run `newsmill dedup --rebuild`"
                        ) from None


def _line_starts(path: Path) -> list[int]:
    """Byte offset of every line."""
    starts, at = [], 0
    with path.open("rb") as file:
        for line in file:
            starts.append(at)
            at += len(line)
    return starts


def _noting(articles: Iterable[Article], ids: list[str]) -> Iterator[Article]:
    """The same articles; their ids are added to the list as they go by."""
    for article in articles:
        ids.append(article.id)
        yield article


def _by_article(ids: list[str], rows: Iterable[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The verdict on each article: the rows of an id belong to its last articles."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        waiting.setdefault(row["id"], []).append(row)
    found: list[dict[str, Any] | None] = []
    for i in reversed(ids):
        mine = waiting.get(i)
        found.append(mine.pop() if mine else None)
    return found[::-1]
