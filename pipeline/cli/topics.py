"""newsmill topics: search in the vocabulary."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import print_json
from .app import AsJson, app


@app.command()
def topics(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="Words of a label or definition, or a code.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", "-l", metavar="CODE", help="Labels in this language, searched there too."),
    ] = None,
    under: Annotated[str | None, typer.Option("--under", metavar="CODE", help="Only topics below this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search the vocabulary: codes, labels, definitions, parents.

    IPTC Media Topics. Without words, the 17 top topics; with a code, its definition and its parents.

    Example: newsmill topics wildfire
    """
    from ..views import topics as view

    concepts = view.search(words or [], language, under)
    if as_json:
        print_json(view.as_json(concepts, language))
    else:
        view.listing(concepts, language)
