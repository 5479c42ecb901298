"""What a response means, and which items of a listing are fetched: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

from ..config import SourceConfig, digest
from ..formats.content_type import sniff
from ..formats.http_exchange import Response
from ..urls import canonical_key
from . import redirects, retry
from .listings.dates import ends, stamp
from .listings.items import Item
from .state_tables import Known, Queued, Resource

BODIES = (200, 203)  # 203: the same, changed by a proxy on the way
# What a page may say it is; a missing type is looked at by the chain, by its content.
_PAGE_TYPES = re.compile(
    r"text/(?:html|plain|xml|x-server-parsed-html)|application/(?:xhtml|xml|[\w.+-]*\+xml)|$", re.I
)
_OTHER_TYPES = re.compile(  # what is none, whatever its bytes look like
    r"(?:image|audio|video|font|multipart)/|text/(?:css|javascript|ecmascript|csv|calendar|vcard|vtt|event-stream)|"
    r"application/(?:json|[\w.+-]*\+json|javascript|x-javascript|ecmascript|pdf|zip|gzip|msword|vnd\.)",
    re.I,
)

Meaning = Literal["busy", "unchanged", "body", "gone", "refused"]


def judge(response: Response, refresh: str | None) -> Meaning | redirects.Hop:
    """What the answer to a request for a page or a listing means."""
    if response.status in retry.BUSY:
        return "busy"
    if hop := redirects.hop(response.status, response.header("location"), refresh, response.url):
        return hop
    if response.status == 304:
        return "unchanged"
    if response.status in BODIES:
        return "body"
    return "gone" if response.status in retry.GONE else "refused"


def new_pages(
    source: SourceConfig,
    items: Iterable[Item],
    via: str,
    now: float,
    *,
    known: Callable[[str], Known | None],
    waits: Callable[[str], bool],
    forgotten: frozenset[str],
    revisits: int,
) -> list[Queued]:
    """The items of a listing that are to be fetched: wanted by the source's patterns, young enough, not had yet.

    A page that is had is asked for again where the listing says that it was changed after it was fetched.
    """
    include = [re.compile(p) for p in source.include]
    exclude = [re.compile(p) for p in source.exclude]
    out: dict[str, Queued] = {}
    for item in items:
        key = canonical_key(item.url)
        if key is None or key in out or key in forgotten:
            continue
        if include and not any(p.search(item.url) for p in include):
            continue
        if any(p.search(item.url) for p in exclude):
            continue
        dated = stamp(item.published_at) or stamp(item.modified_at)
        if source.max_age_days and dated is not None and dated < now - source.max_age_days * 86_400:
            continue
        have = known(key)
        if waits(key) or (have is not None and not _changed(item, have, revisits, now)):
            continue
        out[key] = Queued(
            key, item.url, source.name, via, item.title, item.published_at, item.modified_at, item.language, now,
            visit=1 if have is None else have.visits + 1, entry=item.entry,
        )  # fmt: skip
    return list(out.values())


def _changed(item: Item, have: Known, revisits: int, now: float) -> bool:
    """Whether a page that is had was changed since, by what the listing says of it now and said then.

    A date is the whole day: such a page is asked for once more on its day, and again when the day is over.
    """
    if have.state != "have" or have.visits > revisits:
        return False
    modified, fetched, before = stamp(item.modified_at), stamp(have.fetched_at), stamp(have.modified_at)
    end = ends(item.modified_at)
    if modified is None or fetched is None or end is None:
        return False
    if before is None:
        return modified > fetched or (end > fetched and (have.visits == 1 or now > end))
    if item.modified_at != have.modified_at:
        return modified > before
    return end > fetched and len(item.modified_at or "") == 10 and (have.visits == 1 or now > end)


def is_page(content_type: str | None, body: bytes) -> bool:
    """Whether a body may be a page: by its declared type; where that is odd ("html", "unknown/x"), by its content.

    A picture that is declared as one stays one; HTML that is declared as data is a page all the same.
    """
    declared = (content_type or "").strip()
    if _PAGE_TYPES.match(declared):
        return True
    looks = sniff(body)
    return looks == "html" if _OTHER_TYPES.match(declared) else isinstance(looks, str)


def child_due(lastmod: str | None, known: Resource, oldest: float) -> bool:
    """Whether a sitemap named by an index is to be read again, decided by the index's `lastmod`.

    Read unless the index says what it said at the last read, and that moment was over by then: a date is the whole
    day, in any time zone. `oldest` is the source's max_age_days as a time, 0 where there is none.
    """
    end = ends(lastmod)
    if end is None:
        return True
    if oldest and end < oldest:
        return False
    return not known.polled_at or lastmod != known.lastmod or known.polled_at < end


def conditional(etag: str | None, last_modified: str | None) -> tuple[tuple[str, str], ...]:
    """Headers that ask for a document only if it was changed."""
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return tuple((name, value) for name, value in pairs if value and value.isprintable())


def filter_digest(source: SourceConfig) -> str:
    """Hash of what decides which of a listing's items are wanted: another one needs the listing whole again."""
    return digest(source.model_copy(update={"feed": (), "sitemap": (), "urls": (), "homepage": (), "every": 0,
                                            "max_per_run": 0, "delay": None, "internal": False}))  # fmt: skip


def charset(content_type: str | None) -> str | None:
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type or "", re.I)
    return match[1] if match else None
