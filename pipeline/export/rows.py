"""Records of all batches -> the chosen ones, in the order of their batches or newest first.

A record stays the line of JSON it is until a form wants to look inside: what the filters need is decoded alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict, TypeVar, cast

from .. import store
from ..files import RECORDS
from ..model import Duplicate
from ..project import Project
from ..records import join
from ..records.fields import record
from ..timestamps import instant
from .changes import Changes
from .select import Known, Selection, resolved

Row = dict[str, Any]
T = TypeVar("T")
FIRST = datetime.min.replace(tzinfo=UTC)


class _Topic(TypedDict):
    id: str
    label: str
    by: str


class _Place(TypedDict):
    code: str
    name: str


class Head(TypedDict):
    """The part of a record that decides whether it is chosen, and its place."""

    id: str
    published_at: str | None
    fetched_at: str | None
    language: str | None
    source: str | None
    topics: list[_Topic]
    places: list[_Place]
    rights: NotRequired[dict[str, Any] | None]


class _Id(TypedDict):
    id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a line of JSON, without the line's end."""

    json: bytes
    head: Head

    def row(self) -> Row:
        return store.decoder_of(Row).decode(self.json)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records are wanted."""

    selection: Selection = field(default_factory=Selection)
    copies: bool = False  # also the articles that only repeat another one
    all_revisions: bool = False  # not only the latest of each article
    newest: int | None = None  # only so many, newest first
    tdm_allowed: bool = False  # not those whose publisher reserves text and data mining
    since_run: str | None = None  # only what was added, changed or removed since this run
    wait: float = 0  # seconds that `since_run` waits for a run to end


def lines(project: Project, choice: Choice, changes: Changes | None = None) -> Iterator[Line]:
    """The chosen records. Raises UsageError, before the first of them, for a name that no record has.

    With `changes` only those that are among them; a changed one that is not chosen any more counts as removed.
    """
    source = _with_copies if choice.copies else _stored
    ids: set[str] = set()
    left: dict[str, int] = {}  # id -> records of it still to come; of articles with several alone
    known = Known(tuple(choice.selection.names))
    if known.options or not choice.all_revisions:
        for _, head in source(project, Head if known.options else _Id):
            if (id := head["id"]) in ids:
                left[id] = left.get(id, 1) + 1
            ids.add(id)
            known.add(cast(Row, head))
    ids.clear()
    selection = resolved(choice.selection, known)

    def chosen() -> Iterator[Line]:
        for line, head in source(project, Head):
            if not choice.all_revisions and (id := head["id"]) in left:
                left[id] -= 1
                if left[id] > 0:  # below 0 where a run added one since they were counted: told rather than lost
                    continue
            event = changes.events.get(head["id"]) if changes else None
            if changes and event in (None, "removed"):
                continue
            reserved = choice.tdm_allowed and (head.get("rights") or {}).get("tdm") == "reserved"
            if not reserved and selection.takes(cast(Row, head)):
                yield Line(line, head)
            elif changes and event == "changed":
                changes.leave(head["id"])

    if choice.newest is None:
        return chosen()
    return iter(heapq.nlargest(choice.newest, chosen(), key=lambda line: (moment(line.head), line.head["id"])))


def moment(row: Head | Row) -> datetime:
    """When a record was published, else fetched; the first moment of all where neither is known."""
    return instant(row["published_at"]) or instant(row["fetched_at"]) or FIRST


def heads(project: Project) -> Iterator[Row]:
    """Of the records of all batches what filters look at; the rest is not decoded."""
    return (cast(Row, head) for _, head in _stored(project, Head))


def _stored(project: Project, kind: type[T]) -> Iterator[tuple[bytes, T]]:
    """(line, its head) of the records of all batches."""
    for batch in project.done():
        yield from store.lines(kind, project.clean / batch / RECORDS)


def _with_copies(project: Project, kind: type[T]) -> Iterator[tuple[bytes, T]]:
    """Every article as a record but those that brought nothing new (`same`)."""
    runs = join.Runs(project.config)
    decode = store.decoder_of(kind).decode
    for _, path in project.articles():
        for article, attributes in join.of_batch(path.parent):
            if join.is_new(attributes.get(Duplicate), copies=True):
                line = store.to_json(record(article, attributes, runs.of(article)))
                yield line, decode(line)
