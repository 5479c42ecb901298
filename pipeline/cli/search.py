"""newsmill search: full text over the records."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import MINUS, AsJson, Languages, Places, ProjectDir, Since, Sources, Topics, Until, WatchLists, Words, app


@app.command(cls=Words)
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words, "a phrase", begin*, -without.')],
    top: Annotated[int, typer.Option("--top", min=1, help="How many, the best first.")] = 10,
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

    All words must occur, in title or text; accents and capitals do not matter. Exit 1 where no record has them.

    Example: newsmill search bridge "toll free" -ferry --since 2026-11-16
    """
    from ..export.select import Selection
    from ..project import find_project
    from ..query import search as query
    from ..views import search as view

    lists = (tuple(names or ()) for names in (source, topic, language, place, watch))
    chosen = Selection(since, until, *lists)
    asked = " ".join(_phrase(word) for word in words).replace(MINUS, "-")
    hits = query.search(find_project(project), asked, chosen, top)
    view.show(hits, as_json=as_json)
    if not hits:
        view.nothing(asked)
        raise typer.Exit(1)


def _phrase(word: str) -> str:
    """What a shell took the quotes from: one argument of several words is a phrase."""
    if '"' in word or len(word.split()) < 2:
        return word
    sign = MINUS if word.startswith(MINUS) else ""
    return f'{sign}"{word.removeprefix(sign)}"'
