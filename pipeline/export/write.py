"""records.jsonl of all batches -> one file: JSONL, CSV, Parquet or SQLite."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from .. import store
from ..console import escaped
from ..errors import UsageError
from ..files import RECORDS
from ..model import Duplicate
from ..project import Project
from ..records import join
from ..records.fields import record
from ..timestamps import instant

Form = Literal["jsonl", "csv", "parquet", "sqlite"]
FORMS: dict[str, Form] = {
    ".jsonl": "jsonl", ".json": "jsonl", ".csv": "csv", ".parquet": "parquet", ".sqlite": "sqlite", ".db": "sqlite",
}  # fmt: skip

# Cells that a spreadsheet would run as a formula get an apostrophe, as OWASP advises ("CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records are wanted."""

    since: str | None = None  # RFC 3339 date or time: published (else fetched) at or after it
    topics: tuple[str, ...] = ()  # ids or labels; a record with any of them
    languages: tuple[str, ...] = ()
    copies: bool = False  # also the articles that only repeat another one
    all_revisions: bool = False  # not only the latest of each article
    tdm_allowed: bool = False  # not those whose publisher reserves text and data mining

    def takes(self, row: dict[str, Any]) -> bool:
        if self.languages and row["language"] not in self.languages:
            return False
        if self.tdm_allowed and (row.get("rights") or {}).get("tdm") == "reserved":
            return False
        if self.topics and not self._tagged(row["topics"]):
            return False
        return not self.since or _instant(row["published_at"] or row["fetched_at"]) >= _instant(self.since)

    def _tagged(self, topics: list[dict[str, Any]]) -> bool:
        names = {str(t[k]).casefold() for t in topics for k in ("id", "label")}
        return any(w.casefold() in names or f"medtop:{w}" in names for w in self.topics)


def _instant(text: str | None) -> datetime:
    """A date or time as an instant; without an offset it is UTC, without a time the day's first moment."""
    return instant(text) or datetime.min.replace(tzinfo=UTC)


def choice(
    since: str | None, topics: list[str], languages: list[str], copies: bool, revisions: bool, tdm_allowed: bool = False
) -> Choice:
    """A choice from what a user typed. Raises UsageError for a date that is none."""
    if since and _instant(since) == _instant(None):
        raise UsageError(f"--since {since}: not a date like 2026-11-20 or 2026-11-20T06:00:00Z")
    return Choice(since, tuple(topics), tuple(languages), copies, revisions, tdm_allowed)


def form(target: Path | None, wanted: Form | None) -> Form:
    """The form a user asked for, else the one the file's ending says. Raises UsageError where neither does."""
    if wanted or target is None:
        return wanted or "jsonl"
    if target.suffix.lower() not in FORMS:
        raise UsageError(f"{target}: say the form with --format: {', '.join(sorted(set(FORMS.values())))}")
    return FORMS[target.suffix.lower()]


def rows(project: Project, choice: Choice) -> Iterator[dict[str, Any]]:
    """The chosen records in the order of their batches."""
    source = _with_copies if choice.copies else _records
    last: dict[str, int] = {}
    if not choice.all_revisions:
        for number, row in enumerate(source(project)):
            last[row["id"]] = number
    for number, row in enumerate(source(project)):
        if (choice.all_revisions or last[row["id"]] == number) and choice.takes(row):
            yield row


def _records(project: Project) -> Iterator[dict[str, Any]]:
    for batch in project.done():
        yield from store.rows(project.clean / batch / RECORDS)


def _with_copies(project: Project) -> Iterator[dict[str, Any]]:
    """Every article as a record but those that brought nothing new (`same`)."""
    runs = join.Runs(project.config)
    for _, path in project.articles():
        for article, found in join.of_batch(path.parent):
            if join.is_new(found.get(Duplicate), copies=True):
                yield json.loads(store.to_json(record(article, found, runs.of(article))))


def write(project: Project, choice: Choice, form: Form, target: Path | IO[bytes]) -> int:
    """Write the chosen records, to a file whole or not at all. Returns how many.

    Raises UsageError for a form that cannot go to a pipe.
    """
    if not isinstance(target, Path):
        if form == "jsonl":
            return _jsonl(rows(project, choice), target)
        if form == "csv":
            return _csv(rows(project, choice), target)
        raise UsageError(f"{form} cannot be written to stdout; give a file with --output")
    with store.atomic(target) as temporary:
        if form == "sqlite":
            temporary.unlink(missing_ok=True)
            return _sqlite(rows(project, choice), temporary)
        if form == "parquet":
            return _parquet(rows(project, choice), temporary)
        with temporary.open("wb") as file:
            return (_jsonl if form == "jsonl" else _csv)(rows(project, choice), file)


def _jsonl(chosen: Iterator[dict[str, Any]], file: IO[bytes]) -> int:
    count = 0
    terminal = file.isatty()
    for count, row in enumerate(chosen, 1):  # noqa: B007
        line = store.to_json(row)
        file.write((escaped(line.decode()).encode() if terminal else line) + b"\n")
    return count


