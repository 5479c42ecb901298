"""Records -> a SQLite database made for Datasette and sqlite-utils: typed tables with keys, indexes and a view."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from errno import ENOSPC
from pathlib import Path
from typing import Any

from ..errors import UsageError
from .changes import Changes
from .columns import published_day, published_utc
from .options import Options

VERSION = 2  # of the tables, as pragma user_version
# A record is named by `record`, a number of this file: with --all-revisions an article id stands for several.
TABLES = {
    "records": (
        "record integer primary key, id text not null, url text, title text, standfirst text, text text not null, "
        "published_at text, published_utc text, published_day text, modified_at text, fetched_at text, language text, "
        "source text, section text, access text, wire text, genre text, licence text, "
        "tdm text, confidence real, words integer not null, "
        "cluster_id text not null references clusters (id), relation text, matched_id text, jaccard real, "
        "containment real, covered real, thread_id text, content_hash text not null, raw_path text, raw_key text, "
        "raw_sha256 text, version text, config_hash text"
    ),
    "clusters": "id text primary key, articles integer not null, first_day text, last_day text",
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
        "name text not null, count integer not null, primary key (record, rank)"
    ),
    "authors": (
        "record integer not null references records (record), rank integer not null, name text not null, "
        "primary key (record, rank)"
    ),
    "export": "run text",  # one row: the last run whose records are in it
    "images": (
        "record integer not null references records (record), rank integer not null, url text not null, caption text, "
        "credit text, primary key (record, rank)"
    ),
}
INDEXES = {
    "records": ("id", "published_utc", "published_day", "source", "language", "cluster_id", "thread_id"),
    "copies": ("cluster_id",),
    "topics": ("id", "label"),
    "places": ("code",),
    "authors": ("name",),
}
VIEWS = {
    "stories_by_day": (
        "select coalesce(published_day, substr(fetched_at, 1, 10)) as day, count(distinct cluster_id) as stories, "
        "count(*) as records, count(distinct source) as sources from records group by day order by day desc"
    )
}
FTS = (
    "create virtual table records_fts using fts5 "
    "(title, text, content = 'records', content_rowid = 'record', tokenize = 'unicode61 remove_diacritics 2')",
)
REBUILD = "insert into records_fts (records_fts) values ('rebuild')"


def write(rows: Iterable[dict[str, Any]], path: Path, options: Options) -> int:
    """A whole database at `path`, with a full-text index where `options.fts` asks for it.

    With changes: the old database, with the records of every article that changed taken out and those of now put in.
    Raises UsageError where the old one cannot follow, NewsmillError where the disk refuses.
    """
    try:
        if options.changes:
            _copy(options, path)
        with closing(sqlite3.connect(path)) as db:
            db.execute("pragma journal_mode = off")  # the file is beside its target until it is whole
            db.execute("pragma temp_store = memory")
            count = _follow(db, rows, options) if options.changes else _fill(db, rows, options)
            db.commit()
    except sqlite3.OperationalError as error:
        raise (OSError(ENOSPC, os.strerror(ENOSPC)) if "full" in str(error) else OSError(str(error))) from error
    return count


def _fill(db: sqlite3.Connection, rows: Iterable[dict[str, Any]], options: Options) -> int:
    for name, columns in TABLES.items():
        db.execute(f"create table {name} ({columns})")
    count = _put(db, rows, 1)
    for table, names in INDEXES.items():
        for name in names:
            db.execute(f"create index {table}_by_{name} on {table} ({name})")
    for name, query in VIEWS.items():
        db.execute(f"create view {name} as {query}")
    for statement in (*FTS, REBUILD) if options.fts else ():
        db.execute(statement)
    db.execute(f"pragma user_version = {VERSION}")
    db.execute("insert into export values (?)", (options.run,))
    return count


def _put(db: sqlite3.Connection, rows: Iterable[dict[str, Any]], first: int) -> int:
    """Insert records and count the clusters anew. Returns the number of records."""
    count = 0
    for count, row in enumerate(rows, 1):
        _insert(db, first + count - 1, row)
    db.execute("delete from clusters")
    db.execute(
        "insert into clusters select cluster_id, count(distinct id), min(published_day), max(published_day) "
        "from records group by cluster_id order by min(record)"
    )
    return count


# ---- following


def _copy(options: Options, path: Path) -> None:
    """The old database beside itself: the change appears whole or not at all."""
    changes, old = options.changes, options.old
    if changes is None or old is None or not old.is_file():
        raise UsageError(f"{old}: no such file to bring up to date; export it once without --since-run")
    try:
        with closing(sqlite3.connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (version,) = db.execute("pragma user_version").fetchone()
            at = db.execute("select run from export").fetchone()[0] if version == VERSION else None
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{old}: no database of newsmill ({error})") from None
    if version != VERSION:
        raise UsageError(f"{old}: has other tables than this newsmill writes; export it once without --since-run")
    check_gap(str(old), at, changes)
    shutil.copyfile(old, path)


def check_gap(what: str, at: str | None, changes: Changes) -> None:
    """Raises UsageError where a database stands at an earlier run than the changes begin with: some would be missed."""
    if at is None or (changes.begin and changes.begin > at):
        point = f"--since-run {at}" if at else "export it once without --since-run"
        raise UsageError(
            f"{what}: holds the records up to run {at or 'unknown'}, changes between would be missed; {point}"
        )


def _follow(db: sqlite3.Connection, rows: Iterable[dict[str, Any]], options: Options) -> int:
    assert options.changes is not None
    fts = db.execute("select 1 from sqlite_master where name = 'records_fts'").fetchone()
    ids = [(id,) for id in options.changes.events]
    for table in ("copies", "topics", "places", "authors", "images"):
        db.executemany(f"delete from {table} where record in (select record from records where id = ?)", ids)
    db.executemany("delete from records where id = ?", ids)
    (first,) = db.execute("select coalesce(max(record), 0) + 1 from records").fetchone()
    count = _put(db, rows, first)
    if fts:
        db.execute(REBUILD)
    elif options.fts:
        for statement in (*FTS, REBUILD):
            db.execute(statement)
    db.execute("update export set run = ?", (options.run,))
    return count


# ---- rows


def _insert(db: sqlite3.Connection, number: int, row: dict[str, Any]) -> None:
    wire, thread, rights = row["wire"] or {}, row.get("thread") or {}, row.get("rights") or {}
    values = {name: row.get(name) for name in _RECORD} | {
        "record": number, "published_utc": published_utc(row), "published_day": published_day(row),
        "licence": rights.get("licence"), "tdm": rights.get("tdm"),
        "wire": wire.get("agency"), "thread_id": thread.get("id"), "words": len(row["text"].split()),
        "raw_path": row["raw"]["path"], "raw_key": row["raw"]["key"], "raw_sha256": row["raw"]["sha256"],
        "version": row["run"]["version"], "config_hash": row["run"]["config_hash"],
    }  # fmt: skip
    _rows(db, "records", [tuple(values[name] for name in _RECORD)])
    if row["relation"] not in (None, "revision"):
        measured = (row["cluster_id"], row["relation"], row["matched_id"], row["jaccard"], row["containment"])
        _rows(db, "copies", [(number, *measured)])
    topics = ((t["id"], t["label"], t["confidence"], t["by"], ", ".join(t["evidence"])) for t in row["topics"])
    _rows(db, "topics", [(number, rank, *values) for rank, values in enumerate(topics, 1)])
    places = ((p["code"], p["name"], p["count"]) for p in row["places"])
    _rows(db, "places", [(number, rank, *values) for rank, values in enumerate(places, 1)])
    _rows(db, "authors", [(number, rank, name) for rank, name in enumerate(row["authors"], 1)])
    images = ((i["url"], i["caption"], i["credit"]) for i in row["images"])
    _rows(db, "images", [(number, rank, *values) for rank, values in enumerate(images, 1)])


def _rows(db: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        db.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


_RECORD = tuple(column.split()[0] for column in TABLES["records"].split(", "))
