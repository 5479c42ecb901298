"""Pages -> drafts in their order, each made in a worker process with its limits and its fallback levels.

What the stage, `newsmill page` and a distributed engine share: no project folder, no file, no cache is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..config import Config
from ..model import Page, Skipped
from ..sandbox import pool
from . import draft, draft_fast, draft_plain
from .values import PRELOAD, Draft

Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Drafted(Generic[Label]):
    """What became of a page."""

    label: Label
    value: Draft | Skipped
    outside: bool = False  # its worker was killed from outside each time: no verdict on the page, worth another try


def drafts(
    pages: Iterable[tuple[Label, Page | Skipped]], cfg: Config, *, workers: int | None = None
) -> Iterator[Drafted[Label]]:
    """A draft for each page, in their order.

    A page that takes too long, too much memory, or its worker's life is tried at the next fallback level, then it is
    Skipped; it costs no other page anything. `workers` 0 is one for each processor, None as the config says. The
    processes are kept for the next call with the same config.
    """
    order: deque[Drafted[Label] | None] = deque()  # what is read and not yet yielded; None: a worker has it

    def work() -> Iterator[tuple[Label, Page]]:
        for label, page in pages:
            if isinstance(page, Skipped):
                order.append(Drafted(label, page))
            else:
                order.append(None)
                yield label, page

    done = pool.map(
        (draft, draft_fast, draft_plain),
        work(),
        shared=(cfg.extract, cfg.site),
        preload=PRELOAD,
        workers=cfg.project.workers if workers is None else workers,
        seconds=cfg.extract.page_seconds,
        memory_mb=cfg.extract.page_memory_mb,
    )
    for (label, page), result in done:
        while (skipped := order.popleft()) is not None:
            yield skipped
        if isinstance(result, pool.Lost):
            yield Drafted(label, Skipped(page.raw, page.url, result.reason, result.detail), result.outside)
        else:
            yield Drafted(label, result)
    yield from (skipped for skipped in order if skipped is not None)
