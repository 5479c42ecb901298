"""clean/order.jsonl: the order in which batches first got their verdicts, which is the order of comparison.

A verdict rests on the batches judged before it. Were that order the order of names, a late batch with an early name
would take the place of an original and make published records vanish; so a batch keeps its place, and a late one comes
last. Names decide among batches that are judged for the first time in one run.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import files, store
from ..errors import NewsmillError
from ..project import Project

NAME = files.ORDER


@dataclass(frozen=True, slots=True)
class Place:
    """One line: a batch that has had its verdicts."""

    batch: str


def path(project: Project) -> Path:
    return project.clean / NAME


def judged(project: Project) -> list[str]:
    """The batches that have had verdicts, in order.

    A project of an older version has no such file: there the order was that of names.
    """
    if path(project).exists():
        try:
            return list(dict.fromkeys(place.batch for place in store.read(Place, path(project))))
        except NewsmillError as error:
            raise NewsmillError(
                f"{str(error).partition(';')[0]}: bring it back from a copy, or take out the damaged lines; without "
                "the file batches are judged in the order of their names, which may change published clusters"
            ) from None
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
