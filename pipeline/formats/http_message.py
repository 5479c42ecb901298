"""The bytes of an HTTP response as archived -> status, headers, and the body with its codings undone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .compression import GZIP, Broken, gunzip, inflate, unbrotli
from .content_type import sniff
from .surrogates import clean

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
MAX_HEADERS = 1 << 18
MAX_CODINGS = 3


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    flags: tuple[str, ...]


def response(block: bytes, max_bytes: int) -> Response:
    """Raises Broken when it is no response or a coding cannot be undone, TooLarge when the body is over max_bytes."""
    status = _STATUS.match(block)
    if not status:
        raise Broken("no HTTP status line", b"")
    end = re.search(rb"\r?\n\r?\n", block[:MAX_HEADERS])
    if not end:
        raise Broken("HTTP headers without an end", b"")
    headers = _headers(block[: end.start()])
    body = block[end.end() :]
    flags: list[str] = []
    if "chunked" in _values(headers, "transfer-encoding"):
        body = _dechunk(body, flags)
    codings = [c for c in _values(headers, "content-encoding") if c not in ("identity", "none", "utf-8")]
    if len(codings) > MAX_CODINGS:
        raise Broken(f"{len(codings)} content encodings, one over the other", b"")
    for coding in reversed(codings):
        body = _decoded(body, coding, max_bytes, flags)
    if body.startswith(GZIP):  # many crawlers keep the bytes and drop the header that says so
        body = _decoded(body, "gzip", max_bytes, flags)
    return Response(int(status[1]), headers, body, tuple(flags))


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    out: list[tuple[str, str]] = []
    for line in re.split(r"\r?\n", clean(text))[1:]:
        if line[:1] in (" ", "\t") and out:
            out[-1] = (out[-1][0], f"{out[-1][1]} {line.strip()}")
        elif ":" in line:
            name, _, value = line.partition(":")
            out.append((name.strip().lower(), value.strip()))
    return tuple(out)


def _values(headers: tuple[tuple[str, str], ...], name: str) -> list[str]:
    return [v.strip().lower() for key, value in headers if key == name for v in value.split(",") if v.strip()]


def _dechunk(body: bytes, flags: list[str]) -> bytes:
    """Most archivers keep the header and store the body without its chunks: then it is returned as it is."""
    out: list[bytes] = []
    at = 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(out)
        at = match.end() + size
        out.append(body[match.end() : at])
        if not (ending := _LINE_END.match(body, at)):
            break
        at = ending.end()
    if not out or (len(out) == 1 and at > len(body)):  # a text whose first line happens to be a number
        return body
    flags.append("cut:the chunked body has no end")
    return b"".join(out)


def _decoded(body: bytes, coding: str, max_bytes: int, flags: list[str]) -> bytes:
    """A body that is plain already, for all its header says, is returned as it is."""
    try:
        if coding in ("gzip", "x-gzip"):
            return gunzip([body], max_bytes) if body.startswith(GZIP) else body
        if coding == "deflate":
            return inflate(body, max_bytes)
        if coding == "br":
            return unbrotli(body, max_bytes)
        raise Broken(f"content encoding {coding[:20]!r} is not known", b"")
    except Broken as broken:
        why, came = broken.args
        if came:
            flags.append(f"cut:{why}")
            return bytes(came)
        if isinstance(sniff(body), str):
            return body
        raise
