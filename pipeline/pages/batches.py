"""raw/ -> its batches and their files: names of any bytes, links and odd files looked at and never followed."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import NewsmillError
from ..formats.compression import CHUNK
from ..model import Raw, Skipped, SkipReason

CONTAINERS = (".warc", ".warc.gz", ".jsonl", ".jsonl.gz")
SIDECAR = ".meta.json"
LOOSE = "loose"
RESERVED = {"index", "order.jsonl"}  # names in clean/ that belong to dedup

_UNFINISHED = ("~", ".tmp", ".part", ".crdownload")  # what editors, rsync and browsers leave while they write
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\udc80-\udcff]|%(?=[0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")


@dataclass(frozen=True, slots=True)
class Batch:
    """One entry directly under raw/, or all loose pages there."""

    name: str  # of the folder in clean/; may hold any bytes a file name may (surrogateescape)
    raw: Path  # the raw folder
    entries: tuple[Path, ...]  # one folder, one container, or the loose files


class Unreadable(Exception):
    """Why a file gives no bytes; becomes a line in the ledger."""


def batches(raw: Path) -> list[Batch]:
    """The batches of raw/, in the byte order of their names.

    Raises NewsmillError when raw/ cannot be listed, or when two entries claim the same name.
    """
    try:
        entries = [e for e in os.scandir(raw) if not _ignored(e.name)]
    except OSError as error:
        raise NewsmillError(f"{raw}: {_why(error)}; scraped pages belong there, `newsmill init` makes one") from None
    named: dict[str, Path] = {}
    loose: list[Path] = []
    for entry in sorted(entries, key=lambda e: os.fsencode(e.name)):
        name = entry.name if _is_dir(entry) else _stem(entry.name)
        if name is None:
            loose.append(raw / entry.name)
        elif name in RESERVED:
            raise NewsmillError(f"{raw}: {entry.name}: no batch can be called {name!r}: rename it")
        elif name in named:
            raise _clash(raw, named[name].name, entry.name, name)
        else:
            named[name] = raw / entry.name
    if loose and LOOSE in named:
        raise _clash(raw, named[LOOSE].name, f"loose pages ({loose[0].name})", LOOSE)
    found = [Batch(name, raw, (path,)) for name, path in named.items()]
    if loose:
        found.append(Batch(LOOSE, raw, tuple(loose)))
    return sorted(found, key=lambda batch: os.fsencode(batch.name))


def files(batch: Batch) -> list[Path]:
    """Every file of a batch but the sidecars of its pages, in the byte order of paths. What cannot be entered is listed
    itself, so that it gets its line in the ledger."""
    every = inputs(batch)
    names = {os.fspath(p) for p in every}
    return [p for p in every if not (is_sidecar(p.name) and _has_page(os.fspath(p), names))]


def inputs(batch: Batch) -> list[Path]:
    """Every file whose change may change the batch's pages: files() and their sidecars."""
    found: list[str] = []
    todo = [os.fspath(p) for p in batch.entries]
    for path in todo:  # grows while it is walked
        try:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                found.append(path)
                continue
            todo.extend(e.path for e in os.scandir(path) if not _ignored(e.name))
        except FileNotFoundError:
            continue  # gone since it was listed: no longer part of raw/
        except OSError:
            found.append(path)
    return [Path(p) for p in sorted(found, key=os.fsencode)]


def is_sidecar(name: str) -> bool:
    return name.endswith(SIDECAR)


def shown(path: Path, root: Path) -> str:
    """A path as records write it: relative to root, "/" between parts; control characters, bytes that are no UTF-8 and
    a "%" that would look like one of these, as %XX. located() is the way back, without loss."""
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    return _UNSHOWN.sub(lambda m: "".join(f"%{b:02X}" for b in os.fsencode(m[0])), relative)


def located(text: str, root: Path) -> Path:
    """The file that shown() named."""
    plain = _ESCAPED.sub(lambda m: os.fsdecode(bytes([int(m[1], 16)])), text)
    return root / os.fsdecode(os.fsencode(plain))


@dataclass(frozen=True, slots=True)
class Source:
    """One file under raw/, and how to open it without following or waiting for anything."""

    path: Path
    raw: Path  # the raw folder
    name: str  # as records write it

    def at(self, key: str | None = None, body: bytes = b"") -> Raw:
        return Raw(self.name, key, hashlib.sha256(body).hexdigest())

    def skipped(
        self, reason: SkipReason, detail: str, key: str | None = None, body: bytes = b"", url: str | None = None
    ) -> Skipped:
        """The hash is of the bytes that were read: of none for what could not be opened."""
        return Skipped(self.at(key, body), url, reason, detail)

    def open(self) -> BinaryIO:
        return open_inside(self.path, self.raw)


def open_inside(path: Path, raw: Path) -> BinaryIO:
    """Open a regular file that lies in raw/. Raises Unreadable for everything else, without waiting for a FIFO."""
    try:
        mode = os.lstat(path).st_mode
        target = os.fspath(path)
        if stat.S_ISLNK(mode):
            target = os.path.realpath(path)
            if not target.startswith(os.path.realpath(raw) + os.sep):
                raise Unreadable("a link that leads out of the raw folder: not followed")
            mode = os.lstat(target).st_mode
            if stat.S_ISDIR(mode):
                raise Unreadable("a link to a folder: not followed")
        if stat.S_ISDIR(mode):
            os.scandir(target).close()  # says what is wrong with a folder that could not be walked
            raise Unreadable("a folder that could not be read when the batch was listed")
        if not stat.S_ISREG(mode):
            raise Unreadable(f"a {_KINDS.get(stat.S_IFMT(mode), 'special file')}, not a file")
        handle = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # swapped since lstat
            os.close(handle)
            raise Unreadable("changed into something that is no file")
        return os.fdopen(handle, "rb")
    except OSError as error:
        raise Unreadable(_why(error)) from None


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Raises Unreadable when the disk fails under it."""
    try:
        while piece := stream.read(CHUNK):
            yield piece
    except OSError as error:
        raise Unreadable(_why(error)) from None


_KINDS = {stat.S_IFIFO: "FIFO", stat.S_IFCHR: "device", stat.S_IFBLK: "device", stat.S_IFSOCK: "socket"}


def _clash(raw: Path, one: str, other: str, name: str) -> NewsmillError:
    return NewsmillError(f"{raw}: {one!r} and {other!r} would both be the batch {name!r}: rename one of them")


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _ignored(name: str) -> bool:
    return name.startswith(".") or name.endswith(_UNFINISHED)


def _is_dir(entry: os.DirEntry[str]) -> bool:
    """A link to a folder counts as one: it gets a batch of its own, and there its line in the ledger."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _stem(name: str) -> str | None:
    """The batch a container is named for; None for a loose page."""
    for suffix in CONTAINERS:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return None


def _has_page(sidecar: str, names: set[str]) -> bool:
    page = sidecar[: -len(SIDECAR)]
    return page in names or page + ".gz" in names
