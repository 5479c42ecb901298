"""An ARC file (the archive format before WARC) -> its records: one line of fields, then the answer as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FIELDS = re.compile(rb"([A-Za-z][\w.+-]*:\S{1,8000}) (\S*) (\d{8,17}) (\S+)(?: \S+){0,5} (\d{1,12})\r?\n")
_NEXT = re.compile(rb"\n" + _FIELDS.pattern)
MAX_LINE = 1 << 14
MAX_LOST = 1000


@dataclass(frozen=True, slots=True)
class ArcRecord:
    url: str
    date: str | None  # RFC 3339
    type: str
    block: bytes | None  # None: longer than asked for
    length: int
    number: int
    begin: int  # plain bytes before it
    end: int


@dataclass(frozen=True, slots=True)
class ArcLost:
    why: str
    url: str = ""  # of a record that is cut; it ends with the file
    begin: int = 0


def is_arc(head: bytes) -> bool:
    return head.startswith(b"filedesc:")


def records(pieces: Iterable[bytes], max_bytes: int) -> Iterator[ArcRecord | ArcLost]:
    """Every record; after damage the next line of fields is looked for. Raises what `pieces` raises."""
    feed = _Feed(pieces)
    number = lost = 0
    while True:
        feed.skip_blank()
        match = _FIELDS.match(feed.held) if feed.fill(1) else None
        if match is None:
            if not feed.held:
                break
            feed.fill(MAX_LINE)
            match = _FIELDS.match(feed.held)
        if match is None:
            lost += 1
            if lost <= MAX_LOST:
                yield ArcLost("not the beginning of a record")
            if not feed.seek(_NEXT):
                break
            continue
        number += 1
        url, date, kind, length = match[1].decode("utf-8", "replace"), match[3].decode(), match[4], int(match[5])
        begin = feed.at
        feed.drop(match.end())
        if length > max_bytes:
            whole, block = feed.pass_over(length), None
        else:
            whole, block = feed.fill(length), bytes(feed.held[:length])
            feed.drop(min(length, len(feed.held)))
        if not whole:
            yield ArcLost("the file ends within the record", url, begin)
            break
        yield ArcRecord(url, _time(date), kind.decode("utf-8", "replace"), block, length, number, begin, feed.at)
    if lost > MAX_LOST:
        yield ArcLost(f"and {lost - MAX_LOST} more damaged records like these")


def _time(digits: str) -> str | None:
    if len(digits) < 14:
        return None
    d = digits
    return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}Z"


class _Feed:
    """A run of bytes with what was read ahead of it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = iter(pieces)
        self.held = bytearray()
        self.at = 0  # bytes dropped: where `held` begins

    def fill(self, count: int) -> bool:
        """Hold `count` bytes; False where the file has fewer."""
        while len(self.held) < count:
            piece = next(self.pieces, None)
            if piece is None:
                return False
            self.held += piece
        return True

    def drop(self, count: int) -> None:
        count = min(count, len(self.held))
        del self.held[:count]
        self.at += count

    def skip_blank(self) -> None:
        while self.fill(1):
            count = len(self.held) - len(self.held.lstrip(b"\r\n"))
            self.drop(count)
            if self.held:
                return

    def pass_over(self, count: int) -> bool:
        while count > len(self.held):
            count -= len(self.held)
            self.drop(len(self.held))
            if not self.fill(1):
                return False
        self.drop(count)
        return True

    def seek(self, pattern: re.Pattern[bytes]) -> bool:
        """Drop what comes before the next match."""
        self.drop(1)
        while True:
            self.fill(MAX_LINE)
            if match := pattern.search(self.held):
                self.drop(match.start())
                return True
            self.drop(max(0, len(self.held) - MAX_LINE // 2))
            if not self.fill(len(self.held) + 1):
                self.drop(len(self.held))
                return False
