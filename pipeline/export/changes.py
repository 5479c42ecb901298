"""The run log -> what a store that follows has to do: the records to write, and the ids to remove with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from .. import store, tombstones
from ..errors import UsageError
from ..files import DUPLICATES, RECORDS
from ..project import Project
from ..records import journal

Why = Literal[
    "forgotten",  # taken down by `newsmill forget`
    "copy",  # it counts as a copy of another article now
    "gone",  # its page is no longer there, or is no article any more
    "filtered",  # there, but no longer among those that the filters choose
]


@dataclass(slots=True)
class Changes:
    """What happened to records since a run."""

    since: str  # as the user named the run
    begin: str | None  # the name of that run; None: the log's beginning
    until: str  # the run up to which it holds: what to ask for the next time
    events: dict[str, journal.Event]  # id -> added, changed or removed
    forgotten: frozenset[str]
    copies: frozenset[str]
    left: dict[str, None] = field(default_factory=dict)  # ids that the filters leave out now

    def leave(self, id: str) -> None:
        """A changed record is not chosen any more."""
        self.left[id] = None

    def removed(self) -> Iterator[tuple[str, Why]]:
        """(id, reason) of what has to go; complete once all records were read."""
        for id, event in self.events.items():
            if id in self.left:
                yield id, "filtered"
            elif event == "removed":
                yield id, "forgotten" if id in self.forgotten else "copy" if id in self.copies else "gone"

    def lines(self) -> Iterator[dict[str, Any]]:
        """What has to go, as objects."""
        for id, why in self.removed():
            yield {"event": "removed", "id": id, "why": why}


def since(project: Project, run: str, *, all_revisions: bool, wait: float = 0) -> Changes:
    """What changed since a run of the log. Raises UsageError for a run that it does not have, Locked during a run."""
    with store.hold(project.state / "locks", exclusive=(), shared=(RECORDS.removesuffix(".jsonl"),), wait=wait):
        journal.catch_up(project, "export")
        begin, events = journal.changes(project, run, all_revisions=all_revisions)
        until = journal.last(project)
    if until is None:
        raise UsageError(f"--since-run {run}: no run is in the log; `newsmill run` makes an entry")
    gone = {id for id, event in events.items() if event == "removed"}
    copies = {id for id in _copies(project) if id in gone} if gone else ()
    return Changes(run, begin, until, events, tombstones.forgotten(project), frozenset(copies))


def _copies(project: Project) -> Iterator[str]:
    for batch in project.done():
        for row in store.rows(project.clean / batch / DUPLICATES):
            if row["relation"] not in ("same", "revision"):
                yield row["id"]
