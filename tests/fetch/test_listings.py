"""Feeds, sitemaps, home pages: what they list, in whatever state they are."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import time

import pytest

from pipeline.errors import UsageError
from pipeline.fetch.listings import feeds, links, opml, page_head, sitemaps
from pipeline.fetch.listings.dates import when
from pipeline.fetch.listings.items import Item, NotAListing
from pipeline.model import FeedEntry

BASE = "https://daily.example/feed/"


def rss(items: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Daily</title>{head}{items}</channel></rss>'.encode()
    )


@pytest.mark.parametrize(
    ("body", "items"),
    [
        pytest.param(
            rss("<item><title>Rain &amp; wind</title><link>https://daily.example/a-1</link>"
                "<pubDate>Sun, 22 Nov 2026 06:00:00 +0100</pubDate></item>"),
            [Item("https://daily.example/a-1", "Rain & wind", "2026-11-22T06:00:00+01:00", entry=FeedEntry("Rain & wind", "2026-11-22T06:00:00+01:00"))],
            id="plain RSS",
        ),
        pytest.param(
            rss("<item><link>/a-2?x=1&amp;y=2</link></item><item><guid>https://daily.example/a-3</guid></item>"
                '<item><guid isPermaLink="false">https://daily.example/no</guid></item><item><guid>12345</guid></item>'),
            [Item("https://daily.example/a-2?x=1&y=2"), Item("https://daily.example/a-3"), Item("https://daily.example/no")],
            id="relative link, guid as link, guid that is none",
        ),
        pytest.param(
            rss('<item><feedburner:origLink xmlns:feedburner="urn:x">https://daily.example/real</feedburner:origLink>'
                "<link>https://feeds.example/~r/1</link></item>"),
            [Item("https://daily.example/real")],
            id="the address behind a feed service",
        ),
        pytest.param(
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title></channel><item><title>One</title>'
            b"<link>https://daily.example/rdf</link><dc:date>2026-11-22</dc:date></item></rdf:RDF>",
            [Item("https://daily.example/rdf", "One", "2026-11-22", entry=FeedEntry("One", "2026-11-22"))],
            id="RSS 1.0",
        ),
        pytest.param(
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title type="html">A</title>'
            b'<link rel="edit" href="/edit"/><link href="a-4"/><id>tag:x</id>'
            b"<published>2026-11-22T01:02:03Z</published><updated>2026-11-23T01:02:03Z</updated></entry></feed>",
            [Item("https://daily.example/feed/a-4", "A", "2026-11-22T01:02:03Z", "2026-11-23T01:02:03Z",
                  entry=FeedEntry("A", "2026-11-22T01:02:03Z"))],
            id="Atom",
        ),
        pytest.param(
            json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [
                {"id": "1", "url": "https://daily.example/j", "title": "J",
                 "date_published": "2026-11-22T01:02:03+01:00"},
                {"id": 5}, "x", {"id": "https://daily.example/k", "url": None}]}).encode(),
            [Item("https://daily.example/j", "J", "2026-11-22T01:02:03+01:00", entry=FeedEntry("J", "2026-11-22T01:02:03+01:00")),
             Item("https://daily.example/k")],
            id="JSON Feed",
        ),
        pytest.param(
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="http://["><link href="a-5"/></entry>'
            b'<entry xml:base="/deep/"><link href="a-6"/></entry></feed>',
            [Item("https://daily.example/feed/a-5"), Item("https://daily.example/deep/a-6")],
            id="Atom with a base that is no address, and one that is",
        ),
        pytest.param(
            b'{"items": [{"url": "https://daily.example/\\ud800", "title": "\\udc00 J"}]}',
            [Item("https://daily.example/\ufffd", "\ufffd J")],
            id="lone surrogates, which no database takes",
        ),
        pytest.param(
            rss("<item><title>Cut</title><link>https://daily.example/cut</link></item><item><title>Half").replace(
                b"</channel></rss>", b""),
            [Item("https://daily.example/cut", "Cut")],
            id="a feed that breaks off",
        ),
        pytest.param(
            rss("<item><title>caf&eacute; & co</title><link>https://daily.example/ent</link></item>"),
            [Item("https://daily.example/ent", "café & co")],
            id="unknown entities and bare ampersands",
        ),
        pytest.param(
            b"\xef\xbb\xbf \n" + rss("<item><link>https://daily.example/bom</link></item>"),
            [Item("https://daily.example/bom")],
            id="BOM and blanks before the declaration",
        ),
        pytest.param(
            rss("<item><link>javascript:alert(1)</link></item><item><link>file:///etc/passwd</link></item>"),
            [],
            id="links that are no web addresses",
        ),
        pytest.param(
            rss("<item><link>https://daily.example/x</link></item>" * 3), [Item("https://daily.example/x")], id="twice"
        ),
    ],
)  # fmt: skip
def test_feeds(body: bytes, items: list[Item]) -> None:
    assert list(feeds.parse(body, BASE).items) == items


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<!doctype html><html><body>Not found</body></html>", id="a page"),
        pytest.param(b'{"a": 1}', id="other JSON"),
        pytest.param(b'{"items": [' + b"[" * 100_000, id="deep JSON"),
        pytest.param(b"/etc/passwd", id="a path is text, never opened"),
        pytest.param(b"%PDF-1.7", id="PDF"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes) -> None:
    with pytest.raises(NotAListing):
        feeds.parse(body, BASE)


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
) + b"]>"  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(BOMB + rss("<item><title>&m;</title><link>https://daily.example/b</link></item>")[21:], id="bomb"),
        pytest.param(
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + rss("<item><title>&x;</title><link>https://daily.example/b</link></item>")[21:],
            id="external entity",
        ),
        pytest.param(
            rss("<item><author>" + "a@" * 40_000 + "</author><link>https://daily.example/b</link></item>"), id="author"),
        pytest.param(rss("<x>" * 200 + "</x>" * 200 + "<item><link>https://daily.example/b</link></item>"), id="deep"),
    ],
)  # fmt: skip
def test_hostile_feeds_are_read_quickly_and_expand_nothing(body: bytes) -> None:
    started = time.process_time()
    found = feeds.parse(body, BASE).items
    assert len(found) == 1 or (b"&m;" in body and not found)  # libxml2 gives up on the bomb
    for item in found:
        assert item.url == "https://daily.example/b"
        assert not item.title or ("root" not in item.title and len(item.title) < 100)
    assert time.process_time() - started < 1


EXTERNAL = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/">]>'


def test_sitemaps_and_lists_of_feeds_expand_nothing_either() -> None:
    url = b"<url><loc>https://daily.example/%s</loc><title>&x;&y;&m;</title></url>"
    found = sitemaps.parse(EXTERNAL + b"<urlset>" + url % b"a" + url % b"b" + b"</urlset>", BASE).items
    assert [item.url for item in found] == ["https://daily.example/a", "https://daily.example/b"]
    assert all(re.fullmatch("(&[xym];)*", item.title or "") for item in found)
    started = time.process_time()
    for body in (BOMB + b"<urlset>" + url % b"&m;" + b"</urlset>", BOMB + b"<sitemapindex>&m;</sitemapindex>"):
        with contextlib.suppress(NotAListing):
            assert all(len(item.url) < 40 for item in sitemaps.parse(body, BASE).items)
    outline = b'<opml><body><outline xmlUrl="https://daily.example/f" text="&x;T&m;"/></body></opml>'
    for head in (EXTERNAL, BOMB):
        with contextlib.suppress(UsageError):
            assert all(len(name) < 100 and "root" not in name for name, _, _ in opml.read(head + outline))
    assert time.process_time() - started < 1


@pytest.mark.slow
def test_sixty_thousand_items_are_read_in_linear_time_and_the_cut_is_said() -> None:
    body = rss("".join(f"<item><title>T</title><link>https://daily.example/{n}</link></item>" for n in range(60_000)))
    started = time.process_time()
    listing = feeds.parse(body, BASE)
    assert (len(listing.items), listing.cut) == (50_000, True)
    assert time.process_time() - started < 15


URLSET = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="urn:i"><url>'
    b"<image:image><image:loc>https://daily.example/i.jpg</image:loc></image:image>"
    b"<loc>https://daily.example/s-1</loc><news:news><news:publication><news:name>Daily</news:name>"
    b"<news:language>en</news:language></news:publication><news:publication_date>2026-11-22T05:00:00Z"
    b"</news:publication_date><news:title>S</news:title></news:news></url>"
    b"<url><loc>https://daily.example/s-2</loc><lastmod>2026-11-20</lastmod></url></urlset>"
)


def test_sitemaps_news_plain_gzipped_text_index_and_feed() -> None:
    expected = [
        Item("https://daily.example/s-1", "S", "2026-11-22T05:00:00Z", None, "en"),
        Item("https://daily.example/s-2", None, None, "2026-11-20"),
    ]
    assert list(sitemaps.parse(URLSET, BASE).items) == expected
    assert list(sitemaps.parse(gzip.compress(URLSET), BASE).items) == expected
    text = b"https://daily.example/t-1\n\nhttps://daily.example/t-2\n"
    assert [i.url[-3:] for i in sitemaps.parse(text, BASE).items] == ["t-1", "t-2"]
    index = (
        b"<sitemapindex><sitemap><loc>https://daily.example/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        b"<sitemap><loc>https://daily.example/new.xml.gz</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>"
    )
    assert [c.url[-10:] for c in sitemaps.parse(index, BASE).children] == ["new.xml.gz", "le/old.xml"]
    assert sitemaps.parse(rss("<item><link>https://daily.example/f</link></item>"), BASE).kind == "rss"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(bytes(60_000_000)), id="gzip bomb"),
        pytest.param(gzip.compress(URLSET)[:20] + b"xx", id="broken gzip"),
        pytest.param(b"Sorry, this page\nhas moved\nhttps://daily.example/\nelsewhere", id="prose with an address"),
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes) -> None:
    with pytest.raises(NotAListing):
        sitemaps.parse(body, BASE)


def test_home_page_links_that_look_like_articles() -> None:
    page = """<a href="/2026/11/rain-floods-old-town">Rain floods the old town</a><a href="/sport">Sport</a>
    <a href="https://daily.example/2026/11/rain-floods-old-town#comments">3 comments</a>
    <a href="//other.example/2026/11/someone-elses-long-story">else</a><a href="/tag/rain">Rain</a>
    <a href="mailto:x@daily.example">mail</a><a href="/about">About</a><a href="/story-1234567.html">x</a>"""
    found = links.articles(page.encode(), "https://www.daily.example/")
    assert [(i.url, i.title) for i in found.items] == [
        ("https://www.daily.example/2026/11/rain-floods-old-town", "Rain floods the old town"),
        ("https://www.daily.example/story-1234567.html", "x"),
    ]


def test_feeds_a_page_names_with_those_of_comments_last() -> None:
    page = b"""<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" type="application/atom+xml" href="/atom.xml">
    <link rel="alternate" hreflang="de" href="/de">"""
    assert [url for url, _ in links.named(page, "https://daily.example/").feeds] == [
        "https://daily.example/atom.xml",
        "https://daily.example/comments/feed",
    ]


@pytest.mark.parametrize(
    ("page", "target"),
    [
        pytest.param(b'<meta http-equiv="refresh" content="0; url=/new">', "https://daily.example/new", id="at once"),
        pytest.param(b"<META content='1;URL=\"/new\"' HTTP-EQUIV=Refresh>", "https://daily.example/new", id="any case"),
        pytest.param(b'<meta http-equiv=refresh content="300">', None, id="reloads itself"),
        pytest.param(b'<meta http-equiv=refresh content="30; url=/ad">', None, id="later"),
        pytest.param(b'<meta http-equiv=refresh content="0; url=javascript:x">', None, id="no address"),
        pytest.param(
            b'<NOSCRIPT><meta http-equiv=refresh content="0; url=/nojs"></NOSCRIPT><p>', None, id="without scripts"
        ),
        pytest.param(b'<!-- <meta http-equiv=refresh content="0; url=/x"> -->', None, id="in a comment"),
        pytest.param(b"<noscript><!--" * 5000, None, id="unclosed noscript"),
        pytest.param(b"<meta http-equiv=refresh " * 5000, None, id="unclosed"),
        pytest.param(b"<p>text</p>", None, id="none"),
    ],
)
def test_refresh(page: bytes, target: str | None) -> None:
    started = time.process_time()
    assert page_head.refresh(page, "https://daily.example/old") == target
    assert time.process_time() - started < 0.5


def test_reservations_of_headers_and_metas_are_kept_as_they_are_said() -> None:
    page = b'<meta name="robots" content="noarchive"><meta content="noai" name=robots>'
    page += b'<meta name="tdm-policy" content="/p">'
    headers = (("TDM-Reservation", "1"), ("X-Robots-Tag", "noimageai"), ("Content-Type", "text/html"))
    assert page_head.reservations(page, headers) == {
        "tdm-reservation": "1",
        "robots": "noimageai, noarchive, noai",
        "tdm-policy": "/p",
    }
    assert page_head.reservations(b"<p>", ()) == {}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Sun, 22 Nov 2026 06:00:00 GMT", "2026-11-22T06:00:00Z"),
        ("2026-11-22 06:00", "2026-11-22T06:00:00Z"),
        ("2026-11", "2026-11-01T00:00:00Z"),
        ("2026-11-22T06:00:00.123+02:00", "2026-11-22T06:00:00+02:00"),
        ("2026-99-99", None),
        ("0001-01-01", None),
        ("Mon, 99 Foo 2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_feeds(text: str, answer: str | None) -> None:
    assert when(text) == answer


@pytest.mark.parametrize(
    ("page", "feeds", "sitemaps"),
    [
        pytest.param('<base href="/de/"><link rel=alternate type="application/rss+xml" href="rss.xml">', ["/de/rss.xml"], [],
                     id="base"),
        pytest.param('<link REL="Alternate" type="application/atom+xml; charset=utf-8" href="a b.xml">', ["/a%20b.xml"], [],
                     id="capitals, a parameter, a blank"),
        pytest.param('<p><a href="/feed/">RSS</a> <a href="/about">About</a></p>', ["/feed/"], [], id="a link in the body"),
        pytest.param('<a href="/index.php?format=feed&amp;type=rss">Newsfeed</a>', ["/index.php?format=feed&type=rss"], [],
                     id="a link with a query"),
        pytest.param('<a href="/новости.rss">RSS-лента</a>', ["/новости.rss"], [], id="a link in Cyrillic"),
        pytest.param('<a type="application/rss+xml" href="https://feeds.example/daily">all</a>',
                     ["https://feeds.example/daily"], [], id="another host, by its type"),
        pytest.param('<a href="https://other.example/rss.xml">RSS</a>', [], [], id="another site's"),
        pytest.param('<a href="/2026/how-to-read-a-feed">How to read a feed</a>', [], [], id="a story about feeds"),
        pytest.param('<link rel="sitemap" type="application/xml" href="/maps/main.xml">', [], ["/maps/main.xml"],
                     id="a sitemap"),
        pytest.param('<link rel="alternate" hreflang="fr" href="/fr"><link rel="alternate" type="application/json" href="/x">',
                     [], [], id="other alternates"),
    ],
)  # fmt: skip
def test_what_a_page_names(page: str, feeds: list[str], sitemaps: list[str]) -> None:
    found = links.named(page.encode(), "https://daily.example/", "utf-8")
    assert [url.removeprefix("https://daily.example") for url, _ in found.feeds] == feeds
    assert [url.removeprefix("https://daily.example") for url in found.sitemaps] == sitemaps


ENTRY = "<entry><title>T</title>{}<id>tag:daily.example,2026:1</id></entry>"
HTML = '<link rel="alternate" type="text/html" href="/story"/>'


@pytest.mark.parametrize(
    ("entry", "target"),
    [
        pytest.param('<link type="application/json" href="/api/1.json"/>' + HTML, "/story", id="JSON first"),
        pytest.param('<link type="application/pdf" href="/1.pdf"/>' + HTML, "/story", id="PDF first"),
        pytest.param('<link type="application/activity+json" href="/ap/1"/>' + HTML, "/story", id="ActivityPub first"),
        pytest.param('<link type="image/jpeg" href="/1.jpg"/>' + HTML, "/story", id="a picture first"),
        pytest.param('<link type="application/x+json" href="nostr:abc"/>' + HTML, "/story", id="no web address first"),
        pytest.param('<link hreflang="fr" href="/fr"/><link hreflang="en" href="/story"/>', "/story", id="languages"),
        pytest.param('<link hreflang="fr" href="/fr"/><link hreflang="x-default" href="/story"/>', "/story", id="x-default"),
        pytest.param('<link hreflang="en-GB" href="/story"/><link hreflang="de" href="/de"/>', "/story", id="a region"),
        pytest.param('<link hreflang="fr" href="/fr"/><link href="/story"/>', "/story", id="another language and none"),
        pytest.param('<link rel="ALTERNATE" href="/story"/>', "/story", id="capitals"),
        pytest.param('<link rel="http://www.iana.org/assignments/relation/alternate" href="/story"/>', "/story", id="IRI"),
        pytest.param('<link rel="self" href="/story"/>', "/story", id="only self"),
        pytest.param('<link rel="self" type="application/atom+xml" href="/e/1.atom"/>', None, id="self is a feed"),
        pytest.param("<link>https://daily.example/story</link>", "/story", id="as text"),
        pytest.param('<content type="text/html" src="/story"/>', "/story", id="content src"),
        pytest.param('<content type="image/png" src="/a.png"/>', None, id="content src of a picture"),
        pytest.param('<link rel="enclosure" type="audio/mpeg" href="/a.mp3"/>', None, id="an enclosure"),
        pytest.param('<link rel="replies" href="/c"/><link rel="via" href="/story"/>', "/story", id="via"),
        pytest.param('<link rel="self" href="/e/1"/><id>https://daily.example/story</id>', "/story", id="an id before self"),
        pytest.param('<link href="/story?id=1&page=2&copy=3"/>', "/story?id=1&page=2&copy=3", id="bare ampersands"),
        pytest.param('<link href="/story?id=1&amp;amp;page=2"/>', "/story?id=1&page=2", id="escaped twice"),
        pytest.param('<link href="/a story 2026"/>', "/a%20story%202026", id="blanks"),
    ],
)  # fmt: skip
def test_the_link_of_an_atom_entry(entry: str, target: str | None) -> None:
    if "<id>" in entry:
        entry, _, identifier = entry.partition("<id>")
        entry = ENTRY.format(entry).replace("tag:daily.example,2026:1", identifier.removesuffix("</id>"))
    else:
        entry = ENTRY.format(entry)
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>G</title>{entry}</feed>'
    found = feeds.parse(feed.encode(), BASE)
    assert [item.url.removeprefix("https://daily.example") for item in found.items] == ([target] if target else [])
    assert found.unlinked == (0 if target else 1)


ATOM_IN_RSS = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="alternate" type="{}" href="{}"/>'


@pytest.mark.parametrize(
    ("item", "target"),
    [
        pytest.param(ATOM_IN_RSS.format("application/json", "/api/1.json") + "<link>/story</link>", "/story", id="atom first"),
        pytest.param(ATOM_IN_RSS.format("text/html", "/story"), "/story", id="atom alone"),
        pytest.param('<guid isPermaLink="false">https://daily.example/story</guid>', "/story", id="a guid that says no"),
        pytest.param('<guid isPermaLink="false">https://x.example/1</guid><link>/story</link>', "/story", id="link and guid"),
        pytest.param('<link>https://daily.example/</link><guid>https://daily.example/story</guid>', "/story", id="a link to the site"),
        pytest.param('<link>https://daily.example/</link><link>/story</link>', "/story", id="the site's link first"),
        pytest.param('<link>https://daily.example/</link><guid>17</guid>', "/", id="a link to the site alone"),
        pytest.param("<guid>4711</guid>", None, id="a number"),
        pytest.param("<link>story-2026</link>", "/story-2026", id="relative to the channel, without a slash"),
        pytest.param("<link><![CDATA[https://daily.example/story?a=1&amp;b=2]]></link>", "/story?a=1&b=2", id="CDATA"),
        pytest.param("<link><![CDATA[https://daily.example/story?a=1&#038;b=2]]></link>", "/story?a=1&b=2", id="&#038;"),
        pytest.param("<link>\n  https://daily.example/story\n </link>", "/story", id="blanks around"),
        pytest.param("<link>none</link><guid>https://daily.example/story</guid>", "/story", id="a word for nothing"),
        pytest.param("<LINK>https://daily.example/story</LINK>", "/story", id="capitals"),
    ],
)  # fmt: skip
def test_the_link_of_an_rss_item(item: str, target: str | None) -> None:
    found = feeds.parse(
        rss(f"<item>{item}</item>", "<link>https://daily.example/</link>"), "https://daily.example/feeds/main/rss.xml"
    )
    assert [entry.url.removeprefix("https://daily.example") for entry in found.items] == ([target] if target else [])


def test_an_rdf_item_may_say_its_address_as_what_it_is_about() -> None:
    feed = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel><title>G</title></channel><item rdf:about="https://daily.example/story"><title>T</title></item></rdf:RDF>'
    )
    assert [item.url for item in feeds.parse(feed, BASE).items] == ["https://daily.example/story"]
