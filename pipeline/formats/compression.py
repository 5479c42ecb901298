"""Compressed bytes -> plain bytes: decompression stops at the limit asked for, so a bomb is never inflated whole."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Iterator

GZIP = b"\x1f\x8b"
CHUNK = 1 << 16
# No data of use packs so well for long, and a bomb of gzip has 1,030. One bomb among pages is passed over.
MAX_RATIO, FREE = 200, 512 << 20
FIRST = 512  # compressed bytes of the first step into a member


class TooLarge(Exception):
    """There is more than was asked for."""


class Broken(Exception):
    """The compressed data is damaged or ends early. `args`: why, what came before the damage, sometimes its place."""


class Inflater:
    """Inflates gzip members one after another, in steps of bounded input and output.

    Small steps after the beginning of a member: what zlib hands back behind its end is copied, and a file may hold a
    hundred thousand members of 20 bytes.
    """

    def __init__(self) -> None:
        self._machine: zlib._Decompress | None = None
        self._step = FIRST

    @property
    def open(self) -> bool:
        """Within a member: its end has not been seen."""
        return self._machine is not None and not self._machine.eof

    def begin(self) -> None:
        """Begin the next member."""
        self._machine = zlib.decompressobj(wbits=31)
        self._step = FIRST

    def step(self, data: memoryview, limit: int) -> tuple[bytes, int]:
        """(at most `limit` plain bytes, how many bytes of `data` they took). Raises zlib.error."""
        assert self._machine is not None
        part = data[: self._step]
        plain = self._machine.decompress(part, limit)
        left = self._machine.unused_data if self._machine.eof else self._machine.unconsumed_tail
        self._step = min(2 * self._step, CHUNK)
        return plain, len(part) - len(left)


def unpacked(pieces: Iterable[bytes], most: int = 1 << 20) -> Iterator[bytes]:
    """The plain bytes of all members of a gzip file, at most `most` at a time.

    Zeros after the last member (tape padding) are no damage. Raises Broken; what came before it was given already, and
    `args[2]` is the place of the damage in the compressed bytes.
    """
    inflater = Inflater()
    size = 0
    at = done = 0  # of the piece in the file, and within the piece
    try:
        for piece in pieces:
            view = memoryview(piece)
            done = 0
            while done < len(view):
                if not inflater.open:
                    if view[done] == 0:
                        done = len(view) - len(piece[done:].lstrip(b"\0"))
                        continue
                    inflater.begin()
                plain, used = inflater.step(view[done:], most)
                done += used
                if plain:
                    size += len(plain)
                    if size > FREE and size > MAX_RATIO * (at + done):
                        raise Broken(f"unpacks to over {MAX_RATIO} times its size", b"", at + done)
                    yield plain
            at, done = at + len(view), 0
        while inflater.open:
            plain, _ = inflater.step(memoryview(b""), most)
            if not plain:
                break
            yield plain
    except zlib.error as error:
        raise Broken(_plain(error), b"", at + done) from None
    if inflater.open or at == 0:
        raise Broken("gzip data ends early", b"", at)


def plain(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a file, inflated where its first bytes say that it is gzip, whatever its name."""
    every = iter(pieces)
    first = next(every, b"")
    together = itertools.chain((first,), every)
    return unpacked(together) if first.startswith(GZIP) else together


def gunzip(pieces: Iterable[bytes], limit: int) -> bytes:
    """All members of a gzip file, whole. Raises TooLarge, Broken."""
    out: list[bytes] = []
    size = 0
    try:
        for part in unpacked(pieces, limit + 1):
            out.append(part)
            size += len(part)
            if size > limit:
                raise TooLarge
    except Broken as broken:
        raise Broken(broken.args[0], b"".join(out)) from None
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
