"""What to do with what came back: decisions without effects, from values to values."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..config import SourceConfig
from ..urls import canonical_key
from .items import Item, stamp
from .state import Known, Queued

PERMANENT = frozenset((301, 308))
REDIRECTS = PERMANENT | {302, 303, 307}
BUSY = frozenset((429, 503))
GONE = frozenset((404, 410))
DENIED = frozenset((401, 402, 403, 451))
LONGEST_BACKOFF = 86_400.0
# What a page may say it is; a missing type is looked at by the chain, by its content.
_PAGE_TYPES = re.compile(r"text/|application/(?:xhtml|xml|[\w.+-]*\+xml|octet-stream|x-httpd)|$", re.I)


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
    """The items of a listing that are to be fetched: wanted by the source's patterns, young enough, not ours yet.

    A page we have is asked for again where the listing says that it was changed after we fetched it.
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
        said = stamp(item.published_at) or stamp(item.modified_at)
        if source.max_age_days and said is not None and said < now - source.max_age_days * 86_400:
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
    said, fetched, before = stamp(item.modified_at), stamp(have.fetched_at), stamp(have.modified_at)
    if said is None or fetched is None:
        return False
    return said > fetched and (before is None or said > before)


def is_page(content_type: str | None) -> bool:
    return _PAGE_TYPES.match((content_type or "").strip()) is not None


def retry_after(value: str | None, now: float, otherwise: float) -> float:
    """Seconds that a Retry-After header asks for, at most a day; `otherwise` where it says nothing we can read."""
    if value is None:
        return otherwise
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(float(value), LONGEST_BACKOFF)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return otherwise
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at.timestamp() - now, 0.0), LONGEST_BACKOFF)


def backoff(failures: int, chance: float, first: float = 60.0) -> float:
    """Seconds to stay away after so many failures in a row: doubling, at most a day, spread by `chance` in 0..1."""
    return float(min(first * 2 ** min(failures, 20), LONGEST_BACKOFF)) * (0.5 + chance / 2)


def charset(content_type: str | None) -> str | None:
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type or "", re.I)
    return found[1] if found else None


def utc(at: float | None = None) -> str:
    return datetime.fromtimestamp(time.time() if at is None else at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a response sends us."""

    url: str
    permanent: bool


def hop(status: int, location: str | None, refresh: str | None, url: str) -> Hop | None:
    """The next address after a redirect or a meta refresh; None where there is none, or none on the web."""
    from ..urls import clean

    if status in REDIRECTS and location:
        target = clean(location, url)
        return Hop(target, status in PERMANENT) if target else None
    return Hop(refresh, False) if status == 200 and refresh else None
