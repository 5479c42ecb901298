"""The title readers see: the printed heading, not the masthead's, the section's or the search engine's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.extract import metadata
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.model import Page, Raw

PAGE = Page(Raw("raw/x/page.html", None, "0" * 64), b"", url="https://herald.example/news/river-bridge-closed")
TITLE = "River bridge closed after flood"


LONG = "The river bridge was closed on Sunday after the flood reached the road, the council said. "


def title(head: str, body: str, ld: object = None, of: Page = PAGE) -> str | None:
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld is not None else ""
    return metadata.of_html(
        HtmlDoc(f"<html><head>{head}{script}</head><body>{body}<p>Text.</p></body></html>"), of
    ).title


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(f"<title>{TITLE} | Herald</title>", f'<h1><a href="/">Harbour Notes</a></h1><h2>{TITLE}</h2>', TITLE, id="the masthead links home"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1 class='site-title'>Harbour Notes</h1><h2>{TITLE}</h2>", TITLE, id="the masthead by its class"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1>Harbour Notes</h1><h2>{TITLE}</h2>", TITLE, id="the masthead by what others say"),
        pytest.param(f"<title>{TITLE} - Bridges Centre</title>", f"<h1>Bridges Centre</h1><h3>{TITLE}</h3>", TITLE, id="the section"),
        pytest.param(f"<title>{TITLE}</title>", f"<h1>Hi, I'm Nils.</h1><h2>{TITLE}</h2>", TITLE, id="a greeting"),
        pytest.param("<title>这个港口决定用石料重建渡轮码头_港口_伦德日报</title>", "<h1 class='hidden'>伦德日报</h1><h2>这个港口决定用石料重建渡轮码头</h2>", "这个港口决定用石料重建渡轮码头", id="a hidden site name, Chinese"),
        pytest.param("<title>Мост закрыт после наводнения - Луннский курьер</title>", "<h1>Мост закрыт после наводнения</h1>", "Мост закрыт после наводнения", id="Russian suffix"),
        pytest.param("<title>橋が洪水で閉鎖｜ルンデ新聞</title>", "<h1>橋が洪水で閉鎖</h1>", "橋が洪水で閉鎖", id="Japanese suffix"),
        pytest.param("<title>الجسر مغلق بعد الفيضان | صحيفة لوند</title>", "<h1>الجسر مغلق بعد الفيضان</h1>", "الجسر مغلق بعد الفيضان", id="Arabic suffix"),
        pytest.param("<title>홍수로 다리 폐쇄 - 룬데신문</title>", "<h1>홍수로 다리 폐쇄</h1>", "홍수로 다리 폐쇄", id="Korean suffix"),
        pytest.param(f'<meta property="og:title" content="Herald"><title>{TITLE}</title>', f"<h1>{TITLE}</h1>", TITLE, id="a site-wide og:title"),
        pytest.param(f'<meta name="application-name" content="{TITLE}"><meta property="og:title" content="{TITLE}"><title>{TITLE}</title>', f"<h1>{TITLE}</h1>", TITLE, id="application-name repeats it"),
        pytest.param("<title>CO2 tax | Herald</title>", "<h1>CO<sub>2</sub> tax makes ferries dearer</h1>", "CO2 tax makes ferries dearer", id="markup inside a word"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1><span>Flood:</span><span>{TITLE}</span></h1>", TITLE, id="a kicker in a span"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1>Weather {TITLE}</h1>", TITLE, id="a kicker without a mark"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1>Weather / {TITLE}</h1>", TITLE, id="a kicker before a stroke"),
        pytest.param(f"<title>{TITLE} | Herald</title>", f"<h1>Nov 18 2026 {TITLE}</h1>", TITLE, id="a date in the heading"),
        pytest.param("<title>River bridges of Lunde</title>", "<h1>The river bridges of Lunde</h1>", "The river bridges of Lunde", id="an article is no kicker"),
        pytest.param("<title>River bridges of Lunde</title>", "<h1>2026 river bridges of Lunde</h1>", "2026 river bridges of Lunde", id="a number is no kicker"),
        pytest.param("<title>Who pays for the bridge</title>", "<h1>After the flood: who pays for the bridge</h1>", "After the flood: who pays for the bridge", id="a clause before a colon is the title's"),
        pytest.param(f"<title>{TITLE} | Weather and roads | The Herald</title>", f"<h1>{TITLE} | Weather and roads | The Herald</h1>", TITLE, id="sections and site behind bars"),
        pytest.param(f"<title>{TITLE} | Opinion</title>", f"<h1>{TITLE} | Opinion</h1>", TITLE, id="a section behind a bar"),
        pytest.param(f"<title>{TITLE} | Ferry Tyres</title>", "", TITLE, id="a name behind a bar that nobody states"),
        pytest.param("<title>30.11. | Book of the week</title>", "<h1>30.11. | Book of the week</h1>", "30.11. | Book of the week", id="a short piece before a bar"),
        pytest.param("<title>BUDGET 3.0 | Tax office hires an army of debt collectors</title>", "<h1>BUDGET 3.0 | Tax office hires an army of debt collectors</h1>", "BUDGET 3.0 | Tax office hires an army of debt collectors", id="a long piece behind a bar"),
        pytest.param("<title>High tide | ferrymarket.com</title>", "", "High tide", id="a host behind a bar"),
        pytest.param(f'<meta property="og:site_name" content="Harbour Notes"><title>{TITLE} ‹ Harbour Notes</title>', "", TITLE, id="an angle before the site"),
        pytest.param(f'<meta property="og:site_name" content="Harbour Notes"><title>{TITLE} >> Harbour Notes</title>', "", TITLE, id="two angles before the site"),
        pytest.param(f"<title>{TITLE}</title>", "<h1>Open Menu Close Menu</h1>", TITLE, id="a menu's heading"),
        pytest.param('<meta property="og:title" content="Fruit and vegetables">', "<h1>Quicklinks</h1>", "Fruit and vegetables", id="a label for a heading"),
        pytest.param('<meta property="og:title" content="Who repairs our bridges?">', f"<p>{LONG}</p><p>{LONG}</p><h1>A word from the council's engineer</h1>", "Who repairs our bridges?", id="a heading within the story"),
        pytest.param("<title>Bridge, road and rail - The Lunde Language</title>", "<h1>The Lunde Blog</h1><h1>Bridge, road and rail</h1>", "Bridge, road and rail", id="the second heading says it to the letter"),
        pytest.param("<title>River bridge closed after flood - Herald</title>", "<h1>river bridge closed after flood</h1>", TITLE, id="a capital by a style sheet"),
    ],
)  # fmt: skip
def test_the_title_is_what_readers_see(head, body, expected):
    assert title(head, body) == expected


def test_the_printed_heading_goes_before_the_search_engines():
    ld = {"@type": "NewsArticle", "headline": "Bridge closed: what you need to know about the flood"}
    head = f'<meta property="og:title" content="{TITLE}"><title>Bridge closed: what you need to know about the flood</title>'
    assert title(head, f"<h1>{TITLE}</h1>", ld) == TITLE


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        pytest.param("Best river bridges: all you need to know", "The ten best river bridges, as our readers know them", id="filled by a plugin for search engines"),
        pytest.param("Best river bridges: all you need to know - Herald", "Best river bridges: all you need to know", id="the site's name behind it: the outlet's own"),
    ],
)  # fmt: skip
def test_a_headline_that_fills_every_place_to_the_letter_gives_way_to_the_printed_one(filled, expected):
    ld = {"@type": "Article", "headline": "Best river bridges: all you need to know"}
    head = f'<title>{filled}</title><meta property="og:title" content="{filled}">'
    assert title(head, "<h1>The ten best river bridges, as our readers know them</h1>", ld) == expected


def test_a_spelling_that_lost_its_colon_gives_way():
    ld = {"@type": "NewsArticle", "headline": "Flood: bridge closed on Sunday"}
    assert (
        title("", "<h1><span>Flood</span> : <span>bridge closed on Sunday</span></h1>", ld)
        == "Flood: bridge closed on Sunday"
    )


def test_a_headline_that_is_cut_gives_way():
    ld = {"@type": "NewsArticle", "headline": "River bridge closed after flood reaches the road and the..."}
    whole = "River bridge closed after flood reaches the road and the station"
    assert title(f"<title>{whole} | Herald</title>", f"<h1>{whole}</h1>", ld) == whole


def test_a_headline_cut_at_the_length_that_search_engines_take_gives_way():
    whole = "The river bridge was closed on Sunday after the flood reached the road to the station, the school and the old market"
    ld = {"@type": "NewsArticle", "headline": whole[:104].rstrip()}
    head = f'<meta property="og:title" content="{whole}"><title>{whole}</title>'
    assert title(head, "", ld) == whole


def test_a_colon_glued_to_its_next_word_gives_way_in_scripts_with_vowel_signs():
    ld = {"@type": "NewsArticle", "headline": "दो पुलों को पकड़ा: दो दिन में खुलासा"}
    assert title("", "<h1>दो पुलों को पकड़ा:दो दिन में खुलासा</h1>", ld) == "दो पुलों को पकड़ा: दो दिन में खुलासा"


@pytest.mark.parametrize(
    ("whole", "cut", "shared"),
    [
        pytest.param("The council wants to repair the harbour wall before the winter storms begin in Lunde", "The council wants to repair the harbour wall before the...", "Harbour wall: the council's plan", id="three points"),
        pytest.param("Der Rat will die Hafenmauer noch vor den ersten Winterstürmen reparieren lassen", "Der Rat will die Hafenmauer noch vor den ersten…", "Hafenmauer: der Plan des Rates", id="an ellipsis, German"),
        pytest.param("Совет хочет отремонтировать портовую стену до начала зимних штормов в Лунде", "Совет хочет отремонтировать портовую стену до ...", "Портовая стена: что решил совет", id="Russian"),
        pytest.param("Ferry line carries a million passengers in its best year since the war - with a new ship on the way", "Ferry line carries a million passengers in its best year since the war - with a new...", "Ferry line carries a million passengers in its best year since the war", id="the place that shares it ends before a dash"),
        pytest.param("The engineer who rebuilt the river bridge after the flood says that the town has learnt nothing at all", "The engineer who rebuilt the river bridge after the flood says that the town has learnt nothing", "Engineer: town has learnt nothing", id="a heading of a hundred letters is not cut"),
    ],
)  # fmt: skip
def test_a_headline_that_is_cut_counts_for_the_heading_that_has_the_rest(whole, cut, shared):
    head = f'<meta property="og:title" content="{shared}"><meta name="twitter:title" content="{shared}">'
    head += f"<title>{whole} | Harbour Herald</title>"
    assert title(head, f"<h1>{whole}</h1>", {"@type": "NewsArticle", "headline": cut}) == whole


@pytest.mark.parametrize(
    ("heading", "shared", "expected"),
    [
        pytest.param("<span class='dachzeile'>Nach der Flut</span><span>Brücke bleibt gesperrt</span>", "Flut: Brücke bleibt gesperrt", "Brücke bleibt gesperrt", id="German"),
        pytest.param("<span class='article-kicker'>After the flood</span> River bridge stays closed", "River bridge stays closed: what we know", "River bridge stays closed", id="English"),
        pytest.param("<small class='antetitulo'>Tras la crecida</small><span>El puente sigue cerrado</span>", "Sigue cerrado el puente de Lunde", "El puente sigue cerrado", id="Spanish"),
        pytest.param("<div class='c-overline'>Po poplavi</div><div>Most ostaja zaprt</div>", "Zaprt most v Lundah", "Most ostaja zaprt", id="Slovenian"),
        pytest.param("<span class='kicker'>Flood in Lunde:</span> River bridge stays closed", "Flood in Lunde: River bridge stays closed", "Flood in Lunde: River bridge stays closed", id="where the shared title has it too it stays"),
        pytest.param("<span class='headline'>River bridge</span> stays closed after flood", "Bridge in Lunde stays closed", "River bridge stays closed after flood", id="a headline is no kicker"),
    ],
)  # fmt: skip
def test_words_that_the_markup_sets_over_a_headline_are_not_the_title(heading, shared, expected):
    head = f'<meta property="og:title" content="{shared}"><title>{shared} | Harbour Herald</title>'
    assert title(head, f"<h1>{heading}</h1>") == expected


@pytest.mark.parametrize(
    ("heading", "stated", "expected"),
    [
        pytest.param("RIVER BRIDGE CLOSED AFTER FLOOD", TITLE, TITLE, id="English"),
        pytest.param("МОСТ ЗАКРЫТ ПОСЛЕ НАВОДНЕНИЯ", "Мост закрыт после наводнения", "Мост закрыт после наводнения", id="Russian"),
        pytest.param("BRÜCKE NACH FLUT GESPERRT", "Brücke nach Flut gesperrt", "Brücke nach Flut gesperrt", id="German"),
        pytest.param("ΚΛΕΙΣΤΗ Η ΓΕΦΥΡΑ ΤΟΥ ΠΟΤΑΜΟΥ", "Κλειστη η γεφυρα του ποταμου", "Κλειστη η γεφυρα του ποταμου", id="Greek"),
        pytest.param("RIVER BRIDGE CLOSED", "RIVER BRIDGE CLOSED", "RIVER BRIDGE CLOSED", id="nobody writes it otherwise"),
        pytest.param("NATO UN", "Nato UN", "NATO UN", id="two words may be names"),
    ],
)  # fmt: skip
def test_a_heading_set_in_capitals_is_spelt_as_elsewhere(heading, stated, expected):
    assert title(f"<title>{stated} | Harbour Herald</title>", f"<h1>{heading}</h1>") == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(f"<title>{TITLE} - Harbour Notes</title>", f"<h1>{TITLE} :</h1>", TITLE, id="a colon that nothing follows"),
        pytest.param("<title>Harbour Notes Enquiries -</title>", "", "Harbour Notes Enquiries", id="a dash that nothing follows"),
        pytest.param('<meta property="og:title" content="Everything takes time..."><title>Everything takes time… | Notes</title>', "<h1>Everything takes time…</h1>", "Everything takes time…", id="three points and an ellipsis are one mark"),
        pytest.param("<title>Lunde compiler: progress report 39</title>", "<h1>Herald's Blog</h1><h2>Lunde compiler</h2>", "Lunde compiler: progress report 39", id="a lower heading that only begins it"),
        pytest.param('<meta property="og:title" content="How the ferry lost its way"><title>How the ferry lost its way</title>', "<h1>nils / notes.md</h1>", "How the ferry lost its way", id="a file's name over a document"),
    ],
)  # fmt: skip
def test_small_faults_of_templates_are_mended(head, body, expected):
    assert title(head, body) == expected


def test_a_given_title_wins():
    assert title(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>", of=replace(PAGE, title="Given")) == "Given"
