"""RSS, Atom and JSON Feed, well formed or not -> the articles they list."""

from __future__ import annotations

import html
import json
from typing import Any

from .dates import when
from .items import MOST, Item, Listing, NotAListing
from .xml import local, words, xml_root

_CUT = 500  # characters of a title that are kept


def parse(body: bytes, url: str, charset: str | None = None) -> Listing:
    """Raises NotAListing. `url` is the feed's own address, for relative links."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(body, url)
    return parse_root(xml_root(body, charset), url)


def parse_root(root: Any, url: str) -> Listing:
    name = local(root)
    if name in ("rss", "RDF", "channel"):
        found = [e for e in root.iter() if local(e) == "item"]
        channel = next((e for e in root.iter() if local(e) == "channel"), root)
        items = (_rss_item(e, url) for e in found)
        kind = "rss"
    elif name == "feed":
        found = [e for e in root if local(e) == "entry"]
        channel, kind = root, "atom"
        items = (_atom_item(e, url) for e in found)
    else:
        raise NotAListing(f"XML of another kind: <{name[:40]}>")
    title = next((words(e)[:_CUT] for e in channel if local(e) == "title"), None)
    return _listing(kind, [i for i in items if i is not None], title)


def _listing(kind: str, items: list[Item], title: str | None) -> Listing:
    """Each address once, in the feed's order."""
    once = list({item.url: item for item in reversed(items)}.values())[::-1]
    return Listing(kind, tuple(once[:MOST]), title=title, cut=len(once) > MOST)


def _rss_item(element: Any, url: str) -> Item | None:
    parts: dict[str, str] = {}
    link = guid = original = None
    for child in element:
        name = local(child)
        if name == "link" and link is None:
            link = words(child) or (child.get("href") if child.get("rel", "alternate") == "alternate" else None)
        elif name == "guid" and (child.get("isPermaLink") or "true").lower() != "false":
            guid = words(child)
        elif name == "origLink":  # the address behind a feed service's redirect
            original = words(child)
        elif name in ("title", "pubDate", "date", "published", "updated", "modified"):
            parts.setdefault(name, words(child))
    target = next((t for t in (original, link, guid) if t and _absolute(t, url)), None)
    if target is None:
        return None
    published = parts.get("pubDate") or parts.get("published") or parts.get("date") or parts.get("updated")
    changed = parts.get("updated") or parts.get("modified")
    return Item(str(_absolute(target, url)), _title(parts.get("title")), when(published), when(changed))


def _atom_item(element: Any, url: str) -> Item | None:
    from ...urls import clean

    base = clean(element.base, url) or url
    parts: dict[str, str] = {}
    links: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name == "link" and child.get("href"):
            links.setdefault(child.get("rel", "alternate"), child.get("href"))
        elif name in ("title", "published", "issued", "created", "updated", "modified", "id"):
            parts.setdefault(name, words(child))
    href = links.get("alternate") or links.get("via")
    target = clean(href, base) if href else _absolute(parts.get("id"), base)
    if target is None:
        return None
    published = parts.get("published") or parts.get("issued") or parts.get("created") or parts.get("updated")
    changed = parts.get("updated") or parts.get("modified")
    return Item(target, _title(parts.get("title")), when(published), when(changed))


def _json_feed(body: bytes, url: str) -> Listing:
    from ...pages.fields import clean  # JSON can spell lone surrogates, which the queue's database does not take

    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAListing("JSON that cannot be read") from None
    rows = data.get("items") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise NotAListing("JSON without items")
    items = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        said = {key: clean(value) for key, value in row.items() if isinstance(value, str)}
        target = next((t for key in ("url", "external_url", "id") if (t := _absolute(said.get(key), url))), None)
        if target is not None:
            published = when(said.get("date_published"))
            title = _title(said.get("title"))
            items.append(Item(target, title, published, when(said.get("date_modified"))))
    title = data.get("title")
    return _listing("json-feed", items, clean(title)[:_CUT] if isinstance(title, str) else None)


def _title(text: str | None) -> str | None:
    return " ".join(html.unescape(text).split())[:_CUT] or None if text else None


def _absolute(target: str | None, base: str) -> str | None:
    """A web address made whole; None for anything else ("tag:", "urn:", "javascript:", a bare word in a guid)."""
    from ...urls import clean

    if not target or (":" not in target and not target.startswith(("/", "?", "./", "../"))):
        return None
    return clean(target, base)
