"""What fetch remembers between runs, in SQLite under the state folder: pages it has, pages to come, manners, health.

All of it can be lost. Which pages we have is read again from the metadata records in raw/; the rest is asked anew.
So the order of commits is simple: a poll (the feed's ETag and the pages it listed) is one transaction; a page counts as
ours only when the file that holds it has its name, and that is written down from the file itself (`absorb`).

Long because it is one database: a class with a short method for each thing that is kept or asked.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import NewsmillError
from ..model import FeedEntry
from . import retry
from .listings.dates import stamp
from .listings.items import Item
from .state_tables import MIGRATIONS, TABLES, VERSION, Known, Queued, Resource

if TYPE_CHECKING:  # it brings the HTTP client along, and `newsmill status` only reads
    from ..formats import warc_writer


class State:
    """Open for one run, under the fetch lock. `warnings` says what had to be mended."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fetch.sqlite3"
        self.warnings: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self.db = self._open()
        except sqlite3.DatabaseError as error:
            aside = self.path.with_suffix(".damaged")
            self.path.replace(aside)
            for tail in ("-wal", "-shm"):
                Path(f"{self.path}{tail}").unlink(missing_ok=True)
            self.warnings.append(
                f"{self.path.name} was damaged ({error}) and is built anew from raw/; kept as {aside.name}"
            )
            self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")  # a power cut may take the last polls back: they are asked again
            version = db.execute("PRAGMA user_version").fetchone()[0]
            while version in MIGRATIONS:
                db.executescript(f"BEGIN; {MIGRATIONS[version]} PRAGMA user_version={version + 1}; COMMIT;")
                version += 1
            if version not in (0, VERSION):
                raise NewsmillError(
                    f"{self.path}: written by another newsmill (version {version}); delete it: {_REMEDY}"
                )
            if version == 0:
                db.executescript(f"BEGIN; {TABLES} PRAGMA user_version={VERSION}; COMMIT;")
            elif db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("its pages do not hold together")
            for statement, ahead in _CLOCK:
                db.execute(statement, (time.time() + ahead,))
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction. Raises NewsmillError where the disk refuses."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise NewsmillError(f"{self.path}: cannot be written: {error}") from error

    # --- pages

    def absorb(self, raw: Path) -> int:
        """Write down what finished files in raw/ hold and we did not know. Returns the number of files read."""
        from ..formats import warc_writer

        done = {row[0] for row in self.db.execute("SELECT name FROM file")}
        fresh = [
            p for p in sorted(raw.glob(f"*{warc_writer.SUFFIX}")) if p.name not in done and not p.name.startswith(".")
        ]
        for path in fresh:
            self.have(path.name, warc_writer.captures(path))
        return len(fresh)

    def have(self, name: str, captures: Iterable[warc_writer.Capture]) -> None:
        """Write down what one file holds, once it has its name."""
        with self.change():
            for capture in captures:
                self._have(capture)
            self.db.execute("INSERT OR REPLACE INTO file VALUES (?)", (name,))

    def _have(self, capture: warc_writer.Capture) -> None:
        row = (
            capture.source, capture.fetched_at, capture.sha256, capture.etag, capture.last_modified, capture.url,
            capture.modified_at, capture.visit,
        )  # fmt: skip
        known = self.known(capture.key)
        waiting = self.db.execute(
            "DELETE FROM queue WHERE key = ? AND visit <= ?", (capture.key, capture.visit)
        ).rowcount
        if known is None and not waiting:  # nobody counted it when it was found: the state was lost
            self._count(capture.source, [Item(capture.url, published_at=capture.published_at)],
                        stamp(capture.fetched_at) or time.time())  # fmt: skip
        for key in dict.fromkeys((capture.key, capture.alias or capture.key)):
            self.db.execute("INSERT OR REPLACE INTO page VALUES (?, 'have', ?, ?, ?, ?, ?, ?, ?, ?)", (key, *row))
        if capture.alias:
            self.db.execute("DELETE FROM queue WHERE key = ? AND visit = 1", (capture.alias,))

    def imported(self, keys: Iterable[str], name: str) -> None:
        """Pages that came another way are not fetched again."""
        with self.change():
            for key in keys:
                self.db.execute("INSERT OR IGNORE INTO page (key, state, source) VALUES (?, 'have', ?)", (key, name))
                self.db.execute("DELETE FROM queue WHERE key = ?", (key,))

    def known(self, key: str) -> Known | None:
        row = self.db.execute(
            "SELECT state, etag, last_modified, sha256, fetched_at, modified_at, visits FROM page WHERE key = ?", (key,)
        ).fetchone()
        return Known(**dict(row)) if row else None

    def waits(self, key: str) -> bool:
        return self.db.execute("SELECT 1 FROM queue WHERE key = ?", (key,)).fetchone() is not None

    def close_item(self, key: str, state: str, source: str) -> None:
        """An address that is not to be fetched: gone, failed, or an alias of one we know."""
        with self.change():
            self.db.execute("DELETE FROM queue WHERE key = ?", (key,))
            self.db.execute("INSERT OR IGNORE INTO page (key, state, source) VALUES (?, ?, ?)", (key, state, source))

    def unchanged(self, item: Queued) -> None:
        """Asked again, and it is as it was."""
        with self.change():
            self.db.execute("DELETE FROM queue WHERE key = ?", (item.key,))
            self.db.execute(
                "UPDATE page SET modified_at = ?, visits = ? WHERE key = ?", (item.modified_at, item.visit, item.key)
            )

    def later(self, item: Queued, not_before: float) -> None:
        """Try again in a later run."""
        with self.change():
            self.db.execute("UPDATE queue SET tries = tries + 1, not_before = ? WHERE key = ?", (not_before, item.key))

    def drop(self, key: str) -> None:
        """Take an address out of the queue and keep nothing of it."""
        with self.change():
            self.db.execute("DELETE FROM queue WHERE key = ?", (key,))

    def erase(self, key: str) -> None:
        """Forget an address so that no byte of it stays in the file."""
        self.db.execute("PRAGMA secure_delete = ON")
        with self.change():
            for table in ("queue", "page"):
                self.db.execute(f"DELETE FROM {table} WHERE key = ?", (key,))
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def queued(self, source: str, now: float) -> list[Queued]:
        """The pages of a source that may be asked for now, newest first."""
        rows = self.db.execute("SELECT * FROM queue WHERE source = ? AND not_before <= ?", (source, now))
        return sorted((_queued(row) for row in rows), key=lambda q: (-(newness(q) or q.found_at), q.key))

    def waiting(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM queue").fetchone()[0])

    # --- polls

    def listed(
        self, resource: Resource | None, source: str, new: list[Queued], now: float, *, backlog: bool = False
    ) -> None:
        """A poll that worked: the resource's validators and what it listed, in one transaction.

        A `backlog`, what a listing holds when it is first read, says nothing of the usual number of items a day.
        """
        with self.change():
            if resource is not None:
                self._put(resource)
            for item in new:
                self.db.execute(
                    "INSERT OR IGNORE INTO queue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (item.key, item.url, source, item.via, item.title, item.published_at, item.modified_at,
                     item.language, now, 0, 0, item.visit, json.dumps(asdict(item.entry)) if item.entry else None),
                )  # fmt: skip
            if not backlog:
                self._count(source, [Item(i.url, published_at=i.published_at) for i in new if i.visit == 1], now)

    def _count(self, source: str, items: list[Item], now: float) -> None:
        """New items by the day they were published, where that is said and can be; else by today."""
        for item in items:
            at = stamp(item.published_at)
            at = at if at is not None and now - 60 * 86400 < at < now else now
            self.db.execute(
                "INSERT INTO day (source, day, items) VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET items = items + 1", (source, day(at)),
            )  # fmt: skip

    def polled(self, source: str, said: str | None, now: float) -> None:
        """A source was looked at; `said`: what went wrong, None where something of it could be read."""
        with self.change():
            self.db.execute(
                "INSERT INTO source (name, polled_at, ok_at, failures, said) VALUES (:name, :now, :ok, :failed, :said) "
                "ON CONFLICT DO UPDATE SET polled_at = :now, ok_at = coalesce(:ok, ok_at), said = :said, "
                "failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END",
                {
                    "name": source,
                    "now": now,
                    "ok": None if said else now,
                    "failed": int(said is not None),
                    "said": said,
                },
            )
            if said is None:
                self.db.execute(
                    "INSERT INTO day (source, day, polls) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET polls = polls + 1",
                    (source, day(now)),
                )

    def tell(self, source: str, verdict: str | None) -> bool:
        """Whether an alarm is new: the last one was of another verdict, or the source has been well since (None)."""
        row = self.db.execute("SELECT told FROM source WHERE name = ?", (source,)).fetchone()
        if row is None or row[0] == verdict:
            return False
        with self.change():
            self.db.execute("UPDATE source SET told = ? WHERE name = ?", (verdict, source))
        return verdict is not None

    def resource(self, url: str) -> Resource:
        row = self.db.execute("SELECT * FROM resource WHERE url = ?", (url,)).fetchone()
        return Resource(**dict(row)) if row else Resource(url)

    def put(self, resource: Resource) -> None:
        with self.change():
            self._put(resource)

    def _put(self, r: Resource) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (r.url, r.etag, r.last_modified, r.moved_to, r.gone, r.polled_at, r.status, r.failures, r.not_before,
             r.filter, r.body, r.lastmod),
        )  # fmt: skip

    def last_poll(self, source: str) -> float:
        row = self.db.execute("SELECT polled_at FROM source WHERE name = ?", (source,)).fetchone()
        return float(row[0] or 0) if row else 0.0

    # --- hosts

    def hosts(self, now: float) -> dict[str, tuple[float, int]]:
        """host -> (not before, failures in a row)."""
        rows = self.db.execute("SELECT host, not_before, failures FROM host")
        return {row[0]: (row[1], row[2]) for row in rows}

    def host(self, host: str, not_before: float, failures: int, said: str | None) -> None:
        with self.change():
            if failures == 0 and not_before == 0:
                self.db.execute("DELETE FROM host WHERE host = ?", (host,))
            else:
                self.db.execute("INSERT OR REPLACE INTO host VALUES (?, ?, ?, ?)", (host, not_before, failures, said))


