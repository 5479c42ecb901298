"""The commands explain and clusters."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import ArticleId, AsJson, ProjectDir, app


@app.command()
def explain(
    id: ArticleId,
    project: ProjectDir = None,
    topics: Annotated[bool, typer.Option("--topics", help="Only the reasons for its topics.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show why an article is a duplicate, is in its thread, has its topics.

    Both texts paragraph by paragraph with the differences marked, the similarity, and the words that decided.

    Example: newsmill explain 3f2a
    """
    from ..project import find_project
    from ..query import explain, lookup
    from ..views import explain as view

    opened = find_project(project)
    article = lookup.article(opened, id)
    if as_json:
        typer.echo(explain.as_json(opened, article, only_topics=topics))
    else:
        view.show(opened, article, only_topics=topics)


@app.command()
def clusters(
    project: ProjectDir = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many, the largest first.")] = 10,
    as_json: AsJson = False,
) -> None:
    """List the largest clusters: who published first, who followed.

    Example: newsmill clusters --top 3
    """
    from ..project import find_project
    from ..query import clusters
    from ..views import clusters as view

    view.show(clusters.largest(find_project(project), top), as_json=as_json)
