"""The run log (.newsmill/runs.sqlite3): which records each run added, changed or removed, for `export --since-run`.

The log compares what lies in clean/ with what it knew: where a batch's records.jsonl is another file it reads ids and
digests again. Nobody has to report a change to it, so a killed run, `make`, `forget` and a deleted batch are all seen,
at the latest by the next run. It holds ids and digests, no text: about 50 bytes a record.

Long because it is one database, from its tables to the comparison of a batch with what was known of it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypedDict

import msgspec

from ..errors import NewsmillError, UsageError
from ..files import RECORDS
from ..project import Project
from ..timestamps import instant

FILE = "runs.sqlite3"
VERSION = 1  # of the tables below and of the digest; a log of another version is begun anew
KEEP = 5_000_000  # changes; where there are more, the oldest runs are dropped from the log
DIGEST = 8  # bytes of a record's digest
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
Event = Literal["added", "changed", "removed"]
Digests = dict[bytes, bytes]  # id -> the digests of its records in one batch, joined

_SCHEMA = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE run (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, command TEXT NOT NULL,
                  added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL);
CREATE TABLE batch (name BLOB PRIMARY KEY, mark TEXT NOT NULL);
CREATE TABLE record (batch BLOB, id BLOB, digests BLOB NOT NULL, PRIMARY KEY (batch, id)) WITHOUT ROWID;
CREATE TABLE change (run INTEGER NOT NULL, batch BLOB NOT NULL, id BLOB, was BLOB);
CREATE INDEX change_run ON change (run);
"""  # change.id null: the whole batch was not there; change.was null: the record was not


@dataclass(frozen=True, slots=True)
class Logged:
    """A run that changed records."""

    name: str  # when it ended, in UTC, made unique; what --since-run takes
    command: str  # run, forget, prune, or export, where it found what a killed run left
    added: int
    changed: int
    removed: int


class _Head(TypedDict):
    id: str


_HEAD = msgspec.json.Decoder(_Head)


def catch_up(project: Project, command: str) -> str | None:
    """Log what changed since the last entry; the name of the new one, None where nothing did. Raises NewsmillError."""
    if not project.clean.is_dir():
        return None
    with _opened(project) as db:
        known = dict(db.execute("SELECT name, mark FROM batch"))
        marks = dict(_marks(project))
        gone = [name for name in known if name not in marks]
        stale = [name for name, mark in marks.items() if known.get(name) != mark]
        if not gone and not stale:
            return None
        (before,) = db.execute("SELECT coalesce(max(number), 0) FROM run").fetchone()
        counts = {"added": 0, "changed": 0, "removed": 0}
        for name in gone:
            _compare(db, before + 1, name, {}, counts)
            db.execute("DELETE FROM batch WHERE name = ?", (name,))
        for name in stale:
            records = _digests(project.clean / os.fsdecode(name) / RECORDS)
            _compare(db, before + 1, name, records, counts, new=name not in known)
            db.execute("INSERT OR REPLACE INTO batch VALUES (?, ?)", (name, marks[name]))
        if not any(counts.values()):
            return None
        name = _name(db)
        db.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)", (before + 1, name, command, *counts.values()))
        _drop_oldest(db)
        return name


def runs(project: Project) -> list[Logged]:
    """The runs of the log, oldest first."""
    with _opened(project) as db:
        return [Logged(*row) for row in db.execute("SELECT name, command, added, changed, removed FROM run ORDER BY 1")]


def last(project: Project) -> str | None:
    """The name of the last run, without making a log where there is none."""
    entries = runs(project) if (project.state / FILE).exists() else []
    return entries[-1].name if entries else None


def changes(project: Project, since: str, *, all_revisions: bool = False) -> tuple[str | None, dict[str, Event]]:
    """(name of the run, id -> what happened to its record since it): of the latest revision, or of all of them.

    `since` is a run's name, a time (the last run that had ended by then), or `last`: what the last run changed.
    A record that went and came back the same is left out. Raises UsageError for a run that the log does not have.
    """
    with _opened(project) as db:
        number = _number(db, since)
        name = db.execute("SELECT max(name) FROM run WHERE number = ?", (number,)).fetchone()[0]
        was = _was(db, number)
        now = _now(db, {id for id, _ in was})
    then: dict[bytes, dict[bytes, bytes | None]] = {id: dict(batches) for id, batches in now.items()}
    for (id, batch), digests in was.items():
        then.setdefault(id, {})[batch] = digests
    events: dict[str, Event] = {}
    for id, before in then.items():
        old, new = _view(before, all_revisions), _view(now.get(id, {}), all_revisions)
        if old != new:
            events[id.hex()] = "added" if not old else "removed" if not new else "changed"
    return name, events


# ---- the database


