"""Newsletters in .eml and .mbox files -> rows: the HTML part if there is one, else the text."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from .rows import Row, Unusable

MOST = 40_000_000  # bytes of one message
_FROM = re.compile(rb"^From \S.*\d{4}\s*$")


def read(path: Path) -> Iterator[Row | Unusable]:
    """The messages of a file, in its order."""
    for number, data in enumerate(_messages(path), 1):
        where = f"{path.name}, message {number}"
        if len(data) > MOST:
            yield Unusable(where, f"over {MOST:,} bytes")
            continue
        row = _row(email.message_from_bytes(data))
        yield row if row is not None else Unusable(where, "no HTML and no text in it")


def _messages(path: Path) -> Iterator[bytes]:
    """An .eml file is one message; an .mbox file begins each with a "From " line behind an empty one."""
    with path.open("rb") as file:
        first = file.readline()
        if not first.startswith(b"From "):
            yield first + file.read()
            return
        held: list[bytes] = []
        before = b"\n"
        for line in file:
            if before.strip() == b"" and _FROM.match(line):
                yield b"".join(held)
                held = []
            else:
                held.append(line[1:] if re.match(rb">+From ", line) else line)
            before = line
        yield b"".join(held)


def _row(message: Message) -> Row | None:
    html = plain = None
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or part.get_filename() or kind not in ("text/html", "text/plain"):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            continue
        said = _decoded(data, charset(part))
        if kind == "text/html" and html is None:
            html = said
        elif kind == "text/plain" and plain is None:
            plain = said
    if html is None and plain is None:
        return None
    name, sender = parseaddr(_header(message, "From") or "")
    link = re.search(r"<(https?://[^>\s]+)>", _header(message, "Archived-At") or "")
    return Row(
        id=(_header(message, "Message-ID") or "").strip("<> ") or None,
        url=link[1] if link else None,
        html=html,
        text=None if html is not None else plain,
        title=_header(message, "Subject"),
        published_at=_date(message),
        source=name or sender.rpartition("@")[2] or None,
    )


def charset(part: Message) -> str | None:
    """What a part declares; None also where the standard library stumbles over it."""
    try:
        return part.get_content_charset()
    except (LookupError, ValueError):
        return None


def _decoded(data: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "cp1252"):
        try:
            if name:
                return data.decode(name)
        except (LookupError, ValueError):  # no such charset, not in it, a NUL in its name
            continue
    return data.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    try:
        said = str(make_header(decode_header(str(value))))
    except (LookupError, UnicodeError, ValueError, MessageError):
        said = str(value)
    return " ".join(said.split()) or None


def _date(message: Message) -> str | None:
    try:
        return parsedate_to_datetime(str(message.get("Date"))).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
