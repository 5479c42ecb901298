"""newsmill page: one page to one JSON article, without a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import AsJson, app


@app.command()
def page(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A page: HTML or plain text; - reads stdin.")],
    url: Annotated[str | None, typer.Option("--url", help="Its address, where it is known.")] = None,
    stripped: Annotated[
        bool, typer.Option("--stripped", help="Every line of the page, with the rule that took it off.")
    ] = False,
    config: Annotated[Path | None, typer.Option("--config", help="A config.toml with site rules.")] = None,
    as_json: AsJson = False,
) -> None:
    """One page to one JSON article, without a project.

    On stdout; exit 1 and the reason where the page holds no article.

    Example: curl -s https://outlet.example/story | newsmill page - --url https://outlet.example/story
    """
    from ..query import one_page
    from ..views import project as view

    found = one_page.read(file, url, config)
    if stripped:
        view.lines(one_page.lines(found), as_json=as_json)
    else:
        view.article(one_page.article(found))