@contextmanager
def _opened(project: Project) -> Iterator[sqlite3.Connection]:
    """A transaction of the log. A damaged file or one of another version is begun anew: old names are then unknown."""
    path = project.state / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = _connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # no database
            path.unlink()
            db = _connected(path)
        with closing(db), db:
            yield db
    except (sqlite3.Error, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise NewsmillError(f"{path}: the run log cannot be used: {why}") from error


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            db.close()
            path.unlink()
            return _connected(path)
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("BEGIN IMMEDIATE")
        if not version:
            for statement in _SCHEMA.split(";")[:-1]:
                db.execute(statement)
    except BaseException:
        db.close()
        raise
    return db


def _name(db: sqlite3.Connection) -> str:
    """The time now, moved on where a run of the same second or of a clock that was ahead has it."""
    (newest,) = db.execute("SELECT max(name) FROM run").fetchone()
    name = time.strftime(FORMAT, time.gmtime())
    if newest and name <= newest:
        after = datetime.strptime(newest, FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1)
        return after.strftime(FORMAT)
    return name


def _number(db: sqlite3.Connection, since: str) -> int:
    """The number of the run after which changes count. Raises UsageError."""
    known = db.execute("SELECT number, name FROM run ORDER BY number").fetchall()
    if not known:
        raise UsageError(f"--since-run {since}: no run is in the log; `newsmill run` makes an entry")
    if since == "last":
        return int(known[-1][0]) - 1
    moment = instant(since)
    if moment is None:
        raise UsageError(f"--since-run {since}: no such run ({_hint(since, [name for _, name in known])})")
    text = moment.astimezone(UTC).strftime(FORMAT)
    at = [number for number, name in known if name <= text]
    if not at:
        raise UsageError(
            f"--since-run {since}: the log begins with {known[0][1]}, so what changed since is not known: "
            "export everything once, then go on from the run that `newsmill status --runs` names last"
        )
    return int(at[-1])


def _hint(since: str, names: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(since, [*names, "last"], 1)
    return f"did you mean {near[0]}?" if near else f"the last one is {names[-1]}; `newsmill status --runs` lists them"


def _drop_oldest(db: sqlite3.Connection) -> None:
    total = 0
    for number, size in db.execute("SELECT number, added + changed + removed FROM run ORDER BY number DESC").fetchall():
        total += size
        if total > KEEP and total > size:
            db.execute("DELETE FROM change WHERE run <= ?", (number,))
            db.execute("DELETE FROM run WHERE number < ?", (number,))
            return


# ---- batches


def _marks(project: Project) -> Iterator[tuple[bytes, str]]:
    """(batch, what changes whenever its records are written again); files are replaced, never written into."""
    for name in project.done():
        try:
            stat = os.stat(f"{project.clean}/{name}/{RECORDS}")  # noqa: PTH116  (a Path costs more, 1,000 times a run)
        except FileNotFoundError:
            continue
        yield os.fsencode(name), f"{stat.st_mtime_ns}-{stat.st_size}-{stat.st_ino}"


def _digests(path: Path) -> Digests:
    """Id -> the digests of its records in a file, joined in their order; what made a record (`run`) does not count."""
    digests: Digests = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                id = bytes.fromhex(_HEAD.decode(line)["id"])
            except ValueError as error:
                what = f"{path}: line {number} is damaged ({error}); delete the file and run again"
                raise NewsmillError(what) from None
            end = line.rfind(b',"run":{')
            digests[id] = digests.get(id, b"") + hashlib.blake2b(line[:end], digest_size=DIGEST).digest()
    return digests


def _compare(
    db: sqlite3.Connection, run: int, batch: bytes, records: Digests, counts: dict[str, int], *, new: bool = False
) -> None:
    """Log how a batch differs from what the log knew of it."""
    known = dict(db.execute("SELECT id, digests FROM record WHERE batch = ?", (batch,)))
    added = [(batch, id, digests) for id, digests in records.items() if id not in known]
    changed = [(digests, batch, id) for id, digests in records.items() if known.get(id, digests) != digests]
    removed = [(batch, id) for id in known if id not in records]
    counts["added"] += len(added)
    counts["changed"] += len(changed)
    counts["removed"] += len(removed)
    log = "INSERT INTO change VALUES (?, ?, ?, ?)"
    if new and added:
        db.execute(log, (run, batch, None, None))
    else:
        db.executemany(log, ((run, batch, id, None) for _, id, _ in added))
    db.executemany(log, ((run, batch, id, known[id]) for _, _, id in changed))
    db.executemany(log, ((run, batch, id, known[id]) for _, id in removed))
    db.executemany("INSERT INTO record VALUES (?, ?, ?)", added)
    db.executemany("UPDATE record SET digests = ? WHERE batch = ? AND id = ?", changed)
    db.executemany("DELETE FROM record WHERE batch = ? AND id = ?", removed)


# ---- what was, and what is


def _was(db: sqlite3.Connection, number: int) -> dict[tuple[bytes, bytes], bytes | None]:
    """(id, batch) -> its digests after run `number`, of all that changed since; None: it was not there."""
    before: dict[tuple[bytes, bytes], bytes | None] = {}
    absent: set[bytes] = set()
    for batch, id, was in db.execute("SELECT batch, id, was FROM change WHERE run > ? ORDER BY rowid", (number,)):
        if id is None:
            absent.add(batch)
        else:
            before.setdefault((id, batch), None if batch in absent else was)
    for batch in absent:
        for (id,) in db.execute("SELECT id FROM record WHERE batch = ?", (batch,)):
            before.setdefault((id, batch), None)
    return before


def _now(db: sqlite3.Connection, ids: Iterable[bytes]) -> dict[bytes, dict[bytes, bytes]]:
    """Id -> batch -> its digests."""
    db.execute("CREATE TEMP TABLE wanted (id BLOB PRIMARY KEY) WITHOUT ROWID")
    db.executemany("INSERT INTO wanted VALUES (?)", ((id,) for id in ids))
    digests_of: dict[bytes, dict[bytes, bytes]] = defaultdict(dict)
    for batch, id, digests in db.execute("SELECT batch, id, digests FROM record WHERE id IN (SELECT id FROM wanted)"):
        digests_of[id][batch] = digests
    return digests_of


def _view(batches: Mapping[bytes, bytes | None], all_revisions: bool) -> bytes:
    """The digests of what an export shows of an article; nothing where it shows nothing."""
    joined = b"".join(digests for _, digests in sorted(batches.items()) if digests)
    return joined if all_revisions else joined[-DIGEST:]
