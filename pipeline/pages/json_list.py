"""A .json file: a list of scraped pages, one page, or rows after all -> Page or Skipped for each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from ..formats.compression import Broken, plain
from ..formats.json_rows import MAX_EMPTY, TooComplex, parts
from ..model import Page, Skipped
from . import jsonl, rows
from .source import Doomed, Source, Unreadable, Write, chunks

MAX_OTHERS = 1000  # elements in a row that are no objects: after so many it is no list of pages
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*(?:[{\]]|null[\s,\]]|\Z)")  # null: a removed page
_WHOLE_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[^\n]*\}[ \t\r]*\n\s*\{")


def is_list(head: bytes) -> bool:
    """Whether a file begins like a list of objects, not like a row that is a list."""
    return _LIST.match(head) is not None


def read(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    head = source.head()
    if is_list(head):
        yield from _elements(source, max_bytes)
    elif _WHOLE_LINE.match(head):
        yield from jsonl.read(source, max_bytes)
    else:
        yield _one(source, max_bytes)


def without(source: Source, pieces: Iterable[bytes], write: Write, doomed: Doomed, max_bytes: int) -> None:
    """Copy the plain bytes, null in the place of a doomed element: the others keep their numbers."""
    every = iter(pieces)
    first = next(every, b"")
    if not is_list(first):
        jsonl.without(source, itertools.chain((first,), every), write, doomed, max_bytes)
        return
    number = 0
    for kind, data in parts(itertools.chain((first,), every), (), rows.longest(max_bytes)):
        number += kind in ("row", "long")
        gone = kind == "row" and doomed.page(rows.from_json(source, f"item:{number}", data.strip(), max_bytes))
        write(b"null" if gone else data)


def _elements(source: Source, max_bytes: int) -> Iterator[Page | Skipped]:
    number = others = empty = 0
    try:
        with source.open() as stream:
            for kind, data in parts(plain(chunks(stream)), (), rows.longest(max_bytes)):
                if kind == "row":
                    number += 1
                    line = data.strip()
                    if line == b"null":  # what `newsmill forget` leaves
                        empty += 1
                        if empty > MAX_EMPTY:
                            raise TooComplex
                        continue
                    empty = 0
                    others = 0 if line.startswith(b"{") else others + 1
                    if others > MAX_OTHERS:
                        yield source.skipped(
                            "not-html", f"JSON: {MAX_OTHERS} elements that are no objects; the rest is not read"
                        )
                        return
                    yield rows.from_json(source, f"item:{number}", line, max_bytes)
                elif kind == "long":
                    number += 1
                    yield source.skipped("too-large", f"item {number}: over {max_bytes} bytes", f"item:{number}")
    except TooComplex:
        yield source.skipped("too-large", f"item {number + 1}: too many values; the rest of the file is not read")
    except (Broken, Unreadable) as error:
        yield source.skipped("unreadable", f"the rest of the file is lost: {error.args[0]}")


def _one(source: Source, max_bytes: int) -> Page | Skipped:
    """A file that is one object: a page where it has html or text."""
    limit = rows.longest(max_bytes)
    out: list[bytes] = []
    size = 0
    try:
        with source.open() as stream:
            for piece in plain(chunks(stream)):
                out.append(piece)
                size += len(piece)
                if size > limit:
                    return source.skipped("too-large", f"JSON, over {max_bytes} bytes")
    except (Broken, Unreadable) as error:
        return source.skipped("unreadable", str(error.args[0]))
    data = b"".join(out)
    if not data.strip():
        return source.skipped("empty", "nothing but white space" if data else "no bytes")
    result = rows.from_json(source, "item:1", data.strip(), max_bytes)
    if isinstance(result, Skipped) and result.reason == "empty":
        return source.skipped("not-html", "JSON without html or text: a row needs one of them; news-please's and "
                              "Fundus' files come in with `newsmill import`", body=data)  # fmt: skip
    return result
