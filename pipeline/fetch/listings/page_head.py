"""What the head of a fetched page says to machines: a meta refresh, and reservations of rights.

Regular expressions on bytes, without a parse: this runs on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...urls import clean

STATUSES = (200, 203)  # of responses that are pages
# Bounded, and never over a second "<": "<meta<meta<meta..." costs linear time.
_META = re.compile(rb"<meta\b[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(rb"""(?<![\w:-])([\w:-]{1,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")


def _metas(body: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each meta element."""
    for meta in _META.finditer(body):
        pairs = (
            (m[1].lower().decode("ascii", "replace"), m[2] or m[3] or m[4] or b"") for m in _ATTRIBUTE.finditer(meta[0])
        )
        yield {name: value.decode("utf-8", "replace").strip()[:2000] for name, value in pairs}


def refresh(body: bytes, url: str) -> str | None:
    """Where a page sends its reader at once (`<meta http-equiv=refresh>` within 5 seconds)."""
    head = body[:16_384]
    for begin, end in ((b"<!--", b"-->"), (b"<noscript", b"</noscript")):  # readers without scripts are sent elsewhere
        first, *rest = re.split(re.escape(begin), head, flags=re.I)
        head = first + b" ".join(re.split(re.escape(end), part, maxsplit=1, flags=re.I)[-1] for part in rest)
    for meta in _metas(head):
        if meta.get("http-equiv", "").lower() != "refresh":
            continue
        parts = re.match(
            r"""(\d{1,3})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""", meta.get("content", ""), re.I
        )
        if parts is not None and int(parts[1]) <= 5 and (target := clean(parts[2], url)) != url:
            return target
    return None


def reservations(body: bytes, headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What a page says of text and data mining and of robots: tdm-reservation, tdm-policy, robots directives."""
    values_of: dict[str, list[str]] = {}
    names = ("robots", "tdm-reservation", "tdm-policy", "newsmill")
    for name, value in headers:
        key = "robots" if name.lower() == "x-robots-tag" else name.lower()
        if key in names[:3]:
            values_of.setdefault(key, []).append(value.strip()[:500])
    for meta in _metas(body[:131_072]):
        if (key := meta.get("name", "").lower()) in names and meta.get("content"):
            values_of.setdefault("robots" if key == "newsmill" else key, []).append(meta["content"][:500])
    return {key: ", ".join(dict.fromkeys(values))[:1000] for key, values in values_of.items()}
