"""Our parsers of untrusted input, as functions of bytes that may raise nothing, with bytes to begin with.

tests/test_fuzz.py mutates the seeds for a second each; tests/torture/test_fuzz.py lets a coverage-guided fuzzer do it.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import config, pages, store, urls
from pipeline.errors import ConfigError, UsageError
from pipeline.extract import draft, draft_fast, draft_plain
from pipeline.extract.metadata import dates
from pipeline.extract.values import Draft
from pipeline.fetch import robots
from pipeline.fetch.listings import dates as feed_dates
from pipeline.fetch.listings import feeds, links, opml, page_head, sitemaps
from pipeline.fetch.listings.items import Listing, NotAListing
from pipeline.formats import charset, compression, content_type, http_message, warc_writer
from pipeline.imports import archive, mail, saved, tools
from pipeline.imports.rows import Row
from pipeline.model import Page, Raw, Skipped
from pipeline.pages import sidecar
from pipeline.sandbox import codec

from .conftest import html_page, story

LIMIT = 100_000  # bytes of a page
URL = "https://post.example/2026/11/20/ferry-returns"
PAGE = html_page("Ferry returns to Norhaven", story("Fuzzhaven"))


@dataclass(frozen=True, slots=True)
class Target:
    read: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...] = ()  # what the format is made of


def in_a_file(name: str, data: bytes) -> Path:
    """One raw folder for the whole process: writing a file costs less than making a folder."""
    global _folder
    _folder = _folder or tempfile.TemporaryDirectory()
    path = Path(_folder.name) / "raw" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


_folder: tempfile.TemporaryDirectory[str] | None = None


def raw_file(name: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path = in_a_file(name, data)
        batch = pages.Batch("x", path.parent, (path,))
        for found in pages.read_file(batch, path, path.parent.parent, LIMIT):
            assert codec.decode(codec.encode(found)) == found
            if isinstance(found, Skipped):
                store.to_json(found)
            else:
                assert len(found.body) <= LIMIT

    return read


def beside(data: bytes) -> None:
    page = in_a_file("page.html", PAGE.encode())
    in_a_file("page.html.meta.json", data)
    said = sidecar.read(page, page.parent)
    assert all(flag.encode() for flag in said.flags)


def decoded(data: bytes) -> None:
    declared, _, body = data.partition(b"\n")
    text, flags = charset.decode(body, declared.decode("latin-1") or None)
    assert "\0" not in text and text.encode() is not None
    assert all(flag.isprintable() for flag in flags)


def answered(data: bytes) -> None:
    try:
        got = http_message.response(data, LIMIT)
    except (compression.Broken, compression.TooLarge):
        return
    assert len(got.body) <= max(LIMIT, len(data))


def drafted(kind: Any, work: Callable[..., Draft | Skipped]) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        page = Page(Raw("raw/x", None, "0"), data, kind, "utf-8", url=URL)
        found = work(page, config.ExtractConfig())
        row = json.loads(store.to_json(found))
        assert store.parse(type(found), row) == found  # type: ignore[arg-type]

    return read


def dated(data: bytes) -> None:
    said = data.decode("utf-8", "replace")
    for month_first in (None, True, False):
        stamp = dates.parse(said, month_first)
        if stamp is not None:
            assert dates.instant(stamp) is not None or stamp[:4] in ("0001", "9999")
            dates.bounds(Page(Raw("raw/x", None, "0"), b"", "html", fetched_at=said)).fault(stamp)
    assert (day := dates.of_url(said)) is None or len(day) == 10
    assert (at := feed_dates.when(said)) is None or feed_dates.stamp(at) is not None


def addressed(data: bytes) -> None:
    said = data.decode("utf-8", "replace")
    key = urls.canonical_key(said)
    assert key is None or urls.canonical_key("http://" + key) == key
    cleaned = urls.clean(said, URL)
    assert cleaned is None or cleaned.lower().startswith(("http://", "https://"))
    urls.article_id(said, said)
    urls.is_article_url(said)
    urls.site_of(said)
    urls.believable(said, URL, said)
    urls.believable(URL, said)


def listed(parse: Callable[[bytes, str], Listing]) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        try:
            found = parse(data, URL)
        except NotAListing as error:
            assert str(error)
            return
        for item in (*found.items, *found.children):  # the queue is a database: it takes no lone surrogates
            for text in (item.url, item.title, item.published_at, item.modified_at, item.language):
                assert text is None or text.encode() is not None
            assert item.published_at is None or feed_dates.stamp(item.published_at) is not None
        assert found.title is None or found.title.encode() is not None

    return read


def linked(data: bytes) -> None:
    with_links = listed(links.articles)
    with_links(data)
    with contextlib.suppress(NotAListing):
        links.named(data, URL)
    page_head.refresh(data, URL)
    page_head.reservations(data, (("X-Robots-Tag", "noai"),))


def outlined(data: bytes) -> None:
    try:
        found = opml.read(data)
    except UsageError:
        return
    for name, feed, _ in found:
        assert name.encode() is not None and feed.startswith("http")


def robotic(data: bytes) -> None:
    rules = robots.parse(data, "newsmill")
    for url in (URL, "https://a.example", "https://a.example/?q=%41", *rules.sitemaps[:5]):
        if urls.clean(url):
            rules.allows(url)
    assert rules.delay is None or rules.delay >= 0


def configured(data: bytes) -> None:
    path = in_a_file("config.toml", data)
    try:
        config.load(path, {})
    except ConfigError as error:
        assert str(error).startswith("config.toml:") and len(str(error)) > 20


def framed(data: bytes) -> None:
    with contextlib.suppress(TypeError, ValueError):
        codec.decode(data)


def imported(reader: Callable[[Path], Iterator[Any]], name: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        for row in reader(in_a_file(name, data)):
            if isinstance(row, Row):
                store.to_json(row.plain())
                urls.canonical_key(row.url or "")
            else:
                assert row.why

    return read


def archived(data: bytes) -> None:
    wanted = archive.Wanted(("post.example",), ("en",))
    path = in_a_file("archive.warc.gz", data)
    with path.open("rb") as file, path.with_name("out").open("wb") as out:
        list(archive.copy(file, "archive", out, wanted, lambda key: None))
    for capture in warc_writer.captures(path):
        assert capture.url


def _record(kind: str, block: bytes, *more: str) -> bytes:
    head = [
        "WARC/1.1", f"WARC-Type: {kind}", f"WARC-Target-URI: {URL}", "WARC-Record-ID: <urn:uuid:1>",
        "WARC-Date: 2026-11-20T06:00:00Z", *more, f"Content-Length: {len(block)}",
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
CHUNKED = HTTP + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n<p>He\r\n4\r\nllo!\r\n0\r\n\r\n"
ZIPPED = HTTP + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"<html><p>Hello, ferry</p>", mtime=0)
SMALL = (
    b"<!doctype html><html lang=en><title>Ferry returns</title><p>The ferry returned to Norhaven on Monday.</p></html>"
)
RECORDS = [_record("warcinfo", b"software: x"), _record("response", HTTP + b"\r\n" + SMALL), _record("resource", SMALL)]
CAPTURE = json.dumps({"key": "k", "url": URL, "source": "s", "fetched_at": "2026-11-20T06:00:00Z", "sha256": "0"})
WARC = b"".join(RECORDS)
WARC_GZ = b"".join(gzip.compress(record, mtime=0) for record in RECORDS)
ROW = json.dumps({
    "id": 7, "url": URL, "title": "Ferry returns", "html": SMALL.decode(), "published_at": "2026-11-20T06:00:00+01:00",
    "fetched_at": 1795154400, "source": "Post", "http": {"headers": [["Content-Type", "text/html; charset=latin-1"]]},
})  # fmt: skip
JSONL = (ROW + '\n{"text":"The ferry\\ud83d returned. It was late.","id":"x"}\n\n{"html":NaN}\n').encode()
LD = json.dumps({
    "@context": "https://schema.org", "@graph": [{
        "@type": ["NewsArticle"], "headline": "Ferry", "author": [{"@type": "Person", "name": "Ann Lee"}, "Bob"],
        "datePublished": "2026-11-20T06:00:00Z", "image": {"url": "/a.jpg", "caption": "x"}, "isPartOf": {"@id": "#1"},
        "articleSection": ["News"], "keywords": "a, b", "isAccessibleForFree": "False", "inLanguage": "en"}],
})  # fmt: skip
META = (
    f'<link rel=canonical href="{URL}"><meta property="article:published_time" content="2026-11-20">'
    f'<meta name=author content="Ann Lee"><script type="application/ld+json">{LD}</script>'
    '<meta property="og:image" content="//i.example/1.jpg"><time datetime="2026-11-20T06:00">20 November 2026</time>'
)
RSS = (
    b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    b"<title>Post</title><item><title>Ferry &amp; co</title><link>https://post.example/1</link><guid>x</guid>"
    b"<pubDate>Fri, 20 Nov 2026 06:00:00 +0100</pubDate></item><item><guid>https://post.example/2</guid>"
    b"<dc:date>2026-11-20</dc:date></item></channel></rss>"
)
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/"><title>P</title><entry>'
    b'<link rel="alternate" href="a/1"/><updated>2026-11-20T06:00:00Z</updated><title type="html">&lt;b&gt;</title>'
    b"</entry></feed>"
)
JSON_FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Post \ud800", "items": [
        {"id": "1", "url": "/a/1", "title": "T\ud800", "date_published": "2026-11-20T06:00:00Z"},
        {"id": "https://post.example/\udc00"}, 7],
}).encode()  # fmt: skip
SITEMAP = (
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
    b"<url><loc>https://post.example/1</loc><lastmod>2026-11-20</lastmod><n:news><n:publication_date>2026-11-20T06:00Z"
    b"</n:publication_date><n:title>Ferry</n:title></n:news></url></urlset>"
)
INDEX = (
    b"<sitemapindex><sitemap><loc>https://post.example/s.xml</loc><lastmod>2026-11</lastmod></sitemap></sitemapindex>"
)
ENTITIES = (
    b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&a;&x;</link>'
)
HOME = (
    b'<html><head><base href="/x/"><link rel=alternate type="application/rss+xml" href="feed"><meta http-equiv=refresh'
    b' content="0; url=/new"><meta name=robots content=noai></head><a href="2026/11/20/a-long-slug-here">Ferry</a>'
)
ROBOTS = b"User-agent: *\nDisallow: /a*b$\nAllow: /%41\nCrawl-delay: 2\nUser-agent: newsmill\nDisallow:\nSitemap: https://a.example/s\n"
OPML = b'<opml version="2.0"><body><outline text="Post"><outline xmlUrl="https://post.example/feed" title="P"/></outline></body></opml>'
CONFIG = b"""
[project]
workers = 2
[extract]
languages = ["en", "sr"]
min_words = 30
[dedup]
threshold = 0.6
bands = 32
[[topics.rule]]
tag = "harbour"
any = ["ferry", "quay*"]
regex = 'f(e|a)rry'
[[site]]
host = "post.example"
drop = ["div.share", "p:first-child"]
date_format = "%d.%m.%Y"
[[source]]
name = "Post"
feed = ["https://post.example/feed"]
include = ['/\\d+/']
every = "2h"
"""
MAIL = (
    b"From ann@post.example Fri Nov 20 06:00:00 2026\nFrom: =?utf-8?q?Ann_L=C3=A9e?= <ann@post.example>\n"
    b"Subject: =?utf-8?b?RmVycnk=?= returns\nDate: Fri, 20 Nov 2026 06:00:00 +0100\nMessage-ID: <1@post.example>\n"
    b"Archived-At: <https://post.example/1>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n"
    b"--B\nContent-Type: text/plain; charset=latin-1\nContent-Transfer-Encoding: quoted-printable\n\nFerry=20f=E9\n"
    b"--B\nContent-Type: text/html; charset*=utf-8''utf-8\nContent-Transfer-Encoding: base64\n\nPHA+RmVycnk8L3A+\n--B--\n\n"
    b"From bob@post.example Fri Nov 20 06:00:00 2026\nSubject: two\n\n>From the harbour.\n"
)
MHTML = (
    b"From: <Saved by Blink>\nSnapshot-Content-Location: https://post.example/1\nContent-Type: multipart/related; boundary=B\n\n"
    b"--B\nContent-Type: text/html; charset=utf-8\nContent-Location: https://post.example/1\n\n<p>Ferry\n--B--\n"
)
FUNDUS = json.dumps([
    {"publishing_date": "2026-11-20 06:00:00+01:00", "title": "F", "body": {"summary": ["s"], "sections": [
        {"headline": ["h"], "paragraphs": ["p"]}]}, "authors": ["A"], "html": {"crawl_date": "2026-11-20", "source_info": {}}},
    {"maintext": "One.\nTwo.", "date_publish": "2026-11-20 06:00:00", "url": URL, "authors": ["A"], "language": "en"},
]).encode()  # fmt: skip
FRAMES = (
    codec.encode((Page(Raw("raw/x", "k", "0"), b"\0\xff", "html", headers=(("a", "b"),)), {"a": [1.5, None, True]})),
    codec.encode((config.ExtractConfig(), (config.SiteRule(host="a.example"),))),
)
DATES = (
    b"Fri, 20 Nov 2026 06:00:00 +0100", b"2026-11-20T06:00:00.123+01:00", b"20. November 2026, 18:05 Uhr", b"1795154400",
    b"3/4/26 5:06 pm", "2026年11月20日 18時05分".encode(), b"Nov 20 06:00:00 UTC 2026", b"20261120T060000Z", b"20.11.26",
    b"https://a.example/2026/nov/20/x", b"2026-1-2", b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00",
)  # fmt: skip
ADDRESSES = (
    URL.encode(), b"https://WWW.post.example:443/a/../b;jsessionid=1/index.html?utm_source=x&b=2&a=1#c",
    b"https://cdn.ampproject.org/c/s/post.example/amp/a.amp.html", "https://m.münchen.example/größe".encode(),
    b"http://[::1]:80/", b"//post.example/%2e%2e/%ff", b"javascript:alert(1)", b"https://www.google.com/amp/s/a.example/b",
)  # fmt: skip
TAGS = (b"<p>", b"</p>", b"<div>", b"<table><tr><td>", b"<script>", b"<!--", b"-->", b"&#27;", b"&#xFFFF;", b"<![CDATA[", b"<svg>", b"\0",
        b'<script type="application/ld+json">', b"<time datetime=", b"<h1>", b"<article>", b"<base href='http://['>", b"\xef\xbf\xbe")  # fmt: skip
JSON = (
    b'"',
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"1e999",
    b"-1",
    b"NaN",
    b'{"a":',
    b",",
    b":",
    b"true",
    b"9" * 5000,
)
XML = (
    b"<![CDATA[",
    b"]]>",
    b"&a;",
    b"&#0;",
    b"<item>",
    b"<url>",
    b"<loc>",
    b' xml:base="http://["',
    b"xmlns:a='b'",
    b"<?x ?>",
    b"<!DOCTYPE",
)
TOML = (
    b"[[",
    b"]]",
    b"=",
    b'"""',
    b"'''",
    b"{",
    b"}",
    b"nan",
    b"-inf",
    b"1979-05-27",
    b"9" * 5000,
    b"\x00",
    b".",
    b"[" * 2000,
    b"\\",
)
HEADERS = (b"\r\n", b"\r\n\r\n", b"WARC/1.0\r\n", b"Content-Length: ", b"-1", b"0", b"99999999999999999999", b"\x1f\x8b\x08\x00", b"chunked",
           b"\xb2", "²".encode(), b"=?utf-8?b?a?=", b"\x85", b"Content-Encoding: br\r\n")  # fmt: skip

