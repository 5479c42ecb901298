"""Feed readers' lists of feeds (OPML) <-> sources."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from ...config import SourceConfig
from ...errors import UsageError
from .items import NotAListing
from .xml import local, xml_root


def read(data: bytes) -> list[tuple[str, str, str | None]]:
    """(name, feed address, home page or None) of each feed, in order. Raises UsageError."""
    try:
        root = xml_root(data)
    except NotAListing as error:
        raise UsageError(f"not OPML: {error}") from None
    if local(root) != "opml":
        raise UsageError(f"not OPML: the file begins with <{local(root)[:40]}>")
    out = []
    for element in root.iter():
        feed = element.get("xmlUrl") if local(element) == "outline" else None
        if feed and feed.startswith(("http://", "https://")):
            name = element.get("title") or element.get("text") or feed
            out.append((" ".join(name.split())[:100], feed, element.get("htmlUrl")))
    return out


def write(sources: Iterable[SourceConfig]) -> str:
    """The feeds of all sources as OPML 2.0; sources without a feed have no place in it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "<head><title>newsmill</title></head>"]
    lines.append("<body>")
    for source in sources:
        for feed in source.feed:
            home = f" htmlUrl={quoteattr(source.homepage[0])}" if source.homepage else ""
            name = quoteattr(source.name)
            lines.append(f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(feed)}{home}/>')
    return "\n".join([*lines, "</body>", "</opml>"]) + "\n"
