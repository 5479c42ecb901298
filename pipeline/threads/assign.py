"""Stories in their order -> the thread of each: one pass, a story joins the most similar open thread or opens one.

A thread is the sum of its stories' vectors, cut to its heaviest terms. Terms that many open threads share count less:
a table of rarity cannot know that each outlet reports earthquakes in the same words. Candidates come from an inverted
index over each thread's KEYS heaviest terms. Whole numbers throughout: no sum depends on an order or a machine.
"""

from __future__ import annotations

import heapq
import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .terms import Story

KEYS = 12  # heaviest terms of a story and of a thread by which they find each other
TERMS = 200  # terms and pairs of terms kept of a thread
LATEST = 256  # threads looked at for one key, the latest first
SHOWN = 6  # terms by which a story is explained
CANDIDATES = 30  # threads compared with a story
# What the squared logarithm of a thread's size adds to the likeness it asks for, so that threads do not grow into
# subjects: .04 at ten articles, .2 at 150.
GROWN = 0.008
FEW = 3000  # threads as if they were open from the start: with few, what they share tells little of the stream
BUCKETS = (1 << 20) - 1  # terms are counted by these bits of their hash
OPEN = 100_000  # threads that stories can join: those that were joined last

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """When a story joins a thread."""

    likeness: float = 0.22  # cosine from which a story belongs to a thread
    window: float = 3 * 86400.0  # seconds between a story and a thread's nearest end


@dataclass(slots=True)
class Thread:
    """An open thread."""

    id: str  # of its first article; minted once
    terms: I64  # hashes of its heaviest terms, heaviest first
    weights: I64  # and their sums
    size: int  # stories in it, copies not counted
    first: float | None  # seconds since 1970 of its earliest and latest story; None where no story has a time
    last: float | None

    def heaviest(self) -> list[int]:
        keys: list[int] = self.terms[:KEYS].tolist()
        return keys


@dataclass(frozen=True, slots=True)
class Joined:
    """Where a story went, and why."""

    thread: str
    score: float | None  # cosine with the thread as it was; None for the story that opened it
    terms: tuple[str, ...]  # those that made most of the score
    also: tuple[str, ...]  # other threads it could have joined


