"""The user's own rules: what fires, what does not, and which rules are refused."""

from __future__ import annotations

import time

import pytest

from pipeline.config import TopicRule, TopicsConfig
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, explain, faults, vocabulary
from pipeline.tag.user_rules import PIECE, regex_fault


def article(text: str = "", title: str | None = None, **fields: object) -> Article:
    return Article(
        "id", fields.pop("url", None), title, text, "hash", Raw("raw/a.txt", None, "0"), **{"language": "en", **fields}
    )  # type: ignore[arg-type]


def tags(story: Article, *rules: TopicRule, **settings: object) -> list[str]:
    cfg = TopicsConfig(rule=rules, **{"model": False, **settings})  # type: ignore[arg-type]
    return [topic.id for topic in Tagger(cfg).tag(story).topics]


@pytest.mark.parametrize(
    ("rule", "story", "fires"),
    [
        pytest.param({"any": ["man"]}, article("The management said no."), False, id="inside a word"),
        pytest.param({"any": ["man"]}, article("A Man, alone."), True, id="case and comma"),
        pytest.param({"any": ["man"]}, article("The man's boat."), True, id="possessive"),
        pytest.param({"any": ["Krone"]}, article("Die Krönung."), False, id="umlaut is another letter"),
        pytest.param({"any": ["C++"]}, article("Written in C++, mostly."), True, id="sign at the end"),
        pytest.param({"any": ["C++"]}, article("Vitamin C is back."), False, id="sign missing"),
        pytest.param({"any": ["AT&T"]}, article("Shares of AT&T fell."), True, id="sign inside"),
        pytest.param({"any": ["wind farm"]}, article("A wind\u00a0 farm off the coast."), True, id="any white space"),
        pytest.param({"any": ["wind farm"]}, article("The wind farms of the coast."), False, id="plural is another word"),
        pytest.param({"any": ["don't panic"]}, article("Don’t panic."), True, id="curly apostrophe"),
        pytest.param({"any": ["地震"]}, article("昨日地震发生"), True, id="chinese inside a sentence"),
        pytest.param({"any": ["ukraine"]}, article("Ukraine-Krieg"), True, id="hyphen is a boundary"),
        pytest.param({"any": ["rail"], "none": ["model rail"]}, article("A model rail fair."), False, id="forbidden"),
        pytest.param({"all": ["rail", "strike"]}, article("A rail strike."), True, id="all there"),
        pytest.param({"all": ["rail", "strike"]}, article("A rail fair."), False, id="one missing"),
        pytest.param({"any": ["rail"], "all": ["strike"]}, article("A strike."), False, id="any and all both count"),
        pytest.param({"any": ["rail"], "min_hits": 3}, article("Rail, rail.", "Rail"), True, id="hits over fields"),
        pytest.param({"any": ["rail"], "min_hits": 4}, article("Rail, rail.", "Rail"), False, id="too few hits"),
        pytest.param({"any": ["rail"], "fields": ["title"]}, article("Rail.", "Roads"), False, id="other field"),
        pytest.param({"any": ["rail"], "fields": ["lead"]}, article("Roads.\n\nRail."), False, id="not in the lead"),
        pytest.param({"any": ["rail"], "fields": ["lead"]}, article("Roads.", standfirst="Rail!"), True, id="standfirst"),
        pytest.param({"any": ["markets"], "fields": ["section"]}, article("x", section="Markets"), True, id="section"),
        pytest.param({"any": ["sport"], "fields": ["url"]}, article("x", url="https://a.example/sport/1"), True, id="url"),
        pytest.param({"any": ["rail"], "language": "de"}, article("Rail."), False, id="other language"),
        pytest.param({"any": ["rail"], "source": "a.example"}, article("Rail.", source="A.example"), True, id="source"),
        pytest.param({"any": ["rail"], "source": "a.example"}, article("Rail."), False, id="source unknown"),
        pytest.param({"regex": r"\bline \d+\b"}, article("Work on Line 12 began."), True, id="regex, any case"),
        pytest.param({"regex": r"work.*began"}, article("Work.\n\nIt began."), False, id="regex stays in a paragraph"),
        pytest.param({"any": ["work"], "regex": r"\d"}, article("Work."), False, id="any and regex both count"),
    ],
)  # fmt: skip
def test_a_rule_fires_when_it_says_so(rule: dict[str, object], story: Article, fires: bool) -> None:
    assert tags(story, TopicRule(tag="mine", **rule)) == (["mine"] if fires else [])  # type: ignore[arg-type]