TARGETS = {
    "warc": Target(raw_file("x.warc"), (WARC, WARC_GZ), HEADERS),
    "jsonl": Target(raw_file("x.jsonl"), (JSONL, gzip.compress(JSONL, mtime=0)), JSON),
    "page file": Target(raw_file("x.html"), (SMALL, gzip.compress(SMALL, mtime=0), PAGE.encode("utf-16")), TAGS),
    "sidecar": Target(beside, (ROW.encode(),), JSON),
    "sniff": Target(lambda data: void(content_type.sniff(data)), (SMALL, b"%PDF-1.4", b"PK\3\4", ROW.encode(), RSS), TAGS),
    "charset": Target(decoded, (b"utf-8\n" + SMALL, "shift_jis\n日本語".encode("shift_jis"), b"\n+AGE-", b"utf-16\n\xff\xfea\0"),
                      (b"idna", b"base64", b"utf-7", b"hz", b"iso-2022-jp", b"\x1b$B", b"~{", b"+ADw-")),
    "http response": Target(answered, (CHUNKED, ZIPPED, HTTP + b"Content-Encoding: br, deflate\r\n\r\nx"), HEADERS),
    "html route": Target(drafted("html", draft), (PAGE.encode(), PAGE.replace("<body>", META).encode()), TAGS + JSON[:12]),
    "html route, fast": Target(drafted("html", draft_fast), (PAGE.encode(), PAGE.replace("<body>", META).encode()), TAGS),
    "html route, plain": Target(drafted("html", draft_plain), (PAGE.encode(),), TAGS),
    "text route": Target(drafted("text", draft), (story("Fuzzhaven").encode(), b"TITLE\nBy Ann Lee\n20 November 2026\n\n" + story("x").encode()),
                         (b"\n\n", b"By ", b"- ", b"\x85", b"\xe2\x80\xa8", b"Share", b"(Reuters) - ", b"\xcc\x81")),
    "dates": Target(dated, DATES, (b"0000", b"99999", b"-", b":", b"Z", b"+99:99", "٣".encode(), "²".encode(), b" pm", b"GMT")),
    "addresses": Target(addressed, ADDRESSES, (b"%", b"[", b"]", b"@", b":", b"//", b"xn--", "。".encode(), b"\\", b"&amp;", b";")),
    "feed": Target(listed(feeds.parse), (RSS, ATOM, JSON_FEED, ENTITIES), XML + JSON[:4]),
    "sitemap": Target(listed(sitemaps.parse), (SITEMAP, INDEX, gzip.compress(SITEMAP, mtime=0), b"https://a.example/1\n"), XML),
    "home page": Target(linked, (HOME,), TAGS),
    "opml": Target(outlined, (OPML,), XML),
    "robots.txt": Target(robotic, (ROBOTS,), (b"Sitemap: http://[\n", b"*", b"$", b"%", b"\r", b"#", b"inf")),
    "config": Target(configured, (CONFIG,), TOML),
    "frame between workers": Target(framed, FRAMES, (*JSON, b'"$":', b"pipeline.model:Raw", b"pipeline.__main__:x", b"pipeline.:x")),
    "mail": Target(imported(mail.read, "x.mbox"), (MAIL,), HEADERS),
    "saved page": Target(imported(saved.read, "x.html"), (SMALL, gzip.compress(SMALL, mtime=0), b"<!-- saved from url=(0009)http://[/ -->"), TAGS),
    "saved archive": Target(imported(saved.read, "x.mhtml"), (MHTML,), HEADERS),
    "json of other tools": Target(imported(tools.read, "x.json"), (FUNDUS,), JSON),
    "archive": Target(archived, (WARC_GZ, gzip.compress(_record("metadata", CAPTURE.encode(), "Content-Type: application/json"), mtime=0)), HEADERS),
}  # fmt: skip


def void(_: object) -> None:
    """For a target whose result says nothing more."""
