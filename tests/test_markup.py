"""What a page's blocks are, kept beside the text, and the Markdown and HTML written from it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from pipeline import extract
from pipeline.config import ExtractConfig
from pipeline.export import markup
from pipeline.extract.boilerplate import Repeats
from pipeline.extract.finalize import finalize
from pipeline.extract.values import Draft
from pipeline.model import Article, Page, Raw

P = [
    "The harbour board of Lunde voted on Tuesday evening to rebuild the old ferry pier in stone, after a long winter.",
    "The work is to begin in April and to cost 4.2 million crowns, of which the county pays a third, the board said.",
    "Fishermen had asked for a longer breakwater instead, and their spokesman told the meeting so for half an hour.",
    "The board answered that a breakwater needs a permit, which takes at least eighteen months from the coast guard.",
]
URL = "https://lunde-courier.example/news/ferry-pier-4711"


def article(middle: str) -> dict[str, Any]:
    """A row of articles.jsonl for a page that has `middle` inside its story."""
    inner = f"<p>{P[0]}</p><p>{P[1]}</p>{middle}<p>{P[2]}</p><p>{P[3]}</p>"
    body = f"<html lang='en'><head><title>Lunde rebuilds</title></head><body><main><article><h1>Lunde rebuilds</h1>{inner}</article></main></body></html>"
    draft = extract.draft(Page(Raw("raw/x/p.html", None, "0" * 64), body.encode(), url=URL), ExtractConfig())
    assert isinstance(draft, Draft)
    made = finalize(draft, Repeats(), ExtractConfig())
    assert isinstance(made, Article)
    return dataclasses.asdict(made)


def kinds(row: dict[str, Any]) -> dict[str, str]:
    texts = row["text"].split("\n\n")
    return dict(zip(texts, row["structure"]["blocks"], strict=True))


def test_a_story_of_paragraphs_has_no_structure() -> None:
    row = article("")
    assert row["structure"] is None
    assert markup.markdown(row) == "# Lunde rebuilds\n\n" + "\n\n".join(P) + "\n"


@pytest.mark.parametrize(
    ("middle", "text", "kind", "markdown", "html"),
    [
        pytest.param(f"<h2>What it costs</h2><p>{P[2]} Yes.</p>", "What it costs", "h2", "## What it costs", "<h2>What it costs</h2>", id="heading"),
        pytest.param(f"<blockquote><p>{P[3]} So he said.</p></blockquote>", f"{P[3]} So he said.", "quote", f"> {P[3]} So he said.", f"<blockquote><p>{P[3]} So he said.</p></blockquote>", id="quote"),
    ],
)  # fmt: skip
def test_blocks_keep_what_they_are(middle: str, text: str, kind: str, markdown: str, html: str) -> None:
    row = article(middle)
    assert kinds(row)[text] == kind
    assert markdown in markup.markdown(row)
    assert html in markup.html(row)


def test_links_keep_their_words_and_their_absolute_address() -> None:
    row = article(
        f'<p>See <a href="/plan?a=1&amp;b=2">the plan</a> and <a href="https://county.example/x">the county</a>. {P[2]}</p>'
    )
    links = [
        (row["text"].split("\n\n")[x["paragraph"]][x["start"] : x["end"]], x["url"]) for x in row["structure"]["links"]
    ]
    assert links == [
        ("the plan", "https://lunde-courier.example/plan?a=1&b=2"),
        ("the county", "https://county.example/x"),
    ]
    assert "See [the plan](<https://lunde-courier.example/plan?a=1&b=2>) and [the county]" in markup.markdown(row)
    assert '<a href="https://lunde-courier.example/plan?a=1&amp;b=2">the plan</a>' in markup.html(row)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "mailto:a@b.example", "#top", "data:text/html,x", "", "http://[bad"]
)
def test_links_that_lead_nowhere_are_none(href: str) -> None:
    row = article(f'<h2>Links</h2><p>See <a href="{href}">the plan</a> for more of it. {P[2]}</p>')
    assert not row["structure"]["links"]


LIST = "".join(
    f"<li>The pier has {n} hundred planks, and each of them is to be replaced by stone in the spring.</li>"
    for n in (2, 3, 4)
)


def test_items_of_lists() -> None:
    row = article(f"<ol>{LIST}</ol>")
    assert [k for k in kinds(row).values() if k != "p"] == ["ol:1:1"] * 3
    assert "\n1. The pier has 2 hundred" in markup.markdown(row)
    assert "\n3. The pier has 4 hundred" in markup.markdown(row)
    tree = lxml_html.fromstring(markup.html(row))
    assert len(tree.findall(".//ol/li")) == 3


def row(text: list[str], blocks: list[str], **more: Any) -> dict[str, Any]:
    shape = {"blocks": blocks, "links": more.pop("links", []), "embeds": more.pop("embeds", [])}
    return {"title": "T", "standfirst": None, "text": "\n\n".join(text), "structure": shape, **more}


def test_lists_in_lists_and_lists_side_by_side() -> None:
    made = row(["a", "b", "c", "d", "e"], ["ul:1:1", "ul:2:2", "ul:2:2", "ul:1:1", "ol:1:3"])
    tree = lxml_html.fromstring(markup.html(made))
    assert [li.text for li in tree.findall("./ul/li")] == ["a", "d"]
    assert [li.text for li in tree.findall("./ul/li/ul/li")] == ["b", "c"]
    assert [li.text for li in tree.findall("./ol/li")] == ["e"]
    again = lxml_html.fromstring("<div>" + MarkdownIt().render(markup.markdown(made)) + "</div>")
    assert [li.text_content().strip() for li in again.findall("./ul/li/ul/li")] == ["b", "c"]
    assert [li.text_content().strip() for li in again.findall("./ol/li")] == ["e"]


def test_cells_of_tables() -> None:
    made = row(["Team", "Goals", "Lunde", "3", "Vik|2"], ["th:1:2", "th:1:2", "td:1:3", "td:1:3", "td:1:4"])
    tree = lxml_html.fromstring(markup.html(made))
    assert [[c.text for c in tr] for tr in tree.iter("tr")] == [["Team", "Goals"], ["Lunde", "3"], ["Vik|2"]]
    shown = lxml_html.fromstring(MarkdownIt().enable("table").render(markup.markdown(made)))
    again = lxml_html.fromstring(f"<div>{MarkdownIt().enable('table').render(markup.markdown(made))}</div>")
    assert shown is not None
    assert [[c.text_content() for c in tr] for tr in again.iter("tr")] == [
        ["Team", "Goals"],
        ["Lunde", "3"],
        ["Vik|2", ""],
    ]


def test_embeds_stand_below_their_paragraph() -> None:
    made = article(f'<iframe src="//player.example/v/1"></iframe><p>{P[2]} Yes.</p>')
    assert [x["url"] for x in made["structure"]["embeds"]] == ["https://player.example/v/1"]
    assert f"{P[1]}\n\n<https://player.example/v/1>\n\n" in markup.markdown(made)


def test_a_structure_of_another_text_is_not_used() -> None:
    made = row(["a", "b"], ["h2"])
    assert markup.html(made) == "<article>\n<h1>T</h1>\n<p>a</p>\n<p>b</p>\n</article>\n"


HOSTILE = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
    .map(lambda t: " ".join(t.split()))
    .filter(bool)
)


@given(st.lists(HOSTILE, min_size=1, max_size=5))
def test_markdown_and_html_say_what_the_text_says(text: list[str]) -> None:
    made = row(text, ["p"] * len(text))
    tree = lxml_html.fromstring(f"<div>{markup.html(made)}</div>")
    assert [p.text_content() for p in tree.iter("p")] == text
    shown = lxml_html.fromstring(f"<div>{MarkdownIt().render(markup.markdown(made))}</div>")
    assert [" ".join(p.text_content().split()) for p in shown.iter("p")] == text


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "1. no item",
        "- no item",
        "> no quote",
        "*no* _mark_",
        "[x](y)",
        "<b>no</b>",
        "&amp;",
        "a|b",
        "+ x",
        "=====",
        "---",
        "    code",
        "`x`",
        "1) x",
        "![x](y)",
        "~~x~~",
        "https://x.example/_a_",
    ],
)
def test_marks_of_markdown_in_a_text_are_text(text: str) -> None:
    shown = lxml_html.fromstring(
        f"<div>{MarkdownIt().render(markup.markdown(row(['Before', text], ['p', 'p'])))}</div>"
    )
    assert [" ".join(p.text_content().split()) for p in shown.iter("p")] == ["Before", " ".join(text.split())]
