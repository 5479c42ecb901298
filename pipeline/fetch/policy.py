"""What a response means, and which items of a listing are fetched: pure functions."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from ..config import SourceConfig, digest
from ..formats.http_exchange import Response
from ..urls import canonical_key
from . import redirects, retry
from .listings.dates import stamp
from .listings.items import Item
from .state_tables import Known, Queued

# What a page may say it is; a missing type is looked at by the chain, by its content.
_PAGE_TYPES = re.compile(r"text/|application/(?:xhtml|xml|[\w.+-]*\+xml|octet-stream|x-httpd)|$", re.I)

Meaning = Literal["busy", "unchanged", "body", "gone", "refused"]


def judge(response: Response, refresh: str | None) -> Meaning | redirects.Hop:
    """What the answer to a request for a page or a listing means."""
    if response.status in retry.BUSY:
        return "busy"
    if hop := redirects.hop(response.status, response.header("location"), refresh, response.url):
        return hop
    if response.status == 304:
        return "unchanged"
    if response.status == 200:
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
        if waits(key) or (have is not None and not _changed(item, have, revisits)):
            continue
        out[key] = Queued(
            key, item.url, source.name, via, item.title, item.published_at, item.modified_at, item.language, now,
            visit=1 if have is None else have.visits + 1,
        )  # fmt: skip
    return list(out.values())


def _changed(item: Item, have: Known, revisits: int) -> bool:
    if have.state != "have" or have.visits > revisits:
        return False
    modified, fetched, before = stamp(item.modified_at), stamp(have.fetched_at), stamp(have.modified_at)
    if modified is None or fetched is None:
        return False
    return modified > fetched and (before is None or modified > before)


def is_page(content_type: str | None) -> bool:
    return _PAGE_TYPES.match((content_type or "").strip()) is not None


def conditional(etag: str | None, last_modified: str | None) -> tuple[tuple[str, str], ...]:
    """Headers that ask for a document only if it was changed."""
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return tuple((name, value) for name, value in pairs if value and value.isprintable())


def filter_digest(source: SourceConfig) -> str:
    """Hash of what decides which of a listing's items are wanted: another one needs the listing whole again."""
    return digest(source.model_copy(update={"feed": (), "sitemap": (), "urls": (), "homepage": (), "every": 0,
                                            "max_per_run": 0, "delay": None, "internal": False}))  # fmt: skip


def charset(content_type: str | None) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type or "", re.I)
    return found[1] if found else None


def utc(at: float | None = None) -> str:
    return datetime.fromtimestamp(time.time() if at is None else at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
