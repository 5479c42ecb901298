"""Verdicts that dedup has changed -> .newsmill/changes.jsonl, and what `newsmill status --changes` shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .. import store
from ..console import table
from ..project import Project


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an article repeated."""

    relation: str
    cluster_id: str
    matched_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """An article that counts as something else than before."""

    batch: str
    id: str
    title: str | None
    was: Verdict | None  # None: it repeated nothing
    now: Verdict | None


def write(project: Project, found: Iterable[Change]) -> None:
    """Keep the changes of the last run in which dedup had work: `make` calls each stage as a run of its own."""
    with store.writer(project.state / "changes.jsonl") as keep:
        for change in found:
            keep(change)


def read(project: Project) -> list[Change]:
    """The changes of the last run in which dedup had work."""
    return list(store.read(Change, project.state / "changes.jsonl"))


def as_json(project: Project) -> list[dict[str, Any]]:
    return [asdict(change) for change in read(project)]


def show(project: Project) -> None:
    """A line for each article, on stdout."""
    lines = [(c.batch, c.id, c.title or "", _words(c.was), _words(c.now)) for c in read(project)]
    table(("batch", "article", "title", "was", "is now"), lines)


def _words(verdict: Verdict | None) -> str:
    return f"{verdict.relation} {verdict.matched_id}" if verdict else "new"
