"""The values that pass between stages: frozen, named, nothing computed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Access = Literal[
    "free",  # the page says so
    "declared_paid",  # the page says that it has to be paid for; the text may be whole all the same
    "truncated",  # the text stops in the middle
    "unknown",  # nothing said
]
Tdm = Literal[
    "reserved",  # text and data mining needs the publisher's leave
    "allowed",  # the publisher says that it reserves nothing
    "unknown",  # nothing said
]
Genre = Literal["opinion", "analysis", "live", "obituary", "press release"]
Relation = Literal[
    "same",  # id and text again: nothing new
    "revision",  # id again, text changed: a new revision
    "exact",  # another id, the same text
    "near",  # most of both texts shared
    "part",  # most of the shorter one is in the longer one: excerpts, wire copy cut to fit
]
How = Literal[
    "opened",  # no open thread was like enough: it is the first of its own
    "joined",  # it was like enough
    "copy",  # it repeats an article of the thread
]
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
class FeedEntry:
    """What a feed said of a page when it was fetched."""

    title: str | None = None
    published_at: str | None = None  # as precise as stated; an offset only where there was one
    text: str | None = None  # the full text as HTML
    categories: tuple[str, ...] = ()


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
    feed: FeedEntry | None = None  # used where the page itself says nothing


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that became no article, and why."""

    raw: Raw  # where the page lies
    url: str | None  # its address, where it is known
    reason: SkipReason  # a word from a closed list
    detail: str  # what was met


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to the story."""

    url: str  # absolute where the page's address is known
    caption: str | None  # without the credit
    credit: str | None  # photographer or agency


@dataclass(frozen=True, slots=True)
class Wire:
    """The news agency a text comes from, and the words that say so."""

    agency: str  # its name
    evidence: str  # the words on the page that name it


@dataclass(frozen=True, slots=True)
class Rights:
    """What a publisher says of the rights in a page: in the page, the answer's headers, the site's tdmrep.json."""

    licence: str | None = None  # its address, else its name
    holder: str | None = None  # who holds the copyright
    notice: str | None = None  # the copyright notice
    tdm: Tdm = "unknown"  # of the TDM Reservation Protocol
    tdm_policy: str | None = None  # the address of its terms
    robots: tuple[str, ...] = ()  # those of noai, noimageai, noarchive that are set
    found: dict[str, str] = field(default_factory=dict)  # field -> where it came from


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the page's visible text, in page order."""

    text: str  # white space folded, NFC; never empty
    rule: str | None  # None: it belongs to the story; else the rule that took it off ("headline-list", ...)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text."""

    paragraph: int  # number of the paragraph it stands in, from 0
    start: int  # first character of its words in the paragraph
    end: int  # one past the last
    url: str  # absolute


@dataclass(frozen=True, slots=True)
class Embed:
    """A player or a post of a social network that the page shows within the story."""

    paragraph: int  # number of the paragraph it stands below
    url: str  # absolute


@dataclass(frozen=True, slots=True)
class Structure:
    """What the paragraphs of a text are, so that Markdown and HTML can be written from it."""

    blocks: tuple[
        str, ...
    ]  # of each paragraph: p, h1 to h6, quote, pre, ul:DEPTH:LIST, ol:DEPTH:LIST, td or th:TABLE:ROW
    links: tuple[Link, ...] = ()  # in the order of the text
    embeds: tuple[Embed, ...] = ()  # in the order of the page


@dataclass(frozen=True, slots=True)
class Article:
    """A page reduced to the text a reader came for. One line of articles.jsonl."""

    id: str  # from the canonical URL key, else from the text; the same in every batch
    url: str | None  # canonical where it can be believed, else as fetched
    title: str | None  # the headline, without the name of the site
    text: str  # paragraphs joined by "\n\n", NFC
    content_hash: str  # sha256 of the normalised text
    raw: Raw  # where the page lies
    standfirst: str | None = None  # the lines between headline and text
    authors: tuple[str, ...] = ()  # people or agencies, no roles
    published_at: str | None = None  # RFC 3339, as precise as known: a bare date stays a date
    modified_at: str | None = None  # of the last change the page owns to
    fetched_at: str | None = None  # when the page was scraped
    language: str | None = None  # ISO 639-1
    source: str | None = None  # the outlet: as named from outside, else the site's host
    section: str | None = None  # as the outlet calls it
    keywords: tuple[str, ...] = ()  # the publisher's own
    images: tuple[Image, ...] = ()  # those of the story
    structure: Structure | None = None  # what its paragraphs are; null where they are but paragraphs
    access: Access = "unknown"  # what the page says of who may read it
    wire: Wire | None = None  # the agency it comes from, where one is named
    rights: Rights | None = None  # null where nothing is said of them
    genre: Genre | None = None  # only where it is plain
    confidence: float | None = None  # 0 to 1: how sure it is that the text is the page's story, whole and alone
    flags: tuple[str, ...] = ()  # what happened on the way: "cut:...", "charset:...", "fallback:fast"
    found: dict[str, str] = field(default_factory=dict)  # field -> where it came from
    stripped: dict[str, int] = field(default_factory=dict)  # rule (listed below) -> number of lines


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that repeats another one. One line of duplicates.jsonl."""

    id: str  # of the article
    cluster_id: str  # id of the cluster's first article; minted once
    relation: Relation  # see below
    matched_id: str  # the article it was compared with
    jaccard: float  # of 3-word shingles, 0 to 1
    containment: float  # shared shingles / shingles of the shorter text
    covered: float  # shared shingles / shingles of this text; below `containment`: this is the longer text
    also: tuple[str, ...] = ()  # other clusters it touches


@dataclass(frozen=True, slots=True)
class Topic:
    """One tag, and why it was given."""

    id: str  # "medtop:…" or the user's tag
    label: str  # the topic in English, or the tag itself
    confidence: float  # 0 to 1
    by: str  # "model", or the name of the rule
    evidence: tuple[str, ...]  # the words that decided


@dataclass(frozen=True, slots=True)
class Place:
    """A country the text speaks of."""

    code: str  # ISO 3166-1 alpha-2, XK for Kosovo
    name: str  # in English
    count: int  # mentions in title and text


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag stage says of an article. One line of topics.jsonl."""

    id: str  # of the article
    topics: tuple[Topic, ...]  # best first
    places: tuple[Place, ...] = ()  # the main one first


@dataclass(frozen=True, slots=True)
class Membership:
    """The thread an article is in, and why."""

    id: str  # of the thread: that of its first article; minted once, never changed
    score: float | None = (
        None  # cosine with the thread when the article joined; null for the one that opened it, and for a copy
    )
    terms: tuple[str, ...] = ()  # those that made most of the score, as stems
    also: tuple[str, ...] = ()  # other threads it could have joined


@dataclass(frozen=True, slots=True)
class Threaded:
    """What the threads stage says of an article. One line of threads.jsonl."""

    id: str  # of the article
    how: How  # how it came there
    thread: Membership  # the story it belongs to