class Threads:
    """The open threads, the one joined longest ago first."""

    def __init__(self, settings: Settings, threads: Iterable[Thread] = ()) -> None:
        self.settings = settings
        self._open: OrderedDict[str, Thread] = OrderedDict()
        self._by_key: dict[int, list[str]] = {}  # ids, the latest last
        self._threads_with = np.zeros(BUCKETS + 1, np.int32)  # open threads that have a term, by its hash
        for thread in threads:
            self._remember(thread)

    def __iter__(self) -> Iterator[Thread]:
        return iter(self._open.values())

    def __len__(self) -> int:
        return len(self._open)

    def get(self, id: str) -> Thread | None:
        """An open thread."""
        return self._open.get(id)

    def add(self, id: str, story: Story, time: float | None) -> Joined:
        """Put a story into the likest open thread, or into one of its own."""
        matches = self._matches(story, time)
        if not matches:
            self.place(id, story, time)
            return Joined(id, None, (), ())
        score, thread = matches[0]
        why = _decisive(story, thread)
        self.place(thread.id, story, time)
        return Joined(thread.id, round(score, 3), why, tuple(other.id for _, other in matches[1:]))

    def place(self, id: str, story: Story, time: float | None) -> None:
        """Put a story into the thread of this id, or open it."""
        total: dict[int, int] = {}
        thread = self._open.get(id)
        times = [time]
        if thread is not None:
            total = dict(zip(thread.terms.tolist(), thread.weights.tolist(), strict=True))
            times += [thread.first, thread.last]
            self._forget(thread)
        for key, weight in story.weights.items():
            total[key] = total.get(key, 0) + weight
        ranked = _heaviest(total, TERMS)
        known = [t for t in times if t is not None]
        self._remember(
            Thread(
                id,
                np.array([key for key, _ in ranked], np.int64),
                np.array([weight for _, weight in ranked], np.int64),
                thread.size + 1 if thread else 1,
                min(known, default=None),
                max(known, default=None),
            )
        )

    def _matches(self, story: Story, time: float | None) -> list[tuple[float, Thread]]:
        """Threads that a story is like enough to join, the likest first."""
        terms = np.array(sorted(story.weights), np.int64)
        if not len(terms):
            return []
        weights = np.array([story.weights[key] for key in terms.tolist()], np.int64) * self._telling(terms)
        near: dict[str, int] = {}
        for key, weight in _heaviest(dict(zip(terms.tolist(), weights.tolist(), strict=True)), KEYS):
            for id in self._by_key.get(key, ())[-LATEST:]:
                near[id] = near.get(id, 0) + weight
        ids = heapq.nlargest(CANDIDATES, near.items(), key=lambda item: item[1])
        threads = [thread for id, _ in ids if self._in_time(thread := self._open[id], time)]
        scores = self._likeness(terms, weights, threads)
        likely = [
            (score, thread)
            for score, thread in zip(scores, threads, strict=True)
            if score >= self.settings.likeness + GROWN * math.log(thread.size) ** 2
        ]
        return sorted(likely, key=lambda match: -match[0])

    def _telling(self, terms: I64) -> I64:
        """How much terms tell one thread from the others, in sixteenths: what many open threads have tells little."""
        many = len(self._open) + FEW
        with_it = self._threads_with[terms & BUCKETS]
        told: I64 = np.rint(16 * np.log(many / (with_it + 1)) / math.log(many)).astype(np.int64)
        return told

    def _likeness(self, terms: I64, weights: I64, threads: list[Thread]) -> list[float]:
        """Cosine of a story with each of some threads."""
        if not threads:
            return []
        thread_terms = np.concatenate([thread.terms for thread in threads])
        sums = np.concatenate([thread.weights for thread in threads]) * self._telling(thread_terms)
        at = np.searchsorted(terms, thread_terms)
        at[at == len(terms)] = 0
        shared = np.where(terms[at] == thread_terms, weights[at], 0)
        starts = np.cumsum([0, *(len(thread.terms) for thread in threads[:-1])])
        products = np.add.reduceat(shared * sums, starts).tolist()
        lengths = np.add.reduceat(sums * sums, starts).tolist()
        squared = int((weights * weights).sum())
        return [
            product / (math.sqrt(squared * length) or 1.0) for product, length in zip(products, lengths, strict=True)
        ]

    def _in_time(self, thread: Thread, time: float | None) -> bool:
        if time is None or thread.first is None or thread.last is None:
            return True
        return thread.first - self.settings.window <= time <= thread.last + self.settings.window

    def _remember(self, thread: Thread) -> None:
        self._open[thread.id] = thread
        self._threads_with[thread.terms & BUCKETS] += 1
        for key in thread.heaviest():
            self._by_key.setdefault(key, []).append(thread.id)
        if len(self._open) > OPEN:
            self._forget(next(iter(self._open.values())))

    def _forget(self, thread: Thread) -> None:
        del self._open[thread.id]
        self._threads_with[thread.terms & BUCKETS] -= 1
        for key in thread.heaviest():
            ids = self._by_key[key]
            ids.remove(thread.id)
            if not ids:
                del self._by_key[key]


def _heaviest(weights: Mapping[int, int], most: int) -> list[tuple[int, int]]:
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]


def _decisive(story: Story, thread: Thread) -> tuple[str, ...]:
    """The terms of a story that give most of its likeness with a thread; nothing whose words are named already."""
    parts = [
        (weight * story.weights[key], story.names[key])
        for key, weight in zip(thread.terms.tolist(), thread.weights.tolist(), strict=True)
        if key in story.weights
    ]
    shown: list[str] = []
    words: set[str] = set()
    for _, name in sorted(parts, key=lambda part: (-part[0], part[1])):
        if len(shown) < SHOWN and not words.issuperset(name.split()):
            shown.append(name)
            words.update(name.split())
    return tuple(shown)
