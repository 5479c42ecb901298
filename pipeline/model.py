"""The values that pass between stages: frozen, named, nothing computed here.

Fields that are written to files say what they hold in `doc(...)`: the reference and JSON Schemas are made from it.

Long because it is a list: the values between stages, each with what its fields hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

Access = Literal["free", "declared_paid", "truncated", "unknown"]
Tdm = Literal["reserved", "allowed", "unknown"]
Genre = Literal["opinion", "analysis", "live", "obituary", "press release"]
Relation = Literal["same", "revision", "exact", "near", "part"]
PlaceKind = Literal["country", "region", "town"]
How = Literal["opened", "joined", "copy"]
SkipReason = Literal[
    "empty",
    "unreadable",
    "not-html",
    "not-a-page",
    "error-page",
    "index-page",
    "gallery",
    "live-blog",
    "paywall",
    "too-short",
    "language",
    "too-large",
    "timeout",
    "crashed",
    "forgotten",
]

MEANINGS: dict[object, dict[str, str]] = {
    Access: {
        "free": "the page says so",
        "declared_paid": "the page says that it has to be paid for; the text may be whole all the same",
        "truncated": "the text stops in the middle",
        "unknown": "nothing said",
    },
    Tdm: {
        "reserved": "text and data mining needs the publisher's leave",
        "allowed": "the publisher says that it reserves nothing",
        "unknown": "nothing said",
    },
    Relation: {
        "same": "id and text again: nothing new",
        "revision": "id again, text changed: a new revision",
        "exact": "another id, the same text",
        "near": "most of both texts shared",
        "part": "most of the shorter one is in the longer one: excerpts, wire copy cut to fit",
    },
    PlaceKind: {
        "country": "by its name, its people or its towns",
        "region": "a part of a country that the news names: states, provinces, regions",
        "town": "of 15,000 inhabitants and more",
    },
    How: {
        "opened": "no open thread was like enough: it is the first of its own",
        "joined": "it was like enough",
        "copy": "it repeats an article of the thread",
    },
    SkipReason: {
        "empty": "no bytes, or nothing but white space",
        "unreadable": "the file, record or row could not be read or parsed: broken gzip, JSON, no permission",
        "not-html": "neither a page nor text, by its content: PDF, image, zip, feed, JSON",
        "not-a-page": "a WARC record that is no response, or a response that is no page (redirect, 404)",
        "error-page": '"404 not found", consent walls, bot checks',
        "index-page": "home, section, tag, search pages: many headlines, no story",
        "gallery": "pictures and captions without a story",
        "live-blog": "a ticker of many small posts, when the config leaves them out",
        "paywall": "a stub that stops where the reader has to pay",
        "too-short": "less text than extract.min_words",
        "language": "not among extract.languages",
        "too-large": "over extract.max_bytes, or too many elements to parse safely",
        "timeout": "took more CPU than extract.page_seconds in every mode",
        "crashed": "the parser died on it",
        "forgotten": "taken down with `newsmill forget`",
    },
}
"""What each word of a closed list says."""


def doc(meaning: str) -> Meta:
    """What a field holds, as the reference and the JSON Schemas give it."""
    return Meta(description=meaning)


@dataclass(frozen=True, slots=True)
class Raw:
    """Where a page's bytes lie."""

    path: Annotated[str, doc('relative to the project, "/" between parts, as in "raw/2026-11-20/story.html"')]
    key: Annotated[str | None, doc('JSONL row id (or "line:N"), WARC record id; null for a page that is a file')]
    sha256: Annotated[str, doc("of the page's bytes as scraped, decompressed")]


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

    raw: Annotated[Raw, doc("where the page lies")]
    url: Annotated[str | None, doc("its address, where it is known")]
    reason: Annotated[SkipReason, doc("a word from a closed list")]
    detail: Annotated[str, doc("what was met")]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to the story."""

    url: Annotated[str, doc("absolute where the page's address is known")]
    caption: Annotated[str | None, doc("without the credit")]
    credit: Annotated[str | None, doc("photographer or agency")]


@dataclass(frozen=True, slots=True)
class Wire:
    """The news agency a text comes from, and the words that say so."""

    agency: Annotated[str, doc("its name")]
    evidence: Annotated[str, doc("the words on the page that name it")]


@dataclass(frozen=True, slots=True)
class Rights:
    """What a publisher says of the rights in a page: in the page, the answer's headers, the site's tdmrep.json."""

    licence: Annotated[str | None, doc("its address, else its name")] = None
    holder: Annotated[str | None, doc("who holds the copyright")] = None
    notice: Annotated[str | None, doc("the copyright notice")] = None
    tdm: Annotated[Tdm, doc("of the TDM Reservation Protocol")] = "unknown"
    tdm_policy: Annotated[str | None, doc("the address of its terms")] = None
    robots: Annotated[tuple[str, ...], doc("those of noai, noimageai, noarchive that are set")] = ()
    found: Annotated[dict[str, str], doc("field -> where it came from")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the page's visible text, in page order."""

    text: str  # white space folded, NFC; never empty
    rule: str | None  # None: it belongs to the story; else the rule that took it off ("headline-list", ...)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text."""

    paragraph: Annotated[int, doc("number of the paragraph it stands in, from 0")]
    start: Annotated[int, doc("first character of its words in the paragraph")]
    end: Annotated[int, doc("one past the last")]
    url: Annotated[str, doc("absolute")]


