"""duplicates of all batches -> the clusters: who ran a story first, who followed, and when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from ..console import print_json, table
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
    facts = _facts(project, {i for _, found in chosen for i in found})
    return [
        Cluster(name, len(found), tuple(_member(i, relation, facts) for i, relation in found.items()))
        for name, found in chosen
    ]


def _facts(project: Project, wanted: set[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """id -> (batch, row) for the first article with each id."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for batch, path in project.articles():
        with path.open("rb") as file:
            for line in file:
                name = line[7:39].decode("ascii", "replace")  # {"id":"…32 hex digits
                if name in wanted and name not in found:
                    found[name] = batch, json.loads(line)
    return found


def _member(name: str, relation: str | None, facts: dict[str, tuple[str, dict[str, Any]]]) -> Member:
    batch, row = facts.get(name, ("", {}))
    return Member(name, batch, relation, row.get("source"), row.get("published_at"), row.get("title"))


def show(found: list[Cluster], *, as_json: bool) -> None:
    """Each cluster with its articles, on stdout."""
    if as_json:
        print_json([asdict(cluster) for cluster in found])
        return
    lines: list[tuple[object, ...]] = []
    for cluster in found:
        for n, m in enumerate(cluster.members):
            name = "" if n else f"{cluster.id[:8]} ({cluster.size})"
            when = (m.published_at or m.batch)[:16].replace("T", " ")
            lines.append((name, m.relation or "first", when, m.source or "", (m.title or "")[:60], m.id[:8]))
    table(("cluster", "as", "when", "outlet", "title", "id"), lines)
