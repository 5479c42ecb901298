"""Text that stands twice on a page or is for screen readers alone; characters nobody sees."""

from __future__ import annotations

import pytest

from pipeline.extract.characters import without_unseen
from pipeline.extract.html.blocks import blocks
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.metadata.structured import text_of


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        pytest.param("<ruby>港<rt>みなと</rt></ruby>の<ruby>夜<rt>よる</rt></ruby>", "港の夜", id="ruby readings"),
        pytest.param(
            "The word <ruby>漢字<rp>(</rp><rt>kanji</rt><rp>)</rp></ruby> was painted",
            "The word 漢字 was painted",
            id="ruby with brackets for old browsers",
        ),
        pytest.param("<RUBY>橋<RT>はし</RT></RUBY>が落ちた", "橋が落ちた", id="ruby in capitals"),
        pytest.param(
            "<ruby><rb>東</rb><rb>京</rb><rtc><rt>とう</rt><rt>きょう</rt></rtc></ruby>で",
            "東京で",
            id="ruby in groups",
        ),
        pytest.param(
            '<span aria-hidden="true" class="cap">T</span><span class="visually-hidden">The</span>'
            '<span aria-hidden="true">he</span> mill burnt',
            "The mill burnt",
            id="drop cap beside a copy of its word",
        ),
        pytest.param(
            '<span aria-hidden="true">T</span><span class="sr-only">T</span>he mill burnt',
            "The mill burnt",
            id="drop cap beside a copy of its letter",
        ),
        pytest.param(
            '<b aria-hidden="true">T</b>The mill burnt', "The mill burnt", id="drop cap beside the whole word"
        ),
        pytest.param(
            '<span aria-hidden="true">T</span>he mill burnt', "The mill burnt", id="drop cap that is the letter"
        ),
        pytest.param('<span aria-hidden="true">I</span> saw it burn', "I saw it burn", id="a word of one letter"),
        pytest.param(
            'See <a href="/x">the map<span class="sr-only"> (opens in a new tab)</span></a>.',
            "See the map.",
            id="note that a link opens a new tab",
        ),
        pytest.param(
            'Siehe <a href="/x">Karte<span> (öffnet im neuen Fenster)</span></a>.',
            "Siehe Karte.",
            id="the note in German",
        ),
        pytest.param(
            "It is, she said, <em>a new window</em> on art.", "It is, she said, a new window on art.", id="prose"
        ),
        pytest.param("CO<sub>2</sub> and E = mc<sup>2</sup>", "CO2 and E = mc2", id="signs below and above the line"),
    ],
)
def test_a_paragraph_says_each_thing_once(paragraph: str, text: str) -> None:
    assert [block.text for block in blocks(HtmlDoc(f"<body><p>{paragraph}</p></body>").tree)] == [text]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("CO<sub>2</sub> tax rises", "CO2 tax rises", id="sub within a word"),
        pytest.param("The <i>Hope</i> sails", "The Hope sails", id="italic word"),
        pytest.param("<span>Harbour</span><span>Pier opens</span>", "Harbour Pier opens", id="two pieces set apart"),
        pytest.param("Line one<br>line two", "Line one line two", id="line break"),
    ],
)
def test_an_elements_text_is_joined_as_it_is_read(title: str, text: str) -> None:
    assert text_of(HtmlDoc(f"<body><h1>{title}</h1></body>").tree.find(".//h1")) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("می\u200cسازد", "می\u200cسازد", id="Persian non-joiner"),
        pytest.param("ශ්\u200dරී", "ශ්\u200dරී", id="Sinhala conjunct"),
        pytest.param("കല്ലില്\u200d പുനര്\u200d", "കല്ലില്\u200d പുനര്\u200d", id="Malayalam chillu at a word's end"),
        pytest.param("क्\u200dष", "क्\u200dष", id="Hindi half letter"),
        pytest.param("👩\u200d🚒 🏳️\u200d🌈 ❤️\u200d🔥", "👩\u200d🚒 🏳️\u200d🌈 ❤️\u200d🔥", id="emoji sequences"),
        pytest.param("Auf\u200clage har\u200dbour", "Auflage harbour", id="joiners between Latin letters"),
        pytest.param("har\u00adbour \ufeffboard\u200b \u202ax\u202c", "harbour board x", id="soft hyphen, marks"),
        pytest.param("می\u200c\u200c\u200cسازد", "می\u200cسازد", id="one is enough"),
    ],
)
def test_joiners_stay_where_they_shape_what_is_read(text: str, seen: str) -> None:
    assert without_unseen(text) == seen
