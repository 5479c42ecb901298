"""What a run did: for people, for .newsmill/last-run.json and for `newsmill status --changes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .. import __version__, store
from ..errors import NewsmillError
from ..project import Project
from ..stage import Change
from ..timestamps import utc


@dataclass
class Report:
    """What a run did."""

    done: dict[str, list[str]] = field(default_factory=dict)  # stage -> batches worked on
    removed: list[str] = field(default_factory=list)  # batches whose raw pages are gone
    changes: dict[str, list[Change]] = field(default_factory=dict)  # stage -> articles that came out differently
    repaired: list[str] = field(default_factory=list)  # batches whose part of the index was damaged or missing
    failed: dict[str, str] = field(default_factory=dict)  # batch -> what went wrong
    seconds: dict[str, float] = field(default_factory=dict)  # stage -> wall time
    run: str | None = None  # its name in the run log, where it changed records

    @property
    def worked(self) -> bool:
        return bool(self.removed or self.repaired or any(self.done.values()))


def save(project: Project, report: Report) -> None:
    """Keep what the run did in last-run.json; a run that did nothing leaves that of the run before it."""
    if not (report.worked or report.failed):
        return
    store.write_json(project.last_run, {
        "run": report.run, "version": __version__, "finished_at": utc(),
        "done": {stage: len(names) for stage, names in report.done.items()},
        "removed": report.removed, "mended": report.repaired, "failed": report.failed,
        "changed": {stage: _by_batch(stage_changes) for stage, stage_changes in report.changes.items()},
        "seconds": {stage: round(s, 3) for stage, s in report.seconds.items()},
    })  # fmt: skip


def save_changes(project: Project, report: Report) -> None:
    """Keep the changes of each stage's last run in which it had work: `make` calls each stage as a run of its own."""
    worked = {stage for stage, names in report.done.items() if names}
    if not worked:
        return
    earlier = [change for change in read_changes(project) if change.stage not in worked]
    changes = [change for stage in report.changes for change in report.changes[stage]]
    with store.writer(project.changes) as write:
        for change in (*earlier, *changes):
            write(change)


def read_changes(project: Project) -> list[Change]:
    """The changes that the last runs kept; none where the file is damaged."""
    try:
        return list(store.read(Change, project.changes))
    except (ValueError, NewsmillError):
        return []


@dataclass(frozen=True, slots=True)
class LastRun:
    """What last-run.json says of the last run that had work or a failure."""

    version: str
    finished_at: str
    done: dict[str, int]
    failed: dict[str, str]
    seconds: dict[str, float]


def last_run(project: Project) -> LastRun | None:
    """The last run; None where there was none or its file is damaged."""
    try:
        return store.parse(LastRun, store.read_json(project.last_run) or {})
    except ValueError:
        return None


def _by_batch(changes: Sequence[Change]) -> dict[str, list[str]]:
    batches: dict[str, list[str]] = {}
    for change in changes:
        batches.setdefault(change.batch, []).append(change.id)
    return batches
