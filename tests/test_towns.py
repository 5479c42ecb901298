"""Towns and regions in a text: where the text says so, and not where the word is a person's, a firm's or a creek's."""

from __future__ import annotations

import pytest

from pipeline.model import Place
from pipeline.tag import geography, town_table, words


def read(text: str, language: str = "en", title: str = "") -> tuple[Place, ...]:
    return geography.read(title, text, words.split(title), words.split(text), language)[0]


def found(text: str, language: str = "en") -> dict[str, str | None]:
    return {place.name: place.country for place in read(text, language) if place.kind != "country"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Police in Paris said so.", {"Paris": "FR"}, id="a large town"),
        pytest.param("Police in Paris, Texas, said so.", {"Paris": "US", "Texas": "US"}, id="its state behind it"),
        pytest.param("A fire in Springfield, Ill., spread.", {"Springfield": "US"}, id="its state cut short"),
        pytest.param("He was born in Vienna, Austria.", {"Vienna": "AT"}, id="its country behind it"),
        pytest.param("A flood in Gyula, the Hungarian town.", {"Gyula": "HU"}, id="a small town, its country named"),
        pytest.param("A flood in Gyula.", {}, id="a small town alone"),
        pytest.param("The mayor met Gyula Horn in Hungary.", {}, id="a first name"),
        pytest.param("He works in Reading, England.", {"Reading": "GB"}, id="an ordinary word, its country named"),
        pytest.param("Reading is fun, says the English teacher.", {}, id="an ordinary word"),
        pytest.param("The Turkey Creek flooded.", {}, id="a creek"),
        pytest.param("They met Victoria Beckham and Sydney Sweeney.", {}, id="first names"),
        pytest.param("They met Jack London. London wrote.", {}, id="a surname, then alone"),
        pytest.param("They read the Jakarta Post and the Miami Herald.", {}, id="inside the name of a paper"),
        pytest.param(
            "They flew to San Diego and Los Angeles.", {"San Diego": "US", "Los Angeles": "US"}, id="two words"
        ),
        pytest.param("War in Armenia and Azerbaijan.", {}, id="a country that is a town too"),
        pytest.param(
            "Voters in Georgia and Atlanta queued.", {"Georgia": "US", "Atlanta": "US"}, id="georgia the state"
        ),
        pytest.param("Georgia and Armenia share a border; Tbilisi hopes.", {"Tbilisi": "GE"}, id="georgia the country"),
        pytest.param("A storm hit Nova Scotia.", {"Nova Scotia": "CA"}, id="a region"),
        pytest.param("They met in paris.", {}, id="lower case"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_english(text: str, expected: dict[str, str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        pytest.param("de", "Gestern in München und Kassel. Er kam aus Wien.", {"Munich", "Kassel", "Vienna"}, id="german"),
        pytest.param("de", "Das Essen war gut, der Regen auch.", set(), id="german nouns"),
        pytest.param("fr", "À Lyon et à Marseille, le maire.", {"Lyon", "Marseille"}, id="french"),
        pytest.param("it", "Da Parigi a Vienna.", {"Paris", "Vienna"}, id="italian"),
        pytest.param("es", "En Córdoba, Argentina.", {"Córdoba"}, id="spanish, its country behind it"),
        pytest.param("sr", "U Nišu i Beogradu, pa u Beču.", {"Niš", "Belgrade", "Vienna"}, id="serbian cases"),
        pytest.param("sr", "У Београду протест.", {"Belgrade"}, id="serbian in cyrillic"),
        pytest.param("ru", "В Белграде ждут, из Новосибирска едут.", {"Belgrade", "Novosibirsk"}, id="russian cases"),
        pytest.param("pl", "W Krakowie i Gdańsku.", {"Kraków", "Gdańsk"}, id="polish cases"),
        pytest.param("cs", "V Brně a Ostravě.", {"Brno", "Ostrava"}, id="czech cases"),
        pytest.param("fi", "Tampereella satoi.", {"Tampere"}, id="finnish cases"),
        pytest.param("hu", "Debrecenben és Szegeden.", {"Debrecen", "Szeged"}, id="hungarian cases"),
        pytest.param("tr", "İzmir'de ve Ankara'da.", {"İzmir", "Ankara"}, id="turkish"),
        pytest.param("ar", "في دمشق وحلب والقاهرة.", {"Damascus", "Aleppo", "Cairo"}, id="arabic"),
        pytest.param("he", "בתל אביב ובירושלים.", {"Tel Aviv", "Jerusalem"}, id="hebrew"),
        pytest.param("zh", "在上海和武汉发生。", {"Shanghai", "Wuhan"}, id="chinese"),
        pytest.param("ja", "大阪と横浜で。", {"Osaka", "Yokohama"}, id="japanese"),
        pytest.param("ko", "서울과 부산에서.", {"Seoul", "Busan"}, id="korean"),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, names: set[str]) -> None:
    assert set(found(text, language)) == names


def test_a_town_has_coordinates_and_counts_for_its_country() -> None:
    country, town = read("A flood in Gyula, the Hungarian town. In Gyula it rained.")
    assert (country.code, country.kind, country.count) == ("HU", "country", 3)
    assert (town.name, town.kind, town.country, town.count) == ("Gyula", "town", "HU", 2)
    assert town.code.startswith("geonames:")
    assert (round(town.latitude or 0), round(town.longitude or 0)) == (47, 21)


@pytest.mark.parametrize(
    ("language", "text", "name", "stands_for"),
    [
        pytest.param("en", "Brussels wants rules; the EU agreed.", "Brussels", "European Union", id="the eu"),
        pytest.param("en", "Rain fell in Brussels; the EU met.", "Brussels", None, id="the town of the eu"),
        pytest.param(
            "en", "Moscow said its government would respond.", "Moscow", "government of Russia", id="a government"
        ),
        pytest.param("en", "Moscow has many parks.", "Moscow", None, id="a town with parks"),
        pytest.param("de", "Brüssel will Regeln, die EU zögert.", "Brussels", "European Union", id="german"),
        pytest.param("fr", "Bruxelles veut agir, la Commission aussi.", "Brussels", "European Union", id="french"),
    ],
)
def test_a_capital_may_stand_for_a_government(language: str, text: str, name: str, stands_for: str | None) -> None:
    [place] = [place for place in read(text, language) if place.name == name]
    assert place.stands_for == stands_for


def test_what_is_a_town_is_no_name() -> None:
    text = "They flew to San Diego. Ada Quist lives in San Diego."
    _, names = geography.read("", text, [], words.split(text), "en")
    assert [name.name for name in names] == ["Ada Quist"]


def test_the_table_is_small_and_whole() -> None:
    lines = town_table.lines()
    assert 30_000 < len(lines) < 40_000
    assert all(len(line.split("\t")) >= 7 for line in lines)
