"""An id, its beginning, or a URL -> the article, its record, its raw page, its stripped lines."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

from .. import id_index, pages, store
from ..errors import NewsmillError, UsageError, did_you_mean
from ..files import DUPLICATES, RECORDS, REPEATS, SKIPPED, TOPICS
from ..model import Article, Duplicate, Line, Page, Raw, Skipped, Tags
from ..project import Project

MOST_COMPARED = 50_000  # addresses or ids among which the nearest one is looked for


@dataclass(frozen=True, slots=True)
class Found:
    batch: str
    article: Article


def article(project: Project, asked: str) -> Found:
    """The latest revision of one article: by its id, the beginning of it, its address, or the path of its raw file.

    Raises UsageError where none or several answer to `asked`.
    """
    from ..urls import article_id, canonical_key

    asked = asked.strip()
    address = "://" in asked and canonical_key(asked)
    prefix = article_id(asked, "") if address else asked.lower()
    articles: dict[str, Found] = {}
    for batch, row in rows(project, prefix) if address or "/" not in asked else _of_file(project, asked):
        before = articles.get(row["id"])
        if before and before.article.content_hash == row["content_hash"]:
            continue  # the same page scraped again: the first one is the record
        articles[row["id"]] = Found(batch, store.parse(Article, row))
    if not articles and (page := _skipped(project, asked)):
        raise UsageError(_why_skipped(asked, *page))
    if not articles:
        raise UsageError(f"{asked}: no article has this id or address{_nearest(project, asked)}")
    if len(articles) > 1 and prefix not in articles:
        some = ", ".join(list(articles)[:5])
        raise UsageError(f"{asked}: {len(articles)} articles match ({some} …); give more of the id")
    return articles.get(prefix) or next(iter(articles.values()))


def _of_file(project: Project, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(batch, row) of the articles that were made from one raw file."""
    start = store.to_json({"path": path})[:-1]
    for batch, articles in project.articles():
        with articles.open("rb") as file:
            for line in file:
                if start in line and (row := json.loads(line))["raw"]["path"] == path:
                    yield batch, row


def _skipped(project: Project, asked: str) -> tuple[str, dict[str, Any]] | None:
    """(batch, row of the ledger) of the last page with this address or path, or with this file and key."""
    from ..urls import canonical_key

    key = canonical_key(asked) if "://" in asked else None
    last = None
    for batch in project.done():
        for row in store.rows(project.clean / batch / SKIPPED):
            raw = row["raw"]
            named = asked in (raw["path"], f"{raw['path']} {raw['key']}")
            if named or (key and row["url"] and canonical_key(row["url"]) == key):
                last = batch, row
    return last


def _why_skipped(asked: str, batch: str, row: dict[str, Any]) -> str:
    """Why a page is no article, and how to look at it."""
    why = f"{row['reason']}: {row['detail']}" if row["detail"] else row["reason"]
    where = row["raw"]["path"] + (f", {row['raw']['key']}" if row["raw"]["key"] else "")
    return (
        f"{asked}: no article, skipped: {why} (batch {batch}); the page is {where}; "
        f"`newsmill show {shlex.quote(asked)} --raw` prints it, `newsmill report` shows excerpts of skipped pages"
    )


def _nearest(project: Project, asked: str) -> str:
    """What the person may have meant, and where to look."""
    field, part = ("url", "") if "://" in asked else ("id", asked.lower())
    if field == "id" and not re.fullmatch(r"[0-9a-f]{4,}", part):
        return f"; `newsmill search {shlex.quote(asked)}` looks for words, `newsmill export` lists what there is"
    names = islice((row[field] for _, row in _all(project) if row[field]), MOST_COMPARED)
    return did_you_mean(asked, names, 0.8) + "; `newsmill export` lists what there is"


def _all(project: Project) -> Iterator[tuple[str, dict[str, Any]]]:
    for batch, path in project.articles():
        for row in store.rows(path):
            yield batch, row


def rows(project: Project, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(batch, row) of the articles whose id begins so."""
    return ((batch, json.loads(line)) for batch, line in id_index.lines(project, prefix))


def rows_of(path: Path, id: str) -> Iterator[dict[str, Any]]:
    """The rows of one article in a batch's file; lines that do not name it are not parsed."""
    name = id.encode()
    for line in store.raw_lines(path):
        if name in line and (row := json.loads(line))["id"] == id:
            yield row


def duplicate(project: Project, found: Found) -> Duplicate | None:
    """The article's row in its batch's file of duplicates, the last one if there are several."""
    last = None
    for row in rows_of(project.clean / found.batch / DUPLICATES, found.article.id):
        last = store.parse(Duplicate, row)
    return last


def earlier(project: Project, found: Found, row: Duplicate) -> Found | None:
    """The article that `found` was compared with: of its revisions the last one before `found`."""
    last = None
    for batch, line in rows(project, row.matched_id):
        if batch == found.batch and line["raw"] == asdict(found.article.raw):
            break
        if line["id"] == row.matched_id:
            last = Found(batch, store.parse(Article, line))
    return last


def tags(project: Project, found: Found) -> Tags | None:
    row = next(rows_of(project.clean / found.batch / TOPICS, found.article.id), None)
    return store.parse(Tags, row) if row else None


def record(project: Project, found: Found) -> dict[str, Any]:
    """The record as the batch's records have it; for a copy, which has none there, as it would be."""
    from ..records import fields, join

    if records := list(rows_of(project.clean / found.batch / RECORDS, found.article.id)):
        return records[-1]
    rows = {Tags: tags(project, found), Duplicate: duplicate(project, found)}
    row = fields.record(found.article, rows, join.Runs(project.config).of(found.article))
    return cast(dict[str, Any], json.loads(store.to_json(row)))


def raw_page(project: Project, asked: str) -> Page:
    """The raw page of an article, or of a page that was skipped. Raises as `article` and `page` do."""
    try:
        latest = article(project, asked)
    except UsageError:
        if (skipped := _skipped(project, asked.strip())) is None:
            raise
        batch, row = skipped
        return _page(project, batch, store.parse(Skipped, row).raw)
    return page(project, latest)


def page(project: Project, found: Found) -> Page:
    """The raw page of an article. Raises NewsmillError where it is gone or another one now."""
    return _page(project, found.batch, found.article.raw)


def _page(project: Project, name: str, raw: Raw) -> Page:
    path = pages.located(raw.path, project.root)
    batch = next((b for b in pages.batches(project.raw) if b.name == name), None)
    if batch is None or not os.path.lexists(path):
        raise NewsmillError(f"{raw.path}: the raw page is no longer there")
    for item in pages.read_file(batch, path, project.root, project.config.extract.max_bytes):
        if item.raw.key == raw.key and item.raw.sha256 == raw.sha256:
            if isinstance(item, Page):
                return item
            raise NewsmillError(f"{raw.path}: holds no page that can be shown: {item.reason}: {item.detail}")
    raise NewsmillError(f"{raw.path}: has changed since it was extracted; `newsmill run` brings clean/ up to date")


def lines(project: Project, found: Found) -> list[Line]:
    """Every visible line of the article's page in page order: kept, or taken off with its rule.

    The page is extracted once more; what its source repeats is as the run found it.
    """
    from .. import extract
    from ..extract.boilerplate import Repeats
    from ..extract.finalize import judged

    draft = extract.draft(page(project, found), project.config.extract, project.config.site)
    if isinstance(draft, Skipped):
        raise NewsmillError(f"{found.article.raw.path}: {draft.reason}: {draft.detail}")
    repeats = Repeats.from_rows(store.rows(project.clean / found.batch / REPEATS))
    return judged(draft, repeats)
