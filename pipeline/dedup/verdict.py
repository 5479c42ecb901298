"""Articles in their order, and what is remembered of earlier ones -> a verdict on each."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import store
from ..config import DedupConfig
from ..errors import NewsmillError
from ..files import ARTICLES, DUPLICATES
from ..model import Article, Duplicate
from ..timestamps import seconds
from .candidates import ENOUGH, I8, I32, Keys
from .candidates import candidates as find_candidates
from .compare import MIN_WORDS, repeats
from .index import Fault, Segment, Segments
from .minhash import band_keys, sample_keys, shingle_hashes, signatures
from .profile import WHOLE, Likeness, Profile, compare, profiles
from .tokens import fold, tokenise

CHUNK = 256  # articles whose texts are in memory at once
AHEAD = 64  # articles whose candidates are read together
CACHE = 2048  # profiles kept at least, some 15 KB each; more than AHEAD * (CANDIDATES + 1)
FRESH, LATE = 4 * 86400.0, 0.9  # seconds after which a copy has to hold so much of the text
SHORT = 20  # words from which the same text under another title is a copy: below are captions and notes
BRIEF = 120  # words of a text that is compared on one shared sample
SAMPLE = 16  # one shingle in so many is a key of its own

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the comparison sees it."""

    id: str
    content_hash: str
    page: str  # sha256 of the page as scraped, or ""
    title: str
    time: float | None  # seconds since 1970: published, else fetched
    source: str
    agency: str  # the news agency it names as its origin, or ""
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
        keys = self._keys(articles)
        names = [*earlier, batch]
        here = len(earlier) << 32
        starts = _line_starts(self.clean / batch / ARTICLES)
        candidates = find_candidates(keys, here, self.segments.first_and_latest(earlier, keys.key))
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
            if row % AHEAD == 0:
                coming = [n for n in range(me, me + AHEAD) if n in candidates]
                known.load(n for m in coming for n in (m, *candidates[m]))
            if not (found := candidates.get(me)):
                continue
            if verdict := _verdict(known[me], [(n, known[n], clusters.get(n, known[n].id)) for n in found], self.cfg):
                clusters[me] = verdict.cluster_id
                verdicts.append(verdict)
        cluster = tuple(clusters.get(here + row) for row in range(len(starts)))
        return verdicts, Segment(keys.key, keys.row, np.array(starts, np.int64), cluster)

    def add(self, batch: str, segment: Segment) -> None:
        self.segments.write(batch, segment)

    def remove(self, batch: str) -> None:
        self.segments.remove(batch)

    def sweep(self, batches: Sequence[str]) -> list[str]:
        """Remove segments of all but these batches."""
        return self.segments.sweep(batches)

    def check(self, batches: Sequence[str]) -> list[Fault]:
        """The segments among those of `batches` that cannot be used."""
        return [Fault(batch, fault) for batch in batches if (fault := self.segments.fault(batch))]

    def rebuild(self, batch: str) -> bool:
        """Make a batch's segment again from its articles and the verdicts on them, byte for byte.

        Returns whether it was another one before, or none.
        """
        before = self.segments.sums(batch)
        folder = self.clean / batch
        keys = self._keys(store.read(Article, folder / ARTICLES))
        starts = _line_starts(folder / ARTICLES)
        ids = [row["id"] for row in store.rows(folder / ARTICLES)]
        rows = [(row["id"], row["cluster_id"]) for row in store.rows(folder / DUPLICATES)]
        self.add(batch, Segment(keys.key, keys.row, np.array(starts, np.int64), _clusters(ids, rows)))
        return self.segments.sums(batch) != before

    def _keys(self, articles: Iterable[Article]) -> Keys:
        """The keys of every article."""
        parts: list[tuple[I32, I32, I8]] = []
        row = 0
        for chunk in _chunks(articles, CHUNK):
            tokens = tokenise([a.text for a in chunk])
            rows = np.arange(row, row + len(chunk), dtype=np.int32)
            row += len(chunk)
            # Texts in other letters (capitals, another script) have the same words, so the same key.
            texts = [tokens.hashes[low:high].tobytes() for low, high in pairwise(tokens.bounds.tolist())]
            names = np.array(
                [[_name(b"id:", a.id.encode("utf-8", "replace")), _name(b"text:", words or a.content_hash.encode())]
                 for a, words in zip(chunk, texts, strict=True)], np.int32,
            )  # fmt: skip
            parts.append((names.reshape(-1), np.repeat(rows, 2), np.full(names.size, ENOUGH, np.int8)))
            full = np.diff(tokens.bounds) >= MIN_WORDS
            hashes, bounds = shingle_hashes(tokens, self.cfg.shingle)
            bands = band_keys(signatures(hashes, bounds, self.cfg.permutations), self.cfg.bands)[full]
            parts.append((bands.reshape(-1), np.repeat(rows[full], self.cfg.bands), np.ones(bands.size, np.int8)))
            samples, owners = sample_keys(hashes, bounds, SAMPLE)
            kept = full[owners]
            # A short text has few samples: one that it shares with a long text before it is enough.
            weight = np.where(np.diff(tokens.bounds) < BRIEF, ENOUGH, 1).astype(np.int8)
            parts.append((samples[kept], rows[owners[kept]], weight[owners[kept]]))
        return Keys.joined(parts)


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
    if best.relation in ("near", "part"):
        home = _home(matches)
        best = next(m for m in matches if m.cluster == home)
    if me.agency and best.relation not in ("same", "revision"):
        own = (m for m in matches if m.cluster == best.cluster and is_from(m.other.source, me.agency))
        best = next(own, best)
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


