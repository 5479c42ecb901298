"""duplicates of all batches -> the clusters: who published first, who followed, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..dedup.clusters import members
from ..project import Project


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a cluster."""

    id: str
    batch: str
    relation: str | None  # None for the cluster's first article
    source: str | None
    published_at: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Cluster:
    id: str
    size: int  # articles, revisions and pages scraped again left out
    members: tuple[Member, ...]  # in the order in which they came in


def largest(project: Project, most: int, smallest: int = 2) -> list[Cluster]:
    """The `most` clusters with the most different articles, largest first."""
    many = ((name, ids) for name, ids in members(project).items() if len(ids) >= smallest)
    chosen = sorted(many, key=lambda item: (-len(item[1]), item[0]))[:most]
    facts = _facts(project, {i for _, relations in chosen for i in relations})
    return [
        Cluster(name, len(relations), tuple(_member(i, relation, facts) for i, relation in relations.items()))
        for name, relations in chosen
    ]


def _facts(project: Project, ids: set[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """id -> (batch, row) for the first article with each id."""
    facts: dict[str, tuple[str, dict[str, Any]]] = {}
    for batch, row in project.articles_with(ids):
        facts.setdefault(row["id"], (batch, row))
    return facts


def _member(name: str, relation: str | None, facts: dict[str, tuple[str, dict[str, Any]]]) -> Member:
    batch, row = facts.get(name, ("", {}))
    return Member(name, batch, relation, row.get("source"), row.get("published_at"), row.get("title"))
