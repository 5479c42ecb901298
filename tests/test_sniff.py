"""What bytes are, by their content."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.formats.content_type import sniff


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!DOCTYPE html><html><p>Hello</p></html>", id="doctype"),
        pytest.param(b"\xef\xbb\xbf\r\n  <html><p>Hello</p>", id="mark and white space"),
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html/>', id="XHTML"),
        pytest.param(
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', id="XHTML bare"
        ),
        pytest.param(b"<!-- saved by a browser -->\n<html>", id="comment first"),
        pytest.param(b"<p>A fragment.</p>", id="fragment"),
        pytest.param(b"<div class=x>no end", id="one tag"),
        pytest.param(b"Text first, <b>then</b> <a href='/'>markup</a>.<br>", id="text before the markup"),
        pytest.param("<html><p>Hello".encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param("<html><p>Hello".encode("utf-16-le"), id="UTF-16 without one"),
        pytest.param(b"<html>\0\0<p>He\0llo</p>", id="NUL bytes"),
        pytest.param(b"<script>var a = {b: 1};</script><body><p>Hello</p>", id="script first"),
        pytest.param(b"<body>%PDF-1.4 is how a PDF begins</body>", id="a page about PDF"),
        pytest.param(b"<html><head><title>RSS</title></head><body><rss></rss>", id="a page about feeds"),
        pytest.param(b"<amp-story><p>Hello</p></amp-story>", id="unknown element"),
    ],
)
def test_pages(body: bytes) -> None:
    assert sniff(body) == "html"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"The harbour reopened on Monday.\n\nShips came back.", id="prose"),
        pytest.param(b"a < b and b > c, he wrote", id="angle brackets"),
        pytest.param(b"Use <p> for paragraphs, said the teacher.", id="one tag in prose"),
        pytest.param(b'["Never again," he said] and left', id="brackets"),
        pytest.param(b"{sic}", id="braces"),
        pytest.param(b"import duties rise; var. conditions apply", id="words that code begins with"),
        pytest.param(b"function follows form, said the architect = true;", id="function"),
        pytest.param("Мэр города сообщил.".encode("cp1251"), id="Cyrillic in one byte"),
        pytest.param("市長は述べた。".encode("iso2022_jp"), id="ISO-2022-JP"),
        pytest.param(b"\x1b[31mred\x1b[0m ink was spilled", id="escape sequences"),
        pytest.param(b"Subject: the harbour\n\nIt reopened.", id="a line with a colon"),
        pytest.param(b"PK is a name", id="two letters of a zip"),
    ],
)
def test_text(body: bytes) -> None:
    assert sniff(body) == "text"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "PDF", id="pdf"),
        pytest.param(b"\n\n%PDF-1.7\n%\xe2\xe3", "PDF", id="pdf after rubbish"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "PNG image", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG image", id="jpeg"),
        pytest.param(b"RIFF\x10\0\0\0WEBPVP8 ", "WebP image", id="webp"),
        pytest.param(b"\0\0\0\x1cftypavif", "AVIF image", id="avif"),
        pytest.param(zipped("a.html"), "zip", id="zip"),
        pytest.param(zipped("[Content_Types].xml", "word/document.xml"), "office document", id="docx"),
        pytest.param(gzip.compress(b"x"), "gzip", id="gzip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document", id="doc"),
        pytest.param(b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "feed", id="rss"),
        pytest.param(b'<?xml version="1.0"?>\n<!-- x --><feed xmlns="http://a.example"/>', "feed", id="atom"),
        pytest.param(b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "feed", id="rss 1.0"),
        pytest.param(b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "sitemap", id="sitemap"),
        pytest.param('<?xml version="1.0"?><sitemapindex/>'.encode("utf-16"), "sitemap", id="sitemap in UTF-16"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><path d=""/></svg>', "SVG image", id="svg"),
        pytest.param(b'<?xml version="1.0"?><catalog><book/></catalog>', "XML", id="xml"),
        pytest.param(b'<!DOCTYPE lolz [<!ENTITY a "b">]><lolz>&a;</lolz>', "XML", id="entities"),
        pytest.param(b'{"a": [1, 2, {"b": null}]}', "JSON", id="json"),
        pytest.param(b'[\n  {"a": 1}\n]\n', "JSON", id="json list"),
        pytest.param(b"[1, 2, 3]", "JSON", id="json numbers"),
        pytest.param(b"/*! x */\nbody { margin: 0; color: red }\n.a { b: c; }", "CSS", id="css"),
        pytest.param(b"@media print{.a{display:none}}", "CSS", id="css at rule"),
        pytest.param(b"!function(){var a=1;return a+2;}();", "JavaScript", id="js"),
        pytest.param(b"// licence\n(function (w) { w.x = {}; w.y = 1; })(window);", "JavaScript", id="comment first"),
        pytest.param(b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10 abc", "binary data", id="binary"),
        pytest.param(b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: x;", "mail or MHTML", id="mhtml"),
    ],
)  # fmt: skip
def test_what_is_neither(body: bytes, detail: str) -> None:
    assert sniff(body) == ("not-html", detail)


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", bytes(5000)])
def test_nothing(body: bytes) -> None:
    verdict = sniff(body)
    assert isinstance(verdict, tuple) and verdict[0] == "empty"


@given(st.binary(max_size=300))
def test_every_body_has_a_verdict(body: bytes) -> None:
    sniff(body)


@pytest.mark.parametrize(
    "unit", [b"<", b"<!--", b"<?", b"{", b"[", b'["', b"/*", b"//", b"a:b\n ", b"<p ", b".a{", b"\\", b"@import", b"&"]
)
def test_a_megabyte_of_anything_is_judged_at_once(unit: bytes) -> None:
    import time

    before = time.process_time()
    sniff(unit * (1_000_000 // len(unit)))
    assert time.process_time() - before < 0.5
