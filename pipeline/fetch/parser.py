"""Feeds, sitemaps and home pages read in a worker of the sandbox: a hostile one costs its own CPU limit alone."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from ..sandbox.pool import Abandoned, Lost, Pool
from .listings.items import Listing, NotAListing
from .listings.links import NamedListings
from .messages import NotParsed, ParseTask

CPU_SECONDS = 20.0
MEMORY_MB = 2048

Parsed = Listing | NamedListings | NotParsed


def parse(task: ParseTask) -> Parsed:
    """One document, in this process."""
    from .listings import feeds, links, sitemaps

    try:
        if task.kind == "links":
            return links.named(task.body, task.url, task.charset)
        if task.kind == "homepage":
            return links.articles(task.body, task.url, task.charset)
        parse_listing = feeds.parse if task.kind == "feed" else sitemaps.parse
        return parse_listing(task.body, task.url, task.charset, task.language)
    except NotAListing as error:
        return NotParsed(str(error))


class Parser:
    """A thread with one worker of the sandbox; results go to `done` with the number of their task."""

    def __init__(self, done: Callable[[int, Parsed], None]) -> None:
        self._done = done
        self._pool = Pool(parse, workers=1, seconds=CPU_SECONDS, memory_mb=MEMORY_MB)
        self._tasks: queue.Queue[tuple[int, ParseTask] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def give(self, number: int, task: ParseTask) -> None:
        self._tasks.put((number, task))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            while (entry := self._tasks.get()) is not None:
                number, task = entry
                self._done(number, checked(self._pool.run(task)))
        except Abandoned:
            pass
        finally:
            self._pool.close()

    def end(self) -> None:
        """Whatever it does: its results are not wanted any more."""
        if self._thread is not None:
            self._tasks.put(None)
            self._pool.abandon()
            self._thread.join(10)


def checked(result: Any) -> Parsed:
    """A worker taken over by a document may send what it likes."""
    if isinstance(result, Lost):
        return NotParsed(f"the parser gave up: {result.detail}")
    return result if isinstance(result, Listing | NamedListings | NotParsed) else NotParsed("no listing")
