"""duplicates of all batches -> clusters: which articles tell one story, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Collection

from .. import store
from ..files import DUPLICATES
from ..project import Project


def members(project: Project) -> dict[str, dict[str, str | None]]:
    """cluster -> its articles with their relation (None for the first one); pages scraped again are left out."""
    ids: dict[str, dict[str, str | None]] = {}
    for batch in project.done():
        for row in store.rows(project.clean / batch / DUPLICATES):
            if row["relation"] in ("exact", "near", "part"):
                ids.setdefault(row["cluster_id"], {row["cluster_id"]: None})[row["id"]] = row["relation"]
    return ids


def grown(project: Project, batches: Collection[str], limit: int) -> dict[str, int]:
    """Clusters of more than `limit` articles that articles of `batches` joined, with their sizes."""
    touched = {r["cluster_id"] for b in batches for r in store.rows(project.clean / b / DUPLICATES)}
    return {name: len(ids) for name, ids in members(project).items() if name in touched and len(ids) > limit}
