"""A file of scraped pages, one JSON object a line -> Page or Skipped for each line, in file order."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..formats.compression import GZIP
from ..formats.content_type import sniff
from ..model import Page, Raw, Skipped, SkipReason
from .batches import Source, Unreadable, chunks
from .fields import NotJson, clean, parse, text, web_url
from .sidecar import charset, headers

_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"')
MAX_STRUCTURE = 200_000  # bytes of a line outside its strings: a page row has about 50, a memory bomb millions


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """Damage in one line loses that line alone."""
    try:
        with source.open() as stream:
            for number, line in enumerate(_lines(stream, 2 * max_bytes + 65_536), 1):
                if isinstance(line, str):
                    yield source.skipped("unreadable", line, f"line:{number}")
                    return
                if line is None:
                    yield source.skipped("too-large", f"line {number}: over {max_bytes} bytes", f"line:{number}")
                elif line.strip():
                    if number == 1 and (other := _not_jsonl(line)):
                        yield source.skipped("unreadable", f"named .jsonl and is {other}")
                        return
                    yield _page(source, number, line, max_bytes)
    except Unreadable as error:
        yield source.skipped("unreadable", str(error))


def _lines(stream: BinaryIO, limit: int) -> Iterator[bytes | str | None]:
    """Lines of a plain or gzip file; None for one that is too long; a str, the last, says why the rest is lost."""
    held = bytearray()
    over = False
    try:
        for piece in _plain(stream):
            parts = piece.split(b"\n")
            for part in parts[:-1]:
                if over:
                    yield None
                else:
                    held += part
                    yield bytes(held) if len(held) <= limit else None
                held.clear()
                over = False
            if not over:
                held += parts[-1]
            if len(held) > limit:
                held.clear()
                over = True
        if over or held:
            yield None if over else bytes(held)
    except (zlib.error, EOFError, Unreadable) as error:
        if held:
            yield bytes(held)  # a line cut short: broken JSON, and said so
        yield f"the rest of the file is lost: {error}"


def _plain(stream: BinaryIO) -> Iterator[bytes]:
    first = stream.read(2)
    stream.seek(0)
    if first != GZIP:
        yield from chunks(stream)
        return
    machine = zlib.decompressobj(wbits=31)
    for piece in chunks(stream):
        while piece:
            if machine.eof:
                if not (piece := piece.lstrip(b"\0")):
                    break
                machine = zlib.decompressobj(wbits=31)
            yield machine.decompress(piece, 1 << 20)
            piece = machine.unused_data if machine.eof else machine.unconsumed_tail
    if not machine.eof:
        raise EOFError("gzip data ends early")


def _not_jsonl(line: bytes) -> str | None:
    """What a file is whose first line is nothing like a row."""
    if line.lstrip(b"\xef\xbb\xbf \t")[:1] in (b"{", b"[", b'"'):
        return None
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16: rows are read as UTF-8"
    kind = sniff(line + b"\n")
    if isinstance(kind, tuple):
        return None if kind[0] == "empty" else kind[1]
    return "HTML" if kind == "html" else None


def _page(source: Source, number: int, line: bytes, max_bytes: int) -> Page | Skipped:
    where, flags = f"line:{number}", []
    try:
        if len(line) > MAX_STRUCTURE and len(_STRUCTURE.sub(b"", line)) > MAX_STRUCTURE:
            return source.skipped("too-large", f"line {number}: too many values", where, line)
        if line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        try:
            decoded = line.decode()
        except UnicodeDecodeError:
            decoded = line.decode("utf-8", "replace")
            flags.append("charset:invalid utf-8 in the row, replaced")
        row, said = parse(decoded)
    except NotJson as error:
        return source.skipped("unreadable", f"line {number}: {error}", where, line)
    flags += said
    key = _key(row, where)
    url = web_url(text(row, "url", flags), flags)
    fault, kind, content = _content(row)
    if content is None:
        reason: SkipReason = "unreadable" if fault else "empty"
        return source.skipped(reason, f"line {number}: {fault or 'no html, no text'}", key, line, url)
    if clean(content) != content:
        flags.append("text:lone surrogates replaced")
    body = clean(content).encode()
    if len(body) > max_bytes:
        return source.skipped("too-large", f"line {number}: over {max_bytes} bytes", key, body, url)
    is_really = sniff(body)
    if isinstance(is_really, tuple):
        return source.skipped(is_really[0], f"line {number}: {is_really[1]}", key, body, url)
    return Page(
        raw=Raw(source.name, key, hashlib.sha256(body).hexdigest()),
        body=body,
        kind=is_really if kind == "html" else "text",
        charset="utf-8",
        url=url,
        title=text(row, "title", flags),
        published_at=text(row, "published_at", flags),
        fetched_at=text(row, "fetched_at", flags),
        source=text(row, "source", flags),
        headers=tuple(h for h in headers(row.get("http"), flags) if h[0] != "content-type" or not charset((h,))),
        flags=tuple(flags),
    )


def _content(row: dict[str, Any]) -> tuple[str | None, str, str | None]:
    """(fault, kind, content): html before text where a row gives both."""
    fault = None
    for kind in ("html", "text"):
        value = row.get(kind)
        if isinstance(value, str) and value:
            return None, kind, value
        if value is not None and not isinstance(value, str):
            fault = f"{kind} is no text"
    return fault, "", None


def _key(row: dict[str, Any], where: str) -> str:
    value = row.get("id")
    if isinstance(value, int | float | str) and not isinstance(value, bool) and str(value):
        return clean(str(value))
    return where
