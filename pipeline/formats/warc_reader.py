"""A WARC file's bytes -> its records, each damaged one as Lost: the next one is found again by its gzip or WARC/ mark.

Own code, because warcio and fastwarc give up the rest of a file at its first bad record, say nothing of a cut one,
and inflate a 1 MB bomb to 2 GB.

Long because records, gzip members and the search after damage are three views of one position in a file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .compression import CHUNK, GZIP, Inflater

MAX_HEADERS = 1 << 16  # bytes of one record's header; URLs of 8 KB occur, longer ones are attacks
MAX_LOST = 1000  # damaged records of a file that are told one by one; 5 KB of gzip can hold half a million of them
MAX_TRIES = (
    10_000  # marks of gzip that begin no record: one in 128 MB of random bytes, so only a file made for it has more
)
MAX_REWINDS = 16  # in a file: how often a block too long to hold, whose length was a lie, is read once more
# Not only where a line begins: a record may be cut anywhere, with the next one right behind.
_NEXT = re.compile(rb"WARC/[01]\.\d[ \t]*\r?\n[A-Za-z][A-Za-z0-9-]*[ \t]*:")
_EDGE = re.compile(rb"(\r?\n\r?\n)|" + _NEXT.pattern)  # what ends a header, or should not come before its end
_PADDING = re.compile(rb"[\r\n\0]*")
# Behind a block: two line ends, or, from careless writers, fewer and a record or the end.
_BORDER = re.compile(rb"\r\n\r\n|\n\n|(?:\r?\n)?(?:WARC/|\s*\Z)")
_MARK = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Record:
    headers: dict[str, str]  # names lower-cased; of a header given twice the first
    block: bytes | None  # None: longer than asked for
    length: int
    at: int  # byte of the file where the record, or the gzip member that holds it, begins
    pos: int  # plain bytes before it in that member; 0 in a plain file
    number: int  # of the record in the file, damaged ones counted, from 1


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that could not be read."""

    why: str
    at: int
    record_id: str | None = None
    url: str | None = None
    pos: int = 0


class _Damage(Exception):
    pass


def records(file: BinaryIO, max_bytes: int) -> Iterator[Record | Lost]:
    """Every record of a seekable file, plain or gzip by its first bytes. Raises OSError when the disk fails."""
    stream = _Stream(file, max_bytes)
    lost = number = start = 0
    while True:
        headers: dict[str, str] = {}
        start, pos = stream.start, 0
        number += 1
        try:
            if not stream.begin():
                break
            start, pos = stream.start, max(0, stream.pos) if stream.gzip else 0
            headers = _headers(stream)
            length = _length(headers)
            block = stream.block(length)
        except (_Damage, zlib.error) as error:
            lost += 1
            why = str(error) if isinstance(error, _Damage) else f"gzip: {str(error).removeprefix('Error ')}"
            if lost <= MAX_LOST:
                yield Lost(why, start, headers.get("warc-record-id"), headers.get("warc-target-uri"), pos)
            if isinstance(error, _Damage):
                stream.recover()
            else:
                stream.skip_member()
            continue
        yield Record(headers, block, length, start, pos, number)
    if lost > MAX_LOST:
        yield Lost(f"and {lost - MAX_LOST} more damaged records like these", start)
    if stream.tries > MAX_TRIES:
        yield Lost(
            f"over {MAX_TRIES} marks of gzip begin no record; the file is not read behind the last of them",
            stream.start,
        )


def _headers(stream: _Stream) -> dict[str, str]:
    """Named fields up to the blank line. Lines that begin with white space go on the one before."""
    while not (end := _EDGE.search(stream.held, 8, MAX_HEADERS)):
        if len(stream.held) >= MAX_HEADERS:
            raise _Damage("a header without an end")
        if not stream.more():
            raise _Damage("the record ends within its header")
    if not end[1]:
        raise _Damage("another record begins within its header")
    lines = bytes(stream.held[: end.start()]).decode("utf-8", "replace").splitlines()
    stream.drop(end.end())
    if not re.match(r"\ufeff?WARC/\d", lines[0]):
        raise _Damage("not the beginning of a record")
    fields: dict[str, str] = {}
    name = ""
    for line in lines[1:]:
        if line[:1] in " \t":
            fields[name] = fields.get(name, "") + " " + line.strip()
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return fields


