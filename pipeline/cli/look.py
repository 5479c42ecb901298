"""The commands that only look: status and show."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import print_json, raw_bytes
from .app import ArticleId, AsJson, ProjectDir, app


@app.command()
def status(
    project: ProjectDir = None,
    as_json: AsJson = False,
    summary: Annotated[bool, typer.Option("--summary", help="A few lines: counts, and where the output is.")] = False,
    changed: Annotated[
        bool, typer.Option("--changes", help="Articles of earlier runs that came out differently.")
    ] = False,
    runs: Annotated[
        bool, typer.Option("--runs", help="The runs that changed records, for export --since-run.")
    ] = False,
) -> None:
    """Show what is in clean/, and how the last run ended.

    Batches, pages, articles, skipped by reason, duplicates by relation, topics. With --changes the
    articles of earlier runs that came out differently: the old and the new verdict, tags or text of each.

    Example: newsmill status --json
    """
    from ..project import find_project
    from ..query import status
    from ..records import journal
    from ..runner.report import read_changes
    from ..views import changes as changes_view
    from ..views import project as view

    opened = find_project(project)
    if runs:
        view.runs(journal.runs(opened), as_json=as_json)
    elif changed and as_json:
        changes_view.print_as_json(read_changes(opened))
    elif changed:
        changes_view.show(read_changes(opened))
    elif as_json:
        print_json(status.as_json(opened))
    elif summary:
        view.summary(opened, status.status(opened))
    else:
        view.status(opened, status.status(opened))


@app.command()
def show(
    id: ArticleId,
    project: ProjectDir = None,
    stripped: Annotated[
        bool, typer.Option("--stripped", help="The lines of the page, each with the rule that removed it.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The page as it was scraped, as bytes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one article: its record, stripped lines, or raw page.

    Takes its id, the beginning of its id, its URL, or the path of its raw file. For a page that is no article the error
    says why it was skipped; --raw prints that page too.

    Example: newsmill show 3f2a --stripped
    """
    from ..project import find_project
    from ..query import lookup
    from ..views import project as view

    opened = find_project(project)
    if raw:
        raw_bytes(lookup.raw_page(opened, id).body)
    elif stripped:
        view.taken_off(lookup.lines(opened, lookup.article(opened, id)), as_json=as_json)
    else:
        view.record(lookup.record(opened, lookup.article(opened, id)), as_json=as_json)