# What was written while the clock was ahead would keep sources and hosts unasked until then.
_CLOCK = (
    ("UPDATE source SET polled_at = 1 WHERE polled_at > ?", 60),  # looked at, long ago
    ("UPDATE resource SET polled_at = 1 WHERE polled_at > ?", 60),
    ("UPDATE resource SET not_before = 0 WHERE not_before > ?", retry.LONGEST_PAUSE),
    ("UPDATE queue SET not_before = 0 WHERE not_before > ?", retry.LONGEST_PAUSE),
    ("UPDATE host SET not_before = 0 WHERE not_before > ?", retry.LONGEST_PAUSE),
)
_REMEDY = "what is in raw/ will be known again, feeds will be asked anew"


def _queued(row: sqlite3.Row) -> Queued:
    entry = json.loads(row["entry"]) if row["entry"] else None
    if entry is not None:
        entry = FeedEntry(**{**entry, "categories": tuple(entry["categories"])})
    return Queued(**{**dict(row), "entry": entry})


def newness(item: Queued) -> float | None:
    return stamp(item.published_at) or stamp(item.modified_at)


def day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))


def read_only(folder: Path) -> sqlite3.Connection | None:
    """The state for a look, also while a run writes it; None where there is none to read."""
    path = folder / "fetch.sqlite3"
    if not path.exists():
        return None
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
        db.row_factory = sqlite3.Row
        db.execute("SELECT 1 FROM source").fetchone()
    except sqlite3.DatabaseError:
        return None
    return db


def rows(db: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(sql, values)]
