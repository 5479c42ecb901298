"""Pages fetched -> one WARC file in raw/; and back: what a file, finished or left by a killed run, says it holds.

Every page is three records, each a gzip member of its own: request, response, metadata; before the response stands one
more where a feed said something of the page (`feed_record`). The metadata record comes last and is what counts: a page
whose metadata record is whole was fetched, one without it was not. The polling state is brought up to date from these
records alone, after the file has its name, so a run may be killed anywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from .. import __version__, store
from ..model import FeedEntry
from . import feed_record, warc_reader
from .http_exchange import Response

LEVEL = 6  # of gzip: 2.2 ms for a page of 60 KB; 9 takes twice as long for 1% less
SUFFIX = ".warc.gz"
MAX_RECORD = 64_000_000  # bytes; the block of a longer record is not looked at
UNFINISHED = ".fetch.tmp"  # of fetch's own files: a forget that rewrites one uses another, and is never salvaged
_CRLF = b"\r\n"
# Left out of the stored head: the body is stored decoded, as Common Crawl does, so that every reader can take it.
_UNDONE = frozenset(("content-encoding", "transfer-encoding", "content-length"))


@dataclass(frozen=True, slots=True)
class Capture:
    """What is known of one page that was fetched: its metadata record."""

    key: str  # canonical key of the address that was listed
    url: str  # the address that answered
    source: str  # name of its [[source]]
    fetched_at: str  # RFC 3339, UTC
    sha256: str  # of the page's bytes, decoded
    alias: str | None = None  # canonical key of the address that answered, where it is another one
    via: str | None = None  # the feed, sitemap or page that listed it
    asked: tuple[str, ...] = ()  # the addresses before the last, where there were redirects
    title: str | None = None  # as the feed gave it
    published_at: str | None = None  # as the feed gave it
    modified_at: str | None = None
    country: str | None = None
    language: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    visit: int = 1  # 2 and more: fetched again because the feed said that it was changed
    reservations: dict[str, str] = field(default_factory=dict)  # tdm-reservation, tdm-policy, robots: as the page says


_FIELDS = frozenset(f.name for f in fields(Capture))


class WarcOut:
    """A file that is written under a hidden name and renamed when it is complete."""

    def __init__(self, raw: Path, started: datetime, user_agent: str) -> None:
        self.path = _free(raw, started)
        self.temporary = raw / f".{self.path.name}{UNFINISHED}"
        self.user_agent = user_agent
        self.pages = 0
        self._end = 0  # of the last whole page
        self._file: IO[bytes] | None = None

    def add(
        self,
        capture: Capture,
        response: Response,
        entry: FeedEntry | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Append one page. After this returns, a killed process loses it no more. Raises NewsmillError.

        `entry` is what a feed said of it, `more` are further headers of the response's record.
        """
        head = "".join(f"{name}: {value}\r\n" for name, value in response.request)
        target = response.url.split("/", 3)[3:] or [""]
        request = f"GET /{target[0].partition('#')[0]} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "replace")
        ids = [f"<urn:uuid:{uuid.uuid4()}>" for _ in range(4)]
        common = {"WARC-Target-URI": response.url, "WARC-Date": capture.fetched_at}
        answer = {
            "WARC-IP-Address": response.address,
            "WARC-Payload-Digest": f"sha256:{capture.sha256}",
            "Newsmill-Source": capture.source,
            **(more or {}),
            "Content-Type": "application/http; msgtype=response",
        }
        asked = {"WARC-Concurrent-To": ids[1], "Content-Type": "application/http; msgtype=request"}
        about = {"WARC-Refers-To": ids[1], "Content-Type": "application/json"}
        plain = {name: value for name, value in asdict(capture).items() if value not in (None, (), {})}
        block = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
        feed = {"WARC-Refers-To": ids[1], "Content-Type": feed_record.CONTENT_TYPE}
        records = [
            _record("request", ids[0], common | asked, request),
            *([_record("metadata", ids[3], common | feed, feed_record.encode(entry))] if entry else []),
            _record("response", ids[1], common | answer, _head(response) + response.body),
            _record("metadata", ids[2], common | about, block),
        ]
        data = b"".join(records)
        try:
            if self._file is None:
                self.temporary.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.temporary.open("xb")
                data = self._info(capture.fetched_at) + data
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise store.refused(self.temporary, error) from error
        self._end += len(data)
        self.pages += 1

    def publish(self) -> Path | None:
        """Give the file its name, whole and on disk. None where no page came. Raises NewsmillError."""
        if self._file is None:
            return None
        with suppress(OSError):  # what a full disk left in the buffer; the file ends after the last whole page
            self._file.close()
        if self.pages == 0:
            self.temporary.unlink(missing_ok=True)
            return None
        os.truncate(self.temporary, self._end)
        store.publish(self.temporary, self.path)
        return self.path

    def _info(self, date: str) -> bytes:
        intro = f"software: newsmill/{__version__}\r\nformat: WARC File Format 1.1\r\nhttp-header-user-agent: "
        block = f"{intro}{self.user_agent}\r\nrobots: obey\r\n".encode("utf-8", "replace")
        headers = {"WARC-Date": date, "WARC-Filename": self.path.name, "Content-Type": "application/warc-fields"}
        return _record("warcinfo", f"<urn:uuid:{uuid.uuid4()}>", headers, block)


