"""Who wrote a story, told from bylines as templates and languages put them, and who only seems to have."""

from __future__ import annotations

import json

import pytest

from pipeline.extract import metadata
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.metadata.names import names
from pipeline.model import Page, Raw

PAGE = Page(Raw("raw/x/page.html", None, "0" * 64), b"", url="https://herald.example/news/river-bridge-closed")
TITLE = "River bridge closed after flood"
TEXT = "The river bridge was closed on Sunday after the flood reached the road, the council said. " * 3
STORY = f"<p>{TEXT}</p>"


def meta(body: str, lang: str = "en", head: str = "", ld: object = None):
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    html = (
        f'<html lang="{lang}"><head><title>{TITLE} | The Herald</title>{head}{script}</head><body>{body}</body></html>'
    )
    return metadata.of_html(HtmlDoc(html), PAGE)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        pytest.param("By Ann Name, Ben Other and Petra Third December 16, 2026", ["Ann Name", "Ben Other", "Petra Third"], id="date glued on"),
        pytest.param("Ann Name, November 18", ["Ann Name"], id="month and day"),
        pytest.param("Von Eva Nahme 18. November 2026", ["Eva Nahme"], id="German"),
        pytest.param("Par Anne Nom, 18 novembre 2026 à 07:00", ["Anne Nom"], id="French"),
        pytest.param("Por Ana Nombre 18 de noviembre de 2026", ["Ana Nombre"], id="Spanish"),
        pytest.param("Ann Name 1 day ago", ["Ann Name"], id="some time ago"),
        pytest.param("Ann Name vor 2 Stunden", ["Ann Name"], id="some time ago, German"),
        pytest.param("Ann Name / Updated: Oct 9, 2026, 10:15 IST / Size Small Medium Large", ["Ann Name"], id="update and buttons"),
        pytest.param("Nov 18 Written By Ann Name", ["Ann Name"], id="date first"),
        pytest.param("By Ann Name; Photos by Bo Other", ["Ann Name"], id="photographer"),
        pytest.param("By Ann Name / Photography by Bo Other", ["Ann Name"], id="photographer behind a slash"),
        pytest.param("Text: Anna Nahme | Fotos: Bert Ander", ["Anna Nahme"], id="German photographer"),
        pytest.param("By Ann Name Medically reviewed by Bo Other, MD", ["Ann Name"], id="reviewer"),
        pytest.param("Anne Nom (avec Benoît Autre)", ["Anne Nom"], id="with a helper"),
        pytest.param("Bruno (Bru) Name", ["Bruno (Bru) Name"], id="nickname in brackets"),
        pytest.param("Ann Name (Herald)", ["Ann Name"], id="outlet in brackets"),
        pytest.param("Center for Bridge Evaluation and Research", ["Center for Bridge Evaluation and Research"], id="a body with a long name"),
        pytest.param("This post was written by Ann Name", ["Ann Name"], id="a sentence"),
        pytest.param("Piše: P. Name prije", ["P. Name"], id="Bosnian"),
        pytest.param("Contributors: Ann Name", ["Ann Name"], id="contributors"),
        pytest.param("Ann Name, MS, RD", ["Ann Name, MS, RD"], id="degrees behind commas"),
        pytest.param("Ann Name, M.D. and Ben Other, DVM", ["Ann Name, M.D.", "Ben Other, DVM"], id="degrees of two"),
        pytest.param("Ann Name, CPA, Herald staff writer", ["Ann Name, CPA"], id="a licence, then a role"),
        pytest.param("Ann Name, BBC", ["Ann Name"], id="a broadcaster is no degree"),
        pytest.param("Ann Name as told to Ben Other", ["Ann Name", "Ben Other"], id="told to somebody"),
        pytest.param("Ann B. Name CPP", ["Ann B. Name"], id="a degree glued on"),
        pytest.param("Ann Name III", ["Ann Name III"], id="the third of her name"),
        pytest.param("“Ann Name”", ["Ann Name"], id="in quotation marks"),
        pytest.param("Sat", [], id="a day cut short"),
        pytest.param("content", [], id="a role's word"),
        pytest.param("More stories by Ann Name", ["Ann Name"], id="more stories by"),
        pytest.param("More Ann Name", ["Ann Name"], id="more"),
        pytest.param("Ann Name Get author RSS feed", ["Ann Name"], id="feed button"),
        pytest.param("Ann Name Senior Content Strategist", ["Ann Name"], id="job glued on"),
        pytest.param("Ann Name Founder and CEO", ["Ann Name"], id="founder"),
        pytest.param("Ann Name, Master Gardener", ["Ann Name"], id="job behind a comma"),
        pytest.param("［田中一郎，ルンデ新聞］", ["田中一郎"], id="Japanese brackets"),
        pytest.param("【记者 王小明】", ["王小明"], id="Chinese reporter"),
        pytest.param("Privacy Policy", [], id="a link of the footer"),
        pytest.param("Photos by Bo Other", [], id="only the photographer"),
        pytest.param("Link copied", [], id="a button"),
        pytest.param("Saturday", [], id="a day"),
        pytest.param("Ann NameNovember 18, 2026", ["Ann Name"], id="a date glued on"),
        pytest.param("Ann Name, CEPF®", ["Ann Name, CEPF®"], id="a registered title"),
        pytest.param("Ann Name, Head of Roads and Community Development", ["Ann Name"], id="a position with an and"),
        pytest.param("By Ann Name, DVM. Reviewed by Bo Other, DVM", ["Ann Name, DVM"], id="a reviewer in the next sentence"),
        pytest.param("By Ann Name · In: Sides", ["Ann Name"], id="a category behind a label"),
        pytest.param("[룬데신문 홍길동 기자]", ["홍길동"], id="Korean brackets with the outlet"),
        pytest.param("記者王小明／台北報導", ["王小明"], id="Taiwanese reporter and place"),
        pytest.param("（责任编辑：王小明、李华）", ["王小明", "李华"], id="Chinese editors"),
        pytest.param("लेखक: अमित शर्मा", ["अमित शर्मा"], id="Hindi, with vowel signs"),
        pytest.param("ავტორი: ნინო ბერიძე", ["ნინო ბერიძე"], id="Georgian has no capitals"),
    ],
)  # fmt: skip
def test_a_byline_is_cut_down_to_its_people(said, people):
    assert names(said, strict=said.startswith(("［", "【"))) == people or names(said, strict=True) == people


