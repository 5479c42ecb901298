"""clean/<batch>/articles, duplicates -> threads: the thread of every article, copies in that of their original."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from ..files import ARTICLES, DUPLICATES, THREADS
from ..stage import Change, Context, Facts, Result, Stage, Work
from . import VERSION
from .places import file_of, folder_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..config import Config
    from ..model import Article
    from ..project import Project
    from .state import State
    from .terms import Story


def settings(config: Config, facts: Facts | None) -> object:
    from ..config import digest

    return digest(config.threads)


def run(work: Work) -> Result:
    """Put every article of a batch into a thread, in the order of the batch.

    The state goes first, the verdicts after it: a run killed between them does the batch again.
    """
    from .. import store
    from ..model import Duplicate
    from ..records.join import of_batch
    from .state import Touched
    from .verdict import threaded

    folder = work.project.clean / work.batch
    state: State = work.session.state
    before = verdicts(folder)
    threads = state.before(work.earlier)
    touched, homes = Touched(), dict[str, str]()
    counts = dict.fromkeys(("opened", "joined", "copy"), 0)
    changes: list[Change] = []
    with store.writer(folder / THREADS) as write:
        for article, joined in of_batch(folder, (Duplicate,)):
            duplicate = joined.get(Duplicate)
            cluster = duplicate.cluster_id if duplicate else None
            row = threaded(article.id, cluster, partial(_read, article), threads, homes, state.home)
            if row.how != "copy":
                touched.add(row.thread.id)
            write(row)
            counts[row.how] += 1
            old, now = before.get(article.id), row.thread.id
            if old is not None and old != now:
                was = {"thread": old}
                changes.append(Change(work.batch, article.id, article.title, was, {"thread": now}, "threads"))
            work.progress(1)
        state.keep(work.batch, touched.among(threads), homes)
    return Result({THREADS: write.sha256}, {"threads": counts}, changes=changes)


def _read(article: Article) -> tuple[Story, float | None]:
    from .state import story, time_of

    return story(article), time_of(article)


class Opened:
    """The threads that are open, of the batches that are up to date; read where a batch needs them."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @cached_property
    def state(self) -> State:
        context = self.context
        state = _state(context.project)
        if context.rebuild:
            for batch in context.up_to_date:
                state.drop(batch)
        state.repair(context.up_to_date, missing=True)
        context.repaired.extend(batch for batch in state.repaired if batch not in context.repaired)
        return state


def open_state(context: Context) -> Opened:
    """What is kept of the batches that are up to date, made again where a file of it is missing."""
    opened = Opened(context)
    folder = folder_of(context.project)
    if context.rebuild or not all(file_of(folder, batch).exists() for batch in context.up_to_date):
        _ = opened.state
    return opened


def repaired(project: Project, batches: Sequence[str]) -> None:
    """Make the state after batches that have their threads but no state."""
    _state(project).repair(batches, missing=True)


def drop(project: Project, batch: str) -> None:
    """Remove the state of a batch that is gone."""
    _state(project).drop(batch)


def _state(project: Project) -> State:
    from .assign import Settings
    from .state import State

    cfg = project.config.threads
    return State(project, Settings(cfg.likeness, cfg.window_days * 86400))


def verdicts(folder: Path) -> dict[str, str]:
    """Article -> thread as an earlier run had it; {} where there was none or its file is damaged."""
    from .. import store
    from ..errors import NewsmillError
    from ..model import Threaded

    try:
        return {row.id: row.thread.id for row in store.read(Threaded, folder / THREADS)}
    except (ValueError, NewsmillError):
        return {}


STAGE = Stage(
    "threads",
    VERSION,
    settings,
    reads=(ARTICLES, DUPLICATES),
    writes=(THREADS,),
    run=run,
    sequential=True,
    always_open=True,
    open=open_state,
    drop=drop,
)
