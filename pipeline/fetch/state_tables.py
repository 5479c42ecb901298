"""Tables of the fetch state and the values of their rows."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import FeedEntry

VERSION = 2
TABLES = """
CREATE TABLE page (          -- addresses that are settled
    key TEXT PRIMARY KEY,    -- canonical key
    state TEXT NOT NULL,     -- have, alias (redirects to another key), gone, failed
    source TEXT, fetched_at TEXT, sha256 TEXT, etag TEXT, last_modified TEXT, url TEXT,
    modified_at TEXT,        -- as the feed said when we fetched
    visits INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE TABLE queue (         -- addresses still to fetch
    key TEXT PRIMARY KEY, url TEXT NOT NULL, source TEXT NOT NULL, via TEXT, title TEXT, published_at TEXT,
    modified_at TEXT, language TEXT, found_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0, visit INTEGER NOT NULL DEFAULT 1,
    entry TEXT               -- what the feed said of it: date, full text, categories (JSON)
) WITHOUT ROWID;
CREATE INDEX queue_source ON queue (source);
CREATE TABLE resource (      -- feeds, sitemaps, home pages and robots.txt files
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, moved_to TEXT, gone INTEGER NOT NULL DEFAULT 0,
    polled_at REAL NOT NULL DEFAULT 0, status INTEGER, failures INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0, filter TEXT, body BLOB,
    lastmod TEXT             -- of a sitemap in an index: what the index said when it was last read
) WITHOUT ROWID;
CREATE TABLE host (host TEXT PRIMARY KEY, not_before REAL NOT NULL, failures INTEGER NOT NULL, said TEXT) WITHOUT ROWID;
CREATE TABLE source (name TEXT PRIMARY KEY, polled_at REAL, ok_at REAL, failures INTEGER NOT NULL DEFAULT 0, said TEXT,
    told TEXT                -- the verdict an alarm was given for; one alarm until the source is well again
) WITHOUT ROWID;
CREATE TABLE day (           -- per source and day: did we look, and how many new items were there
    source TEXT, day TEXT, polls INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, day)
) WITHOUT ROWID;
CREATE TABLE file (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
MIGRATIONS = {  # version -> what makes it the next one
    1: """
ALTER TABLE queue ADD COLUMN entry TEXT;
ALTER TABLE resource ADD COLUMN lastmod TEXT;
ALTER TABLE source ADD COLUMN told TEXT;
"""
}


@dataclass(frozen=True, slots=True)
class Queued:
    """A page to fetch."""

    key: str
    url: str
    source: str
    via: str | None = None
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    found_at: float = 0.0
    tries: int = 0
    not_before: float = 0.0
    visit: int = 1
    entry: FeedEntry | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A settled address."""

    state: str
    etag: str | None
    last_modified: str | None
    sha256: str | None
    fetched_at: str | None
    modified_at: str | None
    visits: int


@dataclass(frozen=True, slots=True)
class Resource:
    """What is remembered of a feed, a sitemap, a home page or a robots.txt."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    gone: int = 0
    polled_at: float = 0.0
    status: int | None = None
    failures: int = 0
    not_before: float = 0.0
    filter: str | None = None  # the source's patterns when it was polled: other ones need it whole again
    body: bytes | None = None  # robots.txt as sent; of a sitemap index, its children as JSON
    lastmod: str | None = None
