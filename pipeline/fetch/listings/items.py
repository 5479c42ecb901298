"""Values of all listings: the articles they name and what they say of them."""

from __future__ import annotations

from dataclasses import dataclass

from ...model import FeedEntry

MOST = 50_000  # entries taken from one document; the sitemap protocol's own limit


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed, sitemap or list."""

    url: str
    title: str | None = None
    published_at: str | None = None  # RFC 3339, as precise as stated (`dates.stated`)
    modified_at: str | None = None
    language: str | None = None
    entry: FeedEntry | None = None  # of a feed


@dataclass(frozen=True, slots=True)
class Listing:
    """What one document lists."""

    kind: str  # "rss", "atom", "json-feed", "sitemap", "sitemap-index", "text-sitemap", "home-page"
    items: tuple[Item, ...] = ()
    children: tuple[Item, ...] = ()  # sitemaps named by a sitemap index, newest first
    title: str | None = None
    cut: bool = False  # more than MOST entries, or a document that breaks off
    unlinked: int = 0  # entries without the address of a page


class NotAListing(ValueError):
    """A document that is neither feed nor sitemap; the text says what it looks like."""
