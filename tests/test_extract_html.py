# ruff: noqa: UP031 -- braces of JSON and "{}" do not mix
"""HTML page -> story: what is kept, what is taken off, what must not break it."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.extract.html import body, model, scripts
from pipeline.extract.html.blocks import read
from pipeline.extract.html.features import NAMES
from pipeline.extract.html.phrases import key
from pipeline.extract.htmldoc import HtmlDoc
from pipeline.extract.rules import opening

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


LONG = STORY[0] + " "


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<h2>Heading</h2>" * 10_000, id="10,000 headings"),
        pytest.param("<li>item of a list</li>" * 11_000, id="230 KB of items"),
        pytest.param("<table>" + "<tr><td>cell</td><td>12</td></tr>" * 10_000 + "</table>", id="a large table"),
        pytest.param("<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</div>", id="100,000 attributes"),
        pytest.param("<p>" * 110_000, id="more tags than are read"),
        pytest.param("line of text<br>" * 20_000, id="20,000 breaks"),
        pytest.param("<p>" + "<span>word</span> " * 8_900 + "</p>", id="a paragraph of 8,900 spans"),
        pytest.param("<script>" * 20_000, id="scripts without end"),
        pytest.param("<!--" * 20_000, id="comments without end"),
        pytest.param("<" * 100_000, id="nothing but angles"),
        pytest.param('<p title="' + "x" * 1_000_000 + '">y</p>', id="a long attribute"),
        pytest.param('<script type="application/ld+json">' + '{"@graph":[' * 3000 + "</script>", id="deep JSON"),
        pytest.param('<script type="application/json">' + "[" * 50_000 + "</script>", id="deep state"),
    ],
)
def test_a_hostile_part_costs_little_and_leaves_the_story(inside):
    begin = time.process_time()
    found = body(HtmlDoc(page(paragraphs(), inside)), title=None)
    assert all(line in found.text for line in STORY)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("opening", "depth"),
    [
        pytest.param("<div>", 254, id="254 deep, where libxml2 stops by default"),
        pytest.param("<div>", 1_500, id="1,500 deep"),
        pytest.param("<div>", 50_000, id="deeper than libxml2 goes at all"),
        pytest.param("<b>", 20_000, id="bold never closed"),
    ],
)
def test_nesting_does_not_lose_the_story(opening, depth):
    found = body(HtmlDoc(f"<html><body>{opening * depth}{paragraphs()}</body></html>"), title=None)
    assert all(line in found.text for line in STORY)


def test_what_was_cut_or_fell_back_is_flagged():
    html = page(paragraphs(), "<p>" * 110_000)
    assert body(HtmlDoc(html), title=None).flags == ("cut:elements", "fallback:fast")
    assert body(HtmlDoc(page(paragraphs())), title=None).flags == ()
    assert body(HtmlDoc(page(paragraphs())), title=None, fast=True).flags == ("fallback:fast",)


@pytest.mark.parametrize(
    ("script", "flag"),
    [
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"%s"}</script>'
            % "\\n\\n".join(line * 2 for line in STORY),
            "fallback:json-ld",
            id="JSON-LD",
        ),
        pytest.param(
            '<script id="__NEXT_DATA__" type="application/json">{"props":{"story":{"body":"%s"}}}</script>'
            % "".join(f"<p>{line * 2}</p>" for line in STORY),
            "fallback:state",
            id="application state",
        ),
        pytest.param(
            'window.__STATE__ = {"a":1}; <script>window.__STATE__ = {"page":{"content":[%s]}};</script>'
            % ",".join(f'"{line * 2}"' for line in STORY),
            "fallback:state",
            id="assigned to window",
        ),
        pytest.param(
            '<script>window["__Q"] = window["__Q"] || [];window["__Q"].push({"data":{"contentHtml":"%s"}})</script>'
            % "".join(f"<p>{line * 2}</p>" for line in STORY),
            "fallback:state",
            id="pushed query",
        ),
        pytest.param(
            '<script>self.__next_f.push([1,"%s"])</script>' % "".join(f"<p>{line * 2}</p>" for line in STORY),
            "fallback:state",
            id="streamed markup",
        ),
    ],
)
def test_a_story_that_is_only_in_a_script_comes_out(script, flag):
    found = body(HtmlDoc(page("<p>Loading</p>", head=script)), title=None)
    assert flag in found.flags
    assert [line.text for line in found.lines if line.rule is None] == [line * 2 for line in STORY]


def test_scripts_do_not_replace_a_story_that_is_shown():
    state = '<script type="application/json">{"content":["%s"]}</script>' % (LONG * 20)
    assert body(HtmlDoc(page(paragraphs(), head=state)), title=None).text == "\n\n".join(STORY)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param("Share this article", "share", id="English"),
        pytest.param("» Lesen Sie auch: Die Brücke bleibt zu", "related", id="German, behind an arrow"),
        pytest.param("Читайте также: мост закрыт", "related", id="Russian"),
        pytest.param("関連記事はこちら", "related", id="Japanese, no space after it"),
        pytest.param("Foto: Nordpresse", "caption", id="photo credit"),
        pytest.param("Shareholders met on Monday", None, id="a word that only begins so"),
        pytest.param("The council said to share this", None, id="not at the beginning"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_cue_phrases(line, rule):
    assert opening(line) == rule


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Top 10 -- more_news!", "top10morenews", id="ascii"),
        pytest.param("Größe — „so“ 5_0", "grösseso50", id="beyond ascii"),
        pytest.param("新闻。更多", "新闻更多", id="chinese"),
        pytest.param("caf\u00e9 \ud83d", "caf\u00e9", id="half a character"),
        pytest.param("— …", "", id="no letters"),
    ],
)
def test_only_letters_and_digits_count(text, left):
    assert key(text) == left


def test_every_visible_line_is_there_kept_or_with_its_rule():
    html = page(
        "<nav><a href='/'>Home</a></nav><h1>Ferry line reopens</h1>",
        paragraphs(),
        "<figure><figcaption>The ferry in port</figcaption></figure><p>Share this article</p>",
    )
    found = {line.text: line.rule for line in body(HtmlDoc(html), title="Ferry line reopens").lines}
    assert all(found[line] is None for line in STORY)
    assert found["Home"] == "navigation"
    assert found["Ferry line reopens"] == "title"
    assert found["The ferry in port"] == "caption"
    assert found["Share this article"] == "share"


def test_a_text_that_stands_twice_comes_out_once():
    html = page(paragraphs(), f"<div class='copy'>{paragraphs()}</div>")
    assert body(HtmlDoc(html), title=None).text.count(STORY[0]) == 1


def test_the_standfirst_is_named():
    lead = "After eight months of waiting the islanders get their boat back before the winter."
    html = page(f"<h1>Ferry</h1><p class='standfirst'>{lead}</p>", paragraphs())
    assert body(HtmlDoc(html), title="Ferry").standfirst == lead


def test_the_page_is_left_as_it_was():
    doc = HtmlDoc(page("<aside>Aside</aside>", paragraphs()))
    before = etree.tostring(doc.tree)
    body(doc, title=None)
    assert etree.tostring(doc.tree) == before


def test_weights_for_other_features_are_refused():
    with pytest.raises(ValueError, match=r"other features"):
        model.parse({"features": ["words"]})


def weights_that_believe(feature: str) -> model.Weights:
    """The log odds of a block are the one feature, whatever else it is like."""
    n = len(NAMES)
    line = {"mean": [0] * n, "scale": [1] * n, "slope": [float(name == feature) for name in NAMES], "intercept": 0}
    trees = [[[-1, 0, -1, -1, 0]]]
    more = {"base": 0, "depth": 0, "share": 1, "trust": 0, "cut": 0.32}
    return model.parse({"features": list(NAMES), "logistic": line, "trees": trees, **more})


HELD, NOT, ALIKE = 1, 0, 2  # ALIKE: not held, in boxes like those of what was held


@pytest.mark.parametrize(
    ("inside", "alike"),
    [
        pytest.param(
            '<div class="part"><p>a</p></div><div class="part"><p>b</p></div>', True, id="two boxes of one class"
        ),
        pytest.param(
            '<div class="part-1"><p>a</p></div><div class="part-2"><p>b</p></div>', True, id="numbered classes"
        ),
        pytest.param('<div class="part"><p>a</p></div><div class="more"><p>b</p></div>', False, id="another class"),
        pytest.param('<div class="part"><p>a</p></div><div class="part"><li>b</li></div>', False, id="another tag"),
        pytest.param('<div class="part"><p>a</p></div><div><div class="part"><p>b</p></div></div>', False, id="deeper"),
        pytest.param('<p id="a">a</p><p id="b">b</p>', True, id="an id is each element's own"),
    ],
)
def test_boxes_with_the_same_tags_and_classes_all_the_way_out_have_one_path(inside, alike):
    visible = read(HtmlDoc(page(inside)).tree)
    first, second = (visible.path[visible.box[visible.text.index(text)]] for text in "ab")
    assert (first == second) is alike


def test_a_box_ends_where_the_first_box_behind_it_begins():
    visible = read(HtmlDoc(page("<div><p>a</p><p>b</p></div><p>c</p>")).tree)
    outer = visible.parent[visible.box[visible.text.index("a")]]
    assert visible.end[outer] == visible.box[visible.text.index("c")]
    assert visible.end[0] == len(visible.tag)


@pytest.mark.parametrize(
    ("blocks", "kept"),
    [
        pytest.param([(HELD, 90, 2), (NOT, 60, 1), (NOT, 60, 1)], [True, False, False], id="comments under a story"),
        pytest.param([(HELD, 90, 2), (NOT, 60, 1), (NOT, 60, 3)], [True, False, True], id="but what is sure stays"),
        pytest.param([(HELD, 90, 2), (NOT, 20, 1)], [True, True], id="a line that was missed"),
        pytest.param([(HELD, 90, 2), (NOT, 300, -2)], [True, False], id="what is not story counts for none"),
        pytest.param([(NOT, 60, 1), (NOT, 60, 1)], [True, True], id="nothing was held"),
        pytest.param([(HELD, 5, 2), (NOT, 60, 1), (NOT, 60, 1)], [True, True, True], id="next to nothing was held"),
        pytest.param([(HELD, 90, -2), (NOT, 60, 1)], [False, True], id="what was held is not believed either"),
        pytest.param(
            [(HELD, 90, -2), (HELD, 30, 1), (NOT, 200, 1)], [False, True, True], id="nor most of what was held"
        ),
        pytest.param([(HELD, 90, 2), (ALIKE, 60, 1), (NOT, 60, 1)], [True, True, False], id="boxes like those held"),
    ],
)
def test_much_that_only_the_model_takes_for_story_is_doubted(blocks, kept):
    rows = np.zeros((len(blocks), len(NAMES)), dtype=np.float32)
    for row, (held, _, odds) in zip(rows, blocks, strict=True):
        row[NAMES.index("held")], row[NAMES.index("words")] = held == HELD, odds
        row[NAMES.index("path_held")] = 0.5 * (held == ALIKE)
    assert model.judge(rows, [size for _, size, _ in blocks], weights_that_believe("words")).story == kept


@given(st.text(alphabet="<>/ap!-&#;\"'= div\n.x", max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_markup_raises(html):
    found = body(HtmlDoc(html), title=None)
    assert all(line.text for line in found.lines)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('window.__STATE__ = JSON.parse("{\\"story\\":{\\"body\\":\\"%s\\"}}");', id="JSON in a string"),
        pytest.param('window.__STATE__ = JSON.parse(\'{"story":{"body":"%s"}}\');', id="single quotes"),
        pytest.param('window.__NUXT__=(function(a,b){return {data:[{body:"%s",by:a}]}}("A",1));', id="a call"),
        pytest.param("var story = {title: 'Ferry', content: '%s'};", id="an object that is no JSON"),
        pytest.param("app.start({story: {html: '%s', read: true}})", id="an argument"),
    ],
)
def test_a_story_in_code_comes_out(script):
    text = "".join(f"<p>{line * 2}</p>" for line in STORY)
    found = body(HtmlDoc(page("<p>Loading</p>", head=f"<script>{script % text}</script>")), title=None)
    assert [line.text for line in found.lines if line.rule is None] == [line * 2 for line in STORY]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        pytest.param("The boat came.The pier held. It was late.Nobody waited.", 3, id="glued sentences"),
        pytest.param('He said "no."Then he left.They stayed.', 3, id="behind a quotation"),
        pytest.param("Built by Node.Js users in St.Gallen.", 1, id="one name with a full stop"),
        pytest.param("The boat came. The pier held. It was late.", 1, id="blanks between"),
        pytest.param("The U.S.A. and the U.K. agreed.", 1, id="initials"),
    ],
)
def test_glued_paragraphs_are_parted(text, paragraphs):
    assert len(scripts.paragraphs(text)) == paragraphs
