"""Take pages out of one raw file: what is not doomed stays as it is, and the result is read once before it counts."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from .. import store
from ..formats.compression import CHUNK, GZIP, Broken, Inflater, unpacked
from ..formats.warc_reader import Lost, Record, records
from ..model import Page
from . import readers, warc
from .source import SIDECAR, Doomed, Source, Unreadable, chunks

TEMPORARY = ".newsmill-forget"  # end of the names of temporary files: no other command takes them for its own
OTHERWISE = "take them out with another tool, or delete the file"
REMEDIES = {  # kind -> what to do about a file that cannot be rewritten
    "WACZ": "unzip it, put the files of its archive/ folder into raw/ in its place, delete it, and forget again: pages "
    "can be taken out of WARC files",
}
_NOTHING = hashlib.sha256(b"").hexdigest()
_STUB = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"


class Remains(Exception):
    """What could not be removed, and what a person can do about it."""


def remove(source: Source, doomed: Doomed, max_bytes: int) -> int:
    """Remove the doomed pages of a file; one that is a page goes, with its sidecar. Returns how many went.

    The new file is written beside the old one and takes its name when it is whole. Raises Remains where pages stay,
    NewsmillError where the disk refuses.
    """
    kind = readers.kind_of(source)
    before = list(_survivors(source, kind, doomed, max_bytes))
    count = before.count(None)
    if not count:
        return 0
    if count == len(before) and kind.name not in ("WARC", "JSONL"):  # nothing else is in it
        _unlink(source.path)
        return count
    if kind is not readers.WARC and kind.without is None:
        raise Remains(f"{source.name}: holds {count} of its pages, and newsmill cannot rewrite a file of this kind "
                      f"({kind.name}): {REMEDIES.get(kind.name, OTHERWISE)}")  # fmt: skip
    name = hashlib.sha256(os.fsencode(source.path.name)).hexdigest()[:16]  # its own may be as long as a disk allows
    temporary = source.path.with_name(f".{name}.{os.getpid()}{TEMPORARY}")
    copy = Source(temporary, source.raw, source.name)
    damage = None
    try:
        with source.open() as stream, temporary.open("wb") as out:
            if kind is readers.WARC:
                _copy_warc(source, stream, out, doomed, max_bytes)
            else:
                damage = _copy_plain(source, stream, out, kind, doomed, max_bytes)
        shutil.copymode(source.path, temporary)
        after = list(_survivors(copy, kind, doomed, max_bytes))
        if None in after or [one for one in before if one is not None] != after:
            raise Remains(f"{source.name}: is damaged in a way that newsmill cannot rewrite without loss, and holds "
                          f"{count} of its pages: take them out with another tool, or delete the file")  # fmt: skip
        store.publish(temporary, source.path)
    except Unreadable as error:
        raise Remains(f"{source.name}: {error}") from None
    except OSError as error:
        raise store.refused(source.path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    if damage is not None:
        raise Remains(f"{source.name}: what was found in it is removed; {damage}")
    return count


def sweep(raw: Path) -> int:
    """Remove the temporary files of a removal that was killed: they hold pages, plain ones too."""
    count = 0
    for folder, _, names in os.walk(raw):
        for name in names:
            if name.endswith(TEMPORARY):
                Path(folder, name).unlink(missing_ok=True)
                count += 1
    return count


def _survivors(source: Source, kind: readers.Kind, doomed: Doomed, max_bytes: int) -> Iterator[tuple[str, str] | None]:
    """(hash, reason) of every page that stays, None for each that goes; damage in the file is no page."""
    for item in kind.read(source, max_bytes):
        if doomed.page(item):
            yield None
        elif isinstance(item, Page):
            yield item.raw.sha256, ""
        elif item.reason != "unreadable" or item.raw.sha256 != _NOTHING:
            yield item.raw.sha256, item.reason


def _unlink(path: Path) -> None:
    """A file and its sidecar; story.html.gz may share that of story.html, which stays with it."""
    path.unlink(missing_ok=True)
    bare = path.name.removesuffix(".gz")
    sidecars = [path.with_name(path.name + SIDECAR)]
    if not any(os.path.lexists(path.with_name(sibling)) for sibling in (bare, bare + ".gz")):
        sidecars.append(path.with_name(bare + SIDECAR))
    for sidecar in sidecars:
        if os.path.lexists(sidecar):  # with its ending the name may be longer than a disk allows
            sidecar.unlink()


def _copy_plain(
    source: Source, stream: IO[bytes], out: IO[bytes], kind: readers.Kind, doomed: Doomed, max_bytes: int
) -> str | None:
    """Copy a file whose pages follow each other in its plain bytes. Returns what is wrong with it where gzip ends
    early: the bytes behind the damage are kept as they are."""
    assert kind.without is not None
    packed = stream.read(2) == GZIP
    stream.seek(0)
    if not packed:
        kind.without(source, chunks(stream), out.write, doomed, max_bytes)  # type: ignore[arg-type]
        return None
    damage: list[Broken] = []

    def pieces() -> Iterator[bytes]:
        try:
            yield from unpacked(chunks(stream))  # type: ignore[arg-type]
        except Broken as broken:
            damage.append(broken)

    with gzip.GzipFile("", "wb", 6, out, mtime=0) as folded:
        kind.without(source, pieces(), folded.write, doomed, max_bytes)
    if not damage:
        return None
    stream.seek(damage[0].args[2])
    shutil.copyfileobj(stream, out, CHUNK)
    left = stream.tell() - damage[0].args[2]
    if left == 0:
        return None  # the file was cut: nothing is behind its end
    why, _, at = damage[0].args
    return f"from byte {at} on it was damaged ({why}): {left} bytes there, which nobody can read, stay"


def _copy_warc(source: Source, stream: IO[bytes], out: IO[bytes], doomed: Doomed, max_bytes: int) -> None:
    """Copy all records but the doomed ones and those that speak of them (requests, metadata, revisits), byte for byte.

    Only a gzip member that holds a doomed record among others is packed anew.
    """
    places: list[tuple[int, int]] = []  # (byte of the member, plain bytes before the record in it)
    gone: dict[int, bytes] = {}  # number in `places` -> what takes its place
    for record in records(stream, max_bytes):  # type: ignore[arg-type]
        places.append((record.at, record.pos))
        if _is_doomed(source, record, doomed, max_bytes):
            gone[len(places) - 1] = b""
            if isinstance(record, Record) and not record.headers.get("warc-record-id"):
                gone[len(places) - 1] = _STUB  # the others are known by their numbers
    ids = _ids(source, stream, doomed, max_bytes)
    if ids:
        for n, record in enumerate(records(stream, max_bytes)):  # type: ignore[arg-type]
            related_ids = (
                (record.headers.get(h, "") for h in ("warc-concurrent-to", "warc-refers-to"))
                if isinstance(record, Record)
                else ()
            )
            if any(value.strip("<> ") in ids for value in related_ids if value):
                gone.setdefault(n, b"")
    stream.seek(0)
    packed = stream.read(2) == GZIP
    size = stream.seek(0, 2)
    if not packed:
        starts = [at for at, _ in places]
        _copy_ranges(stream, out, [(starts[n], (*starts, size)[n + 1], stub) for n, stub in sorted(gone.items())], size)
        return
    members = sorted({at for at, _ in places})
    ends = dict(zip(members, [*members[1:], size], strict=True))
    at = 0
    for member in sorted({places[n][0] for n in gone}):
        _copy_bytes(stream, out, at, member)
        inside = [n for n, (begin, _) in enumerate(places) if begin == member]
        at = ends[member]
        if all(n in gone for n in inside):
            out.write(b"".join(gzip.compress(gone[n], mtime=0) for n in inside if gone[n]))
            continue
        cuts = [(places[n][1], places[n + 1][1] if n + 1 in inside else None, gone[n]) for n in inside if n in gone]
        at = _repack(stream, out, member, at, cuts)
    _copy_bytes(stream, out, at, size)


def _is_doomed(source: Source, record: Record | Lost, doomed: Doomed, max_bytes: int) -> bool:
    if isinstance(record, Lost):
        return doomed.address(warc.bare(record.url))
    if doomed.address(warc.bare(record.headers.get("warc-target-uri"))):
        return True
    about = record.headers.get("warc-type", "").lower() in warc.ABOUT
    return not about and doomed.page(warc.page(source, record, max_bytes))


def _ids(source: Source, stream: IO[bytes], doomed: Doomed, max_bytes: int) -> set[str]:
    """The ids of the doomed records."""
    return {
        record_id
        for record in records(stream, max_bytes)  # type: ignore[arg-type]
        if isinstance(record, Record) and (record_id := record.headers.get("warc-record-id", "").strip("<> "))
        if _is_doomed(source, record, doomed, max_bytes)
    }


def _copy_ranges(stream: IO[bytes], out: IO[bytes], cuts: list[tuple[int, int, bytes]], size: int) -> None:
    at = 0
    for begin, end, stub in cuts:
        _copy_bytes(stream, out, at, begin)
        out.write(stub)
        at = end
    _copy_bytes(stream, out, at, size)


def _copy_bytes(stream: IO[bytes], out: IO[bytes], begin: int, end: int) -> None:
    stream.seek(begin)
    left = end - begin
    while left > 0 and (piece := stream.read(min(left, 1 << 20))):
        out.write(piece)
        left -= len(piece)


def _repack(stream: IO[bytes], out: IO[bytes], begin: int, end: int, cuts: list[tuple[int, int | None, bytes]]) -> int:
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
