"""What the stages wrote for a batch -> records: one for each new article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..files import ARTICLES, DUPLICATES, RECORDS, TOPICS
from ..stage import Facts, Result, Stage, Work

if TYPE_CHECKING:
    from ..config import Config

VERSION = 2  # raised with any change of what a record holds


def settings(config: Config, facts: Facts | None) -> object:
    from .. import __version__
    from ..config import digest

    return (__version__, digest(config.extract, config.site, config.dedup, config.topics, config.records))


def run(work: Work) -> Result:
    """Write the records of a batch."""
    from .. import store
    from ..model import Duplicate
    from . import join
    from .fields import record

    folder = work.project.clean / work.batch
    copies = work.project.config.records.copies
    runs = join.Runs(work.project.config)
    with store.writer(folder / RECORDS) as write:
        for article, rows in join.of_batch(folder):
            if join.is_new(rows.get(Duplicate), copies=copies):
                write(record(article, rows, runs.of(article)))
            work.progress(1)
    return Result({RECORDS: write.sha256}, {"records": write.rows})


STAGE = Stage("records", VERSION, settings, reads=(ARTICLES, DUPLICATES, TOPICS), writes=(RECORDS,), run=run)
