"""Articles in their order, and what is remembered of earlier ones -> a verdict on each."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import store
from ..config import DedupConfig
from ..errors import NewsmillError
from ..model import Article, Duplicate
from .compare import WHOLE, Likeness, Profile, compare, profiles
from .index import Fault, Segment, Segments
from .minhash import band_keys, signatures
from .words import tokenise

VERSION = 1

CHUNK = 512  # articles whose texts are in memory at once
CACHE = 4096  # profiles kept: 400 shingles of 8 bytes each
MIN_WORDS = 50  # below this only the same text under the same title is a copy
MIN_SHINGLES = 40  # different ones: a sentence repeated a hundred times has ten
CANDIDATES = 24  # compared at most, best first

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the comparison sees it."""

    id: str
    content_hash: str
    title: str
    time: float | None  # seconds since 1970: published, else fetched
    profile: Profile


@dataclass(frozen=True, slots=True)
class Match:
    number: int  # of the other article
    other: Known
    cluster: str
    likeness: Likeness
    relation: str


class Index:
    """The memory of dedup: one segment a batch under `folder`, texts read from `clean`/<batch>/articles.jsonl."""

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
        keys, owners = self._keys(articles)
        names = [*earlier, batch]
        here = len(earlier) << 32
        starts = _line_starts(self.clean / batch / "articles.jsonl")
        number = owners.astype(np.int64) + here
        candidates = _candidates(keys, number, here, self.segments.first_and_latest(earlier, keys))
        known = _Reader(self.clean, names, dict(enumerate(starts, here)))
        memory = self.segments.articles(
            earlier, sorted({n for found in candidates.values() for n in found if n < here})
        )
        known.starts.update({n: start for n, (start, _) in memory.items()})
        clusters = {n: cluster for n, (_, cluster) in memory.items() if cluster is not None}
        verdicts = []
        for row in range(len(starts)):
            progress(1)
            me = here + row
            if not (found := candidates.get(me)):
                continue
            known.load([me, *found])
            if verdict := _verdict(known[me], [(n, known[n], clusters.get(n, known[n].id)) for n in found], self.cfg):
                clusters[me] = verdict.cluster_id
                verdicts.append(verdict)
        cluster = tuple(clusters.get(here + row) for row in range(len(starts)))
        return verdicts, Segment(keys, owners, np.array(starts, np.int64), cluster)

    def add(self, batch: str, segment: Segment) -> None:
        self.segments.write(batch, segment)

    def remove(self, batch: str) -> None:
        self.segments.remove(batch)

    def check(self, batches: Sequence[str]) -> list[Fault]:
        """The segments among those of `batches` that cannot be used."""
        return [Fault(batch, fault) for batch in batches if (fault := self.segments.fault(batch))]

    def rebuild(self, batch: str) -> None:
        """Make a batch's segment again from its articles and the verdicts on them."""
        folder = self.clean / batch
        keys, owners = self._keys(store.read(Article, folder / "articles.jsonl"))
        starts = _line_starts(folder / "articles.jsonl")
        ids = [row["id"] for row in store.rows(folder / "articles.jsonl")]
        rows = [(row["id"], row["cluster_id"]) for row in store.rows(folder / "duplicates.jsonl")]
        self.add(batch, Segment(keys, owners, np.array(starts, np.int64), _clusters(ids, rows)))

    def _keys(self, articles: Iterable[Article]) -> tuple[I32, I32]:
        """Keys of every article and the rows they belong to."""
        keys, owners = [], []
        row = 0
        for chunk in _chunks(articles, CHUNK):
            tokens = tokenise([a.text for a in chunk])
            bands = band_keys(signatures(tokens, self.cfg.shingle, self.cfg.permutations), self.cfg.bands)
            here = np.arange(row, row + len(chunk), dtype=np.int32)
            full = np.diff(tokens.bounds) >= MIN_WORDS
            names = np.array([[_name("id", a.id), _name("text", a.content_hash)] for a in chunk], np.int32)
            keys += [bands[full].reshape(-1), names.reshape(-1)]
            owners += [np.repeat(here[full], bands.shape[1]), np.repeat(here, 2)]
            row += len(chunk)
        if not keys:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        return np.concatenate(keys), np.concatenate(owners)


def _verdict(me: Known, found: list[tuple[int, Known, str]], cfg: DedupConfig) -> Duplicate | None:
    """What an article is, given the earlier ones it may repeat: (number, article, its cluster)."""
    matches = [m for n, other, cluster in found if (m := _match(me, n, other, cluster, cfg))]
    if not matches:
        return None
    # The same article first, then the same text, then most of it; among equals the one that came first.
    order = {"same": 0, "revision": 1, "exact": 2, "near": 3, "part": 3}
    matches.sort(key=lambda m: (
        order[m.relation], -m.number if m.relation == "revision" else 0, -m.likeness.containment, m.number,
    ))  # fmt: skip
    best = matches[0]
    also = dict.fromkeys(m.cluster for m in matches if m.cluster != best.cluster)
    return Duplicate(
        id=me.id,
        cluster_id=best.cluster,
        relation=best.relation,  # type: ignore[arg-type]
        matched_id=best.other.id,
        jaccard=round(best.likeness.jaccard, 4),
        containment=round(best.likeness.containment, 4),
        covered=round(best.likeness.covered, 4),
        also=tuple(also),
    )


