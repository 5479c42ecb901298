"""What a feed said of a page, as a WARC metadata record that stands before the page's response record.

The block is JSON with the fields of FeedEntry; WARC-Refers-To names the response. The record comes first, so that a
reader that streams a file has it at hand when the page comes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..model import FeedEntry

CONTENT_TYPE = "application/vnd.newsmill.feed-entry+json"
MOST_BYTES = 4_000_000  # of a block that is read


def encode(entry: FeedEntry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8", "replace")


def decode(headers: Mapping[str, str], block: bytes | None) -> tuple[str, FeedEntry] | None:
    """(WARC-Record-ID of the response, entry); None for every other record. Header names in lower case."""
    if headers.get("content-type") != CONTENT_TYPE or not block or len(block) > MOST_BYTES:
        return None
    refers_to = headers.get("warc-refers-to", "").strip("<> ")
    try:
        row: Any = json.loads(block)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not refers_to:
        return None
    texts = {name: value for name in ("title", "published_at", "text") if isinstance(value := row.get(name), str)}
    categories = row.get("categories")
    names = tuple(name for name in categories if isinstance(name, str)) if isinstance(categories, list) else ()
    return refers_to, FeedEntry(**texts, categories=names)
