"""A part of the pages -> their drafts in a file of the shard's own: `newsmill extract --shard I/N`.

Shards of one project may run side by side, on one machine or on several that share its folder; `newsmill run` then
finds the drafts and goes on from them. What a shard did not do, the run does: how pages are divided decides no output.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .. import pages, store
from ..console import Console
from ..errors import UsageError
from ..model import Page, Skipped
from ..project import Project
from .draft_cache import DraftCache

MANY = 8  # files for each shard from which files are divided; with fewer each shard reads all and divides their pages


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of the pages."""

    number: int  # from 1
    of: int

    @property
    def name(self) -> str:
        return f"{self.number}-of-{self.of}"

    def has(self, text: str) -> bool:
        """Whether what is named so belongs to it; the same on every machine."""
        return zlib.crc32(text.encode("utf-8", "surrogateescape")) % self.of == self.number - 1


def parsed(text: str) -> Shard:
    """I/N with 1 <= I <= N. Raises UsageError."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(f"--shard {text}: give it as I/N, from 1/N to N/N")
    return Shard(int(match[1]), int(match[2]))


def run(project: Project, shard: Shard, only: Collection[str], wait: float, console: Console) -> int:
    """Draft the pages of a shard; returns how many. Raises UsageError, Locked where a run is at work.

    One shard done twice at once writes lines into each other: those are passed over, and their pages done by the run.
    """
    with store.hold(project.state / "locks", exclusive=(), shared=("extract",), wait=wait):
        batches = pages.batches(project.raw)
        if unknown := sorted(set(only) - {batch.name for batch in batches}):
            raise UsageError(f"{', '.join(unknown)}: no such batch in {project.raw}")
        by_file = sum(len(pages.files(batch)) for batch in batches) >= MANY * shard.of
        drafted = 0
        for batch in batches:
            if only and batch.name not in only:
                continue
            with console.progress(f"extract {batch.name}, shard {shard.name}", None) as progress:
                shard_pages = _pages(project, batch, shard, by_file)
                drafted += DraftCache(project, batch).fill_shard(shard_pages, shard.name, progress)
    return drafted


def _pages(project: Project, batch: pages.Batch, shard: Shard, by_file: bool) -> Iterator[Page | Skipped]:
    for path in pages.files(batch):
        if by_file and not shard.has(pages.shown(path, project.root)):
            continue
        for page in pages.read_file(batch, path, project.root, project.config.extract.max_bytes):
            if by_file or shard.has(f"{page.raw.path}\n{page.raw.key}\n{page.raw.sha256}"):
                yield page