@pytest.mark.parametrize(
    ("body", "people"),
    [
        pytest.param(f"<h1>{TITLE}</h1><p class='byline'>By <a href='/author/ann'>Ann Name</a> Town Gazette</p>{STORY}", ("Ann Name",), id="the link says who"),
        pytest.param(f"<h1>{TITLE}</h1><p class='byline'>By <a href='/author/ann'>Ann Name</a> and Ben Other</p>{STORY}", ("Ann Name", "Ben Other"), id="one linked, one not"),
        pytest.param(f"<h1>{TITLE}</h1><div class='byline'><span>Ann Mc</span>Name<div>Reporter</div></div>{STORY}", ("Ann McName",), id="markup inside a name"),
        pytest.param(f"<article><h1>{TITLE}</h1>{STORY}<footer>By <a rel='author' href='/x'>Ann Name</a></footer></article>", ("Ann Name",), id="the article's footer"),
        pytest.param(f"<article><h1>{TITLE}</h1><aside data-component='meta'><a href='/profile/ann'>Ann Name</a></aside>{STORY}</article>", ("Ann Name",), id="the article's aside"),
        pytest.param(f"<h1>{TITLE}</h1><p>By Ann Name</p>{STORY}", ("Ann Name",), id="nothing marked"),
        pytest.param(f"<h1>{TITLE}</h1><div id='byline'><b>［田中一郎，ルンデ新聞］</b></div>{STORY}", ("田中一郎",), id="marked by its id"),
        pytest.param(f"<h1>{TITLE}</h1><p>{TEXT} <a href='/people/sigrun'>Sigrun Name</a> {TEXT}</p>", (), id="a person in running text"),
        pytest.param(f"<ul><li><a href='/columnists/andy'>Andy Else</a></li></ul><div>{'<i></i>' * 60}</div><h1>{TITLE}</h1><p class='byline'>Ben Other</p>{STORY}", ("Ben Other",), id="columnists in a menu"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<div class='related'><p class='byline'>By Xavier Else</p></div>", (), id="a teaser's byline"),
        pytest.param(f"<h1>{TITLE}</h1>{STORY}<div class='comments'><span class='author'>Xavier Else</span></div>", (), id="a comment's author"),
    ],
)  # fmt: skip
def test_the_byline_is_the_storys_own(body, people):
    assert meta(body).authors == people


@pytest.mark.parametrize(
    ("body", "people"),
    [
        pytest.param("<p>Written by</p><p>Ann Name</p>", ("Ann Name",), id="label and name in two lines"),
        pytest.param("<p>Written by Ann Name</p>", ("Ann Name",), id="written by, at the end"),
        pytest.param("<div>This post was written by Ann Name, Head of Bridges</div>", ("Ann Name",), id="a sentence"),
        pytest.param("<h5>More from Ann Name</h5>", ("Ann Name",), id="more from"),
        pytest.param("<div><strong>Contributors:</strong> Ann Name</div>", ("Ann Name",), id="contributors"),
        pytest.param('<ul><li><i class="bi bi-person"></i> Ann Name </li></ul>', ("Ann Name",), id="a person's icon"),
        pytest.param('<ul><li><i class="bi bi-clock"></i> Bridge News </li></ul>', (), id="another icon"),
        pytest.param("<p>Written by hand, the letter says that the bridge is old and that the river is wide.</p>", (), id="a sentence that begins so"),
        pytest.param("<div class='related'><p>Written by Xavier Else</p></div>", (), id="a teaser's"),
    ],
)  # fmt: skip
def test_a_line_anywhere_in_the_story_may_name_its_author(body, people):
    assert meta(f"<main><h1>{TITLE}</h1>{STORY}{'<p>Short line.</p>' * 140}{body}</main>").authors == people


@pytest.mark.parametrize(
    ("head", "ld", "body", "people"),
    [
        pytest.param("", {"author": {"@type": "Person", "name": "Watermark feed"}}, "<p class='byline'>By Eli Name</p>", ("Eli Name",), id="a feed's account"),
        pytest.param('<meta name="author" content="NOC Admin">', None, "<p class='byline'>By Eli Name</p>", ("Eli Name",), id="an administrator"),
        pytest.param('<meta name="author" content="kb_redaktion">', None, "", ("kb_redaktion",), id="an account where there is nobody else"),
        pytest.param("", {"author": {"givenName": "Ann", "familyName": "Name"}}, "", ("Ann Name",), id="given and family name"),
        pytest.param("", {"author": "Ann Name, November 18"}, "", ("Ann Name",), id="date in JSON-LD"),
        pytest.param('<meta name="author" content="The Herald"><meta name="author" content="Ann Name">', None, "", ("Ann Name",), id="two metas"),
        pytest.param('<meta name="dc.creator" content="Ann Name"><meta name="dc.creator" content="Ben Other">', None, "", ("Ann Name", "Ben Other"), id="two metas of one name"),
        pytest.param('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Name">', None, "", ("Ann Name",), id="twitter's label"),
        pytest.param('<meta name="twitter:label1" content="Est. reading time"><meta name="twitter:data1" content="3 minutes">', None, "", (), id="reading time"),
        pytest.param("<meta name='parsely-page' content='{\"author\": \"Ann Name\"}'>", None, "", ("Ann Name",), id="parsely-page"),
        pytest.param('<meta name="author" content="Valley Ledger Staff">', None, "", ("Valley Ledger Staff",), id="a team where there is nobody else"),
        pytest.param("", None, "<div class='rel'><meta itemprop='author' content='Bella Else'></div><p class='byline'>By Eli Name</p>", ("Eli Name",), id="a teaser's microdata"),
    ],
)  # fmt: skip
def test_people_go_before_accounts_and_outlets(head, ld, body, people):
    node = {"@type": "NewsArticle", "headline": TITLE, **ld} if ld else None
    assert meta(f"<h1>{TITLE}</h1>{body}{STORY}", head=head, ld=node).authors == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        pytest.param("Автор: Иван Петров", ("Иван Петров",), id="Russian"),
        pytest.param("Пише: Марко Петровић", ("Марко Петровић",), id="Serbian"),
        pytest.param("بقلم: أحمد منصور", ("أحمد منصور",), id="Arabic"),
        pytest.param("كتب: أحمد منصور", ("أحمد منصور",), id="Arabic, wrote"),
        pytest.param("نویسنده: رضا کریمی", ("رضا کریمی",), id="Persian"),
        pytest.param("מאת דנה לוי", ("דנה לוי",), id="Hebrew"),
        pytest.param("Γράφει ο Νίκος Παπαδάκης", ("Νίκος Παπαδάκης",), id="Greek"),
        pytest.param("Haber: Ayşe Demir", ("Ayşe Demir",), id="Turkish"),
        pytest.param("Írta: Kovács Anna", ("Kovács Anna",), id="Hungarian"),
        pytest.param("Teksti: Anna Virtanen", ("Anna Virtanen",), id="Finnish"),
        pytest.param("Autorius: Jonas Kazlauskas", ("Jonas Kazlauskas",), id="Lithuanian"),
        pytest.param("A cura di Anna Rossi", ("Anna Rossi",), id="Italian"),
        pytest.param("Tác giả: Nguyễn Văn An", ("Nguyễn Văn An",), id="Vietnamese"),
        pytest.param("Oleh: Budi Santoso", ("Budi Santoso",), id="Indonesian"),
        pytest.param("โดย สมชาย ใจดี", ("สมชาย ใจดี",), id="Thai"),
        pytest.param("লেখক: রহিম উদ্দিন", ("রহিম উদ্দিন",), id="Bengali"),
        pytest.param("文・渡辺洋介", ("渡辺洋介",), id="Japanese"),
        pytest.param("渡辺洋介記者", ("渡辺洋介",), id="Japanese, role behind"),
        pytest.param("记者：王小明", ("王小明",), id="Chinese"),
        pytest.param("홍길동 기자", ("홍길동",), id="Korean"),
        pytest.param("Petra Reevell, Staff Writer", ("Petra Reevell",), id="name and role"),
        pytest.param("by ibby", ("ibby",), id="one word in small letters"),
        pytest.param("DA NON PERDERE", (), id="words that begin as a byline does"),
        pytest.param("Text Generation API", (), id="a label without its colon"),
    ],
)  # fmt: skip
def test_a_line_is_a_byline_in_the_language_of_its_newspaper(line, people):
    assert meta(f"<main><h1>{TITLE}</h1><p>{line}</p>{STORY}</main>").authors == people