@dataclass(frozen=True, slots=True)
class Embed:
    """A player or a post of a social network that the page shows within the story."""

    paragraph: Annotated[int, doc("number of the paragraph it stands below")]
    url: Annotated[str, doc("absolute")]


@dataclass(frozen=True, slots=True)
class Structure:
    """What the paragraphs of a text are, so that Markdown and HTML can be written from it."""

    blocks: Annotated[
        tuple[str, ...],
        doc("of each paragraph: p, h1 to h6, quote, pre, ul:DEPTH:LIST, ol:DEPTH:LIST, td or th:TABLE:ROW"),
    ]
    links: Annotated[tuple[Link, ...], doc("in the order of the text")] = ()
    embeds: Annotated[tuple[Embed, ...], doc("in the order of the page")] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A page reduced to the text a reader came for. One line of articles.jsonl."""

    id: Annotated[str, doc("from the canonical URL key, else from the text; the same in every batch")]
    url: Annotated[str | None, doc("canonical where it can be believed, else as fetched")]
    title: Annotated[str | None, doc("the headline, without the name of the site")]
    text: Annotated[str, doc("paragraphs with a blank line between them, NFC")]
    content_hash: Annotated[str, doc("sha256 of the normalised text")]
    raw: Annotated[Raw, doc("where the page lies")]
    standfirst: Annotated[str | None, doc("the lines between headline and text")] = None
    authors: Annotated[tuple[str, ...], doc("people or agencies, no roles")] = ()
    published_at: Annotated[str | None, doc("RFC 3339, as precise as known: a bare date stays a date")] = None
    modified_at: Annotated[str | None, doc("of the last change the page owns to")] = None
    fetched_at: Annotated[str | None, doc("when the page was scraped")] = None
    language: Annotated[str | None, doc("ISO 639-1")] = None
    source: Annotated[str | None, doc("the outlet: as named from outside, else the site's host")] = None
    section: Annotated[str | None, doc("as the outlet calls it")] = None
    keywords: Annotated[tuple[str, ...], doc("the publisher's own")] = ()
    images: Annotated[tuple[Image, ...], doc("those of the story")] = ()
    structure: Annotated[Structure | None, doc("what its paragraphs are; null where they are but paragraphs")] = None
    access: Annotated[Access, doc("what the page says of who may read it")] = "unknown"
    wire: Annotated[Wire | None, doc("the agency it comes from, where one is named")] = None
    rights: Annotated[Rights | None, doc("null where nothing is said of them")] = None
    genre: Annotated[Genre | None, doc("only where it is plain")] = None
    confidence: Annotated[
        float | None, doc("0 to 1: how sure it is that the text is the page's story, whole and alone")
    ] = None
    flags: Annotated[tuple[str, ...], doc('what happened on the way: "cut:...", "charset:...", "fallback:fast"')] = ()
    found: Annotated[dict[str, str], doc("field -> where it came from")] = field(default_factory=dict)
    stripped: Annotated[dict[str, int], doc("rule (listed below) -> number of lines")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that repeats another one. One line of duplicates.jsonl."""

    id: Annotated[str, doc("of the article")]
    cluster_id: Annotated[str, doc("id of the cluster's first article; minted once")]
    relation: Annotated[Relation, doc("see below")]
    matched_id: Annotated[str, doc("the article it was compared with")]
    jaccard: Annotated[float, doc("of 3-word shingles, 0 to 1")]
    containment: Annotated[float, doc("shared shingles / shingles of the shorter text")]
    covered: Annotated[
        float, doc("shared shingles / shingles of this text; below `containment`: this is the longer text")
    ]
    also: Annotated[tuple[str, ...], doc("other clusters it touches")] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One tag, and why it was given."""

    id: Annotated[str, doc('"medtop:…" or the user\'s tag')]
    label: Annotated[str, doc("the topic in English, or the tag itself")]
    confidence: Annotated[float, doc("0 to 1")]
    by: Annotated[str, doc('"model", or the name of the rule')]
    evidence: Annotated[tuple[str, ...], doc("the words that decided")]


@dataclass(frozen=True, slots=True)
class Place:
    """A country, region or town the text speaks of."""

    code: Annotated[str, doc("ISO 3166-1 alpha-2, XK for Kosovo; ISO 3166-2 for a region; geonames:ID for a town")]
    name: Annotated[str, doc("in English, or as those who live there call it")]
    count: Annotated[int, doc("mentions in title and text; a country's include those of its towns")]
    kind: Annotated[PlaceKind, doc("see below")] = "country"
    country: Annotated[str | None, doc("code of the country a region or town is in")] = None
    latitude: Annotated[float | None, doc("of a region or town, in degrees north")] = None
    longitude: Annotated[float | None, doc("in degrees east")] = None
    stands_for: Annotated[
        str | None, doc("what the name means in the text where that is a government: Brussels, the European Union")
    ] = None


@dataclass(frozen=True, slots=True)
class Name:
    """A person or an organisation that the text names; which of the two is not said, it would be a guess."""

    name: Annotated[str, doc("the fullest form in the text")]
    count: Annotated[int, doc("mentions in title and text, all forms together")]
    variants: Annotated[tuple[str, ...], doc("other forms in the text: a surname alone, initials, other cases")] = ()


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag stage says of an article. One line of topics.jsonl."""

    id: Annotated[str, doc("of the article")]
    topics: Annotated[tuple[Topic, ...], doc("best first")]
    places: Annotated[tuple[Place, ...], doc("the main one first")] = ()
    names: Annotated[tuple[Name, ...], doc("people and organisations, the most frequent first")] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """The thread an article is in, and why."""

    id: Annotated[str, doc("of the thread: that of its first article; minted once, never changed")]
    score: Annotated[
        float | None,
        doc("cosine with the thread when the article joined; null for the one that opened it, and for a copy"),
    ] = None
    terms: Annotated[tuple[str, ...], doc("those that made most of the score, as stems")] = ()
    also: Annotated[tuple[str, ...], doc("other threads it could have joined")] = ()


@dataclass(frozen=True, slots=True)
class Threaded:
    """What the threads stage says of an article. One line of threads.jsonl."""

    id: Annotated[str, doc("of the article")]
    how: Annotated[How, doc("how it came there")]
    thread: Annotated[Membership, doc("the story it belongs to")]
