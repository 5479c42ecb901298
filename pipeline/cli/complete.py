"""What a shell offers after TAB: batches, topics and article ids of the project that the command line names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from ..project import Project

MOST = 50  # offered at once; a longer list helps nobody
Words = Callable[[typer.Context, str], list[str]]


def _quiet(words: Callable[[Project, str], Iterator[str]]) -> Words:
    """Completion never shows an error: where there is no project, nothing is offered."""

    def offered(ctx: typer.Context, incomplete: str) -> list[str]:
        from ..project import open_project

        try:
            matching = words(open_project(_folder(ctx)), incomplete)
            return [word for _, word in zip(range(MOST), matching, strict=False)]
        except Exception:
            return []

    return offered


def _folder(ctx: typer.Context) -> Path | None:
    """The project that -C names, before or after the command."""
    context: Any = ctx
    while context is not None:
        if value := context.params.get("project"):
            return Path(value)
        context = context.parent
    return None


@_quiet
def batches(project: Project, begun: str) -> Iterator[str]:
    from ..pages import batches

    names = {batch.name for batch in batches(project.raw)} | set(project.done())
    yield from sorted((name for name in names if name.startswith(begun)), key=os.fsencode)


@_quiet
def article_ids(project: Project, begun: str) -> Iterator[str]:
    from ..query import lookup

    yield from dict.fromkeys(row["id"] for _, row in lookup.rows(project, begun.lower()))


@_quiet
def topics(project: Project, begun: str) -> Iterator[str]:
    """The user's own tags, then labels and codes of Media Topics."""
    from ..tag import vocabulary

    prefix = begun.casefold()
    for rule in project.config.topics.rule:
        if rule.tag.casefold().startswith(prefix):
            yield rule.tag
    for concept in vocabulary.load().values():
        for word in (concept.label(), concept.code):
            if word.casefold().startswith(prefix):
                yield word


@_quiet
def watch(project: Project, begun: str) -> Iterator[str]:
    yield from (entry.name for entry in project.config.watch if entry.name.casefold().startswith(begun.casefold()))


@_quiet
def forms(project: Project, begun: str) -> Iterator[str]:
    from ..export.forms import NAMES

    yield from (name for name in NAMES if name.startswith(begun.lower()))


def schemas(incomplete: str) -> list[str]:
    from ..records.schema import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]