def _match(me: Known, number: int, other: Known, cluster: str, cfg: DedupConfig) -> Match | None:
    same_text = me.content_hash == other.content_hash
    if me.id == other.id:
        likeness = WHOLE if same_text else compare(me.profile, other.profile)
        return Match(number, other, cluster, likeness, "same" if same_text else "revision")
    if me.time is not None and other.time is not None and abs(me.time - other.time) > cfg.window_days * 86400:
        return None
    small = min(me.profile.words, other.profile.words)
    if same_text and small and (small >= MIN_WORDS or me.title == other.title):
        return Match(number, other, cluster, WHOLE, "exact")
    if small < MIN_WORDS or min(len(me.profile.shingles), len(other.profile.shingles)) < MIN_SHINGLES:
        return None
    likeness = compare(me.profile, other.profile)
    if likeness.containment < cfg.threshold:
        return None
    return Match(number, other, cluster, likeness, "near" if likeness.jaccard >= cfg.near_jaccard else "part")


def _candidates(keys: I32, numbers: I64, here: int, earlier: tuple[I32, I64, I64]) -> dict[int, list[int]]:
    """For each article of the batch the earlier ones it shares keys with, most keys first.

    Of all that share a key only the first and the latest are taken: a thousand copies cost two thousand pairs.
    """
    key, first, latest = earlier
    all_keys = np.concatenate([key, key, keys])
    all_numbers = np.concatenate([first, latest, numbers])
    order = np.lexsort((all_numbers, all_keys))
    all_keys, all_numbers = all_keys[order], all_numbers[order]
    head = np.concatenate([[True], all_keys[1:] != all_keys[:-1]]) if len(all_keys) else np.zeros(0, np.bool_)
    group = np.maximum.accumulate(np.where(head, np.arange(len(head)), 0))
    follows = np.flatnonzero(~head & (all_numbers >= here))
    me = np.concatenate([all_numbers[follows]] * 2)
    other = np.concatenate([all_numbers[group[follows]], all_numbers[follows - 1]])
    # A key whose first and latest are one article counts once.
    twice = np.concatenate([np.zeros(len(follows), np.bool_), other[: len(follows)] == other[len(follows) :]])
    me, other = me[~twice & (me != other)], other[~twice & (me != other)]
    pairs, shared = np.unique(np.stack([me, other], axis=1), axis=0, return_counts=True)
    order = np.lexsort((pairs[:, 1], -shared, pairs[:, 0]))
    found: dict[int, list[int]] = {}
    for a, b in pairs[order].tolist():
        mine = found.setdefault(a, [])
        if len(mine) < CANDIDATES:
            mine.append(b)
    return found


@dataclass
class _Reader:
    """Articles by number, read from where they lie and kept for a while."""

    clean: Path
    batches: list[str]
    starts: dict[int, int]
    kept: OrderedDict[int, Known] = field(default_factory=OrderedDict)

    def __getitem__(self, number: int) -> Known:
        return self.kept[number]

    def load(self, numbers: Iterable[int]) -> None:
        wanted = []
        for n in dict.fromkeys(numbers):
            if n in self.kept:
                self.kept.move_to_end(n)
            else:
                wanted.append(n)
        rows = [self._row(n) for n in wanted]
        for n, row, profile in zip(wanted, rows, profiles(tokenise([r["text"] for r in rows])), strict=True):
            self.kept[n] = Known(row["id"], row["content_hash"], row["title"] or "", _time(row), profile)
        while len(self.kept) > CACHE:
            self.kept.popitem(last=False)

    def _row(self, number: int) -> dict[str, Any]:
        path = self.clean / self.batches[number >> 32] / "articles.jsonl"
        with path.open("rb") as file:
            file.seek(self.starts[number])
            try:
                row: dict[str, Any] = json.loads(file.readline())
            except ValueError:
                raise NewsmillError(f"{path}: changed since it was indexed; run `newsmill dedup --rebuild`") from None
        return row


def _time(row: dict[str, Any]) -> float | None:
    """When an article was published, else fetched; None where neither is known. A bare date is its midnight, UTC."""
    for name in ("published_at", "fetched_at"):
        try:
            when = datetime.fromisoformat(row[name] or "")
        except ValueError:
            continue
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    return None


def _name(kind: str, value: str) -> int:
    """A 32-bit key for an id or a text hash."""
    raw = hashlib.blake2b(f"{kind}:{value}".encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(raw, "little", signed=True)


def _line_starts(path: Path) -> list[int]:
    """Byte offset of every line."""
    starts, at = [], 0
    with path.open("rb") as file:
        for line in file:
            starts.append(at)
            at += len(line)
    return starts


def _clusters(ids: list[str], rows: list[tuple[str, str]]) -> tuple[str | None, ...]:
    """The cluster of each article from the verdicts on them: the rows of an id belong to its last articles."""
    waiting: dict[str, list[str]] = {}
    for i, cluster in rows:
        waiting.setdefault(i, []).append(cluster)
    found: list[str | None] = []
    for i in reversed(ids):
        mine = waiting.get(i)
        found.append(mine.pop() if mine else None)
    return tuple(reversed(found))


def _chunks(items: Iterable[Article], size: int) -> Iterator[list[Article]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk
