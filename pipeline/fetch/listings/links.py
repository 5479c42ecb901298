"""A site's home or section page -> the articles it links to, and the feeds it names."""

from __future__ import annotations

from typing import Any

from ...urls import canonical_key, clean, is_article_url, site_of
from .items import MOST, Item, Listing, NotAListing
from .xml import words

_FEED_TYPES = {
    "application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "json-feed",
    "application/rdf+xml": "rss", "text/xml": "rss", "application/xml": "rss",
}  # fmt: skip


def _tree(body: bytes, charset: str | None) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.document_fromstring(body, parser=lxml_html.HTMLParser(encoding=charset))
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError):
        raise NotAListing("no HTML") from None
    return tree


def articles(body: bytes, url: str, charset: str | None = None) -> Listing:
    """Links of a home or section page that look like one story's address on the same site. Raises NotAListing."""
    tree = _tree(body, charset)
    base = next((clean(e.get("href"), url) for e in tree.iter("base") if e.get("href")), None) or url
    site = site_of(url)
    found: dict[str, Item] = {}
    for element in tree.iter("a"):
        target = clean(element.get("href"), base)
        if target is None or site_of(target) != site or not is_article_url(target):
            continue
        key = canonical_key(target)
        title = words(element)[:500]
        if key and (key not in found or len(title) > len(found[key].title or "")):
            found[key] = Item(found[key].url if key in found else target.partition("#")[0], title or None)
    return Listing("home-page", tuple(found.values())[:MOST], cut=len(found) > MOST)


def feeds(body: bytes, url: str, charset: str | None = None) -> list[tuple[str, str | None]]:
    """(address, title) of the feeds a page names in its head, comment feeds last. Raises NotAListing."""
    tree = _tree(body, charset)
    found: dict[str, str | None] = {}
    for element in tree.iter("link"):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        if "alternate" in rel and kind in _FEED_TYPES and (target := clean(element.get("href"), url)):
            found.setdefault(target, element.get("title"))
    return sorted(found.items(), key=lambda pair: "comment" in f"{pair[0]} {pair[1]}".lower())
