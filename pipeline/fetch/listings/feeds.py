"""RSS, Atom and JSON Feed, well formed or not -> the articles they list."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ...formats import surrogates
from ...formats.markup import without_tags
from ...model import FeedEntry
from .dates import precise, stated
from .items import MOST, Item, Listing, NotAListing
from .page_link import Link, absolute, choose
from .xml import language, local, namespace, raw, roots, text_of, words

_CUT = 500  # characters of a title that are kept
_MOST_TEXT = 400_000  # characters of a full text that are kept
_MOST_CATEGORIES = 40
_FULL_DESCRIPTION = 150  # words from which a description without a full text beside it is taken for one
_ATOM = "http://www.w3.org/2005/atom"
_JSON = re.compile(r"\s*[{\[]")
_JSON_BEGIN = re.compile(r"[{\[]\s*[\"{]")

MaybeItem = Item | None


def parse(body: bytes, url: str, charset: str | None = None, source_language: str | None = None) -> Listing:
    """Raises NotAListing. `url` is the feed's own address; `source_language` what is configured for the source."""
    text, cut = text_of(body, charset)
    if _JSON.match(text):
        return _cut(_json_feed(text, url), cut)
    try:
        listings = [parse_root(root, url, source_language) for root in roots(text)]
    except NotAListing:
        begin = _JSON_BEGIN.search(text[:65_536])  # JSON behind a server's warning
        if begin is None or re.match(r"\s*<(?:!doctype|html)\b", text, re.I):
            raise
        return _cut(_json_feed(text[begin.start() :], url), cut)
    return _cut(joined(listings), cut)


def joined(found: list[Listing]) -> Listing:
    """Several documents in one file as one listing."""
    if len(found) == 1:
        return found[0]
    first = found[0]
    items = _once(item for listing in found for item in listing.items)
    children = tuple(child for listing in found for child in listing.children)
    unlinked = sum(listing.unlinked for listing in found)
    cut = any(listing.cut for listing in found) or len(items) > MOST
    return Listing(first.kind, items[:MOST], children[:MOST], first.title, cut, unlinked)


def _cut(listing: Listing, cut: bool) -> Listing:
    if not cut:
        return listing
    return Listing(listing.kind, listing.items, listing.children, listing.title, True, listing.unlinked)


def parse_root(root: Any, url: str, source_language: str | None = None) -> Listing:
    """One XML document. Raises NotAListing."""
    name = local(root)
    if name in ("rss", "rdf", "channel"):
        channel = next((e for e in root.iter() if local(e) == "channel"), root)
        channel_language = next((words(e) for e in channel if local(e) == "language"), None)
        base = _channel_base(channel, url)
        items = [
            _rss_item(e, base, channel_language or source_language or language(e))
            for e in root.iter()
            if local(e) == "item"
        ]
        kind = "rss"
    elif name == "feed":
        channel, kind = root, "atom"
        items = [_atom_item(e, url, language(e) or source_language) for e in root if local(e) == "entry"]
    else:
        raise NotAListing(f"XML of another kind: <{name[:40]}>")
    title = next((words(e)[:_CUT] for e in channel if local(e) == "title"), None)
    return _listing(kind, items, title)


def _listing(kind: str, items: list[MaybeItem], title: str | None) -> Listing:
    """Each address once, in the feed's order."""
    once = _once(item for item in items if item is not None)
    return Listing(kind, once[:MOST], title=title, cut=len(once) > MOST, unlinked=items.count(None))


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    by_url: dict[str, Item] = {}
    for item in items:
        by_url.setdefault(item.url, item)
    return tuple(by_url.values())


def _channel_base(channel: Any, url: str) -> str:
    """What relative addresses of an RSS feed are relative to: xml:base, else the channel's own page."""
    if channel.base and (base := absolute(channel.base, url, bare=True)):
        return base
    for element in channel:
        if local(element) == "link" and namespace(element) != _ATOM:
            return absolute(raw(element), url, bare=True) or url
    return url


def _rss_item(element: Any, base: str, source_language: str | None) -> MaybeItem:
    parts: dict[str, str] = {}
    contents: dict[str, str] = {}
    categories: list[str] = []
    links: list[Link] = []
    plain: list[str] = []  # <link>https://…</link>
    originals: list[str] = []  # the address behind a feed service's redirect
    guids: list[tuple[bool, str]] = []  # (it is no permanent link, id)
    base = absolute(element.base, base, bare=True) or base if element.base else base
    for child in element:
        name = local(child)
        if name == "link":
            if text := raw(child).strip():
                plain.append(text)
            if child.get("href"):
                links.append(_link(child))
        elif name == "guid":
            guids.append(((child.get("isPermaLink") or "true").strip().lower() == "false", raw(child)))
        elif name == "origlink":
            originals.append(raw(child))
        elif name in ("encoded", "content", "description", "summary", "body"):
            contents.setdefault(name, _content(child))
        elif name in ("category", "subject"):
            categories.append(words(child) or child.get("term") or "")
        elif name in ("title", "pubdate", "date", "published", "updated", "modified", "lastbuilddate", "issued"):
            parts.setdefault(name, words(child))
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or element.get("about")
    candidates = [
        *(absolute(text, base) for text in originals),
        *(absolute(text, base, bare=True) for text in plain),
        choose(links, base, source_language),
        *(absolute(text, base) for _, text in sorted(guids, key=lambda pair: pair[0])),
        absolute(about, base),
    ]
    targets = [candidate for candidate in candidates if candidate]
    if not targets:
        return None
    target = next((candidate for candidate in targets if not _is_front_page(candidate)), targets[0])
    first = next((parts[n] for n in ("pubdate", "published", "issued", "date") if parts.get(n)), None)
    changed = next((parts[n] for n in ("updated", "modified") if parts.get(n)), None)
    return Item(
        target, _title(parts.get("title")), stated(first or changed), stated(changed), None,
        _entry(parts.get("title"), first, _full_text(contents), categories),
    )  # fmt: skip


