"""Chosen records -> a file, a folder or a stream in one of the forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from .. import store
from ..console import escaped, harmless
from ..errors import UsageError
from ..project import Project, check_target
from ..records import journal
from . import changes
from .forms import FORMS, Form, check_fields, check_fts
from .options import Options
from .rows import Choice, lines


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    records: int
    removed: int | None = None  # records that a follower removes; None without --since-run
    until: str | None = None  # the run up to which it holds


def write(project: Project, choice: Choice, form: Form, target: Path | IO[bytes] | str, options: Options) -> Written:
    """Write the chosen records, to a file whole or not at all. Raises UsageError, NewsmillError, Locked."""
    check_fields(form, options.fields)
    if isinstance(target, Path):
        check_target(project, target)
    if options.fts:
        check_fts(form)
    options = replace(options, run=journal.last(project))
    if choice.since_run is not None:
        _check_following(project, choice, form)
        since = changes.since(project, choice.since_run, all_revisions=choice.all_revisions, wait=choice.wait)
        options = replace(options, run=since.until, changes=since)
    chosen = lines(project, choice, options.changes)
    count = _write(form, chosen if form.lines else (line.row() for line in chosen), target, options)
    if options.changes is None:
        return Written(count)
    return Written(count, sum(1 for _ in options.changes.removed()), options.run)


def _write(form: Form, given: Any, target: Path | IO[bytes] | str, options: Options) -> int:
    module = import_module(f".{form.module}", __package__)
    if isinstance(target, str):
        return int(module.write(given, target, options))
    if not isinstance(target, Path):
        out = _Terminal(target, json=form.json) if target.isatty() else target
        return int(module.write(given, out, options))
    if form.target == "folder":
        return int(module.write(given, target, options))
    with store.atomic(target) as temporary:
        if form.target == "file":
            temporary.unlink(missing_ok=True)
            return int(module.write(given, temporary, replace(options, old=target)))
        with temporary.open("wb") as file:
            return int(module.write(given, file, options))


def _check_following(project: Project, choice: Choice, form: Form) -> None:
    """Raises UsageError where --since-run cannot be kept."""
    if not form.removals:
        able = ", ".join(f.name for f in FORMS if f.removals)
        raise UsageError(f"--since-run: {form.name} cannot say what was removed; possible with {able}")
    if choice.newest is not None:
        raise UsageError("--since-run and --newest cannot be combined: what drops out of the newest is no change")
    if choice.copies and not project.config.records.copies:
        raise UsageError(
            "--since-run and --with-copies cannot be combined: only changes of records are kept; "
            "with `copies = true` under [records] in config.toml copies are records too"
        )


class _Terminal:
    """A terminal as a binary stream: what pages say must not reach it as a command."""

    def __init__(self, stream: IO[bytes], *, json: bool) -> None:
        self.stream = stream
        self.clean = escaped if json else harmless

    def write(self, data: bytes) -> int:
        self.stream.write(self.clean(data.decode("utf-8", "replace")).encode())
        return len(data)
