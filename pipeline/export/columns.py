"""The columns of flat tables: each from one field of a record, in a form a person can read and filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..records.fields import FIELDS
from ..timestamps import has_offset, instant

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a flat table."""

    name: str
    field: str  # of the record
    value: Callable[[Row], Any]
    meaning: str = ""  # where it is not the field as it is


def published_utc(row: Row) -> str | None:
    """RFC 3339 in UTC; None where the time or its offset is not known: neither is invented.

    >>> published_utc({"published_at": "2026-11-20T01:30:00+02:00"}), published_utc({"published_at": "2026-11-20"})
    ('2026-11-19T23:30:00Z', None)
    """
    text = row["published_at"]
    moment = instant(text)
    if moment is None or not has_offset(text):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else None


def published_day(row: Row) -> str | None:
    """The day as stated, in the outlet's own time zone."""
    return row["published_at"][:10] if instant(row["published_at"]) else None


def _joined(field: str, key: str | None = None) -> Callable[[Row], str]:
    return lambda row: "; ".join(str(item[key] if key else item) for item in row[field] or ())


def _places(kind: str, key: str) -> Callable[[Row], str]:
    return lambda row: "; ".join(str(place[key]) for place in row["places"] if place.get("kind", "country") == kind)


def _inner(field: str, key: str) -> Callable[[Row], Any]:
    return lambda row: (row.get(field) or {}).get(key)


def _same(field: str) -> Callable[[Row], Any]:
    return lambda row: row.get(field)


_SPECIAL: dict[str, tuple[Column, ...]] = {
    "authors": (Column("authors", "authors", _joined("authors"), "joined with `; `"),),
    "published_at": (
        Column("published_at", "published_at", _same("published_at"), "as stated by the page"),
        Column("published_utc", "published_at", published_utc, "in UTC; empty where the time or its offset is unknown"),
        Column("published_day", "published_at", published_day, "the day as stated"),
    ),
    "keywords": (Column("keywords", "keywords", _joined("keywords"), "joined with `; `"),),
    "wire": (Column("wire", "wire", _inner("wire", "agency"), "the agency's name"),),
    "rights": (
        Column("licence", "rights", _inner("rights", "licence"), "the licence the page states"),
        Column("tdm", "rights", _inner("rights", "tdm"), "whether text and data mining is reserved"),
    ),
    "topics": (
        Column("topic", "topics", lambda row: row["topics"][0]["label"] if row["topics"] else None, "the best topic"),
        Column("topics", "topics", _joined("topics", "label"), "labels, joined with `; `"),
        Column("topic_ids", "topics", _joined("topics", "id"), "ids, joined with `; `"),
    ),
    "places": (
        Column("places", "places", _places("country", "code"), "country codes, joined with `; `"),
        Column("towns", "places", _places("town", "name"), "towns, joined with `; `"),
    ),
    "names": (Column("names", "names", _joined("names", "name"), "joined with `; `"),),
    "also": (Column("also", "also", _joined("also"), "cluster ids, joined with `; `"),),
    "thread": (Column("thread", "thread", _inner("thread", "id"), "id of the thread"),),
    "flags": (Column("flags", "flags", _joined("flags"), "joined with `; `"),),
    "raw": (
        Column("raw_path", "raw", _inner("raw", "path"), "where the page lies"),
        Column("raw_key", "raw", _inner("raw", "key"), "and which row or WARC record it is"),
    ),
    "run": (
        Column("version", "run", _inner("run", "version"), "of newsmill"),
        Column("config_hash", "run", _inner("run", "config_hash"), "of the settings"),
    ),
}
LEFT_OUT = ("schema", "images", "structure", "found", "stripped")  # objects and lists without a flat form

COLUMNS = tuple(
    column
    for field in FIELDS
    if field.name not in LEFT_OUT
    for column in _SPECIAL.get(field.name, (Column(field.name, field.name, _same(field.name)),))
)
