"""The tag stage: at most so many tags, best first, with evidence, and silence where it knows nothing."""

from __future__ import annotations

import pytest

from pipeline.config import TopicsConfig
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, explain

TAGGER = Tagger(TopicsConfig())


def article(text: str, title: str | None = None, language: str | None = "en") -> Article:
    return Article("id", None, title, text, "hash", Raw("raw/a.txt", None, "0"), language=language)


def test_tags_come_best_first_within_the_maximum() -> None:
    story = article("Voters went to the polls in a national election. The government waits.", "Election day")
    topics = TAGGER.tag(story).topics
    assert topics[0].id == "medtop:11000000"
    assert 0 < len(topics) <= TopicsConfig().max
    assert [t.confidence for t in topics] == sorted((t.confidence for t in topics), reverse=True)
    assert all(t.by == "model" and t.evidence for t in topics)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(article(""), id="no text"),
        pytest.param(article("Xq zw vv. Blah foo."), id="no known words"),
        pytest.param(article("Vaalit pidettiin.", language="xx"), id="unknown language"),
    ],
)
def test_silence_rather_than_something(story: Article) -> None:
    assert TAGGER.tag(story).topics == ()


def test_the_explanation_ends_in_the_same_verdict() -> None:
    story = article("The football match ended. The football club lost.", "Football")
    assert explain(story, TopicsConfig()).tags == TAGGER.tag(story)
