"""Blocks that belong to a story by the page's own data, or because those in boxes like theirs do."""

from __future__ import annotations

import json

import pytest

from pipeline.extract.html.blocks import read
from pipeline.extract.html.completion import completed
from pipeline.extract.html.stated import stated_blocks
from pipeline.extract.html.story import survey
from pipeline.extract.htmldoc import HtmlDoc

TEXT = "The bridge was closed for two days because of the wind, and nobody had been told of it in time."


def surveyed(inside: str, data: object = None):
    script = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if data else ""
    doc = HtmlDoc(f"<html><head><title>Soup</title>{script}</head><body>{inside}</body></html>")
    page = survey(doc, read(doc.tree), "Soup", [])
    assert page is not None
    return page, doc


def question(text: str, answer: str) -> dict[str, object]:
    return {"@type": "Question", "name": text, "acceptedAnswer": {"@type": "Answer", "text": answer}}


GOODS = {"@type": "Recipe", "recipeIngredient": ["300 g leeks", "1 onion", "salt"]}
STEPS = {"@type": "Recipe", "recipeInstructions": [
    {"@type": "HowToSection", "name": "Broth", "itemListElement": [{"@type": "HowToStep", "text": "Cut the leeks."}]},
    {"@type": "HowToStep", "text": "Boil."},
]}  # fmt: skip
ASKED = {"@type": ["WebPage", "FAQPage"], "mainEntity": [
    question("Is it safe?", "<p>Yes, it is.</p><ul><li>For all who swim &amp; row</li></ul>"),
    question("Who pays?", "The town."),
]}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "inside", "stated"),
    [
        pytest.param(GOODS, "<ul><li>300 g leeks<li>1 onion<li>Salt</ul>", ["300 g leeks", "1 onion", "Salt"],
                     id="ingredients as items"),
        pytest.param(GOODS, "<table><tr><td>300 g<td>leeks<tr><td>1<td>onion</table>", ["300 g", "leeks", "1", "onion"],
                     id="ingredients cut into cells"),
        pytest.param({"@graph": [GOODS]}, "<div>300 g leeks</div><div>Newsletter</div>", ["300 g leeks"],
                     id="in a graph, beside furniture"),
        pytest.param({"@type": "Recipe", "ingredients": "1 egg\n2 spoons of oil"}, "<p>1 egg<p>2 spoons of oil",
                     ["1 egg", "2 spoons of oil"], id="as lines of one text"),
        pytest.param(STEPS, "<h4>Broth</h4><p>Cut the leeks.<p>Boil.<p>Share", ["Broth", "Cut the leeks.", "Boil."],
                     id="steps of a recipe in sections"),
        pytest.param({"@type": "HowTo", "tool": [{"name": "A saw"}], "step": [{"text": "Saw."}]}, "<p>A saw<p>Saw.<p>Buy",
                     ["A saw", "Saw."], id="tools and steps of a guide"),
        pytest.param(ASKED, "<button>Is it safe?</button><div><p>Yes, it is.<ul><li>For all who swim &amp; row</ul></div>",
                     ["Is it safe?", "Yes, it is.", "For all who swim & row"], id="questions and answers with markup"),
        pytest.param({"@type": "FAQPage", "mainEntity": question("Qui paie ?", "La ville.")}, "<p>Qui paie ?<p>La ville.",
                     ["Qui paie ?", "La ville."], id="one question that is no list"),
        pytest.param({"@type": "NewsArticle", "name": "Soup", "step": "Boil."}, "<p>Soup<p>Boil.", [],
                     id="a story's data say no more than its name"),
        pytest.param(GOODS, "<ul><li>Another soup<li>2 onions</ul>", [], id="a recipe that is not on the page"),
        pytest.param({"@type": {"x": 1}, "mainEntity": [None, 3, {"name": ["a"]}]}, "<p>a", [], id="data of no use"),
    ],
)  # fmt: skip
def test_what_a_pages_data_states_is_its_text(data, inside, stated):
    page, doc = surveyed(inside, data)
    assert [page.page.text[i] for i in sorted(stated_blocks(page, doc))] == stated


def product(name: str, fact: str) -> str:
    return f"<div class='card'><h3>{name}</h3><p class='t'>{name}. {TEXT}</p><ul class='f'>{fact}</ul></div>"


FACTS = ["<li>40 km</li>", "<li>9 kg</li>", "<li>Two years</li>", "<li>300 W</li>"]
LINKED = [f"<li><a href='/{n}'>Offer {n} of today</a></li>" for n in range(4)]


@pytest.mark.parametrize(
    ("facts", "dropped", "back"),
    [
        pytest.param(FACTS, ["40 km"], True, id="one fact of four"),
        pytest.param(FACTS, ["40 km", "Two years"], True, id="half of the facts"),
        pytest.param(FACTS, ["40 km", "9 kg", "Two years"], False, id="most of the facts are dropped"),
        pytest.param(FACTS[:2], ["40 km"], False, id="two boxes alike say nothing"),
        pytest.param(LINKED, ["Offer 0 of today"], False, id="a link"),
        pytest.param([*FACTS[:3], "<li>Advertisement</li>"], ["Advertisement"], False, id="a phrase of furniture"),
        pytest.param([f"<figcaption>{f}</figcaption>" for f in FACTS], ["40 km"], False, id="captions"),
        pytest.param(
            [f"<div class='comments'>{f}</div>" for f in FACTS], ["40 km"], False, id="in boxes of readers' comments"
        ),
    ],
)
def test_lines_in_boxes_like_kept_ones_stay(facts, dropped, back):
    page, _ = surveyed(
        "<main>" + "".join(product(f"Boat {n}", fact) for n, fact in enumerate(facts)) + f"<p>{TEXT}</main>"
    )
    texts = page.page.text
    chosen = [i for i, text in enumerate(texts) if text not in dropped]
    kept = [texts[i] for i in completed(page, chosen)]
    assert [text in kept for text in dropped] == [back] * len(dropped)
    assert [text for text in texts if text not in dropped] == [text for text in kept if text not in dropped]


def test_a_heading_that_is_a_link_stays_among_its_like():
    page, _ = surveyed("".join(f"<div><h3><a href='/{n}'>Boat {n}</a></h3><p>{n}. {TEXT}</p></div>" for n in range(4)))
    chosen = [i for i, text in enumerate(page.page.text) if text != "Boat 2"]
    assert len(completed(page, chosen)) == len(page.page.text)
