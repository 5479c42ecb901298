"""The forms of export: the one table from which --format, its checks, its help and the documentation are derived.

To add a form: add a module with `write(rows, target, options) -> int` and a line here.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import UsageError


@dataclass(frozen=True, slots=True)
class Form:
    """One form of export."""

    name: str  # as --format takes it
    endings: tuple[str, ...]  # of files that have this form; the first is the usual one
    module: str  # in this package
    target: Literal["stream", "file", "folder", "database"]  # what is written to; only a stream can be stdout
    meaning: str
    fields: bool = False  # whether --fields can leave some out
    json: bool = False  # whether it is JSON, where escapes make foreign text safe to look at
    newest: int | None = None  # how many records it takes where --newest does not say
    fts: bool = False  # whether it can have a full-text index
    lines: bool = False  # whether it takes records as lines of JSON; else as objects
    removals: str = ""  # how it says what was removed, for --since-run; empty: it cannot


FORMS = (
    Form(
        "jsonl",
        (".jsonl", ".json", ".ndjson"),
        "jsonl",
        "stream",
        "records as they are, in lines",
        fields=True,
        json=True,
        lines=True,
        removals="each line has its `event` first; a removed record has its `id` and `why` alone",
    ),
    Form(
        "csv",
        (".csv",),
        "csv",
        "stream",
        "a flat table; lists are joined with `; `",
        fields=True,
        removals="columns `event` and `why` before the others; a removed record has its `id`",
    ),
    Form(
        "parquet",
        (".parquet",),
        "parquet",
        "file",
        "a table with lists, structs and timestamps",
        fields=True,
        lines=True,
        removals="columns `event` and `why` before the others; a removed record has its `id`",
    ),
    Form(
        "sqlite",
        (".sqlite", ".db", ".sqlite3"),
        "sqlite",
        "file",
        "related tables, for Datasette",
        fts=True,
        removals="the file that `-o` names is brought up to date: one that was written whole before",
    ),
    Form(
        "postgresql",
        (),
        "postgres",
        "database",
        "the same tables in a PostgreSQL database that `--to` names",
        fts=True,
        lines=True,
        removals="its rows are removed",
    ),
    Form(
        "bulk",
        (".bulk", ".bulk.ndjson"),
        "bulk",
        "stream",
        "bulk lines for OpenSearch and Elasticsearch",
        json=True,
        lines=True,
        removals="delete lines",
    ),
    Form(
        "atom",
        (".atom",),
        "atom",
        "stream",
        "an Atom feed",
        newest=50,
        removals="`at:deleted-entry` of RFC 6721; all entries that changed, not the newest 50",
    ),
    Form("jsonfeed", (".feed.json",), "jsonfeed", "stream", "a JSON Feed 1.1", json=True, newest=50),
    Form(
        "ninjs",
        (".ninjs", ".ninjs.jsonl"),
        "ninjs",
        "stream",
        "IPTC ninjs 3.1, one a line",
        json=True,
        removals="an object with its `uri` and `pubStatus` `canceled`",
    ),
    Form("jsonld", (".jsonld", ".jsonld.jsonl"), "jsonld", "stream", "schema.org NewsArticle, one a line", json=True),
    Form(
        "markdown",
        (),
        "markdown",
        "folder",
        "Markdown with front matter, one file a record",
        removals="its file is deleted; files of other records are left alone",
    ),
    Form("text", (".txt",), "text", "stream", "plain text: title, standfirst, text"),
    Form("wet", (".wet.gz", ".wet"), "wet", "stream", "WARC conversion records, as Common Crawl's WET files"),
)
SCHEMES = ("postgresql://", "postgres://")  # of addresses that --to takes
DEFAULT = FORMS[0]
NAMES = tuple(form.name for form in FORMS)


def destination(output: Path | None, to: str | None) -> Path | str | None:
    """A file, the address of a database, or None for stdout. Raises UsageError."""
    if to is not None and output is not None:
        raise UsageError("--to and --output cannot be combined: one is a database, the other a file")
    if to is not None and not to.startswith(SCHEMES):
        raise UsageError("--to: not a PostgreSQL address, as postgresql://user:password@host:5432/name")
    return to if to is not None else None if output == Path("-") else output


def place_of(target: Path | str) -> str:
    """A file's path, or a database's address without its password, for messages.

    >>> place_of("postgresql://ada:secret@db.example/news?sslmode=require&password=also")
    'postgresql://ada@db.example/news'
    """
    if isinstance(target, Path):
        return str(target)
    plain = re.sub(r"[?#].*", "", target, flags=re.S)
    return re.sub(r"^(\w+://)(?:([^:@/]*)(?::.*)?@)?", lambda m: m[1] + (f"{m[2]}@" if m[2] else ""), plain, flags=re.S)


def form_for(target: Path | str | None, name: str | None) -> Form:
    """The form a user asked for, else the one that a file's ending or a database's address says.

    Raises UsageError where neither does, and for a form that cannot be written to such a target.
    """
    if isinstance(target, str):
        return _for_database(name)
    form = _named(name) if name else DEFAULT if target is None else _by_ending(target)
    if form.target == "database":
        raise UsageError(f"{form.name} is written to a database: give its address with --to")
    if target is None and form.target != "stream":
        raise UsageError(f"{form.name} cannot be written to stdout; give a {form.target} with --output")
    return form


def _for_database(name: str | None) -> Form:
    form = _named(name) if name else next(form for form in FORMS if form.target == "database")
    if form.target != "database":
        raise UsageError(f"--to: {form.name} goes to a file: give it with --output")
    return form


def _named(name: str) -> Form:
    for form in FORMS:
        if form.name == name.lower():
            return form
    near = difflib.get_close_matches(name.lower(), NAMES, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(NAMES)}"
    raise UsageError(f"--format {name}: no such form ({hint})")


def _by_ending(target: Path) -> Form:
    name = target.name.lower()
    endings = {ending: form for form in FORMS for ending in form.endings if name.endswith(ending)}
    if endings:
        return endings[max(endings, key=len)]
    raise UsageError(f"{target}: give the format with --format: {', '.join(NAMES)}")


def check_fts(form: Form) -> None:
    """Raises UsageError for a form that has no full-text index."""
    if not form.fts:
        raise UsageError(f"--fts: {form.name} has no full-text index; possible with {_able('fts')}")


def _able(what: str) -> str:
    return ", ".join(form.name for form in FORMS if getattr(form, what))


def check_fields(form: Form, names: tuple[str, ...]) -> None:
    """Raises UsageError for a field that records do not have, and for a form that needs them all."""
    from ..records.fields import NAMES as KNOWN

    if names and not form.fields:
        raise UsageError(f"--fields: {form.name} has fixed fields; possible with {_able('fields')}")
    for name in names:
        if name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(KNOWN)}"
            raise UsageError(f"--fields {name}: records have no such field ({hint})")
