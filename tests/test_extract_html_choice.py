"""Views of a page -> the story: who is asked, whom the choice believes, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.extract.html import body, choice, extractors, model, story
from pipeline.extract.html.blocks import read
from pipeline.extract.html.features import NAMES
from pipeline.extract.htmldoc import HtmlDoc

LINES = [
    "The council of Northby voted on Tuesday to reopen the ferry line that was closed after the storm in spring.",
    "Mayor Ada Lund said the first boats would leave before the end of the month, weather permitting, and no later.",
    "Fishermen who had asked for the service for years were pleased, although the timetable is still being drawn up.",
    "The repairs cost four million crowns, half of which the county pays and half the owners of the harbour.",
]
STORY = [f"{line} That was the {n} of the points on which the members agreed." for n in range(1, 4) for line in LINES]
HEAD = "<head><title>Ferry line reopens</title></head>"


def page(inside: str) -> HtmlDoc:
    return HtmlDoc(f"<html>{HEAD}<body>{inside}</body></html>")


def paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def test_a_plain_story_is_found_without_asking_other_extractors(monkeypatch):
    for name in ("fast_lines", "compared_lines"):
        monkeypatch.setattr(extractors, name, lambda tree: pytest.fail("asked"))
    found = body(page(f"<article><h1>Ferry line reopens</h1>{paragraphs(STORY)}</article>"), title=None)
    assert found.text == "\n\n".join(STORY)
    assert found.confidence is not None and found.confidence > 0.9


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<p>Buy.</p><p>Sell.</p>", id="two words"),
        pytest.param("<ul>" + "<li>Item of a list without a verb</li>" * 8 + "</ul>", id="a list"),
        pytest.param(f"<p>{LINES[0]}</p>", id="one paragraph"),
    ],
)
def test_a_text_that_may_be_a_scrap_is_less_sure(inside):
    whole = body(page(f"<article>{paragraphs(STORY)}</article>"), title=None).confidence
    scrap = body(page(inside), title=None).confidence
    assert whole is not None and scrap is not None and 0 <= scrap < whole


def test_nothing_to_read_has_no_confidence():
    assert body(page(""), title=None).confidence is None


def weights(odds: float) -> model.Weights:
    """Every block has these log odds."""
    n = len(NAMES)
    line = {"mean": [0] * n, "scale": [1] * n, "slope": [0] * n, "intercept": odds}
    more = {"base": 0, "depth": 0, "share": 1, "trust": 0, "cut": 0.36}
    return model.parse({"features": list(NAMES), "logistic": line, "trees": [[[-1, 0, -1, -1, 0]]], **more})


NO, YES, HARDLY, HARDLY_NOT = weights(-8), weights(8), weights(-0.3), weights(-1)


@pytest.mark.parametrize(
    ("alone", "fast", "every", "asked", "kept"),
    [
        pytest.param(YES, NO, NO, "", True, id="sure alone: nobody is asked"),
        pytest.param(HARDLY, YES, NO, "fast", True, id="the second is sure"),
        pytest.param(HARDLY, HARDLY, NO, "fast", True, id="the second keeps what the first does"),
        pytest.param(
            HARDLY, HARDLY_NOT, YES, "fast every", True, id="the second lacks the story: the third settles it"
        ),
        pytest.param(HARDLY, NO, NO, "fast every", True, id="no view that sees nothing is believed over one that does"),
    ],
)
def test_others_are_asked_only_as_far_as_there_is_doubt(monkeypatch, alone, fast, every, asked, kept):
    calls: list[str] = []
    monkeypatch.setattr(extractors, "fast_lines", lambda tree: calls.append("fast") or STORY)
    monkeypatch.setattr(extractors, "compared_lines", lambda tree: calls.append("every") or [STORY] * 3)
    doc = page(f"<article>{paragraphs(STORY)}</article>")
    visible = read(doc.tree)
    found = choice.choose(
        lambda extracts: story.survey(doc, visible, None, extracts), doc.tree, model.Models(alone, fast, every)
    )
    assert (" ".join(calls), bool(found.story)) == (asked, kept)


@pytest.mark.parametrize(
    ("missing", "blocks", "asked"),
    [
        pytest.param(0.25, 1_000, "fast every", id="the second keeps nothing"),
        pytest.param(0.0, 1_000, "fast", id="no share is too small"),
        pytest.param(0.25, 2, "fast", id="a page too large to ask everyone"),
    ],
)
def test_everyone_is_asked_where_a_story_may_be_missing_and_the_page_is_not_large(monkeypatch, missing, blocks, asked):
    calls: list[str] = []
    monkeypatch.setattr(extractors, "fast_lines", lambda tree: calls.append("fast") or STORY)
    monkeypatch.setattr(extractors, "compared_lines", lambda tree: calls.append("every") or [STORY] * 3)
    monkeypatch.setattr(choice, "MISSING", missing)
    monkeypatch.setattr(choice, "MAX_BLOCKS_COMPARED", blocks)
    doc = page(f"<article>{paragraphs(STORY)}</article>")
    visible = read(doc.tree)
    models = model.Models(HARDLY, HARDLY_NOT, YES)
    choice.choose(lambda extracts: story.survey(doc, visible, None, extracts), doc.tree, models)
    assert " ".join(calls) == asked


@pytest.mark.parametrize(
    ("odds", "confidence"),
    [
        pytest.param([4, 4, -4], 0.986, id="sure"),
        pytest.param([0, 0, 0], 0.667, id="a coin"),
        pytest.param([4, 0, -4], 0.847, id="one block in doubt"),
        pytest.param([-4, -4, -4], 0.0, id="nothing kept"),
    ],
)
def test_confidence_is_the_f1_to_be_expected(odds, confidence):
    n = len(NAMES)
    line = {"mean": [0] * n, "scale": [1] * n, "slope": [float(name == "words") for name in NAMES], "intercept": 0}
    more = {"base": 0, "depth": 0, "share": 1, "trust": 0, "cut": 0.36}
    believing = model.parse({"features": list(NAMES), "logistic": line, "trees": [[[-1, 0, -1, -1, 0]]], **more})
    rows = np.zeros((len(odds), n), dtype=np.float32)
    rows[:, NAMES.index("words")] = odds
    assert model.judge(rows, [10.0] * len(odds), believing, asked=False).confidence == pytest.approx(
        confidence, abs=0.001
    )


@pytest.mark.parametrize(
    ("part", "whole", "is_part"),
    [
        pytest.param([2, 3], range(2, 12), True, id="it begins with the part"),
        pytest.param([1, 2], range(12), True, id="a heading's line more above"),
        pytest.param([2, 3, 4, 5], range(2, 7), False, id="the part is most of it"),
        pytest.param([9, 10], range(12), False, id="much stands above the part: teasers"),
        pytest.param([0, 1], range(2, 12), False, id="beside it: comments below a short story"),
        pytest.param([], range(2, 12), False, id="nothing is no part"),
    ],
)
def test_a_judgement_that_is_a_part_of_the_other(part, whole, is_part):
    doc = page(f"<article>{paragraphs(STORY)}</article>")
    survey = story.survey(doc, read(doc.tree), None, [])
    assert survey is not None
    assert choice._is_part(survey, part, list(whole)) is is_part


TEASERS = [f"Harbour news of the day, number {n}" for n in range(12)]


@pytest.mark.parametrize(
    ("kept_by_fast", "answer", "confidence", "rest_comes"),
    [
        pytest.param(range(12), range(6), 0.7, True, id="half of what the fast mode keeps"),
        pytest.param(range(12), range(2), 0.7, False, id="a sixth: a short story among other posts"),
        pytest.param(range(12), range(6), 0.95, False, id="an answer that is sure"),
        pytest.param(range(12), range(11), 0.7, False, id="all but one paragraph"),
        pytest.param(range(6, 12), range(4), 0.7, False, id="the fast mode keeps something else"),
        pytest.param([*range(3), *range(12, 24)], range(3), 0.7, False, id="the rest is headlines"),
        pytest.param(range(12), [], 0.0, True, id="an answer of nothing"),
        pytest.param([], range(4), 0.7, False, id="the fast mode keeps nothing"),
    ],
)
def test_an_uncertain_answer_takes_the_rest_of_what_the_fast_mode_keeps(kept_by_fast, answer, confidence, rest_comes):
    lines = [*STORY, *TEASERS]
    doc = page(f"<article>{paragraphs(lines)}</article>")
    witness = story.survey(doc, read(doc.tree), None, [[lines[i] for i in kept_by_fast]])
    assert witness is not None
    uncertain = choice.Choice(witness, list(answer), model.Verdict([], 0.0, 0.0, confidence))
    expected = sorted({*answer, *kept_by_fast}) if rest_comes else list(answer)
    assert choice._with_rest(uncertain, witness).story == expected
