"""robots.txt by RFC 9309: its own examples, and what people write."""

from __future__ import annotations

import time

import pytest

from pipeline.fetch import robots

SITE = "https://daily.example"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="empty"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="everything"),
        pytest.param("User-agent: *\nDisallow: /", "/robots.txt", True, id="robots.txt itself"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="an empty Disallow"),
        pytest.param("User-agent: *\nDisallow: /p\nAllow: /p/a", "/p/a/x", True, id="the longest wins"),
        pytest.param("User-agent: *\nDisallow: /p\nAllow: /p", "/p", True, id="allow wins a tie"),
        pytest.param("User-agent: other\nDisallow: /", "/a", True, id="another's group"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: Newsmill\nDisallow: /x", "/a", True, id="our group"),
        pytest.param("User-agent: a\nUser-agent: newsmill/2.0\nDisallow: /x", "/x", False, id="agents, a version"),
        pytest.param(
            "User-agent: newsmill\nDisallow: /x\nUser-agent: b\nDisallow: /\nUser-agent: newsmill\nDisallow: /y",
            "/y", False, id="groups of one agent are one",
        ),
        pytest.param("User-agent: newsmillbot\nDisallow: /", "/a", True, id="a longer name is another"),
        pytest.param("Disallow: /\nUser-agent: *\nAllow: /", "/a", True, id="a rule before any group"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False, id="star and end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True, id="end means end"),
        pytest.param("User-agent: *\nDisallow: /*?print=", "/a?print=1", False, id="the query too"),
        pytest.param("User-agent: *\nDisallow: /a%2fb", "/a%2Fb", False, id="escapes in any case"),
        pytest.param("User-agent: *\nDisallow: /ü", "/%C3%BC", False, id="bare letters are escaped ones"),
        pytest.param("User-agent: *\nDisallow: /%7Ejoe", "/~joe", False, id="needless escapes"),
        pytest.param("\ufeffuser-AGENT : *  # all\n disallow :/x # no\r\n", "/x", False, id="BOM, blanks, CRLF"),
        pytest.param("<html>Disallow: /</html>", "/a", True, id="a page instead"),
        pytest.param("User-agent: *\nDisallow: x", "/x", True, id="a pattern without a slash matches nothing"),
    ],
)  # fmt: skip
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert robots.parse(text.encode(), "newsmill").allows(SITE + path) is allowed


def test_delay_and_sitemaps() -> None:
    text = b"Sitemap: https://daily.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nUser-agent: x\nCrawl-delay: 9\n"
    rules = robots.parse(text, "newsmill")
    assert (rules.delay, rules.sitemaps) == (2.5, ("https://daily.example/s.xml",))
    assert robots.parse(b"User-agent: *\nCrawl-delay: inf\n", "newsmill").delay is None


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, False), (404, True), (403, True), (500, False), (503, False), (429, False), (None, False)],
)
def test_a_missing_file_frees_and_a_server_in_trouble_forbids(status: int | None, allowed: bool) -> None:
    rules = robots.for_status(status, b"User-agent: *\nDisallow: /", "newsmill")
    assert rules.allows(SITE + "/a") is allowed


def test_patterns_of_many_stars_take_no_time() -> None:
    rules = robots.parse(b"User-agent: *\nDisallow: /" + b"*a" * 5000 + b"$", "newsmill")
    started = time.process_time()
    assert rules.allows(SITE + "/" + "a" * 3000) is True
    assert time.process_time() - started < 0.5
