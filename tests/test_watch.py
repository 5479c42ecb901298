"""Watch lists: one name in any script and case, with the words that say so; and the rules that build on them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.config import Config, TopicRule, TopicsConfig, WatchList, load
from pipeline.errors import ConfigError
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, watch, words

VUCIC = WatchList(name="Aleksandar Vučić", aliases=("Vučić",))


def article(text: str, language: str | None = "en", title: str | None = None) -> Article:
    return Article("id", None, title, text, "hash", Raw("raw/a.txt", None, "0"), language=language)


def found(entry: WatchList, text: str, language: str = "en") -> tuple[str, ...]:
    matches = watch.Watch((entry,)).find((), words.split(text), language)
    return matches[0].forms if matches else ()


@pytest.mark.parametrize(
    ("text", "language", "forms"),
    [
        pytest.param("Aleksandar Vučić spoke.", "en", ("Aleksandar Vučić",), id="as written"),
        pytest.param("Aleksandar Vucic spoke; Vucic's plan.", "en", ("Aleksandar Vucic", "Vucic"), id="without marks"),
        pytest.param("Вучић је рекао, са Вучићем.", "sr", ("Вучић", "Вучићем"), id="serbian cyrillic, inflected"),
        pytest.param(
            "Sastali su se sa Aleksandrom Vučićem.", "sr", ("Vučićem",), id="first name with a fleeting vowel"
        ),
        pytest.param("Президент Вучич, у Вучича, Вучичу.", "ru", ("Вучич", "Вучича", "Вучичу"), id="russian"),
        pytest.param("Vučićev plan i Vučićeva vlada.", "hr", ("Vučićev", "Vučićeva"), id="possessive"),
        pytest.param("VUČIĆ U PARIZU", "sr", ("VUČIĆ",), id="all capitals"),
        pytest.param("Vučićanka plays.", "en", (), id="a longer word"),
    ],
)
def test_one_name_in_every_script(text: str, language: str, forms: tuple[str, ...]) -> None:
    assert found(VUCIC, text, language) == forms


@pytest.mark.parametrize(
    ("name", "text", "language", "matches"),
    [
        pytest.param("Zelensky", "Зеленський і Зеленського чекають.", "uk", True, id="ukrainian to english"),
        pytest.param("Zelenskyy", "Zelenskiy said; Zelenskij sagte.", "en", True, id="transliterations"),
        pytest.param("Лукашенко", "Lukashenko met them.", "en", True, id="cyrillic alias, latin text"),
        pytest.param("Хрущёв", "Khrushchev banged.", "en", False, id="too far apart is not guessed"),
        pytest.param("Μητσοτάκης", "Mitsotakis met them.", "en", True, id="greek"),
        pytest.param("Apple", "An apple a day.", "en", False, id="a common word"),
        pytest.param("Apple", "Apple's phones.", "en", True, id="owner"),
        pytest.param("Ford", "Fordham won.", "en", False, id="begins another name"),
        pytest.param("Nokia", "Nokian tulos ja Nokialle.", "fi", True, id="finnish"),
        pytest.param("Orbán", "Orbánnak mondták.", "hu", True, id="hungarian"),
        pytest.param("Merkel", "Merkels Rede.", "de", True, id="german"),
        pytest.param("Erdoğan", "Erdoğan'ın sözleri.", "tr", True, id="turkish"),
        pytest.param("Volkswagen AG", "volkswagen ag", "de", False, id="lower case"),
        pytest.param("climate strike", "A Climate Strike began.", "en", True, id="no capital asked for"),
        pytest.param("习近平", "国家主席习近平会见", "zh", True, id="chinese"),
        pytest.param("윤석열", "윤석열은 말했다", "ko", True, id="korean with a particle"),
        pytest.param("نتنياهو", "قال ونتنياهو", "ar", True, id="arabic with a joined word"),
        pytest.param("נתניהו", "אמר לנתניהו", "he", True, id="hebrew with a joined word"),
        pytest.param("C", "C major", "en", True, id="one letter is matched (the config refuses it)"),
    ],
)
def test_scripts_and_cases(name: str, text: str, language: str, matches: bool) -> None:
    assert bool(found(WatchList(name=name), text, language)) is matches


def test_a_match_is_a_tag_with_its_evidence_behind_the_topics() -> None:
    story = article("Voters chose a government; Aleksandar Vučić won the election. Vucic spoke.", title="Election day")
    topics = Tagger(TopicsConfig(), (VUCIC,)).tag(story).topics
    tag = topics[-1]
    assert (tag.id, tag.label, tag.by, tag.confidence) == ("watch:Aleksandar Vučić", "Aleksandar Vučić", "watch", 1.0)
    assert tag.evidence == ("Aleksandar Vučić", "Vucic")
    assert topics[0].by == "model"


def test_watch_tags_take_no_place_from_the_topics() -> None:
    story = article("Voters chose a government; Vučić won the election.")
    assert [t.by for t in Tagger(TopicsConfig(max=1), (VUCIC,)).tag(story).topics] == ["model", "watch"]


@pytest.mark.parametrize(
    ("rule", "fires"),
    [
        pytest.param({"watch": ("aleksandar vučić",)}, True, id="watch list"),
        pytest.param({"names": ("Ada Quist",)}, True, id="name"),
        pytest.param({"names": ("Quist",)}, True, id="a variant of a name"),
        pytest.param({"places": ("RS",)}, True, id="place by code"),
        pytest.param({"places": ("serbia",)}, True, id="place by name"),
        pytest.param({"names": ("Tom Varga",)}, False, id="another name"),
        pytest.param({"places": ("RS",), "any": ("ferry",)}, False, id="place, but no word"),
        pytest.param({"places": ("RS",), "any": ("parliament",)}, True, id="place and word"),
        pytest.param({"places": ("RS",), "names": ("Tom Varga",)}, False, id="place, but another name"),
        pytest.param({"watch": ("Aleksandar Vučić",), "none": ("parliament",)}, False, id="forbidden word"),
    ],
)
def test_rules_match_names_places_and_watch_lists(rule: dict[str, tuple[str, ...]], fires: bool) -> None:
    story = article("In Serbia the parliament heard Vučić. They met Ada Quist. Quist left.")
    cfg = TopicsConfig(model=False, rule=(TopicRule(tag="mine", **rule),))  # type: ignore[arg-type]
    assert any(t.id == "mine" for t in Tagger(cfg, (VUCIC,)).tag(story).topics) is fires


def test_faults_of_the_config_name_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[[watch]]\nname = "Ada Quist"\naliases = ["!"]\n\n[[watch]]\nname = "Ada Quist"\n\n'
        '[[topics.rule]]\ntag = "t"\nwatch = ["Ada Qist"]\n'
    )
    with pytest.raises(ConfigError) as fault:
        load(file)
    said = str(fault.value)
    assert "watch[1].aliases (line 3): has no letter or digit: '!'" in said
    assert "watch[2].name (line 6): another watch list is called 'Ada Quist' too" in said
    assert "topics.rule[1].watch (line 10): no [[watch]] of this name: 'Ada Qist' (did you mean 'Ada Quist'?)" in said


def test_an_alias_may_stand_alone(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[watch]]\nname = "Ada Quist"\naliases = "Quist"\n')
    assert load(file, {}) == Config(watch=(WatchList(name="Ada Quist", aliases=("Quist",)),))


def test_a_hundred_lists_cost_little() -> None:
    lists = tuple(WatchList(name=f"Name{n} Surname{n}", aliases=(f"Surname{n}",)) for n in range(100))
    compiled = watch.Watch(lists)
    text = words.split("Some Words of a text that names nobody at all, over and over. " * 400)
    compiled.find((), text, "en")
    start = time.process_time()
    compiled.find((), text, "en")
    assert time.process_time() - start < 0.05
