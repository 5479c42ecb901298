"""The fields of a record: the one table from which records, export columns, schemas and the reference are derived.

To add a field: add it to the dataclass in model.py that a stage writes, and a line here; how flat tables show a list
or an object stands in export/columns.py. To join a further file of a
stage, add its row type to `JOINED` and to `FILES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from ..files import ARTICLES, DUPLICATES, THREADS, TOPICS
from ..model import Article, Duplicate, Tags, Threaded, doc

SCHEMA = "newsmill.record/1"  # a change of the format changes the number


@dataclass(frozen=True, slots=True)
class Run:
    """What made the record."""

    version: Annotated[str, doc("of newsmill")]
    config_hash: Annotated[str, doc("of the settings that decide what this record holds")]


FILES: dict[str, type] = {ARTICLES: Article, DUPLICATES: Duplicate, TOPICS: Tags, THREADS: Threaded}
"""Files of earlier stages that a record is joined from, with the type of their rows."""

JOINED: tuple[type, ...] = (Duplicate, Tags, Threaded)
"""Rows that belong to an article by its id; an article may have none."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record."""

    name: str  # of the record's key, and of the attribute of the row it is taken from
    origin: type  # the row it is taken from
    missing: Callable[[Article], Any] | None = None  # its value where the article has no such row; None: null
    meaning: str = ""  # where it is not that of the row's field


def _none(article: Article) -> list[Any]:
    return []


FIELDS = (
    Field("schema", Run, meaning=f'"{SCHEMA}"; a change of the format changes the number'),
    Field("id", Article),
    Field("url", Article),
    Field("title", Article),
    Field("standfirst", Article),
    Field("text", Article),
    Field("authors", Article),
    Field("published_at", Article),
    Field("modified_at", Article),
    Field("fetched_at", Article),
    Field("language", Article),
    Field("source", Article),
    Field("section", Article),
    Field("keywords", Article),
    Field("images", Article),
    Field("structure", Article),
    Field("access", Article),
    Field("wire", Article),
    Field("rights", Article),
    Field("genre", Article),
    Field("topics", Tags, missing=_none),
    Field("places", Tags, missing=_none),
    Field("names", Tags, missing=_none),
    Field(
        "cluster_id",
        Duplicate,
        missing=lambda article: article.id,
        meaning="id of the cluster's first article; the article's own where it repeats nothing",
    ),
    Field("relation", Duplicate),
    Field("matched_id", Duplicate),
    Field("jaccard", Duplicate),
    Field("containment", Duplicate),
    Field("covered", Duplicate),
    Field("also", Duplicate, missing=_none),
    Field("thread", Threaded),
    Field("content_hash", Article),
    Field("confidence", Article),
    Field("flags", Article),
    Field("raw", Article),
    Field("found", Article),
    Field("stripped", Article),
    Field(
        "run", Run, meaning="`version` of newsmill, and `config_hash` of the settings that decide what a record holds"
    ),
)

NAMES = tuple(field.name for field in FIELDS)


def record(article: Article, rows: Mapping[type, Any], run: Run) -> dict[str, Any]:
    """The record of one article: every field of the table, null where unknown."""
    made: dict[str, Any] = {"schema": SCHEMA, "run": run}
    out: dict[str, Any] = {}
    for field in FIELDS:
        if field.origin is Run:
            out[field.name] = made[field.name]
        elif field.origin is Article:
            out[field.name] = getattr(article, field.name)
        elif (row := rows.get(field.origin)) is not None:
            out[field.name] = getattr(row, field.name)
        else:
            out[field.name] = field.missing(article) if field.missing else None
    return out
