"""What is taken away, when a person asks: old raw pages, old outputs, one article everywhere."""

from __future__ import annotations

from . import store
from .project import Project

FORGOTTEN = "forgotten.jsonl"  # tombstones, beside config.toml: they outlive raw/, clean/ and the state folder


def forgotten(project: Project) -> frozenset[str]:
    """Ids and URL keys that must not come back."""
    return frozenset(
        value
        for row in store.rows(project.root / FORGOTTEN)
        for value in (row.get("id"), row.get("key"))
        if isinstance(value, str)
    )
