"""The values that pass between stages: frozen, named, nothing computed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Access = Literal["free", "declared_paid", "truncated", "unknown"]
Genre = Literal["opinion", "analysis", "live", "obituary", "press release"]
Relation = Literal["same", "revision", "exact", "near", "part"]
SkipReason = Literal[
    "empty",  # no bytes, or nothing but white space
    "unreadable",  # the file, record or row could not be read or parsed: broken gzip, JSON, no permission
    "not-html",  # neither a page nor text, by its content: PDF, image, zip, feed, JSON
    "not-a-page",  # a WARC record that is no response, or a response that is no page (redirect, 404)
    "error-page",  # "404 not found", consent walls, bot checks
    "index-page",  # home, section, tag, search pages: many headlines, no story
    "gallery",  # pictures and captions without a story
    "live-blog",  # a ticker of many small posts, when the config leaves them out
    "paywall",  # a stub that stops where the reader has to pay
    "too-short",  # less text than extract.min_words
    "language",  # not among extract.languages
    "too-large",  # over extract.max_bytes, or too many elements to parse safely
    "timeout",  # took more CPU than extract.page_seconds in every mode
    "crashed",  # the parser died on it
    "forgotten",  # taken down with `newsmill forget`
]


@dataclass(frozen=True, slots=True)
class Raw:
    """Where a page's bytes lie."""

    path: str  # relative to the project, "/" between parts, as in "raw/2026-11-20/story.html"
    key: str | None  # JSONL row id (or "line:N"), WARC record id; None for a page that is a file
    sha256: str  # of the page's bytes as scraped, decompressed


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as scraped, and what is known of them from outside (sidecar, JSONL row, WARC headers)."""

    raw: Raw
    body: bytes  # decompressed, not decoded
    kind: Literal["html", "text"] | None = None  # None: nobody said, look at the content
    charset: str | None = None  # as the transport declared it; "utf-8" for JSONL
    url: str | None = None
    title: str | None = None
    published_at: str | None = None  # as given, not yet normalised
    fetched_at: str | None = None
    source: str | None = None  # the outlet, where someone named it
    headers: tuple[tuple[str, str], ...] = ()  # HTTP response headers, names lower-cased
    flags: tuple[str, ...] = ()  # what the reader met: "sidecar:...", "warc:...", "url:..."; belong on the article


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that became no article, and why."""

    raw: Raw
    url: str | None
    reason: SkipReason
    detail: str


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class Wire:
    """The news agency a text comes from, and the words that say so."""

    agency: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the page's visible text, in page order."""

    text: str  # white space folded, NFC; never empty
    rule: str | None  # None: it belongs to the story; else the rule that took it off ("headline-list", ...)


@dataclass(frozen=True, slots=True)
class Article:
    """A page reduced to the text a reader came for. One line of articles.jsonl."""

    id: str  # from the canonical URL key, else from the text; the same in every batch
    url: str | None
    title: str | None
    text: str  # paragraphs joined by "\n\n", NFC
    content_hash: str  # sha256 of the normalised text
    raw: Raw
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None  # RFC 3339, as precise as known: a bare date stays a date
    modified_at: str | None = None
    fetched_at: str | None = None
    language: str | None = None  # ISO 639-1
    source: str | None = None  # the outlet: as named from outside, else the site's host
    section: str | None = None
    keywords: tuple[str, ...] = ()  # the publisher's own
    images: tuple[Image, ...] = ()
    access: Access = "unknown"
    wire: Wire | None = None
    genre: Genre | None = None
    flags: tuple[str, ...] = ()  # what happened on the way: "cut:...", "charset:...", "fallback:fast"
    found: dict[str, str] = field(default_factory=dict)  # field -> where it came from
    stripped: dict[str, int] = field(default_factory=dict)  # rule -> number of lines


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that repeats another one. One line of duplicates.jsonl."""

    id: str
    cluster_id: str  # id of the cluster's first article; minted once
    relation: Relation
    matched_id: str  # the article it was compared with
    jaccard: float  # of 3-word shingles, 0 to 1
    containment: float  # shared shingles / shingles of the shorter text
    covered: float  # shared shingles / shingles of this text; below `containment`: this is the longer text
    also: tuple[str, ...] = ()  # other clusters it touches


@dataclass(frozen=True, slots=True)
class Topic:
    id: str  # "medtop:…" or the user's tag
    label: str
    confidence: float  # 0 to 1
    by: str  # "model", or the name of the rule
    evidence: tuple[str, ...]  # the words that decided


@dataclass(frozen=True, slots=True)
class Place:
    """A country the text speaks of."""

    code: str  # ISO 3166-1 alpha-2, XK for Kosovo
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag stage says of an article. One line of topics.jsonl."""

    id: str
    topics: tuple[Topic, ...]  # best first
    places: tuple[Place, ...] = ()
