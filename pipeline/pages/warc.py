"""A WARC file -> Page or Skipped for each of its responses, in file order; damage in one loses that one alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from ..formats.compression import Broken, TooLarge
from ..formats.content_type import sniff
from ..formats.http_message import Response, response
from ..formats.warc_reader import Lost, Record, records
from ..model import Page, Skipped
from .batches import Source, Unreadable
from .fields import clean, web_url
from .sidecar import charset

_ABOUT = {"warcinfo", "request", "metadata"}  # records about other records, not pages
_PAGES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml", "application/octet-stream")


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """Records about records (requests, metadata) are no pages and get no line; all others do."""
    try:
        with source.open() as stream:
            for record in records(stream, max_bytes):
                if isinstance(record, Lost):
                    yield source.skipped("unreadable", f"damaged record at byte {record.at}: {clean(record.why)}",
                                         _bare(record.record_id), url=web_url(_bare(record.url), []))  # fmt: skip
                elif record.headers.get("warc-type", "").lower() not in _ABOUT:
                    yield _page(source, record, max_bytes)
    except (Unreadable, OSError) as error:
        yield source.skipped("unreadable", str(error))


def _page(source: Source, record: Record, max_bytes: int) -> Page | Skipped:
    kind = record.headers.get("warc-type", "").lower()
    key = _bare(record.headers.get("warc-record-id"))
    target = _bare(record.headers.get("warc-target-uri"))
    flags: list[str] = []
    url = web_url(target, flags)
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
    if got.status not in (200, 203):
        return source.skipped("not-a-page", f"HTTP {got.status}", key, got.body, url)
    declared = next((v for k, v in got.headers if k == "content-type"), "").strip().lower()
    content = sniff(got.body)
    if isinstance(content, tuple):
        return source.skipped(*content, key, got.body, url)
    if content == "text" and declared and not declared.startswith(_PAGES):
        return source.skipped("not-html", declared[:60], key, got.body, url)
    flags += got.flags
    flags += _integrity(record)
    return Page(
        raw=source.at(key, got.body),
        body=got.body,
        kind=content,
        charset=charset(got.headers),
        url=url,
        fetched_at=clean(record.headers.get("warc-date", "")) or None,
        source=clean(record.headers.get("newsmill-source", "")) or None,  # the [[source]] it was fetched for
        headers=got.headers,
        flags=tuple(flags),
    )


def _plain(record: Record) -> Response:
    """A resource or conversion record: the block is the page."""
    said = record.headers.get("content-type")
    return Response(200, (("content-type", clean(said)),) if said else (), record.block or b"", ())


def _integrity(record: Record) -> Iterator[str]:
    if cut := record.headers.get("warc-truncated"):
        yield f"cut:the archive holds only a part of the page ({clean(cut)[:40]})"
    algorithm, _, digest = record.headers.get("warc-block-digest", "").partition(":")
    if algorithm.lower() == "sha1" and len(digest) == 32:
        right = base64.b32encode(hashlib.sha1(record.block or b"", usedforsecurity=False).digest()).decode()
        if digest.upper() != right:
            yield "warc:the block does not match its digest"


def _bare(value: str | None) -> str | None:
    """Without the angle brackets some writers put around addresses."""
    return clean(value).strip("<> ") or None if value else None
