"""Countries in a text: by name, people and capital, and not where the word means something else."""

from __future__ import annotations

import pytest

from pipeline.tag import places, words


def found(text: str, language: str | None = "en", title: str = "") -> list[str]:
    return [place.code for place in places.find(words.split(title), words.split(text), language)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("Clashes in northern Kosovo worried Serbia.", ["XK", "RS"], id="kosovo"),
        pytest.param("The Kenyan runner won in Nairobi.", ["KE"], id="people and capital"),
        pytest.param("The U.S. and the UK agreed; US officials said so.", ["US", "GB"], id="short names"),
        pytest.param("Tell us what you think about it.", [], id="us in lower case"),
        pytest.param("UKRAINE WAITS", ["UA"], id="all capitals"),
        pytest.param("He roasted a turkey.", [], id="a bird"),
        pytest.param("Turkey and Greece talked.", ["TR", "GR"], id="turkey the country"),
        pytest.param("Best Thanksgiving Turkey ideas", [], id="turkey the meal"),
        pytest.param("Michael Jordan scored; Jordan left the court.", [], id="a person's surname, then alone"),
        pytest.param("Jordan Miller scored.", [], id="a person's first name"),
        pytest.param("Jordan said its King Hussein bridge was open.", ["JO"], id="jordan the country"),
        pytest.param("Chad Wilson sings; Chad is his name.", [], id="chad the singer"),
        pytest.param("Refugees crossed into Chad from Sudan.", ["TD", "SD"], id="chad the country"),
        pytest.param("Voters in Georgia and Atlanta queued.", ["US"], id="georgia the state"),
        pytest.param("Georgia and Armenia share a border; Tbilisi hopes.", ["GE", "AM"], id="georgia the country"),
        pytest.param("A film festival in Georgia.", [], id="georgia, either"),
        pytest.param("A storm over the Gulf of Mexico and the Indian Ocean.", [], id="seas"),
        pytest.param("Fires in New Mexico spread.", ["US"], id="new mexico"),
        pytest.param("Paris Hilton sang.", [], id="paris, a person"),
        pytest.param("Police in Paris, Texas, said so.", ["US"], id="paris, a town in texas"),
        pytest.param("A summit in Paris on Monday.", ["FR"], id="paris"),
        pytest.param("North Korea and South Korea met.", ["KP", "KR"], id="two koreas"),
        pytest.param("Papua New Guinea, Guinea-Bissau and Equatorial Guinea.", ["PG", "GW", "GQ"], id="three guineas"),
        pytest.param("The Democratic Republic of the Congo.", ["CD"], id="longest name wins"),
        pytest.param("Native American tribes sued.", [], id="native american"),
        pytest.param("A Chinese restaurant opened.", ["CN"], id="an adjective counts"),
        pytest.param("Indiana and Nigeria and Nigerien.", ["NG", "NE"], id="names inside names"),
        pytest.param("Oman, Romania, roman.", ["OM", "RO"], id="names inside words"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_english(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        pytest.param("de", "Deutschland und die Türkei; Moskau schweigt.", ["DE", "TR", "RU"], id="german"),
        pytest.param("fr", "La France et les États-Unis, puis Kiev.", ["FR", "US", "UA"], id="french"),
        pytest.param("es", "España y México, en Moscú.", ["ES", "MX", "RU"], id="spanish"),
        pytest.param("it", "La Germania e la Svizzera.", ["DE", "CH"], id="italian"),
        pytest.param("pt", "O Brasil e a Alemanha.", ["BR", "DE"], id="portuguese"),
        pytest.param("nl", "Nederland en Duitsland.", ["NL", "DE"], id="dutch"),
        pytest.param("pl", "Rząd w Warszawie i prezydent Ukrainy.", ["PL", "UA"], id="polish cases"),
        pytest.param("ru", "Президент Украины прибыл в Москву из Германии.", ["UA", "RU", "DE"], id="russian cases"),
        pytest.param("ru", "Кубок мира", [], id="russian, a cup is not Cuba"),
        pytest.param("uk", "У Києві та в Польщі.", ["UA", "PL"], id="ukrainian"),
        pytest.param("tr", "Türkiye'de ve Almanya'da.", ["TR", "DE"], id="turkish endings"),
        pytest.param("ar", "قالت مصر إن روسيا", ["EG", "RU"], id="arabic"),
        pytest.param("zh", "法国总统访问中国。", ["FR", "CN"], id="chinese"),
        pytest.param("ja", "日本とフランスの首脳", ["JP", "FR"], id="japanese"),
        pytest.param("ja", "チリソースの作り方", [], id="japanese, chili sauce"),
        pytest.param("xx", "France", [], id="unknown language"),
        pytest.param(None, "France and Spain", ["FR", "ES"], id="no language given"),
    ],
)
def test_other_languages(language: str | None, text: str, codes: list[str]) -> None:
    assert found(text, language) == codes


def test_the_main_country_comes_first_with_its_count() -> None:
    text = "Spain said. France said. French officials. Paris."
    main, other = places.find([], words.split(text), "en")
    assert (main.code, main.name, main.count, other.code) == ("FR", "France", 3, "ES")


def test_the_title_decides_between_equals() -> None:
    assert found("Spain and France.", title="France votes") == ["FR", "ES"]


def test_every_code_has_an_english_name() -> None:
    codes = {code for _, code, _ in places._rows()} - {places.NOWHERE}
    assert codes <= set(places.names())
    assert {"XK", "PS", "TW", "VA"} <= codes
    assert len(codes) >= 195
