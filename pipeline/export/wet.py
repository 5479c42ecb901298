"""Records -> WARC conversion records with the text, as Common Crawl's WET files have them; one gzip member each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import IO, Any

from ..formats import warc_writer
from ..timestamps import instant
from .options import Options
from .text import story
from .vocabularies import urn

NAMESPACE = uuid.UUID("5f3c2c0e-6f0a-5d5e-9b6b-3d1f6f2b7a10")
EPOCH = "1970-01-01T00:00:00Z"  # WARC-Date is mandatory; records that nobody dated have this one


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """Record ids are made from the article's id and its content hash, so that the same records give the same bytes."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        block = story(row).encode("utf-8", "replace") + b"\n"
        file.write(warc_writer.encode(_headers(row, block), block))
    return count


def _headers(row: dict[str, Any], block: bytes) -> dict[str, str]:
    moment = instant(row["fetched_at"]) or instant(row["published_at"])
    headers = {
        "WARC-Type": "conversion",
        "WARC-Target-URI": row["url"] or urn(row["id"]),
        "WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment and moment.year >= 1000 else EPOCH,
        "WARC-Record-ID": f"<{uuid.uuid5(NAMESPACE, row['id'] + row['content_hash']).urn}>",
        "WARC-Block-Digest": f"sha256:{warc_writer.sha256(block)}",
        "Content-Type": "text/plain",
    }
    if (row["raw"]["key"] or "").startswith("<urn:uuid:"):
        headers["WARC-Refers-To"] = row["raw"]["key"]
    if row["language"]:
        headers["WARC-Identified-Content-Language"] = row["language"]
    return headers
