"""People and organisations in a text: by capitals, by gazetteer, and one name for all that a text calls somebody."""

from __future__ import annotations

import time

import pytest

from pipeline.tag import gazetteer, names


def found(text: str, language: str = "en", title: str = "") -> dict[str, int]:
    return {name.name: name.count for name in names.find(title, text, language)}


def variants(text: str, language: str = "en") -> dict[str, tuple[str, ...]]:
    return {name.name: name.variants for name in names.find("", text, language)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They met Ada Quist. Quist left.", {"Ada Quist": 2}, id="surname alone"),
        pytest.param("J. K. Moreau wrote it. Joanne Moreau sold it.", {"J. K. Moreau": 2}, id="initials"),
        pytest.param("He saw Barack H. Obama, and Barack Obama spoke.", {"Barack H. Obama": 2}, id="middle initial"),
        pytest.param("She saw Ada Quist's house and Quist’s dog.", {"Ada Quist": 2}, id="owner"),
        pytest.param(
            "It joined the World Health Organization (WHO), and WHO said so.", {"World Health Organization": 2},
            id="acronym in brackets",
        ),
        pytest.param("We met First Minister Nicola Quist there.", {"Nicola Quist": 1}, id="title in front"),
        pytest.param("We met US Vice-President Tom Quist there.", {"Tom Quist": 1}, id="country and hyphenated title"),
        pytest.param("Then Minority Whip Dick Quist spoke.", {"Dick Quist": 1}, id="unknown title in front"),
        pytest.param("The Bank of England waits.", {"Bank of England": 1}, id="an organisation with of"),
        pytest.param("So said Ada Quist of Harbour Research.", {"Ada Quist": 1}, id="of an organisation"),
        pytest.param("Ferries sail. Nobody waits. There it is.", {}, id="capitals that begin a sentence"),
        pytest.param("On Monday in March the English team won.", {}, id="days, months, peoples"),
        pytest.param("A flight from Kenya to New Zealand.", {}, id="countries"),
        pytest.param("They swam in the Tarn River and won the Harbour Cup.", {}, id="rivers and cups"),
        pytest.param("They like NATO, and so does the EU.", {"NATO": 1}, id="acronyms of three letters and more"),
        pytest.param("We saw Veridor. It is said that Veridor pays.", {"Veridor": 2}, id="one word, twice"),
        pytest.param("We saw Veridor once.", {}, id="one word, once"),
        pytest.param("I met Louis De Zoysa and Ursula von der Leyen.",
                     {"Louis De Zoysa": 1, "Ursula von der Leyen": 1}, id="particles"),
        pytest.param("", {}, id="nothing"),
        pytest.param("ALL CAPITALS ARE SHOUTED AND SAY NOTHING OF ANY NAME AT ALL", {}, id="shouted"),
    ],
)  # fmt: skip
def test_english(text: str, expected: dict[str, int]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param("de", "Gestern kam Angela Quist. Merkwürdig: Quists Hund blieb, so der Sprecher Steffen Varga.",
                     {"Angela Quist": 1, "Steffen Varga": 1}, id="german nouns are no names"),
        pytest.param("de", "Die Harbour Bank AG und die SPD zahlen.", {"Harbour Bank AG": 1, "SPD": 1}, id="german firm"),
        pytest.param("ru", "Вчера Владимир Квист уехал. Квиста ждут, Квистом довольны.", {"Владимир Квист": 3},
                     id="russian cases"),
        pytest.param("sr", "Predsednik Aleksandar Kvist dođe. Kvista čekaju, sa Kvistom.", {"Aleksandar Kvist": 3},
                     id="serbian cases"),
        pytest.param("sr", "Председник Александар Квист дође. Квиста чекају.", {"Александар Квист": 2},
                     id="serbian in cyrillic"),
        pytest.param("pl", "Premier Donald Kwist mówił. Kwista poparto.", {"Donald Kwist": 2}, id="polish cases"),
        pytest.param("fi", "Eilen Sauli Kviist tuli. Kviistin mukaan.", {"Sauli Kviist": 2}, id="finnish cases"),
        pytest.param("tr", "Dün Recep Kvist konuştu. Kvist'in sözleri.", {"Recep Kvist": 2}, id="turkish apostrophe"),
        pytest.param("hu", "Kvist Viktor beszélt. Kvistnek mondták.", {"Kvist Viktor": 2}, id="hungarian order"),
        pytest.param("fr", "Hier M. Quist a vu Emmanuel Quist et l'ONU.", {"Emmanuel Quist": 2, "ONU": 1}, id="french m."),
        pytest.param("es", "Ayer Pedro Quist y Ana Varga debatieron.", {"Pedro Quist": 1, "Ana Varga": 1}, id="spanish and"),
        pytest.param("ar", "قال الرئيس محمود عباس إن الأمم المتحدة ستجتمع.", {"محمود عباس": 1, "الأمم المتحدة": 1},
                     id="arabic"),
        pytest.param("ar", "الفريق كبير لدرجة أن نظام التموضع لا يعمل.", {}, id="arabic words that are first names"),
        pytest.param("he", "אתמול יאיר לפיד נפגש עם האו\"ם.", {"יאיר לפיד": 1, 'האו"ם': 1}, id="hebrew"),
        pytest.param("zh", "外交部发言人赵立坚表示，联合国欢迎唐纳德·特朗普。", {"赵立坚": 1, "联合国": 1, "唐纳德·特朗普": 1},
                     id="chinese"),
        pytest.param("ja", "岸田文雄首相はドナルド・トランプ前大統領と会談した。", {"岸田文雄": 1, "ドナルド・トランプ": 1},
                     id="japanese"),
        pytest.param("ko", "이재명 대표는 유엔에서 연설했다.", {"이재명": 1, "유엔": 1}, id="korean"),
        pytest.param("hi", "राहुल गांधी ने संयुक्त राष्ट्र में कहा।", {"राहुल गांधी": 1, "संयुक्त राष्ट्र": 1}, id="hindi"),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, expected: dict[str, int]) -> None:
    assert found(text, language) == expected


