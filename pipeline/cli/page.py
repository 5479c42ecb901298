"""newsmill page: pages to articles without a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import AsJson, Quiet, app, console


@app.command()
def page(
    inputs: Annotated[
        list[str], typer.Argument(metavar="PAGE", help="Files, folders, addresses; - reads one page from stdin.")
    ],
    form: Annotated[
        Literal["json", "text", "markdown", "html"], typer.Option("--format", "-f", help="What is written.")
    ] = "json",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file (default: stdout).")] = None,
    topics: Annotated[bool, typer.Option("--topics", help="In JSON: topics and places too.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="The address of the one page, where it is known.")] = None,
    stripped: Annotated[
        bool, typer.Option("--stripped", help="Every line of the page, with the rule that took it off.")
    ] = False,
    config: Annotated[Path | None, typer.Option("--config", help="A config.toml with site rules.")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="Addresses may lie on a private network.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Pages to articles: JSON, text, Markdown or HTML.

    Without a project. One JSON object a line, of every page in the files and folders named; pages without
    an article are named on stderr with the reason. Addresses are fetched as `newsmill fetch` does it. Exit 1
    where no page holds an article.

    Example: newsmill page saved-pages/ -o articles.jsonl
    """
    from ..errors import UsageError
    from ..query import loose_pages
    from ..views import loose_pages as writing
    from ..views import project as view

    cfg = loose_pages.settings(config)
    if stripped:
        if len(inputs) > 1:
            raise UsageError("--stripped goes with one page")
        view.taken_off(loose_pages.lines(inputs[0], cfg, url=url, internal=internal), as_json=as_json)
        return
    if topics and form != "json":
        raise UsageError("--topics goes with --format json")
    found = loose_pages.articles(inputs, cfg, url=url, internal=internal)
    if not writing.write(found, cfg, form, output, console(quiet, False), topics=topics):
        raise typer.Exit(1)
