"""WARC archives (CC-NEWS and others), here or listed by date -> the wanted pages, as one WARC file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, BinaryIO, cast

from ..errors import NewsmillError, UsageError
from ..formats import warc_writer
from ..formats.compression import Broken, TooLarge, gunzip
from ..formats.http_message import Response, response
from ..formats.markup import without_tags
from ..formats.warc_reader import Lost, Record
from ..formats.warc_reader import records as warc_records
from ..urls import canonical_key, host_of
from .rows import Unusable

MOST = 64_000_000  # bytes of one record
BASE = "https://data.commoncrawl.org"
_DAY = re.compile(r"CC-NEWS-(\d{4})(\d\d)(\d\d)\d{6}-\d+\.warc\.gz$")
_LANG = re.compile(rb"""<html\b[^<>]{0,2000}?\blang\s{0,9}=\s{0,9}["']?([A-Za-z]{2,3})\b""", re.I)
_PAGES = ("response", "resource", "conversion")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is kept of an archive."""

    hosts: tuple[str, ...] = ()  # these and their subdomains; empty: all
    languages: tuple[str, ...] = ()  # ISO 639-1, by page, server or text; pages of unknown language are kept

    def host(self, url: str | None) -> bool:
        host = host_of(url) or ""
        hosts = [host_of(h if "://" in h else f"http://{h}") or h.lower() for h in self.hosts]
        return not hosts or any(host == h or host.endswith(f".{h}") for h in hosts)

    def language(self, said: str | None) -> bool:
        return not self.languages or said is None or _code(said) in {_code(one) for one in self.languages}


def _code(said: str) -> str:
    """ "EN", "en-GB" and "eng" are "en"."""
    from ..extract.language import normal

    return normal(said) or said.lower()


def listed(base: str, since: date, until: date, fetch: Callable[[str], bytes]) -> list[str]:
    """The archives of some days: <base>/crawl-data/CC-NEWS/YYYY/MM/warc.paths.gz names a month's, one a line.

    `base` is an address or a folder with the same layout; `fetch` gets a listing. Raises NewsmillError.
    """
    out: list[str] = []
    month = since.replace(day=1)
    while month <= until:
        data = fetch(f"{base.rstrip('/')}/crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz")
        try:
            lines = gunzip([data], MOST).decode("ascii", "replace").split()
        except (Broken, TooLarge):
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
    file: IO[bytes], name: str, out: IO[bytes], wanted: Wanted, seen: Callable[[str], None]
) -> Iterator[Unusable | bool]:
    """Write the wanted pages, each a gzip member of its own. Yields whether each page was kept, and what is lost.

    Streams: one record in memory. `seen` gets the canonical key of each page kept.
    """
    for record in warc_records(cast(BinaryIO, file), MOST):
        if isinstance(record, Lost):
            yield Unusable(f"{name}, byte {record.at}", record.why, damaged=True)
            continue
        if record.headers.get("warc-type", "").lower() not in _PAGES:
            continue
        url = record.headers.get("warc-target-uri", "").strip("<> ")
        if record.block is None:
            yield Unusable(f"{name}, byte {record.at}", f"a record of {record.length:,} bytes")
            continue
        keep = wanted.host(url) and _is_page(record) and (not wanted.languages or wanted.language(_language(record)))
        if keep:
            out.write(warc_writer.encode(record.headers, record.block))
            if key := canonical_key(url):
                seen(key)
        yield keep


def _is_page(record: Record) -> bool:
    """Whether it is an answer that holds a page, or a page kept by itself (resource, and conversion in WET files)."""
    if record.headers.get("warc-type", "").lower() != "response":
        return record.headers.get("warc-target-uri", "").strip("<> ").lower().startswith("http")
    return re.match(rb"HTTP/[\d.]+ 20[03]\b", record.block or b"") is not None


def _language(record: Record) -> str | None:
    """As the page's html element says, else as the server or the archive does, else by the text; None: unknown."""
    block = record.block or b""
    answer = Response(200, (), block, ())
    if record.headers.get("warc-type", "").lower() == "response":
        try:
            answer = response(block, MOST)
        except (Broken, TooLarge):
            return None
    if attribute := _LANG.search(answer.body[:65_536]):
        return attribute[1].decode("ascii")
    header = next((value for name, value in answer.headers if name == "content-language"), None)
    header = header or record.headers.get("warc-identified-content-language")
    if header and (match := re.match(r"\s*([A-Za-z]{2,3})\b", header)):
        return match[1]
    return _of_text(answer.body)


def _of_text(body: bytes) -> str | None:
    from ..extract.htmldoc import without_noise
    from ..extract.language import detect
    from ..formats.charset import decode

    text, _ = decode(body[:300_000], None)
    every = [" ".join(run.split()) for run in without_tags(without_noise(text)[0], "\0").split("\0")]
    long = [run for run in every if len(run) > 80]  # sentences, not the words of menus
    return detect(" ".join(long or every))


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
