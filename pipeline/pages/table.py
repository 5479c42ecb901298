"""A CSV or TSV file with a column of HTML or text -> Page or Skipped for each row."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Iterable, Iterator

from ..formats.charset import wide
from ..formats.charset_guess import guess
from ..formats.compression import Broken, plain
from ..model import Page, Skipped
from . import jsonl, rows
from .source import Doomed, Source, Unreadable, Write, chunks

# Column names that collections use for the fields of a row.
COLUMNS = {
    "html": ("html", "raw_html", "page_html", "body_html", "content_html", "html_content"),
    "text": ("text", "article_text", "full_text", "fulltext", "plain_text", "maintext", "body", "content", "article"),
    "url": ("url", "link", "article_url", "page_url", "canonical_url"),
    "title": ("title", "headline"),
    "published_at": ("published_at", "date", "published", "publish_date", "date_publish", "publication_date",
                     "pub_date", "publishedat", "datetime"),
    "fetched_at": ("fetched_at", "date_download", "crawled_at", "scraped_at", "retrieved_at"),
    "source": ("source", "publisher", "publication", "outlet", "source_name"),
    "id": ("id", "article_id"),
}  # fmt: skip
MAX_FAULTS = 1000
MAX_EMPTY_ROWS = 2_000_000  # in a row: a spreadsheet has 1,048,576 at most
Row = tuple[int, list[str], bytes]  # number of its first line, cells, bytes

_SEPARATOR = re.compile(r"sep=[\t,;|]\s*$", re.I)  # what Excel puts before a table
_NAME = re.compile(r"[A-Za-z][\w .-]{0,40}")


def is_table(head: bytes) -> bool:
    """Whether a file begins with a line of column names, a text and one other field among them, and a row of cells."""
    first, _, rest = head.decode("utf-8-sig", "replace").partition("\n")
    if _SEPARATOR.match(first):
        first, _, rest = rest.partition("\n")
    delimiter = _delimiter(first)
    cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
    fields = {field for field in columns(cells) if field is not None}
    return (
        len(cells) > 1
        and all(map(_NAME.fullmatch, cells))
        and bool(fields & {"html", "text"} and fields & {"url", "published_at", "id"})
        and rest.count(delimiter) >= len(cells) - 1
    )


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    names: list[str | None] | None = None
    try:
        with source.open() as stream:
            for number, cells, data in _rows(
                jsonl.lines(_utf8(plain(chunks(stream))), rows.longest(max_bytes)), max_bytes
            ):
                if names is None:
                    names = columns(cells)
                    if "html" not in names and "text" not in names:
                        yield source.skipped(
                            "not-html", "CSV without a column html or text: name it so in the first line"
                        )
                        return
                else:
                    yield _page(source, names, number, cells, data, max_bytes)
    except (csv.Error, _Cut) as error:
        yield source.skipped("unreadable", f"the rest of the file is lost: {error}")
    except (Broken, Unreadable) as error:
        yield source.skipped("unreadable", str(error.args[0]))


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes, as UTF-8, empty lines in the place of a doomed row: the others keep their numbers."""
    names: list[str | None] | None = None
    copied: list[bytes | str | None] = []

    def seen() -> Iterator[bytes | str | None]:
        for line in jsonl.lines(_utf8(pieces), rows.longest(max_bytes)):
            copied.append(line)
            yield line

    def flush(blank: bool) -> None:
        for line in copied:
            if isinstance(line, bytes):
                write(b"\n" if blank else line + b"\n")
        copied.clear()

    for number, cells, data in _rows(seen(), max_bytes):
        if names is None:
            names = columns(cells)
            flush(False)
        else:
            flush(doomed.page(_page(source, names, number, cells, data, max_bytes)))
    flush(False)


def columns(cells: list[str]) -> list[str | None]:
    """The field of a row that each column is."""
    fields = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
    plain_names = [cell.strip().lstrip("\ufeff").lower().replace(" ", "_") for cell in cells]
    out: list[str | None] = []
    for name in plain_names:
        field = fields.get(name)
        # A column that has the field's own name goes before one that is only called alike.
        is_used = field in out or (field is not None and name != field and field in plain_names)
        out.append(None if is_used else field)
    return out


def _page(
    source: Source, names: list[str | None], number: int, cells: list[str], data: bytes, max_bytes: int
) -> Page | Skipped:
    row = {name: cell for name, cell in zip(names, cells, strict=False) if name is not None and cell}
    return rows.from_fields(source, f"line:{number}", row, data, [], max_bytes)


def _delimiter(first: str) -> str:
    return max("\t,;|", key=lambda mark: (first.count(mark), mark == ","))


def _utf8(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A table in another charset as UTF-8: spreadsheets write UTF-16, or the charset of the country. Raises Broken."""
    every = iter(pieces)
    first = next(every, b"")
    encoding = wide(first[:4096])
    if encoding is None:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(first)
        except UnicodeDecodeError:
            encoding = guess(first)
    if encoding is None or codecs.lookup(encoding).name.startswith("utf-8"):
        yield first
        yield from every
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in itertools.chain((first,), every):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


class _Cut(Exception):
    """Why the rest of the file cannot be read."""


def _rows(lines: Iterator[bytes | str | None], max_bytes: int) -> Iterator[Row]:
    """The rows of a CSV file: cells in quotes may hold line ends. Raises csv.Error, _Cut."""
    csv.field_size_limit(rows.longest(max_bytes))
    text_lines: list[bytes] = []
    size = 0

    def text() -> Iterator[str]:
        nonlocal size
        for line in lines:
            if not isinstance(line, bytes):
                raise _Cut(line or f"a line over {max_bytes} bytes")
            text_lines.append(line)
            size += len(line)
            if size > 2 * rows.longest(max_bytes):
                raise _Cut("a row that does not end: a quote is missing")
            yield line.decode("utf-8-sig" if not line_number else "utf-8", "replace").replace("\0", "") + "\n"

    line_number = 0
    source = text()
    first = next(source, None)
    if first is not None and _SEPARATOR.match(first):
        first = next(source, None)
    if first is None:
        return
    delimiter = _delimiter(first)

    def whole() -> Iterator[str]:
        yield first
        yield from source

    last = b""
    empty = 0
    for cells in csv.reader(whole(), delimiter=delimiter):
        last = b"\n".join(text_lines)
        if any(cell.strip() for cell in cells):
            empty = 0
            yield line_number + 1, cells, last
        else:
            empty += 1
            if empty > MAX_EMPTY_ROWS:
                raise _Cut(f"{MAX_EMPTY_ROWS} empty rows")
        line_number += len(text_lines)
        text_lines.clear()
        size = 0
    try:
        list(csv.reader(last.decode("utf-8", "replace").splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "end of data" in str(error):
            raise _Cut("its last row ends within quotes") from None