def test_the_other_forms_of_a_name_are_shown() -> None:
    text = "They met Ada Quist. Quist left. A. Quist wrote; so did Quist."
    assert variants(text) == {"Ada Quist": ("Quist", "A. Quist")}


def test_two_people_of_one_family_stay_two() -> None:
    assert found("We met Ada Quist and Tomas Quist.") == {"Ada Quist": 1, "Tomas Quist": 1}


def test_a_title_in_title_case_names_nobody() -> None:
    assert found("We met nobody.", title="Harbour Council Passes Budget") == {}
    assert found("We met nobody.", title="Council hears Ada Quist on budget") == {"Ada Quist": 1}


@pytest.mark.parametrize("word", ["A", "Quist ", "Ada Quist. ", "A.B.C. ", "Ada-", "O'", "Q'q'"])
def test_no_text_takes_long(word: str) -> None:
    start = time.process_time()
    names.find("", word * 30_000, "en")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(("name", "type"), [
    pytest.param("Anna Brook", "person", id="a first name"),
    pytest.param("Bank of England", "organisation", id="a body at the beginning"),
    pytest.param("Deutsche Bank", "organisation", id="a body at the end"),
    pytest.param("Министерство обороны", "organisation", id="Russian ministry"),
    pytest.param("Zetaflux", None, id="one word"),
    pytest.param("Brook", None, id="a surname alone"),
    pytest.param("Anna of Brook", None, id="of"),
    pytest.param("Zetaflux Norhaven", None, id="nothing known of either word"),
])  # fmt: skip
def test_a_name_has_a_type_where_a_word_says_so(name: str, type: str | None) -> None:
    assert gazetteer.person_or_organisation(name) == type
