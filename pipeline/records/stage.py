"""articles.jsonl, duplicates.jsonl, topics.jsonl of a batch -> records.jsonl."""

from __future__ import annotations

from typing import Any

from .. import store
from ..model import Article, Duplicate, Tags
from ..project import Project
from . import join


def run(project: Project, batch: str, progress: store.Progress, run_facts: dict[str, str]) -> dict[str, Any]:
    """Write the records of a batch. Returns the hash of the file written and the counts, for the manifest."""
    folder = project.clean / batch
    joined = join.join(
        store.read(Article, folder / "articles.jsonl"),
        list(store.read(Duplicate, folder / "duplicates.jsonl")),
        list(store.read(Tags, folder / "topics.jsonl")),
    )
    with store.writer(folder / "records.jsonl") as write:
        for article, duplicate, tags in joined:
            if join.is_new(duplicate, copies=project.config.records.copies):
                write(join.record(article, tags, duplicate, run_facts))
            progress(1)
    return {"outputs": {"records.jsonl": write.sha256}, "counts": {"records": write.rows}}
