"""Bytes -> text: the declared charset where it fits, a flag wherever it was something else."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings.labels import LABELS

from pipeline.formats.charset import decode
from pipeline.formats.charset_labels import means

GERMAN = "Der Bürgermeister sagte: „Wir öffnen am Montag“, so die Behörde für Verkehr in Düsseldorf."
FRENCH = "Le maire a déclaré que l’été serait très chaud à la côte ; « c’est sûr », a-t-il ajouté, sans hésiter."
SPANISH = "El alcalde dijo que el puerto abrirá mañana, según el señor Núñez. ¿Y después? «Nadie lo sabrá»."
POLISH = "Burmistrz powiedział, że port zostanie ponownie otwarty w poniedziałek; wiąże się to z opóźnieniem."
CZECH = "Starosta řekl, že přístav bude znovu otevřen v pondělí po týdnu bouří; škody jsou větší než loni."
HUNGARIAN = "A polgármester azt mondta, hogy a kikötő hétfőn újra megnyílik az őszi viharok után, bővebb üzemmel."
TURKISH = ("Belediye başkanı, limanın fırtınalı bir haftanın ardından pazartesi günü yeniden açılacağını, işçilerin "
           "çalışmaya döneceğini ve gemilerin yükleneceğini söyledi.")  # fmt: skip
LITHUANIAN = "Meras sakė, kad uostas vėl bus atidarytas pirmadienį po savaitę trukusių audrų, žvejai džiaugiasi."
RUSSIAN = "Мэр города сообщил, что порт откроется в понедельник после недели штормов, и поблагодарил рабочих."
UKRAINIAN = "Мер міста повідомив, що порт відкриється в понеділок після тижня штормів, і подякував робітникам."
GREEK = "Ο δήμαρχος είπε ότι το λιμάνι θα ανοίξει ξανά τη Δευτέρα μετά από μια εβδομάδα καταιγίδων."
HEBREW = "ראש העיר אמר כי הנמל ייפתח מחדש ביום שני לאחר שבוע של סערות, והודה לעובדים"
ARABIC = "قال رئيس البلدية إن الميناء سيعاد فتحه يوم الاثنين بعد أسبوع من العواصف وشكر العمال"
THAI = "นายกเทศมนตรีกล่าวว่าท่าเรือจะเปิดอีกครั้งในวันจันทร์หลังจากพายุหนึ่งสัปดาห์"
JAPANESE = "港は一週間の嵐の後、月曜日に再開しました。市長は喜んでいると述べた。"
CHINESE = "市长表示，经过一周的风暴之后，港口将于星期一重新开放，他感谢了工人们。"
TAIWANESE = "市長表示，經過一週的風暴之後，港口將於星期一重新開放，他感謝了工人們。"
KOREAN = "시장은 일주일간의 폭풍 끝에 항구가 월요일에 다시 열릴 것이라고 말했다."


def html(text: str, charset: str | None = None) -> str:
    said = f'<meta charset="{charset}">' if charset else ""
    return f"<!doctype html><html><head>{said}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        pytest.param(GERMAN, "utf-8", "utf-8", id="utf-8"),
        pytest.param(GERMAN, "cp1252", "iso-8859-1", id="windows-1252 called latin-1"),
        pytest.param(FRENCH, "cp1252", "us-ascii", id="windows-1252 called ascii"),
        pytest.param(TURKISH, "cp1254", "iso-8859-9", id="windows-1254 called latin-5"),
        pytest.param(POLISH, "iso8859-2", "ISO-8859-2", id="latin-2"),
        pytest.param(RUSSIAN, "koi8-r", "koi8-r", id="koi8-r"),
        pytest.param(GREEK, "iso8859-7", "iso-8859-7", id="greek"),
        pytest.param(THAI, "cp874", "tis-620", id="thai"),
        pytest.param(CHINESE + "€", "gb18030", "gb2312", id="gb18030 called gb2312"),
        pytest.param(JAPANESE + "①", "cp932", "Shift_JIS", id="windows-31j called shift_jis"),
        pytest.param(JAPANESE, "euc_jp", "x-euc-jp", id="euc-jp"),
        pytest.param(JAPANESE, "iso2022_jp", "iso-2022-jp", id="iso-2022-jp"),
        pytest.param(KOREAN + "똠", "cp949", "euc-kr", id="uhc called euc-kr"),
        pytest.param(TAIWANESE, "big5", "big5", id="big5"),
        pytest.param(GERMAN, "utf-7", "utf-7", id="utf-7"),
        pytest.param(POLISH, "cp1250", "x-cp1250", id="windows-1250 as old browsers call it"),
        pytest.param(KOREAN, "cp949", "KSC_5601", id="korean by its standard"),
        pytest.param(CHINESE, "gb18030", "gb_2312-80", id="chinese by its standard"),
        pytest.param(GREEK, "iso8859-7", "sun_eu_greek", id="greek of a workstation"),
        pytest.param(FRENCH, "mac_roman", "x-mac-roman", id="macintosh"),
        pytest.param(FRENCH, "cp1252", "Latin-1", id="latin-1 by Python's name"),
        pytest.param(RUSSIAN, "cp1251", "win-1251", id="a label that no browser knows"),
    ],
)
@pytest.mark.parametrize("who", ["transport", "meta"])
def test_a_charset_that_is_told_and_true_needs_no_flag(text: str, encoding: str, label: str, who: str) -> None:
    page = html(text, label if who == "meta" else None)
    assert decode(page.encode(encoding), label if who == "transport" else None) == (page, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [GERMAN, JAPANESE], ids=["german", "japanese"])
def test_wide_characters_are_seen_without_a_mark(text: str, encoding: str) -> None:
    page = html(text)
    assert decode(page.encode(encoding), None) == (page, (f"charset:guessed {encoding}",))
    mark = {"16-le": codecs.BOM_UTF16_LE, "16-be": codecs.BOM_UTF16_BE, "32-le": codecs.BOM_UTF32_LE}
    if encoding[4:] in mark:
        assert decode(mark[encoding[4:]] + page.encode(encoding), "utf-8") == (page, ())


@pytest.mark.parametrize(
    ("text", "encoding", "flag"),
    [
        pytest.param(GERMAN, "cp1252", "windows-1252", id="german"),
        pytest.param(FRENCH, "cp1252", "windows-1252", id="french"),
        pytest.param(SPANISH, "cp1252", "windows-1252", id="spanish"),
        pytest.param(POLISH, "cp1250", "windows-1250", id="polish"),
        pytest.param(POLISH, "iso8859-2", "iso-8859-2", id="polish latin-2"),
        pytest.param(CZECH, "cp1250", "windows-1250", id="czech"),
        pytest.param(HUNGARIAN, "cp1250", "windows-1250", id="hungarian"),
        pytest.param(TURKISH, "cp1254", "windows-1254", id="turkish"),
        pytest.param(LITHUANIAN, "cp1257", "windows-1257", id="lithuanian"),
        pytest.param(RUSSIAN, "cp1251", "windows-1251", id="russian"),
        pytest.param(RUSSIAN, "koi8-r", "koi8", id="russian koi8"),
        pytest.param(UKRAINIAN, "cp1251", "windows-1251", id="ukrainian"),
        pytest.param(GREEK, "cp1253", "windows-1253", id="greek"),
        pytest.param(HEBREW, "cp1255", "windows-1255", id="hebrew"),
        pytest.param(ARABIC, "cp1256", "windows-1256", id="arabic"),
        pytest.param(THAI, "cp874", "windows-874", id="thai"),
        pytest.param(JAPANESE, "cp932", "shift_jis", id="shift_jis"),
        pytest.param(JAPANESE, "euc_jp", "euc_jp", id="euc-jp"),
        pytest.param(JAPANESE, "iso2022_jp", "iso-2022-jp", id="iso-2022-jp"),
        pytest.param(CHINESE, "gb18030", "gb18030", id="chinese"),
        pytest.param(TAIWANESE, "big5", "big5", id="taiwanese"),
        pytest.param(KOREAN, "euc_kr", "euc-kr", id="korean"),
        pytest.param(GERMAN, "utf-7", "utf-7", id="utf-7"),
    ],
)
def test_an_untold_charset_is_found_and_said(text: str, encoding: str, flag: str) -> None:
    page = html(text)
    found, flags = decode(page.encode(encoding), None)
    assert found == page
    assert flags[0].startswith(f"charset:guessed {flag}") and len(flags) == 1


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "shown"),
    [
        pytest.param(GERMAN, "cp1252", "utf-8", "utf-8", id="windows-1252 called utf-8"),
        pytest.param(GERMAN, "utf-8", "iso-8859-1", "windows-1252", id="utf-8 called latin-1"),
        pytest.param(RUSSIAN, "utf-8", "windows-1251", "windows-1251", id="utf-8 called windows-1251"),
        pytest.param(RUSSIAN, "cp1251", "iso-8859-1", "windows-1252", id="windows-1251 called latin-1"),
        pytest.param(CZECH, "cp1250", "iso-8859-1", "windows-1252", id="windows-1250 called latin-1"),
        pytest.param(TURKISH, "cp1254", "iso-8859-1", "windows-1252", id="windows-1254 called latin-1"),
        pytest.param(JAPANESE, "euc_jp", "shift_jis", "shift_jis", id="euc-jp called shift_jis"),
        pytest.param(CHINESE, "utf-8", "gb2312", "gb18030", id="utf-8 called gb2312"),
        pytest.param(GERMAN, "utf-8", "klingon", "klingon", id="unknown label"),
        pytest.param(GERMAN, "utf-8", "base64", "base64", id="a codec that is no charset"),
        pytest.param(GERMAN, "utf-8", "quoted-printable", "quoted-printable", id="one that takes every byte"),
        pytest.param(GERMAN, "utf-8", "\x1b[31m", "?[31m", id="escape sequence as a label"),
    ],
)
def test_a_false_charset_is_passed_over_and_said(text: str, encoding: str, declared: str, shown: str) -> None:
    page = html(text)
    found, flags = decode(page.encode(encoding), declared)
    assert found == page
    assert flags[0].startswith(f"charset:declared {shown} is wrong, read as ") and len(flags) == 1


def test_the_transport_is_believed_before_the_page() -> None:
    page = html(GREEK, "utf-8")
    assert decode(page.encode("iso8859-7"), "iso-8859-7") == (page, ())


def test_the_page_is_believed_where_the_transport_cannot_be_right() -> None:
    page = html(POLISH, "iso-8859-2")
    assert decode(page.encode("iso8859-2"), "utf-8") == (
        page, ("charset:declared utf-8 is wrong, read as iso-8859-2",)
    )  # fmt: skip


def test_an_xml_declaration_counts() -> None:
    page = f'<?xml version="1.0" encoding="windows-1251"?><html><body><p>{RUSSIAN}</p></body></html>'
    assert decode(page.encode("cp1251"), None) == (page, ())


@pytest.mark.parametrize("label", ["utf-16", "unicode", "ucs-2", "utf-32"])
def test_a_meta_element_read_as_ascii_is_not_utf_16(label: str) -> None:
    page = html(GERMAN, label)
    assert decode(page.encode(), None) == (page, ())


@pytest.mark.parametrize("label", ["utf-16", "unicode"])
def test_a_header_that_says_utf_16_of_narrow_bytes_is_wrong(label: str) -> None:
    page = html(GERMAN)
    assert decode(page.encode(), label) == (page, ("charset:declared utf-16-le is wrong, read as utf-8",))


def test_a_few_foreign_bytes_leave_it_utf_8() -> None:
    found, flags = decode(html(RUSSIAN).encode() + b"\xff\xfe", None)
    assert RUSSIAN in found
    assert flags == ("charset:utf-8 with 2 bytes that are none",)


def test_a_page_cut_within_a_character_is_utf_8() -> None:
    found, flags = decode(html(RUSSIAN).encode()[:-20], "utf-8")
    assert RUSSIAN[:-2] in found
    assert flags == ("charset:utf-8 with 1 bytes that are none",)


@pytest.mark.parametrize(
    "text", ["C++ and A+B-C, x+y-z, 1+1-1", "see +1-555-0100-, +1-555-0101-, +1-555-0102-", "a+foo-b"]
)
def test_plus_signs_are_no_utf_7(text: str) -> None:
    assert decode(html(text).encode(), None) == (html(text), ())


def test_nul_is_taken_out_and_said() -> None:
    assert decode(b"<p>a\0b\0c and so on it goes</p>", None) == (
        "<p>abc and so on it goes</p>",
        ("charset:2 NUL taken out",),
    )


def test_bytes_windows_1252_leaves_open_are_read_as_browsers_do() -> None:
    assert decode(b"<p>a\x81b\x93c\x94</p>", "windows-1252") == ("<p>a\x81b“c”</p>", ())


@given(st.binary(max_size=500), st.none() | st.text(max_size=12) | st.sampled_from(["utf-16", "hz", "utf-7", "big5"]))
def test_anything_can_be_decoded(body: bytes, declared: str | None) -> None:
    text, flags = decode(body, declared)
    text.encode()
    assert "\0" not in text
    assert all(flag.isprintable() for flag in flags)


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf_8_comes_out_as_it_went_in(text: str) -> None:
    page = html(text.replace("<", "").replace("+", ""))
    assert decode(page.encode(), "utf-8")[0] == page


GERMAN = "Der Hafenrat von Lunde hat beschlossen, den alten Fähranleger zu bauen, sagte die Vorsitzende."


@pytest.mark.parametrize(
    ("body", "flag"),
    [
        pytest.param((GERMAN * 2).encode() + b" Gr\xfc\xdfe", "charset:utf-8 with 2 bytes that are none", id="German advert in latin-1"),
        pytest.param(("Żółć " + GERMAN).encode() + "Ł".encode()[:1], "charset:utf-8 with 1 bytes that are none", id="Polish, cut"),
        pytest.param(GERMAN.replace("ä", "").encode() + "é".encode()[:1], "charset:utf-8 with 1 bytes that are none", id="ASCII, cut within its only letter"),
    ],
)  # fmt: skip
def test_a_declared_utf_8_with_a_broken_character_is_utf_8(body: bytes, flag: str) -> None:
    text, flags = decode(body, "utf-8")
    assert text.startswith(body.decode("utf-8", "ignore")[:60])
    assert flags == (flag,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Fähre, Brücke, Größe, Übung", id="German"),
        pytest.param("L’été, c’est l’eau à la fenêtre", id="French, with curved apostrophes"),
        pytest.param("Żółć i gęś, ćma", id="Polish"),
        pytest.param("Порт Лунде построит причал", id="Russian"),
        pytest.param("“Quoted” – and ‘again’ – he said…", id="quotes and dashes alone"),
    ],
)
def test_text_encoded_twice_is_mended_and_flagged(text: str) -> None:
    twice = text.encode().decode("cp1252", "whatwg").encode()
    found, flags = decode(html(twice.decode()).encode(), "utf-8")
    assert text in found
    assert len(flags) == 1
    assert flags[0].startswith("charset:encoded twice, mended in ")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("O SÃO PAULO e a NAÇÃO: Ã, Â e Ê são letras", id="Portuguese capitals"),
        pytest.param("Der Buchstabe „Ä“ und „Ö“ stehen im Duden", id="a German letter in quotes"),
        pytest.param("Ångström, Älv, Ö; Å är en å", id="Swedish"),
        pytest.param("«été» »Ø« ”Ø” Ðe × 3", id="quotes beside letters"),
        pytest.param("It reads “cafÃ©” on the sign.", id="one place, quoted by a writer"),
    ],
)
def test_text_that_only_looks_so_is_left_alone(text: str) -> None:
    assert decode(html(text).encode(), "utf-8") == (html(text), ())


def test_every_label_of_the_encoding_standard_is_known() -> None:
    refused = {label for label, name in LABELS.items() if name in ("replacement", "x-user-defined")}
    unknown = {label for label in LABELS if means(label) is None}
    assert unknown <= refused


@pytest.mark.parametrize(
    "label", ["rot13", "base64", "zlib", "punycode", "replacement", "x-user-defined", "none", "\0", "ütf"]
)
def test_what_is_no_charset_of_text_has_no_codec(label: str) -> None:
    assert means(label) is None
