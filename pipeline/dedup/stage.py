"""clean/<batch>/articles and the index -> duplicates, and the batch's segment of the index."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..files import ARTICLES, DUPLICATES, RECORDS
from ..stage import Change, Context, Facts, Result, Stage, Work
from . import VERSION

if TYPE_CHECKING:
    from ..config import Config
    from ..model import Duplicate
    from ..project import Project
    from .verdict import Index


def settings(config: Config, facts: Facts | None) -> object:
    from ..config import digest

    return digest(config.dedup)


def run(work: Work) -> Result:
    """Compare a batch with itself and with the batches before it.

    The segment goes first, the duplicates after it: a run killed between them does the batch again.
    """
    from .. import store
    from ..model import Article

    project, batch, index = work.project, work.batch, work.session.index
    folder = project.clean / batch
    before = verdicts(project, batch)
    articles = store.read(Article, folder / ARTICLES)
    duplicates, segment = index.decide(batch, articles, work.earlier, work.progress)
    index.add(batch, segment)
    relations: collections.Counter[str] = collections.Counter()
    with store.writer(folder / DUPLICATES) as write:
        for row in duplicates:
            write(row)
            relations[row.relation] += 1
    return Result(
        {DUPLICATES: write.sha256},
        {"duplicates": store.counted(relations)},
        changes=[] if before is None else changed(project, batch, before, {row.id: row for row in duplicates}),
    )


class Memory:
    """The index, opened where it is needed: 0.1 CPU s of numpy that a run with nothing to do is spared."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def index(self) -> Index:
        return _index(self.project)


def open_index(context: Context) -> Memory:
    """The index, with the segments of the batches that are up to date in order: damaged ones are made again."""
    from .folders import Folders

    memory = Memory(context.project)
    folders = Folders(context.project.index, context.project.config.dedup)
    folders.sweep(context.project.done())
    batches = context.up_to_date
    faults = [] if context.rebuild else folders.check(batches)
    todo = list(batches) if context.rebuild else [fault.batch for fault in faults]
    with context.console.progress("index", len(todo)) as progress:
        for batch in todo:
            if memory.index.rebuild(batch):
                context.repaired.append(batch)
            progress(1)
    for detail, group in groupby(sorted(faults, key=lambda fault: fault.detail), lambda fault: fault.detail):
        hit = [fault.batch for fault in group]
        more = f" and {len(hit) - 3} more" if len(hit) > 3 else ""
        context.console.warn(
            f"{context.project.index}: {detail} ({', '.join(hit[:3])}{more}); built again from the articles"
        )
    return memory


def close_index(context: Context, memory: Memory, done: Sequence[str]) -> None:
    """Say what was rebuilt, and name clusters that have grown suspiciously large."""
    from ..console import number

    project, up_to_date = context.project, context.up_to_date
    if context.rebuild:
        batches = number(len(up_to_date) + len(done), "batch", "batches")
        context.console.tell(
            f"{project.index}: rebuilt for {batches}; of {len(up_to_date)} up to date {len(context.repaired)} "
            "had been damaged or missing, the others are unchanged"
        )
    if not done:
        return
    limit = project.config.dedup.warn_cluster
    for name, size in sorted(_grown(project, done, limit).items(), key=lambda item: (-item[1], item[0])):
        context.console.warn(f"cluster {name} has {size} articles (dedup.warn_cluster = {limit}): is that one story? "
                          "`newsmill clusters` shows it")  # fmt: skip


def drop(project: Project, batch: str) -> None:
    """Remove the segment of a batch that is gone."""
    from .folders import Folders

    Folders(project.index, project.config.dedup).remove(batch)


def _index(project: Project) -> Index:
    from .verdict import Index

    return Index(project.index, project.clean, project.config.dedup, project.state / "index")


def _grown(project: Project, batches: Sequence[str], limit: int) -> dict[str, int]:
    """Clusters of more than `limit` articles that articles of `batches` joined, with their sizes."""
    from .clusters import grown

    return grown(project, batches, limit)


def verdicts(project: Project, batch: str) -> dict[str, Duplicate] | None:
    """What an earlier run said of the batch's articles; None where it said nothing or its file is damaged."""
    from .. import store
    from ..errors import NewsmillError
    from ..model import Duplicate

    path = project.clean / batch / DUPLICATES
    try:
        return {row.id: row for row in store.read(Duplicate, path)} if path.exists() else None
    except (ValueError, NewsmillError):
        return None


def changed(project: Project, batch: str, before: dict[str, Duplicate], after: dict[str, Duplicate]) -> list[Change]:
    """Articles that were there before and count as something else now; what came or went with its page is no change."""
    from .. import store

    ids = {i for i in before.keys() | after.keys() if _verdict(before.get(i)) != _verdict(after.get(i))}
    if not ids:
        return []
    folder = project.clean / batch  # its records are those of the last run
    known = before.keys() | {row["id"] for row in store.rows(folder / RECORDS)}
    titles = {row["id"]: row["title"] for row in store.rows(folder / ARTICLES)}
    return [
        Change(batch, i, titles[i], _verdict(before.get(i)), _verdict(after.get(i)))
        for i in titles
        if i in ids and i in known
    ]


def _verdict(row: Duplicate | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"relation": row.relation, "cluster_id": row.cluster_id, "matched_id": row.matched_id}


STAGE = Stage(
    "dedup",
    VERSION,
    settings,
    reads=(ARTICLES,),
    writes=(DUPLICATES,),
    run=run,
    sequential=True,
    always_open=True,
    open=open_index,
    close=close_index,
    drop=drop,
)
