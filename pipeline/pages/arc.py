"""An ARC file -> Page or Skipped for each record in it."""

from __future__ import annotations

from collections.abc import Iterator

from ..formats.arc_reader import ArcLost, records
from ..formats.compression import Broken, TooLarge, plain
from ..formats.http_message import Response, response
from ..formats.surrogates import clean
from ..model import Page, Skipped
from . import answers
from .fields import web_url
from .source import Source, Unreadable, chunks


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    try:
        with source.open() as stream:
            for record in records(plain(chunks(stream)), max_bytes):
                if isinstance(record, ArcLost):
                    yield source.skipped("unreadable", record.why)
                    continue
                key, url = f"record:{record.number}", clean(record.url)
                if not url.lower().startswith(("http:", "https:")):
                    continue  # the file about itself, and lookups of names
                if record.block is None:
                    yield source.skipped(
                        "too-large", f"{record.length} bytes, over {max_bytes}", key, url=web_url(url, [])
                    )
                    continue
                try:
                    got = response(record.block, max_bytes)
                except TooLarge:
                    yield source.skipped("too-large", f"over {max_bytes} bytes when decoded", key, url=web_url(url, []))
                except Broken as broken:
                    if record.block.startswith(b"HTTP/"):
                        yield source.skipped("unreadable", broken.args[0], key, record.block, web_url(url, []))
                        continue
                    got = Response(200, (("content-type", clean(record.type)),), record.block, ())
                    yield answers.page(source, key, url, got, fetched_at=record.date)
                else:
                    yield answers.page(source, key, url, got, fetched_at=record.date, flags=got.flags)
    except (Broken, Unreadable) as error:
        yield source.skipped("unreadable", f"the rest of the file is lost: {error.args[0]}")
