"""HTML page -> story: what is kept, what is taken off, what must not break it."""

from __future__ import annotations

import pytest

from pipeline.extract.html import body
from pipeline.extract.htmldoc import HtmlDoc

STORY = [
    "The council of Northby voted on Tuesday to reopen the ferry line that was closed after the storm in spring.",
    "Mayor Ada Lund said the first boats would leave before the end of the month, weather permitting.",
    "Fishermen who had asked for the service for years were pleased, although the timetable is still being drawn up.",
    "The repairs cost four million crowns, half of which the county pays and half the owners of the harbour.",
]


def page(*inside: str, head: str = "") -> str:
    return f"<html><head><title>Ferry</title>{head}</head><body><article>{''.join(inside)}</article></body></html>"


def paragraphs(lines: list[str] = STORY) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_the_story_comes_out_whole_and_in_order():
    assert body(HtmlDoc(page(paragraphs())), title=None).text == "\n\n".join(STORY)


def test_a_repeated_title_is_taken_off_and_can_be_shown():
    found = body(HtmlDoc(page("<h2>Ferry line reopens</h2>", paragraphs())), title="Ferry line reopens")
    assert [line.text for line in found.lines if line.rule == "title"] == ["Ferry line reopens"]
    assert "Ferry line reopens" not in found.text


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("", id="nothing"),
        pytest.param("   \n ", id="white space"),
        pytest.param("<!-- only a comment -->", id="only a comment"),
        pytest.param("<script>var a = 1;</script>", id="only a script"),
        pytest.param("just words", id="no markup"),
        pytest.param("<html>", id="an open tag"),
    ],
)
def test_almost_nothing_is_no_fault(html):
    assert isinstance(body(HtmlDoc(html), title=None).text, str)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("&#27;", id="escape reference"),
        pytest.param("&#x1b;", id="hex escape reference"),
        pytest.param("&#xFFFF;", id="noncharacter reference"),
        pytest.param("&#99999999;", id="reference out of range"),
        pytest.param("\x00", id="NUL byte"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("\uffff", id="noncharacter"),
    ],
)
def test_one_bad_character_does_not_lose_the_page(bad):
    html = page(paragraphs(STORY[:2]), f"<b>{bad}</b>", paragraphs(STORY[2:]))
    found = body(HtmlDoc(html), title=None).text
    assert all(line in found for line in STORY)


@pytest.mark.parametrize(
    ("html", "scripts"),
    [
        pytest.param('<script type="a">x</script>', [(' type="a"', "x")], id="plain"),
        pytest.param("<SCRIPT>x</ScRiPt >", [("", "x")], id="any case"),
        pytest.param("<script>a<b</script><script>c</script>", [("", "a<b"), ("", "c")], id="two"),
        pytest.param("<!-- <script>x</script> -->", [], id="commented out"),
        pytest.param("<scripture>x</scripture>", [], id="another tag"),
        pytest.param("<script>x", [], id="without end"),
    ],
)
def test_scripts_are_read_from_the_markup(html, scripts):
    assert HtmlDoc(html).scripts == scripts
