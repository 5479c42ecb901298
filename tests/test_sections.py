"""The publisher's own section and keywords as evidence for topics."""

from __future__ import annotations

import pytest

from pipeline.config import TopicsConfig
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, sections, vocabulary

TAGGER = Tagger(TopicsConfig())


@pytest.mark.parametrize(
    ("section", "keywords", "codes"),
    [
        pytest.param("Sport", (), {"15"}, id="english and german"),
        pytest.param("Sport/Fußball", (), {"15"}, id="a path"),
        pytest.param("Économie", (), {"04"}, id="french"),
        pytest.param("Политика", (), {"11"}, id="cyrillic"),
        pytest.param("体育", (), {"15"}, id="chinese"),
        pytest.param("Science & Technology", (), {"13"}, id="two words of one desk"),
        pytest.param("Panorama", (), set(), id="says nothing"),
        pytest.param("Opinion", (), set(), id="a kind of text, not a topic"),
        pytest.param(None, ("earthquake", "harbour"), {"03"}, id="a keyword of the vocabulary"),
        pytest.param("Sport", ("election",), {"15", "11"}, id="both"),
        pytest.param(None, (), set(), id="nothing"),
    ],
)
def test_sections_and_keywords(section: str | None, keywords: tuple[str, ...], codes: set[str]) -> None:
    assert {code.removeprefix("medtop:")[:2] for code in sections.tops(section, keywords)} == codes


def tags(text: str, section: str | None = None) -> list[tuple[str, tuple[str, ...]]]:
    story = Article("id", None, None, text, "hash", Raw("raw/a.txt", None, "0"), language="de", section=section)
    concepts = vocabulary.load()
    return [(concepts[vocabulary.top(topic.id)].label(), topic.evidence) for topic in TAGGER.tag(story).topics]


def test_a_section_decides_where_the_words_say_little() -> None:
    text = "Die Mannschaft traf spät, und das Publikum ging zufrieden nach Hause."
    assert all(label != "sport" for label, _ in tags(text)) or tags(text)
    assert tags(text, "Sport")[0][0] == "sport"
    assert "Sport" in tags(text, "Sport")[0][1]


def test_a_section_alone_does_not_outweigh_the_text() -> None:
    text = "Der Bundestag stimmte über das Gesetz ab; die Regierung und die Opposition stritten über die Wahl. " * 3
    assert tags(text, "Sport")[0][0] == "politics and government"
