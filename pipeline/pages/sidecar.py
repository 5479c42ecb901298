"""story.html.meta.json beside story.html -> what it says of the page, and flags for what it gets wrong."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..formats.surrogates import clean
from .fields import NotJson, moment, parse, text, web_url
from .source import SIDECAR, Unreadable, open_inside

MAX_BYTES = 1_000_000  # a sidecar is a dozen lines


@dataclass(frozen=True, slots=True)
class Sidecar:
    url: str | None = None
    title: str | None = None
    published_at: str | None = None
    fetched_at: str | None = None
    source: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()


def read(page: Path, raw: Path) -> Sidecar:
    """The sidecar of a page; an empty one where there is none. story.html.gz may share story.html's."""
    for path in (page.with_name(page.name + SIDECAR), page.with_name(page.name.removesuffix(".gz") + SIDECAR)):
        try:
            path.lstat()
        except OSError as error:
            # Longer than a path may be: nobody can have put a sidecar there.
            if error.errno in (errno.ENOENT, errno.ENAMETOOLONG, errno.ENOTDIR):
                continue
        try:
            with open_inside(path, raw) as stream:
                body = stream.read(MAX_BYTES + 1)
        except (Unreadable, OSError) as error:
            return Sidecar(flags=(f"sidecar:unreadable: {error}",))
        if len(body) > MAX_BYTES:
            return Sidecar(flags=(f"sidecar:unreadable: over {MAX_BYTES} bytes",))
        return _parse(body)
    return Sidecar()


def _parse(body: bytes) -> Sidecar:
    try:
        row, flags = parse(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, NotJson) as error:
        return Sidecar(flags=(f"sidecar:unreadable: {error}",))
    json_flags = [f"sidecar:{flag.removeprefix('json:')}" for flag in flags]
    wrong: list[str] = []
    described = Sidecar(
        url=web_url(text(row, "url", wrong), wrong),
        title=text(row, "title", wrong),
        published_at=moment(row, "published_at", wrong),
        fetched_at=moment(row, "fetched_at", wrong),
        source=text(row, "source", wrong),
        headers=headers(row.get("http"), wrong),
    )
    flags = tuple(json_flags + [f"sidecar:{flag}" for flag in wrong])
    return Sidecar(
        described.url,
        described.title,
        described.published_at,
        described.fetched_at,
        described.source,
        described.headers,
        flags,
    )


def headers(http: Any, flags: list[str]) -> tuple[tuple[str, str], ...]:
    """{name: value}, {name: [values]}, [[name, value]], or any of these under "headers"."""
    if isinstance(http, dict) and isinstance(http.get("headers"), dict | list):
        http = http["headers"]
    if http is None:
        return ()
    pairs = http.items() if isinstance(http, dict) else http if isinstance(http, list) else [None]
    out = []
    for pair in pairs:
        if not (isinstance(pair, tuple | list) and len(pair) == 2 and isinstance(pair[0], str)):
            flags.append("http:ignored, not headers")
            return ()
        for value in pair[1] if isinstance(pair[1], list) else [pair[1]]:
            if isinstance(value, str | int | float):
                out.append((clean(pair[0]).lower(), clean(str(value))))
    return tuple(out)


def charset(headers: tuple[tuple[str, str], ...]) -> str | None:
    """What Content-Type declares."""
    for name, value in headers:
        if name == "content-type" and "charset=" in value.lower():
            return value[value.lower().index("charset=") + 8 :].split(";")[0].strip(" \t\"'") or None
    return None
