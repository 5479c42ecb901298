"""clean/<batch>/articles.jsonl and the index -> duplicates.jsonl, and the batch's segment of the index."""

from __future__ import annotations

import collections
from collections.abc import Sequence
from typing import Any

from .. import store
from ..errors import NewsmillError
from ..model import Article, Duplicate
from ..project import Project
from ..query import changes
from . import Index


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
    return {
        "outputs": {"duplicates.jsonl": write.sha256},
        "counts": {"duplicates": store.counted(relations)},
        "changed": [] if before is None else changed(project, batch, before, after),
    }


def verdicts(project: Project, batch: str) -> dict[str, Duplicate] | None:
    """What an earlier run said of the batch's articles; None where it said nothing or its file is damaged."""
    path = project.clean / batch / "duplicates.jsonl"
    try:
        return {row.id: row for row in store.read(Duplicate, path)} if path.exists() else None
    except (ValueError, NewsmillError):
        return None


def changed(
    project: Project, batch: str, before: dict[str, Duplicate], after: dict[str, Duplicate]
) -> list[changes.Change]:
    """Articles that were there before and count as something else now; what came or went with its page is no change."""
    other = {i for i in before.keys() | after.keys() if _verdict(before.get(i)) != _verdict(after.get(i))}
    if not other:
        return []
    folder = project.clean / batch  # its records are those of the last run
    known = before.keys() | {row["id"] for row in store.rows(folder / "records.jsonl")}
    titles = {row["id"]: row["title"] for row in store.rows(folder / "articles.jsonl")}
    return [
        changes.Change(batch, i, titles[i], _verdict(before.get(i)), _verdict(after.get(i)))
        for i in titles
        if i in other and i in known
    ]


def _verdict(row: Duplicate | None) -> changes.Verdict | None:
    return changes.Verdict(row.relation, row.cluster_id, row.matched_id) if row else None
