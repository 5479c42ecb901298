"""Records -> an Atom feed (RFC 4287) of the newest ones, with the whole story as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from .feeds import EPOCH, Entry, clean, entries
from .options import Options
from .vocabularies import MEDIATOPIC, urn

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """The feed's own time is that of its newest entry, so that the same records give the same bytes.

    With changes, what was removed stands as `at:deleted-entry`.
    """
    from lxml import etree

    made = entries(rows)
    names: Any = {None: ATOM, **({"at": TOMBSTONES} if options.changes else {})}
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=names)
    _add(feed, "id", f"urn:newsmill:feed:{options.title}".replace(" ", "-"))
    _add(feed, "title", options.title)
    _add(feed, "updated", max((entry.updated for entry in made), default=EPOCH))
    _add(feed, "generator", "newsmill")
    for entry in made:
        _entry(feed, entry)
    for id, _ in options.changes.removed() if options.changes else ():
        etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=urn(id), when=options.run or EPOCH)
    file.write(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))
    return len(made)


def _entry(feed: Any, entry: Entry) -> None:
    node = _add(feed, "entry")
    if entry.language:
        node.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _add(node, "id", entry.id)
    _add(node, "title", entry.title)
    if entry.url:
        _add(node, "link", rel="alternate", type="text/html", href=entry.url)
    _add(node, "updated", entry.updated)
    if entry.published:
        _add(node, "published", entry.published)
    for name in entry.authors or (entry.source or "unknown",):  # RFC 4287: an entry has an author
        _add(_add(node, "author"), "name", name)
    for topic, label in entry.topics:
        if topic.startswith("medtop:"):
            _add(node, "category", term=topic, scheme=MEDIATOPIC, label=label)
        else:
            _add(node, "category", term=topic, label=label)
    if entry.summary:
        _add(node, "summary", entry.summary)
    _add(node, "content", entry.html, type="html")


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    from lxml import etree

    node = etree.SubElement(parent, f"{{{ATOM}}}{tag}", {name: clean(value) for name, value in attributes.items()})
    node.text = None if text is None else clean(text)
    return node
