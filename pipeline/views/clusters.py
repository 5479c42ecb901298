"""Prints clusters: who published first, who followed, and when."""

from __future__ import annotations

from dataclasses import asdict

from ..console import print_json, table
from ..query.clusters import Cluster


def show(clusters: list[Cluster], *, as_json: bool) -> None:
    """Each cluster with its articles, on stdout."""
    if as_json:
        print_json([asdict(cluster) for cluster in clusters])
        return
    lines: list[tuple[object, ...]] = []
    for cluster in clusters:
        for n, m in enumerate(cluster.members):
            name = "" if n else f"{cluster.id[:8]} ({cluster.size})"
            when = (m.published_at or m.batch)[:16].replace("T", " ")
            lines.append((name, m.relation or "first", when, m.source, m.title, m.id[:8]))
    table(("cluster", "as", "when", "outlet", "title", "id"), lines, empty="no cluster: no article repeats another one")
