"""Rows of articles.jsonl -> articles as the comparison sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..timestamps import seconds
from .profile import Profile, profiles
from .tokens import tokenise


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the comparison sees it."""

    id: str
    content_hash: str
    page: str  # sha256 of the page as scraped, or ""
    title: str
    time: float | None  # seconds since 1970: published, else fetched
    source: str
    agency: str  # the news agency it names as its origin, or ""
    profile: Profile


def known(rows: Sequence[Mapping[str, Any]]) -> list[Known]:
    """One for each row."""
    texts = [row["text"] for row in rows]
    return [
        Known(
            row["id"],
            row["content_hash"],
            row["raw"]["sha256"],
            row["title"] or "",
            _time(row),
            row["source"] or "",
            agency(row),
            profile,
        )
        for row, profile in zip(rows, profiles(texts, tokenise(texts)), strict=True)
    ]


def agency(row: Mapping[str, Any]) -> str:
    """The news agency that an article names as its origin, or ""."""
    return str((row["wire"] or {}).get("agency", ""))


def _time(row: Mapping[str, Any]) -> float | None:
    """When an article was published, else fetched; None where neither is known. A bare date is its midnight, UTC."""
    for name in ("published_at", "fetched_at"):
        if (time := seconds(row[name])) is not None:
            return time
    return None
