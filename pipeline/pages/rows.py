"""A JSON object or CSV row that holds one scraped page -> Page or Skipped."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from ..formats.content_type import sniff
from ..formats.json_rows import is_complex
from ..formats.surrogates import clean
from ..model import Page, Raw, Skipped, SkipReason
from .fields import NotJson, moment, parse, text, web_url
from .sidecar import charset, headers
from .source import Source

OVERHEAD = 65_536  # bytes a row may have beside its page


def longest(max_bytes: int) -> int:
    """Bytes of a row whose page may still be of max_bytes: JSON writes a quote or a line end as two."""
    return 2 * max_bytes + OVERHEAD


def from_json(source: Source, where: str, line: bytes, max_bytes: int) -> Page | Skipped:
    """`where` is the key of a row without an id: "line:4"."""
    flags: list[str] = []
    place = where.replace(":", " ")
    try:
        if is_complex(line):
            return source.skipped("too-large", f"{place}: too many values", where, line)
        if line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        try:
            decoded = line.decode()
        except UnicodeDecodeError:
            decoded = line.decode("utf-8", "replace")
            flags.append("charset:invalid utf-8 in the row, replaced")
        row, json_flags = parse(decoded)
    except NotJson as error:
        return source.skipped("unreadable", f"{place}: {error}", where, line)
    return from_fields(source, where, row, line, [*flags, *json_flags], max_bytes)


def _without_content(row: dict[str, Any]) -> str:
    """Message for a row without content: which columns it has, as the page may be in another one."""
    names = ", ".join(str(name) for name in itertools.islice(row, 12))
    return (
        f"no html, no text: a row needs one of them; this one has {clean(names)[:120]}" if names else "no html, no text"
    )


def from_fields(
    source: Source, where: str, row: dict[str, Any], line: bytes, flags: list[str], max_bytes: int
) -> Page | Skipped:
    place = where.replace(":", " ")
    key = _key(row, where)
    url = web_url(text(row, "url", flags), flags)
    fault, kind, content = _content(row)
    if content is None:
        reason: SkipReason = "unreadable" if fault else "empty"
        return source.skipped(reason, f"{place}: {fault or _without_content(row)}", key, line, url)
    if clean(content) != content:
        flags.append("text:lone surrogates replaced")
    body = clean(content).encode()
    if len(body) > max_bytes:
        return source.skipped("too-large", f"{place}: over {max_bytes} bytes", key, body, url)
    is_really = sniff(body)
    if isinstance(is_really, tuple):
        return source.skipped(is_really[0], f"{place}: {is_really[1]}", key, body, url)
    return Page(
        raw=Raw(source.name, key, hashlib.sha256(body).hexdigest()),
        body=body,
        kind=is_really if kind == "html" else "text",
        charset="utf-8",
        url=url,
        title=text(row, "title", flags),
        published_at=moment(row, "published_at", flags),
        fetched_at=moment(row, "fetched_at", flags),
        source=text(row, "source", flags),
        headers=tuple(h for h in headers(row.get("http"), flags) if h[0] != "content-type" or not charset((h,))),
        flags=tuple(flags),
    )


def _content(row: dict[str, Any]) -> tuple[str | None, str, str | None]:
    """(fault, kind, content): html before text where a row gives both."""
    fault = None
    for kind in ("html", "text"):
        value = row.get(kind)
        if isinstance(value, str) and value:
            return None, kind, value
        if value is not None and not isinstance(value, str):
            fault = f"{kind} is no text"
    return fault, "", None


def _key(row: dict[str, Any], where: str) -> str:
    value = row.get("id")
    if isinstance(value, int | float | str) and not isinstance(value, bool) and str(value):
        return clean(str(value))
    return where