def _home(matches: list[Match]) -> str:
    """The cluster that a copy shares most with, over all its matches there.

    By the best match alone the copies of a story that first came in as two halves would part again, each with the half
    that happens to be worded like it.
    """
    shared: dict[str, float] = {}
    for m in matches:
        shared[m.cluster] = shared.get(m.cluster, 0.0) + m.likeness.containment
    return max(shared, key=lambda cluster: shared[cluster])


def is_from(source: str, agency: str) -> bool:
    """Whether an outlet is the agency itself: "apnews.com" is AP, "maple.example" is not."""
    name = _squashed(agency)
    own = (name, f"{name}news", f"{name}agency")
    labels = [_squashed(label) for label in source.split(".")]
    return bool(name) and any(label in own or (len(name) >= 5 and label.startswith(name)) for label in labels)


def _squashed(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _match(me: Known, number: int, other: Known, cluster: str, cfg: DedupConfig) -> Match | None:
    same_text = me.content_hash == other.content_hash
    if me.id == other.id:
        likeness = WHOLE if same_text else compare(me.profile, other.profile)
        # The very same page may have lost other lines here: what a source repeats is counted anew in each batch.
        same = same_text or bool(me.page and me.page == other.page)
        return Match(number, other, cluster, likeness, "same" if same else "revision")
    apart = abs(me.time - other.time) if me.time is not None and other.time is not None else 0.0
    if apart > cfg.window_days * 86400:
        return None
    if same_text and (size := len(me.profile.words)) and (size >= SHORT or me.title == other.title):
        return Match(number, other, cluster, WHOLE, "exact")
    if len(me.profile.words) >= SHORT and np.array_equal(me.profile.words, other.profile.words):
        return Match(number, other, cluster, WHOLE, "near")  # in other letters: capitals, another script
    found = repeats(me.profile, other.profile, cfg.threshold, (me.title, other.title))
    if found is None or (apart > FRESH and found.containment < LATE):
        return None
    return Match(number, other, cluster, found, "near" if found.jaccard >= cfg.near_jaccard else "part")


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
        rows = list(self._rows(sorted(wanted)))
        texts = [row["text"] for _, row in rows]
        for (n, row), profile in zip(rows, profiles(texts, tokenise(texts)), strict=True):
            agency = (row["wire"] or {}).get("agency", "")
            self.kept[n] = Known(
                row["id"],
                row["content_hash"],
                row["raw"]["sha256"],
                row["title"] or "",
                _time(row),
                row["source"] or "",
                agency,
                profile,
            )
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


def _time(row: dict[str, Any]) -> float | None:
    """When an article was published, else fetched; None where neither is known. A bare date is its midnight, UTC."""
    for name in ("published_at", "fetched_at"):
        if (time := seconds(row[name])) is not None:
            return time
    return None


def _name(kind: bytes, value: bytes) -> int:
    """A 32-bit key for an id or the words of a text."""
    return int.from_bytes(hashlib.blake2b(kind + value, digest_size=4).digest(), "little", signed=True)


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
