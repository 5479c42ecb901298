"""Sitemaps, news sitemaps, sitemap indexes, plain or gzipped -> the articles and the further sitemaps they list."""

from __future__ import annotations

import re
import zlib
from typing import Any

from . import feeds
from .dates import when
from .items import MOST, Item, Listing, NotAListing
from .xml import local, words, xml_root


def parse(body: bytes, url: str, charset: str | None = None, most: int = 50_000_000) -> Listing:
    """Raises NotAListing. A gzipped body may unfold to `most` bytes, the protocol's own limit."""
    if body.startswith(b"\x1f\x8b"):
        body = unfold(body, most)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"\0" not in body[:4]:
        return _text(body)
    root = xml_root(body, charset)
    name = local(root)
    if name == "sitemapindex":
        children = [_entry(e) for e in root if local(e) == "sitemap"]
        found = sorted((c for c in children if c), key=lambda c: c.modified_at or "", reverse=True)
        return Listing("sitemap-index", children=tuple(found[:MOST]), cut=len(found) > MOST)
    if name == "urlset":
        items = [i for e in root if local(e) == "url" and (i := _entry(e))]
        return Listing("sitemap", tuple(items[:MOST]), cut=len(items) > MOST)
    return feeds.parse_root(root, url)  # the protocol allows feeds as sitemaps


def unfold(body: bytes, most: int) -> bytes:
    """Undo gzip, up to `most` bytes. Raises NotAListing."""
    machine = zlib.decompressobj(31)
    try:
        out = machine.decompress(body, most)
    except zlib.error as error:
        raise NotAListing(f"broken gzip: {error}") from None
    if machine.unconsumed_tail:
        raise NotAListing(f"unfolds to more than {most:,} bytes")
    return out


def _entry(element: Any) -> Item | None:
    from ...urls import clean

    said: dict[str, str] = {}
    inside = (e for child in element for e in ((child, *child.iter()) if local(child) == "news" else (child,)))
    for child in inside:  # an image's or a video's own loc and title are not the page's
        name = local(child)
        if name in ("loc", "lastmod", "publication_date", "title", "language"):
            said.setdefault(name, words(child))
    url = clean(said.get("loc"))
    if url is None:
        return None
    published, changed = when(said.get("publication_date")), when(said.get("lastmod"))
    return Item(url, said.get("title", "")[:500] or None, published, changed, said.get("language", "")[:8] or None)


def _text(body: bytes) -> Listing:
    """One address a line."""
    from ...urls import clean

    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines() if line.strip()]
    found = [u for line in lines if re.match(r"https?://", line) and (u := clean(line))]
    if not found or len(found) < len(lines) / 2:
        raise NotAListing("neither a feed nor a sitemap")
    return Listing("text-sitemap", tuple(Item(u) for u in dict.fromkeys(found[:MOST])), cut=len(found) > MOST)
