"""A page saved as MHTML -> its HTML, address and time: the part the snapshot is of, not the first frame in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from email.utils import parsedate_to_datetime

from . import mail
from .mail import MAX_BOUNDARIES, MAX_LINES, charset, header, parts

_HTML = ("text/html", "application/xhtml+xml")
_HEAD = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,60}?Content-Type:\s{0,9}multipart/related", re.I)
_WEB = re.compile(r"https?://\S+", re.I)


@dataclass(frozen=True, slots=True)
class Snapshot:
    html: bytes
    charset: str | None
    url: str | None
    at: str | None  # when it was saved, RFC 3339
    cut: bool  # whether the file ends before its last part does


def is_mhtml(head: bytes) -> bool:
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")) is not None


def parse(data: bytes) -> Snapshot | None:
    """None where no HTML is in it, or where its structure is that of an attack."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if data.count(b"\n") > MAX_LINES or len(re.findall(rb"boundary\s{0,9}=", data, re.I)) > MAX_BOUNDARIES:
        return None
    try:
        message = mail.message(data)
        part = _root(message)
        body = part.get_payload(decode=True) if part is not None else None
    except RecursionError:
        return None
    if part is None or not isinstance(body, bytes):
        return None
    cut = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects)
    return Snapshot(body, charset(part), _address(message, part), _saved(message), cut)


def _root(message: Message) -> Message | None:
    """The part at the snapshot's address, else the one that is named as the start, else the first that is HTML."""
    pages = [part for part in parts(message) if part.get_content_type() in _HTML]
    whole = header(message, "Snapshot-Content-Location") or header(message, "Content-Location")
    start = str(message.get_param("start") or "").strip()
    for part in pages:
        if whole and header(part, "Content-Location") == whole:
            return part
    for part in pages:
        if start and header(part, "Content-ID") == start:
            return part
    return pages[0] if pages else None


def _address(message: Message, part: Message) -> str | None:
    """The first of the addresses given that is of the web: a part's own may be cid:frame-1@mhtml.blink."""
    for address in (
        header(part, "Content-Location"),
        header(message, "Snapshot-Content-Location"),
        header(message, "Content-Location"),
    ):
        if address and _WEB.fullmatch(address):
            return address
    return None


def _saved(message: Message) -> str | None:
    try:
        at = parsedate_to_datetime(header(message, "Date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()  # -0000: UTC, and nobody says where