@pytest.mark.parametrize(
    "name", ["auteur", "forfatter", "skribent", "yazar-adi", "penulis", "szerzo", "kirjoittaja", "article__reporter", "contributor-name"]
)  # fmt: skip
def test_a_class_is_a_bylines_in_other_languages(name):
    assert meta(f"<h1>{TITLE}</h1><div class='{name}'>Petra Reevell</div>{STORY}").authors == ("Petra Reevell",)


@pytest.mark.parametrize(
    ("before", "behind", "people"),
    [
        pytest.param("", "<p style='text-align:right'><strong>Anna Petrov</strong></p>", ("Anna Petrov",), id="on the right"),
        pytest.param("", "<p><em>Anna Petrov</em></p>", ("Anna Petrov",), id="in italics"),
        pytest.param("<p><strong>Anna Petrov/Peter Holm</strong></p>", "", ("Anna Petrov", "Peter Holm"), id="two before the story"),
        pytest.param("<p><strong>Lower Town</strong></p>", "", (), id="a place is no person"),
        pytest.param("", "<p>Anna Petrov</p>", (), id="not set apart"),
        pytest.param("", "<figure><img src='/a.jpg'><figcaption><p style='text-align:right'>Anna Petrov</p></figcaption></figure>", (), id="under a picture"),
        pytest.param("", "<p style='text-align:right'>© Anna Petrov</p>", (), id="with a copyright sign"),
        pytest.param("<div><p>Anna Petrov</p><p>23.07.2026</p></div>", "", ("Anna Petrov",), id="beside a date"),
        pytest.param("<div><span>2026-12-17</span> · <a title='Anna Petrov'>Anna Petrov</a></div>", "", ("Anna Petrov",), id="behind a date"),
        pytest.param("<div><img src='/p.jpg' alt='Anna Petrov, writer'><div><p>Anna Petrov</p><p>Tech</p></div></div>", "", ("Anna Petrov",), id="beside a portrait"),
        pytest.param("<div><a href='/athlete/12'>Anna Petrov</a> <span>17 Dec 2026</span></div>", "", (), id="a link to somebody in the news"),
        pytest.param("<div><p>Read also now</p><p>23.07.2026</p></div>", "", (), id="a label beside a date"),
        pytest.param("<div><p>Anna Petrov</p><p>Ferry engineer</p></div>", "", (), id="a name beside no date"),
        pytest.param("", f"<div class='blog_author-wrapper'><div>Anna Petrov</div><div>{TEXT * 3}</div></div>", ("Anna Petrov",), id="a box about the author"),
    ],
)  # fmt: skip
def test_a_page_without_byline_may_be_signed(before, behind, people):
    assert meta(f"<main><h1>{TITLE}</h1>{before}{STORY * 2}{behind}</main>").authors == people


