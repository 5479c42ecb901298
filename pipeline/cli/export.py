"""newsmill export: the records of all batches in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import number
from ..export.forms import DEFAULT, NAMES
from . import complete
from .app import Languages, Places, ProjectDir, Quiet, Since, Sources, Topics, Until, Wait, WatchLists, app


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help=f"The file, `-` for stdout; its ending selects the format ({DEFAULT.name})."
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="URL", help="A PostgreSQL database: postgresql://user@host/name.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORM", help=f"{', '.join(NAMES)}.", autocompletion=complete.forms),
    ] = None,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    language: Languages = None,
    place: Places = None,
    watch: WatchLists = None,
    since_run: Annotated[
        str | None,
        typer.Option(
            "--since-run",
            metavar="RUN",
            help="Only what was added, changed or removed since this run (status --runs); `last`: by the last one.",
        ),
    ] = None,
    newest: Annotated[int | None, typer.Option("--newest", min=1, help="At most this many, newest first.")] = None,
    fields: Annotated[str | None, typer.Option(metavar="A,B,..", help="Only these fields of the records.")] = None,
    with_copies: Annotated[
        bool, typer.Option("--with-copies", help="Also the articles that repeat another one.")
    ] = False,
    all_revisions: Annotated[
        bool, typer.Option("--all-revisions", help="Every revision, not only the latest.")
    ] = False,
    tdm_allowed: Annotated[
        bool, typer.Option("--tdm-allowed", help="Without those whose publisher reserves text and data mining.")
    ] = False,
    fts: Annotated[bool, typer.Option("--fts", help="SQLite, PostgreSQL: with a full-text index.")] = False,
    wait: Wait = 0,
    project: ProjectDir = None,
    quiet: Quiet = False,
) -> None:
    """Write the records in another format: tables, feeds, files.

    Takes all batches, and of each article the latest revision.

    Example: newsmill export -o politics.parquet --topic politics --since 2026-11-01
    """
    import sys

    from ..export import write as exports
    from ..export.forms import destination, form_for, place_of
    from ..export.options import Options
    from ..export.rows import Choice
    from ..export.select import Selection
    from ..project import find_project
    from .app import console

    target = destination(output, to)
    lists = (tuple(names or ()) for names in (source, topic, language, place, watch))
    opened = find_project(project)
    chosen_form = form_for(target, form)
    most = newest if since_run is not None else newest or chosen_form.newest
    choice = Choice(Selection(since, until, *lists), with_copies, all_revisions, most, tdm_allowed, since_run, wait)
    options = Options(tuple(filter(None, (fields or "").split(","))), fts, opened.root.resolve().name)
    done = exports.write(opened, choice, chosen_form, target or sys.stdout.buffer, options)
    if target and done.until:
        removed = f"{number(done.records, 'record')}, {done.removed} removed"
        console(quiet, False).say(f"{removed} in {place_of(target)}, up to run {done.until}")
    elif target:
        console(quiet, False).say(f"{number(done.records, 'record')} in {place_of(target)}")
