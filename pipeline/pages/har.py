"""A HAR file (a browser's log of requests) -> Page or Skipped for each answer in it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..formats.compression import Broken, plain
from ..formats.http_message import Response
from ..formats.json_rows import MAX_EMPTY, TooComplex, parts
from ..formats.surrogates import clean
from ..model import Page, Skipped
from . import answers
from .fields import NotJson, parse
from .rows import longest
from .source import Doomed, Source, Unreadable, Write, chunks

_PATH = (b"log", b"entries")
_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:\s*\{')


def is_har(head: bytes) -> bool:
    return _HEAD.match(head) is not None


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    number = empty = 0
    try:
        with source.open() as stream:
            for kind, data in parts(plain(chunks(stream)), _PATH, longest(max_bytes)):
                number += kind in ("row", "long")
                if kind == "row" and data.strip() == b"{}":  # what `newsmill forget` leaves
                    empty += 1
                    if empty > MAX_EMPTY:
                        raise TooComplex
                elif kind == "row":
                    empty = 0
                    yield _page(source, number, data, max_bytes)
                elif kind == "long":
                    yield source.skipped("too-large", f"entry {number}: over {max_bytes} bytes", f"entry:{number}")
    except TooComplex:
        yield source.skipped("too-large", f"entry {number + 1}: too many values; the rest of the file is not read")
    except (Broken, Unreadable) as error:
        yield source.skipped("unreadable", f"the rest of the file is lost: {error.args[0]}")


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes, an empty object in the place of a doomed entry."""
    number = 0
    for kind, data in parts(pieces, _PATH, longest(max_bytes)):
        number += kind in ("row", "long")
        write(b"{}" if kind == "row" and doomed.page(_page(source, number, data, max_bytes)) else data)


def _page(source: Source, number: int, data: bytes, max_bytes: int) -> Page | Skipped:
    key = f"entry:{number}"
    try:
        entry, _ = parse(data.decode("utf-8", "replace"))
    except NotJson as error:
        return source.skipped("unreadable", f"entry {number}: {error}", key, data)
    request, answer = _object(entry, "request"), _object(entry, "response")
    content = _object(answer, "content")
    url, text, at = request.get("url"), content.get("text"), entry.get("startedDateTime")
    headers = [(clean(str(h.get("name"))).lower(), clean(str(h.get("value"))))
               for h in _list(answer, "headers") if isinstance(h, dict)]  # fmt: skip
    if not any(name == "content-type" for name, _ in headers) and content.get("mimeType"):
        headers.append(("content-type", clean(str(content["mimeType"]))))
    status = answer.get("status")
    body = b""
    if isinstance(text, str):
        body = clean(text).encode()
        if content.get("encoding") == "base64":
            try:
                body = base64.b64decode(body, validate=False)
            except (binascii.Error, ValueError):
                return source.skipped("unreadable", f"entry {number}: broken base64", key, body)
        else:  # text is decoded already, whatever its header says
            headers = [(n, re.sub(r";\s*charset=[^;]*", "", v) + "; charset=utf-8" if n == "content-type" else v)
                       for n, v in headers]  # fmt: skip
    if len(body) > max_bytes:
        return source.skipped("too-large", f"entry {number}: over {max_bytes} bytes", key, body)
    got = Response(status if isinstance(status, int) else 0, tuple(headers), body, ())
    target = clean(url) if isinstance(url, str) else None
    return answers.page(source, key, target, got, fetched_at=clean(at) if isinstance(at, str) else None)


def _object(row: dict[str, Any], name: str) -> dict[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    return value if isinstance(value, list) else []
