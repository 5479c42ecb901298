"""The kinds of raw file: by which names and first bytes each is known, how it is read, how pages are taken out of it.

A new kind is a module with `read` (and `without`, where a file holds many pages) and a row of KINDS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..formats.arc_reader import is_arc
from ..formats.json_rows import MAX_EMPTY
from ..formats.mail import is_mbox, is_message
from ..formats.mhtml import is_mhtml
from ..model import Page, Skipped
from . import arc, har, json_list, jsonl, mail, snapshot, table, wacz, warc
from .page_file import single
from .source import Doomed, Source, Write

Read = Callable[[Source, int], Iterator[Page | Skipped]]
Without = Callable[[Source, Iterable[bytes], Write, Doomed, int], None]

MAX_BARE = 10_000  # rows without an address that one file may have in the ledger; the rest is counted in one row
_NUMBERED = re.compile(r"\.\d{1,4}$")  # x.warc.gz.1: what tools call a second file of one name


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of raw file."""

    name: str
    suffixes: tuple[str, ...]  # lower case, without .gz: every kind may be gzipped
    read: Read
    about: str  # for the reference
    looks: Callable[[bytes], bool] | None = None  # known by its first plain bytes, whatever its name
    many: bool = True  # a file holds many pages: directly under raw/ it is a batch of its own
    own_batch: bool = True
    without: Without | None = None  # copies the plain bytes of a file without some pages; None: it cannot be done


def _single(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    yield single(source, max_bytes)


PAGE = Kind(
    "page", (".html", ".htm", ".xhtml", ".txt"), _single, "one page, HTML or plain text", many=False, own_batch=False
)
WARC = Kind(
    "WARC", (".warc.wet", ".warc.wat", ".warc", ".wet", ".wat"), warc.read,
    "an archive of responses, or of texts (WET); records about others (WAT) are no pages",
    looks=lambda head: head.startswith(b"WARC/"),
)  # fmt: skip
KINDS: tuple[Kind, ...] = (
    WARC,
    Kind("ARC", (".arc",), arc.read, "the archive format before WARC", looks=is_arc, without=arc.without),
    Kind("JSONL", (".jsonl", ".ndjson", ".jsonlines", ".jl"), jsonl.read, "one JSON object a line, each a page",
         without=jsonl.without),
    Kind("HAR", (".har",), har.read, "a browser's log of requests", looks=har.is_har, without=har.without),
    Kind("JSON", (".json",), json_list.read, "a list of JSON objects, each a page, or one object", own_batch=False,
         without=json_list.without),
    Kind("CSV", (".csv", ".tsv"), table.read, "a table with a column html or text, each row a page",
         looks=table.is_table, without=table.without),
    Kind("MHTML", (".mhtml", ".mht"), snapshot.read, "a page saved by a browser", looks=is_mhtml, many=False,
         own_batch=False),
    Kind("mbox", (".mbox", ".mbx"), mail.read, "a mailbox, each message a page", looks=is_mbox, without=mail.without),
    Kind("mail", (".eml", ".emlx"), mail.read, "one message, also from a Maildir folder", looks=is_message,
         own_batch=False, without=mail.without),
    Kind("WACZ", (".wacz",), wacz.read, "a zip with WARC files"),
    PAGE,
)  # fmt: skip


def named(name: str) -> Kind | None:
    """The kind of a file by its name, also for names like x.warc.gz.1; None where the name does not tell."""
    return _parsed(name)[0]


def container_stem(name: str) -> str | None:
    """The batch that a file directly under raw/ is named for; None for a loose page.

    x.warc.gz and x.warc.gz.1 are two batches, x and x.1.
    """
    kind, stem = _parsed(name)
    return stem if kind is not None and kind.own_batch and stem else None


def _parsed(name: str) -> tuple[Kind | None, str]:
    plain, number = name, ""
    if match := _NUMBERED.search(name):
        plain, number = name[: match.start()], match[0]
    if plain.lower().endswith(".gz"):
        plain = plain[:-3]
    for kind in KINDS:
        for suffix in kind.suffixes:
            if plain.lower().endswith(suffix):
                if number and not kind.own_batch:
                    return None, name
                return kind, plain[: -len(suffix)] + number
    return None, name


def kind_of(source: Source) -> Kind:
    """The kind of a file: by its name where that names a container, else by its first bytes."""
    kind = named(source.path.name)
    if kind is not None and kind is not PAGE:
        return _same_family(kind, source)
    head = source.head()
    for candidate in KINDS:
        if candidate.looks is not None and candidate.looks(head):
            return candidate
    if head.startswith(b"PK\x03\x04") and source.path.name.lower().endswith(".zip"):
        return next(k for k in KINDS if k.name == "WACZ")
    return PAGE


def _same_family(kind: Kind, source: Source) -> Kind:
    """.json files that are a browser's log, .jsonl files that are one list, .eml files that are saved pages."""
    if kind.name in ("JSON", "JSONL"):
        head = source.head()
        if har.is_har(head):
            return next(k for k in KINDS if k.name == "HAR")
        if kind.name == "JSONL" and json_list.is_list(head):
            return next(k for k in KINDS if k.name == "JSON")
    elif kind.name == "mail" and is_mhtml(source.head()):
        return next(k for k in KINDS if k.name == "MHTML")
    return kind


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """The pages of one file. A file that gives nothing has its row too, and rows without end are counted in one."""
    bare = more = in_a_row = 0
    last: Skipped | None = None
    nothing = True
    for item in kind_of(source).read(source, max_bytes):
        nothing = False
        if isinstance(item, Skipped) and item.url is None:
            bare += 1
            in_a_row += 1
            if in_a_row > MAX_EMPTY:
                break
            if bare > MAX_BARE:
                more, last = more + 1, item
                continue
        else:
            in_a_row = 0
        yield item
    if last is not None:
        end = "; the rest of the file is not read" if in_a_row > MAX_EMPTY else ""
        yield source.skipped(
            last.reason, f"and {more} more rows like the ones before, the last one: {last.detail[:200]}{end}"
        )
    if nothing:
        yield source.skipped("empty", "nothing in it that is a page")
