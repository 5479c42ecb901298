"""Prints open threads, the articles of one, and why an article is in its thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ..console import paragraphs, print_json, table
from ..model import Threaded
from ..query.threads import Step, Thread


def running(threads: Sequence[Thread], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(thread) for thread in threads])
        return
    lines: list[tuple[object, ...]] = [
        (t.id[:8], t.articles, t.copies, len(t.outlets), _day(t.first), _day(t.last), t.title) for t in threads
    ]
    table(
        ("thread", "articles", "copies", "outlets", "first", "last", "opened by"), lines, right=(1, 2, 3),
        empty="no thread is running: none has two articles of the last days (--all shows closed ones too)",
    )  # fmt: skip


def course(steps: Sequence[Step], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(step) for step in steps])
        return
    lines: list[tuple[object, ...]] = [
        (_day(s.when) or s.batch, s.how, _score(s.score), s.source or "", s.title, s.id[:8],
         ", ".join(s.terms))
        for s in steps
    ]  # fmt: skip
    table(("when", "as", "likeness", "outlet", "title", "id", "terms that decided"), lines)


def why(row: Threaded | None) -> None:
    """Why an article is in its thread."""
    if row is None:
        paragraphs(["No thread: the stage has not run for this batch."])
        return
    thread = row.thread
    meaning = {
        "opened": "it opened this thread: no open one was like enough",
        "joined": f"likeness {_score(thread.score)} with the thread as it was then",
        "copy": "a copy: it is where its original is",
    }
    table(("", ""), [
        ("thread", thread.id),
        ("as", f"{row.how}: {meaning[row.how]}"),
        ("terms", ", ".join(thread.terms)),
        ("related", ", ".join(thread.also)),
    ])  # fmt: skip


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _day(when: str | None) -> str:
    return (when or "")[:16].replace("T", " ")
