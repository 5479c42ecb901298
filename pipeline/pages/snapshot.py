"""An MHTML file -> the page that was saved, with its address and the time."""

from __future__ import annotations

from collections.abc import Iterator

from ..formats import mhtml
from ..formats.compression import Broken, TooLarge
from ..formats.content_type import sniff
from ..model import Page, Skipped
from . import sidecar
from .fields import web_url
from .page_file import whole
from .source import Source, Unreadable


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """The page, and a fault beside it where the file was cut."""
    limit = 3 * max_bytes  # with its pictures, in base64
    try:
        data, _ = whole(source, limit)
    except TooLarge:
        yield source.skipped("too-large", f"over {limit} bytes")
        return
    except (Unreadable, Broken) as error:
        yield source.skipped("unreadable", str(error.args[0]))
        return
    if not data.strip():
        yield source.skipped("empty", "nothing but white space" if data else "no bytes")
        return
    snapshot = mhtml.parse(data)
    if snapshot is None:
        yield source.skipped("unreadable", "MHTML without HTML in it")
        return
    beside = sidecar.read(source.path, source.raw)
    flags = list(beside.flags)
    url = beside.url or web_url(snapshot.url, flags)
    if len(snapshot.html) > max_bytes:
        yield source.skipped("too-large", f"over {max_bytes} bytes", body=snapshot.html, url=url)
        return
    kind = sniff(snapshot.html)
    if isinstance(kind, tuple):
        yield source.skipped(*kind, body=snapshot.html, url=url)
        return
    yield Page(
        raw=source.at(body=snapshot.html),
        body=snapshot.html,
        kind=kind,
        charset=snapshot.charset,
        url=url,
        title=beside.title,
        published_at=beside.published_at,
        fetched_at=beside.fetched_at or snapshot.at,
        source=beside.source,
        headers=beside.headers,
        flags=tuple(flags),
    )
    if snapshot.cut:
        yield source.skipped("unreadable", "the file ends early: what came after is lost")
