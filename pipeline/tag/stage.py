"""clean/<batch>/articles.jsonl -> topics.jsonl."""

from __future__ import annotations

import collections
from typing import Any

from .. import store
from ..errors import NewsmillError
from ..model import Article, Tags
from ..project import Project
from . import Tagger


def run(project: Project, batch: str, progress: store.Progress, tagger: Tagger) -> dict[str, Any]:
    """Tag every article of a batch. Returns the hash of the file written and the counts, for the manifest, and the
    ids of articles that had other tags before."""
    folder = project.clean / batch
    before = verdicts(project, batch)
    changed: list[str] = []
    topics: collections.Counter[str] = collections.Counter()
    tagged = 0
    with store.writer(folder / "topics.jsonl") as write:
        for article in store.read(Article, folder / "articles.jsonl"):
            tags = tagger.tag(article)
            write(tags)
            if before and before.get(tags.id) != [topic.id for topic in tags.topics]:
                changed.append(tags.id)
            topics.update(topic.label for topic in tags.topics[:1])
            tagged += bool(tags.topics)
            progress(1)
    return {
        "outputs": {"topics.jsonl": write.sha256},
        "counts": {"tagged": tagged, "untagged": write.rows - tagged, "topics": store.counted(topics)},
        "changed": changed,
    }


def verdicts(project: Project, batch: str) -> dict[str, list[str]]:
    """The tags an earlier run gave the batch's articles; {} where it gave none or its file is damaged."""
    try:
        rows = store.read(Tags, project.clean / batch / "topics.jsonl")
        return {row.id: [topic.id for topic in row.topics] for row in rows}
    except (ValueError, NewsmillError):
        return {}
