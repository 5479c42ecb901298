"""clean/<batch>/articles.jsonl -> topics.jsonl."""

from __future__ import annotations

import collections
from typing import Any

from .. import store
from ..model import Article
from ..project import Project
from ..tag import Tagger


def run(project: Project, batch: str, progress: store.Progress, tagger: Tagger) -> dict[str, Any]:
    """Tag every article of a batch. Returns the hash of the file written and the counts, for the manifest."""
    folder = project.clean / batch
    topics: collections.Counter[str] = collections.Counter()
    tagged = 0
    with store.writer(folder / "topics.jsonl") as write:
        for article in store.read(Article, folder / "articles.jsonl"):
            tags = tagger.tag(article)
            write(tags)
            topics.update(topic.label for topic in tags.topics[:1])
            tagged += bool(tags.topics)
            progress(1)
    return {
        "outputs": {"topics.jsonl": write.sha256},
        "counts": {"tagged": tagged, "untagged": write.rows - tagged, "topics": store.counted(topics)},
    }
