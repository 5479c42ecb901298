"""Pieces of bytes -> lines, as mail archives and indexes of archives have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def lines(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Lines with their ends; one over `limit` bytes in pieces."""
    buffer = bytearray()
    for piece in pieces:
        rows = piece.split(b"\n")
        for row in rows[:-1]:
            buffer += row
            yield bytes(buffer) + b"\n"
            buffer.clear()
        buffer += rows[-1]
        if len(buffer) > limit:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)
