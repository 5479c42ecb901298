"""Sitemaps, news sitemaps, sitemap indexes, plain or gzipped -> the articles and the further sitemaps they list."""

from __future__ import annotations

import re
from typing import Any

from . import feeds
from .dates import stamp, stated
from .items import MOST, Item, Listing, NotAListing
from .page_link import absolute
from .xml import local, raw, roots, text_of, words

# Addresses in a sitemap that are no pages: sitemaps that somebody listed among them.
_SITEMAP = re.compile(r"\.xml(?:\.gz)?$|/sitemap[^/]*\.(?:txt|gz|txt\.gz)$|[?&](?:sitemap|xml_sitemap)=", re.I)


def parse(body: bytes, url: str, charset: str | None = None, source_language: str | None = None) -> Listing:
    """Raises NotAListing. `url` is the sitemap's own address."""
    text, cut = text_of(body, charset)
    try:
        listings = [_document(root, url, source_language) for root in roots(text)]
    except NotAListing:
        if text.startswith("<"):
            raise
        listings = [_lines(text, url)]
    listing = feeds.joined(listings)
    return Listing(listing.kind, listing.items, listing.children, listing.title, cut or listing.cut, listing.unlinked)


def _document(root: Any, url: str, source_language: str | None) -> Listing:
    name = local(root)
    if name not in ("sitemapindex", "urlset"):
        return feeds.parse_root(root, url, source_language)  # the protocol allows feeds as sitemaps
    items: list[Item] = []
    children: list[Item] = []
    unlinked = 0
    for element in root:
        kind = local(element)
        if kind not in ("url", "sitemap"):
            continue
        entry = _entry(element, url)
        if entry is None:
            unlinked += 1
        elif kind == "sitemap" or _SITEMAP.search(entry.url.partition("#")[0]):
            children.append(entry)
        else:
            items.append(entry)
    children.sort(key=lambda child: stamp(child.modified_at) or 0.0, reverse=True)
    cut = max(len(items), len(children)) > MOST
    kind = "sitemap" if items or name == "urlset" else "sitemap-index"
    return Listing(kind, tuple(items[:MOST]), tuple(children[:MOST]), None, cut, unlinked)


def _entry(element: Any, url: str) -> Item | None:
    parts: dict[str, str] = {}
    inside = (e for child in element for e in ((child, *child.iter()) if local(child) == "news" else (child,)))
    for child in inside:  # an image's or a video's own loc and title are not the page's
        name = local(child)
        if name == "loc":
            parts.setdefault(name, raw(child))
        elif name in ("lastmod", "publication_date", "title", "language"):
            parts.setdefault(name, words(child))
    target = absolute(parts.get("loc"), url, bare=True)
    if target is None:
        return None
    published, changed = stated(parts.get("publication_date")), stated(parts.get("lastmod"))
    return Item(target, parts.get("title", "")[:500] or None, published, changed, parts.get("language", "")[:8] or None)


def _lines(text: str, url: str) -> Listing:
    """One address a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    addresses = [u for line in lines if re.match(r"https?://|/(?!/)\S", line, re.I) and (u := absolute(line, url))]
    if not addresses or len(addresses) < len(lines) / 2:
        raise NotAListing("neither a feed nor a sitemap")
    items = tuple(Item(u) for u in dict.fromkeys(addresses) if not _SITEMAP.search(u))
    children = tuple(Item(u) for u in dict.fromkeys(addresses) if _SITEMAP.search(u))
    return Listing("text-sitemap", items[:MOST], children[:MOST], cut=max(len(items), len(children)) > MOST)
