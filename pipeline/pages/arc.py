"""An ARC file -> Page or Skipped for each record in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..formats.arc_reader import ArcLost, ArcRecord, records
from ..formats.compression import Broken, TooLarge, plain
from ..formats.http_message import Response, response
from ..formats.surrogates import clean
from ..model import Page, Skipped
from . import answers
from .fields import web_url
from .source import Doomed, Source, Unreadable, Write, chunks

# What takes a removed record's place: the others are known by their numbers.
_STUB = b"filedesc://removed 0.0.0.0 19960101000000 text/plain 0\n"


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    return (item for _, item in _items(source, max_bytes))


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes of a file without the doomed records: found first, then cut out."""
    cuts = [
        (record.begin, record.end if isinstance(record, ArcRecord) else None)
        for record, item in _items(source, max_bytes)
        if record is not None and doomed.page(item)
    ]
    at = 0
    for piece in pieces:
        while piece:
            begin, end = cuts[0] if cuts else (at + len(piece), None)
            if at < begin:
                write(piece[: begin - at])
                piece, at = piece[begin - at :], at + len(piece[: begin - at])
                continue
            if at == begin:
                write(_STUB)
            gone = len(piece) if end is None else min(len(piece), end - at)
            piece, at = piece[gone:], at + gone
            if at == end:
                cuts.pop(0)


def _items(source: Source, max_bytes: int) -> Iterator[tuple[ArcRecord | ArcLost | None, Page | Skipped]]:
    """Each page or row of the ledger, with the record it comes from."""
    try:
        with source.open() as stream:
            for record in records(plain(chunks(stream)), max_bytes):
                url = clean(record.url)
                if isinstance(record, ArcLost):
                    yield record, source.skipped("unreadable", record.why, url=web_url(url, []))
                elif url.lower().startswith(("http:", "https:")):  # not the file about itself, nor lookups of names
                    yield record, _item(source, record, url, max_bytes)
    except (Broken, Unreadable) as error:
        yield None, source.skipped("unreadable", f"the rest of the file is lost: {error.args[0]}")


def _item(source: Source, record: ArcRecord, url: str, max_bytes: int) -> Page | Skipped:
    key = f"record:{record.number}"
    if record.block is None:
        return source.skipped("too-large", f"{record.length} bytes, over {max_bytes}", key, url=web_url(url, []))
    try:
        got = response(record.block, max_bytes)
    except TooLarge:
        return source.skipped("too-large", f"over {max_bytes} bytes when decoded", key, url=web_url(url, []))
    except Broken as broken:
        if record.block.startswith(b"HTTP/"):
            return source.skipped("unreadable", broken.args[0], key, record.block, web_url(url, []))
        got = Response(200, (("content-type", clean(record.type)),), record.block, ())
    return answers.page(source, key, url, got, fetched_at=record.date, flags=got.flags)
