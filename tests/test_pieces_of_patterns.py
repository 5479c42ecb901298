"""What is read from outside takes time in proportion to it, also where it was made against the patterns that read it.

The pieces that are repeated come from the patterns of the package: texts that match one, whole or cut short.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import pkgutil
import re
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pipeline
from pipeline.errors import NewsmillError
from pipeline.fetch import robots
from pipeline.fetch.listings import feeds, links, opml, page_head, sitemaps
from pipeline.formats import arc_reader, charset, content_type, mail, markup, mhtml, warc_reader
from pipeline.formats.http_message import response
from pipeline.pages import fields, har, json_list, table

SMALL, FACTOR = 8_000, 8  # bytes, and how much longer the second text is
SLOW = 0.25  # CPU seconds from which a time is looked at
GROWTH = 24  # times as long for FACTOR times the text: 64 where it is quadratic
URL = "https://herald.example/"
PACKAGES = ("formats", "fetch", "imports", "pages")


def patterns() -> Iterator[str]:
    """The patterns that modules which read what comes from outside keep under a name."""
    for info in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if info.name.split(".")[1] in PACKAGES:
            for value in vars(importlib.import_module(info.name)).values():
                if isinstance(value, re.Pattern):
                    yield value.pattern if isinstance(value.pattern, str) else value.pattern.decode("latin-1")


PATTERNS = sorted(set(patterns()))
TOLD = (NewsmillError, ValueError, mail.NoMail)  # what readers raise where a body is nothing they know

READERS: dict[str, Callable[[bytes], object]] = {
    "charset": lambda body: charset.decode(body, None),
    "kind of file": content_type.sniff,
    "mbox": lambda body: list(mail.messages(iter([body]))),
    "mail": mail.parse,
    "mail, in its subject": lambda body: mail.parse(b"From: a@b.example\nSubject: " + body + b"\n\ntext"),
    "MHTML": mhtml.parse,
    "ARC": lambda body: list(arc_reader.records(iter([body]), 1 << 20)),
    "WARC": lambda body: list(warc_reader.records(io.BytesIO(body), 1 << 20)),
    "WARC, in a header": lambda body: list(warc_reader.records(io.BytesIO(b"WARC/1.0\r\nA: " + body), 1 << 20)),
    "HTTP": lambda body: response(b"HTTP/1.1 200 OK\r\nA: " + body, 1 << 20),
    "robots.txt": lambda body: robots.parse(b"User-agent: *\nDisallow: /" + body, "newsmill"),
    "feed": lambda body: feeds.parse(body, URL),
    "feed, in an item": lambda body: feeds.parse(
        b"<rss><channel><item><title>%b</title><link>/a</link><pubDate>%b</pubDate></item></channel></rss>"
        % (body, body),
        URL,
    ),
    "sitemap": lambda body: sitemaps.parse(b"<urlset><url><loc>%b</loc></url></urlset>" % body, URL),
    "links": lambda body: links.articles(b'<a href="/a">' + body, URL),
    "OPML": opml.read,
    "refresh": lambda body: page_head.refresh(b'<meta http-equiv="refresh" content="' + body, URL),
    "reservations": lambda body: page_head.reservations(body, ()),
    "tags": lambda body: markup.without_tags(body.decode("latin-1")),
    "table": table.is_table,
    "HAR": har.is_har,
    "list": json_list.is_list,
    "fields": lambda body: fields.parse(json.dumps({"text": body.decode("latin-1"), "date": body.decode("latin-1")})),
}


def spent(read: Callable[[bytes], object], body: bytes) -> float:
    before = time.process_time()
    with contextlib.suppress(*TOLD):
        read(body)
    return time.process_time() - before


def pieces() -> st.SearchStrategy[str]:
    """Texts that match a pattern, whole or without their end."""
    texts = st.sampled_from(PATTERNS).flatmap(lambda pattern: st.from_regex(pattern)).filter(bool)
    return st.tuples(texts, st.integers(1, 40)).map(lambda pair: pair[0][: pair[1]])


@pytest.mark.slow
@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(begin=pieces(), piece=pieces())
def test_eight_times_the_text_takes_about_eight_times_as_long(
    read: Callable[[bytes], object], begin: str, piece: str
) -> None:
    def body(size: int) -> bytes:
        return (begin + piece * (size // len(piece)) + "\x01").encode("latin-1", "replace")

    if (long := spent(read, body(FACTOR * SMALL))) > SLOW:
        assert long < GROWTH * max(spent(read, body(SMALL)), 0.001), (begin, piece)
