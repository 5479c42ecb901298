"""clean/order.jsonl: the order in which batches first got their verdicts, which is the order of comparison.

A verdict rests on the batches judged before it. Were that order the order of names, a late batch with an early name
would take the place of an original and make published records vanish; so a batch keeps its place, and a late one comes
last. Names decide among batches that are judged for the first time in one run.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from .. import store
from ..project import Project

NAME = "order.jsonl"


def path(project: Project) -> Path:
    return project.clean / NAME


def judged(project: Project) -> list[str]:
    """The batches that have had verdicts, in order.

    A project of an older version has no such file: there the order was that of names.
    """
    if path(project).exists():
        return list(dict.fromkeys(row["batch"] for row in store.rows(path(project))))
    return by_name(name for name in project.done() if project.manifest(name, "dedup"))


def places(judged: Iterable[str], names: Collection[str]) -> list[str]:
    """`names` in the order in which they are judged: those judged before in their old order, then new ones by name."""
    known = [name for name in judged if name in names]
    return known + by_name(set(names).difference(known))


def by_name(names: Iterable[str]) -> list[str]:
    return sorted(names, key=os.fsencode)


def write(project: Project, names: Iterable[str]) -> None:
    """Keep the order. Raises NewsmillError where the disk refuses."""
    with store.writer(path(project)) as keep:
        for name in names:
            keep({"batch": name})
