"""Mail files -> Page or Skipped: an mbox file gives one for each message, an .eml, .emlx or Maildir file is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..formats import mail
from ..formats.compression import Broken, TooLarge, plain
from ..formats.content_type import sniff
from ..formats.surrogates import clean
from ..model import Page, Skipped
from .fields import web_url
from .page_file import whole
from .source import Doomed, Source, Unreadable, Write, chunks

_STUB = b"From -\nSubject: -\n\n"  # what `newsmill forget` leaves: the other messages keep their numbers


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """The messages of an mbox file; a file that begins otherwise is one message."""
    if not mail.is_mbox(source.head()):
        yield one(source, max_bytes)
        return
    number = 0
    try:
        with source.open() as stream:
            for kind, data in mail.messages(plain(chunks(stream)), _limit(max_bytes)):
                number += kind in ("row", "long")
                if kind == "row" and data.strip() != _STUB.strip():
                    yield _page(source, f"message:{number}", data, max_bytes)
                elif kind == "long":
                    yield source.skipped(
                        "too-large", f"message {number}: over {_limit(max_bytes)} bytes", f"message:{number}"
                    )
    except (Broken, Unreadable) as error:
        yield source.skipped("unreadable", f"the rest of the file is lost: {error.args[0]}")


def one(source: Source, max_bytes: int) -> Page | Skipped:
    try:
        data, _ = whole(source, _limit(max_bytes))
    except TooLarge:
        return source.skipped("too-large", f"over {_limit(max_bytes)} bytes")
    except (Unreadable, Broken) as error:
        return source.skipped("unreadable", str(error.args[0]))
    if not data.strip():
        return source.skipped("empty", "nothing but white space" if data else "no bytes")
    return _page(source, None, data, max_bytes)


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes, an empty message in the place of a doomed one."""
    number = 0
    for kind, data in mail.messages(pieces, _limit(max_bytes)):
        number += kind in ("row", "long")
        gone = kind == "row" and doomed.page(_page(source, f"message:{number}", data, max_bytes))
        write(_STUB if gone else data)


def _limit(max_bytes: int) -> int:
    return min(2 * max_bytes, mail.MOST)


def _page(source: Source, key: str | None, data: bytes, max_bytes: int) -> Page | Skipped:
    try:
        letter = mail.parse(data)
    except mail.NoMail as error:
        return source.skipped("unreadable", f"mail: {error}", key, data)
    flags: list[str] = []
    url = web_url(letter.url, flags)
    body = clean(letter.html if letter.html is not None else letter.text or "").encode()
    if len(body) > max_bytes:
        return source.skipped("too-large", f"over {max_bytes} bytes", key, body, url)
    kind = sniff(body)
    if isinstance(kind, tuple):
        return source.skipped(*kind, key, body, url)
    return Page(
        raw=source.at(key, body),
        body=body,
        kind=kind if letter.html is not None else "text",
        charset="utf-8",
        url=url,
        title=letter.title and clean(letter.title),
        published_at=letter.date,
        source=letter.source and clean(letter.source),
        flags=tuple(flags),
    )
