"""threads.jsonl of all batches -> the running threads, and the course of one: its articles in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import store
from ..errors import UsageError, did_you_mean
from ..files import THREADS
from ..model import Membership, Threaded
from ..project import Project
from ..timestamps import seconds
from . import lookup


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with more than one article."""

    id: str
    title: str | None  # of its first article
    articles: int  # copies left out
    copies: int
    outlets: tuple[str, ...]
    first: str | None  # when its earliest and latest article were published, else fetched
    last: str | None
    terms: tuple[str, ...]  # those that decided most often


@dataclass(frozen=True, slots=True)
class Step:
    """One article of a thread."""

    id: str
    batch: str
    how: str  # opened, joined, copy
    when: str | None
    source: str | None
    title: str | None
    score: float | None
    terms: tuple[str, ...]
    also: tuple[str, ...]


def running(project: Project, most: int, *, closed: bool = False) -> list[Thread]:
    """The `most` threads with the most articles, of the open ones and, with `closed`, of the others too."""
    members = _members(project)
    many = {id: rows for id, rows in members.items() if sum(row.how != "copy" for _, row in rows) > 1}
    facts = _facts(project, {row.id for rows in many.values() for _, row in rows})
    thread_list = [_thread(id, rows, facts) for id, rows in many.items()]
    if not closed:
        ends = {thread.id: seconds(thread.last) for thread in thread_list}
        newest = max((end for end in ends.values() if end is not None), default=0.0)
        oldest = newest - project.config.threads.window_days * 86400
        thread_list = [thread for thread in thread_list if (end := ends[thread.id]) is None or end >= oldest]
    return sorted(thread_list, key=lambda thread: (-thread.articles, thread.id))[:most]


def course(project: Project, asked: str) -> list[Step]:
    """The articles of the thread that `asked` begins or that holds the article `asked`, in order of time.

    Raises UsageError where none or several answer to it.
    """
    members = _members(project)
    asked = asked.strip().lower()
    ids = {id for id in members if id.startswith(asked)}
    if not ids:
        ids = {id for id, rows in members.items() if any(row.id.startswith(asked) for _, row in rows)}
    if len(ids) != 1:
        several = f"{len(ids)} threads match; give more of the id"
        hint = did_you_mean(asked, members, 0.75)
        none = f"no thread and no article begins like this{hint}; `newsmill threads` lists the running ones"
        raise UsageError(f"{asked}: {several if ids else none}")
    rows = members[ids.pop()]
    facts = _facts(project, {row.id for _, row in rows})
    return sorted((_step(batch, row, facts) for batch, row in rows), key=lambda step: step.when or "")


def membership(project: Project, batch: str, article: str) -> Threaded | None:
    """What the threads stage said of an article; None where it has not run."""
    last_row = None
    for row in lookup.rows_of(project.clean / batch / THREADS, article):
        last_row = store.parse(Threaded, row)
    return last_row


def _members(project: Project) -> dict[str, list[tuple[str, Threaded]]]:
    """Thread -> (batch, row) of its articles; an article that came again is there once."""
    by_thread: dict[str, list[tuple[str, Threaded]]] = {}
    article_ids: set[str] = set()
    for batch in project.done():
        for row in store.rows(project.clean / batch / THREADS):
            if row["id"] not in article_ids:
                article_ids.add(row["id"])
                thread = row["thread"]
                member = Membership(thread["id"], thread["score"], tuple(thread["terms"]), tuple(thread["also"]))
                by_thread.setdefault(thread["id"], []).append((batch, Threaded(row["id"], row["how"], member)))
    return by_thread


def _facts(project: Project, ids: set[str]) -> dict[str, dict[str, Any]]:
    """id -> row of articles.jsonl, without its text, of the first article with each id."""
    facts: dict[str, dict[str, Any]] = {}
    for _, row in project.articles_with(ids):
        facts.setdefault(row["id"], {key: row[key] for key in ("title", "source", "published_at", "fetched_at")})
    return facts


def _thread(id: str, rows: list[tuple[str, Threaded]], facts: dict[str, dict[str, Any]]) -> Thread:
    steps = [_step(batch, row, facts) for batch, row in rows]
    times = sorted(step.when for step in steps if step.when)
    terms: dict[str, int] = {}
    for step in steps:
        for term in step.terms:
            terms[term] = terms.get(term, 0) + 1
    copies = sum(step.how == "copy" for step in steps)
    outlets = dict.fromkeys(step.source for step in steps if step.source)
    best = sorted(terms, key=lambda term: -terms[term])[:6]
    title = facts.get(id, {}).get("title")
    first, last = (times[0], times[-1]) if times else (None, None)
    return Thread(id, title, len(steps) - copies, copies, tuple(outlets), first, last, tuple(best))


def _step(batch: str, row: Threaded, facts: dict[str, dict[str, Any]]) -> Step:
    known = facts.get(row.id, {})
    when = known.get("published_at") or known.get("fetched_at")
    thread = row.thread
    return Step(
        row.id, batch, row.how, when, known.get("source"), known.get("title"), thread.score, thread.terms, thread.also
    )
