"""A file of scraped pages, one JSON object a line -> Page or Skipped for each line, in file order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..formats.compression import Broken, plain
from ..formats.content_type import sniff
from ..model import Page, Skipped
from . import rows
from .source import Doomed, Source, Unreadable, Write, chunks

MAX_BLANK = 5_000_000  # lines in a row: 2 s of CPU


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    """Damage in one line loses that line alone."""
    try:
        with source.open() as stream:
            blank = 0
            for number, line in enumerate(lines(plain(chunks(stream)), rows.longest(max_bytes)), 1):
                blank = blank + 1 if line == b"" else 0
                if blank > MAX_BLANK:
                    yield source.skipped("unreadable", f"{MAX_BLANK} empty lines; the rest of the file is not read")
                    return
                if isinstance(line, str):
                    yield source.skipped("unreadable", line, f"line:{number}")
                    return
                if line is None:
                    yield source.skipped("too-large", f"line {number}: over {max_bytes} bytes", f"line:{number}")
                elif line.strip():
                    if number == 1 and (actual_kind := _not_jsonl(line)):
                        yield source.skipped("unreadable", f"named .jsonl and is {actual_kind}")
                        return
                    yield rows.from_json(source, f"line:{number}", line, max_bytes)
    except Unreadable as error:
        yield source.skipped("unreadable", str(error))


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes, an empty line in the place of a doomed row: the others keep their numbers, which may be
    their keys."""
    limit = rows.longest(max_bytes)
    buffer = bytearray()
    number, long = 1, False
    for piece in pieces:
        for part in _lines(piece):
            buffer += part
            if len(buffer) > limit or long:
                write(bytes(buffer))
                long = not buffer.endswith(b"\n")
                number += not long
                buffer.clear()
            elif buffer.endswith(b"\n"):
                _copy(source, number, bytes(buffer), write, doomed, max_bytes)
                number += 1
                buffer.clear()
    if buffer:
        _copy(source, number, bytes(buffer), write, doomed, max_bytes)


def _copy(source: Source, number: int, line: bytes, write: Write, doomed: Doomed, max_bytes: int) -> None:
    bare = line.removesuffix(b"\n")
    gone = bare.strip() and doomed.page(rows.from_json(source, f"line:{number}", bare, max_bytes))
    write(b"\n" if gone else line)


def _lines(piece: bytes) -> list[bytes]:
    """As splitlines(keepends=True), but a carriage return ends no line."""
    parts = piece.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def lines(pieces: Iterable[bytes], limit: int) -> Iterator[bytes | str | None]:
    """Lines without their ends; None for one over `limit` bytes; a str, the last, says why the rest is lost."""
    buffer = bytearray()
    over = False
    try:
        for piece in pieces:
            parts = piece.split(b"\n")
            for part in parts[:-1]:
                if over:
                    yield None
                else:
                    buffer += part
                    yield bytes(buffer) if len(buffer) <= limit else None
                buffer.clear()
                over = False
            if not over:
                buffer += parts[-1]
            if len(buffer) > limit:
                buffer.clear()
                over = True
        if over or buffer:
            yield None if over else bytes(buffer)
    except (Broken, Unreadable) as error:
        if buffer:
            yield bytes(buffer)  # a line cut short: broken JSON, and said so
        yield f"the rest of the file is lost: {error.args[0]}"


def _not_jsonl(line: bytes) -> str | None:
    """What a file is whose first line is nothing like a row."""
    if line.lstrip(b"\xef\xbb\xbf \t")[:1] in (b"{", b"[", b'"'):
        return None
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16: rows are read as UTF-8"
    kind = sniff(line + b"\n")
    if isinstance(kind, tuple):
        return None if kind[0] == "empty" else kind[1]
    return "HTML" if kind == "html" else None
