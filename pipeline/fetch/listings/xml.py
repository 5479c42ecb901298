"""Untrusted bytes of feeds and sitemaps -> text, and text -> lxml trees, without entities, DTDs or network.

What servers send is mended before it is parsed: gzip around a file, text before the document (a PHP warning, invisible
characters), two documents in one file, a charset that is not the declared one, bare ampersands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5
from typing import Any

from ...formats import charset, compression
from .items import NotAListing

MOST = 50_000_000  # bytes a document may unfold to: the sitemap protocol's own limit
LAYERS = 3  # of gzip inside each other: a .gz file that the server compresses once more, and one to spare
JUNK = 65_536  # characters before the document that are looked through

_ROOTS = r"(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex|channel|opml)"
_BEGIN = re.compile(rf"<\?xml\s|<{_ROOTS}[\s>]", re.I)
_NEXT = re.compile(rf"</{_ROOTS}\s*>\s*(?=<\?xml\s|<{_ROOTS}[\s>])", re.I)
_HTML = re.compile(
    rf"\s*(?:<!--.{{0,2000}}?-->\s*)?<(?:!doctype\s+html\b(?![^>]{{0,500}}>\s*<(?:\?xml|{_ROOTS})[\s>])|html\b)",
    re.I | re.S,
)
_ROOT = re.compile(rf"<{_ROOTS}[\s>]", re.I)
_PROLOG = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>|<!doctype[^>\[]*(?:\[.*?\]\s*)?>)*", re.I | re.S)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>")
_AMPERSAND = re.compile(r"&(?:(#\d{1,8};|#[xX][0-9a-fA-F]{1,8};)|([A-Za-z]\w{0,60};))?")
# Half a character each, as JSON and UTF-16 spell those beyond U+FFFF.
_HALVES = re.compile(r"(?:&#(?:5[5-7]\d{3}|[xX]0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2});)+")
_XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_IN_FRONT = "\ufeff\u200b\u200c\u200d\u2060\u00a0\u3000 \t\r\n\0"  # marks and blanks, visible or not


def text_of(body: bytes, declared: str | None) -> tuple[str, bool]:
    """(text of a document, whether a part of it is missing). Raises NotAListing.

    `declared` is the charset of the Content-Type header.
    """
    cut = False
    for _ in range(LAYERS):
        if not body.startswith(compression.GZIP):
            break
        body, broken = _unfold(body)
        cut = cut or broken
    return charset.decode(body, declared)[0].strip(_IN_FRONT), cut


def _unfold(body: bytes) -> tuple[bytes, bool]:
    """All members of a gzip file; bytes after the last one that are no gzip are left out."""
    try:
        return compression.gunzip([body], MOST), False
    except compression.TooLarge:
        raise NotAListing(f"unfolds to more than {MOST:,} bytes") from None
    except compression.Broken as broken:
        why, came = broken.args
        if not came:
            raise NotAListing(f"broken gzip: {why}") from None
        return came, True


def roots(text: str) -> Iterator[Any]:
    """The root of each XML document in a text, broken markup mended. Raises NotAListing where there is none.

    Linear in the size of the text: 100,000 items take 0.6 s, where feedparser needs minutes.
    """
    if _HTML.match(text):
        raise NotAListing("an HTML page")
    if (begin := _BEGIN.search(text[:JUNK])) is None:
        raise NotAListing("no XML")
    text = _without_warning(text[begin.start() :])
    at, count = 0, 0
    while True:
        border = _NEXT.search(text, at)
        document = text[at : border.end() if border else None]
        root = _root(document)
        if root is not None:
            count += 1
            yield root
        if border is None:
            break
        at = border.end()
    if not count:
        raise NotAListing("XML that cannot be read")


def _without_warning(text: str) -> str:
    """A document without what a server wrote between its declaration and its root."""
    prolog = _PROLOG.match(text)
    begin = prolog.end() if prolog else 0
    root = _ROOT.search(text, begin, begin + JUNK)
    return text[root.start() :] if root and root.start() > begin else text


def _root(document: str) -> Any:
    from lxml import etree

    document = _DECLARATION.sub("", document, count=1)  # its encoding is not that of the text any more
    document = _ILLEGAL.sub("", _ampersands(_HALVES.sub(_joined, document)))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True,
        huge_tree=False, encoding="utf-8",
    )  # fmt: skip
    try:
        return etree.fromstring(document.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _ampersands(text: str) -> str:
    """Bare ampersands and HTML's entities made XML, except in CDATA, where they stand for themselves."""
    parts: list[str] = []
    at = 0
    while True:
        begin = text.find("<![CDATA[", at)
        parts.append(_AMPERSAND.sub(_entity, text[at : begin if begin >= 0 else None]))
        if begin < 0:
            return "".join(parts)
        end = text.find("]]>", begin)
        if end < 0:
            parts.append(text[begin:])
            return "".join(parts)
        parts.append(text[begin : end + 3])
        at = end + 3


def _joined(match: re.Match[str]) -> str:
    """Characters from references to their halves; half a one alone is U+FFFD."""
    numbers = [int(n[1:], 16) if n[0] in "xX" else int(n) for n in match[0].replace("&#", "").rstrip(";").split(";")]
    if any(not 0xD800 <= n < 0xE000 for n in numbers):
        return match[0]
    return "".join(map(chr, numbers)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _entity(match: re.Match[str]) -> str:
    """What XML knows stays, names of HTML's become their characters, everything else is an ampersand and text."""
    number, name = match.groups()
    if number or name in _XML_ENTITIES:
        return match[0]
    return escape(html5[name]) if name in html5 else f"&amp;{name or ''}"


def xml_root(body: bytes, declared: str | None = None) -> Any:
    """The root of the first document. Raises NotAListing."""
    return next(roots(text_of(body, declared)[0]))


def local(element: Any) -> str:
    """Tag name in lower case without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def namespace(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[0].removeprefix("{").lower() if isinstance(tag, str) else ""


def words(element: Any) -> str:
    """The text in an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def raw(element: Any) -> str:
    """The text in an element as it stands."""
    return "".join(element.itertext())


def language(element: Any) -> str | None:
    """The nearest xml:lang."""
    while element is not None:
        if tag := element.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return str(tag)
        element = element.getparent()
    return None