def _is_front_page(target: str) -> bool:
    """Whether an address is that of a site: some feeds link every item to it, and have the story's in its guid."""
    parts = urlsplit(target)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _link(element: Any) -> Link:
    return Link(
        element.get("href") or raw(element), element.get("rel") or "alternate", element.get("type") or "",
        element.get("hreflang") or "",
    )  # fmt: skip


def _atom_item(element: Any, url: str, source_language: str | None) -> MaybeItem:
    base = absolute(element.base, url, bare=True) or url if element.base else url
    parts: dict[str, str] = {}
    contents: dict[str, str] = {}
    categories: list[str] = []
    links: list[Link] = []
    original = None
    for child in element:
        name = local(child)
        if name == "link":
            links.append(_link(child))
        elif name == "origlink":
            original = original or absolute(raw(child), base)
        elif name in ("content", "summary"):
            if child.get("src"):
                links.append(Link(child.get("src"), "content", child.get("type") or ""))
            contents.setdefault(name, _content(child))
        elif name == "category":
            categories.append(child.get("label") or child.get("term") or words(child))
        elif name in ("title", "published", "issued", "created", "updated", "modified", "id"):
            parts.setdefault(name, raw(child).strip() if name == "id" else words(child))
    target = original or _with_id(links, parts.get("id"), base, source_language)
    if target is None:
        return None
    changed = next((parts[n] for n in ("updated", "modified") if parts.get(n)), None)
    # An entry's date of change is not its date of publication: it only orders the queue.
    first = next((parts[n] for n in ("published", "issued", "created") if parts.get(n)), None)
    return Item(
        target, _title(parts.get("title")), stated(first or changed), stated(changed), None,
        _entry(parts.get("title"), first, _full_text(contents), categories),
    )  # fmt: skip


def _with_id(links: list[Link], identifier: str | None, base: str, source_language: str | None) -> str | None:
    """The entry's page: by its links, by an id that is an address, by a link to itself."""
    surer = [link for link in links if "self" not in link.rel.lower() or "html" in link.type.lower()]
    return choose(surer, base, source_language) or absolute(identifier, base) or choose(links, base, source_language)


def _content(element: Any) -> str:
    """The markup of a text construct: escaped, in CDATA, or as XHTML inside."""
    kind = (element.get("type") or "").lower()
    if element.get("src") or (kind and not re.match(r"text|html|xhtml|application/xhtml", kind)):
        return ""
    if len(element):  # XHTML, or HTML that somebody forgot to escape
        from lxml import etree

        inside = [html.escape(element.text or "", quote=False)]
        inside += [etree.tostring(child, encoding="unicode", method="html") for child in element]
        return "".join(inside)[:_MOST_TEXT]
    text = raw(element)[:_MOST_TEXT]
    return _paragraphs(text) if kind in ("text", "text/plain") else text


def _paragraphs(text: str) -> str:
    """Plain text as HTML."""
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def _full_text(contents: dict[str, str]) -> str | None:
    for name in ("encoded", "content", "body"):
        if contents.get(name, "").strip():
            return contents[name]
    for name in ("description", "summary"):
        text = contents.get(name, "")
        if len(without_tags(text, " ").split()) >= _FULL_DESCRIPTION:
            return text
    return None


def _entry(title: str | None, published: str | None, text: str | None, categories: list[str]) -> FeedEntry | None:
    """None where the feed says nothing but the address."""
    kept = tuple(dict.fromkeys(c for category in categories if (c := " ".join(html.unescape(category).split())[:100])))
    stamp = precise(published)
    return FeedEntry(_title(title), stamp, text, kept[:_MOST_CATEGORIES]) if stamp or text or kept else None


def _json_feed(text: str, url: str) -> Listing:
    try:
        data = json.JSONDecoder().raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        raise NotAListing("JSON that cannot be read") from None
    rows = data.get("items") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise NotAListing("JSON without items")
    home = data.get("home_page_url")
    base = absolute(surrogates.clean(home), url, bare=True) or url if isinstance(home, str) else url
    items = [_json_item(row, base) for row in rows]
    title = data.get("title")
    return _listing("json-feed", items, surrogates.clean(title)[:_CUT] if isinstance(title, str) else None)


def _json_item(row: Any, base: str) -> MaybeItem:
    if not isinstance(row, dict):
        return None
    # JSON can spell lone surrogates, which the queue's database does not take.
    strings = {key: surrogates.clean(value) for key, value in row.items() if isinstance(value, str)}
    target = absolute(strings.get("url"), base, bare=True)
    target = target or next((t for key in ("external_url", "id") if (t := absolute(strings.get(key), base))), None)
    if target is None:
        return None
    published = strings.get("date_published")
    text = strings.get("content_html") or (
        _paragraphs(strings["content_text"]) if strings.get("content_text") else None
    )
    tags = row.get("tags")
    categories = [surrogates.clean(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return Item(
        target, _title(strings.get("title")), stated(published), stated(strings.get("date_modified")), None,
        _entry(strings.get("title"), published, text[:_MOST_TEXT] if text else None, categories),
    )  # fmt: skip


def _title(text: str | None) -> str | None:
    return " ".join(html.unescape(text).split())[:_CUT] or None if text else None
