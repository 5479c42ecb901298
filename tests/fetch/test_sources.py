"""Sources found, listed, judged; metrics; the commands around them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import ConfigError, NewsmillError, UsageError
from pipeline.fetch import health, retry, sources
from pipeline.fetch.health import Day
from pipeline.fetch.listings import opml
from pipeline.fetch.state import State
from pipeline.manage import init
from pipeline.project import Project, open_project
from pipeline.query import metrics, status
from pipeline.runner import run

from .projects import QUIET, fetch, project, rss, story
from .servers import Reply, serve


def history(items: list[int], start: str = "2026-10-01") -> list[Day]:
    """One day a number; None would be a day on which nobody looked, which a list of days leaves out."""
    first = datetime.date.fromisoformat(start)
    return [Day(str(first + datetime.timedelta(n)), 24, count) for n, count in enumerate(items)]


@pytest.mark.parametrize(
    ("items", "verdict", "words"),
    [
        pytest.param([40] * 20, "ok", "usually 40 a day, last item 2026-10-20", id="as always"),
        pytest.param([40] * 20 + [0, 0], "silent", "usually 40 a day, none since Tuesday 2026-10-20", id="two days of silence"),
        pytest.param([40] * 20 + [0], "ok", "usually 40 a day", id="a day that may not be over"),
        pytest.param([40] * 10 + [0] * 3, "new", "13 of 14 days seen", id="too little seen to judge"),
        pytest.param([40] * 11 + [0] * 3, "silent", "none since", id="just enough"),
        pytest.param([9, 9, 9, 9, 9, 0, 0] * 4 + [9] * 5 + [0, 0, 0], "ok", "usually 9 a day", id="rests at weekends"),
        pytest.param([9, 9, 9, 9, 9, 0, 0] * 4 + [9] * 5 + [0] * 5, "silent", "none since", id="a weekend too long"),
        pytest.param([1, 0, 0, 0, 0, 0, 0] * 5, "ok", "usually 1 a week", id="a weekly paper"),
        pytest.param([1, 0, 0, 0, 0, 0, 0] * 4 + [0] * 30, "silent", "none since", id="a weekly paper that stopped"),
        pytest.param([0] * 30, "ok", "no item yet", id="never anything: no silence to speak of"),
        pytest.param([], "unknown", "not polled yet", id="never polled"),
    ],
)  # fmt: skip
def test_silence(items: list[int], verdict: str, words: str) -> None:
    judged = health.judge("a", history(items))
    assert (judged.verdict, words in judged.sentence) == (verdict, True), judged


def test_days_on_which_nobody_looked_are_no_silence() -> None:
    days = [*history([40] * 20), Day("2026-11-20", 0, 0), Day("2026-11-22", 1, 0)]
    assert health.judge("a", days).verdict == "ok"


def test_a_source_that_cannot_be_read_says_why() -> None:
    judged = health.judge("a", history([40] * 20), failures=3, said="HTTP 500")
    assert (judged.verdict, judged.sentence) == ("failing", "could not be read 3 times in a row: HTTP 500")
    assert health.judge("a", history([40] * 20), failures=2, said="HTTP 500").ok


@given(st.lists(st.integers(0, 5), max_size=80))
def test_every_history_is_judged(items: list[int]) -> None:
    judged = health.judge("a", history(items))
    assert judged.sentence and (judged.verdict != "silent" or len(items) >= health.ENOUGH)


def test_a_silent_source_is_named_by_fetch_status_and_sources(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve({"/feed": rss()}) as site:
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
        state = State(opened.state)
        today = datetime.datetime.now(datetime.UTC).date()
        for n in range(1, 30):
            row = ("s1", str(today - datetime.timedelta(n)), 0 if n < 5 else 12)
            state.db.execute("INSERT INTO day VALUES (?, ?, 1, ?)", row)
        state.close()
        from pipeline.views import fetch as view

        report = view.fetch(opened, QUIET, (), 0, tmp_path / "newsmill.prom")
        assert not report.sound
        assert "s1: usually 12 a day, none since" in capsys.readouterr().err
        assert status.status(opened).sources[0].startswith("s1: usually 12 a day")
        view.sources(opened, as_json=True)
        assert json.loads(capsys.readouterr().out)[0]["verdict"] == "silent"
        metered = (tmp_path / "newsmill.prom").read_text()
        assert 'newsmill_sources{verdict="silent"} 1' in metered
        assert 'newsmill_source_ok{source="s1",verdict="silent"} 0' in metered


def test_three_polls_that_fail_are_a_warning_one_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipeline.views import fetch as view

    with serve({"/feed": Reply(b"", 500)}) as site:
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        heard = []
        for _ in range(3):
            view.fetch(opened, QUIET, (), 0, None)
            heard.append(capsys.readouterr().err)
    assert heard[:2] == ["", ""] and "s1: could not be read 3 times in a row" in heard[2] and "500" in heard[2]


# --- finding a site's feed


def outlet(site) -> None:
    site.pages |= {
        "/": '<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">',
        "/all.xml": rss(f"{site.url}/2026/a-story-of-the-harbour"),
        "/robots.txt": f"Sitemap: {site.url}/sitemap.xml\nSitemap: {site.url}/news.xml",
        "/sitemap.xml": f"<urlset><url><loc>{site.url}/old</loc></url></urlset>",
        "/news.xml": f"<urlset><url><loc>{site.url}/2026/a-story-of-the-harbour</loc></url></urlset>",
    }


def test_add_finds_feed_and_news_sitemap_and_writes_a_source_that_works(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site)
        site.pages["/2026/a-story-of-the-harbour"] = story(1)
        opened = project(tmp_path)
        (tmp_path / "config.toml").write_text("# mine\n" + (tmp_path / "config.toml").read_text())
        before = (tmp_path / "config.toml").read_text()
        sources.add(opened, site.url, name=None, internal=True, dry_run=True)
        assert (tmp_path / "config.toml").read_text() == before
        sources.add(opened, site.url, name="Outlet", internal=True, dry_run=False)
        assert (tmp_path / "config.toml").read_text().startswith(before.rstrip("\n"))
        (source,) = open_project(tmp_path).config.source
        assert (source.name, source.feed, source.sitemap) == (
            "Outlet",
            (site.url + "/all.xml",),
            (site.url + "/news.xml",),
        )
        with pytest.raises(UsageError, match="already"):
            sources.add(open_project(tmp_path), site.url, name=None, internal=True, dry_run=False)
        assert fetch(open_project(tmp_path)).pages == 1


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        pytest.param({"/": "<p>x", "/rss.xml": rss("https://a.example/x")}, "feed", id="a feed where feeds often are"),
        pytest.param({"/": rss("https://a.example/x")}, "feed", id="the address is the feed"),
        pytest.param({"/": "<p>x", "/sitemap.xml": "<urlset><url><loc>https://a.example/x</loc></url></urlset>"},
                     "sitemap", id="only a sitemap"),
        pytest.param({"/": "<p>x", "/sitemap_index.xml": "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>",
                      "/a.xml": "<urlset><url><loc>/x</loc></url></urlset>"}, "sitemap", id="an index where WordPress has it"),
        pytest.param({"/": Reply(b"", 301, (("Location", "/x"),)), "/x": rss("https://a.example/x")}, "feed", id="moved"),
    ],
)  # fmt: skip
def test_discover(tmp_path: Path, pages: dict, kind: str) -> None:
    with serve(pages) as site:
        found = sources.discover(project(tmp_path), site.url, internal=True)
    assert [f.kind for f in found] == [kind]


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        pytest.param({"/": '<base href="/de/"><link rel=alternate type="application/rss+xml" href="rss.xml">',
                      "/de/rss.xml": rss("https://a.example/x")}, ['feed = "{}/de/rss.xml"'], id="a base"),
        pytest.param({"/": '<p><a href="/rubrik.rss">RSS</a>', "/rubrik.rss": rss("https://a.example/x")},
                     ['feed = "{}/rubrik.rss"'], id="a link in the body"),
        pytest.param({"/": "<p>x", "/robots.txt": "Sitemap: map.xml", "/map.xml": "<urlset><url><loc>/x</loc></url></urlset>"},
                     ['sitemap = "{}/map.xml"', "max_age_days = 7"], id="a relative sitemap in robots.txt"),
        pytest.param({"/": '<link rel="sitemap" href="/map.xml">', "/feed": rss("https://a.example/x"),
                      "/map.xml": "<urlset><url><loc>/x</loc><lastmod>2026-11-20</lastmod></url></urlset>"},
                     ['feed = "{}/feed"', 'sitemap = "{}/map.xml"', "max_age_days = 7"], id="a feed and a dated sitemap"),
        pytest.param({"/": '<link rel="sitemap" href="/map.xml">', "/feed": rss("https://a.example/x"),
                      "/map.xml": "<urlset><url><loc>/x</loc></url></urlset>"},
                     ['feed = "{}/feed"', '# sitemap = "{}/map.xml"'], id="a feed and a sitemap without dates"),
    ],
)  # fmt: skip
def test_add_writes_what_it_finds(tmp_path: Path, pages: dict, lines: list[str]) -> None:
    with serve(pages) as site:
        text, _ = sources.add(project(tmp_path), site.url, name=None, internal=True, dry_run=False)
    written = (tmp_path / "config.toml").read_text()
    assert all(line.format(site.url) in text and line.format(site.url) in written for line in lines), text


def test_discover_says_what_is_wrong(tmp_path: Path) -> None:
    with serve({"/": "<p>nothing"}) as site:
        opened = project(tmp_path)
        with pytest.raises(NewsmillError, match="no feed and no sitemap"):
            sources.add(opened, site.url, name=None, internal=True, dry_run=False)
        with pytest.raises(NewsmillError, match="not a public address"):
            sources.add(opened, site.url, name=None, internal=False, dry_run=False)
        with pytest.raises(NewsmillError, match="HTTP 404"):
            sources.discover(opened, site.url + "/none", internal=True)


def test_a_table_that_would_break_the_config_is_not_written(tmp_path: Path) -> None:
    opened = project(tmp_path)
    before = (tmp_path / "config.toml").read_text()
    with pytest.raises(ConfigError, match="is unchanged"):
        sources.append(opened, ['[[source]]\nname = "x"\n'])
    assert (tmp_path / "config.toml").read_text() == before


def test_opml_there_and_back(tmp_path: Path) -> None:
    data = b"""<?xml version="1.0"?><opml version="1.0"><body><outline text="News">
    <outline text="A &amp; B" type="rss" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/"/>
    <outline title="A &amp; B" text="x" xmlUrl="https://b.example/feed"/><outline text="no feed"/>
    <outline text="bad" xmlUrl="file:///etc/passwd"/></outline></body></opml>"""
    opened = project(tmp_path)
    assert len(sources.add_opml(opened, data, dry_run=False)) == 2
    opened = open_project(tmp_path)
    assert [(s.name, s.feed[0]) for s in opened.config.source] == [
        ("A & B", "https://a.example/feed?x=1&y=2"), ("A & B 2", "https://b.example/feed")]  # fmt: skip
    assert sources.add_opml(opened, data, dry_run=False) == []
    written = opml.write(opened.config.source)
    assert [feed for _, feed, _ in opml.read(written.encode())] == [s.feed[0] for s in opened.config.source]
    with pytest.raises(UsageError, match="not OPML"):
        opml.read(rss())


# --- decisions


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("99999999", 86_400), ("Thu, 01 Jan 1970 00:10:00 GMT", 600), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
     ("-5", 7), ("soon", 7), (None, 7), ("١٢", 7)],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float) -> None:
    assert retry.retry_after(value, 0.0, 7) == seconds


def test_backoff_doubles_up_to_a_day_and_is_spread() -> None:
    assert [retry.backoff(n, 1.0) for n in range(3)] == [60, 120, 240]
    assert retry.backoff(500, 1.0) == 86_400 and retry.backoff(0, 0.0) == 30


# --- metrics, cron


def test_metrics_are_the_counts_in_the_text_format(tmp_path: Path) -> None:
    opened = project(tmp_path)
    (opened.raw / "b").mkdir(parents=True)
    (opened.raw / "b" / "a.html").write_text(story(1))
    (opened.raw / "b" / "b.html").write_text("")
    run.run(opened, run.Options(), QUIET)
    metrics.write(opened, tmp_path / "out" / "newsmill.prom")
    lines = (tmp_path / "out" / "newsmill.prom").read_text().splitlines()
    assert "newsmill_pages 2" in lines and "newsmill_articles 1" in lines
    assert 'newsmill_skipped_pages{reason="empty"} 1' in lines
    assert any(line.startswith('newsmill_stage_seconds{stage="extract"} ') for line in lines)
    assert any(line.startswith('newsmill_last_success_timestamp_seconds{stage="run"} 1') for line in lines)
    named = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))


def test_a_run_with_nothing_to_do_is_a_success_too(tmp_path: Path) -> None:
    opened = project(tmp_path)
    opened.raw.mkdir()
    (opened.raw / "a.html").write_text(story(1))
    run.run(opened, run.Options(), QUIET)
    path = opened.state / "last-run.json"
    path.write_text(path.read_text().replace('"finished_at":"2', '"finished_at":"1'))
    code = "import sys; from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "run", "-C", str(tmp_path), "--metrics", str(tmp_path / "m.prom")]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}, check=True)
    line = next(x for x in (tmp_path / "m.prom").read_text().splitlines() if x.startswith("newsmill_last_success"))
    assert float(line.split()[-1]) > datetime.datetime.now().timestamp() - 60


def test_labels_of_metrics_are_escaped() -> None:
    text = metrics.render([metrics.Sample("fetch_outcomes", 1, (("outcome", 'a"b\\c\nd'),))])
    assert 'newsmill_fetch_outcomes{outcome="a\\"b\\\\c\\nd"} 1' in text


def test_the_cron_line_polls_where_there_are_sources_and_a_shell_takes_it(tmp_path: Path) -> None:
    folder = tmp_path / "it's 100% mine"
    plain = init.cron_line(project(folder).root)
    assert " fetch" not in plain
    line = init.cron_line(project(folder, 'urls = "https://a.example/"').root)
    command = line.split(maxsplit=5)[5].replace("\\%", "%")
    assert "fetch --quiet; " in command and "run --quiet --wait 900" in command
    subprocess.run(["sh", "-n", "-c", command], check=True)


def test_the_whole_way_from_a_site_to_records(tmp_path: Path) -> None:
    with serve() as site:
        outlet(site)
        site.pages["/2026/a-story-of-the-harbour"] = story(1)
        opened: Project = project(tmp_path, f'feed = "{site.url}/all.xml"')
        fetch(opened)
        run.run(opened, run.Options(), QUIET)
    (row,) = [row for path in opened.clean.glob("*/records.jsonl") for row in store.rows(path)]
    assert row["source"] == "s1"
