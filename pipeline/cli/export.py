"""newsmill export: the records of all batches in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from . import complete
from .app import ProjectDir, Quiet, app


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; its ending says the form (default: JSONL on stdout)."),
    ] = None,
    form: Annotated[
        Literal["jsonl", "csv", "parquet", "sqlite"] | None,
        typer.Option("--format", "-f", help="The form, where the file's ending does not say it."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published (else fetched) at or after this date or time.")
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TOPIC",
            help="With this topic: code or label; may be repeated.",
            autocompletion=complete.topics,
        ),
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="In this language; may be repeated.")
    ] = None,
    with_copies: Annotated[
        bool, typer.Option("--with-copies", help="Also the articles that repeat another one.")
    ] = False,
    all_revisions: Annotated[
        bool, typer.Option("--all-revisions", help="Every revision, not only the latest.")
    ] = False,
    tdm_allowed: Annotated[
        bool, typer.Option("--tdm-allowed", help="Without those whose publisher reserves text and data mining.")
    ] = False,
    project: ProjectDir = None,
    quiet: Quiet = False,
) -> None:
    """The records in one file: JSONL, CSV, Parquet, SQLite.

    Those of all batches; the latest revision of each article.

    Example: newsmill export -o politics.parquet --topic politics --since 2026-11-01
    """
    import sys

    from ..export import write as export
    from ..project import open_project
    from .app import talk

    choice = export.choice(since, topic or [], language or [], with_copies, all_revisions, tdm_allowed)
    target = output or sys.stdout.buffer
    count = export.write(open_project(project), choice, export.form(output, form), target)
    if output:
        talk(quiet, False).say(f"{count} records in {output}")
