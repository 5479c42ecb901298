"""Records -> the tables of the SQLite export in a PostgreSQL database, with real types, by COPY (psycopg 3).

One transaction: what was chosen is copied into temporary tables, then the real ones are made to hold that and no more.
A record is the same where article id and content hash are; one that has not changed is not written again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from ..errors import NewsmillError, UsageError
from . import tables
from .forms import place_of
from .options import Options
from .rows import Line

CHUNK = 500  # records that are held while their rows are copied, table by table
LOCK = 0x6E657773  # of this export: two at once take turns
TYPES = {"integer": "bigint", "real": "double precision"}
REAL = {"published_utc": "timestamptz", "published_day": "date", "first_day": "date", "last_day": "date"}
SEARCHED = 100_000  # characters of a text that the full-text index holds: a tsvector has a limit of 1 MB
KEY = ("id", "content_hash")  # what makes a record the same


def write(lines: Iterable[Line], url: str, options: Options) -> int:
    """Bring the database up to date. Raises UsageError, NewsmillError; no message holds the password."""
    try:
        import psycopg
    except ImportError:
        raise NewsmillError("--to postgresql://: needs psycopg: pip install 'newsmill[postgres]'") from None
    try:
        with psycopg.connect(url, application_name="newsmill export") as db:
            return _write(db, lines, url, options)
    except psycopg.Error as error:
        raise NewsmillError(f"{place_of(url)}: {_harmless(str(error), url).strip()}") from None


def _harmless(message: str, url: str) -> str:
    """A message of the driver, which may repeat what it could not read."""
    secrets = re.findall(r"^\w+://[^:@/]*:(.*)@", url) + re.findall(r"password=([^&\s]+)", url)
    for secret in {text for raw in secrets for text in (raw, unquote(raw)) if text}:
        message = message.replace(secret, "***")
    return message.replace(url, place_of(url))


def _write(db: Any, lines: Iterable[Line], url: str, options: Options) -> int:
    db.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    db.execute("set local client_min_messages = warning")
    _check(db, url, options)
    for statement in _tables():
        db.execute(statement)
    if options.fts:
        text = f"to_tsvector('simple', coalesce(title, '') || ' ' || left(text, {SEARCHED}))"
        db.execute(f"create index if not exists records_fts on records using gin (({text}))")
    count = _stage(db, lines)
    _remove(db, options)
    _merge(db)
    db.execute("delete from export")
    db.execute("insert into export (run, version) values (%s, %s)", (options.run, tables.VERSION))
    return count


def _check(db: Any, url: str, options: Options) -> None:
    """Raises UsageError for tables of another newsmill, and where changes would be missed."""
    from .sqlite import check_gap

    there = {name for (name,) in db.execute("select table_name from information_schema.tables "
                                            "where table_schema = current_schema()")}  # fmt: skip
    if not there & set(tables.TABLES):
        if options.changes:
            raise UsageError(f"{place_of(url)}: holds no export to bring up to date; export once without --since-run")
        return
    last_export = db.execute("select run, version from export").fetchone() if "export" in there else None
    if last_export is None or last_export[1] != tables.VERSION:
        names = ", ".join(sorted(there & set(tables.TABLES)))
        raise UsageError(
            f"{place_of(url)}: has tables of another kind or version ({names}); "
            "give newsmill a database or schema of its own (?options=-csearch_path%3Dnews), or drop them"
        )
    if options.changes:
        check_gap(place_of(url), last_export[0], options.changes)


# ---- tables


def _tables() -> Iterator[str]:
    for name, definition in tables.TABLES.items():
        yield f"create table if not exists {name} ({_translated(name, definition)})"
    for table, names in tables.INDEXES.items():
        for name in names:
            yield f"create index if not exists {table}_by_{name} on {table} ({name})"
    for name, query in tables.VIEWS.items():
        yield f"create or replace view {name} as {query}"


def _translated(table: str, definition: str) -> str:
    """Types of PostgreSQL; parts go with their record; a cluster may come after its records."""
    parts = []
    for part in definition.split(", primary key")[0].split(", "):
        name, kind, *rest = part.split()
        words = " ".join(rest).replace("references records (record)", "references records (record) on delete cascade")
        words = words.replace("references clusters (id)", "references clusters (id) deferrable initially deferred")
        if table == "records" and name == "record":
            words = f"generated by default as identity {words}"
        parts.append(f"{name} {REAL.get(name) or TYPES.get(kind, kind)} {words}")
    if table == "records":
        parts += ["row_hash text not null", f"unique ({', '.join(KEY)})"]
    if table == "export":
        parts.append("version integer not null")
    if ", primary key" in definition:
        parts.append("primary key" + definition.split(", primary key")[1])
    return ", ".join(parts)


# ---- rows


def _stage(db: Any, lines: Iterable[Line]) -> int:
    """Copy what was chosen into temporary tables, where `record` is a number of its own."""
    for table in ("records", *tables.PARTS):
        db.execute(f"create temp table new_{table} on commit drop as select * from {table} with no data")
    count = 0
    numbered = enumerate(lines, 1)
    while chunk := list(islice(numbered, CHUNK)):
        made: dict[str, list[tuple[Any, ...]]] = {}
        for count, line in chunk:
            end = line.json.rfind(b',"run":{')
            for table, table_rows in tables.rows(count, line.row()).items():
                more = (hashlib.sha256(line.json[:end]).hexdigest(),) if table == "records" else ()
                made.setdefault(table, []).extend((*map(_value, row), *more) for row in table_rows)
        with db.cursor() as cursor:
            for table, table_rows in made.items():
                names = (*tables.columns(table), *(("row_hash",) if table == "records" else ()))
                with cursor.copy(f"copy new_{table} ({', '.join(names)}) from stdin") as copy:
                    for row in table_rows:
                        copy.write_row(row)
    keys = " and ".join(f"older.{name} = newer.{name}" for name in KEY)
    db.execute(f"delete from new_records older using new_records newer where {keys} and older.record < newer.record")
    return count


def _value(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value


def _remove(db: Any, options: Options) -> None:
    """Take out what was not chosen; with changes, of the articles that changed alone."""
    keys = " and ".join(f"new.{name} = old.{name}" for name in KEY)
    gone = f"delete from records old where not exists (select 1 from new_records new where {keys})"
    if options.changes is None:
        db.execute(gone)
    else:
        db.execute(f"{gone} and old.id = any(%s)", (list(options.changes.events),))


def _merge(db: Any) -> None:
    """Put in what is new or has changed, each record with its parts."""
    names = [name for name in (*tables.RECORD, "row_hash") if name != "record"]
    listed = ", ".join(names)
    values = ", ".join(f"{name} = excluded.{name}" for name in names if name not in KEY)
    db.execute("create temp table merged (record bigint, id text, content_hash text) on commit drop")
    db.execute(
        f"with put as (insert into records ({listed}) select {listed} from new_records order by record "
        f"on conflict ({', '.join(KEY)}) do update set {values} where records.row_hash <> excluded.row_hash "
        "returning record, id, content_hash) insert into merged select * from put"
    )
    keys = " and ".join(f"new.{name} = merged.{name}" for name in KEY)
    for table in tables.PARTS:
        rest = [name for name in tables.columns(table) if name != "record"]
        db.execute(f"delete from {table} where record in (select record from merged)")
        db.execute(
            f"insert into {table} (record, {', '.join(rest)}) "
            f"select merged.record, {', '.join(f'part.{name}' for name in rest)} "
            f"from new_{table} part join new_records new on new.record = part.record join merged on {keys}"
        )
    db.execute("delete from clusters where id not in (select cluster_id from records)")
    db.execute(
        f"insert into clusters {tables.CLUSTERS} on conflict (id) do update set "
        "articles = excluded.articles, first_day = excluded.first_day, last_day = excluded.last_day"
    )
