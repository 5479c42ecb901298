"""The related tables of the SQLite and PostgreSQL exports, and the rows that a record gives them."""

from __future__ import annotations

from typing import Any

from .columns import published_day, published_utc

VERSION = 2  # of the tables; a database of another version is not brought up to date
# A record is named by `record`, a number of this database: with --all-revisions an article id stands for several.
TABLES = {
    "clusters": "id text primary key, articles integer not null, first_day text, last_day text",
    "records": (
        "record integer primary key, id text not null, url text, title text, standfirst text, text text not null, "
        "published_at text, published_utc text, published_day text, modified_at text, fetched_at text, language text, "
        "source text, section text, access text, wire text, genre text, licence text, "
        "tdm text, confidence real, words integer not null, "
        "cluster_id text not null references clusters (id), relation text, matched_id text, jaccard real, "
        "containment real, covered real, thread_id text, content_hash text not null, raw_path text, raw_key text, "
        "raw_sha256 text, version text, config_hash text"
    ),
    "copies": (
        "record integer primary key references records (record), cluster_id text not null references clusters (id), "
        "relation text not null, matched_id text, jaccard real, containment real"
    ),
    "topics": (
        "record integer not null references records (record), rank integer not null, id text not null, "
        "label text not null, confidence real, by text, evidence text, primary key (record, rank)"
    ),
    "places": (
        "record integer not null references records (record), rank integer not null, code text not null, "
        "name text not null, count integer not null, kind text not null, country text, latitude real, longitude real, "
        "primary key (record, rank)"
    ),
    "names": (
        "record integer not null references records (record), rank integer not null, name text not null, "
        "count integer not null, variants text, primary key (record, rank)"
    ),
    "authors": (
        "record integer not null references records (record), rank integer not null, name text not null, "
        "primary key (record, rank)"
    ),
    "images": (
        "record integer not null references records (record), rank integer not null, url text not null, caption text, "
        "credit text, primary key (record, rank)"
    ),
    "export": "run text",  # one row: the last run whose records are in it
}
INDEXES = {
    "records": ("id", "published_utc", "published_day", "source", "language", "cluster_id", "thread_id"),
    "copies": ("cluster_id",),
    "topics": ("id", "label"),
    "places": ("code", "name"),
    "names": ("name",),
    "authors": ("name",),
}
VIEWS = {
    "stories_by_day": (
        "select coalesce(cast(published_day as text), substr(fetched_at, 1, 10)) as day, "
        "count(distinct cluster_id) as stories, count(*) as records, count(distinct source) as sources "
        "from records group by day order by day desc"
    )
}
CLUSTERS = (
    "select cluster_id, count(distinct id), min(published_day), max(published_day) "
    "from records group by cluster_id order by min(record)"
)


def columns(table: str) -> tuple[str, ...]:
    """The names of a table's columns."""
    parts = TABLES[table].split(", primary key")[0].split(", ")
    return tuple(part.split()[0] for part in parts)


RECORD = columns("records")
PARTS = ("copies", "topics", "places", "names", "authors", "images")  # tables whose rows belong to a record


def rows(number: int, row: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Table -> the rows of one record, in the order of its columns."""
    wire, thread, rights = row["wire"] or {}, row.get("thread") or {}, row.get("rights") or {}
    values = {name: row.get(name) for name in RECORD} | {
        "record": number, "published_utc": published_utc(row), "published_day": published_day(row),
        "licence": rights.get("licence"), "tdm": rights.get("tdm"),
        "wire": wire.get("agency"), "thread_id": thread.get("id"), "words": len(row["text"].split()),
        "raw_path": row["raw"]["path"], "raw_key": row["raw"]["key"], "raw_sha256": row["raw"]["sha256"],
        "version": row["run"]["version"], "config_hash": row["run"]["config_hash"],
    }  # fmt: skip
    copy = (row["cluster_id"], row["relation"], row["matched_id"], row["jaccard"], row["containment"])
    topics = ((t["id"], t["label"], t["confidence"], t["by"], ", ".join(t["evidence"])) for t in row["topics"])
    places = (tuple(place[name] for name in columns("places")[2:]) for place in row["places"])
    names = ((n["name"], n["count"], ", ".join(n["variants"])) for n in row["names"])
    images = ((i["url"], i["caption"], i["credit"]) for i in row["images"])
    return {
        "records": [tuple(values[name] for name in RECORD)],
        "copies": [(number, *copy)] if row["relation"] not in (None, "revision") else [],
        "topics": [(number, rank, *topic) for rank, topic in enumerate(topics, 1)],
        "places": [(number, rank, *place) for rank, place in enumerate(places, 1)],
        "names": [(number, rank, *name) for rank, name in enumerate(names, 1)],
        "authors": [(number, rank, name) for rank, name in enumerate(row["authors"], 1)],
        "images": [(number, rank, *image) for rank, image in enumerate(images, 1)],
    }
