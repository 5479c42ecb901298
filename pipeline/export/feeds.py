"""Record -> the entry that Atom and JSON Feed share: stable id, address, times, texts and topics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..timestamps import instant
from . import markup
from .vocabularies import urn

EPOCH = "1970-01-01T00:00:00Z"  # both formats want a time; an undated record is older than any dated one
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 has no place for these


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as a feed shows it."""

    id: str  # a URN of the article's id: the same in every export, and for every revision
    url: str | None
    title: str
    summary: str | None
    html: str
    published: str | None  # RFC 3339 with an offset
    updated: str  # of the latest change that is known
    authors: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]  # (id, label)
    language: str | None
    source: str | None
    image: str | None


def entries(rows: Iterable[dict[str, Any]]) -> list[Entry]:
    """Each article once, by its latest revision: a feed has no two entries of one id."""
    latest: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = latest.setdefault(row["id"], row)
        if _updated(row) > _updated(before):
            latest[row["id"]] = row
    return [entry(row) for row in latest.values()]


def entry(row: dict[str, Any]) -> Entry:
    title = row["title"] or row["text"].split("\n", 1)[0][:120]
    return Entry(
        id=urn(row["id"]),
        url=row["url"] if row["url"] and row["url"].startswith(("http://", "https://")) else None,
        title=clean(title),
        summary=clean(row["standfirst"]) if row["standfirst"] else None,
        html=clean(markup.html(row)),
        published=stamp(row["published_at"]),
        updated=_updated(row),
        authors=tuple(clean(name) for name in row["authors"]),
        topics=tuple((topic["id"], topic["label"]) for topic in row["topics"]),
        language=row["language"],
        source=row["source"],
        image=next((image["url"] for image in row["images"] if image["url"].startswith("http")), None),
    )


def stamp(text: str | None) -> str | None:
    """A date or time in the form both formats need: a bare day is its midnight, an unstated offset UTC."""
    moment = instant(text)
    return _utc(moment) if moment else None


def _updated(row: dict[str, Any]) -> str:
    """When the entry last changed: a revision moves it forward though the page owns to no change."""
    times = [row["published_at"], row["modified_at"]]
    if row["relation"] == "revision" or not any(times):
        times.append(row["fetched_at"])
    return max((stamp(text) or EPOCH for text in times), default=EPOCH)


def _utc(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.year:04d}-{utc:%m-%dT%H:%M:%SZ}"


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _CONTROL.sub("", text)
