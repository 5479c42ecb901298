"""Copy a WARC file without some records, byte for byte; says where each part went, for indexes of the file."""

from __future__ import annotations

import bisect
import gzip
import re
from dataclasses import dataclass, field
from typing import IO, Protocol

from ...formats.compression import CHUNK, GZIP, Inflater
from ...formats.warc_reader import Lost, Record, records
from .. import warc
from ..source import Doomed, Source

_STUB = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
# Crawlers keep a page's text, picture and list of resources under `urn:text:https://...` and the like.
_URN = re.compile(r"^urn:[A-Za-z-]{1,40}:(?=https?:)", re.I)


class Out(Protocol):
    """What is written to: a file, or one file of a zip."""

    def write(self, data: bytes, /) -> int: ...
    def tell(self) -> int: ...
    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of the old file that are in the new one."""

    begin: int
    end: int
    at: int  # where they are now
    packed: int | None = None  # a gzip member packed anew: its bytes now


@dataclass
class Copied:
    """What a copy left out, and where the rest went."""

    items: set[int] = field(default_factory=set)  # which of the file's pages and ledger rows, counted from 0
    count: int = 0  # of all of them
    parts: list[Part] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)  # of the records left out, where no other record has them
    captures: set[tuple[str, str]] = field(default_factory=set)  # (address, time) of each record left out

    def moved(self, offset: int, length: int) -> tuple[int, int] | None:
        """Where a record or gzip member lies now, and its length; None for one that was left out."""
        part = self.parts[bisect.bisect_right(self.parts, offset, key=lambda part: part.begin) - 1]
        if not part.begin <= offset < part.end:
            return None
        if part.packed is None:
            return part.at + offset - part.begin, length
        return (part.at, part.packed) if offset == part.begin else None


def subject(uri: str | None) -> str | None:
    """The address of the page that a record is, or belongs to."""
    bare = warc.bare(uri)
    return _URN.sub("", bare) if bare else None


def copy(source: Source, stream: IO[bytes], out: Out, doomed: Doomed, max_bytes: int, within: str = "") -> Copied:
    """Copy all records but the doomed ones and those that speak of them (requests, metadata, revisits).

    Only a gzip member that holds a doomed record among others is packed anew.
    """
    copied = Copied()
    places: list[tuple[int, int]] = []  # (byte of the member, plain bytes before the record in it)
    gone: dict[int, bytes] = {}  # number in `places` -> what takes its place
    ids: set[str] = set()
    for record in records(stream, max_bytes):  # type: ignore[arg-type]
        places.append((record.at, record.pos))
        if _is_doomed(source, record, doomed, max_bytes, within):
            gone[len(places) - 1] = _replacement(record)
            if isinstance(record, Record):
                ids.add(record.headers.get("warc-record-id", "").strip("<> "))
    ids.discard("")
    _related(stream, doomed, max_bytes, ids, gone, copied)
    stream.seek(0)
    packed = stream.read(2) == GZIP
    size = stream.seek(0, 2)
    if packed:
        _copy_members(stream, out, places, gone, size, copied)
    else:
        starts = [at for at, _ in places]
        cuts = [(starts[n], (*starts, size)[n + 1], stub) for n, stub in sorted(gone.items())]
        _copy_ranges(stream, out, cuts, size, copied)
    if not copied.parts:
        copied.parts.append(Part(0, 0, 0))
    return copied


def _replacement(record: Record | Lost) -> bytes:
    """Records without an id are known by their numbers: something takes the place of one that goes."""
    return _STUB if isinstance(record, Record) and not record.headers.get("warc-record-id") else b""


def _is_doomed(source: Source, record: Record | Lost, doomed: Doomed, max_bytes: int, within: str) -> bool:
    if isinstance(record, Lost):
        return doomed.address(warc.bare(record.url))
    if doomed.address(subject(record.headers.get("warc-target-uri"))):
        return True
    return not _about_others(record) and doomed.page(warc.page(source, record, max_bytes, within))


def _about_others(record: Record) -> bool:
    return record.headers.get("warc-type", "").lower() in warc.ABOUT


def _related(
    stream: IO[bytes], doomed: Doomed, max_bytes: int, ids: set[str], gone: dict[int, bytes], copied: Copied
) -> None:
    """Add the records that name a doomed one to `gone`, and note what an index or a list of pages says of them all."""
    kept: set[int] = set()  # hashes: an archive may hold millions of addresses
    for n, record in enumerate(records(stream, max_bytes)):  # type: ignore[arg-type]
        headers = record.headers if isinstance(record, Record) else {}
        named = (headers.get(name, "").strip("<> ") for name in ("warc-concurrent-to", "warc-refers-to"))
        same_as = warc.bare(headers.get("warc-refers-to-target-uri"))
        if any(id in ids for id in named if id) or doomed.address(same_as):
            gone.setdefault(n, _replacement(record))
        address = warc.bare(record.url if isinstance(record, Lost) else headers.get("warc-target-uri")) or ""
        if n not in gone:
            kept.add(hash(address))
        else:
            copied.addresses.add(address)
            copied.captures.add((address, headers.get("warc-date", "")[:19]))
        if not (isinstance(record, Record) and _about_others(record)):
            if n in gone:
                copied.items.add(copied.count)
            copied.count += 1
    copied.addresses = {address for address in copied.addresses if hash(address) not in kept}


def _copy_members(
    stream: IO[bytes], out: Out, places: list[tuple[int, int]], gone: dict[int, bytes], size: int, copied: Copied
) -> None:
    members = sorted({at for at, _ in places})
    ends = dict(zip(members, [*members[1:], size], strict=True))
    at = 0
    for member in sorted({places[n][0] for n in gone}):
        _copy_bytes(stream, out, at, member, copied)
        inside = [n for n, (begin, _) in enumerate(places) if begin == member]
        at = ends[member]
        if all(n in gone for n in inside):
            out.write(b"".join(gzip.compress(gone[n], mtime=0) for n in inside if gone[n]))
            continue
        cuts = [(places[n][1], places[n + 1][1] if n + 1 in inside else None, gone[n]) for n in inside if n in gone]
        begin = out.tell()
        at = _repack(stream, out, member, at, cuts)
        copied.parts.append(Part(member, at, begin, out.tell() - begin))
    _copy_bytes(stream, out, at, size, copied)


def _copy_ranges(stream: IO[bytes], out: Out, cuts: list[tuple[int, int, bytes]], size: int, copied: Copied) -> None:
    at = 0
    for begin, end, stub in cuts:
        _copy_bytes(stream, out, at, begin, copied)
        out.write(stub)
        at = end
    _copy_bytes(stream, out, at, size, copied)


def _copy_bytes(stream: IO[bytes], out: Out, begin: int, end: int, copied: Copied) -> None:
    if end > begin:
        copied.parts.append(Part(begin, end, out.tell()))
    stream.seek(begin)
    left = end - begin
    while left > 0 and (piece := stream.read(min(left, 1 << 20))):
        out.write(piece)
        left -= len(piece)


def _repack(stream: IO[bytes], out: Out, begin: int, end: int, cuts: list[tuple[int, int | None, bytes]]) -> int:
    """Pack one gzip member anew without some ranges of its plain bytes (end None: to its end).

    Returns the byte from which the rest of the file is copied: the member's end, or the damage in it.
    """
    stream.seek(begin)
    inflater = Inflater()
    inflater.begin()
    pos = 0
    at = begin
    todo = list(cuts)
    with gzip.GzipFile("", "wb", 6, out, mtime=0) as folded:
        while inflater.open and at < end:
            stream.seek(at)
            piece = memoryview(stream.read(min(CHUNK, end - at)))
            done = 0
            while inflater.open and done < len(piece):
                try:
                    plain, used = inflater.step(piece[done:], 4 * CHUNK)
                except Exception:  # zlib.error: damaged from here on
                    return at + done
                done += used
                pos = _write_kept(folded, plain, pos, todo)
            at += done
            if not done:
                break
    return end


def _write_kept(folded: gzip.GzipFile, plain: bytes, pos: int, todo: list[tuple[int, int | None, bytes]]) -> int:
    """Write the plain bytes at `pos` that lie in no cut; what takes a cut's place is written where it begins."""
    while plain:
        if not todo or pos + len(plain) <= todo[0][0]:
            folded.write(plain)
            return pos + len(plain)
        begin, end, stub = todo[0]
        if pos < begin:
            folded.write(plain[: begin - pos])
            plain, pos = plain[begin - pos :], begin
        if pos == begin:
            folded.write(stub)
        count = len(plain) if end is None else min(len(plain), end - pos)
        plain, pos = plain[count:], pos + count
        if end is not None and pos == end:
            todo.pop(0)
    return pos
