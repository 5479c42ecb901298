"""The open threads between batches: .newsmill/threads/<batch>.npz holds those that a batch touched, as it left them.

The threads open after some batches are the latest OPEN that their files hold, each as its last batch left it. A file
that is missing or damaged is made again from the batch's articles and its threads.jsonl.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import store
from ..files import ARTICLES, THREADS
from ..model import Article, Threaded
from ..project import Project
from ..timestamps import seconds
from . import terms
from .assign import OPEN, Settings, Thread, Threads
from .places import file_of, folder_of
from .terms import Story

VERSION = 2


class State:
    """The threads open after a row of batches, kept from batch to batch of one run."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.project = project
        self.folder = folder_of(project)
        self.settings = settings
        self.threads = Threads(settings)
        self.after: tuple[str, ...] | None = None  # the batches it stands after; None: of none yet
        self.homes: dict[str, str] = {}  # article -> thread, of the articles that are no copies
        self._searched: set[str] = set()  # batches whose articles are among `homes`
        self.repaired: list[str] = []  # batches whose file was made again

    def before(self, batches: Sequence[str]) -> Threads:
        """The threads as they are open after some batches."""
        batch_names = tuple(batches)
        if self.after != batch_names:
            self.repair(batch_names)
            self.threads = self._open(batch_names)
            self.homes, self._searched = {}, set()
            self.after = batch_names
        return self.threads

    def home(self, article: str) -> str | None:
        """The thread of an article in the batches before, looked for in the latest first."""
        for batch in reversed(self.after or ()):
            if article in self.homes:
                break
            if batch not in self._searched:
                self._searched.add(batch)
                for row in store.read(Threaded, self.project.clean / batch / THREADS):
                    if row.how != "copy":
                        self.homes.setdefault(row.id, row.thread.id)
        return self.homes.get(article)

    def keep(self, batch: str, touched: Iterable[Thread], homes: dict[str, str]) -> None:
        """Write what a batch left behind."""
        self._write(batch, list(touched))
        self.homes.update(homes)
        self._searched.add(batch)
        self.after = (*(self.after or ()), batch)

    def drop(self, batch: str) -> None:
        self._path(batch).unlink(missing_ok=True)

    def _path(self, batch: str) -> Path:
        return file_of(self.folder, batch)

    def _write(self, batch: str, threads: Sequence[Thread]) -> None:
        sizes = [len(thread.terms) for thread in threads]
        times = [[math.nan if t is None else t for t in (thread.first, thread.last)] for thread in threads]
        none = np.zeros(0, np.int64)
        with store.atomic(self._path(batch)) as temporary, temporary.open("wb") as file:
            np.savez(
                file,
                version=np.array(VERSION),
                ids=np.array([thread.id for thread in threads], np.str_),
                stories=np.array([thread.size for thread in threads], np.int32),
                times=np.array(times, np.float64).reshape(-1, 2),
                bounds=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
                terms=np.concatenate([none, *(thread.terms for thread in threads)]).astype(np.uint32),
                weights=np.concatenate([none, *(thread.weights for thread in threads)]).astype(np.uint32),
            )

    def _open(self, batches: Sequence[str]) -> Threads:
        return Threads(self.settings, latest(self._read(batch) or [] for batch in reversed(batches)))

    def _read(self, batch: str) -> list[Thread] | None:
        """The threads a batch touched, the one touched last at the end; None where its file cannot be used."""
        try:
            with np.load(self._path(batch)) as file:
                held = {name: file[name] for name in file.files}
            return list(_threads(held)) if int(held["version"]) == VERSION else None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def repair(self, batches: Sequence[str], *, missing: bool = False) -> None:
        """Make files that are missing or damaged again, in the order of the batches.

        With `missing` only where one is missing: all are read then, for what follows rests on those before it.
        """
        if missing and all(self._path(batch).exists() for batch in batches):
            return
        threads, after = None, -1
        for at, batch in enumerate(batches):
            if self._read(batch) is None:
                if threads is None or after != at - 1:
                    threads = self._open(batches[:at])
                self._write(batch, replay(self.project, batch, threads))
                self.repaired.append(batch)
                after = at


def replay(project: Project, batch: str, threads: Threads) -> list[Thread]:
    """Repeat the verdicts on a batch's articles; returns the threads they touched, the one touched last at the end."""
    folder = project.clean / batch
    touched = Touched()
    rows = store.read(Threaded, folder / THREADS)
    for article, row in zip(store.read(Article, folder / ARTICLES), rows, strict=True):
        if row.how != "copy":
            threads.place(row.thread.id, story(article), time_of(article))
            touched.add(row.thread.id)
    return touched.among(threads)


class Touched:
    """Threads in the order in which they were last touched."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def add(self, id: str) -> None:
        self._ids.pop(id, None)
        self._ids[id] = None

    def among(self, threads: Threads) -> list[Thread]:
        return [thread for id in self._ids if (thread := threads.get(id))]


def story(article: Article) -> Story:
    """The terms of an article; its standfirst counts as the beginning of its text."""
    text = f"{article.standfirst}\n\n{article.text}" if article.standfirst else article.text
    return terms.story(article.title or "", text, article.language)


def time_of(article: Article) -> float | None:
    """Seconds since 1970 when an article was published, else fetched; a bare date is its midnight, UTC."""
    published = seconds(article.published_at)
    return seconds(article.fetched_at) if published is None else published


def _threads(held: Mapping[str, Any]) -> Iterator[Thread]:
    bounds = held["bounds"].tolist()
    terms, weights = held["terms"].astype(np.int64), held["weights"].astype(np.int64)
    rows = zip(held["ids"].tolist(), held["stories"].tolist(), held["times"].tolist(), bounds, bounds[1:], strict=False)
    for id, size, (first, last), low, high in rows:
        yield Thread(
            id,
            terms[low:high].copy(),
            weights[low:high].copy(),
            size,
            None if math.isnan(first) else first,
            None if math.isnan(last) else last,
        )


def latest(files: Iterable[list[Thread]]) -> list[Thread]:
    """The OPEN threads touched last, in the order in which they were; `files` come latest first."""
    threads: dict[str, Thread] = {}
    for touched in files:
        for thread in reversed(touched):
            threads.setdefault(thread.id, thread)
        if len(threads) >= OPEN:
            break
    return list(threads.values())[:OPEN][::-1]