def test_a_byline_names_those_whom_the_head_left_out():
    body = "<p class='byline'>By <span>Anna Petrov</span> and Peter Holm, Herald</p>"
    ld = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "Anna Petrov"}}
    assert meta(f"<h1>{TITLE}</h1>{body}{STORY}", ld=ld).authors == ("Anna Petrov", "Peter Holm")


OUTLET = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "The Herald"}}
ADMIN = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "author": {"@id": "https://herald.example/author/admin/", "name": "Lunde D"},
}


@pytest.mark.parametrize(
    ("ld", "line", "people"),
    [
        pytest.param(OUTLET, "<p><strong>Mpho Tlalane</strong></p>", ("Mpho Tlalane",), id="the outlet"),
        pytest.param(OUTLET, "<p><b>Mpho Tlalane/Nthati Sekhohola</b></p>", ("Mpho Tlalane", "Nthati Sekhohola"), id="two reporters"),
        pytest.param(ADMIN, "<p><strong>NTHATI SEKHOHOLA&nbsp;</strong></p>", ("NTHATI SEKHOHOLA",), id="the administrator's account"),
        pytest.param(OUTLET, "<p><strong>Flood Reached</strong></p>", ("The Herald",), id="words of the story"),
        pytest.param(OUTLET, "<p><strong>Lunde News</strong></p>", ("The Herald",), id="a section"),
        pytest.param(OUTLET, "<p>Mpho Tlalane</p>", ("The Herald",), id="not set apart"),
        pytest.param(ADMIN, "", ("Lunde D",), id="nobody else"),
    ],
)  # fmt: skip
def test_where_one_account_signs_for_all_the_name_before_the_story_counts(ld, line, people):
    assert meta(f"<main><h1>{TITLE}</h1>{line}{STORY * 2}</main>", ld=ld).authors == people


