"""What a page states about itself, and what it only seems to state."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import metadata
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.metadata import agencies, authors, dates, pictures
from pipeline.extract.text import TextBody
from pipeline.model import Image, Line, Page, Raw, Wire

RAW = Raw("raw/x/page.html", None, "0" * 64)
PAGE = Page(RAW, b"", url="https://herald.example/2026/11/river-bridge-closed-after-flood")
STORY = "The river bridge was closed on Sunday after the flood reached the road, the council said in the evening."


def page(head: str = "", body: str = f"<p>{STORY}</p>", lang: str = "en", ld: object = None) -> HtmlDoc:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    return HtmlDoc(f'<html lang="{lang}"><head>{head}{script}</head><body>{body}</body></html>')


def read(doc: HtmlDoc, of: Page = PAGE):
    return metadata.of_html(doc, of)


@pytest.mark.parametrize(
    ("said", "stamp"),
    [
        pytest.param("2026-11-22", "2026-11-22", id="bare day stays a day"),
        pytest.param("2026-11-22T06:05:00+01:00", "2026-11-22T06:05:00+01:00", id="offset kept"),
        pytest.param("2026-11-22T06:05:00.123Z", "2026-11-22T06:05:00Z", id="fractions dropped"),
        pytest.param("2026-11-22T06:05-0500", "2026-11-22T06:05:00-05:00", id="offset without colon"),
        pytest.param("2026-11-22 06:05:07", "2026-11-22T06:05:07", id="no offset invented"),
        pytest.param("2026-11-22 06:05:07 UTC", "2026-11-22T06:05:07Z", id="named zone"),
        pytest.param("2026-11-22 06:05:07 CST", "2026-11-22T06:05:07", id="zone with two meanings"),
        pytest.param("Sun, 22 Nov 2026 06:05:07 GMT", "2026-11-22T06:05:07Z", id="mail form"),
        pytest.param("Sun Nov 22 2026 06:05:07 GMT+0100 (CET)", "2026-11-22T06:05:07+01:00", id="browser form"),
        pytest.param("11/22/2026 4:30:26 PM", "2026-11-22T16:30:26", id="month first by its day"),
        pytest.param("22/11/2026 16:30", "2026-11-22T16:30:00", id="day first by its day"),
        pytest.param("3/4/2026", None, id="day or month: nobody knows"),
        pytest.param("3.4.2026", "2026-04-03", id="dots are day first"),
        pytest.param("So 22.11.26 | 14:07", "2026-11-22T14:07:00", id="two digits of the year"),
        pytest.param("version 1.2.26.4", None, id="a version"),
        pytest.param("20261122", "2026-11-22", id="compact"),
        pytest.param("20261122T060507Z", "2026-11-22T06:05:07Z", id="compact with time"),
        pytest.param("1795327507", "2026-11-22T06:05:07Z", id="seconds since 1970"),
        pytest.param("Published Nov. 22, 2026 at 4:30 p.m. EDT", "2026-11-22T16:30:00-04:00", id="American"),
        pytest.param("22nd November 2026", "2026-11-22", id="British"),
        pytest.param("22. November 2026, 14.30 Uhr", "2026-11-22T14:30:00", id="German"),
        pytest.param("22 janvier 2026 à 14h30", "2026-01-22T14:30:00", id="French"),
        pytest.param("22 de septiembre de 2026", "2026-09-22", id="Spanish"),
        pytest.param("1º de março de 2026", "2026-03-01", id="Portuguese"),
        pytest.param("22 listopada 2026", "2026-11-22", id="Polish"),
        pytest.param("22 ноября 2026, 10:00", "2026-11-22T10:00:00", id="Russian"),
        pytest.param("22 Kasım 2026", "2026-11-22", id="Turkish"),
        pytest.param("2026年11月22日 14時05分", "2026-11-22T14:05:00", id="Japanese"),
        pytest.param("2026년 11월 22일", "2026-11-22", id="Korean"),
        pytest.param("0000-00-00", None, id="year 0"),
        pytest.param("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", id="year 9999"),
        pytest.param("99999999999999", None, id="too many digits"),
        pytest.param("31 February 2026", None, id="no such day"),
        pytest.param("May I come in 2026 times", None, id="a month's name is not enough"),
        pytest.param("3 hours ago", None, id="relative"),
        pytest.param("", None, id="empty"),
    ],
)
def test_dates_are_as_precise_as_they_were_said(said, stamp):
    assert dates.parse(said) == stamp


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}[T ]\d{1,3}:\d{1,3}.{0,8}", fullmatch=True)
)
def test_any_text_is_survived_as_a_date(said):
    stamp = dates.parse(said)
    assert stamp is None or len(stamp) in (10, 19, 20, 25)
    assert stamp is None or dates.bounds(PAGE).fault(stamp) is None or isinstance(dates.bounds(PAGE).fault(stamp), str)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://herald.example/2026/11/22/flood", "2026-11-22"),
        ("https://herald.example/2026/nov/22/flood", "2026-11-22"),
        ("https://herald.example/news/2026-11-22-flood", "2026-11-22"),
        ("https://herald.example/20261122/flood", "2026-11-22"),
        ("https://herald.example/2026/11/flood", None),
        ("https://herald.example/2026/13/45/flood", None),
        ("https://herald.example/story-20264567", None),
    ],
)
def test_a_day_in_the_address_is_found(url, day):
    assert dates.of_url(url) == day


def test_published_and_modified_stay_apart():
    meta = read(
        page(
            ld={
                "@type": "NewsArticle",
                "headline": "River bridge closed",
                "datePublished": "2026-11-22T06:00:00+01:00",
                "dateModified": "2026-11-23T09:30:00+01:00",
            }
        )
    )
    assert (meta.published_at, meta.modified_at) == ("2026-11-22T06:00:00+01:00", "2026-11-23T09:30:00+01:00")
    assert (meta.found["published_at"], meta.found["modified_at"]) == ("json-ld datePublished", "json-ld dateModified")


def test_the_same_moment_twice_is_no_modification():
    meta = read(
        page(
            '<meta property="article:published_time" content="2026-11-22T06:00:00Z">'
            '<meta property="article:modified_time" content="2026-11-22T07:00:00+01:00">'
        )
    )
    assert meta.published_at == "2026-11-22T06:00:00Z"
    assert meta.modified_at is None and "modified_at" not in meta.found


def test_a_mastheads_today_is_not_the_storys_date():
    body = f"""<header class="masthead"><span class="date-today">Monday, November 30, 2026</span></header>
        <main><h1>River bridge closed</h1><time datetime="2026-11-22">22 November</time><p>{STORY}</p></main>
        <aside><time datetime="2026-11-29">yesterday</time></aside>"""
    assert read(page(body=body)).published_at == "2026-11-22"
    assert read(page(body=body.replace('<time datetime="2026-11-22">22 November</time>', ""))).published_at is None


@pytest.mark.parametrize(
    ("stated", "fetched", "note"),
    [
        pytest.param("2031-01-01", "2026-11-22T10:00:00Z", "after the page was fetched", id="after it was fetched"),
        pytest.param("2026-11-24", "2026-11-22T10:00:00Z", "after the page was fetched", id="two days after"),
        pytest.param("1970-01-01T00:00:00Z", "2026-11-22T10:00:00Z", "before 1990", id="epoch"),
        pytest.param("9999-12-31", None, "too far in the future", id="year 9999, nobody knows when it was fetched"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_a_note(stated, fetched, note):
    head = f'<meta property="article:published_time" content="{stated}">'
    meta = read(page(head), replace(PAGE, fetched_at=fetched))
    assert meta.published_at is None
    assert note in meta.found["published_at refused"] and stated[:10] in meta.found["published_at refused"]
    other = page(head + '<meta name="date" content="2026-11-20">')
    assert read(other, replace(PAGE, fetched_at=fetched)).published_at == "2026-11-20"


def test_a_date_a_zone_ahead_of_the_fetch_is_kept():
    doc = page('<meta property="article:published_time" content="2026-11-23T07:00:00+13:00">')
    assert read(doc, replace(PAGE, fetched_at="2026-11-22T18:30:00Z")).published_at == "2026-11-23T07:00:00+13:00"


TITLE = "River bridge closed after flood"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        pytest.param(f"<title>{TITLE} | The Herald</title>", "", TITLE, id="site name behind a bar"),
        pytest.param(f"<title>The Herald - {TITLE}</title>", "", TITLE, id="site name in front"),
        pytest.param(
            f"<title>{TITLE} - Local - The Herald</title><meta property='og:title' content='{TITLE}'>",
            "",
            TITLE,
            id="section and site name",
        ),
        pytest.param(f"<title>{TITLE} &amp;amp; storm</title>", "", f"{TITLE} & storm", id="escaped twice"),
        pytest.param("<title>The Herald</title>", f"<h1>{TITLE}</h1>", TITLE, id="only the heading"),
        pytest.param(
            "<title>The Herald</title>",
            f"<h1>Log in</h1><h1>{TITLE}</h1><meta property='og:title' content='{TITLE}'>",
            TITLE,
            id="the heading that others confirm",
        ),
        pytest.param(
            "<title>Bridge: what we know - and what we do not</title>",
            "",
            "Bridge: what we know - and what we do not",
            id="a dash inside a title",
        ),
        pytest.param("", "", None, id="none"),
    ],
)
def test_the_title_is_the_articles_alone(head, body, title):
    site = '<meta property="og:site_name" content="The Herald">'
    assert read(page(site + head, body or f"<p>{STORY}</p>")).title == title


def test_a_title_given_with_the_page_wins():
    meta = read(page(f"<title>{TITLE}</title>"), replace(PAGE, title="From  the feed"))
    assert (meta.title, meta.found["title"]) == ("From the feed", "given with the page")


def test_teasers_in_json_ld_are_not_the_article():
    teaser = {
        "@type": "NewsArticle",
        "headline": "Another story altogether",
        "datePublished": "2026-11-01",
        "author": "No One",
    }
    own = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-11-22", "author": {"name": "Ann Name"}}
    meta = read(page(f"<title>{TITLE}</title>", ld=[teaser, teaser, own]))
    assert (meta.title, meta.published_at, meta.authors) == (TITLE, "2026-11-22", ("Ann Name",))


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Name", ["Ann Name"]),
        ("BY ANN NAME AND BEN OTHER", ["ANN NAME", "BEN OTHER"]),
        ("Ann Name, Politics reporter", ["Ann Name"]),
        ("Ann Name, Ben Other and Cleo Third", ["Ann Name", "Ben Other", "Cleo Third"]),
        ("Von Anna Nahme und Bert Ander", ["Anna Nahme", "Bert Ander"]),
        ("Par Anne Nom et Benoît Autre", ["Anne Nom", "Benoît Autre"]),
        ("Por Ana Nombre (enviada especial)", ["Ana Nombre"]),
        ("Ann Name in Berlin", ["Ann Name"]),
        ("Ann Name ann.name@herald.example", ["Ann Name"]),
        ("Ann Name, Jr.", ["Ann Name, Jr."]),
        ("Nelson C.J.", ["Nelson C.J."]),
        ("Ann Name The Herald", ["Ann Name"]),
        ("Ann Name Associated Press", ["Ann Name", "Associated Press"]),
        ("dpa", ["dpa"]),
        ("Ann Name, WXYZ", ["Ann Name"]),
        ("Ann Name | The Jericho Journal", ["Ann Name"]),
        ("The Jericho Journal", ["The Jericho Journal"]),
        ("Twitter Facebook", []),
        ("홍길동 기자", ["홍길동"]),
        ("Politics reporter", []),
        ("Staff Writer", []),
        ("https://herald.example/authors/ann", []),
        ("admin", []),
        ("22 November 2026", []),
        ("", []),
    ],
)
def test_a_byline_holds_people_and_no_roles(byline, names):
    assert authors.names(byline, ["The Herald"]) == names


@pytest.mark.parametrize(
    ("head", "body", "ld", "names"),
    [
        pytest.param(
            "",
            "",
            {"author": [{"@type": "Person", "name": "Ann Name"}, {"@type": "Person", "name": "Ben Other"}]},
            ("Ann Name", "Ben Other"),
            id="json-ld",
        ),
        pytest.param(
            '<meta name="author" content="Ann Name">',
            "",
            {"author": {"@type": "Organization", "name": "The Herald"}},
            ("Ann Name",),
            id="a person goes before the outlet",
        ),
        pytest.param(
            "",
            "",
            {"author": {"@type": "Organization", "name": "The Herald"}},
            ("The Herald",),
            id="the outlet where there is nobody else",
        ),
        pytest.param(
            '<meta name="author" content="https://herald.example/ann">',
            '<a href="/authors/ann">Ann Name</a>',
            None,
            ("Ann Name",),
            id="link to the author",
        ),
        pytest.param("", '<p class="byline">By Ann Name</p>', None, ("Ann Name",), id="marked as byline"),
        pytest.param("", '<aside><a href="/authors/x">Xavier Else</a></aside>', None, (), id="another story's author"),
        pytest.param("", '<p class="byline">Read more</p>', None, (), id="no name in it"),
    ],
)
def test_authors_are_found_where_pages_put_them(head, body, ld, names):
    node = {"@type": "NewsArticle", "headline": TITLE, "publisher": {"name": "The Herald"}, **ld} if ld else None
    assert read(page(head, body + f"<p>{STORY}</p>", ld=node)).authors == names


def test_a_byline_among_the_lines_counts_where_the_page_states_nobody():
    lines = [Line("By Ann Name and Ben Other", "byline"), Line(STORY, None)]
    meta = metadata.with_text(read(page()), lines)
    assert meta.authors == ("Ann Name", "Ben Other") and meta.found["authors"] == "line of text"
    assert (
        metadata.with_text(read(page()), [Line("By Sunday the water had gone", None), Line(STORY, None)]).authors == ()
    )


@pytest.mark.parametrize(
    ("lines", "people", "wire"),
    [
        pytest.param(["PARIS (AP) — The river rose."], [], Wire("AP", "PARIS (AP)"), id="dateline"),
        pytest.param(
            ["BERLIN (dpa/lnw) - Der Fluss stieg."], [], Wire("dpa", "BERLIN (dpa/lnw)"), id="two signs in brackets"
        ),
        pytest.param(
            ["NEW DELHI, Nov 22 (PTI) The river rose."], [], Wire("PTI", "NEW DELHI, Nov 22 (PTI)"), id="with a day"
        ),
        pytest.param(["(ANSA) - ROMA, 22 NOV - Il fiume."], [], Wire("ANSA", "(ANSA)"), id="agency first"),
        pytest.param(["The river rose."], ["Reuters"], Wire("Reuters", "Reuters"), id="byline"),
        pytest.param(["The river rose."], ["Associated Press"], Wire("AP", "Associated Press"), id="spelt out"),
        pytest.param(
            ["The river rose.", "Copyright 2026 The Associated Press. All rights reserved."],
            [],
            Wire("AP", "Copyright 2026 The Associated Press"),
            id="footer",
        ),
        pytest.param(["Der Fluss stieg.", "Quelle: dpa"], [], Wire("dpa", "Quelle: dpa"), id="source line"),
        pytest.param(
            ["HALVERN (Northwire) - The river rose."],
            [],
            Wire("Northwire", "HALVERN (Northwire)"),
            id="an agency nobody has heard of",
        ),
        pytest.param(["HALVERN (Herald News) - The river rose."], [], None, id="the outlet's own dateline"),
        pytest.param(["He told Reuters that the river rose."], [], None, id="quoted"),
        pytest.param(
            ["The river rose.", "Sports data from STATS. All rights reserved."], [], None, id="letters in a word"
        ),
        pytest.param(["The PA system failed as the river rose."], [], None, id="initials that mean something else"),
        pytest.param(["The river rose."], ["Efe Name"], None, id="a first name"),
        pytest.param([], [], None, id="nothing"),
    ],
)
def test_a_wire_agency_is_named_with_its_evidence(lines, people, wire):
    assert agencies.wire(people, lines, "herald.example") == wire


@pytest.mark.parametrize(
    ("caption", "split"),
    [
        ("The bridge on Sunday. Photo: Ann Name", ("The bridge on Sunday.", "Ann Name")),
        ("The bridge on Sunday. (AP Photo/Ann Name)", ("The bridge on Sunday.", "AP Photo/Ann Name")),
        ("Die Brücke. © Anna Nahme", ("Die Brücke.", "Anna Nahme")),
        ("Die Brücke am Sonntag – Imago/Anna Nahme", ("Die Brücke am Sonntag", "Imago/Anna Nahme")),
        ("The harbour in May | PA Media", ("The harbour in May", "PA Media")),
        ("The harbour (near Apton)", ("The harbour (near Apton)", None)),
        ("The bridge on Sunday.", ("The bridge on Sunday.", None)),
        ("The bridge on Sunday. Ann Name / Reuters", ("The bridge on Sunday.", "Ann Name / Reuters")),
        ("The bridge on Sunday. Ann Name/NTB", ("The bridge on Sunday.", "Ann Name/NTB")),
        (
            "He spoke in Halvern. The road / rail bridge is old",
            ("He spoke in Halvern. The road / rail bridge is old", None),
        ),
        ("Photo: Ann Name", (None, "Ann Name")),
        ("The bridge on Sunday. Ann Name via Getty Images", ("The bridge on Sunday.", "Ann Name via Getty Images")),
        ("El puente. EFE/Ana Nombre", ("El puente.", "EFE/Ana Nombre")),
        ("Мост. Фото: Анна Холм", ("Мост.", "Анна Холм")),
        ("橋。写真：共同通信", ("橋。", "共同通信")),
        ("大桥。（图片来源：新华社）", ("大桥。", "新华社")),
        ("The road that leads via Getty Street", ("The road that leads via Getty Street", None)),
        ("", (None, None)),
    ],
)
def test_a_credit_is_told_from_its_caption(caption, split):
    assert pictures.split_credit(caption) == split


def test_pictures_come_with_caption_and_credit_and_once():
    body = """<article><figure><img src="/bridge-800x600.jpg"><figcaption>The bridge on Sunday.
        <span class="credit">Ann Name</span></figcaption></figure><p>x</p></article>"""
    doc = page('<meta property="og:image" content="https://herald.example/bridge-1200x630.jpg">', body)
    assert read(doc).images == (
        Image("https://herald.example/bridge-800x600.jpg", "The bridge on Sunday.", "Ann Name"),
    )


def test_pictures_with_other_schemes_are_left_out():
    assert read(page('<meta property="og:image" content="javascript:alert(1)">')).images == ()


@pytest.mark.parametrize(
    ("ld", "lines", "access"),
    [
        pytest.param({"isAccessibleForFree": "False"}, [], "declared_paid", id="declared paid"),
        pytest.param({"isAccessibleForFree": True}, [], "free", id="declared free"),
        pytest.param({}, [], "unknown", id="nothing said"),
        pytest.param({}, [Line("Subscribe to continue reading.", "cue")], "truncated", id="cut off"),
        pytest.param({}, [Line("Subscribe to our newsletter.", "cue")], "unknown", id="a newsletter is no paywall"),
        pytest.param(
            {"isAccessibleForFree": True},
            [Line("Subscribe to continue reading.", "cue")],
            "free",
            id="declared free, nagging",
        ),
    ],
)
def test_access_is_what_the_page_declares_or_shows(ld, lines, access):
    meta = read(page(ld={"@type": "NewsArticle", "headline": TITLE, **ld}))
    assert metadata.with_text(meta, [Line(STORY, None), *lines]).access == access


@pytest.mark.parametrize(
    ("url", "ld", "section", "genre"),
    [
        pytest.param("https://herald.example/opinion/a-b-c-d", "NewsArticle", None, "opinion", id="path"),
        pytest.param("https://herald.example/a-b-c-d", "OpinionNewsArticle", None, "opinion", id="json-ld"),
        pytest.param("https://herald.example/a-b-c-d", "LiveBlogPosting", None, "live", id="live blog"),
        pytest.param(
            "https://herald.example/world/live-updates/a-b-c-d", "NewsArticle", None, "live", id="live in the path"
        ),
        pytest.param("https://herald.example/a-b-c-d", "NewsArticle", "Obituaries", "obituary", id="section"),
        pytest.param("https://herald.example/a-b-c-d", "NewsArticle", "Local", None, id="plain news"),
        pytest.param(
            "https://herald.example/opinion-poll-shows-a-tie", "NewsArticle", None, None, id="a word in the slug"
        ),
        pytest.param(
            "https://herald.example/culture/a-live-concert-in-the-park", "NewsArticle", None, None, id="live music"
        ),
    ],
)
def test_the_genre_is_given_where_it_is_plain(url, ld, section, genre):
    node = {"@type": ld, "headline": TITLE, "articleSection": section}
    assert read(page(ld=node), replace(PAGE, url=url)).genre == genre


def test_keywords_are_the_publishers_own():
    meta = read(page('<meta name="news_keywords" content="flood, river,  Flood, bridge ">'))
    assert meta.keywords == ("flood", "river", "bridge") and meta.found["keywords"] == "meta news_keywords"


@pytest.mark.parametrize(
    ("given", "canonical", "url", "source"),
    [
        pytest.param(PAGE.url, PAGE.url, PAGE.url, "herald.example", id="they agree"),
        pytest.param(PAGE.url, "https://herald.example/", PAGE.url, "herald.example", id="home page not believed"),
        pytest.param(PAGE.url + "/amp?x=1", PAGE.url, PAGE.url, "herald.example", id="canonical over the AMP form"),
        pytest.param(None, PAGE.url, PAGE.url, "herald.example", id="nothing given"),
        pytest.param(None, "https://herald.example/", None, "herald.example", id="nothing given, home page"),
        pytest.param(None, "javascript:void(0)", None, None, id="no address at all"),
    ],
)
def test_the_address_is_the_one_that_can_be_believed(given, canonical, url, source):
    meta = read(page(f'<link rel="canonical" href="{canonical}">'), replace(PAGE, url=given))
    assert (meta.url, meta.source) == (url, source)


def test_a_story_taken_over_from_a_sister_paper_keeps_its_own_address():
    sister = '<link rel="canonical" href="https://sister.example/2026/11/river-bridge-closed-after-flood">'
    own = f'<meta property="og:url" content="{PAGE.url}">'
    assert read(page(sister + own), replace(PAGE, url=None)).url == PAGE.url
    assert read(page(sister), PAGE).url == PAGE.url


def test_a_source_given_with_the_page_wins():
    assert read(page(), replace(PAGE, source="The Herald")).source == "The Herald"


def test_text_takes_its_metadata_from_its_lines_and_from_outside():
    body = TextBody(
        (Line(STORY, None),),
        (1.0,),
        TITLE,
        "2026-11-22",
        None,
        ("By Ann Name, reporter",),
        (),
        {"title": "text line 1"},
    )
    meta = metadata.of_text(body, replace(PAGE, published_at="21 Nov 2026 10:00 +0100"))
    assert (meta.title, meta.published_at, meta.authors) == (TITLE, "2026-11-21T10:00:00+01:00", ("Ann Name",))
    assert meta.found["published_at"] == "given with the page" and meta.found["title"] == "text line 1"
    late = metadata.of_text(replace(body, published_at="2031-01-01"), replace(PAGE, fetched_at="2026-11-22"))
    assert late.published_at is None and "2031-01-01" in late.found["published_at refused"]


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "@graph",
                        "author",
                        "name",
                        "headline",
                        "datePublished",
                        "image",
                        "publisher",
                        "keywords",
                        "articleSection",
                        "isAccessibleForFree",
                        "url",
                        "mainEntity",
                        "isPartOf",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_ld_is_survived(ld):
    doc = page(ld=[{"@type": "NewsArticle", "headline": TITLE, "author": ld, "image": ld, "datePublished": ld}, ld])
    assert read(doc).url == PAGE.url


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div class='byline date'>" * 1500 + "x " * 200_000, id="nested bylines around a long text"),
        pytest.param("<figure>" * 1500 + "<img src=a.jpg>" + "</figure>" * 1500, id="nested figures"),
        pytest.param("<h1>x</h1>" + "<time>today</time>" * 30_000, id="many times"),
        pytest.param("<a href='/author/x'>No</a>" * 30_000, id="many author links"),
        pytest.param("<h1>x</h1><p>" + "<b>12.11.</b>" * 30_000, id="many short lines behind the heading"),
        pytest.param("<h1>" + "a - " * 100_000 + "</h1>", id="a title of separators"),
        pytest.param("<p class=byline>By " + "A, " * 100_000, id="a byline of commas"),
    ],
)
def test_a_hostile_page_costs_little(body):
    doc = page(
        body=body, ld={"@type": "NewsArticle", "author": [[[[["x"] * 50] * 50]]] * 20, "keywords": ["k"] * 50_000}
    )
    start = time.process_time()
    read(doc)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("srcset", "address"),
    [
        pytest.param("/a,w_400/b.jpg 400w, /a,w_800/b.jpg 800w", "/a,w_800/b.jpg", id="commas in addresses"),
        pytest.param("/a.jpg 1x,/b.jpg 2x", "/b.jpg", id="no blank behind the comma"),
        pytest.param("/a.jpg", "/a.jpg", id="one"),
        pytest.param("", None, id="empty"),
    ],
)
def test_the_last_of_a_srcset_is_an_address_of_it(srcset, address):
    doc = page(body=f'<figure><img srcset="{srcset}"><figcaption>The bridge.</figcaption></figure>')
    assert [i.url for i in read(doc).images] == ([f"https://herald.example{address}"] if address else [])


def figure(image: str, around: str = "{}") -> str:
    return around.format(f"<figure>{image}<figcaption>The bridge.</figcaption></figure>")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param(figure('<img src="/77/image.jpg">') + figure('<img src="/78/image.jpg">'), ["77/image.jpg", "78/image.jpg"], id="two pictures under one plain name"),
        pytest.param(figure('<img src="/img?id=77&amp;w=400">') + figure('<img src="/img?id=77&amp;w=800">'), ["img?id=77&w=400"], id="one picture in two sizes by parameters"),
        pytest.param(figure('<img src="/img?id=77">') + figure('<img src="/img?id=78">'), ["img?id=77", "img?id=78"], id="two pictures by parameters"),
        pytest.param(figure('<img src="/pier-400x300.jpg">') + figure('<img src="/pier-800x600.jpg">'), ["pier-400x300.jpg"], id="one picture in two sizes by name"),
        pytest.param(figure('<img src="data:image/gif;base64,R0" data-lazy-srcset="/pier.jpg 800w">'), ["pier.jpg"], id="a placeholder in front"),
        pytest.param(figure('<img src="/spinner.gif" data-src="/pier.jpg">'), ["pier.jpg"], id="a spinner in front"),
        pytest.param(figure('<img class="author-photo" src="/ann.jpg">'), [], id="portrait by its class"),
        pytest.param(figure('<img src="/ann.jpg">', '<div class="author-box">{}</div>'), [], id="portrait by its box"),
        pytest.param(figure('<img src="/other.jpg">', '<div class="related">{}</div>'), [], id="another story's"),
        pytest.param(figure('<img src="/authority-building.jpg">', '<div class="authority">{}</div>'), ["authority-building.jpg"], id="a word that begins so"),
    ],
)  # fmt: skip
def test_each_picture_of_the_story_is_there_once(body, names):
    doc = page(body=f"<main><h1>{TITLE}</h1>{body}<p>x</p></main>")
    assert [i.url.removeprefix("https://herald.example/") for i in read(doc).images] == names


def test_an_id_in_json_ld_names_a_node():
    picture = {"@type": "ImageObject", "@id": "https://herald.example/x#primary", "url": "https://herald.example/p.jpg"}
    article = {"@type": "NewsArticle", "headline": TITLE, "image": {"@id": "https://herald.example/x#primary"}}
    assert [i.url for i in read(page(ld={"@graph": [article, picture]})).images] == ["https://herald.example/p.jpg"]


def test_an_id_in_json_ld_is_no_pictures_address():
    ld = {"@type": "NewsArticle", "headline": TITLE, "image": {"@id": "https://herald.example/#primaryimage"}}
    assert read(page(ld=ld)).images == ()


def test_keywords_are_no_internals_of_the_content_system():
    said = "flood, @post-id:4711, 3f2504e0-4f89-11d3-9a0c-0305e82c3301, topic:river, 1234567, bridge"
    assert read(page(f'<meta name="keywords" content="{said}">')).keywords == ("flood", "bridge")
    said = "Article 50, Type=article, _internal, node-123, HARBOUR_ID_2, uuid 3f2504e0-4f89-11d3-9a0c-0305e82c3301, G7, 2026"
    assert read(page(f'<meta name="keywords" content="{said}">')).keywords == ("Article 50", "G7", "2026")


@pytest.mark.parametrize("said", ["123", "/news/local", "news|local", "uncategorized", "Home", "section:news"])
def test_a_section_is_what_an_editor_chose(said):
    assert read(page(f'<meta property="article:section" content="{said}">')).section is None
    assert read(page('<meta property="article:section" content="Local news">')).section == "Local news"


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        pytest.param(["SPRINGFIELD, Ill. (AP) — The river rose."], "AP", id="a state with a full stop"),
        pytest.param(["新华社北京11月22日电 河水上涨。"], "Xinhua", id="Xinhua"),
        pytest.param(["ST. LOUIS (AP) — The river rose."], "AP", id="a place with a full stop"),
        pytest.param(["Berlin. (dpa) Der Fluss stieg."], "dpa", id="a full stop behind the place"),
        pytest.param(["【共同通信】川が増水した。"], "Kyodo", id="the agency in brackets"),
        pytest.param(["中新社北京11月22日电 河水上涨。"], "China News Service", id="China News Service"),
        pytest.param(["Roma, 22 nov. (askanews) - Il fiume."], "askanews", id="a month cut short, Italian"),
        pytest.param(["Praha 22. listopadu (ČTK) - Řeka"], "ČTK", id="a day with a full stop, Czech"),
        pytest.param(["Budapest, 2026. november 22., vasárnap (MTI) - A folyó"], "MTI", id="year first, Hungarian"),
        pytest.param(["МОСКВА, 22 ноября. /ТАСС/. Река поднялась"], "TASS", id="between strokes, Russian"),
        pytest.param(["МОСКВА, 22 ноя - РИА Новости. Река"], "RIA Novosti", id="behind a dash, Russian"),
        pytest.param(["Київ. 22 листопада. УНІАН. Річка"], "UNIAN", id="behind full stops, Ukrainian"),
        pytest.param(["Bucureşti, 22 nov /Agerpres/ - Râul"], "Agerpres", id="between strokes, Romanian"),
        pytest.param(["ANKARA (AA) - Nehir"], "Anadolu", id="two letters in brackets, Turkish"),
        pytest.param(["القاهرة (رويترز) - ارتفع النهر"], "Reuters", id="Reuters in Arabic"),
        pytest.param(["باريس 22 نوفمبر (أ ف ب) - ارتفع النهر"], "AFP", id="AFP in Arabic"),
        pytest.param(["（中央社台北22日電）河水上漲。"], "CNA", id="agency, place and day in brackets, Chinese"),
        pytest.param(["【ロンドン共同】川が増水した。"], "Kyodo", id="place and agency in brackets, Japanese"),
        pytest.param(
            ["［東京 22日 ロイター］ - 川が増水した。"], "Reuters", id="place, day and agency in brackets, Japanese"
        ),
        pytest.param(
            ["(서울=연합뉴스) 홍길동 기자 = 강이 불었다."], "Yonhap", id="place and agency in brackets, Korean"
        ),
        pytest.param(["नई दिल्ली, 22 नवंबर (भाषा) नदी"], "PTI-Bhasha", id="Hindi"),
        pytest.param(["(ΑΠΕ-ΜΠΕ) Ο ποταμός"], "ANA-MPA", id="Greek"),
        pytest.param(["(写真=共同) 川が増水した。"], None, id="a picture's agency in brackets, Japanese"),
        pytest.param(["[사진=연합뉴스] 강이 불었다."], None, id="a picture's agency in brackets, Korean"),
        pytest.param(["Il 22 novembre. Ansa: via libera."], None, id="a sentence that ends with a day"),
        pytest.param(["Paris, on 22 November. Reuters was told so."], None, id="a sentence behind a day"),
        pytest.param(["परिषद की भाषा (हिंदी) है।"], None, id="a common word that is an agency's name"),
        pytest.param(["The river rose, said Reuters."], None, id="quoted at the end of a short line"),
        pytest.param(["The river rose.", "Photo: REUTERS"], None, id="a photo credit"),
        pytest.param(["The river rose.", "Foto: dpa"], None, id="a photo credit in German"),
        pytest.param(["The river rose. He told the AP so."], None, id="quoted"),
    ],
)
def test_a_dateline_makes_a_wire_story_and_a_photo_credit_does_not(lines, agency):
    found = agencies.wire([], lines, "herald.example")
    assert (found and found.agency) == agency


@pytest.mark.parametrize(
    ("host", "headline"),
    [
        pytest.param("harbour.example", "Harbour wall repaired", id="headline begins with the host's word"),
        pytest.param("time.example", "Time to rethink the summer timetable", id="a common word"),
        pytest.param("guardian.example", "Guardian angels of the night bus", id="name of an outlet"),
        pytest.param("mirror.example", "Council buys giant mirror", id="at the end"),
        pytest.param("spiegel.example", "Spiegel im Rathaus zerbrochen", id="German"),
    ],
)
def test_a_headline_that_begins_like_its_host_stays(host, headline):
    head = f"<title>{headline} | Quayside Post</title>"
    body = f"<article><h1>{headline}</h1><p>{STORY}</p></article>"
    found = read(page(head, body), replace(PAGE, url=f"https://{host}/2026/a-story-of-today"))
    assert found.title == headline


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param("Two million for stones that should have been laid long ago.", True, id="English"),
        pytest.param("Zwei Millionen für Steine, die längst hätten liegen sollen.", True, id="German"),
        pytest.param("Des pierres qui auraient dû être posées en 2019 déjà.", True, id="with a year, French"),
        pytest.param("石を積むのに二百万、もっと早くすべきだった。", True, id="Japanese"),
        pytest.param("River Bridge Closed after Flood", False, id="the title again"),
        pytest.param("The bridge on Sunday, from the north.", False, id="a caption"),
        pytest.param("The bridge on Sunday, from the north. Ann Name", False, id="a caption and its credit"),
        pytest.param("The mill on Monday. Photo: Ann Name", False, id="a line that ends with a photo credit"),
        pytest.param("Die Mühle am Montag. Foto: Anna Nahme", False, id="a photo credit, German"),
        pytest.param("Le moulin lundi. © Anne Nom / AFP", False, id="a photo credit, French"),
        pytest.param("Published 22 November 2026, 10:15", False, id="a date"),
        pytest.param("Veröffentlicht am 22. November 2026", False, id="a date, German"),
    ],
)  # fmt: skip
def test_a_standfirst_is_neither_title_nor_caption_nor_date(line, kept):
    figure = "<figure><img src='/b.jpg'><figcaption>The bridge on Sunday, from the north.</figcaption></figure>"
    meta = read(page(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>{figure}"))
    assert (metadata.with_standfirst(meta, line).standfirst == line) is kept
