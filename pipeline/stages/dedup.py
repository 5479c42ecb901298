"""clean/<batch>/articles.jsonl and the index -> duplicates.jsonl, and the batch's segment of the index."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any

from .. import store
from ..dedup import Index
from ..errors import NewsmillError
from ..model import Article, Duplicate
from ..project import Project


def run(project: Project, batch: str, earlier: Sequence[str], index: Index, progress: store.Progress) -> dict[str, Any]:
    """Compare a batch with itself and with the batches before it. Returns hashes and counts for the manifest.

    The segment goes first, the duplicates after it: a run killed between them does the batch again.
    """
    folder = project.clean / batch
    before = verdicts(project, batch)
    articles = store.read(Article, folder / "articles.jsonl")
    duplicates, segment = index.decide(batch, articles, earlier, progress)
    index.add(batch, segment)
    relations: collections.Counter[str] = collections.Counter()
    with store.writer(folder / "duplicates.jsonl") as write:
        for row in duplicates:
            write(row)
            relations[row.relation] += 1
    after = {row.id: row for row in duplicates}
    changed = sorted(i for i in before.keys() | after.keys() if before.get(i) != after.get(i)) if before else []
    return {
        "outputs": {"duplicates.jsonl": write.sha256},
        "counts": {"duplicates": store.counted(relations)},
        "changed": changed,
    }


def verdicts(project: Project, batch: str) -> dict[str, Duplicate]:
    """What an earlier run said of the batch's articles; {} where it said nothing or its file is damaged."""
    try:
        return {row.id: row for row in store.read(Duplicate, project.clean / batch / "duplicates.jsonl")}
    except (ValueError, NewsmillError):
        return {}