# Flat columns for tables: the lists and objects of a record in the form a person can read and filter.
COLUMNS = (
    "id", "url", "title", "standfirst", "text", "authors", "published_at", "modified_at", "fetched_at", "language",
    "source", "section", "keywords", "access", "wire", "genre", "licence", "tdm", "topic", "topics",
    "topic_ids", "places", "cluster_id", "relation", "matched_id", "jaccard", "containment", "content_hash", "raw_path",
    "raw_key", "version", "config_hash",
)  # fmt: skip


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """A record as one line of a table."""
    out = {name: row.get(name) for name in COLUMNS}
    out["authors"] = "; ".join(row["authors"])
    out["keywords"] = "; ".join(row["keywords"])
    out["wire"] = row["wire"]["agency"] if row["wire"] else None
    rights = row.get("rights") or {}
    out["licence"], out["tdm"] = rights.get("licence"), rights.get("tdm")
    out["topic"] = row["topics"][0]["label"] if row["topics"] else None
    out["topics"] = "; ".join(t["label"] for t in row["topics"])
    out["topic_ids"] = "; ".join(t["id"] for t in row["topics"])
    out["places"] = "; ".join(p["code"] for p in row["places"])
    out["raw_path"], out["raw_key"] = row["raw"]["path"], row["raw"]["key"]
    out.update(row["run"])
    return out


def _csv(chosen: Iterator[dict[str, Any]], file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    count = 0
    for count, row in enumerate(chosen, 1):  # noqa: B007
        table.writerow([_cell(value) for value in flat(row).values()])
    text.detach()
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def _sqlite(chosen: Iterator[dict[str, Any]], path: Path) -> int:
    count = 0
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma journal_mode = off")  # the file is beside its target until it is whole
        db.execute(f"create table records ({', '.join(COLUMNS)}, primary key (id, content_hash))")
        db.execute("create table topics (record_id, id, label, confidence, by)")
        marks = ", ".join("?" * len(COLUMNS))
        for count, row in enumerate(chosen, 1):  # noqa: B007
            db.execute(f"insert or replace into records values ({marks})", list(flat(row).values()))
            db.executemany(
                "insert into topics values (?, ?, ?, ?, ?)",
                [(row["id"], t["id"], t["label"], t["confidence"], t["by"]) for t in row["topics"]],
            )
        db.execute("create index topics_by_id on topics (id)")
        db.execute("create index records_by_time on records (published_at)")
        db.commit()
    return count


def _parquet(chosen: Iterator[dict[str, Any]], path: Path) -> int:
    import duckdb

    lines = path.with_name(path.name + ".jsonl")
    try:
        with lines.open("wb") as file:
            count = _jsonl(chosen, file)
        types = ", ".join(f"{name}: '{kind}'" for name, kind in PARQUET.items())
        read = f"read_json($lines, format = 'newline_delimited', maximum_object_size = {_ROW}, columns = {{{types}}})"
        quoted = str(path).replace("'", "''")
        with duckdb.connect() as db:
            db.execute("set threads = 1")
            copy = f"copy (select * from {read}) to '{quoted}' (format parquet, compression zstd)"
            with store.duckdb_writes():
                db.execute(copy, {"lines": str(lines)})
    finally:
        lines.unlink(missing_ok=True)
    return count


_ROW = 1_000_000_000  # bytes a JSON row may have: DuckDB's own limit of 16 MB is less than a page may be
_TOPIC = 'struct(id varchar, label varchar, confidence double, "by" varchar, evidence varchar[])[]'
_RIGHTS = (
    "struct(licence varchar, holder varchar, notice varchar, tdm varchar, tdm_policy varchar, robots varchar[], "
    "found map(varchar, varchar))"
)
PARQUET = {
    "schema": "varchar", "id": "varchar", "url": "varchar", "title": "varchar", "standfirst": "varchar",
    "text": "varchar", "authors": "varchar[]", "published_at": "varchar", "modified_at": "varchar",
    "fetched_at": "varchar", "language": "varchar", "source": "varchar", "section": "varchar", "keywords": "varchar[]",
    "images": "struct(url varchar, caption varchar, credit varchar)[]", "access": "varchar",
    "wire": "struct(agency varchar, evidence varchar)", "rights": _RIGHTS, "genre": "varchar", "topics": _TOPIC,
    "places": "struct(code varchar, name varchar, count integer)[]", "cluster_id": "varchar", "relation": "varchar",
    "matched_id": "varchar", "jaccard": "double", "containment": "double", "covered": "double", "also": "varchar[]",
    "content_hash": "varchar", "flags": "varchar[]", "raw": "struct(path varchar, \"key\" varchar, sha256 varchar)",
    "found": "map(varchar, varchar)", "stripped": "map(varchar, integer)",
    "run": "struct(version varchar, config_hash varchar)",
}  # fmt: skip
