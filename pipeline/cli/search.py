"""newsmill search: full text over the records."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import AsJson, Languages, Places, ProjectDir, Since, Sources, Topics, Until, WatchLists, app


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words, "a phrase", begin*, -without.')],
    top: Annotated[int, typer.Option("--top", min=1, help="So many, the best first.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    language: Languages = None,
    place: Places = None,
    watch: WatchLists = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Find records by their words, the best first.

    All words must occur, in title or text; accents and capitals do not matter.

    Example: newsmill search bridge "toll free" -ferry --since 2026-11-16
    """
    from ..export.select import Selection
    from ..project import find_project
    from ..query import search as query
    from ..views import search as view

    lists = (tuple(names or ()) for names in (source, topic, language, place, watch))
    chosen = Selection(since, until, *lists)
    hits = query.search(find_project(project), " ".join(words), chosen, top)
    view.show(hits, as_json=as_json)
    if not hits:
        raise typer.Exit(1)