def test_a_rule_that_stays_silent_says_why() -> None:
    verdict = explain(article("A fair."), TopicsConfig(rule=(TopicRule(tag="t", all=("rail",), name="Trains"),))).rules[
        0
    ]
    assert (verdict.rule, verdict.fired, verdict.why) == ("Trains", False, "lacks 'rail'")


def test_a_medtop_tag_takes_its_label_and_names_the_rule() -> None:
    cfg = TopicsConfig(model=False, rule=(TopicRule(tag="medtop:20000338", any=("runway",)),))
    topic = Tagger(cfg).tag(article("The runway.")).topics[0]
    assert (topic.label, topic.by, topic.evidence, topic.confidence) == ("air transport", "rule 1", ("runway",), 1.0)


STORY = article("The football match. The football pitch. The goalkeeper.", "Football cup final")


def test_add_comes_before_the_model_and_within_the_maximum() -> None:
    rules = TopicRule(tag="mine", any=("football",)), TopicRule(tag="yours", any=("football",))
    assert tags(STORY, *rules, model=True)[:2] == ["mine", "yours"]
    assert tags(STORY, *rules, model=True, max=1) == ["mine"]
    assert tags(STORY, *rules, model=True, max=0) == []


def test_remove_takes_the_narrower_topics_along() -> None:
    def sport(found: list[str]) -> list[str]:
        return [tag for tag in found if vocabulary.top(tag) == "medtop:15000000"]

    found = sport(tags(STORY, model=True))
    assert found and "medtop:15000000" not in found  # a narrower one
    gone = TopicRule(tag="medtop:15000000", any=("football",), action="remove")
    assert sport(tags(STORY, gone, model=True)) == []


def test_only_leaves_nothing_else() -> None:
    only = TopicRule(tag="medtop:15000000", any=("football",), action="only")
    assert tags(STORY, only, TopicRule(tag="mine", any=("football",)), model=True) == ["medtop:15000000"]


@pytest.mark.parametrize(
    ("rule", "key", "words"),
    [
        pytest.param({"tag": "medtop:2000338"}, "tag", "no such code", id="digit missing"),
        pytest.param({"tag": "Medtop:20000338"}, "tag", "did you mean medtop:20000338", id="capital"),
        pytest.param({"any": [" "]}, "any", "empty word", id="blank word"),
        pytest.param({"none": ["A"]}, "none", "asked for and forbidden", id="contradiction"),
        pytest.param({"language": "german"}, "language", "must be a code", id="language spelled out"),
        pytest.param({"regex": "("}, "regex", "not a regular expression", id="open bracket"),
        pytest.param({"regex": "x*"}, "regex", "matches the empty text", id="matches nothing"),
        pytest.param({"regex": "(a+)+$"}, "regex", "repeat inside a repeat", id="exponential"),
        pytest.param({"regex": "(a|a)*b"}, "regex", "repeat inside a repeat", id="two ways the same"),
        pytest.param({"regex": "(a+){1,9}b"}, "regex", "open-ended", id="nine rounds of one"),
        pytest.param({"regex": ".*a.*b.*c.*"}, "regex", "open-ended", id="power of four"),
    ],
)  # fmt: skip
def test_a_rule_in_error_is_named(rule: dict[str, object], key: str, words: str) -> None:
    good = TopicRule(tag="fine", any=("b",))
    bad = TopicRule(**{"tag": "t", "any": ("a",), **rule})  # type: ignore[arg-type]
    [(index, where, said)] = faults(TopicsConfig(rule=(good, bad)))
    assert (index, where) == (1, key)
    assert words in said


@pytest.mark.parametrize(
    "pattern", [r"\bfoo\s+bar\b", r"(?:foo|bar)+", r"(\w+, ){1,2}x", r"[A-Z]\w+ said", r"(?>a+)+b", r"a.{0,9}b.{0,9}c"]
)
def test_ordinary_expressions_pass(pattern: str) -> None:
    assert regex_fault(pattern) is None


@pytest.mark.parametrize("pattern", [r"a.*b", r"a.*b.*c", r"\w+@\w+#", r"(\w+, ){1,2}x"])
def test_the_worst_text_for_a_passed_expression_is_bounded(pattern: str) -> None:
    assert regex_fault(pattern) is None
    story = article("a" * 40_000 + "\n\n" + "ab" * 20_000)
    start = time.process_time()
    tags(story, TopicRule(tag="t", regex=pattern))
    assert time.process_time() - start < 5
    assert max(PIECE) == 2
