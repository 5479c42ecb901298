"""Records -> a JSON Feed (version 1.1) of the newest ones, with the whole story as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from .. import store
from .feeds import Entry, entries
from .options import Options

VERSION = "https://jsonfeed.org/version/1.1"


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """One JSON object; members that are not known are left out, as the format wants."""
    made = entries(rows)
    feed = {"version": VERSION, "title": options.title, "items": [item(entry) for entry in made]}
    file.write(store.to_json(feed) + b"\n")
    return len(made)


def item(entry: Entry) -> dict[str, Any]:
    members = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.image,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": name} for name in entry.authors],
        "tags": [label for _, label in entry.topics],
        "language": entry.language,
    }
    return {name: value for name, value in members.items() if value}
