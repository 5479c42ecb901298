"""When a story was published, told from what the page shows: layouts, labels, other stories, the masthead."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.extract import metadata, text
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.model import Page, Raw

PAGE = Page(Raw("raw/x/page.html", None, "0" * 64), b"", url="https://herald.example/news/river-bridge-closed")
TITLE = "River bridge closed after flood"
TEXT = "The river bridge was closed on Sunday after the flood reached the road, the council said. " * 3
STORY = f"<p>{TEXT}</p>"


def meta(body: str, lang: str = "en", head: str = "", ld: object = None, of: Page = PAGE):
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    html = (
        f'<html lang="{lang}"><head><title>{TITLE} | The Herald</title>{head}{script}</head><body>{body}</body></html>'
    )
    return metadata.of_html(HtmlDoc(html), of)


@pytest.mark.parametrize(
    ("lang", "line", "stamp"),
    [
        pytest.param("en", "<p>Published: 18 November 2026 | Updated: 20 November 2026</p>", "2026-11-18", id="two labels"),
        pytest.param("en", "<p>Updated Nov. 20, 2026 | Published Nov. 18, 2026</p>", "2026-11-18", id="the update first"),
        pytest.param("en", "<p>Last updated 20 Nov 2026, originally created 18 Nov 2026</p>", "2026-11-18", id="originally created"),
        pytest.param("en", "<time>Published 18 November 2026. Last updated 20 November 2026</time>", "2026-11-18", id="in a time element"),
        pytest.param("en", '<p>Updated <time datetime="2026-11-20">Friday</time></p><p>Published <time datetime="2026-11-18">Wednesday</time></p>', "2026-11-18", id="labels outside the elements"),
        pytest.param("en", '<span class="updated">Nov 20, 2026</span> <span class="published">Nov 18, 2026</span>', "2026-11-18", id="classes"),
        pytest.param("en", '<time class="entry-date published updated" datetime="2026-11-18T07:00:00+01:00">Wed</time>', "2026-11-18T07:00:00+01:00", id="one class says both"),
        pytest.param("en", '<abbr class="published" title="2026-11-18T07:00:00+01:00">Wednesday</abbr>', "2026-11-18T07:00:00+01:00", id="abbr"),
        pytest.param("en", "<div>Published:</div><div>November 18, 2026</div>", "2026-11-18", id="the label in the line before"),
        pytest.param("en", "<p>By Ann Name, November 18, 2026</p>", "2026-11-18", id="behind a byline"),
        pytest.param("de", "<p>Erschienen am 18.11.2026, zuletzt bearbeitet am 20.11.2026</p>", "2026-11-18", id="German"),
        pytest.param("nl", "<p>Bijgewerkt: 20 november 2026. Gepubliceerd: 18 november 2026</p>", "2026-11-18", id="Dutch"),
        pytest.param("sv", "<p>Publicerad 18 november 2026. Uppdaterad 20 november 2026</p>", "2026-11-18", id="Swedish"),
        pytest.param("fi", "<p>Päivitetty 20.11.2026. Julkaistu 18.11.2026</p>", "2026-11-18", id="Finnish"),
        pytest.param("cs", "<p>Aktualizováno 20. listopadu 2026, zveřejněno 18. listopadu 2026</p>", "2026-11-18", id="Czech"),
        pytest.param("ru", "<p>Обновлено 20 ноября 2026, опубликовано 18 ноября 2026</p>", "2026-11-18", id="Russian"),
        pytest.param("el", "<p>Ενημέρωση: 20/11/2026 Δημοσίευση: 18/11/2026</p>", "2026-11-18", id="Greek"),
        pytest.param("ja", "<p>公開 2026年11月18日 更新 2026年11月20日</p>", "2026-11-18", id="Japanese"),
        pytest.param("ko", "<p>입력 2026.11.18 07:00 수정 2026.11.20 09:00</p>", "2026-11-18T07:00:00", id="Korean"),
        pytest.param("ar", "<p>تحديث 20 نوفمبر 2026 نشر 18 نوفمبر 2026</p>", "2026-11-18", id="Arabic"),
        pytest.param("hi", "<p>अपडेट: 20 नवंबर 2026 प्रकाशित: 18 नवंबर 2026</p>", "2026-11-18", id="Hindi"),
    ],
)  # fmt: skip
def test_a_label_tells_publication_from_update(lang, line, stamp):
    assert meta(f"<main><h1>{TITLE}</h1><div class='info'>{line}</div>{STORY}</main>", lang).published_at == stamp


STAMP = '<time datetime="2026-11-18T07:00:00+01:00">Wed 18 Nov</time>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<article><h1>{TITLE}</h1><aside data-component='meta'>{STAMP}</aside>{STORY}</article>", id="the article's aside"),
        pytest.param(f"<article><h1>{TITLE}</h1>{STORY}<footer>Posted {STAMP}</footer></article>", id="the article's footer"),
        pytest.param(f"<article><header class='header'>{STAMP}<h1>{TITLE}</h1></header>{STORY}</article>", id="the article's header, before the heading"),
        pytest.param(f"<main><h1>{TITLE}</h1><div class='meta has-comments'>{STAMP}</div>{STORY}</main>", id="beside the comments' count"),
        pytest.param(f"<div class='widget Blog'><h3>{TITLE}</h3>{STAMP}{STORY}{STORY}{STORY}{STORY}</div>", id="a blog that is called a widget"),
        pytest.param(f"<div class='teaser-header'><h1>{TITLE}</h1>{STAMP}</div>{STORY}", id="one box that is called a teaser"),
        pytest.param(f"<h2>{TITLE}</h2>{STAMP}{STORY}<h1>The Herald</h1>", id="the story's heading is an h2"),
    ],
)  # fmt: skip
def test_the_storys_own_date_is_found_where_templates_put_it(body):
    assert meta(body).published_at == "2026-11-18T07:00:00+01:00"


OTHER = '<time datetime="2026-11-29T07:00:00+01:00">29 Nov 2026</time>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<header class='site-header'><span class='date-today'>November 29, 2026</span></header><h1>{TITLE}</h1>{STORY}", id="the masthead's today"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<aside>{OTHER}</aside>", id="sidebar"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<nav>{OTHER}</nav>", id="menu"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<div class='related-stories'>{OTHER}</div>", id="related stories"),
        pytest.param(f"<article><h1>{TITLE}</h1>{STORY}</article><article><h2>Other</h2>{OTHER}</article>", id="another article"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<ol class='comment-list'><li>Bob {OTHER}</li></ol>", id="comment"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<div class='card'>{OTHER}</div><div class='card'>{OTHER}</div>", id="cards"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<footer>© 29 November 2026 The Herald</footer>", id="copyright"),
        pytest.param(f"<h1>{TITLE}</h1><p>Tickets are valid until 29 November 2026</p>{STORY}", id="what a ticket says"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<div class='comments'><meta itemprop='datePublished' content='2026-11-29'></div>", id="a comment's microdata"),
    ],
)  # fmt: skip
def test_the_date_of_something_else_is_not_taken(body):
    assert meta(body).published_at is None


def test_a_teasers_microdata_does_not_stand_before_the_storys_own():
    body = (
        "<div class='related'><meta itemprop='datePublished' content='2026-09-20T16:00:49Z'></div>"
        f"<article><h1>{TITLE}</h1><time itemprop='datePublished' datetime='2026-11-18T16:00-05:00'>Wed</time>{STORY}</article>"
    )
    assert meta(body).published_at == "2026-11-18T16:00:00-05:00"


def test_an_update_is_all_that_is_known():
    found = meta(f"<h1>{TITLE}</h1><p>Last updated: 20 November 2026</p>{STORY}")
    assert found.published_at == "2026-11-20" and "no other date stated" in found.found["published_at"]
    assert found.modified_at is None


@pytest.mark.parametrize(
    ("shown", "stamp"),
    [
        pytest.param('<time datetime="2026-11-21T21:18:11-05:00">Sat</time>', "2026-11-21T21:18:11-05:00", id="offset stated beside"),
        pytest.param("<p>Published November 21, 2026 at 9:18 p.m.</p>", "2026-11-21T21:18:11-05:00", id="local clock"),
        pytest.param("<p>Published 22 November 2026 02:18</p>", "2026-11-22T02:18:11Z", id="readers live by UTC"),
        pytest.param("<p>Published November 21, 2026 at 4:45 p.m.</p>", "2026-11-22T02:18:11Z", id="another moment"),
        pytest.param("", "2026-11-22T02:18:11Z", id="nothing shown"),
    ],
)  # fmt: skip
def test_a_moment_in_utc_gets_the_offset_the_page_states(shown, stamp):
    ld = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-11-22T02:18:11Z"}
    assert meta(f"<h1>{TITLE}</h1>{shown}{STORY}", ld=ld).published_at == stamp


@pytest.mark.parametrize(
    ("lang", "date", "elsewhere", "stamp"),
    [
        pytest.param("en-US", "3/4/2026", "", "2026-03-04", id="region"),
        pytest.param("de", "03/04/2026", "", "2026-04-03", id="language"),
        pytest.param("de", "11/01/2026 12:43:42", "<p>Erstellt am: 01.11.2026</p>", "2026-11-01T12:43:42", id="the page tells otherwise"),
        pytest.param("en", "3/4/2026", "", None, id="nobody knows"),
        pytest.param("en", "3/4/2026", "<a href='/archive/2026-04-03'>more</a>", "2026-04-03", id="the day stands elsewhere"),
    ],
)  # fmt: skip
def test_a_date_in_figures_is_read_as_the_rest_of_the_page_has_it(lang, date, elsewhere, stamp):
    head = f'<meta property="article:published_time" content="{date}">'
    assert meta(f"<h1>{TITLE}</h1>{STORY}{elsewhere}", lang, head).published_at == stamp


def test_a_change_before_the_publication_is_refused_with_a_note():
    ld = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "datePublished": "2026-11-22T06:00:00Z",
        "dateModified": "2026-11-20T06:00:00Z",
    }
    found = meta(STORY, ld=ld)
    assert (found.published_at, found.modified_at) == ("2026-11-22T06:00:00Z", None)
    assert "before it was published" in found.found["modified_at refused"]


def test_a_date_seen_on_the_page_after_its_last_change_is_another_storys():
    head = '<meta property="article:modified_time" content="2026-11-20T06:00:00Z">'
    found = meta(f"<h1>{TITLE}</h1><p>November 29, 2026</p>{STORY}", head=head)
    assert found.published_at is None and "after the last change" in found.found["published_at refused"]


def test_a_day_shown_to_readers_before_the_stamp_in_the_head_is_the_older_truth():
    ld = {"@type": "BlogPosting", "headline": TITLE, "datePublished": "2026-11-22"}
    found = meta(f"<h1>{TITLE}</h1><p class='post-date'>Published April 26, 2023</p>{STORY}", ld=ld)
    assert found.published_at == "2023-04-26" and "before json-ld datePublished" in found.found["published_at"]


def test_a_parsely_page_meta_is_read():
    page = json.dumps({"title": TITLE, "pub_date": "2026-11-18T14:30:00Z", "author": "Carla Name"})
    assert meta(STORY, head=f"<meta name='parsely-page' content='{page}'>").published_at == "2026-11-18T14:30:00Z"


def test_a_doubtful_meta_goes_behind_what_readers_see():
    head = '<meta name="date" content="2026-11-29">'
    assert meta(f"<h1>{TITLE}</h1><p>Published 18 November 2026</p>{STORY}", head=head).published_at == "2026-11-18"
    assert meta(f"<h1>{TITLE}</h1>{STORY}", head=head).published_at == "2026-11-29"
    whole = head.replace("2026-11-29", "2026-11-18T07:00:00+01:00")
    shown = f"<h1>{TITLE}</h1><p>07:00 18 Nov 2026</p>{STORY}"
    assert meta(shown, head=whole).published_at == "2026-11-18T07:00:00+01:00"


def test_given_dates_win():
    assert meta(STORY, of=replace(PAGE, published_at="2026-11-01")).published_at == "2026-11-01"


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        pytest.param("By Ann Name | Published November 18, 2026 7:00 AM", "2026-11-18T07:00:00", None, id="behind a byline"),
        pytest.param("公開日: 2026年11月18日 午後6時05分", "2026-11-18T18:05:00", None, id="Japanese"),
        pytest.param("نشر في: 18 نوفمبر 2026 06:05 م", "2026-11-18T18:05:00", None, id="Arabic"),
        pytest.param("Опубликовано: 18 ноября 2026, 07:00", "2026-11-18T07:00:00", None, id="Russian"),
        pytest.param("입력 2026.11.18 07:00 | 수정 2026.11.20 09:00", "2026-11-18T07:00:00", "2026-11-20T09:00:00", id="Korean, both"),
        pytest.param("Opublikowano 18 listopada 2026, aktualizacja 20 listopada 2026", "2026-11-18", "2026-11-20", id="Polish, both"),
        pytest.param("Sunday, November 29, 2026", None, None, id="the masthead's today"),
        pytest.param("Tickets for 29 November 2026", None, None, id="an event"),
    ],
)  # fmt: skip
def test_plain_text_has_the_dates_its_lines_name(line, published, modified):
    body = text.read(f"{TITLE}\n\n{line}\n\n" + "\n\n".join([TEXT] * 4), title=None)
    assert (body.published_at, body.modified_at) == (published, modified)


def test_a_page_about_a_video_has_the_videos_date_and_one_that_shows_another_has_not():
    video = {"@type": "VideoObject", "name": f"{TITLE} | The Herald", "uploadDate": "2026-11-18T07:00:00+01:00"}
    assert meta(f"<h1>{TITLE}</h1>", ld=video).published_at == "2026-11-18T07:00:00+01:00"
    assert meta(f"<h1>{TITLE}</h1>", ld={**video, "name": "Another film"}).published_at is None


FAR = "<p>Short line.</p>" * 120  # more elements than are looked at by the heading


@pytest.mark.parametrize(
    ("body", "head", "stamp"),
    [
        pytest.param(f"<h1>{TITLE}</h1>{STORY}{FAR}<div>Posted on the 15/11/2026 at 19:00 by Ann</div>", "", "2026-11-15T19:00:00", id="a labelled line at the end"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}{FAR}<p id='pageinfo'>Bridges (last edited 2026-11-15 13:28:18 by Ann)</p>", "", "2026-11-15T13:28:18", id="a wiki's last edit"),
        pytest.param(f"<h1>{TITLE}</h1>{FAR}<p>15 November 2026</p>{STORY}", "", "2026-11-15", id="a line that is a date"),
        pytest.param(f"<h1>{TITLE}</h1>{FAR}<p>15 November 2026</p><p>16 November 2026</p>{STORY}", "", None, id="two such lines: a list"),
        pytest.param(f"<h1>{TITLE}</h1><p>Lunde, (15.11.2026). {TEXT}</p>", "", "2026-11-15", id="dateline in brackets"),
        pytest.param(f"<h1>{TITLE}</h1><p>LUNDE, 15 November 2026 – {TEXT}</p>", "", "2026-11-15", id="dateline with a dash"),
        pytest.param(f"<h1>{TITLE}</h1><p>On 15 November 2026 the council said so. {TEXT}</p>", "", None, id="a sentence begins with its day"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", f'<meta property="og:title" content="15.11.2026 | {TITLE}">', "2026-11-15", id="before a bar in the title"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<script>{"x":"{\\"datePublished\\":\\"2026-11-15T09:00:00Z\\"}"}</script>', "2026-11-15T09:00:00Z", id="an application's state"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<script type="application/ld+json">{"a": "b" "datePublished": "2026-11-15", }</script>', "2026-11-15", id="json-ld that is broken"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<meta property="og:image" content="https://cdn.example/2026/11/15/pier.jpg">', "2026-11-15", id="the shared picture's address"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<meta property="og:image" content="https://cdn.example/uploads/2026/11/pier.jpg">', None, id="a month in a picture's address"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<script>[{"publishedAt":"2026-11-15"},{"publishedAt":"2026-11-16"}]</script>', None, id="a state with several stories"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<script type="application/ld+json">{"@type":"HowTo","datePublished":"2026-11-15"}</script>', "2026-11-15", id="json-ld of another type"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}", '<script type="application/ld+json">{"@type":"Event","datePublished":"2026-11-15"}</script>', None, id="an event's json-ld"),
        pytest.param(f"<h1>{TITLE}<br><small>15.11.2026 • Lunde</small></h1>{STORY}", "", "2026-11-15", id="small print of the heading"),
        pytest.param(f"<div class='t'>{TITLE}</div><p>Nov 15, 2026</p><p>6 min read</p>{STORY}", "", "2026-11-15", id="no heading but a box with the title"),
        pytest.param(f"<h1>{TITLE}</h1><p>November 15, 2026 - 11 minutes</p>{STORY}", "", "2026-11-15", id="minutes to read are no second day"),
        pytest.param(f"<h1>{TITLE}</h1><div>By</div><div>Summer Swann</div><div>June 12, 2026</div>{STORY}", "", "2026-06-12", id="a name that ends in a label's letters"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}{FAR}<article><h2>Other</h2><p>Posted on 15 November 2026</p></article>", "", None, id="another article's label"),
    ],
)  # fmt: skip
def test_where_no_usual_place_states_a_date_others_are_asked(body, head, stamp):
    assert meta(f"<main>{body}</main>", head=head).published_at == stamp


TEASER = "<a href='/news/other'>Harbour board votes for a new pier of stone</a>"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<div><li>{TEASER}<time datetime='2026-11-29'>29 Nov</time></li></div>", id="behind its headline"),
        pytest.param(f"<div><div><p>November 29, 2026</p><h4>{TEASER}</h4></div></div>", id="before its headline"),
        pytest.param(f"<div><div class='n'><div>{TEASER}</div><div class='article-date'><span>29.11.2026</span></div></div></div>", id="in boxes of its own"),
    ],
)  # fmt: skip
def test_a_date_beside_another_headline_is_that_storys(body):
    assert meta(f"<h1>{TITLE}</h1>{body}{STORY}").published_at is None
    own = f"<h1>{TITLE}</h1><div><p>Published November 18, 2026</p><a href='/ann'>Ann Name, who writes about bridges</a></div>"
    assert meta(f"{own}{body}{STORY}").published_at == "2026-11-18"


@pytest.mark.parametrize(
    ("host", "said", "stamp"),
    [
        pytest.param("bote.example.de", "2026-11-04T23:00:00Z", "2026-11-05", id="German, winter"),
        pytest.param("bote.example.de", "2026-07-04T22:00:00Z", "2026-07-05", id="German, summer"),
        pytest.param("bote.example.de", "2026-07-04T23:00:00Z", "2026-07-04T23:00:00Z", id="one in the morning"),
        pytest.param("bote.example.de", "2026-11-04T23:00:07Z", "2026-11-04T23:00:07Z", id="a moment"),
        pytest.param("shimbun.example.jp", "2026-11-04T15:00:00Z", "2026-11-05", id="Japanese"),
        pytest.param("herald.example.com", "2026-11-04T23:00:00Z", "2026-11-04T23:00:00Z", id="a site of no country"),
    ],
)
def test_a_local_midnight_in_utc_is_the_day_it_stands_for(host, said, stamp):
    page = replace(PAGE, url=f"https://{host}/news/river-bridge-closed")
    html = f'<html><head><meta property="article:published_time" content="{said}"></head><h1>{TITLE}</h1>{STORY}</html>'
    assert metadata.of_html(HtmlDoc(html, page.url), page).published_at == stamp


def test_a_change_an_hour_before_the_publication_is_a_confusion_of_zones():
    head = '<meta property="dateModified" content="2026-11-18 10:13:51 -0400">'
    shown = '<time property="datePublished" class="published" datetime="2026-11-18T10:12:00-05:00">Published</time>'
    found = meta(f"<h1>{TITLE}</h1>{shown}{STORY}", head=head)
    assert (found.published_at, found.modified_at) == ("2026-11-18T10:12:00-05:00", None)
