"""Whole runs against real servers: nothing lost, nothing twice, and manners kept."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from pipeline import store
from pipeline.errors import Locked, UsageError
from pipeline.fetch import run as fetching
from pipeline.fetch import state
from pipeline.formats import warc_writer

from .projects import FAST, QUIET, captures, fetch, project, rss, story
from .servers import Reply, Site, serve


def etag(body: bytes, tag: str = '"1"'):
    """A page that knows conditional requests."""

    def page(handler):
        if handler.headers.get("If-None-Match") == tag:
            return Reply(b"", 304, (("ETag", tag),))
        return Reply(body, headers=(("ETag", tag), ("Content-Type", "text/html")))

    return page


def outlet(site: Site, count: int, start: int = 0) -> list[str]:
    """A feed of `count` stories with pages behind them. Returns their paths."""
    paths = [f"/2026/11/story-number-{n}-of-many" for n in range(start, start + count)]
    for n, path in enumerate(paths, start):
        site.pages[path] = etag(story(n).encode())
    site.pages["/feed"] = etag(rss(*[site.url + p for p in paths]), f'"{start}-{count}"')
    return paths


def pages_asked(site: Site) -> list[str]:
    return sorted(p for p in site.paths() if p.startswith("/2026"))


def test_a_run_fetches_what_a_feed_lists_and_the_next_one_asks_conditionally(tmp_path: Path) -> None:
    with serve() as site:
        paths = outlet(site, 12)
        opened = project(tmp_path, f'feed = "{site.url}/feed"\ncountry = "AT"\nlanguage = "de"')
        report = fetch(opened)
        assert report.pages == 12 and report.path is not None and report.waiting == 0
        assert pages_asked(site) == sorted(paths)
        assert [p.name for p in opened.raw.iterdir()] == [report.path.name]
        first = captures(opened)[0]
        assert (first.source, first.country, first.language, first.etag) == ("s1", "AT", "de", '"1"')
        assert first.via == site.url + "/feed"

        site.log.clear()
        again = fetch(opened)
        assert again.path is None and again.pages == 0
        assert [(p, h.get("if-none-match")) for p, h in site.log] == [("/feed", '"0-12"')]
        assert len(list(opened.raw.iterdir())) == 1

        outlet(site, 14)
        site.log.clear()
        assert fetch(opened).pages == 2
        assert pages_asked(site) == ["/2026/11/story-number-12-of-many", "/2026/11/story-number-13-of-many"]


def test_the_file_is_a_warc_that_others_read(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 3)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        path = fetch(opened).path
    assert path is not None
    with path.open("rb") as file:
        records = [
            (r.headers.get("WARC-Type"), r.headers.get("WARC-Target-URI"), r.verify_block_digest(), r.reader.read())
            for r in ArchiveIterator(file, parse_http=True)
        ]
    assert [kind for kind, *_ in records] == ["warcinfo"] + ["request", "response", "metadata"] * 3
    body = records[2][3]
    assert body.startswith(b"<html>") and b"Number" in body
    archive = pytest.importorskip("warcio.archiveiterator")

    with path.open("rb") as file:
        names = [r.rec_type for r in archive.ArchiveIterator(file)]
    assert len(names) == 10


@pytest.mark.slow
def test_killed_runs_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """kill -9 at random moments, with all that is asked on the way; what counts is what lies in raw/ at the end."""
    with serve() as a, serve() as b, serve() as c:
        want = set()
        for site in (a, b, c):
            want |= {site.url + path for path in outlet(site, 60)}
        opened = project(tmp_path, *[f'feed = "{site.url}/feed"' for site in (a, b, c)])
        code = "import sys; from pathlib import Path; from pipeline.project import open_project; "
        code += "from pipeline.fetch.run import run; from pipeline.console import Console; "
        code += "run(open_project(Path(sys.argv[1])), Console(quiet=True))"
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        chance = random.Random(7)
        for _ in range(10):
            process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment)
            until = sum(len(site.log) for site in (a, b, c)) + chance.randint(3, 40)
            while sum(len(site.log) for site in (a, b, c)) < until and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait()
        fetch(opened)
        got = [capture.url for capture in captures(opened)]
        assert sorted(got) == sorted(want)
        assert not list(opened.raw.glob(".*"))
        assert fetch(opened).pages == 0


def test_a_stopped_run_publishes_what_it_has(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 200)
        slow = site.pages["/2026/11/story-number-20-of-many"]
        opened = project(tmp_path, f'feed = "{site.url}/feed"\ndelay = 0.02')
        code = (
            "import sys; sys.argv[1:] = ['fetch', '-C', sys.argv[1], '--quiet']; from pipeline.cli import main; main()"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment, stderr=subprocess.PIPE)
        while len(pages_asked(site)) < 20 and process.poll() is None:
            time.sleep(0.02)
        process.terminate()
        _, said = process.communicate(timeout=20)
        assert process.returncode == 143, said
        assert slow is not None and b"stopped" in said
        have = len(captures(opened))
        assert 10 <= have < 200
        fetch(opened)
        assert len({c.key for c in captures(opened)}) == len(captures(opened)) == 200


def test_state_lost_or_damaged_is_known_again_from_raw(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 8)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
        for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"SQLite format 3\0" + b"x" * 9000)):
            for tail in ("-wal", "-shm"):
                Path(f"{opened.state}/fetch.sqlite3{tail}").unlink(missing_ok=True)
            damage(opened.state / "fetch.sqlite3")
            site.log.clear()
            report = fetch(opened)
            assert (report.pages, pages_asked(site)) == (0, [])
    assert any("damaged" in warning for warning in report.warnings)


def test_a_torn_leftover_is_cut_after_its_last_whole_page(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 6)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        path = fetch(opened).path
        assert path is not None
        whole = path.read_bytes()
        for size in (len(whole) - 10, len(whole) // 2, 40, 0):
            for old in opened.raw.iterdir():
                old.unlink()
            for old in opened.state.glob("fetch.sqlite3*"):
                old.unlink()
            (opened.raw / ".2026-01-01T00-00-00Z.warc.gz.fetch.tmp").write_bytes(whole[:size])
            report = fetch(opened)
            assert sorted(c.key for c in captures(opened)) == sorted({c.key for c in captures(opened)})
            assert len(captures(opened)) == 6
            assert bool(report.salvaged) == (size > 5000 // 10 and size > 40)


def test_a_full_disk_is_said_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 30)
        noise = random.Random(1)
        for path in [p for p in site.pages if p.startswith("/2026")]:
            site.pages[path] = etag(noise.randbytes(20_000).hex().encode())
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); "
        code += "sys.argv[1:] = ['fetch', '-C', sys.argv[1]]; from pipeline.cli import main; main()"
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], env=environment, capture_output=True, text=True
        )
        assert run.returncode == 1 and "cannot be written" in run.stderr and "Traceback" not in run.stderr
        assert 0 < len(captures(opened)) < 30
        fetch(opened)
        assert len({c.key for c in captures(opened)}) == len(captures(opened)) == 30


def test_a_dry_run_asks_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.views import fetch as view

    with serve() as site:
        outlet(site, 3)
        opened = project(tmp_path, f'feed = "{site.url}/feed"\nmax_per_run = 1\nevery = "1h"')
        view.foresee(opened, ())
        assert site.log == [] and f"{site.url}/feed" in capsys.readouterr().out
        fetch(opened)
        view.foresee(opened, ("s1",))
        assert capsys.readouterr().out.split("\t")[1:] == ["2 pages waiting", "not due yet\n"]


def test_two_runs_at_once(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 3)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        with store.hold(opened.state / "locks", exclusive=(store.RAW,)), pytest.raises(Locked):
            fetch(opened)
        assert site.log == []


# --- manners


def test_robots_txt_forbids_and_a_crawl_delay_is_kept_on_one_connection(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 4)
        site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /2026/11/story-number-2\nCrawl-delay: 0.3"
        running, most, times = [0], [0], []
        lock = threading.Lock()

        def slow(inner):
            def page(handler):
                with lock:
                    running[0] += 1
                    most[0] = max(most[0], running[0])
                    times.append(time.monotonic())
                time.sleep(0.05)
                with lock:
                    running[0] -= 1
                return inner(handler)

            return page

        for path in list(site.pages):
            if path.startswith("/2026"):
                site.pages[path] = slow(site.pages[path])
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
        assert report.outcomes["forbidden by robots.txt"] == 1 and report.pages == 3
        assert most == [1]
        assert all(b - a >= 0.3 for a, b in itertools.pairwise(times))


@pytest.mark.parametrize(("status", "pages"), [(404, 3), (403, 3), (500, 0), (503, 0)])
def test_a_robots_txt_in_trouble(tmp_path: Path, status: int, pages: int) -> None:
    with serve() as site:
        outlet(site, 3)
        site.pages["/robots.txt"] = Reply(b"", status)
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
        assert report.pages == pages
        assert bool(report.faults) == (pages == 0)


def test_robots_txt_is_followed_through_redirects(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 3)
        site.pages["/robots.txt"] = Reply(b"", 301, (("Location", "/real-robots"),))
        site.pages["/real-robots"] = b"User-agent: newsmill\nDisallow: /2026"
        report = fetch(project(tmp_path, f'feed = "{site.url}/feed"'))
        assert (report.pages, report.outcomes["forbidden by robots.txt"]) == (0, 3)


def test_a_busy_host_is_waited_for_when_it_says_how_long(tmp_path: Path) -> None:
    with serve() as site:
        paths = outlet(site, 3)
        inner, first = site.pages[paths[1]], []

        def busy(handler):
            if not first:
                first.append(time.monotonic())
                return Reply(b"", 429, (("Retry-After", "1"),))
            assert time.monotonic() - first[0] >= 1
            return inner(handler)

        site.pages[paths[1]] = busy
        assert fetch(project(tmp_path, f'feed = "{site.url}/feed"')).pages == 3


@pytest.mark.parametrize("value", ["3600", formatdate(time.time() + 3600, usegmt=True)], ids=["seconds", "date"])
def test_a_long_retry_after_is_for_a_later_run(tmp_path: Path, value: str) -> None:
    with serve() as site:
        paths = outlet(site, 5)
        site.pages[paths[0]] = Reply(b"", 503, (("Retry-After", value),))
        for path in paths[1:]:
            site.pages[path] = Reply(b"", 503, (("Retry-After", value),))
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        report = fetch(opened)
        assert len(pages_asked(site)) == 1 and report.waiting == 5
        site.log.clear()
        fetch(opened)
        assert site.log == []


def test_moved_gone_and_broken_feeds(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 2)
        site.pages["/old"] = Reply(b"", 301, (("Location", "/older"),))
        site.pages["/older"] = Reply(b"", 308, (("Location", "/feed"),))
        site.pages["/gone"] = Reply(b"", 410)
        site.pages["/broken"] = b"<html>no feed</html>"
        opened = project(
            tmp_path, f'feed = "{site.url}/old"', f'feed = "{site.url}/gone"', f'feed = "{site.url}/broken"'
        )
        report = fetch(opened)
        assert report.pages == 2
        assert sorted(report.faults) == ["s2", "s3"]
        site.log.clear()
        report = fetch(opened)
        assert site.asked("/old") == [] and len(site.asked("/feed")) == 1
        assert site.asked("/gone") == [] and "410" in report.faults["s2"]


def test_redirects_of_pages_end_in_one_capture_a_page(tmp_path: Path) -> None:
    with serve() as site:
        target = "/2026/11/the-real-story-of-rain"
        site.pages[target] = story("real")
        for n in range(3):
            site.pages[f"/r/{n}"] = Reply(b"", 302, (("Location", target),))
        site.pages["/loop"] = Reply(b"", 302, (("Location", "/loop2"),))
        site.pages["/loop2"] = Reply(b"", 302, (("Location", "/loop"),))
        for n in range(9):
            site.pages[f"/long/{n}"] = Reply(b"", 302, (("Location", f"/long/{n + 1}"),))
        site.pages["/home"] = Reply(b"", 302, (("Location", "/"),))
        site.pages["/refresh"] = (
            '<meta http-equiv="refresh" content="0;url=/2026/11/another-story-of-wind"><p>moved</p>'
        )
        site.pages["/2026/11/another-story-of-wind"] = story("wind")
        site.pages["/file"] = Reply(b"", 302, (("Location", "file:///etc/passwd"),))
        listed = ["/r/0", "/r/1", "/r/2", "/loop", "/long/0", "/home", "/refresh", "/file"]
        site.pages["/feed"] = rss(*[site.url + path for path in listed])
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        report = fetch(opened)
        assert sorted(c.url for c in captures(opened)) == sorted(
            [site.url + target, site.url + "/2026/11/another-story-of-wind"]
        )
        assert "/" not in site.paths() and len([p for p in site.paths() if p.startswith("/long")]) == 6
        assert report.outcomes["failed: redirects"] >= 1
        site.log.clear()
        site.pages["/feed"] = rss(site.url + target, site.url + "/r/1")
        assert fetch(opened).pages == 0 and pages_asked(site) == []


def test_a_page_that_was_changed_is_asked_for_again_and_kept_only_if_it_was(tmp_path: Path) -> None:
    def atom(*entries: tuple[str, str]) -> bytes:
        rows = "".join(f'<entry><link href="{u}"/><updated>{at}</updated></entry>' for u, at in entries)
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{rows}</feed>'.encode()

    with serve() as site:
        a, b = "/2026/11/a-story-that-changes", "/2026/11/a-story-that-stays"
        site.pages |= {a: etag(b"<p>one</p>", '"a1"'), b: etag(b"<p>two</p>", '"b1"')}
        site.pages["/feed"] = atom((site.url + a, "2026-01-01T00:00:00Z"), (site.url + b, "2026-01-01T00:00:00Z"))
        opened = project(tmp_path, f'feed = "{site.url}/feed"', fetch=FAST + "revisits = 2\n")
        assert fetch(opened).pages == 2
        site.pages[a] = etag(b"<p>one, corrected</p>", '"a2"')
        for n, (pages, asked) in enumerate([(1, 2), (0, 2), (0, 0)]):
            later = f"2099-01-0{n + 1}T00:00:00Z"
            site.pages["/feed"] = atom((site.url + a, later), (site.url + b, later))
            site.log.clear()
            assert fetch(opened).pages == pages
            assert len(pages_asked(site)) == asked
            assert all("if-none-match" in h for p, h in site.log if p.startswith("/2026"))
        assert [c.visit for c in captures(opened) if c.url.endswith("changes")] == [1, 2]


def test_sitemaps_indexes_robots_discovery_home_pages_and_lists(tmp_path: Path) -> None:
    with serve() as site:
        for n in range(6):
            site.pages[f"/2026/11/story-number-{n}-told"] = story(n)
        url = site.url
        one = "<urlset><url><loc>{}/2026/11/story-number-{}-told</loc>{}</url></urlset>"
        site.pages["/robots.txt"] = f"Sitemap: {url}/index.xml\n"
        site.pages["/index.xml"] = etag(
            f"<sitemapindex><sitemap><loc>{url}/s0.xml</loc></sitemap><sitemap><loc>{url}/s1.xml</loc></sitemap>"
            f"</sitemapindex>".encode()
        )
        site.pages["/s0.xml"] = one.format(url, 0, "")
        site.pages["/s1.xml"] = one.format(url, 1, "<lastmod>2020-01-01</lastmod>")
        site.pages["/"] = '<a href="/2026/11/story-number-2-told">Two is told here</a><a href="/about">About</a>'
        (tmp_path / "list.txt").write_text(f"# ours\n{url}/2026/11/story-number-3-told\n\n")
        opened = project(
            tmp_path,
            f'sitemap = "{url}/robots.txt"\nmax_age_days = 30',
            f'homepage = "{url}/"',
            f'urls = ["list.txt", "{url}/2026/11/story-number-4-told"]',
        )
        fetch(opened)
        assert sorted(c.url[-6] for c in captures(opened)) == ["0", "2", "3", "4"]
        site.pages["/s0.xml"] = one.format(url, 5, "")
        assert fetch(opened).pages == 1  # the index is unchanged, its children are asked all the same
        assert captures(opened)[-1].url.endswith("number-5-told")


def test_patterns_and_the_newest_first_within_max_per_run(tmp_path: Path) -> None:
    with serve() as site:
        dates = [formatdate(time.time() - n * 86_400) for n in range(6)]
        items = "".join(
            f"<item><link>{site.url}/{'sport' if n == 1 else 'news'}/story-{n}</link><pubDate>{d}</pubDate></item>"
            for n, d in enumerate(dates)
        )
        site.pages["/feed"] = f"<rss><channel>{items}</channel></rss>"
        site.pages["*"] = story(1)
        site.pages["/robots.txt"] = ""
        opened = project(
            tmp_path,
            f'feed = "{site.url}/feed"\ninclude = ["story-"]\nexclude = ["/sport/"]\n'
            "max_per_run = 2\nmax_age_days = 4.5",
        )
        assert [fetch(opened).pages for _ in range(3)] == [2, 2, 0]
        assert [c.url[-1] for c in captures(opened)] == ["0", "2", "3", "4"]


def test_every_is_kept(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 1)
        opened = project(tmp_path, f'feed = "{site.url}/feed"\nevery = "1h"')
        fetch(opened)
        fetch(opened)
        assert len(site.asked("/feed")) == 1


def test_a_clock_that_was_ahead_keeps_nobody_unasked(tmp_path: Path) -> None:
    """What a run of the future wrote: polled then, hosts and pages put off until then."""
    with serve({"/robots.txt": b""}) as site:
        links = outlet(site, 2)
        opened = project(tmp_path, f'feed = "{site.url}/feed"\nevery = "1h"')
        assert fetch(opened).pages == 2
        site.log.clear()
        year = time.time() + 365 * 86_400
        db = sqlite3.connect(opened.state / "fetch.sqlite3")
        with db:
            db.execute("UPDATE source SET polled_at = ?", (year,))
            db.execute("UPDATE resource SET polled_at = ?, not_before = ?", (year, year))
            db.execute("INSERT OR REPLACE INTO host VALUES (?, ?, 1, 'trouble')", (site.url, year))
        db.close()
        site.pages["/feed"] = rss(*[site.url + link for link in links], site.url + "/2026/11/one-more")
        site.pages["/2026/11/one-more"] = story("one more")
        assert fetch(opened).pages == 1


def test_reservations_of_a_page_are_kept_with_it(tmp_path: Path) -> None:
    with serve() as site:
        path = outlet(site, 1)[0]
        site.pages[path] = Reply(b'<meta name="robots" content="noai">', headers=(("tdm-reservation", "1"),))
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
        assert captures(opened)[0].reservations == {"tdm-reservation": "1", "robots": "noai"}


# --- safety


def test_a_source_that_is_not_internal_reaches_no_private_address(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 3)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        text = (tmp_path / "config.toml").read_text().replace("internal = true\n", "")
        (tmp_path / "config.toml").write_text(text)
        from pipeline.project import open_project

        report = fetch(open_project(opened.root))
        assert site.log == [] and "not a public address" in report.faults["s1"]


def test_hostile_pages_cost_themselves_alone(tmp_path: Path) -> None:
    with serve() as site:
        paths = outlet(site, 6)

        def endless(handler):
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b"x" * 65_536)

        def silent(handler):
            time.sleep(4)

        site.pages[paths[0]] = endless
        site.pages[paths[1]] = silent
        site.pages[paths[2]] = Reply(b"\x89PNG", headers=(("Content-Type", "image/png"),))
        site.pages[paths[3]] = Reply(b"", 404)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        report = fetch(opened)
        assert report.pages == 2
        assert report.outcomes["failed: too-large"] == 1 and report.outcomes["failed: timeout"] == 1
        assert report.outcomes["not a page: image/png"] == 1 and report.outcomes["HTTP 404"] == 1
        assert report.waiting == 2


def test_what_lies_where_the_user_stands_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pipeline", "json.py", "brotli.py"):
        here = tmp_path / "here" / name / "__init__.py" if name == "pipeline" else tmp_path / "here" / name
        here.parent.mkdir(parents=True, exist_ok=True)
        here.write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path / "here")
    with serve() as site:
        outlet(site, 2)
        assert fetch(project(tmp_path / "there", f'feed = "{site.url}/feed"')).pages == 2


def test_a_child_that_is_killed_costs_nothing_but_time(tmp_path: Path) -> None:
    with serve() as site:
        paths = outlet(site, 30)
        inner = site.pages[paths[10]]
        done = []

        def murder(handler):
            if not done:
                done.append(1)
                mine = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
                for pid in mine:
                    if b"pipeline.fetch.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        os.kill(int(pid), signal.SIGKILL)
                time.sleep(0.2)
            return inner(handler)

        site.pages[paths[10]] = murder
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        report = fetch(opened)
        assert report.pages + report.waiting == 30 and report.pages >= 29
        assert len({c.key for c in captures(opened)}) == report.pages


def test_the_run_ends_at_its_deadline(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site, 50)
        opened = project(tmp_path, f'feed = "{site.url}/feed"\ndelay = 0.5', fetch=FAST + "run_seconds = 3\n")
        started = time.monotonic()
        report = fetch(opened)
        assert time.monotonic() - started < 6
        assert 0 < report.pages < 10 and report.pages + report.waiting == 50


@pytest.mark.parametrize(
    ("config", "words"),
    [
        pytest.param("", "no [[source]]", id="no source"),
        pytest.param('[[source]]\nname = "a"\nfeed = "https://a.example/"', "fetch.contact", id="no contact"),
    ],
)
def test_what_must_be_set_is_said(tmp_path: Path, config: str, words: str) -> None:
    (tmp_path / "config.toml").write_text(config)
    from pipeline.project import open_project

    with pytest.raises(UsageError, match=words.replace("[", r"\[")):
        fetching.run(open_project(tmp_path), QUIET)


def test_forgotten_addresses_are_not_fetched_again(tmp_path: Path) -> None:
    with serve() as site:
        paths = outlet(site, 3)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        key = site.url.removeprefix("http://") + paths[1]
        (tmp_path / "forgotten.jsonl").write_text(json.dumps({"id": None, "key": key}) + "\n")
        assert fetch(opened).pages == 2
        assert paths[1] not in site.paths()


def test_user_agent() -> None:
    assert fetching.user_agent("me@mill.example").endswith("(+mailto:me@mill.example)")
    assert fetching.user_agent("https://mill.example/bot").endswith("(+https://mill.example/bot)")
    assert "\n" not in fetching.user_agent("a\nX: y (z)")


def test_state_of_another_version_is_refused_with_a_remedy(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "fetch.sqlite3")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(Exception, match="delete it"):
        state.State(tmp_path)


def test_warc_headers_cannot_be_forged(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from pipeline.formats.http_exchange import Response

    out = warc_writer.WarcOut(tmp_path, datetime.now(UTC), "x")
    evil = "a\r\nWARC-Type: metadata\r\n\r\n"
    out.add(
        warc_writer.Capture("k", "http://x.example/", evil, "2026-01-01T00:00:00Z", "0"),
        Response("http://x.example/" + "y", 200, evil, ((evil, evil),), b"body", "1.2.3.4", ((evil, evil),), 0.1),
    )
    path = out.publish()
    assert path is not None and len(list(warc_writer.captures(path))) == 1
    with path.open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 4


def test_only_what_fetch_made_is_salvaged(tmp_path: Path) -> None:
    """A forget or an import that was killed leaves its own file: it is neither published nor taken for a page's."""
    with serve() as site:
        outlet(site, 4)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        path = fetch(opened).path
        assert path is not None
        whole = path.read_bytes()
        (opened.raw / f".{path.name}.tmp").write_bytes(whole[: len(whole) // 2])
        (opened.raw / ".2026-01-01T00-00-00Z-cc-news.warc.gz.tmp").write_bytes(whole[: len(whole) // 2])
        (opened.raw / f".{path.name}.fetch.tmp").write_bytes(whole)
        report = fetch(opened)
        assert path.read_bytes() == whole
        assert [p.read_bytes() for p in report.salvaged] == [whole] and report.salvaged[0] != path
        assert len(list(opened.raw.glob(".*.tmp"))) == 2


def test_an_import_waits_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.imports import archive
    from pipeline.imports import run as importing

    monkeypatch.setattr(importing, "LOCK_SECONDS", 0.2)
    opened = project(tmp_path)
    letter = tmp_path / "a.eml"
    letter.write_text("From: a@b.example\nSubject: x\n\nText of a letter.\n")
    options = {"kind": "mail", "name": None, "wanted": archive.Wanted((), ()), "days": None, "internal": False}
    with store.hold(opened.state / "locks", exclusive=(store.RAW,)), pytest.raises(Locked):
        importing.run(opened, [str(letter)], console=QUIET, **options)  # type: ignore[arg-type]
    two = [importing.run(opened, [str(letter)], console=QUIET, **options).path for _ in range(2)]  # type: ignore[arg-type]
    assert len({path for path in two if path and path.exists()}) == 2
