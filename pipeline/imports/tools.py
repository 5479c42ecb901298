"""JSON of news-please and of Fundus, one article a file, a list, or one a line -> rows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..formats.compression import CHUNK, Broken, plain
from ..formats.json_rows import TooComplex, is_complex, parts
from ..pages import jsonl
from ..pages.fields import moment
from ..pages.json_list import MAX_OTHERS
from .rows import Row, Story, Unusable, page, text, texts

MOST = 64_000_000  # bytes of one article; a list of them may be of any length


def read(path: Path) -> Iterator[Row | Unusable]:
    """The articles of a .json or .jsonl file, or of every such file in a folder, in the order of names."""
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.name.lower().endswith((".json", ".jsonl")) and p.is_file()):
            yield from read(inner)
        return
    for where, value in _values(path):
        if isinstance(value, _NotJson):
            yield Unusable(where, value, damaged=True)
        else:
            yield _row(value, where) if isinstance(value, dict) else Unusable(where, "not a JSON object")


class _NotJson(str):
    """Why a file or line gave no value."""


def _values(path: Path) -> Iterator[tuple[str, Any]]:
    """(where, parsed value or _NotJson)."""
    number = 0
    try:
        with path.open("rb") as file:
            pieces = plain(iter(lambda: file.read(CHUNK), b""))
            first = next(pieces, b"")
            every = itertools.chain((first,), pieces)
            if first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
                for number, data in _elements(every):
                    yield f"{path.name}, article {number}", _parsed(data)
            elif path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
                for number, line in enumerate(jsonl.lines(every, MOST), 1):
                    where = f"{path.name}, line {number}"
                    if isinstance(line, str):
                        yield where, _NotJson(line)
                    elif line is None:
                        yield where, _NotJson(f"over {MOST:,} bytes")
                    elif line.strip():
                        yield where, _parsed(line)
            else:
                yield path.name, _parsed(b"".join(_limited(every)))
    except TooComplex:
        yield f"{path.name}, article {number + 1}", _NotJson("too many values; the rest is not read")
    except _TooLong:
        yield path.name, _NotJson(f"over {MOST:,} bytes: cut it into one article a line")
    except (OSError, Broken) as error:
        yield path.name, _NotJson(f"the rest of the file is lost: {error.args[0]}")


class _TooLong(Exception):
    pass


def _elements(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """The elements of a list with their numbers; stops at a thousand in a row that are no objects."""
    number = others = 0
    for kind, data in parts(pieces, (), MOST):
        if kind in ("row", "long"):
            number += 1
            others = 0 if data.lstrip().startswith(b"{") else others + 1
            if others > MAX_OTHERS:
                raise TooComplex
            yield number, data if kind == "row" else b""


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST:
            raise _TooLong
        yield piece


def _parsed(data: bytes) -> Any:
    if is_complex(data):
        return _NotJson("too many values")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return _NotJson(f"not JSON: {error}")


def _row(value: dict[str, Any], where: str) -> Row | Unusable:
    if "maintext" in value or "date_publish" in value:
        return _news_please(value, where)
    if "publishing_date" in value or "plaintext" in value or isinstance(value.get("body"), dict):
        return _fundus(value, where)
    strings = {name: text(value.get(name)) for name in ("html", "text", "url", "title")}
    if strings["html"] or strings["text"]:  # a row as raw/ takes it
        times: list[str] = []
        return Row(
            id=text(value.get("id")), url=strings["url"], html=strings["html"],
            text=None if strings["html"] else strings["text"],
            title=strings["title"], published_at=moment(value, "published_at", times),
            fetched_at=moment(value, "fetched_at", times), source=text(value.get("source")),
        )  # fmt: skip
    return Unusable(where, "neither news-please's nor Fundus' JSON, and no row with html or text")


def _news_please(value: dict[str, Any], where: str) -> Row | Unusable:
    body = text(value.get("maintext"))
    if body is None:
        return Unusable(where, "no maintext")
    story = Story(
        paragraphs=tuple(line.strip() for line in body.splitlines() if line.strip()),
        url=text(value.get("url")),
        title=text(value.get("title")),
        standfirst=text(value.get("description")),
        authors=texts(value.get("authors")),
        published_at=_date(value.get("date_publish")),
        modified_at=_date(value.get("date_modify")),
        language=text(value.get("language")),
        image=text(value.get("image_url")),
    )
    source = text(value.get("source_domain"))
    return Row(
        id=story.url, url=story.url, html=page(story), fetched_at=_date(value.get("date_download")), source=source
    )


def _fundus(value: dict[str, Any], where: str) -> Row | Unusable:
    """Fundus keeps the page itself where it was told to; then that is what we take."""
    html = value.get("html")
    kept: dict[str, Any] = html if isinstance(html, dict) else {}
    info = kept.get("source_info")
    publisher = text(info.get("publisher")) if isinstance(info, dict) else None
    url = text(kept.get("responded_url")) or text(kept.get("requested_url")) or text(value.get("url"))
    fetched = _date(kept.get("crawl_date"))
    published = _date(value.get("publishing_date"))
    source = publisher or text(value.get("publisher"))
    if (content := text(kept.get("content"))) is not None:
        return Row(id=url, url=url, html=content, published_at=published, fetched_at=fetched, source=source)
    summary, paragraphs = _body(value)
    if not paragraphs:
        return Unusable(where, "no text")
    story = Story(
        paragraphs=tuple(paragraphs),
        url=url,
        title=text(value.get("title")),
        standfirst=summary,
        authors=texts(value.get("authors")),
        published_at=published,
        language=text(value.get("lang")),
        keywords=texts(value.get("topics")),
    )
    return Row(id=url, url=url, html=page(story), fetched_at=fetched, source=source)


def _body(value: dict[str, Any]) -> tuple[str | None, list[str]]:
    """(summary, paragraphs) of Fundus' nested body, else of its plaintext."""
    body = value.get("body")
    if isinstance(body, dict):
        out: list[str] = []
        sections = body.get("sections")
        for section in sections if isinstance(sections, list) else []:
            if isinstance(section, dict):
                out += [*texts(section.get("headline")), *texts(section.get("paragraphs"))]
        if out:
            return " ".join(texts(body.get("summary"))) or None, out
    plain = text(value.get("plaintext")) or text(body) or ""
    return None, [line.strip() for line in plain.splitlines() if line.strip()]


def _date(value: object) -> str | None:
    """As given, with the T that RFC 3339 wants; never with an offset that was not stated."""
    stated = text(value)
    return stated.replace(" ", "T", 1) if stated and stated[:4].isdigit() else None
