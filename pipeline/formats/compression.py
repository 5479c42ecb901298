"""Compressed bytes -> plain bytes, never more of them than asked for: a bomb costs what its first bytes cost."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

GZIP = b"\x1f\x8b"
CHUNK = 1 << 16


class TooLarge(Exception):
    """There is more than was asked for."""


class Broken(Exception):
    """The compressed data is damaged or ends early. `args[1]` holds what came before the damage."""


def gunzip(pieces: Iterable[bytes], limit: int) -> bytes:
    """All members of a gzip file. Zeros after the last one (tape padding) are no damage."""
    out: list[bytes] = []
    size = 0
    machine = zlib.decompressobj(wbits=31)
    begun = False
    for piece in pieces:
        while piece:
            if machine.eof:
                piece = piece.lstrip(b"\0")
                if not piece:
                    break
                machine, begun = zlib.decompressobj(wbits=31), False
            begun = True
            try:
                plain = machine.decompress(piece, limit + 1 - size)
            except zlib.error as error:
                raise Broken(_plain(error), b"".join(out)) from None
            out.append(plain)
            size += len(plain)
            if size > limit:
                raise TooLarge
            piece = machine.unused_data if machine.eof else machine.unconsumed_tail
    if not begun or not machine.eof:
        raise Broken("gzip data ends early", b"".join(out))
    return b"".join(out)


def inflate(data: bytes, limit: int) -> bytes:
    """HTTP's "deflate": zlib's format, or, as some servers send it, the bare one."""
    for bits in (15, -15):
        machine = zlib.decompressobj(wbits=bits)
        try:
            plain = machine.decompress(data, limit + 1)
        except zlib.error as error:
            why = _plain(error)
            continue
        if len(plain) > limit:
            raise TooLarge
        if not machine.eof:
            raise Broken("deflate data ends early", plain)
        return plain
    raise Broken(why, b"")


def unbrotli(data: bytes, limit: int) -> bytes:
    """Raises Broken also where the brotli package is not installed."""
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:
        raise Broken("brotli is not installed: pip install brotli", b"") from None
    machine = brotli.Decompressor()
    out: list[bytes] = []
    size = 0
    try:
        plain = machine.process(data, output_buffer_limit=limit + 1)
        while plain:
            out.append(plain)
            size += len(plain)
            if size > limit:
                raise TooLarge
            if machine.is_finished() or machine.can_accept_more_data():
                break
            plain = machine.process(b"", output_buffer_limit=limit + 1)
    except brotli.error as error:
        raise Broken(_plain(error), b"".join(out)) from None
    if not machine.is_finished():
        raise Broken("brotli data ends early", b"".join(out))
    return b"".join(out)


def _plain(error: Exception) -> str:
    return str(error).removeprefix("Error ")