@pytest.mark.parametrize(
    ("title", "home", "foot", "host", "people"),
    [
        pytest.param("On ferries | Anna Petrov", "", "", "petrov", ("Anna Petrov",), id="title"),
        pytest.param("On ferries", "<a href='/'>Anna Petrov</a>", "", "annapetrov", ("Anna Petrov",), id="link home"),
        pytest.param("On ferries", "", "<footer>© 2026 Anna Petrov. All rights reserved.</footer>", "anna-petrov", ("Anna Petrov",), id="copyright"),
        pytest.param("On ferries", "", "<footer>Copyright 2019-2026 Nils Petrov</footer>", "blog.nilspetrov", ("Nils Petrov",), id="copyright in words"),
        pytest.param("On ferries | Anna Petrov", "", "", "herald", (), id="another host"),
        pytest.param("On ferries | Petrov News", "", "", "petrovnews", (), id="a newspaper"),
        pytest.param("On ferries | Park University", "", "", "park", (), id="a university"),
    ],
)  # fmt: skip
def test_a_site_named_after_a_person_is_written_by_that_person(title, home, foot, host, people):
    page = Page(Raw("raw/x/page.html", None, "0" * 64), b"", url=f"https://{host}.example/notes/on-ferries")
    html = f"<html><head><title>{title}</title></head><body>{home}<h1>On ferries</h1>{STORY}{foot}</body></html>"
    assert metadata.of_html(HtmlDoc(html), page).authors == people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        pytest.param("<p class='byline'>By Anna Petrov</p><p class='byline'>Photography by Peter Holm</p>", ("Anna Petrov",), id="photography by"),
        pytest.param("<p class='byline'>By Anna Petrov</p><p class='author'>Photos: Peter Holm</p>", ("Anna Petrov",), id="photos"),
        pytest.param("<p class='author'>Text: Anna Petrov | Fotos: Peter Holm</p>", ("Anna Petrov",), id="in one line, German"),
        pytest.param("<p class='byline'>By Anna Petrov, illustrated by Peter Holm</p>", ("Anna Petrov",), id="illustrated by"),
        pytest.param("<p class='byline'>By Anna Petrov and Peter Holm</p>", ("Anna Petrov", "Peter Holm"), id="two writers"),
    ],
)  # fmt: skip
def test_whoever_took_the_pictures_is_no_author_though_the_head_names_both(byline, people):
    both = [{"@type": "Person", "name": "Anna Petrov"}, {"@type": "Person", "name": "Peter Holm"}]
    ld = {"@type": "NewsArticle", "headline": TITLE, "author": both}
    assert meta(f"<h1>{TITLE}</h1>{byline}{STORY}", ld=ld).authors == people


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        pytest.param("<p class='byline'>By <a href='/author/ann'>Ann Name</a>. Reviewed by <a href='/author/bo'>Bo Other</a></p>", ("Ann Name",), id="a reviewer's link"),
        pytest.param("<p class='byline'><a href='/author/the-herald'>The Herald</a></p><p><a href='https://talk.example/profiles/ann-name-12'>Ann Name</a>, <em>Lunde College</em></p>", ("Ann Name",), id="the outlet's link first"),
        pytest.param("<p><span class='story-byline'>Posted by FerryFan<br>from the harbour desk</span></p>", ("FerryFan",), id="an account, then a joke"),
        pytest.param("<h6>Author(s)</h6><ul><li><a href='/?a=1'>Ann B. Name</a></li><li><a href='/?a=2'>Bo C. Other</a></li></ul>", ("Ann B. Name", "Bo C. Other"), id="a label and a list"),
        pytest.param("<p class='byline'>By Ann Name, HERALD Lunde</p>", ("Ann Name",), id="the outlet's local desk"),
    ],
)  # fmt: skip
def test_links_and_labels_name_writers_alone(byline, people):
    assert meta(f"<main><h1>{TITLE}</h1>{byline}{STORY}</main>").authors == people
