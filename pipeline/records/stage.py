"""What the stages wrote for a batch -> records: one for each new article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..files import ARTICLES, DUPLICATES, RECORDS, THREADS, TOPICS
from ..stage import Facts, Result, Stage, Work

if TYPE_CHECKING:
    from ..config import Config

VERSION = 6  # raised with any change of what a record holds


def settings(config: Config, facts: Facts | None) -> object:
    from .. import __version__
    from .join import settings_hash

    rules = config.site
    if rules and facts:
        from ..extract.site_rules import for_hosts

        rules = for_hosts(rules, facts["hosts"])
    return __version__, settings_hash(config, rules)


def run(work: Work) -> Result:
    """Write the records of a batch."""
    from .. import store
    from ..model import Duplicate
    from ..urls import host_of
    from . import join
    from .fields import record

    folder = work.project.clean / work.batch
    copies = work.project.config.records.copies
    runs = join.Runs(work.project.config)
    hosts: set[str] = set()
    with store.writer(folder / RECORDS) as write:
        for article, rows in join.of_batch(folder):
            if join.is_new(rows.get(Duplicate), copies=copies):
                write(record(article, rows, runs.of(article)))
                hosts.update(filter(None, [host_of(article.url)]))
            work.progress(1)
    return Result({RECORDS: write.sha256}, {"records": write.rows}, {"hosts": sorted(hosts)})


STAGE = Stage("records", VERSION, settings, reads=(ARTICLES, DUPLICATES, TOPICS, THREADS), writes=(RECORDS,), run=run)
