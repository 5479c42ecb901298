"""clean/<batch>/articles -> topics: media topics and the user's own tags of every article."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from ..files import ARTICLES, TOPICS
from ..stage import Change, Facts, Result, Stage, Work
from . import VERSION

if TYPE_CHECKING:
    from ..config import Config
    from ..project import Project


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
            given = [*row.topics]
            if (old := before.get(row.id)) is not None and old != given:  # what is new has not changed
                changes.append(Change(batch, row.id, row.title, {"topics": old}, {"topics": given}, "tag"))
            if row.first is not None:
                topics[row.first] += 1
                tagged += 1
            work.progress(1)
    return Result(
        {TOPICS: write.sha256},
        {"tagged": tagged, "untagged": write.rows - tagged, "topics": store.counted(topics)},
        changes=changes,
    )


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