def _free(raw: Path, started: datetime) -> Path:
    """The first name from `started` on that is not taken: names are in the order of time."""
    second = int(started.timestamp())
    while True:
        name = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H-%M-%SZ") + SUFFIX
        if not any((raw / n).exists() for n in (name, f".{name}{UNFINISHED}", name.removesuffix(SUFFIX))):
            return raw / name
        second += 1


def _record(kind: str, record_id: str, headers: dict[str, str], block: bytes) -> bytes:
    head = {"WARC-Type": kind, "WARC-Record-ID": record_id, **headers, "Content-Length": str(len(block))}
    lines = [b"WARC/1.1"]
    lines += [f"{name}: {_line(value)}".encode("utf-8", "replace") for name, value in head.items()]
    return _gzip(_CRLF.join([*lines, b"", block, b"", b""]))


def encode(headers: dict[str, str], block: bytes) -> bytes:
    """A record that was read elsewhere (names in lower case) as a gzip member of its own."""
    named = {re.sub(r"^Warc-", "WARC-", name.title()): value for name, value in headers.items()}
    kind = named.pop("WARC-Type", "resource")
    record_id = named.pop("WARC-Record-Id", f"<urn:uuid:{uuid.uuid4()}>")
    named.pop("Content-Length", None)
    return _record(kind, record_id, named, block)


def _gzip(data: bytes) -> bytes:
    machine = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return machine.compress(data) + machine.flush()


def _line(value: str) -> str:
    return " ".join(value.split("\r")).replace("\n", " ")


def _head(response: Response) -> bytes:
    """Status line and headers as sent, but for what was undone: those are kept under names of a crawler's own."""
    lines = [f"HTTP/1.1 {response.status} {_line(response.reason)}"]
    for name, value in response.headers:
        shown = f"X-Crawler-{name}" if name.lower() in _UNDONE else name
        lines.append(f"{_line(shown)}: {_line(value)}")
    lines += [f"Content-Length: {len(response.body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def captures(path: Path) -> Iterator[Capture]:
    """What the metadata records of a file say, in its order; damaged records are left out."""
    with path.open("rb") as file:
        for record in warc_reader.records(file, MAX_RECORD):
            if isinstance(record, warc_reader.Record) and (capture := _capture(record)) is not None:
                yield capture


def salvage(raw: Path) -> list[Path]:
    """Publish what killed runs left under hidden names, cut after the last whole page. Returns the files published.

    For the holder of the fetch lock alone: nobody else may be writing one of them.
    """
    out = []
    for temporary in sorted(raw.glob(f".*{SUFFIX}{UNFINISHED}")):
        end = _end_of_pages(temporary)
        target = raw / temporary.name.removeprefix(".").removesuffix(UNFINISHED)
        if end == 0:
            with suppress(OSError):
                temporary.unlink()
            continue
        if target.exists():  # nothing in raw/ is ever replaced
            target = _free(raw, datetime.now(UTC))
        os.truncate(temporary, end)
        store.publish(temporary, target)
        out.append(target)
    return out


def _end_of_pages(path: Path) -> int:
    """Where the last whole page ends, in bytes of the file; 0 where there is none."""
    end, page = 0, False
    with path.open("rb") as file:
        for record in warc_reader.records(file, MAX_RECORD):
            if page:
                end = record.at
            page = isinstance(record, warc_reader.Record) and _capture(record) is not None
    return path.stat().st_size if page else end


def _capture(record: warc_reader.Record) -> Capture | None:
    """The metadata record of one of our pages; None for every other record."""
    headers = record.headers
    if headers.get("warc-type") != "metadata" or headers.get("content-type") != "application/json":
        return None
    try:
        row: Any = json.loads(record.block or b"")
        known = {name: value for name, value in row.items() if name in _FIELDS}
        if not all(isinstance(known[name], str) for name in ("key", "url", "source", "fetched_at", "sha256")):
            return None
        return Capture(**known | {"asked": tuple(known.get("asked", ()))})
    except (ValueError, AttributeError, KeyError, TypeError):
        return None
