"""forgotten.jsonl beside config.toml: articles that were taken down and must not come back."""

from __future__ import annotations

from . import store
from .project import Project

FORGOTTEN = "forgotten.jsonl"  # outlives raw/, clean/ and the state folder


def forgotten(project: Project) -> frozenset[str]:
    """Ids and URL keys that must not come back."""
    return frozenset(
        value
        for row in store.rows(project.root / FORGOTTEN)
        for value in (row.get("id"), row.get("key"))
        if isinstance(value, str)
    )
