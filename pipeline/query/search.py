"""Full-text search over the records of a project: words -> ranked hits with the place of the match.

The index is SQLite FTS5 in .newsmill/search.sqlite3, a cache that can be deleted at any time: it holds no text, only
the words of each record and where the record lies. It is brought up to date, batch by batch, before each search.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import files
from ..errors import UsageError
from ..export.rows import heads
from ..export.select import Selection, resolve
from ..project import Project
from ..writing_systems import UNSPACED

FILE = "search.sqlite3"
VERSION = 1  # of the tables below and of what is a word; another number there is another index
AROUND = 90  # characters shown on each side of a match

_SCHEMA = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE batch (name TEXT PRIMARY KEY, records TEXT NOT NULL);
CREATE TABLE record (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, batch TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX record_id ON record (id);
CREATE INDEX record_batch ON record (batch);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content = '', tokenize = "unicode61 remove_diacritics 2");
"""

# Scripts without spaces between words: each letter is indexed as a word, and a run of them is searched as a phrase.
_UNSPACED = re.compile(f"[{UNSPACED}]")
_TERM = re.compile(r'(-?)(?:"([^"]+)"|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that holds the words, with the text around the first of them."""

    record: dict[str, Any]
    batch: str
    place: str  # "title" or "text"
    before: str
    match: str
    after: str


def search(project: Project, words: str, selection: Selection, most: int) -> list[Hit]:
    """The best `most` hits by BM25, the title counting four times.

    All words must occur; "..." is a phrase, word* a beginning, -word must not occur. Of an article the latest revision
    counts. Raises UsageError where there are no words, and for a name in the selection that no record has.
    """
    terms = list(_terms(words))
    if not any(required for required, _, _ in terms):
        raise UsageError('nothing to search for: give words, "a phrase", begin*, and -without')
    query = " AND ".join(_fts(text, prefix) for required, text, prefix in terms if required)
    for required, text, prefix in terms:
        if not required:
            query = f"({query}) NOT {_fts(text, prefix)}"
    pattern = _pattern([(text, prefix) for required, text, prefix in terms if required])
    selection = resolve(selection, heads(project))
    hits: list[Hit] = []
    with closing(_opened(project.state / FILE)) as db:
        refresh(project, db)
        rows = db.execute(
            "SELECT record.id, batch, at, record.rowid FROM words JOIN record ON record.rowid = words.rowid "
            "WHERE words MATCH ? ORDER BY bm25(words, 4.0, 1.0), record.rowid DESC", (query,)
        )  # fmt: skip
        for id, batch, at, number in rows:
            (newest,) = db.execute("SELECT max(rowid) FROM record WHERE id = ?", (id,)).fetchone()
            if newest != number:
                continue
            record = _record(project.clean / batch / files.RECORDS, at)
            if selection.takes(record):
                hits.append(_hit(record, batch, pattern))
            if len(hits) == most:
                break
    return hits


def refresh(project: Project, db: sqlite3.Connection) -> None:
    """Index the batches whose records are new or changed, drop those that are gone; in one transaction."""
    now = {name: _fingerprint(project, name) for name in project.done()}
    now = {name: mark for name, mark in now.items() if mark}
    before = dict(db.execute("SELECT name, records FROM batch"))
    gone = [name for name in before if now.get(name) != before[name]]
    if not gone and now.keys() == before.keys():
        return
    with db:
        db.execute("BEGIN IMMEDIATE")
        kept = db.execute("SELECT count(*) FROM record").fetchone()[0]
        for name in gone:
            db.execute("DELETE FROM record WHERE batch = ?", (name,))
            db.execute("DELETE FROM batch WHERE name = ?", (name,))
        left = db.execute("SELECT count(*) FROM record").fetchone()[0]
        if left < kept / 2:  # a contentless index cannot forget single rows: begin anew once half of it is dead
            for table in ("record", "batch"):
                db.execute(f"DELETE FROM {table}")
            db.execute("INSERT INTO words (words) VALUES ('delete-all')")
            before = {}
            gone = []
        (top,) = db.execute("SELECT coalesce(max(id), 0) FROM words_docsize").fetchone()  # rows of dead batches count
        for name, mark in now.items():
            if name in before and name not in gone:
                continue
            for at, record in _records(project.clean / name / files.RECORDS):
                top += 1
                db.execute("INSERT INTO record VALUES (?, ?, ?, ?)", (top, record["id"], name, at))
                words = (top, _spaced(record["title"] or ""), _spaced(record["text"]))
                db.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", words)
            db.execute("INSERT INTO batch VALUES (?, ?)", (name, mark))


def _opened(path: Path) -> sqlite3.Connection:
    """The index; a damaged one, or one of another version, is begun anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        db = sqlite3.connect(path, timeout=60, isolation_level=None)
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                return db
            if version == 0 and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                db.executescript(_SCHEMA)
                return db
        except sqlite3.DatabaseError:
            pass
        db.close()
        path.unlink(missing_ok=True)
    raise UsageError(f"{path}: cannot be made; is the folder writable?")


def _fingerprint(project: Project, batch: str) -> str:
    """What its records are, by the manifest of the records stage; "" where there are none."""
    manifest = project.manifest(batch, "records")
    return str(manifest["outputs"][files.RECORDS]) if manifest else ""


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    at = 0
    with path.open("rb") as file:
        for line in file:
            yield at, json.loads(line)
            at += len(line)


def _record(path: Path, at: int) -> dict[str, Any]:
    with path.open("rb") as file:
        file.seek(at)
        row: dict[str, Any] = json.loads(file.readline())
    return row


def _terms(words: str) -> Iterator[tuple[bool, str, bool]]:
    """(must occur, word or phrase, is it only a beginning) for each term."""
    for sign, phrase, word in _TERM.findall(words):
        text = phrase or word
        prefix = not phrase and text.endswith("*")
        if any(letter.isalnum() for letter in text):
            yield sign != "-", text.rstrip("*") if prefix else text, prefix


def _fts(text: str, prefix: bool) -> str:
    return '"' + _spaced(text).replace('"', " ") + '"' + ("*" if prefix else "")


def _spaced(text: str) -> str:
    return _UNSPACED.sub(r" \g<0> ", text)


def _pattern(terms: list[tuple[str, bool]]) -> re.Pattern[str]:
    """The first place in a folded text where one of the terms stands, whatever its case."""
    forms = []
    for text, prefix in terms:
        parts = [re.escape(part) for part in re.findall(r"\w+", _folded(text))]
        open_, close = ("", "") if _UNSPACED.search(text) else (r"\b", "" if prefix else r"\b")
        forms.append(open_ + r"\W{1,3}".join(parts) + close)
    return re.compile("|".join(forms), re.IGNORECASE)


def _hit(record: dict[str, Any], batch: str, pattern: re.Pattern[str]) -> Hit:
    """The text around the first match, cut between words; its beginning where only the title has one."""
    title, text = record["title"] or "", record["text"]
    if (match := pattern.search(_folded(text))) is None:
        place = "title" if pattern.search(_folded(title)) else "text"
        return Hit(record, batch, place, "", "", _whole_words(text, 0, 2 * AROUND))
    start, end = match.span()
    return Hit(
        record, batch, "text", _whole_words(text, max(0, start - AROUND), start, end=False), text[start:end],
        _whole_words(text, end, end + AROUND),
    )  # fmt: skip


def _folded(text: str) -> str:
    """Without accents, letter by letter: places in it are places in the text."""
    if text.isascii():
        return text
    return "".join(letter if letter.isascii() else unicodedata.normalize("NFD", letter)[0] for letter in text)


def _whole_words(text: str, start: int, stop: int, *, end: bool = True) -> str:
    """A part of a text without the piece of a word that the cut leaves, at its end or at its beginning."""
    part = text[start:stop]
    cut = text[stop - 1 : stop + 1] if end else text[max(0, start - 1) : start + 1]
    if len(cut) < 2 or not cut.isalnum() or _UNSPACED.search(cut):
        return part
    shorter = re.sub(r"\w+$" if end else r"^\w+", "", part)
    return shorter if shorter.strip() else part
