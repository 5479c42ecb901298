"""One file under raw/: its name in records, and opening it without following links out of raw/."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..formats.compression import CHUNK, GZIP, Broken, unpacked
from ..model import Page, Raw, Skipped, SkipReason
from ..urls import canonical_key, is_home

Write = Callable[[bytes], object]
SIDECAR = ".meta.json"
HEAD = 4096  # plain bytes by which a kind of file is known

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\udc80-\udcff]|%(?=[0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_KINDS = {stat.S_IFIFO: "FIFO", stat.S_IFCHR: "device", stat.S_IFBLK: "device", stat.S_IFSOCK: "socket"}


class Unreadable(Exception):
    """Why a file gives no bytes; becomes a line in the ledger."""


def shown(path: Path, root: Path) -> str:
    """A path as records write it: relative to root, "/" between parts; control characters, bytes that are no UTF-8 and
    a "%" that would look like one of these, as %XX. located() is the way back, without loss."""
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    return _UNSHOWN.sub(lambda m: "".join(f"%{b:02X}" for b in os.fsencode(m[0])), relative)


def located(text: str, root: Path) -> Path:
    """The file that shown() named."""
    plain = _ESCAPED.sub(lambda m: os.fsdecode(bytes([int(m[1], 16)])), text)
    return root / os.fsdecode(os.fsencode(plain))


def closed(root: Path, text: str) -> bool:
    """Whether the file or folder that shown() named is there and the system refuses to open it."""
    path = located(text, root)
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.scandir(path).close()
        else:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC))
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ELOOP, errno.ENXIO)
    return False


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

    def head(self) -> bytes:
        """The first plain bytes; none of what cannot be opened."""
        try:
            with self.open() as stream:
                data = stream.read(HEAD)
        except (Unreadable, OSError):
            return b""
        if not data.startswith(GZIP):
            return data
        out = b""
        try:
            for piece in unpacked([data], HEAD):
                out += piece
                if len(out) >= HEAD:
                    break
        except Broken:  # cut at the end of what was read
            pass
        return out[:HEAD]


@dataclass(frozen=True, slots=True)
class Doomed:
    """Which pages are to be removed from a raw file."""

    raws: frozenset[tuple[str | None, str]]  # (key, sha256) of pages; both must match: ids of rows repeat
    key: str | None  # canonical key of the address; None where only the pages named are meant

    def page(self, page: Page | Skipped) -> bool:
        return (page.raw.key, page.raw.sha256) in self.raws or self.address(page.url)

    def address(self, url: str | None) -> bool:
        return bool(self.key and url) and not is_home(url or "") and canonical_key(url or "") == self.key


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
        raise Unreadable(why(error)) from None


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Raises Unreadable when the disk fails under it."""
    try:
        while piece := stream.read(CHUNK):
            yield piece
    except OSError as error:
        raise Unreadable(why(error)) from None


def why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
