"""newsmill page: pages to articles without a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .app import AsJson, Quiet, app, console


@app.command()
def page(
    inputs: Annotated[
        list[str], typer.Argument(metavar="PAGE", help="Files, folders, URLs; - reads one page from stdin.")
    ],
    form: Annotated[
        Literal["json", "text", "markdown", "html"], typer.Option("--format", "-f", help="The output format.")
    ] = "json",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file (default: stdout).")] = None,
    topics: Annotated[bool, typer.Option("--topics", help="In JSON: topics and places too.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="The URL of the one page, where it is known.")] = None,
    stripped: Annotated[
        bool, typer.Option("--stripped", help="Every line of the page, with the rule that removed it.")
    ] = False,
    config: Annotated[Path | None, typer.Option("--config", help="A config.toml with site rules.")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="Allow URLs on a private network.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Extract pages without a project: JSON, text, Markdown or HTML.

    One JSON object per line, for every page in the files and folders given; pages without an article are listed on
    stderr with the reason. URLs are requested as by `newsmill fetch`. Exit 1 if no page holds an article.

    Example: newsmill page saved-pages/ -o articles.jsonl
    """
    from ..errors import UsageError
    from ..query import loose_pages
    from ..views import loose_pages as writing
    from ..views import project as view

    cfg = loose_pages.settings(config)
    if stripped:
        if len(inputs) > 1:
            raise UsageError("--stripped needs exactly one page")
        view.taken_off(loose_pages.lines(inputs[0], cfg, url=url, internal=internal), as_json=as_json)
        return
    if topics and form != "json":
        raise UsageError("--topics needs --format json")
    results = loose_pages.articles(inputs, cfg, url=url, internal=internal)
    if not writing.write(results, cfg, form, output, console(quiet, False), topics=topics):
        raise typer.Exit(1)
