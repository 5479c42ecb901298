"""The tag stage: at most so many tags, best first, with evidence, and silence where it knows nothing."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import TopicRule, TopicsConfig
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, calibration, explain, keywords, linear, vocabulary
from pipeline.tag.words import lower, split

from .conftest import Newsmill, story

TAGGER = Tagger(TopicsConfig())


def article(text: str, title: str | None = None, language: str | None = "en") -> Article:
    return Article("id", None, title, text, "hash", Raw("raw/a.txt", None, "0"), language=language)


def test_tags_come_best_first_within_the_maximum() -> None:
    story = article("Voters went to the polls in a national election. The government waits.", "Election day")
    topics = TAGGER.tag(story).topics
    assert vocabulary.top(topics[0].id) == "medtop:11000000"
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


@pytest.mark.parametrize(
    ("text", "top", "narrower"),
    [
        pytest.param(
            "The striker scored two goals and the goalkeeper saved a penalty in the league match.",
            "medtop:15000000", "medtop:15000000", id="sport, not competition discipline",
        ),
        pytest.param(
            "The tropical storm strengthened to a hurricane with sustained winds of 120 mph, forecasters said.",
            "medtop:17000000", "medtop:20001129", id="weather, no one hurt",
        ),
        pytest.param(
            "The hurricane killed nine people; rescuers searched flooded houses and the death toll may rise.",
            "medtop:03000000", "medtop:20000148", id="weather that became a disaster",
        ),
        pytest.param(
            "Rail workers went on strike after the union rejected a pay deal; pickets formed at dawn.",
            "medtop:09000000", "medtop:20000524", id="labour",
        ),
        pytest.param(
            "Pupils return to the classroom as the school district hires teachers for its primary schools.",
            "medtop:05000000", "medtop:20000400", id="education",
        ),
        pytest.param(
            "Preheat the oven, stir the sauce, add two cups of flour: a recipe for a simple chocolate cake.",
            "medtop:10000000", "medtop:20000538", id="lifestyle",
        ),
        pytest.param(
            "Shares fell after the retailer reported lower quarterly earnings and cut its full-year forecast.",
            "medtop:04000000", "medtop:20000170", id="economy",
        ),
        pytest.param(
            "Astronomers using a telescope found water vapour in the atmosphere of a planet near a small star.",
            "medtop:13000000", "medtop:20000717", id="science",
        ),
    ],
)  # fmt: skip
def test_what_a_text_is_about(text: str, top: str, narrower: str) -> None:
    found = [topic.id for topic in TAGGER.tag(article(text)).topics]
    assert vocabulary.top(found[0]) == top
    lines = [vocabulary.ancestors(code) for code in found]
    assert any(narrower in line for line in lines)


@pytest.mark.parametrize(
    ("language", "text", "top"),
    [
        pytest.param("de", "Die Polizei hat einen Verdächtigen festgenommen, die Staatsanwaltschaft ermittelt.", 2, id="de"),
        pytest.param("fr", "Le séisme a fait des dizaines de sinistrés, les pompiers cherchent des survivants.", 3, id="fr"),
        pytest.param("es", "El equipo ganó el partido con dos goles del delantero en la final del torneo.", 15, id="es"),
        pytest.param("it", "Il governo e il parlamento discutono la riforma, il premier incontra i ministri.", 11, id="it"),
        pytest.param("pt", "A empresa anunciou lucro maior e os acionistas aprovaram o investimento.", 4, id="pt"),
        pytest.param("nl", "De school vraagt leraren, want leerlingen krijgen minder onderwijs.", 5, id="nl"),
        pytest.param("pl", "Piłkarze wygrali mecz, trener chwalił drużynę po turnieju.", 15, id="pl"),
        pytest.param("ru", "Землетрясение разрушило дома, спасатели МЧС эвакуировали жителей.", 3, id="ru"),
        pytest.param("uk", "Уряд і парламент обговорили вибори, президент підписав указ.", 11, id="uk"),
        pytest.param("tr", "Hastanede tedavi gören hastalar için yeni aşı geldi, doktorlar umutlu.", 7, id="tr"),
        pytest.param("ar", "قالت الحكومة إن البرلمان والوزراء ناقشوا الانتخابات", 11, id="ar"),
        pytest.param("zh", "地震造成多人受伤，消防救援人员正在搜救，灾害严重。", 3, id="zh"),
        pytest.param("ja", "選手が決勝で優勝し、監督は試合を称えた。", 15, id="ja"),
        pytest.param("sv", "Polisen har gripit en misstänkt, åklagaren väcker åtal.", 2, id="sv"),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, top: int) -> None:
    topics = TAGGER.tag(article(text, language=language)).topics
    assert vocabulary.top(topics[0].id) == f"medtop:{top:02}000000"


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        pytest.param("de", "Golf von Neuland", "Das Schiff lag seit Tagen dort, sagte ein Sprecher am Montag.", id="Golf, a bay"),
        pytest.param("de", "Neuer Tarif", "Der Anbieter ändert den Tarif, sagte ein Sprecher am Montag.", id="Tarif, a price"),
        pytest.param("de", "Bubi-Bomber", "Er trägt den Bubi-Bomber am liebsten, sagte er am Montag.", id="Bomber, a jacket"),
        pytest.param("de", "Am Tor", "Das Tor steht seit Jahren offen, sagte der Nachbar am Montag.", id="Tor, a gate"),
        pytest.param("fr", "Un golf bleu", "Le golf bleu est garé devant la porte, a dit un voisin lundi.", id="golf, a car"),
        pytest.param("es", "El golf azul", "El golf azul estaba delante de la puerta, dijo un vecino.", id="golf, a car (es)"),
        pytest.param("sv", "Golf", "Hans golf stod framför dörren, sade en granne.", id="golf, a car (sv)"),
        pytest.param("ru", "Гольфы", "Она носит гольфы, сказала соседка.", id="knee socks (ru)"),
        pytest.param("zh", "明星", "他说那是明星。", id="a star (zh)"),
    ],
)  # fmt: skip
def test_an_ambiguous_word_alone_decides_nothing(language: str, title: str, text: str) -> None:
    assert TAGGER.tag(article(text, title, language)).topics == ()


@pytest.mark.parametrize(
    ("language", "text", "top"),
    [
        pytest.param("de", "Beim Golf gewann er das Turnier und den Pokal.", 15, id="golf and a tournament"),
        pytest.param("de", "Der Tarif steht, die Gewerkschaft sagt den Streik ab.", 9, id="a tariff and a strike"),
        pytest.param("de", "Ein Bomber griff an, die Armee meldet Krieg an der Front.", 16, id="a bomber and a war"),
        pytest.param("fr", "Au golf, le champion a gagné le tournoi.", 15, id="golf and a champion"),
    ],
)
def test_an_ambiguous_word_counts_beside_another(language: str, text: str, top: int) -> None:
    topics = TAGGER.tag(article(text, language=language)).topics
    assert vocabulary.top(topics[0].id) == f"medtop:{top:02}000000"


def test_an_ambiguous_word_counts_where_the_publisher_says_so() -> None:
    story = article("Er spielte Golf, sagte er am Montag.", "Golf in Neuland", "de")
    assert not TAGGER.tag(story).topics
    assert vocabulary.top(TAGGER.tag(replace(story, section="Sport")).topics[0].id) == "medtop:15000000"


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        pytest.param(
            "The government won the election. Voters chose their candidate in a second ballot; turnout at the polls was high.",
            "medtop:20000574", "medtop:11000000", id="an election, not politics too",
        ),
        pytest.param(
            "Rail workers went on strike after the union rejected a pay deal; pickets formed at dawn.",
            "medtop:20000524", "medtop:09000000", id="a strike, not labour too",
        ),
    ],
)  # fmt: skip
def test_of_a_topic_and_a_narrower_one_the_more_telling_stays(text: str, kept: str, gone: str) -> None:
    found = [topic.id for topic in TAGGER.tag(article(text)).topics]
    lines = [vocabulary.ancestors(code) for code in found]
    assert any(kept in line for line in lines)
    assert gone not in found


_WORDS = (
    "election government voters goal match striker vaccine hospital war troops shares profit court murder film singer"
)


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        pytest.param("de", "Die Mannschaft gewann das Turnier, der Trainer lobte die Spieler.", "sport", id="de, sport"),
        pytest.param("fr", "Le voleur a commis un meurtre avec un couteau.", "crime, law and justice", id="fr, a crime"),
        pytest.param("cs", "Novinář psal o televizi a o herci.", "arts, culture, entertainment and media", id="cs, media"),
    ],
)  # fmt: skip
def test_what_a_list_does_not_tell_apart_is_the_broad_topic(language: str, text: str, label: str) -> None:
    assert TAGGER.tag(article(text, language=language)).topics[0].label == label


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_tag_stands_beside_one_that_it_falls_under(text: list[str]) -> None:
    found = [topic.id for topic in TAGGER.tag(article(" ".join(text))).topics]
    assert not {above for code in found for above in vocabulary.ancestors(code)[1:]} & set(found)


def test_a_short_text_is_tagged_only_where_more_likely_right_than_not() -> None:
    unsure = article("Die Familie kam am Montag.", language="de")
    best = explain(unsure, TopicsConfig()).topics[0]
    assert 0.3 <= best.confidence < 0.5
    assert TAGGER.tag(unsure).topics == ()
    assert Tagger(TopicsConfig(min_confidence=0.1)).tag(unsure).topics


def test_every_language_with_keywords_has_a_curve_of_its_own_and_others_the_common_one() -> None:
    curves = calibration.curves()
    listed = {entry.name[:2] for entry in files("pipeline.tag").joinpath("data/keywords").iterdir()}
    assert listed <= {language for language, weights in curves if not weights}
    assert {("*", True), ("*", False), ("en", True)} <= set(curves)
    numbers = calibration.features(np.zeros(17), np.zeros(17), np.arange(17.0), np.arange(17.0))
    unknown = calibration.sure(numbers, weights=False, language="xx", length=50)
    assert unknown == calibration.sure(numbers, weights=False, language="*", length=50)


@pytest.mark.parametrize("length", [0, 1, 25, 10**6], ids="{} words".format)
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 1.0], ids="share {}".format)
def test_a_confidence_is_calibrated_at_any_length(share: float, length: int) -> None:
    assert all(map(math.isfinite, calibration.signs(share, length)))


def test_unnamed_english_is_read_and_other_languages_are_not() -> None:
    english = "The government said that the election in the north of the country was a vote on the budget of the state."
    assert TAGGER.tag(article(english, language=None)).topics
    assert (
        TAGGER.tag(article("Die Regierung und das Parlament und die Wahl im Norden des Landes.", language=None)).topics
        == ()
    )


def test_a_narrower_topic_is_never_surer_than_its_top() -> None:
    story = article("Rebels shelled the town; troops and tanks moved to the border as peace talks failed.", "War")
    sure = {topic.id: topic.confidence for topic in explain(story, TopicsConfig()).topics}
    assert all(confidence <= sure[vocabulary.top(code)] for code, confidence in sure.items())


def test_evidence_stands_in_the_text() -> None:
    story = article("Rebels shelled the town; troops and tanks moved to the border as peace talks failed.", "War")
    said = " ".join(lower(split(f"{story.title} {story.text}")))
    for topic in TAGGER.tag(story).topics:
        assert topic.evidence and all(word in said for word in topic.evidence)


def test_a_limit_of_confidence_silences_the_model() -> None:
    story = article("Rebels shelled the town; troops moved.", "War")
    assert Tagger(TopicsConfig(min_confidence=1.0)).tag(story).topics == ()
    assert Tagger(TopicsConfig(model=False)).tag(story).topics == ()


@given(st.text(max_size=300), st.sampled_from(["en", "de", "zh", "ar", "ru", None, "xx", "EN-gb", ""]))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_tagged(text: str, language: str | None) -> None:
    tags = TAGGER.tag(article(text, text[:50], language))
    assert len(tags.topics) <= 5
    assert all(0 <= topic.confidence <= 1 for topic in tags.topics)
    json.dumps([topic.confidence for topic in tags.topics], allow_nan=False)


def test_the_same_in_another_process() -> None:
    story = "Rebels shelled the town; troops and tanks moved to the border as peace talks failed in Geneva."
    code = f"from tests.test_tag import *; print(TAGGER.tag(article({story!r}, 'War')))"
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True).stdout
    assert there.strip() == str(TAGGER.tag(article(story, "War")))


def test_every_keyword_file_holds() -> None:
    concepts = vocabulary.load()
    for entry in files("pipeline.tag").joinpath("data/keywords").iterdir():
        for code, spelled, weight, _ in keywords.parse(entry.read_text(encoding="utf-8")):
            assert code in concepts, f"{entry.name}: {code}"
            assert keywords.phrase(spelled), f"{entry.name}: {spelled!r}"
            assert len(keywords.phrase(spelled)) <= keywords.LONGEST
            assert 0.25 <= weight <= 2


def test_the_model_file_says_what_it_is_made_of() -> None:
    data = files("pipeline.tag").joinpath("data/topics.model").read_bytes()
    head = data[:2000].decode()
    assert all(word in head for word in ("CC BY-SA 4.0", "CC BY 4.0", "Made by tools/train_topics.py", "p_at_1"))
    assert len(data) <= 1_500_000
    assert linear.load()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        pytest.param("wildfire", "medtop:20001202", id="label"),
        pytest.param("Wahl", "medtop:20000574", id="label in another language"),
        pytest.param("20000638", "medtop:20000638", id="code"),
        pytest.param("international relations", "medtop:20000638", id="two words"),
    ],
)
def test_the_vocabulary_is_searched(words: str, first: str) -> None:
    assert vocabulary.search(words)[0].code == first


def test_the_vocabulary_is_whole() -> None:
    concepts = vocabulary.load()
    assert len(concepts) == 1084
    assert [c.code for c in concepts.values() if c.level == 1] == list(linear.TOPS)
    assert vocabulary.ancestors("medtop:20001202")[-1] == "medtop:03000000"
    assert vocabulary.search("no such thing at all") == []


def command(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pipeline", *args], capture_output=True, text=True, encoding="utf-8")


def test_the_topics_command() -> None:
    assert command("topics", "wildfire").stdout.startswith("medtop:20001202\twildfire\t")
    assert len(command("topics").stdout.splitlines()) == 17
    [row] = json.loads(command("topics", "20000638", "--json", "-l", "fr").stdout)
    assert (row["label"], row["parents"]) == ("Relations internationales", ["medtop:11000000"])
    wrong = command("topics", "xyzzy")
    assert wrong.returncode == 2 and "try fewer or other words" in wrong.stderr
    assert command("topics", "fire", "-l", "xx").returncode == 2


def test_try_shows_what_fired(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[topics.rule]]\nname = "boats"\ntag = "ferries"\nany = ["ferry"]\n')
    said = command("tag", "--try", "The ferry was late and the police were called.", "-C", str(tmp_path)).stdout
    assert "boats\tferries\tadd\tfired\tferry 1x in text" in said
    verdict = json.loads(command("tag", "--try", "The ferry was late.", "--json", "-C", str(tmp_path)).stdout)
    assert verdict["topics"][0]["by"] == "boats"


def test_rules_go_before_the_model() -> None:
    cfg = TopicsConfig(rule=(TopicRule(tag="mine", any=("troops",)),))
    topics = Tagger(cfg).tag(article("Rebels shelled the town; troops moved.", "War")).topics
    assert topics[0].id == "mine" and topics[1].by == "model"


def test_faults_of_rules_are_found_without_numpy() -> None:
    code = "import sys; from pipeline.tag import faults; from pipeline.config import TopicsConfig; faults(TopicsConfig()); print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"


def test_a_run_says_whose_tags_have_changed(tmp_path: Path) -> None:
    (tmp_path / "raw/b").mkdir(parents=True)
    for name in ("ferry", "rail"):
        story = f"The {name} was late on Monday, and the police were called to the terminal in the north of the town. "
        (tmp_path / f"raw/b/{name}.txt").write_text(
            f"Trouble with the {name}\n\n{story}\n\nMore of the {name}. {story}"
        )
    assert command("run", "-C", str(tmp_path)).returncode == 0
    assert json.loads((tmp_path / ".newsmill/last-run.json").read_text())["changed"] == {}
    (tmp_path / "config.toml").write_text('[[topics.rule]]\ntag = "boats"\nany = ["ferry"]\n')
    assert command("run", "-C", str(tmp_path)).returncode == 0
    assert [
        len(ids) for ids in json.loads((tmp_path / ".newsmill/last-run.json").read_text())["changed"]["tag"].values()
    ] == [1]
    assert "tags changed\tb: 1 article (newsmill status --changes)" in command("status", "-C", str(tmp_path)).stdout


def test_a_dry_run_of_tag_says_which_articles_would_change(tmp_path: Path, newsmill: Newsmill) -> None:
    pages = [
        {"id": str(n), "url": f"https://post.example/{n}", "title": title, "text": story(title, n)}
        for n, title in enumerate(("The zeppelin flies", "The ferry sails"))
    ]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.jsonl").write_text("".join(json.dumps(page) + "\n" for page in pages))
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    topics = (tmp_path / "clean/a/topics.jsonl").read_bytes()
    (tmp_path / "config.toml").write_text('[[topics.rule]]\ntag = "airships"\nany = ["zeppelin"]\n')
    planned = newsmill("tag", "--dry-run", cwd=tmp_path)
    batch, changed = planned.stdout.splitlines()
    assert batch == "tag\ta" and changed.startswith("change\t") and changed.endswith("\tThe zeppelin flies")
    assert "airships" in changed.split("\t")[3] and "airships" not in changed.split("\t")[2]
    assert (tmp_path / "clean/a/topics.jsonl").read_bytes() == topics, "nothing was written"
    assert newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    assert newsmill("tag", "--dry-run", cwd=tmp_path).stdout == ""


SEIZURE, CRIME, ECONOMY = "a customs seizure", "medtop:02000000", "medtop:04000000"


@pytest.mark.parametrize(("language", "title", "text", "top"), [
    pytest.param("de", "Zoll findet Kokain", "Im Hafen lagen 300 Kilogramm Kokain zwischen Bananen.", CRIME, id=f"{SEIZURE}, German"),
    pytest.param("fr", "La douane trouve de la cocaïne", "Les douaniers ont ouvert un conteneur de bananes.", CRIME, id=f"{SEIZURE}, French"),
    pytest.param("sv", "Tullen hittade kokain", "Lasten låg bland bananer i hamnen.", CRIME, id=f"{SEIZURE}, Swedish"),
    pytest.param("es", "La aduana halla cocaína", "La carga iba entre plátanos en un contenedor.", CRIME, id=f"{SEIZURE}, Spanish"),
    pytest.param("hr", "Carina pronašla kokain", "Teret je bio među bananama u luci.", CRIME, id=f"{SEIZURE}, Croatian"),
    pytest.param("de", "Zoll wird erhöht", "Das Land erhöht den Strafzoll auf Stahl; auch Importe aus Übersee werden teurer.", ECONOMY, id="a tariff, German"),
    pytest.param("de", "Gewinn des Konzerns sinkt", "Der Umsatz ging um drei Prozent zurück.", ECONOMY, id="a profit, German"),
    pytest.param("de", "Der Norweger gewinnt", "Auf der letzten Etappe gewinnt er vor allen anderen.", None, id="to win alone is no profit"),
    pytest.param("fr", "La douane ouvre à huit heures", "Le bureau ferme à midi.", None, id="a customs office alone says nothing"),
])  # fmt: skip
def test_words_of_two_fields_do_not_make_a_story_economy(language: str, title: str, text: str, top: str | None) -> None:
    topics = TAGGER.tag(replace(article(text, title), language=language)).topics
    assert (vocabulary.top(topics[0].id) if topics else None) == top, topics


def test_a_list_of_all_kinds_of_words_names_no_narrower_topic() -> None:
    text = "L'entreprise a doublé son bénéfice. Le PDG promet un dividende aux actionnaires de la société."
    topics = TAGGER.tag(replace(article(text, "Un groupe en forme"), language="fr")).topics
    assert topics[0].id == "medtop:04000000"
