"""One article -> why it counts as a copy (both texts side by side, the figures), and why it has its topics."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .. import tag
from ..console import json_text
from ..dedup.align import align
from ..project import Project
from . import lookup, threads
from .lookup import Found


def duplicate(project: Project, entry: Found) -> dict[str, Any]:
    """{"duplicate": the row of duplicates.jsonl or None, "other": ..., "rows": aligned spans}."""
    row = lookup.duplicate(project, entry)
    if row is None:
        return {"duplicate": None, "other": None, "rows": []}
    matched = lookup.earlier(project, entry, row)
    rows = align(entry.article.text, matched.article.text) if matched else []
    return {"duplicate": row, "other": matched, "rows": rows}


def topics(project: Project, entry: Found) -> tag.Explained:
    return tag.explain(entry.article, project.config.topics, project.config.watch)


def as_json(project: Project, entry: Found, *, only_topics: bool) -> str:
    """Everything as JSON: the verdict, the aligned spans, the words and weights behind the topics."""
    out: dict[str, Any] = {"id": entry.article.id, "batch": entry.batch}
    if not only_topics:
        why = duplicate(project, entry)
        matched = why["other"]
        out["duplicate"] = asdict(why["duplicate"]) if why["duplicate"] else None
        out["matched"] = (
            {"id": matched.article.id, "batch": matched.batch, "title": matched.article.title} if matched else None
        )
        out["rows"] = [asdict(row) for row in why["rows"]]
        row = threads.membership(project, entry.batch, entry.article.id)
        out["thread"] = {"how": row.how, **asdict(row.thread)} if row else None
    out["topics"] = asdict(topics(project, entry))
    return json_text(out)
