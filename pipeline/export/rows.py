"""Records of all batches -> the chosen ones, in the order of their batches or newest first."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .. import store
from ..files import RECORDS
from ..model import Duplicate
from ..project import Project
from ..records import join
from ..records.fields import record
from ..timestamps import instant
from .select import Known, Selection, resolved

Row = dict[str, Any]
FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records are wanted."""

    selection: Selection = field(default_factory=Selection)
    copies: bool = False  # also the articles that only repeat another one
    all_revisions: bool = False  # not only the latest of each article
    newest: int | None = None  # only so many, newest first
    tdm_allowed: bool = False  # not those whose publisher reserves text and data mining


def rows(project: Project, choice: Choice) -> Iterator[Row]:
    """The chosen records. Raises UsageError, before the first of them, for a name that no record has."""
    source = _with_copies if choice.copies else records
    last: dict[str, int] = {}
    known = Known(tuple(choice.selection.names))
    if known.options or not choice.all_revisions:
        for number, row in enumerate(source(project)):
            last[row["id"]] = number
            known.add(row)
    selection = resolved(choice.selection, known)

    def chosen(all_of: Callable[[Project], Iterator[Row]]) -> Iterator[Row]:
        for number, row in enumerate(all_of(project)):
            if not choice.all_revisions and last[row["id"]] != number:
                continue
            if choice.tdm_allowed and (row.get("rights") or {}).get("tdm") == "reserved":
                continue
            if selection.takes(row):
                yield row

    if choice.newest is None:
        return chosen(source)
    return iter(heapq.nlargest(choice.newest, chosen(source), key=lambda row: (moment(row), row["id"])))


def moment(row: Row) -> datetime:
    """When a record was published, else fetched; the first moment of all where neither is known."""
    return instant(row["published_at"]) or instant(row["fetched_at"]) or FIRST


def records(project: Project) -> Iterator[Row]:
    """The records of all batches."""
    for batch in project.done():
        yield from store.rows(project.clean / batch / RECORDS)


def _with_copies(project: Project) -> Iterator[Row]:
    """Every article as a record but those that brought nothing new (`same`)."""
    runs = join.Runs(project.config)
    for _, path in project.articles():
        for article, found in join.of_batch(path.parent):
            if join.is_new(found.get(Duplicate), copies=True):
                yield json.loads(store.to_json(record(article, found, runs.of(article))))
