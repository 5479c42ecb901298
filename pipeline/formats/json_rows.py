"""A JSON list too large to parse whole -> its elements as bytes, found by brackets and quotes alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

Part = tuple[Literal["between", "row", "long", "more"], bytes]

MAX_EMPTY = 200_000  # elements in a row that hold nothing: 30 MB of `{},` took two minutes of CPU
MAX_STRUCTURE = 200_000  # brackets, commas and colons of one element: a page has about 50, an archive's entry 2,000
_TOKEN = re.compile(rb'["\[\]{},:]')
_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.S)
# Strings of a row, the last one also without its end. Possessive: a row cut within a string of a million escaped quotes
# is read once, not once for each quote.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.S)


class TooComplex(Exception):
    """One element has more brackets than any page; to go on would cost without bound."""


def is_complex(line: bytes) -> bool:
    """Whether a row has more brackets, commas and colons, or more strings, than any page: what its values would cost in
    memory. Looks no further than it must: `["","",...]` of 27 MB took 1.6 GB to count to the end."""
    if len(line) <= MAX_STRUCTURE:
        return False
    at = outside = 0
    for number, string in enumerate(_STRINGS.finditer(line)):
        outside += string.start() - at
        at = string.end()
        if outside > MAX_STRUCTURE or number > MAX_STRUCTURE:
            return True
    return outside + len(line) - at > MAX_STRUCTURE


def parts(pieces: Iterable[bytes], path: tuple[bytes, ...], limit: int) -> Iterator[Part]:
    """Every byte of a JSON text in order, cut at the elements of the list at `path` (keys of objects; () is the top).

    "row" is an element with the white space around it; one over `limit` bytes comes as "long" and then "more" pieces;
    all else is "between". Damaged JSON is cut where its brackets say. Raises TooComplex.
    """
    scanner = _Scanner(path, limit)
    for piece in pieces:
        yield from scanner.feed(piece)
    yield from scanner.finish()


class _Scanner:
    def __init__(self, path: tuple[bytes, ...], limit: int) -> None:
        self.path = list(path)
        self.limit = limit
        self.held = bytearray()  # read and not yet given out
        self.pos = 0  # how far it was looked at
        self.string: int | None = None  # where the string begins that `pos` is in
        self.last = b""  # the last short string: a key, if a colon follows
        self.stack: list[bytes] = []  # of each open object the key that was met last; "[]" for a list
        self.rows: int | None = None  # depth of the elements, while within the list
        self.found = False
        self.long = False
        self.tokens = 0

    def feed(self, piece: bytes) -> Iterator[Part]:
        self.held += piece
        while (at := self._token()) is not None:
            yield from self._act(bytes(self.held[at : at + 1]), at)
        if self.rows is None:
            if self.string is None:
                yield from self._give("between", self.pos)
        elif len(self.held) > self.limit:
            yield from self._element(self.pos, whole=False)

    def finish(self) -> Iterator[Part]:
        if self.rows is None:
            yield from self._give("between", len(self.held))
        else:
            yield from self._element(len(self.held))

    def _token(self) -> int | None:
        """The place of the next bracket, comma or colon; None where more bytes are needed."""
        while True:
            if self.string is not None:
                match = _STRING.match(self.held, self.pos)
                self.pos = match.end() if match else self.pos
                if self.held[self.pos : self.pos + 1] != b'"':
                    return None
                if self.pos - self.string < 64:
                    self.last = bytes(self.held[self.string + 1 : self.pos])
                self.string = None
                self.pos += 1
            token = _TOKEN.search(self.held, self.pos)
            if token is None:
                self.pos = len(self.held)
                return None
            self.pos = token.end()
            if token[0] != b'"':
                return token.start()
            self.string = token.start()

    def _act(self, token: bytes, at: int) -> Iterator[Part]:
        self.tokens += 1
        if self.tokens > MAX_STRUCTURE:
            raise TooComplex
        if token == b":":
            if self.stack and self.stack[-1] != b"[]":
                self.stack[-1] = self.last
        elif token in b"[{":
            opens = token == b"[" and not self.found and self.stack == self.path
            self.stack.append(b"[]" if token == b"[" else b"")
            if opens:
                yield from self._give("between", self.pos)
                self.rows, self.found, self.tokens = len(self.stack), True, 0
        elif token == b",":
            if self.rows == len(self.stack):
                yield from self._element(at)
                self.tokens = 0
        else:
            if self.rows == len(self.stack):
                yield from self._element(at)
                self.rows = None
            if self.stack:
                self.stack.pop()

    def _element(self, end: int, *, whole: bool = True) -> Iterator[Part]:
        """The bytes held up to `end`: a whole element, or a piece of a long one; a comma before it is between."""
        if self.held[:1] == b"," and end > 0 and not self.long:
            yield from self._give("between", 1)
            end -= 1
        data = self.held[:end]
        if self.long:
            self.long = not whole
            yield from self._give("more", end)
        elif len(data) > self.limit or not whole:
            self.long = not whole
            yield from self._give("long", end)
        elif data.strip():
            yield from self._give("row", end)
        else:
            yield from self._give("between", end)

    def _give(self, kind: Literal["between", "row", "long", "more"], count: int) -> Iterator[Part]:
        data = bytes(self.held[:count])
        del self.held[:count]
        self.pos -= count
        if self.string is not None:
            self.string -= count
        if data:
            yield kind, data
