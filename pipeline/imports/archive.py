"""CC-NEWS WARC files, here or listed by date -> the responses of the wanted hosts and languages, as one WARC file."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

from ..errors import NewsmillError, UsageError
from ..formats import warc_writer
from ..formats.warc_reader import Record
from ..formats.warc_reader import records as warc_records
from ..urls import canonical_key, host_of

MOST = 64_000_000  # bytes of one record
BASE = "https://data.commoncrawl.org"
_DAY = re.compile(r"CC-NEWS-(\d{4})(\d\d)(\d\d)\d{6}-\d+\.warc\.gz$")
_LANG = re.compile(rb"""<html\b[^<>]{0,2000}?\blang\s{0,9}=\s{0,9}["']?([A-Za-z]{2,3})""", re.I)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is kept of an archive."""

    hosts: tuple[str, ...] = ()  # these and their subdomains; empty: all
    languages: tuple[str, ...] = ()  # ISO 639-1, as the page or the server says; a page that says nothing is kept

    def host(self, url: str | None) -> bool:
        host = host_of(url) or ""
        return not self.hosts or any(host == h or host.endswith(f".{h}") for h in self.hosts)

    def language(self, said: str | None) -> bool:
        return not self.languages or said is None or said.lower()[:2] in self.languages


def listed(base: str, since: date, until: date, fetch: Callable[[str], bytes]) -> list[str]:
    """The archives of some days: <base>/crawl-data/CC-NEWS/YYYY/MM/warc.paths.gz names a month's, one a line.

    `base` is an address or a folder with the same layout; `fetch` gets a listing. Raises NewsmillError.
    """
    out: list[str] = []
    month = since.replace(day=1)
    while month <= until:
        data = fetch(f"{base.rstrip('/')}/crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz")
        try:
            lines = gzip.decompress(data).decode("ascii", "replace").split()
        except (OSError, EOFError, zlib.error):
            raise NewsmillError(f"the listing of {month:%Y-%m} is no gzip file") from None
        for line in lines:
            day = _DAY.search(line)
            # A path is joined to the base: nothing that could lead out of it.
            if day is None or not re.fullmatch(r"[\w./-]+", line) or ".." in line or line.startswith("/"):
                continue
            if since <= date(int(day[1]), int(day[2]), int(day[3])) <= until:
                out.append(f"{base.rstrip('/')}/{line}")
        month = (month + timedelta(days=32)).replace(day=1)
    return out


def copy(
    records: Iterator[tuple[dict[str, str], bytes | None]],
    out: IO[bytes],
    wanted: Wanted,
    seen: Callable[[str], None],
) -> tuple[int, int]:
    """Write the wanted responses, each a gzip member of its own. Returns (responses read, kept).

    Streams: one record in memory. `seen` gets the canonical key of each page kept.
    """
    read = kept = 0
    for headers, block in records:
        if headers.get("warc-type") != "response":
            continue
        read += 1
        url = headers.get("warc-target-uri", "").strip("<> ")
        if block is None or not wanted.host(url) or not re.match(rb"HTTP/[\d.]+ 200\b", block):
            continue
        if wanted.languages and not wanted.language(_language(block)):
            continue
        out.write(warc_writer.encode(headers, block))
        kept += 1
        if key := canonical_key(url):
            seen(key)
    return read, kept


def from_file(file: IO[bytes]) -> Iterator[tuple[dict[str, str], bytes | None]]:
    """The records of an archive on disk, damaged ones passed over."""
    for record in warc_records(file, MOST):  # type: ignore[arg-type]
        if isinstance(record, Record):
            yield record.headers, record.block


def from_stream(stream: IO[bytes]) -> Iterator[tuple[dict[str, str], bytes | None]]:
    """The records of an archive as it comes over the network: one a gzip member, as Common Crawl writes them."""
    for _, headers, block in warc_writer.members(stream, MOST):
        yield headers, block


def _language(block: bytes) -> str | None:
    """As the server says, else as the page's html element does."""
    head, _, body = block.partition(b"\r\n\r\n")
    found = re.search(rb"\ncontent-language:\s*([A-Za-z]{2,3})", head, re.I) or _LANG.search(body[:65_536])
    return found[1].decode("ascii") if found else None


def days(text: str) -> tuple[date, date]:
    """ "2026-11-20" or "2026-11-20..2026-11-22" as two days. Raises UsageError."""
    first, _, last = text.partition("..")
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise UsageError(f"{text}: give a day or two, as in 2026-11-20 or 2026-11-20..2026-11-22") from None
    if until < since:
        raise UsageError(f"{text}: the second day is before the first")
    return since, until
