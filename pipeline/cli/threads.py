"""The command threads: open threads, the articles of one, and the stage that makes them."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import AsJson, DryRun, Force, ProjectDir, Quiet, Verbose, Wait, app
from .chain import run_stages


@app.command()
def threads(
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="The id of a thread or of one of its articles, or its beginning.")
    ] = None,
    project: ProjectDir = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many, the largest first.")] = 20,
    closed: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    as_json: AsJson = False,
    update: Annotated[bool, typer.Option("--update", help="Run the stage: write threads.jsonl.")] = False,
    force: Force = False,
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List threads: articles on one event, over days and outlets.

    With an ID, the articles of one thread in order of time, and the terms by which each joined. --update brings
    threads.jsonl up to date, as `newsmill run` does.

    Example: newsmill threads 3f2a
    """
    from ..project import find_project

    if update:
        run_stages(("threads",), None, project, None, force, dry_run, wait, quiet, verbose)
        return
    from ..query import threads as query
    from ..views import threads as view

    opened = find_project(project)
    if id:
        view.course(query.course(opened, id), as_json=as_json)
    else:
        view.running(query.running(opened, top, closed=closed), as_json=as_json)