def _length(headers: dict[str, str]) -> int:
    value = headers.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise _Damage(f"Content-Length {value[:20]!r} is no number" if value else "no Content-Length")
    return int(value)


class _Stream:
    """A file as one run of plain bytes, with the borders of gzip members known to it."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self.file = file
        self.max_bytes = max_bytes
        file.seek(0)
        self.gzip = file.read(2) == GZIP
        self.size = file.seek(0, 2)
        file.seek(0)
        self.start = 0  # of the current gzip member, or of the current record in a plain file
        self.held = bytearray()  # read and not yet used
        self.pos = 0  # plain bytes before `held` in this member or file
        self.inflater = Inflater()
        self.over = not self.gzip  # no member is left
        self.packed = memoryview(b"")  # compressed bytes read and not yet inflated
        if self.gzip:
            self.inflater.begin()
        self.ahead = False  # `held` would go on in the next member, which begins a record of its own
        # Bytes that may be inflated only to be passed over: a 1 MB bomb costs 4 s, a file may hold a thousand of them.
        self.budget = 64 * max_bytes + 8 * self.size
        self.rewinds = 0
        self.tries = 0  # marks of gzip, after damage, behind which no record began

    def begin(self) -> bool:
        """Move to the next record; False at the end of the file."""
        self.ahead = False
        while True:
            padding = _PADDING.match(self.held)
            self.drop(padding.end() if padding else 0)
            if self.held:
                break
            if not self._pull() and not self._next_member():
                return False
        if not self.gzip:
            self.start = self.pos
        return True

    def more(self) -> bool:
        """Add to `held`; False where the record must end: at the file's end, or before a member with another record."""
        if self.ahead:
            return False
        if self._pull():
            return True
        before, self.held = self.held, bytearray()
        start, pos = self.start, self.pos
        if not self._next_member():
            self.held = before
            return False
        while len(self.held) < 5 and self._pull():
            pass
        if self.held.startswith(b"WARC/"):
            self.ahead = True  # `before` is dropped: the record it belongs to has lost its end
            return False
        self.held, self.start, self.pos = before + self.held, start, pos
        return True

    def block(self, length: int) -> bytes | None:
        """The next bytes, and past the blank lines behind them; what follows must be a record or the end."""
        keep = length <= self.max_bytes
        if not keep:
            self._pass_over(length)
            length = 0
        while len(self.held) < length and self.more():
            pass
        if self.ahead:
            raise _Damage("the record is shorter than its Content-Length")
        if len(self.held) < length:
            raise _Damage("the file ends within the record")
        # Only in this member: so its checksum is looked at before its last record is believed, and the next one's not.
        while len(self.held) < length + 9 and self._pull():
            pass
        rest = bytes(self.held[length : length + 9])
        if not _BORDER.match(rest):
            raise _Damage("Content-Length does not lead to the next record")
        block = bytes(self.held[:length])
        self.drop(length)
        return block if keep else None

    def drop(self, count: int) -> None:
        del self.held[:count]
        self.pos += count

    def recover(self) -> None:
        """After damage: to the next line that begins a record, in this member or the next."""
        if self.ahead:
            return
        self.drop(min(len(self.held), 1))
        try:
            while not (match := _NEXT.search(self.held)):
                self.drop(max(0, len(self.held) - 64))
                if not self._pull() and not self._next_member():
                    self.drop(len(self.held))
                    return
            self.drop(match.start())
        except zlib.error:
            self.skip_member()

    def skip_member(self) -> None:
        """After damage to the gzip data: to the next member that begins a record, wherever its mark is."""
        at = self.start + 1
        self.held.clear()
        while self.tries <= MAX_TRIES and (mark := self._mark(at)) is not None:
            self._open(mark)
            try:
                while len(self.held) < 5 and self._pull():
                    pass
            except zlib.error:
                self.held.clear()
            if self.held.startswith(b"WARC/"):
                return
            self.tries += 1
            at = mark + 1
        self.held.clear()
        self.file.seek(0, 2)
        self.packed = memoryview(b"")
        self.over = True

    def _pull(self) -> bool:
        """Some more plain bytes of this member or file."""
        if not self.gzip:
            piece = self.file.read(CHUNK)
            self.held += piece
            return bool(piece)
        reads = 0
        while self.inflater.open and not self.over:
            if not self.packed:
                if reads == 2:  # a gzip header may be of any length, and each mark in it may begin another one
                    raise zlib.error("data that holds nothing")
                reads += 1
                self.packed = memoryview(self.file.read(CHUNK))
                if not self.packed:
                    self.over = True
                    raise zlib.error("data ends early")
            plain, used = self.inflater.step(self.packed, 4 * CHUNK)
            self.packed = self.packed[used:]
            if plain:
                self.held += plain
                return True
        return False

    def _next_member(self) -> bool:
        """Begin the next member; zeros between members are padding, other bytes are damage."""
        if self.over:
            return False
        while True:
            if self.packed and self.packed[0] == 0:
                self.packed = memoryview(bytes(self.packed).lstrip(b"\0"))
            if len(self.packed) >= 4:
                break
            piece = self.file.read(CHUNK)
            if not piece:
                break
            self.packed = memoryview(bytes(self.packed) + piece)
        if not self.packed:
            return False
        self.start = self.file.tell() - len(self.packed)
        self.pos = -len(self.held)
        if self.packed[:2] != GZIP:
            raise zlib.error("bytes between the members that are no gzip data")
        self.inflater.begin()
        return True

    def _open(self, at: int) -> None:
        self.file.seek(at)
        self.start, self.pos, self.packed, self.over = at, 0, memoryview(b""), False
        self.held.clear()
        self.inflater.begin()

    def _mark(self, at: int) -> int | None:
        self.file.seek(at)
        tail = b""
        while piece := self.file.read(CHUNK):
            if match := _MARK.search(tail + piece):
                return at - len(tail) + match.start()
            at += len(piece)
            tail = (tail + piece)[-3:]
        return None

    def _pass_over(self, length: int) -> None:
        """Leave out a block that is too long, without holding it."""
        back = self.pos
        if self.gzip:
            self._inflate_over(length)
        else:
            self.drop(len(self.held))
            self.file.seek(back + length)
            self.pos = back + length
        while len(self.held) < 9 and self._pull():
            pass
        lies = self.gzip is False and back + length > self.size
        if lies or not (self.ahead or _BORDER.match(self.held)):
            self._rewind(back)
            raise _Damage("Content-Length does not lead to the next record")

    def _inflate_over(self, length: int) -> None:
        back = self.pos
        while length > len(self.held):
            count = len(self.held)
            length -= count
            self.budget -= count
            self.drop(count)
            if self.budget < 0:
                raise zlib.error(f"a record of over {self.max_bytes} bytes, too long to read past")
            if not self.more():
                if not self.ahead:
                    self._rewind(back)
                raise _Damage("the record is shorter than its Content-Length")
        self.drop(length)

    def _rewind(self, pos: int) -> None:
        """Back to a place in the current member or file, to look for the next record from there."""
        self.rewinds += 1
        if self.rewinds > MAX_REWINDS or pos < 0:
            raise zlib.error("too many records with a wrong length")
        if not self.gzip:
            self.file.seek(pos)
            self.held, self.pos = bytearray(), pos
            return
        self._open(self.start)
        while self.pos + len(self.held) < pos and self.more():
            self.drop(min(len(self.held), pos - self.pos))
