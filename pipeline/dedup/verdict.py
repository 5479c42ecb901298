"""Duplicate detection: articles in order and the index of earlier ones -> a verdict on each."""

from __future__ import annotations

import json
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
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
from .index import I64, Segment, Segments
from .judge import Repeated, compared, judge
from .keys import chunks
from .known import Known, known
from .spill import SpilledKeys
from .tokens import U64, distinct

AHEAD = 64  # articles whose candidates are read together
CACHE = 2048  # profiles kept at least, some 15 KB each; more than AHEAD * (CANDIDATES + 1)


class Index:
    """The index of dedup: one segment a batch under `folder`, texts read from `clean`/<batch>/articles.jsonl."""

    def __init__(self, folder: Path, clean: Path, cfg: DedupConfig, groups: Path | None = None) -> None:
        """`groups`: a folder of the state for groups of segments, which make lookups among many of them cheap."""
        self.clean = clean
        self.cfg = cfg
        self.segments = Segments(folder, cfg, groups)

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
        keys, names = self._keys(articles)
        here = len(earlier) << 32
        starts = _line_starts(self.clean / batch / ARTICLES)
        candidates = find_candidates(keys, here, partial(self.segments.first_and_latest, earlier))
        texts = _Reader(self.clean, [*earlier, batch], here, starts)
        memory = self.segments.articles(earlier, distinct(candidates.candidate[candidates.candidate < here]).tolist())
        clusters = {n: place.cluster for n, place in memory.items() if place.cluster is not None}
        named = self.segments.named(earlier, bridges.Beside.names_needed(names, memory.values()))
        beside = bridges.Beside(named, names, here)
        memory |= self.segments.articles(earlier, sorted(set(named.values()) - memory.keys()))
        texts.earlier.update({n: place.start for n, place in memory.items()})

        def is_copy_of(article: Known, match: Repeated) -> bool:
            cluster = clusters.get(match.number, match.id)
            return not bridges.holds_others(
                article.profile, match, cluster, beside, lambda number: texts[number].profile
            )

        verdicts = []
        parts = [False] * len(starts)
        near: dict[int, list[int]] = {}
        for row in range(len(starts)):
            progress(1)
            number = here + row
            beside.reached = number
            if row % AHEAD == 0:
                near = candidates.among(number, number + AHEAD)
                texts.load(n for m, others in near.items() for n in (m, *others))
            if not (numbers := near.get(number)):
                continue
            article = texts[number]
            repeated = [match for n in numbers if (match := compared(article, n, texts[n], self.cfg))]
            repeated = [match for match in repeated if is_copy_of(article, match)]
            if verdict := judge(article.id, article.agency, repeated, clusters):
                clusters[number] = verdict.cluster_id
                verdicts.append(verdict)
                if bridges.is_part(verdict.relation, verdict.containment, verdict.covered):
                    parts[row] = True
                    beside.join(number, verdict.cluster_id)
        cluster = tuple(clusters.get(here + row) for row in range(len(starts)))
        return verdicts, Segment(keys, starts, cluster, names, tuple(parts))

    def _keys(self, articles: Iterable[Article]) -> tuple[SpilledKeys, U64]:
        """The keys of articles, and the name of each."""
        names = array("Q")
        keys = SpilledKeys(self.segments.folder.parent)
        for part in chunks(_noting(articles, lambda article: names.append(bridges.name(article.id))), self.cfg):
            keys.add(*part)
        return keys, np.frombuffer(names, np.uint64)

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
        keys, names = self._keys(
            _noting(store.read(Article, folder / ARTICLES), lambda article: ids.append(article.id))
        )
        verdicts = _by_article(ids, store.rows(folder / DUPLICATES))
        clusters = tuple(None if row is None else str(row["cluster_id"]) for row in verdicts)
        parts = tuple(
            row is not None and bridges.is_part(row["relation"], row["containment"], row["covered"]) for row in verdicts
        )
        self.add(batch, Segment(keys, _line_starts(folder / ARTICLES), clusters, names, parts))
        return self.segments.sums(batch) != before


@dataclass
class _Reader:
    """Articles by number, read from where they lie and kept for a while."""

    clean: Path
    batches: list[str]
    here: int  # number of the batch's first article
    starts: I64  # where the lines of the batch begin
    earlier: dict[int, int] = field(default_factory=dict)  # where those of articles of earlier batches do
    cache: OrderedDict[int, Known] = field(default_factory=OrderedDict)

    def __getitem__(self, number: int) -> Known:
        if number not in self.cache:
            self.load([number])
        return self.cache[number]

    def load(self, numbers: Iterable[int]) -> None:
        missing = []
        for n in dict.fromkeys(numbers):
            if n in self.cache:
                self.cache.move_to_end(n)
            else:
                missing.append(n)
        rows = list(self._rows(sorted(missing)))
        self.cache.update(zip((n for n, _ in rows), known([row for _, row in rows]), strict=True))
        while len(self.cache) > CACHE:
            self.cache.popitem(last=False)

    def _rows(self, numbers: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
        """Articles by ascending number, each file opened once."""
        for place, group in groupby(numbers, lambda n: n >> 32):
            path = self.clean / self.batches[place] / ARTICLES
            with path.open("rb") as file:
                for number in group:
                    file.seek(self.earlier[number] if number < self.here else int(self.starts[number - self.here]))
                    try:
                        yield number, json.loads(file.readline())
                    except ValueError:
                        raise NewsmillError(
                            f"{path}: changed since it was indexed; run `newsmill dedup --rebuild`"
                        ) from None


def _line_starts(path: Path) -> I64:
    """Byte offset of every line."""
    starts, at = array("q"), 0
    with path.open("rb") as file:
        for line in file:
            starts.append(at)
            at += len(line)
    return np.frombuffer(starts, np.int64)


def _noting(articles: Iterable[Article], note: Callable[[Article], None]) -> Iterator[Article]:
    """The same articles, each noted as it goes by."""
    for article in articles:
        note(article)
        yield article


def _by_article(ids: list[str], rows: Iterable[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The verdict on each article: the rows of an id belong to its last articles."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        waiting.setdefault(row["id"], []).append(row)
    verdicts: list[dict[str, Any] | None] = []
    for i in reversed(ids):
        mine = waiting.get(i)
        verdicts.append(mine.pop() if mine else None)
    return verdicts[::-1]
