"""A WARC file -> Page or Skipped for each of its responses, in file order; damage in one loses that one alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from ..formats import feed_record
from ..formats.compression import Broken, TooLarge
from ..formats.http_message import Response, response
from ..formats.surrogates import clean
from ..formats.warc_reader import Lost, Record, records
from ..model import FeedEntry, Page, Skipped
from . import answers
from .fields import web_url
from .source import Source, Unreadable, why

ABOUT = {"warcinfo", "request", "metadata"}  # records about other records, not pages


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """Records about records (requests, metadata) are no pages and get no line; all others do."""
    try:
        with source.open() as stream:
            yield from from_stream(source, stream, max_bytes)
    except Unreadable as error:
        yield source.skipped("unreadable", str(error))


def from_stream(source: Source, stream: BinaryIO, max_bytes: int, within: str = "") -> Iterator[Page | Skipped]:
    """`within` names the file of an archive that the stream is."""
    feed: tuple[str, FeedEntry] | None = None  # what a feed said of the page of the next record
    try:
        for record in records(stream, max_bytes):
            if isinstance(record, Lost):
                yield source.skipped("unreadable", f"damaged record at byte {record.at}: {clean(record.why)}",
                                     bare(record.record_id), url=web_url(bare(record.url), []))  # fmt: skip
            elif record.headers.get("warc-type", "").lower() not in ABOUT:
                content = page(source, record, max_bytes, within)
                if isinstance(content, Page) and (reservation_headers := _site_reservation(record)):
                    content = replace(content, headers=(*content.headers, *reservation_headers))
                if feed and isinstance(content, Page) and content.raw.key == feed[0]:
                    content = replace(content, feed=feed[1])
                feed = None
                yield content
            else:
                feed = feed_record.decode(record.headers, record.block) or feed
    except OSError as error:
        yield source.skipped("unreadable", why(error))


def page(source: Source, record: Record, max_bytes: int, within: str = "") -> Page | Skipped:
    """A record that is not about others; one without an id is known by its number in the file."""
    kind = record.headers.get("warc-type", "").lower()
    key = bare(record.headers.get("warc-record-id")) or f"{within}record:{record.number}"
    target = bare(record.headers.get("warc-target-uri"))
    url = web_url(target, [])
    if kind not in ("response", "resource", "conversion"):
        return source.skipped("not-a-page", f"a {clean(kind)[:40] or 'nameless'} record", key, url=url)
    if target and ":" in target and not target.lower().startswith(("http:", "https:")):
        return source.skipped("not-a-page", f"a {kind} to {clean(target)[:60]}", key)
    if record.block is None:
        return source.skipped("too-large", f"{record.length} bytes, over {max_bytes}", key, url=url)
    try:
        got = response(record.block, max_bytes) if kind == "response" else _plain(record)
    except TooLarge:
        return source.skipped("too-large", f"over {max_bytes} bytes when decoded", key, url=url)
    except Broken as broken:
        return source.skipped("unreadable", clean(broken.args[0]), key, record.block, url)
    return answers.page(
        source,
        key,
        target,
        got,
        fetched_at=clean(record.headers.get("warc-date", "")) or None,
        named=clean(record.headers.get("newsmill-source", "")) or None,  # the [[source]] it was fetched for
        flags=(*got.flags, *_integrity(record)),
    )


def _site_reservation(record: Record) -> tuple[tuple[str, str], ...]:
    """What fetch read of the page in its site's tdmrep.json, beside the page's own headers."""
    names = ("newsmill-tdm-reservation", "newsmill-tdm-policy")
    return tuple((name, clean(value)) for name in names if (value := record.headers.get(name)))


def _plain(record: Record) -> Response:
    """A resource or conversion record: the block is the page."""
    content_type = record.headers.get("content-type")
    return Response(200, (("content-type", clean(content_type)),) if content_type else (), record.block or b"", ())


def _integrity(record: Record) -> Iterator[str]:
    if cut := record.headers.get("warc-truncated"):
        yield f"cut:the archive holds only a part of the page ({clean(cut)[:40]})"
    algorithm, _, digest = record.headers.get("warc-block-digest", "").partition(":")
    if algorithm.lower() == "sha1" and len(digest) == 32:
        right = base64.b32encode(hashlib.sha1(record.block or b"", usedforsecurity=False).digest()).decode()
        if digest.upper() != right:
            yield "warc:the block does not match its digest"


def bare(value: str | None) -> str | None:
    """Without the angle brackets some writers put around addresses."""
    return clean(value).strip("<> ") or None if value else None
