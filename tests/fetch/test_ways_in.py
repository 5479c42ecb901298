"""Whole runs against real servers that send what servers send: redirects, types, charsets, sitemaps that lag."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.fetch.state import State
from pipeline.model import Page as Page_
from pipeline.pages import batches
from pipeline.pages import pages as read_pages
from pipeline.project import open_project

from .projects import FAST, captures, fetch, project, rss, story
from .servers import Reply, Site, serve

STORY = "/news/mill-story-2026"
XML = (("Content-Type", "text/xml"),)


def moved(location: str | bytes, status: int = 301, *more: tuple[str, str]) -> Reply:
    """A redirect; bytes go out as they are."""
    sent = location.decode("latin-1") if isinstance(location, bytes) else location
    return Reply(b"", status, (("Location", sent), *more))


def urlset(*entries: str | tuple[str, str]) -> bytes:
    rows = []
    for entry in entries:
        loc, lastmod = (entry, "") if isinstance(entry, str) else entry
        rows.append(f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>")
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'.encode()


def index(loc: str, lastmod: str) -> bytes:
    return f"<sitemapindex><sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap></sitemapindex>".encode()


def fetched(site: Site, opened) -> list[str]:
    return sorted(capture.url.removeprefix(site.url) for capture in captures(opened))


# --- redirects and addresses


@pytest.mark.parametrize(
    ("location", "target"),
    [
        pytest.param("/news/mill story 2026", "/news/mill%20story%202026", id="a blank"),
        pytest.param(" /news/two  blanks ", "/news/two%20%20blanks", id="blanks inside and around"),
        pytest.param("/новости/мельница-2026".encode(), quote("/новости/мельница-2026"), id="UTF-8"),
        pytest.param("/нужен/вход-2026".encode(), quote("/нужен/вход-2026"), id="UTF-8 with a C1 byte in it"),
        pytest.param("/新闻/磨坊的故事".encode(), quote("/新闻/磨坊的故事"), id="UTF-8, Chinese"),
        pytest.param(b"/nouvelles/\xe9cole-2026", "/nouvelles/%E9cole-2026", id="Latin-1"),
        pytest.param("/a%20b-story-2026?q=x|y", "/a%20b-story-2026?q=x%7Cy", id="escaped already, a bar in the query"),
        pytest.param("\\news\\windows-story-2026", "/news/windows-story-2026", id="backslashes"),
        pytest.param("?id=7&page=2", "/news/mill-story-2026?id=7&page=2", id="a query alone"),
        pytest.param("other-story-2026", "/news/other-story-2026", id="relative without a slash"),
    ],
)  # fmt: skip
def test_a_redirect_leads_where_a_browser_goes(tmp_path: Path, location: str | bytes, target: str) -> None:
    with serve({STORY: moved(location), target: story(1)}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        assert fetch(opened).pages == 1, site.paths()
        assert target in site.paths()


def test_a_feed_behind_a_redirect_in_raw_utf8(tmp_path: Path) -> None:
    with serve({"/feed": moved("/лента.xml".encode()), STORY: story(1)}) as site:
        site.pages[quote("/лента.xml")] = rss(site.url + STORY)
        assert fetch(project(tmp_path, f'feed = "{site.url}/feed"')).pages == 1


@pytest.mark.parametrize(
    "link",
    ["/новости/мельница 2026", "/news/mill%20story", "/story?id=1&amp;page=2&amp;q=a b", "/news/ä%C3%B6-story"],
)
def test_addresses_of_feeds_are_asked_as_a_browser_asks(tmp_path: Path, link: str) -> None:
    path = quote(link.replace("&amp;", "&"), safe="/?=&%")
    with serve({path: story(1)}) as site:
        site.pages["/feed"] = rss(link).replace(b"<title>F</title>", f"<link>{site.url}/</link>".encode())
        assert fetch(project(tmp_path, f'feed = "{site.url}/feed"')).pages == 1, site.paths()


def test_a_wall_for_cookies_is_passed_with_the_cookies_it_sets(tmp_path: Path) -> None:
    def wall(handler) -> Reply:
        cookie = handler.headers.get("Cookie", "")
        if "seen=1" in cookie and "lang=en" in cookie:
            return Reply(story(1).encode())
        if "seen=1" in cookie:
            return moved(STORY, 302, ("Set-Cookie", "lang=en; Path=/; HttpOnly"))
        return moved("/check", 302)

    check = moved(STORY, 302, ("Set-Cookie", "seen=1; Max-Age=60"))
    with serve({STORY: wall, "/check": check}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        assert fetch(opened).pages == 1
        assert [c.url for c in captures(opened)] == [site.url + STORY]


def test_a_wall_that_nothing_passes_is_called_a_circle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve({"/feed": moved("/consent", 302), "/consent": moved("/feed", 302, ("Set-Cookie", "a=1"))}) as site:
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
    assert "redirects in a circle" in report.faults["s1"]


@pytest.mark.parametrize(
    "dead",
    [
        pytest.param(Reply(b"", 404), id="404"),
        pytest.param(Reply(b"", 410), id="410"),
        pytest.param(Reply(b"<html>buy this domain</html>"), id="a page instead"),
        pytest.param(moved("/parked", 302), id="leads to a page"),
        pytest.param(Reply(b"", 500), id="500"),
    ],
)
def test_a_feed_that_moved_is_asked_at_its_old_address_when_the_new_one_dies(tmp_path: Path, dead: Reply) -> None:
    with serve({"/feed": moved("/new"), STORY: story(1), "/parked": "<html>buy</html>"}) as site:
        site.pages["/new"] = rss(site.url + STORY)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        assert fetch(opened).pages == 1
        site.pages |= {"/new": dead, "/feed": rss(site.url + "/news/new-story-2026"), "/news/new-story-2026": story(2)}
        report = fetch(opened)
        assert (report.pages, report.faults) == (1, {})


# --- answers


@pytest.mark.parametrize(
    ("reply", "pages"),
    [
        pytest.param(Reply(story(1).encode(), 203), 1, id="203"),
        pytest.param(Reply(story(1).encode(), headers=(("Content-Type", "html"),)), 1, id="html"),
        pytest.param(Reply(story(1).encode(), headers=(("Content-Type", "unknown/unknown"),)), 1, id="unknown"),
        pytest.param(Reply(story(1).encode(), headers=(("Content-Type", "application/force-download"),)), 1, id="odd"),
        pytest.param(Reply(story(1).encode(), headers=(("Content-Type", "httpd/unix-directory"),)), 1, id="directory"),
        pytest.param(Reply(story(1).encode(), headers=(("Content-Type", "application/json"),)), 1, id="HTML as JSON"),
        pytest.param(Reply(story(1).encode(), headers=()), 1, id="no type"),
        pytest.param(Reply(b'{"a": [1, 2]}', headers=(("Content-Type", "unknown"),)), 0, id="JSON as unknown"),
        pytest.param(Reply(b"a,b\n1,2\n", headers=(("Content-Type", "text/csv"),)), 0, id="CSV"),
        pytest.param(Reply(b"var a = 1;", headers=(("Content-Type", "text/javascript"),)), 0, id="JavaScript"),
        pytest.param(Reply(b"%PDF-1.7 x", headers=(("Content-Type", "x"),)), 0, id="PDF as x"),
    ],
)  # fmt: skip
def test_what_is_a_page(tmp_path: Path, reply: Reply, pages: int) -> None:
    with serve({STORY: reply}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
    assert report.pages == pages
    assert any(outcome.startswith("not a page") for outcome in report.outcomes) == (not pages)


# --- robots.txt


@pytest.mark.parametrize(
    ("robots", "forbidden"),
    [
        pytest.param(b"User-agent: *\nDisallow: /news\n" + b"# padding\n" * 200_000, True, id="2 MB"),
        pytest.param(b"User-agent: *\nDisallow: /news\n" + b"Disallow: /x\n" * 60_000, True, id="780 KB of rules"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /news\n".encode("utf-16-le"), True, id="UTF-16 little-endian"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /news\n".encode("utf-16-be"), True, id="UTF-16 big-endian"),
        pytest.param("User-agent: *\nDisallow: /news\n".encode("utf-16-le"), True, id="UTF-16 without a mark"),
        pytest.param("\ufeffUser-agent: *\nDisallow: /news\n".encode(), True, id="UTF-8 with a mark"),
        pytest.param("# für alle\nUser-agent: *\nDisallow: /news\n".encode("latin-1"), True, id="Latin-1"),
        pytest.param(b"# padding\n" * 60_000 + b"User-agent: *\nDisallow: /news\n", False, id="rules after 500 KiB"),
    ],
)
def test_robots_txt_of_any_size_and_charset(tmp_path: Path, robots: bytes, forbidden: bool) -> None:
    page = Reply(robots, headers=(("Content-Type", "text/plain"),))
    with serve({"/robots.txt": page, STORY: story(1)}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
    assert report.outcomes["forbidden by robots.txt"] == int(forbidden)


@pytest.mark.parametrize(
    "line", ["/sitemap.xml", "sitemap.xml", "./sitemap.xml", "{url}/sitemap.xml", "//{host}/sitemap.xml"]
)
def test_sitemaps_that_robots_txt_names_in_any_form(tmp_path: Path, line: str) -> None:
    with serve({STORY: story(1)}) as site:
        line = line.format(url=site.url, host=site.url.removeprefix("http://"))
        site.pages["/robots.txt"] = f"User-agent: *\nDisallow: /admin\nSitemap: {line}\n"
        site.pages["/sitemap.xml"] = urlset(STORY)
        assert fetch(project(tmp_path, f'sitemap = "{site.url}/robots.txt"')).pages == 1


def test_a_crawl_delay_longer_than_the_run_is_not_waited_for(tmp_path: Path) -> None:
    """The host is asked once in that time, over runs too, and the run ends at once."""
    with serve({"/robots.txt": b"User-agent: *\nCrawl-delay: 100000", STORY: story(1)}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        report = fetch(opened)
        assert report.seconds < 20 and site.paths() == ["/robots.txt", "/feed"] and report.waiting == 1
        site.log.clear()
        assert fetch(opened).seconds < 20 and site.log == []


# --- sitemaps


NOW = dt.datetime.now(dt.UTC)


def day(hours: float = 0) -> str:
    return (NOW + dt.timedelta(hours=hours)).strftime("%Y-%m-%d")


def time_(seconds: float, suffix: str = "Z") -> str:
    return (NOW + dt.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S") + suffix


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        pytest.param(day(), day(), True, id="today's date, twice"),
        pytest.param(day(-24), day(), True, id="yesterday's date, then today's"),
        pytest.param(day(-48), day(-48), False, id="a date long over, twice"),
        pytest.param(day()[:7], day()[:7], True, id="this month, twice"),
        pytest.param("2024-02", "2024-02", False, id="a month long over, twice"),
        pytest.param(time_(-7200), time_(-30), True, id="a time before the poll, changed"),
        pytest.param(time_(-7200), time_(-7200), False, id="the same time, long over"),
        pytest.param(time_(-18_000, ""), time_(-17_940, ""), True, id="local time that says nothing of its zone"),
        pytest.param(time_(-18_000, ""), time_(-18_000, ""), True, id="a time without a zone may be now elsewhere"),
        pytest.param(time_(-7200), time_(-9000), True, id="a clock put back"),
        pytest.param(time_(900), time_(900), True, id="a clock that runs ahead"),
        pytest.param("", "", True, id="none"),
        pytest.param("soon", "soon", True, id="no date"),
    ],
)
def test_a_child_of_an_index_is_read_again_unless_nothing_can_have_changed(
    tmp_path: Path, first: str, second: str, read: bool
) -> None:
    with serve({STORY: story(1), "/news/second-story-2026": story(2)}) as site:
        site.pages |= {"/index.xml": index("/today.xml", first), "/today.xml": urlset(STORY)}
        opened = project(tmp_path, f'sitemap = "{site.url}/index.xml"')
        assert fetch(opened).pages == 1
        site.pages |= {
            "/index.xml": index("/today.xml", second),
            "/today.xml": urlset(STORY, "/news/second-story-2026"),
        }
        assert fetch(opened).pages == int(read)


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        pytest.param(day(), day(), True, id="today's date, twice"),
        pytest.param(day(-72), day(-72), False, id="a date that was over"),
        pytest.param(time_(-7200), time_(-60), True, id="a time before the fetch, changed"),
        pytest.param(time_(-7200), time_(-7200), False, id="the same time"),
        pytest.param(time_(-60), time_(-7200), False, id="an earlier time"),
        pytest.param(day(-24), day(), True, id="yesterday, then today"),
        pytest.param("", "", False, id="nothing said"),
    ],
)
def test_a_page_is_asked_for_again_unless_nothing_can_have_changed(
    tmp_path: Path, first: str, second: str, asked: bool
) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/sitemap.xml"] = urlset((STORY, first))
        opened = project(tmp_path, f'sitemap = "{site.url}/sitemap.xml"')
        assert fetch(opened).pages == 1
        site.pages |= {"/sitemap.xml": urlset((STORY, second)), STORY: story("one, corrected")}
        assert fetch(opened).pages == int(asked)


def test_an_index_that_names_itself_and_its_children_twice_ends(tmp_path: Path) -> None:
    row = "<sitemap><loc>/{}.xml</loc></sitemap>"
    with serve({STORY: story(1), "/a.xml": urlset(STORY)}) as site:
        site.pages["/index.xml"] = f"<sitemapindex>{''.join(row.format(n) for n in ('index', 'a', 'a'))}</sitemapindex>"
        assert fetch(project(tmp_path, f'sitemap = "{site.url}/index.xml"')).pages == 1
        assert site.paths().count("/index.xml") == 1 and site.paths().count("/a.xml") == 1


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda url: urlset(url + "/sm/1.xml"), id="a sitemap among the pages"),
        pytest.param(lambda url: f"<urlset><sitemap><loc>{url}/sm/1.xml</loc></sitemap></urlset>".encode(), id="mixed"),
        pytest.param(lambda url: f"<sitemapindex><url><loc>{url}{STORY}</loc></url></sitemapindex>".encode(),
                     id="a page in an index"),
        pytest.param(lambda url: f"{url}/sm/1.xml\n".encode(), id="a text that lists a sitemap"),
        pytest.param(lambda url: b"\n\n<br/>Warning: x in y\n" + urlset(url + STORY), id="a warning in front"),
        pytest.param(lambda url: gzip.compress(urlset(url + STORY)[:150]) + gzip.compress(urlset(url + STORY)[150:]),
                     id="gzip in two members"),
        pytest.param(lambda url: gzip.compress(gzip.compress(urlset(url + STORY))), id="gzip twice"),
        pytest.param(lambda url: urlset("news/mill-story-2026"), id="relative without a slash"),
        pytest.param(lambda url: b"/news/mill-story-2026\r\n", id="a text of relative addresses"),
        pytest.param(lambda url: urlset(url + STORY).replace(b"<urlset", b'<?xml version="1.0"?>\n<urlset') * 2,
                     id="two documents"),
        pytest.param(lambda url: ("\ufeff" + urlset(url + STORY).decode()).encode("utf-16"), id="UTF-16"),
    ],
)  # fmt: skip
def test_sitemaps_in_any_form(tmp_path: Path, build: Callable[[str], bytes]) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/sm/1.xml"] = urlset(site.url + STORY)
        site.pages["/sitemap.xml"] = Reply(build(site.url), headers=XML)
        opened = project(tmp_path, f'sitemap = "{site.url}/sitemap.xml"')
        assert fetch(opened).pages == 1, site.paths()


@pytest.mark.parametrize(
    "form",
    [
        "2024-11-20 08:00:00 UTC",
        "11/20/2024",
        "11/20/2024 8:00 PM",
        "20 Nov 2024",
        "2024-11-20T08:00:00 +0200",
        "20.11.2024",
        "20241120",
        "1732089600",
    ],
)
def test_old_pages_of_a_sitemap_are_left_alone_whatever_form_its_dates_have(tmp_path: Path, form: str) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/sitemap.xml"] = urlset((STORY, form))
        report = fetch(project(tmp_path, f'sitemap = "{site.url}/sitemap.xml"\nmax_age_days = 30'))
        assert report.pages == 0 and STORY not in site.paths()


# --- feeds


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda feed: gzip.compress(feed), id="a gzip file"),
        pytest.param(lambda feed: gzip.compress(gzip.compress(feed)), id="gzip twice"),
        pytest.param(lambda feed: b"<br />\n<b>Warning</b>: x in <b>/srv/wp.php</b> on line <b>12</b><br />\n" + feed,
                     id="a PHP warning"),
        pytest.param(lambda feed: "\u200b".encode() + feed, id="a zero-width space"),
        pytest.param(lambda feed: "\u00a0\ufeff\ufeff".encode() + feed, id="a blank and two marks"),
        pytest.param(lambda feed: feed.replace(b'"1.0"', b'"1.0" encoding="utf-16"'), id="says UTF-16, is UTF-8"),
        pytest.param(lambda feed: feed.decode().replace('"1.0"', '"1.0" encoding="utf-8"').encode("utf-16"),
                     id="says UTF-8, is UTF-16"),
        pytest.param(lambda feed: feed.replace(b'"1.0"', b'"1.0" encoding="x-unknown"'), id="an unknown charset"),
        pytest.param(lambda feed: feed + feed, id="two documents"),
        pytest.param(lambda feed: feed[: -len(b"</channel></rss>")], id="cut short"),
        pytest.param(lambda feed: feed.replace(b'"1.0"', b'"1.0" encoding="unicode"'), id="says unicode, is UTF-8"),
        pytest.param(lambda feed: feed.replace(b"<rss", b"<br />\n<b>Notice</b>: undefined x in <b>/f.php</b><rss"),
                     id="a PHP notice behind the declaration"),
        pytest.param(lambda feed: b"<!DOCTYPE html>\n" + feed, id="a doctype of HTML"),
        pytest.param(lambda feed: feed.replace(b"<title>T", b"<title>&#xD83D;&#xDE00; &#55357;"),
                     id="halves of characters"),
    ],
)  # fmt: skip
def test_feeds_in_any_wrapping(tmp_path: Path, wrap: Callable[[bytes], bytes]) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/feed"] = Reply(wrap(rss(site.url + STORY)), headers=XML)
        assert fetch(project(tmp_path, f'feed = "{site.url}/feed"')).pages == 1


def test_a_json_feed_as_a_gzip_file(tmp_path: Path) -> None:
    with serve({STORY: story(1)}) as site:
        feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": STORY}]})
        site.pages["/feed.json.gz"] = Reply(
            gzip.compress(feed.encode()), headers=(("Content-Type", "application/gzip"),)
        )
        assert fetch(project(tmp_path, f'feed = "{site.url}/feed.json.gz"')).pages == 1


def test_items_without_a_page_are_counted(tmp_path: Path) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/feed"] = rss(site.url + STORY, "", "nostr:abc")
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
    assert (report.pages, report.outcomes["items without a page"]) == (1, 2)


# --- silence


def test_a_first_poll_is_no_rate_and_an_alarm_is_given_once(tmp_path: Path) -> None:
    with serve({"*": story(1), "/robots.txt": ""}) as site:
        site.pages["/feed"] = rss(*[f"{site.url}/2026/old-story-number-{n}" for n in range(50)])
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
        today = dt.datetime.now(dt.UTC).date()
        with sqlite3.connect(opened.state / "fetch.sqlite3") as db:
            assert db.execute("SELECT sum(items) FROM day").fetchone() == (0,)
            for n in range(1, 30):
                db.execute("INSERT INTO day VALUES ('s1', ?, 1, ?)", (str(today - dt.timedelta(n)), 0 if n < 5 else 12))
        site.pages["/feed"] = rss()
        alarms = [fetch(opened) for _ in range(3)]
        assert [len(report.alarms) for report in alarms] == [1, 0, 0]
        assert [report.sound for report in alarms] == [False, False, False]
        site.pages["/feed"] = rss(f"{site.url}/2026/new-story-number-1")
        assert fetch(opened).sound
        state = State(opened.state)
        state.db.execute("UPDATE day SET items = 0 WHERE day = ?", (str(today),))
        state.close()
        assert len(fetch(opened).alarms) == 1


def test_state_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    with serve({STORY: story(1)}) as site:
        site.pages["/feed"] = rss(site.url + STORY)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
        with sqlite3.connect(opened.state / "fetch.sqlite3") as db:
            for table, column in (("queue", "entry"), ("resource", "lastmod"), ("source", "told")):
                db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            db.execute("PRAGMA user_version = 1")
        report = fetch(opened)
        assert (report.pages, report.warnings, report.faults) == (0, [], {})


def test_an_address_of_ipv6(tmp_path: Path) -> None:
    try:
        with serve({STORY: story(1)}, host="::1") as site:
            site.pages["/feed"] = rss(site.url + STORY)
            assert fetch(project(tmp_path, f'feed = "{site.url}/feed"')).pages == 1
            assert "/robots.txt" in site.paths()
    except OSError:
        pytest.skip("no IPv6 here")


@pytest.mark.parametrize(
    ("internal", "pages"),
    [
        pytest.param("true", 1, id="its own host alone"),
        pytest.param('["127.0.0.2"]', 3, id="another host by name"),
        pytest.param('["127.0.0.0/30"]', 3, id="a range"),
        pytest.param('["10.0.0.0/8", "intranet.example"]', 1, id="others"),
    ],
)
def test_an_internal_source_reaches_its_own_hosts_and_ranges(tmp_path: Path, internal: str, pages: int) -> None:
    """Links and redirects to other private addresses are refused, as for every source."""
    with (
        serve({"*": story(1), "/robots.txt": ""}) as own,
        serve({"*": story(2), "/robots.txt": ""}, host="127.0.0.2") as other,
    ):
        own.pages["/moved-story-2026"] = moved(other.url + "/moved-story-2026")
        own.pages["/feed"] = rss(own.url + STORY, other.url + "/linked-story-2026", own.url + "/moved-story-2026")
        opened = project(tmp_path, f'feed = "{own.url}/feed"')
        path = tmp_path / "config.toml"
        path.write_text(path.read_text().replace("internal = true", f"internal = {internal}"))
        report = fetch(open_project(tmp_path))
        assert report.pages == pages and bool(other.log) == (pages == 3)
        assert opened.root == tmp_path


@pytest.mark.parametrize(
    ("rules", "reply", "respect", "pages", "headers"),
    [
        pytest.param([{"location": "/news/*", "tdm-reservation": 1, "tdm-policy": "/terms"}], story(1), False, 1,
                     [("newsmill-tdm-reservation", "1"), ("newsmill-tdm-policy", "/terms")], id="kept with the page"),
        pytest.param([{"location": "/news/*", "tdm-reservation": 1}], story(1), True, 0, [], id="reserved by the site"),
        pytest.param([{"location": "/news/m", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}], story(1), True,
                     1, [("newsmill-tdm-reservation", "0")], id="the first rule that matches"),
        pytest.param([{"location": "/sport/*", "tdm-reservation": 1}], story(1), True, 1, [], id="another part of the site"),
        pytest.param([], Reply(story(1).encode(), headers=(("tdm-reservation", "1"),)), True, 0, [], id="by a header"),
        pytest.param([], '<meta name="tdm-reservation" content="1">' + story(1), True, 0, [], id="by a meta"),
        pytest.param([], Reply(story(1).encode(), headers=(("tdm-reservation", "0"),)), True, 1, [], id="a header that frees"),
        pytest.param("<html>", story(1), True, 1, [], id="no JSON"),
        pytest.param({"location": 1}, story(1), True, 1, [], id="JSON of another kind"),
    ],
)  # fmt: skip
def test_reservations_of_text_and_data_mining(tmp_path: Path, rules, reply, respect: bool, pages: int, headers) -> None:
    with serve({STORY: reply}) as site:
        site.pages["/.well-known/tdmrep.json"] = rules if isinstance(rules, str) else json.dumps(rules)
        site.pages["/feed"] = rss(site.url + STORY)
        settings = FAST + f"respect_tdm = {str(respect).lower()}\n"
        opened = project(tmp_path, f'feed = "{site.url}/feed"', fetch=settings)
        report = fetch(opened)
        assert report.pages == pages and report.outcomes["reserved (TDM)"] == 1 - pages
        if pages:
            (batch,) = batches(opened.raw)
            (page,) = read_pages(batch, opened.root, 10**6)
            assert isinstance(page, Page_) and [h for h in page.headers if h[0].startswith("newsmill")] == headers
        assert fetch(opened).requests == 1  # tdmrep.json is remembered, and the page is settled
