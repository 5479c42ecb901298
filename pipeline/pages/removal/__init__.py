"""Take pages out of one raw file: what is not doomed stays as it is, and the result is read once before it counts."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ... import store
from ...formats.compression import CHUNK, GZIP, Broken, unpacked
from ...model import Page
from .. import readers
from ..source import SIDECAR, Doomed, Source, Unreadable, chunks
from . import wacz_copy, warc_copy

TEMPORARY = ".newsmill-forget"  # end of the names of temporary files: no other command takes them for its own
OTHERWISE = "take them out with another tool, or delete the file"
REMEDIES = {  # kind -> what to do about a file that cannot be rewritten
    "WACZ": "unzip it, put the files of its archive/ folder into raw/ in its place, delete it, and forget again: pages "
    "can be taken out of WARC files",
}
_NOTHING = hashlib.sha256(b"").hexdigest()


class Remains(Exception):
    """What could not be removed, and what a person can do about it."""


@dataclass
class Removed:
    """How many pages went, and what a person should know of the file that is left."""

    count: int
    notes: list[str] = field(default_factory=list)


def remove(source: Source, doomed: Doomed, max_bytes: int) -> Removed:
    """Remove the doomed pages of a file; one that is a page goes, with its sidecar.

    The new file is written beside the old one and takes its name when it is whole. Raises Remains where pages stay,
    NewsmillError where the disk refuses.
    """
    kind = readers.kind_of(source)
    before = list(_survivors(source, kind, doomed, max_bytes))
    done = Removed(before.count(None))
    if not done.count:
        return done
    if done.count == len(before) and kind.name not in ("WARC", "JSONL"):  # nothing else is in it
        _unlink(source.path)
        return done
    if kind.name not in ("WARC", "WACZ") and kind.without is None:
        raise Remains(f"{source.name}: holds {done.count} of its pages, and newsmill cannot rewrite a file of this "
                      f"kind ({kind.name}): {OTHERWISE}")  # fmt: skip
    name = hashlib.sha256(os.fsencode(source.path.name)).hexdigest()[:16]  # its own may be as long as a disk allows
    temporary = source.path.with_name(f".{name}.{os.getpid()}{TEMPORARY}")
    copy = Source(temporary, source.raw, source.name)
    damage = None
    related: set[int] = set()  # which of `before` went too, as records about a doomed one
    try:
        with source.open() as stream, temporary.open("w+b") as out:
            if kind.name == "WARC":
                related = warc_copy.copy(source, stream, out, doomed, max_bytes).items
            elif kind.name == "WACZ":
                copied = wacz_copy.copy(source, stream, out, doomed, max_bytes)
                related, done.notes = copied.items, [f"{source.name}: {note}" for note in copied.notes]
            else:
                damage = _copy_plain(source, stream, out, kind, doomed, max_bytes)
        shutil.copymode(source.path, temporary)
        after = list(_survivors(copy, kind, doomed, max_bytes))
        if after != [one for n, one in enumerate(before) if one is not None and n not in related]:
            raise Remains(f"{source.name}: is damaged in a way that newsmill cannot rewrite without loss, and holds "
                          f"{done.count} of its pages: {REMEDIES.get(kind.name, OTHERWISE)}")  # fmt: skip
        store.publish(temporary, source.path)
    except wacz_copy.Uncopied as error:
        raise Remains(f"{source.name}: cannot be rewritten without loss ({error}), and holds {done.count} of its "
                      f"pages: {REMEDIES[kind.name]}") from None  # fmt: skip
    except (Unreadable, Broken) as error:
        raise Remains(f"{source.name}: {error.args[0]}") from None
    except OSError as error:
        raise store.refused(source.path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    if damage is not None:
        raise Remains(f"{source.name}: what was found in it is removed; {damage}")
    return done


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
