"""Bytes and what was declared of them -> text, and flags wherever the declaration was not simply true."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})["']""", re.I)
_META_WITHIN = 8192  # HTML asks for the first 1024; pages with long scripts in front do not keep to it


def decode(body: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of a page. Never raises.

    Order: byte order mark, the transport's charset, the page's own, UTF-8 where it fits, detection.
    """
    encoding = wide(body)
    if encoding is None:
        for label in (declared, _own(body), "utf-8"):
            name = _known(label)
            if name is None:
                continue
            try:
                return body.decode(name), ()
            except (UnicodeDecodeError, ValueError):
                continue
        encoding = "cp1252"
    return body.decode(encoding, "replace"), (f"charset:guessed {encoding}",)


def wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32, and any byte order mark: the codec for it, or None."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:4096]
    zeros = head.count(0)
    if zeros * 8 < len(head):
        return None
    if not any(head[0::2]) or head[0::2].count(0) > len(head) * 0.3:
        return "utf-16-be"
    return "utf-16-le" if head[1::2].count(0) > len(head) * 0.3 else None


def _own(body: bytes) -> str | None:
    head = body[:_META_WITHIN]
    match = _XML.match(head) or _META.search(head)
    return match[1].decode("ascii") if match else None


def _known(label: str | None) -> str | None:
    try:
        return codecs.lookup(label).name if label else None
    except (LookupError, ValueError):
        return None
