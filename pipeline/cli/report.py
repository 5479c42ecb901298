"""newsmill report: the records, stories and sources of a project in one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import Languages, Places, ProjectDir, Quiet, Since, Sources, Topics, Until, WatchLists, app, console


@app.command()
def report(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file (default: report.html).")] = None,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    language: Languages = None,
    place: Places = None,
    watch: WatchLists = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    project: ProjectDir = None,
    quiet: Quiet = False,
) -> None:
    """Write an HTML report: stories, topics, sources.

    Self-contained: no server, no network; opens from disk and from mail.

    Example: newsmill report --since 2026-11-16 -o week.html
    """
    from ..export.select import Selection
    from ..project import find_project
    from ..views import report as view

    lists = (tuple(names or ()) for names in (source, topic, language, place, watch))
    chosen = Selection(since, until, *lists)
    view.write(find_project(project), chosen, output, console(quiet, False), open_it=open_)
