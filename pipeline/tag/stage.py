"""clean/<batch>/articles -> topics: media topics and the user's own tags of every article."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from ..files import ARTICLES, TOPICS
from ..stage import Change, Facts, Result, Stage, Work
from . import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Config
    from ..project import Project
    from .isolated import Tagged


def settings(config: Config, facts: Facts | None) -> object:
    from ..config import digest

    return digest(config.topics, config.watch)


def run(work: Work) -> Result:
    """Tag every article of a batch."""
    from .. import store
    from .isolated import tagged as tag

    project, batch = work.project, work.batch
    folder = project.clean / batch
    before = verdicts(project, batch)
    changes: list[Change] = []
    topics: collections.Counter[str] = collections.Counter()
    tagged = 0
    with store.writer(folder / TOPICS) as write:
        for row in tag(folder / ARTICLES, project.config):
            write.add_json(row.line)
            changes += _changed(batch, row, before)
            if row.first is not None:
                topics[row.first] += 1
                tagged += 1
            work.progress(1)
    return Result(
        {TOPICS: write.sha256},
        {"tagged": tagged, "untagged": write.rows - tagged, "topics": store.counted(topics)},
        changes=changes,
    )


def would_change(project: Project, batch: str) -> Iterator[Change]:
    """Articles that the settings as they are now would tag otherwise than the last run did; nothing is written."""
    from .isolated import tagged as tag

    before = verdicts(project, batch)
    path = project.clean / batch / ARTICLES
    if not path.exists():  # extract has not run yet: there is nothing that could change
        return
    for row in tag(path, project.config):
        yield from _changed(batch, row, before)


def _changed(batch: str, row: Tagged, before: dict[str, list[str]]) -> Iterator[Change]:
    """Nothing for an article that is new, or has the topics it had."""
    old, given = before.get(row.id), [*row.topics]
    if old is not None and old != given:
        yield Change(batch, row.id, row.title, {"topics": old}, {"topics": given}, "tag")


def verdicts(project: Project, batch: str) -> dict[str, list[str]]:
    """The tags an earlier run gave the batch's articles; {} where it gave none or its file is damaged."""
    from .. import store
    from ..errors import NewsmillError
    from ..model import Tags

    try:
        rows = store.read(Tags, project.clean / batch / TOPICS)
        return {row.id: [topic.id for topic in row.topics] for row in rows}
    except (ValueError, NewsmillError):
        return {}


STAGE = Stage("tag", VERSION, settings, reads=(ARTICLES,), writes=(TOPICS,), run=run)
