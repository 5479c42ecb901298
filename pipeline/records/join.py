"""Article, Duplicate, Tags -> the product: one normalised record for each new article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ..config import Config, digest
from ..model import Article, Duplicate, Tags

VERSION = 1
SCHEMA = "newsmill.record/1"

FIELDS = (
    "schema", "id", "url", "title", "standfirst", "text", "authors", "published_at", "modified_at", "fetched_at",
    "language", "source", "section", "keywords", "images", "access", "wire", "genre", "topics", "places",
    "cluster_id", "relation", "matched_id", "jaccard", "containment", "covered", "also",
    "content_hash", "flags", "raw", "found", "stripped", "run",
)  # fmt: skip


def record(article: Article, tags: Tags | None, duplicate: Duplicate | None, run: dict[str, str]) -> dict[str, Any]:
    """The record of one article: every field of the schema, null where unknown."""
    row = asdict(article)
    row.update(
        schema=SCHEMA,
        topics=[asdict(t) for t in tags.topics] if tags else [],
        places=[asdict(p) for p in tags.places] if tags else [],
        cluster_id=duplicate.cluster_id if duplicate else article.id,
        relation=duplicate.relation if duplicate else None,
        matched_id=duplicate.matched_id if duplicate else None,
        jaccard=duplicate.jaccard if duplicate else None,
        containment=duplicate.containment if duplicate else None,
        covered=duplicate.covered if duplicate else None,
        also=list(duplicate.also) if duplicate else [],
        run=run,
    )
    return {field: row[field] for field in FIELDS}


def config_hash(cfg: Config) -> str:
    """Hash of the settings that decide what a record holds; the number of workers and the like do not."""
    return digest(cfg.extract, cfg.site, cfg.dedup, cfg.topics, cfg.records)


def is_new(duplicate: Duplicate | None, *, copies: bool) -> bool:
    """Whether an article becomes a record.

    New stories and revisions do, and so does a fuller version of what came before as a part of it: most of its text
    stands nowhere else. With `copies` all but `same` do.
    """
    if duplicate is None or duplicate.relation == "revision":
        return True
    if duplicate.relation == "part" and duplicate.covered < duplicate.containment:
        return True
    return copies and duplicate.relation != "same"


def join(
    articles: Iterable[Article], duplicates: Sequence[Duplicate], tags: Sequence[Tags]
) -> Iterator[tuple[Article, Duplicate | None, Tags]]:
    """Bring the files of a batch together, in the order of its articles (that of its tags too).

    A page scraped twice in one batch gives two articles with one id. Only the first of them can be without a row in
    duplicates.jsonl, so the rows of an id belong to its last articles.
    """
    rows: dict[str, list[Duplicate]] = {}
    for row in reversed(duplicates):
        rows.setdefault(row.id, []).append(row)
    left = Counter(tag.id for tag in tags)
    for article, tag in zip(articles, tags, strict=True):
        waiting = rows.get(article.id, [])
        yield article, waiting.pop() if len(waiting) >= left[article.id] else None, tag
        left[article.id] -= 1
