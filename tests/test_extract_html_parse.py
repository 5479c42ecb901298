"""Markup that libxml2 reads otherwise than browsers do -> the story is still whole."""

from __future__ import annotations

import pytest
from lxml import etree

from pipeline.extract.html import body
from pipeline.extract.htmldoc import HtmlDoc

STORY = [
    "The weir at Oldmere will be lowered by forty centimetres before the winter, the water board said on Thursday.",
    "Engineers had found cracks in two of the seven gates when the lake was drained for the first time since the war.",
    "Anglers and rowers, who use the upper reach, were told that the level would be back to normal by the end of May.",
    "The work costs three million crowns, and the board hopes that the county will pay for more than a third of it.",
    "A second public meeting is planned for the first week of October in the old school house at the eastern shore.",
    "Until then the path over the dam stays closed, and walkers are asked to take the bridge by the railway station.",
]
MENU = "".join(f"<a href='/{n}'>{n}</a> " for n in ("News", "Sport", "Weather", "Traffic"))


def paragraphs(lines: list[str] = STORY) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def story_of(inside: str) -> str:
    return body(HtmlDoc(f"<html><body>{inside}</body></html>"), title=None).text


@pytest.mark.parametrize("inner", ["<div><div></div>", "<div>", "<div><span></div><div>"])
@pytest.mark.parametrize(
    "tag", ["button", "nav", "aside", "footer", "header", "dialog", "menu", "figure", "label", "object", "noscript"]
)
def test_an_element_closed_over_an_open_box_does_not_swallow_the_page(tag, inner):
    assert story_of(f"<{tag}>{inner}</{tag}><div class='text'>{paragraphs()}</div>") == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("<aside class='sidebar'>", id="an aside with a name"),
        pytest.param("<footer class='site-footer' role='contentinfo'>", id="a footer"),
        pytest.param("<nav class='menu'><div><div>{}</div></nav>", id="a menu with its links"),
        pytest.param("<header><nav><div></nav>", id="one in the other"),
        pytest.param("<figure><figcaption>", id="a caption that goes on"),
        pytest.param("<button class='share' hidden>", id="a hidden button"),
    ],
)
def test_a_story_wrapped_in_an_edge_element_comes_out_whole(opening):
    assert story_of(f"{opening.format(MENU)}<div>{paragraphs()}</div>") == "\n\n".join(STORY)


@pytest.mark.parametrize(
    ("inside", "tag"),
    [
        pytest.param(f"<nav>{MENU * 30}</nav><div>{paragraphs()}</div>", "nav", id="a long menu over a story"),
        pytest.param(f"<div>{paragraphs()}</div><aside>{paragraphs(STORY[:2])}</aside>", "aside", id="a box beside it"),
        pytest.param(f"<figure><img><figcaption>{STORY[0]}</figcaption></figure>", "figure", id="only a caption"),
        pytest.param(f"<footer>{paragraphs(STORY[:3])}</footer><p>Sold out.</p>", "footer", id="a stub's long footer"),
    ],
)
def test_an_edge_element_beside_a_story_stays_what_it_is(inside, tag):
    assert f"<{tag}" in etree.tostring(HtmlDoc(f"<html><body>{inside}</body></html>").tree, encoding="unicode")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<html><body><nav>{menu}</nav></body></html><div>{story}</div>", id="a header that ends the page"),
        pytest.param("<html><body><nav>{menu}</nav></body><div>{story}</div></html>", id="the body closed early"),
        pytest.param("<body>{menu}</BODY >\n</HTML\n>\n<main>{story}</main></body></html>", id="capitals and blanks"),
        pytest.param("<html><body>{menu}</body></html><html><body>{story}</body></html>", id="two pages in one file"),
        pytest.param("<div>{menu}</html></div><section>{story}</section>", id="an end tag without a beginning"),
    ],
)
def test_a_story_behind_the_end_of_the_page_is_not_lost(markup):
    text = body(HtmlDoc(markup.format(menu=MENU, story=paragraphs())), title=None).text
    assert text == "\n\n".join(STORY)
