"""A WACZ file (a zip of WARC files) -> Page or Skipped for each response in its archives."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

from ..formats.compression import CHUNK
from ..model import Page, Skipped
from . import warc
from .source import Source, Unreadable, why

ARCHIVE = re.compile(r"(?:^|/)archive/[^/]+\.warc(?:\.gz)?$", re.I)
BAD_ZIP = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError)  # what the module raises for one
MAX_FILES = 10_000
MAX_RATIO = 20  # of an archive that was packed once more: WARC files are gzip already


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    any_archive = False
    try:
        with source.open() as stream:
            for name, inner in archives(stream):
                any_archive = True
                if isinstance(inner, str):
                    yield source.skipped("unreadable", f"{name}: {inner}" if name else inner)
                else:
                    yield from warc.from_stream(source, inner, max_bytes, f"{name}#")
        if not any_archive:
            yield source.skipped("not-html", "zip: unpack it; only WACZ files, with WARC files in archive/, are read")
    except Unreadable as error:
        yield source.skipped("unreadable", str(error))


def archives(stream: IO[bytes]) -> Iterator[tuple[str, BinaryIO | str]]:
    """(name, stream) of each WARC file in a WACZ file; instead of a stream, why there is none."""
    try:
        with zipfile.ZipFile(stream) as packed:
            for info in packed.infolist()[:MAX_FILES]:
                if not ARCHIVE.search(info.filename):
                    continue
                name = info.filename.encode("utf-8", "replace").decode()
                try:
                    inner = opened(packed, stream, info)
                except (
                    UnpacksTooLarge,
                    RuntimeError,
                    NotImplementedError,
                    zipfile.BadZipFile,
                    zlib.error,
                    EOFError,
                ) as error:
                    yield name, str(error)
                    continue
                with inner:
                    yield name, inner
    except OSError as error:
        yield "", why(error)
    except BAD_ZIP as error:
        yield "", f"zip: {error}"


class UnpacksTooLarge(Exception):
    """A file of the zip that grows more than an archive can."""


def opened(packed: zipfile.ZipFile, stream: IO[bytes], info: zipfile.ZipInfo) -> BinaryIO:
    """A file of the zip that can be searched: unpacked to a temporary file where it is not stored plain.

    Raises UnpacksTooLarge, EOFError, zlib.error, BAD_ZIP.
    """
    with packed.open(info) as inner:
        if info.compress_type == zipfile.ZIP_STORED:
            return io.BufferedReader(cast(Any, _Slice(stream, _begin(stream, info), info.compress_size)), CHUNK)
        limit = MAX_RATIO * info.compress_size + (1 << 20)
        if info.file_size > limit:
            raise UnpacksTooLarge(f"unpacks to {info.file_size} bytes")
        out = tempfile.TemporaryFile()  # noqa: SIM115
        shutil.copyfileobj(inner, out, 1 << 20)
        out.seek(0)
        return out


def _begin(stream: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored file begin: behind a header of 30 bytes, its name and extra fields."""
    stream.seek(info.header_offset + 26)
    head = stream.read(4)
    if len(head) < 4:
        raise zipfile.BadZipFile("a file begins behind the end")
    return info.header_offset + 30 + int.from_bytes(head[:2], "little") + int.from_bytes(head[2:], "little")


class _Slice(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, stream: IO[bytes], begin: int, size: int) -> None:
        self._stream, self._begin, self._size, self._at = stream, begin, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._size)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        self._stream.seek(self._begin + self._at)
        data = self._stream.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
