"""A site's home or section page -> the articles it links to, and the feeds it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...urls import canonical_key, clean, is_article_url, site_of
from .items import MOST, Item, Listing, NotAListing
from .xml import words

_FEED_TYPES = {
    "application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "json-feed",
    "application/rdf+xml": "rss", "text/xml": "rss", "application/xml": "rss",
}  # fmt: skip
_FEED_PATH = re.compile(
    r"\.(?:rss|atom|rdf)(?:$|\?)|/(?:rss|atom|feeds?)(?:/?$|/?\?|[\w/-]*\.(?:xml|json|php)$)|[?&](?:feed|format)=(?:rss2?|atom|feed)\b",
    re.I,
)
_FEED_WORDS = re.compile(
    r"(?:rss|atom|xml|json)(?:[- ]?(?:feeds?|2\.0))?|feeds?|newsfeed|rss[- ]?лента|rss フィード|フィード", re.I
)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class NamedListings:
    """Addresses that a page names."""

    feeds: tuple[tuple[str, str | None], ...]  # (address, title)
    sitemaps: tuple[str, ...]


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
    base = _base(tree, url)
    site = site_of(url)
    by_key: dict[str, Item] = {}
    for element in tree.iter("a"):
        target = clean(element.get("href"), base)
        if target is None or site_of(target) != site or not is_article_url(target):
            continue
        key = canonical_key(target)
        title = words(element)[:500]
        if key and (key not in by_key or len(title) > len(by_key[key].title or "")):
            by_key[key] = Item(by_key[key].url if key in by_key else target.partition("#")[0], title or None)
    return Listing("home-page", tuple(by_key.values())[:MOST], cut=len(by_key) > MOST)


def named(body: bytes, url: str, charset: str | None = None) -> NamedListings:
    """The feeds and sitemaps that a page names, in its head or as links in its body. Raises NotAListing.

    Those of `link` elements come first, feeds of comments last.
    """
    tree = _tree(body, charset)
    base = _base(tree, url)
    feeds: dict[str, str | None] = {}
    sitemaps: list[str] = []
    for element in tree.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        target = clean(element.get("href"), base)
        if target and "sitemap" in relations:
            sitemaps.append(target)
        elif target and ((kind in _FEED_TYPES and {"alternate", "feed"} & {*relations}) or "feed" in relations):
            feeds.setdefault(target, element.get("title"))
    site = site_of(url)
    for element in tree.iter("a"):
        target = clean(element.get("href"), base)
        kind = (element.get("type") or "").lower().split(";")[0].strip()
        if target and (kind in _FEED_TYPES or (site_of(target) == site and _looks_like_feed(target, words(element)))):
            feeds.setdefault(target, words(element)[:200] or None)
    ordered = sorted(feeds.items(), key=lambda pair: "comment" in f"{pair[0]} {pair[1]}".lower())
    return NamedListings(tuple(ordered[:_MOST_NAMED]), tuple(dict.fromkeys(sitemaps))[:_MOST_NAMED])


def _base(tree: Any, url: str) -> str:
    return next((clean(e.get("href"), url) for e in tree.iter("base") if e.get("href")), None) or url


def _looks_like_feed(target: str, text: str) -> bool:
    return bool(_FEED_PATH.search(target.partition("#")[0]) or _FEED_WORDS.fullmatch(text.strip()))
