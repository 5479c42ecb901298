"""Remove raw pages that are old or too many, and, where asked, their articles and records."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import pages, store
from ..console import Console
from ..errors import NewsmillError
from ..extract import draft_cache
from ..files import PRUNED
from ..project import Project
from ..records import journal
from ..runner.run import Options
from ..runner.run import run as chain
from ..runner.stages import NAMES, OUTPUTS
from ..timestamps import utc

_DATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)-(\d\d)-(\d\d)Z)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch of raw/, as prune sees it."""

    name: str
    paths: tuple[Path, ...]
    time: float  # by its name where that is a date, else of its newest file
    bytes: int  # under raw/, and under clean/ where records go too


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go, oldest first, and what has to stay although it is old."""

    gone: tuple[Entry, ...]
    kept: tuple[tuple[str, str], ...]  # (batch, why)


def plan(project: Project, *, days: float | None, gigabytes: float | None, records: bool, now: float) -> Plan:
    """The batches that are older than `days`, and the oldest ones until the rest fits into `gigabytes`.

    A batch stays while a stage has not finished it as it is now: nothing would be left of pages that came since. So do
    loose pages: what is put into raw/ tomorrow belongs to the same batch.
    """
    stale = unfinished(project)
    entries = sorted(_entries(project, records), key=lambda e: (e.time, e.name))
    total = sum(entry.bytes for entry in entries)
    gone: list[Entry] = []
    kept: list[tuple[str, str]] = []
    for entry in entries:
        old = days is not None and entry.time < now - days * 86_400
        if not old and (gigabytes is None or total <= gigabytes * 1e9):
            continue
        if why := _stays(project, entry, stale):
            kept.append((entry.name, why))
            continue
        gone.append(entry)
        total -= entry.bytes
    return Plan(tuple(gone), tuple(kept))


def apply(project: Project, doomed: Plan, *, records: bool, now: float) -> None:
    """Remove the batches, the marker first: it tells the stages that a batch without raw pages keeps its outputs.

    Killed in between, some pages and all outputs are left; pages that are left are extracted again, as new pages under
    the batch's name are, and their rows are added to the others. Raises NewsmillError.
    """
    for entry in doomed.gone:
        folder = project.clean / entry.name
        at = utc(now)
        store.write_json(folder / PRUNED, {"at": at, "raw": True, "records": records})
        for path in entry.paths:
            _remove(path)
        for path in draft_cache.files(project, entry.name):
            path.unlink(missing_ok=True)
        if records:
            _empty(folder)


def _empty(folder: Path) -> None:
    for name in OUTPUTS:
        (folder / name).unlink(missing_ok=True)


def _finish(project: Project) -> None:
    """Remove the outputs that a `prune --records` was killed over: their raw pages are gone already."""
    present = {batch.name for batch in pages.batches(project.raw)} if project.raw.is_dir() else set()
    for name in project.done():
        folder = project.clean / name
        if name not in present and (store.read_json(folder / PRUNED) or {}).get("records"):
            _empty(folder)


def run(project: Project, *, days: float | None, gigabytes: float | None, records: bool, dry_run: bool) -> Plan:
    """Prune under the locks of all stages. Raises Locked, NewsmillError."""
    now = time.time()
    with store.hold(project.state / "locks", exclusive=(*NAMES, store.RAW)):
        if not dry_run:
            _finish(project)
        doomed = plan(project, days=days, gigabytes=gigabytes, records=records, now=now)
        if not dry_run:
            apply(project, doomed, records=records, now=now)
            if records:
                with suppress(NewsmillError):  # else the next run logs it
                    journal.catch_up(project, "prune")
    return doomed


def _entries(project: Project, records: bool) -> Iterator[Entry]:
    if not project.raw.is_dir():
        return
    for batch in pages.batches(project.raw):
        stats = [path.lstat() for path in pages.inputs(batch) if os.path.isfile(path)]  # noqa: PTH113  (never raises)
        at = _dated(batch.name) or max((s.st_mtime for s in stats), default=0.0)
        size = sum(s.st_size for s in stats)
        if records:
            size += sum(p.lstat().st_size for p in (project.clean / batch.name).glob("*.jsonl"))
        yield Entry(batch.name, batch.entries, at, size)


def unfinished(project: Project) -> frozenset[str]:
    """Batches that a run would work on: it compares their pages, files and settings with what was done."""
    report = chain(project, Options(dry_run=True), Console(quiet=True))
    return frozenset(name for names in report.done.values() for name in names) | frozenset(report.failed)


def _stays(project: Project, entry: Entry, stale: frozenset[str]) -> str | None:
    if entry.name == pages.LOOSE:
        return "loose pages: put them into folders, one for each day"
    if entry.name in stale or not all(project.manifest(entry.name, stage) for stage in NAMES):
        return "not finished: pages or settings changed since the last run; `newsmill run` comes first"
    folder = next((path for path in entry.paths if path.is_symlink()), None)
    if folder is not None:
        return "a link: newsmill never read what it leads to"
    return None


def _dated(name: str) -> float | None:
    if not (parts := _DATED.match(name)):
        return None
    try:
        return datetime(*(int(p or 0) for p in parts.groups()), tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
