"""Copy a WACZ file without some pages: its WARC files, indexes, lists of pages and hashes stay consistent.

A signature no longer holds afterwards and is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import IO, Any

from ...formats.compression import Broken, plain
from .. import wacz
from ..source import Doomed, Source
from . import wacz_index, warc_copy

PACKAGE = "datapackage.json"
_KINDS = (  # in the order in which they are written: each says what became of those before it
    (wacz.ARCHIVE, "_archive"),
    (re.compile(r"(?:^|/)indexes/[^/]+\.cdxj?(?:\.gz)?$", re.I), "_index"),
    (re.compile(r"(?:^|/)indexes/[^/]+\.idx$", re.I), "_second_index"),
    (re.compile(r"(?:^|/)pages/[^/]+\.jsonl$", re.I), "_pages"),
    (re.compile(r"^(?!datapackage(?:-digest)?\.json$)"), "_other"),
    (re.compile(r"^datapackage\.json$"), "_package"),
    (re.compile(r"^datapackage-digest\.json$"), "_digest"),
)
_DATE_1980 = (1980, 1, 1, 0, 0, 0)
MAX_RATIO = 200  # of any other file in it: no list or log is packed that well
MAX_JSON = 16 << 20
PIECE = 1 << 16


class Uncopied(Exception):
    """Why a file cannot be written anew without loss."""


@dataclass
class Copied:
    """What a copy left out, and what a person should know of the rest."""

    items: set[int] = field(default_factory=set)  # which of the file's pages and ledger rows, counted from 0
    notes: list[str] = field(default_factory=list)


@dataclass
class _Output:
    """One file of the new zip: counts and hashes what is written to it."""

    stream: IO[bytes]
    size: int = 0
    sums: dict[str, Any] = field(
        default_factory=lambda: {name: hashlib.new(name) for name in ("sha256", "sha1", "md5")}
    )

    def write(self, data: bytes, /) -> int:
        self.size += len(data)
        for one in self.sums.values():
            one.update(data)
        return self.stream.write(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        pass


class _Copy:
    """The work of one copy: archives first, as the indexes, and then the package, speak of what became of them."""

    def __init__(self, source: Source, stream: IO[bytes], out: IO[bytes], doomed: Doomed, max_bytes: int) -> None:
        self.source, self.stream, self.doomed, self.max_bytes = source, stream, doomed, max_bytes
        self.old = zipfile.ZipFile(stream)
        self.new = zipfile.ZipFile(out, "w", allowZip64=True)
        self.new.comment = self.old.comment
        self.copied = Copied()
        self.items = 0  # of the archives so far
        self.archives: dict[str, warc_copy.Copied] = {}
        self.packed: list[wacz_index.Blocks] = []
        self.written: dict[str, _Output] = {}

    def run(self) -> Copied:
        entries = [info for info in self.old.infolist() if not info.is_dir()]
        if len({info.filename for info in entries}) < len(entries) or len(entries) > wacz.MAX_FILES:
            raise Uncopied("two files of one name, or too many files")
        for turn, (_, work) in enumerate(_KINDS):
            for info in entries:
                if _turn(info) == turn:
                    getattr(self, work)(info)
        self.new.close()
        return self.copied

    # --- the files of the zip

    def _archive(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.encode("utf-8", "replace").decode()
        with wacz.opened(self.old, self.stream, info) as inner, self._entry(info) as out:
            part = warc_copy.copy(self.source, inner, out, self.doomed, self.max_bytes, f"{name}#")
        self.copied.items |= {self.items + item for item in part.items}
        self.items += part.count
        self.archives[PurePosixPath(info.filename).name] = part

    def _index(self, info: zipfile.ZipInfo) -> None:
        lines = wacz_index.lines(plain(self._pieces(info)))
        kept = wacz_index.renewed(lines, self._moved, self._gone)
        with _told(info), self._entry(info) as out:
            if info.filename.lower().endswith(".gz"):
                self.packed.append(wacz_index.Blocks(PurePosixPath(info.filename).name))
                wacz_index.pack(kept, out.write, self.packed[-1])
            else:
                for line in kept:
                    out.write(line)

    def _second_index(self, info: zipfile.ZipInfo) -> None:
        with _told(info), self._entry(info) as out:
            for line in wacz_index.second(wacz_index.lines(self._pieces(info)), self.packed):
                out.write(line)

    def _pages(self, info: zipfile.ZipInfo) -> None:
        """A list of pages; a line that cannot be read goes where it names a removed address."""
        with _told(info), self._entry(info) as out:
            for line in wacz_index.lines(self._pieces(info), 2 * self.max_bytes):
                row = wacz_index.parsed(line)
                gone = self._names(line) if row is None else self._gone(row.get("url")) or self._capture(row)
                if not gone:
                    out.write(line)

    def _package(self, info: zipfile.ZipInfo) -> None:
        value = self._json(info)
        if value is None:
            self._other(info)
            return
        for resource in value.get("resources", ()) if isinstance(value.get("resources"), list) else ():
            if isinstance(resource, dict) and (output := self.written.get(str(resource.get("path")))):
                _renew(resource, output)
                if isinstance(resource.get("stats"), dict):  # the form before WACZ 1.1
                    _renew(resource["stats"], output)
        home = value.get("home")
        if isinstance(home, dict) and self._gone(home.get("url")):
            del value["home"]
        if self._gone(value.get("mainPageUrl") or value.get("mainPageURL")):
            for name in ("mainPageUrl", "mainPageURL", "mainPageTS", "mainPageDate"):
                value.pop(name, None)
        if "modified" in value:
            value["modified"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._entry(info) as out:
            out.write(json.dumps(value, indent=2).encode())

    def _digest(self, info: zipfile.ZipInfo) -> None:
        value = self._json(info)
        package = self.written.get(PACKAGE)
        if value is None or package is None:
            self._other(info)
            return
        if value.pop("signedData", None) is not None:
            self.copied.notes.append("its signature no longer holds and was left out: sign it again")
        _renew(value, package)
        with self._entry(info) as out:
            out.write(json.dumps(value, indent=2).encode())

    def _other(self, info: zipfile.ZipInfo) -> None:
        names = False
        tail = b""
        with self._entry(info) as out:
            for piece in self._pieces(info):
                out.write(piece)
                names = names or self._names(tail + piece)
                tail = piece[-2000:]
        if names:
            self.copied.notes.append(f"{info.filename} in it still names the address: newsmill does not know that file")

    # --- what was removed

    def _moved(self, name: str, offset: int, length: int) -> tuple[int, int] | None:
        archive = self.archives.get(PurePosixPath(name).name)
        return archive.moved(offset, length) if archive else (offset, length)

    def _gone(self, url: object) -> bool:
        if not isinstance(url, str):
            return False
        address = warc_copy.subject(url)
        return self.doomed.address(address) or any(url in archive.addresses for archive in self.archives.values())

    def _capture(self, row: dict[str, Any]) -> bool:
        capture = str(row.get("url")), str(row.get("ts"))[:19]
        return any(capture in archive.captures for archive in self.archives.values())

    def _names(self, data: bytes) -> bool:
        addresses = (url for archive in self.archives.values() for url in archive.addresses)
        return any(url.encode("utf-8", "replace") in data for url in addresses if url)

    # --- reading and writing

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        if info.file_size > MAX_RATIO * info.compress_size + (1 << 20):
            raise Uncopied(f"{info.filename} unpacks to {info.file_size} bytes")
        with self.old.open(info) as inner:
            while piece := inner.read(PIECE):
                yield piece

    def _json(self, info: zipfile.ZipInfo) -> dict[str, Any] | None:
        if info.file_size > MAX_JSON:
            return None
        return wacz_index.parsed(b"".join(self._pieces(info)))

    @contextmanager
    def _entry(self, info: zipfile.ZipInfo) -> Iterator[_Output]:
        """A file of the new zip, with the name, date and kind of compression of the old one."""
        fresh = zipfile.ZipInfo(info.filename, max(info.date_time, _DATE_1980))
        fresh.compress_type, fresh.external_attr, fresh.comment = info.compress_type, info.external_attr, info.comment
        with self.new.open(fresh, "w", force_zip64=True) as stream:
            output = _Output(stream)
            yield output
        self.written[info.filename] = output


def copy(source: Source, stream: IO[bytes], out: IO[bytes], doomed: Doomed, max_bytes: int) -> Copied:
    """Write the file anew without the doomed pages. Raises Uncopied, OSError."""
    try:
        return _Copy(source, stream, out, doomed, max_bytes).run()
    except (Broken, zlib.error, EOFError, wacz.UnpacksTooLarge, *wacz.BAD_ZIP) as error:
        raise Uncopied(str(error.args[0] if error.args else error)) from None


def _renew(entry: dict[str, Any], output: _Output) -> None:
    if isinstance(entry.get("hash"), str):
        algorithm = entry["hash"].partition(":")[0]
        algorithm = algorithm if algorithm in output.sums else "sha256"
        entry["hash"] = f"{algorithm}:{output.sums[algorithm].hexdigest()}"
    if "bytes" in entry:
        entry["bytes"] = output.size


@contextmanager
def _told(info: zipfile.ZipInfo) -> Iterator[None]:
    try:
        yield
    except wacz_index.Foreign as error:
        raise Uncopied(f"{info.filename}: {error}") from None


def _turn(info: zipfile.ZipInfo) -> int:
    return next(n for n, (pattern, _) in enumerate(_KINDS) if pattern.search(info.filename))
