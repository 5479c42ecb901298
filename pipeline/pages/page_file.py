"""A file that is one page -> Page, with what its sidecar says; or Skipped."""

from __future__ import annotations

import os
from typing import BinaryIO

from ..formats.compression import Broken, TooLarge, plain
from ..formats.content_type import sniff
from ..model import Page, Skipped
from . import sidecar
from .source import Source, Unreadable, chunks

# What a person can do with a file that is no page and holds some, by what it was found to be.
_ADVICE = {
    **dict.fromkeys(("bzip2", "xz", "zstd", "7z", "RAR", "tar"), "unpack it"),
    "JSON": "rows of pages are read from files named .jsonl or .json",
}


def single(source: Source, max_bytes: int) -> Page | Skipped:
    try:
        body, changed = whole(source, max_bytes)
    except TooLarge:
        return source.skipped("too-large", f"over {max_bytes} bytes")
    except (Unreadable, Broken) as error:
        return source.skipped("unreadable", str(error.args[0]))
    beside = sidecar.read(source.path, source.raw)
    kind = sniff(body)
    if isinstance(kind, tuple):
        reason, detail = kind
        if detail in _ADVICE:
            detail += f": {_ADVICE[detail]}"
        return source.skipped(reason, detail, body=body, url=beside.url)
    return Page(
        raw=source.at(body=body),
        body=body,
        kind=kind,
        charset=sidecar.charset(beside.headers),
        url=beside.url,
        title=beside.title,
        published_at=beside.published_at,
        fetched_at=beside.fetched_at,
        source=beside.source,
        headers=beside.headers,
        flags=beside.flags + (("file:changed while it was read",) if changed else ()),
    )


def whole(source: Source, max_bytes: int) -> tuple[bytes, bool]:
    """(all bytes of a file, inflated where they are gzip; whether it changed meanwhile).

    Raises Unreadable, Broken, TooLarge.
    """
    with source.open() as stream:
        before = os.fstat(stream.fileno())
        body = _read(stream, max_bytes)
        after = os.fstat(stream.fileno())
    return body, (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)


def _read(stream: BinaryIO, max_bytes: int) -> bytes:
    out, size = [], 0
    for piece in plain(chunks(stream)):
        out.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise TooLarge
    return b"".join(out)
