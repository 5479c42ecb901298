"""Bytes -> "html", "text", or what they are instead: by content, whatever the name or the server says."""

from __future__ import annotations

import re
from typing import Literal

from ..model import SkipReason
from .charset import wide

Kind = Literal["html", "text"]

HEAD = 1 << 16  # what is looked at; scripts before the first tag of a page's body run to tens of KB

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"II*\0", "TIFF image"),
    (b"MM\0*", "TIFF image"),
    (b"\0\0\1\0", "icon"),
    (b"8BPS", "Photoshop image"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document"),
    (b"{\\rtf", "RTF document"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\0\1\0\0\0", "font"),
    (b"OTTO", "font"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"bplist0", "property list: of a web archive of Safari's, save the page as HTML"),
    (b"\0asm", "program"),
)
_ROOTS = {
    "rss": "feed",
    "feed": "feed",
    "rdf": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "svg": "SVG image",
    "opml": "OPML",
    "plist": "property list",
}
_PROLOGUE = re.compile(r"\s+|\ufeff|<\?[^>]{0,2000}\?>|<!--.{0,20000}?-->", re.S)
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_DOCTYPE = re.compile(r"<!doctype\s+(?:[\w-]+:)?([\w-]+)", re.I)
_TAG = re.compile(
    r"</?(?:html|head|body|title|meta|link|script|style|div|span|p|a|br|hr|img|h[1-6]|ul|ol|li|dl|table|tr|td|th|section|"
    r"article|header|footer|nav|main|aside|figure|form|input|button|center|font|b|i|em|strong|blockquote|pre|iframe|"
    r"noscript|amp-[\w-]+)\b[^<>]{0,2000}>",
    re.I,
)
_JSON = re.compile(
    r'\{\s*(?:"(?:[^"\\]|\\.){0,200}"\s*:|\})|\[\s*(?:[\[{\]]|"(?:[^"\\]|\\.)*"\s*[,\]]|-?\d+[.\d]*\s*[,\]])'
)
_JSONP = re.compile(r"(?:/\*.{0,20}?\*/)?\s*(?:typeof [\w$.]{1,80} === 'function' && )?[A-Za-z_$][\w$.]{0,80}\s*\(\s*")
_ASSIGNED = re.compile(r"(?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]{0,80}(?:\[[^\]]{0,80}\])?\s*=\s*(?=[\[{])")
_SUBTITLES = re.compile(r"WEBVTT\b|(?:\d+\s+)?(?:\d\d:)?\d\d:\d\d[.,]\d{3}\s*-->\s*\d\d:")
_CARD = re.compile(r"BEGIN:(VCALENDAR|VCARD)\b", re.I)
_SELLER = re.compile(
    r"[\w.-]+\.\w+\s*,\s*[^,]+,\s*(?:DIRECT|RESELLER)\b|(?:contact|subdomain|ownerdomain|managerdomain)=", re.I
)
_CDX = re.compile(r"[\w.,:-]*\)\S*\s\d{4,14}\s|\s?CDX\s")
_CODE = re.compile(
    r"""(?P<js>[!(;]*function\b|\(\(\)\s*=>|["']use\ strict|(?:var|let|const)\s+[\w${\[]|import\s*[\w{*"']|
        window\.|self\.|document\.|\$\(|export\s+(?:default|const|function))|
        (?P<css>@(?:charset|import|media|font-face|namespace)\b|[.\#*:\w][^{};<>]{0,300}\{\s*[\w-]+\s*:[^{}<>]+[;}])""",
    re.X,
)
# No prose begins so; the long strings of such a script may have hardly a brace among them.
_WRAPPED = re.compile(r"""[!(;+~-]{1,3}\s*(?:async\s+)?function\b[\s\w$]{0,80}\(|\(\(\)\s*=>|["']use strict["']\s*;""")
_MAIL = re.compile(r"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*MIME-Version:", re.I)
_COMMENT = re.compile(r"\s*/\*.{0,5000}?\*/|\s*//[^\n]*\n", re.S)
# Control characters no text holds. ESC is left out (ISO-2022-JP), so are the white ones; NUL is judged apart.
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(body: bytes) -> Kind | tuple[SkipReason, str]:
    """What a body is. A tuple is the ledger's reason and detail."""
    if not body:
        return "empty", "no bytes"
    if name := _magic(body):
        return "not-html", name
    head = _readable(body[:HEAD])
    if not head.strip(" \t\r\n\f\v\0\ufeff\u200b\xa0"):
        return _blank(body)
    start = _past(_PROLOGUE, head.replace("\0", "").lstrip())
    if kind := _markup(start, head):
        return kind
    noise = len(_BINARY.findall(head)) + head.count("\0")
    if noise > len(head) / 20:
        return "not-html", "binary data"
    # Before the tags are counted: the strings of data and programs may hold whole pages.
    if result := _data(start, _readable(body[-200:]).rstrip("\0 \t\r\n;")) or _code(start):
        return result
    if len(tags := _TAG.findall(start[:HEAD])) >= 3 or (tags and start.startswith("<")):
        return "html"
    if _MAIL.match(start[:4000]):
        return "not-html", "mail or MHTML"
    return "text"


def is_document(body: bytes) -> bool:
    """Whether a body begins as an HTML document does, whatever its server calls it."""
    start = _past(_PROLOGUE, _readable(body[:HEAD]).replace("\0", "").lstrip())[:200]
    return re.match(r"<!doctype\s+html\b|<html\b", start, re.I) is not None


def _data(start: str, tail: str) -> tuple[SkipReason, str] | None:
    """JSON, also as the argument of a function, calendars, subtitles, lists of advertising sellers."""
    if tail.endswith(("}", "]")) and _JSON.match(start):
        return "not-html", "JSON"
    if tail.endswith(")") and (call := _JSONP.match(start)) and _JSON.match(start, call.end()):
        return "not-html", "JSON in a call (JSONP)"
    if tail.endswith(("}", "]")) and (name := _ASSIGNED.match(start)) and _JSON.match(start, name.end()):
        return "not-html", "JavaScript"
    if card := _CARD.match(start):
        return "not-html", "calendar" if card[1].upper() == "VCALENDAR" else "address card"
    if _SUBTITLES.match(start):
        return "not-html", "subtitles"
    rows = [line for line in start[:4096].splitlines()[:40] if line.strip() and not line.startswith("#")]
    if len(rows) >= 3 and sum(_SELLER.match(row) is not None for row in rows) > 0.7 * len(rows):
        return "not-html", "list of advertising sellers (ads.txt)"
    if rows and sum(_CDX.match(row) is not None for row in rows) > 0.7 * len(rows):
        return "not-html", "index of an archive (CDX): put the WARC files it is of into raw/"
    return None


def _magic(body: bytes) -> str | None:
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    if body.startswith(b"PK\x03\x04"):
        return "office document" if re.search(rb"word/|xl/|ppt/|\[Content_Types\]|opendocument", body[:4096]) else "zip"
    if body.startswith(b"RIFF"):
        return "WebP image" if body[8:12] == b"WEBP" else "audio or video"
    if body[4:8] == b"ftyp":
        return "AVIF image" if body[8:12] in (b"avif", b"heic", b"mif1") else "video"
    if body[257:262] == b"ustar":
        return "tar"
    if b"%PDF-" in body[:1024] and not body.lstrip().startswith(b"<"):
        return "PDF"
    return None


def _markup(start: str, head: str) -> Kind | tuple[SkipReason, str] | None:
    """Judge by the doctype or the first element."""
    if doctype := _DOCTYPE.match(start):
        name = doctype[1].lower()
        return "html" if name == "html" else ("not-html", _ROOTS.get(name, "XML"))
    root = _ROOT.match(start)
    if not root:
        return None
    name = root[1].lower()
    if name == "html":
        return "html"
    if name in _ROOTS and not re.search(r"<html\b|<body\b", start, re.I):
        return "not-html", _ROOTS[name]
    if head.lstrip("\ufeff \t\r\n").startswith("<?xml") and not _TAG.search(start[:4000]):
        return "not-html", "XML"
    return None


def _code(start: str) -> tuple[SkipReason, str] | None:
    """JavaScript and CSS: a telling beginning, and more braces and semicolons than prose has (prose: under 0.5%)."""
    start = _past(_COMMENT, start)
    match = _CODE.match(start.lstrip())
    sample = start[:4096]
    marks = sum(map(sample.count, "{};="))
    if _WRAPPED.match(start.lstrip()):
        return "not-html", "JavaScript"
    if match and marks > 3 and marks > len(sample) / 66:
        return "not-html", "JavaScript" if match["js"] else "CSS"
    return None


def _blank(body: bytes) -> tuple[SkipReason, str]:
    whole = body.strip(b" \t\r\n\f\v\0")
    return ("empty", "nothing but white space") if len(whole) < 8 else ("not-html", "binary data")


def _past(pattern: re.Pattern[str], text: str) -> str:
    at = 0
    while match := pattern.match(text, at):
        at = match.end()
    return text[at:]


def _readable(data: bytes) -> str:
    """Enough of a decoding to see the markup: UTF-16 and UTF-32 where marks or zeros tell, else byte for byte."""
    if encoding := wide(data):
        return data.decode(encoding, "replace")
    return data.decode("latin-1")
