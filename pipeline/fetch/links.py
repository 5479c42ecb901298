"""A site's page -> the articles it links to, and the feeds and sitemaps it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..urls import canonical_key, clean, is_article_url, site_of
from .items import MOST, Item, Listing, NotAListing, words

_FEED_TYPES = {
    "application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "json-feed",
    "application/rdf+xml": "rss", "text/xml": "rss", "application/xml": "rss",
}  # fmt: skip
# Bounded, and never over a second "<": "<meta<meta<meta..." costs linear time.
_META = re.compile(rb"<meta\b[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(rb"""(?<![\w:-])([\w:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")


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


def _metas(body: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each meta element, without a parse: this runs on every page."""
    for meta in _META.finditer(body):
        pairs = (
            (m[1].lower().decode("ascii", "replace"), m[2] or m[3] or m[4] or b"") for m in _ATTRIBUTE.finditer(meta[0])
        )
        yield {name: value.decode("utf-8", "replace").strip()[:2000] for name, value in pairs}


def refresh(body: bytes, url: str) -> str | None:
    """Where a page sends its reader at once (`<meta http-equiv=refresh>` within 5 seconds)."""
    head = body[:16_384]
    for begin, end in ((b"<!--", b"-->"), (b"<noscript", b"</noscript")):  # readers without scripts are sent elsewhere
        first, *rest = re.split(re.escape(begin), head, flags=re.I)
        head = first + b" ".join(re.split(re.escape(end), part, maxsplit=1, flags=re.I)[-1] for part in rest)
    for meta in _metas(head):
        if meta.get("http-equiv", "").lower() != "refresh":
            continue
        parts = re.match(
            r"""(\d{1,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""", meta.get("content", ""), re.I
        )
        if parts is not None and int(parts[1]) <= 5 and (target := clean(parts[2], url)) != url:
            return target
    return None


def reservations(body: bytes, headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What a page says of text and data mining and of robots: tdm-reservation, tdm-policy, robots directives."""
    said: dict[str, list[str]] = {}
    wanted = ("robots", "tdm-reservation", "tdm-policy", "newsmill")
    for name, value in headers:
        key = "robots" if name.lower() == "x-robots-tag" else name.lower()
        if key in wanted[:3]:
            said.setdefault(key, []).append(value.strip()[:500])
    for meta in _metas(body[:131_072]):
        if (key := meta.get("name", "").lower()) in wanted and meta.get("content"):
            said.setdefault("robots" if key == "newsmill" else key, []).append(meta["content"][:500])
    return {key: ", ".join(dict.fromkeys(values))[:1000] for key, values in said.items()}
