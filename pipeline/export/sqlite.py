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
from . import tables
from .changes import Changes
from .options import Options

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
        else:
            _check_replaced(options.old)
        with closing(sqlite3.connect(path)) as db:
            db.execute("pragma journal_mode = off")  # the file is beside its target until it is whole
            db.execute("pragma temp_store = memory")
            count = _follow(db, rows, options) if options.changes else _fill(db, rows, options)
            db.commit()
    except sqlite3.OperationalError as error:
        raise (OSError(ENOSPC, os.strerror(ENOSPC)) if "full" in str(error) else OSError(str(error))) from error
    return count


def _fill(db: sqlite3.Connection, rows: Iterable[dict[str, Any]], options: Options) -> int:
    for name, columns in tables.TABLES.items():
        db.execute(f"create table {name} ({columns})")
    count = _put(db, rows, 1)
    for table, names in tables.INDEXES.items():
        for name in names:
            db.execute(f"create index {table}_by_{name} on {table} ({name})")
    for name, query in tables.VIEWS.items():
        db.execute(f"create view {name} as {query}")
    for statement in (*FTS, REBUILD) if options.fts else ():
        db.execute(statement)
    db.execute(f"pragma user_version = {tables.VERSION}")
    db.execute("insert into export values (?)", (options.run,))
    return count


def _put(db: sqlite3.Connection, rows: Iterable[dict[str, Any]], first: int) -> int:
    """Insert records and count the clusters anew. Returns the number of records."""
    count = 0
    for count, row in enumerate(rows, 1):
        _insert(db, first + count - 1, row)
    db.execute("delete from clusters")
    db.execute(f"insert into clusters {tables.CLUSTERS}")
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
            at = db.execute("select run from export").fetchone()[0] if version == tables.VERSION else None
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{old}: not an export of newsmill ({error})") from None
    if version != tables.VERSION:
        raise UsageError(f"{old}: has tables of another version; export it once without --since-run")
    check_gap(str(old), at, changes)
    shutil.copyfile(old, path)


def _check_replaced(old: Path | None) -> None:
    """Raises UsageError where the file that would be replaced is a database, and none of newsmill's."""
    if old is None or not old.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as db:
            names = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    except sqlite3.OperationalError as error:
        raise UsageError(f"{old}: cannot be looked at ({error}); give another name, or remove it") from None
    except sqlite3.DatabaseError:  # no database: replaced as any file that was named
        return
    if names and "records" not in names:
        raise UsageError(f"{old}: a database that newsmill did not write; give another name, or remove it")


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
    for table in tables.PARTS:
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


def _insert(db: sqlite3.Connection, number: int, row: dict[str, Any]) -> None:
    for table, table_rows in tables.rows(number, row).items():
        if table_rows:
            db.executemany(f"insert into {table} values ({', '.join('?' * len(table_rows[0]))})", table_rows)
