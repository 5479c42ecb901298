"""newsmill report: collects, renders, writes the file, says where it is."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from .. import store
from ..console import Console, number
from ..errors import UsageError
from ..export.select import Selection
from ..project import Project, check_target
from ..report.collect import MAX_RECORDS, collect
from ..report.render import render

DEFAULT = Path("report.html")


def write(project: Project, selection: Selection, output: Path | None, console: Console, *, open_it: bool) -> None:
    """Write the report, whole or not at all. Raises UsageError for a selection that nothing answers to, and where a
    file of the default name is not a report."""
    target = output or DEFAULT
    check_target(project, target)
    if output is None and target.is_file() and b"newsmill" not in target.read_bytes():
        raise UsageError(f"{target}: not a report of newsmill; name another file with -o, or this one to replace it")
    collected = collect(project, selection)
    page = render(collected, title=project.root.resolve().name)
    with store.atomic(target) as temporary:
        temporary.write_bytes(page)
    more = f" of {collected.total} (the newest {MAX_RECORDS})" if collected.total > len(collected.rows) else ""
    records, stories = number(len(collected.rows), "record"), number(len(collected.stories), "story", "stories")
    console.tell(f"{target}: {records}{more}, {stories}, {len(page) / 1e6:.1f} MB")
    if open_it:
        webbrowser.open(target.resolve().as_uri())
