"""What a feed says of a page, from the feed through the WARC file into the article: text, date, keywords."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from pipeline import pages, store
from pipeline.model import FeedEntry
from pipeline.runner import run

from .projects import QUIET, fetch, project
from .servers import Reply, serve

PATH = "/news/mill-story-2026"
STORIES = {
    "en": [
        "The disused paper mill at Brackwater will be turned into a secondary school for six hundred pupils, the county "
        "said on Tuesday after two years of talks with the owners.",
        "Work on the roof begins in March. The two chimneys stay, because swifts nest in them and because the town has "
        "voted twice to keep them, said the county architect, Petra Olander.",
        "The mill closed in 2009 when the last of its four machines was sold to a company abroad.",
    ],
    "de": [
        "Die stillgelegte Papierfabrik in Brackwasser wird zu einer Schule für sechshundert Kinder umgebaut, wie der "
        "Landkreis am Dienstag nach zwei Jahren Verhandlungen mit den Eigentümern mitteilte.",
        "Die Arbeiten am Dach beginnen im März. Die beiden Schornsteine bleiben, weil in ihnen Mauersegler nisten und "
        "weil die Stadt zweimal dafür gestimmt hat, sagte die Architektin Petra Olander.",
        "Die Fabrik wurde 2009 geschlossen, als die letzte ihrer vier Maschinen verkauft war.",
    ],
    "ru": [
        "Заброшенную бумажную фабрику в Бракуотере превратят в среднюю школу на шестьсот учеников, сообщили во вторник "
        "власти округа после двух лет переговоров с владельцами здания.",
        "Работы на крыше начнутся в марте. Обе трубы сохранят, потому что в них гнездятся стрижи и потому что горожане "
        "дважды проголосовали за это, сказала архитектор Петра Оландер.",
        "Фабрику закрыли в две тысячи девятом году, когда последнюю из четырёх машин продали за границу.",
    ],
}
SHELL = (
    '<!doctype html><html><head><title>App</title></head><body><div id="root"></div><noscript>You need to enable '
    'JavaScript to run this app.</noscript><script src="/a.js"></script></body></html>'
)


def paywalled(title: str, lead: str) -> str:
    ld = json.dumps({"@type": "NewsArticle", "headline": title, "isAccessibleForFree": False})
    return (
        f'<html><head><title>{title}</title><script type="application/ld+json">{ld}</script></head><body><article>'
        f'<h1>{title}</h1><p>{lead}</p><div class="paywall">Subscribe to read on.</div></article></body></html>'
    )


def marked(paragraphs: list[str]) -> str:
    return "".join(f"<p>{p}</p>" for p in paragraphs)


def encoded(url: str, text: str, title: str) -> str:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gull</title><item>'
        f"<title>{title}</title><link>{url}</link><pubDate>Fri, 20 Nov 2026 08:30:00 +0200</pubDate>"
        f"<category>Schools</category><category><![CDATA[Town & land]]></category>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item></channel></rss>"
    )


def atom(kind: str, content: str, url: str, title: str) -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Gull</title><entry><title>{title}</title>'
        f'<link href="{url}"/><published>2026-11-20T08:30:00+02:00</published><category term="x" label="Schools"/>'
        f'<category term="Town &amp; land"/><content type="{kind}">{content}</content></entry></feed>'
    )


def atom_html(url: str, text: str, title: str) -> str:
    return atom("html", html.escape(text), url, title)


def atom_xhtml(url: str, text: str, title: str) -> str:
    return atom("xhtml", f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>', url, title)


def json_html(url: str, text: str, title: str) -> str:
    item = {"id": "1", "url": url, "title": title, "content_html": text, "tags": ["Schools", "Town & land"],
            "date_published": "2026-11-20T08:30:00+02:00"}  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})


def json_text(url: str, text: str, title: str) -> str:
    plain = text.replace("<p>", "").replace("</p>", "\n\n")
    return json_html(url, text, title).replace(json.dumps(text), json.dumps(plain)).replace("_html", "_text")


@pytest.mark.parametrize("feed", [encoded, atom_html, atom_xhtml, json_html, json_text])
@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_the_full_text_of_a_feed_comes_out_where_the_page_is_a_stub(tmp_path: Path, feed, language: str) -> None:
    paragraphs = STORIES[language]
    title = paragraphs[0][:40]
    walled = "/news/walled-story-2026"
    with serve({PATH: SHELL, walled: paywalled(title, paragraphs[0])}) as site:
        site.pages["/app.feed"] = feed(site.url + PATH, marked(paragraphs), title)
        site.pages["/pay.feed"] = feed(site.url + walled, marked(paragraphs), title)
        opened = project(tmp_path, f'feed = "{site.url}/app.feed"', f'feed = "{site.url}/pay.feed"')
        assert fetch(opened).pages == 2
    run.run(opened, run.Options(), QUIET)
    rows = [row for path in opened.clean.glob("*/articles.jsonl") for row in store.rows(path)]
    assert len(rows) == 2
    for row in rows:
        assert row["text"].split("\n\n")[-1] == paragraphs[-1] and row["title"] == title
        assert (row["found"]["text"], row["found"]["published_at"], row["found"]["keywords"]) == ("feed",) * 3
        assert row["published_at"] == "2026-11-20T08:30:00+02:00"
        assert row["keywords"] == ["Schools", "Town & land"]


def test_a_page_that_says_it_itself_needs_no_feed(tmp_path: Path) -> None:
    body = marked(STORIES["en"] * 2)
    page = (
        '<html lang="en"><head><title>School in the mill</title><meta name="keywords" content="mill">'
        f'<meta property="article:published_time" content="2026-11-19T10:00:00Z"></head><body><article>{body}'
        "</article></body></html>"
    )
    with serve({PATH: page}) as site:
        site.pages["/feed"] = encoded(site.url + PATH, marked(["Something else. " * 40]), "Another title")
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
    run.run(opened, run.Options(), QUIET)
    (row,) = [row for path in opened.clean.glob("*/articles.jsonl") for row in store.rows(path)]
    assert row["title"] == "School in the mill" and "Something else" not in row["text"]
    assert row["published_at"] == "2026-11-19T10:00:00Z" and row["keywords"] == ["mill"]
    assert "feed" not in row["found"].values()


@pytest.mark.parametrize(
    ("said", "published"),
    [
        pytest.param("<pubDate>Fri, 20 Nov 2026 08:30:00 +0200</pubDate>", "2026-11-20T08:30:00+02:00", id="RFC 822"),
        pytest.param("<pubDate>Fri, 20 Nov 26 08:30 GMT</pubDate>", "2026-11-20T08:30:00Z", id="a short year"),
        pytest.param("<pubDate>2026-11-20 08:30:00</pubDate>", "2026-11-20T08:30:00", id="no offset: none is invented"),
        pytest.param("<date>2026-11-20</date>", "2026-11-20", id="a bare date stays one"),
        pytest.param("<pubDate>03/04/2026</pubDate>", None, id="a day that may be a month"),
        pytest.param("<updated>2026-11-20T08:30:00Z</updated>", None, id="a change is no publication"),
        pytest.param("<pubDate>Fri, 20 Nov 2099 08:30:00 +0200</pubDate>", None, id="the future"),
    ],
)
def test_the_date_of_a_feed(tmp_path: Path, said: str, published: str | None) -> None:
    page = f"<html><head><title>School</title></head><body><article>{marked(STORIES['en'])}</article></body></html>"
    with serve({PATH: page}) as site:
        site.pages["/feed"] = f"<rss><channel><item><link>{site.url}{PATH}</link>{said}</item></channel></rss>"
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
    run.run(opened, run.Options(), QUIET)
    (row,) = [row for path in opened.clean.glob("*/articles.jsonl") for row in store.rows(path)]
    assert row["published_at"] == published
    assert (row["found"].get("published_at") == "feed") == (published is not None)


def test_a_reader_gets_the_entry_with_the_page(tmp_path: Path) -> None:
    with serve({PATH: SHELL, "/news/other-story-2026": Reply(b"<p>x</p>")}) as site:
        site.pages["/feed"] = encoded(site.url + PATH, "<p>text</p>", "T").replace(
            "</channel>", f"<item><link>{site.url}/news/other-story-2026</link></item></channel>"
        )
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
    (batch,) = pages.batches(opened.raw)
    found = {page.url: page.feed for page in pages.pages(batch, opened.root, 10**6)}
    assert found == {
        site.url + PATH: FeedEntry("T", "2026-11-20T08:30:00+02:00", "<p>text</p>", ("Schools", "Town & land")),
        site.url + "/news/other-story-2026": None,
    }
