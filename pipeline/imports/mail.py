"""Newsletters (.eml, .mbox, Maildir) -> rows: the HTML part if there is one, else the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..formats import mail
from ..formats.compression import CHUNK, Broken, plain
from .rows import Row, Unusable


def read(path: Path) -> Iterator[Row | Unusable]:
    """The messages of a file, in its order."""
    number = 0
    try:
        with path.open("rb") as file:
            pieces = plain(iter(lambda: file.read(CHUNK), b""))
            first = next(pieces, b"")
            every = _chained(first, pieces)
            for kind, data in mail.messages(every) if mail.is_mbox(first) else _whole(every):
                number += kind in ("row", "long")
                if kind == "row":
                    yield _row(data, f"{path.name}, message {number}")
                elif kind == "long":
                    yield Unusable(f"{path.name}, message {number}", f"over {mail.MOST:,} bytes")
    except (OSError, Broken) as error:
        yield Unusable(path.name, f"the rest of the file is lost: {error.args[0]}", damaged=True)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _whole(pieces: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        if len(buffer) > mail.MOST:
            yield "long", b""
            return
    yield "row", bytes(buffer)


def _row(data: bytes, where: str) -> Row | Unusable:
    try:
        letter = mail.parse(data)
    except mail.NoMail as error:
        return Unusable(where, str(error))
    return Row(
        id=letter.id,
        url=letter.url,
        html=letter.html,
        text=letter.text,
        title=letter.title,
        published_at=letter.date,
        source=letter.source,
    )
