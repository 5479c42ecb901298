"""Dates as newspapers write them: months, clocks and calendars of many languages, and what is no date."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.metadata import dates
from pipeline.extract.metadata.calendars import from_jalali


@pytest.mark.parametrize(
    ("said", "language", "stamp"),
    [
        pytest.param("2026年11月22日(日) 午後6時05分", "ja", "2026-11-22T18:05:00", id="Japanese afternoon"),
        pytest.param("2026年11月22日 午前0時05分", "ja", "2026-11-22T00:05:00", id="Japanese after midnight"),
        pytest.param("2026年11月22日 18時", "ja", "2026-11-22T18:00:00", id="Japanese whole hour"),
        pytest.param("2026年11月22日 下午6:05", "zh", "2026-11-22T18:05:00", id="Chinese afternoon"),
        pytest.param("2026年11月22日 晚上9点30分", "zh", "2026-11-22T21:30:00", id="Chinese evening"),
        pytest.param("2026年11月22日 凌晨0:05", "zh", "2026-11-22T00:05:00", id="Chinese small hours"),
        pytest.param("2026년 11월 22일 오후 6시 05분", "ko", "2026-11-22T18:05:00", id="Korean afternoon"),
        pytest.param("2026.11.22 오전 6:05", "ko", "2026-11-22T06:05:00", id="Korean morning"),
        pytest.param("2026. 11. 22. 18:05", "ko", "2026-11-22T18:05:00", id="Korean with blanks"),
        pytest.param("22 نوفمبر 2026 06:05 م", "ar", "2026-11-22T18:05:00", id="Arabic afternoon"),
        pytest.param("22 نوفمبر 2026 06:05 ص", "ar", "2026-11-22T06:05:00", id="Arabic morning"),
        pytest.param("22/11/2026 6:05 μμ", "el", "2026-11-22T18:05:00", id="Greek afternoon"),
        pytest.param("22 Νοεμβρίου 2026, 6:05 π.μ.", "el", "2026-11-22T06:05:00", id="Greek morning"),
        pytest.param("22 de noviembre de 2026 a las 6:05 p. m.", "es", "2026-11-22T18:05:00", id="Spanish p. m."),
        pytest.param("22/11/2026 06:05 CH", "vi", "2026-11-22T18:05:00", id="Vietnamese afternoon"),
        pytest.param("22 नवंबर 2026, 6:05 अपराह्न", "hi", "2026-11-22T18:05:00", id="Hindi afternoon"),
        pytest.param("November 22, 2026 at 7 pm", "en", "2026-11-22T19:00:00", id="an hour alone"),
        pytest.param("November 22, 2026 12:30 a.m.", "en", "2026-11-22T00:30:00", id="half past midnight"),
        pytest.param("November 22, 2026 12:30 p.m.", "en", "2026-11-22T12:30:00", id="half past noon"),
        pytest.param("6:05 PM EST, Sun November 22, 2026", "en", "2026-11-22T18:05:00-05:00", id="time in front"),
        pytest.param("22. marraskuuta 2026 6.05 ip.", "fi", "2026-11-22T18:05:00", id="Finnish afternoon"),
        pytest.param("22. listopadu 2026 6:05 odp.", "cs", "2026-11-22T18:05:00", id="Czech afternoon"),
        pytest.param("22 ноября 2026, 6:05 вечера", "ru", "2026-11-22T18:05:00", id="Russian evening"),
        pytest.param("22 листопада 2026 6:05 дп", "uk", "2026-11-22T06:05:00", id="Ukrainian morning"),
        pytest.param("22 tháng 11, 2026 6:05 chiều", "vi", "2026-11-22T18:05:00", id="Vietnamese evening in full"),
        pytest.param("22. nóvember 2026 6:05 e.h.", "is", "2026-11-22T18:05:00", id="Icelandic afternoon"),
        pytest.param("22 November 2026 6:05 PTG", "ms", "2026-11-22T18:05:00", id="Malay afternoon"),
        pytest.param("22 November 2026 6:05 nm.", "af", "2026-11-22T18:05:00", id="Afrikaans afternoon"),
        pytest.param("22 November 2026 6:05 nmap", "af", "2026-11-22T06:05:00", id="a word that begins so"),
        pytest.param("22.11.2026 24:00", "de", "2026-11-22T00:00:00", id="24 o'clock"),
    ],
)
def test_the_clock_is_read_in_the_half_of_the_day_that_is_said(said, language, stamp):
    assert dates.parse(said, False, language) == stamp


@pytest.mark.parametrize(
    ("said", "language", "day"),
    [
        pytest.param("22. listopada 2026.", "hr", "2026-10-22", id="Croatian listopad is October"),
        pytest.param("22 listopada 2026", "pl", "2026-11-22", id="Polish listopad is November"),
        pytest.param("22. listopadu 2026", "cs", "2026-11-22", id="Czech genitive"),
        pytest.param("22 листопада 2026", "uk", "2026-11-22", id="Ukrainian"),
        pytest.param("22. srpnja 2026.", "hr", "2026-07-22", id="Croatian July"),
        pytest.param("22. srpna 2026", "cs", "2026-08-22", id="Czech August"),
        pytest.param("22. новембра 2026.", "sr", "2026-11-22", id="Serbian genitive"),
        pytest.param("22. jula 2026.", "sr", "2026-07-22", id="Serbian genitive in Latin letters"),
        pytest.param("22 јули 2026", "mk", "2026-07-22", id="Macedonian"),
        pytest.param("22 تشرين الثاني 2026", "ar", "2026-11-22", id="Levantine November"),
        pytest.param("٢٢ كانون الأول ٢٠٢٦", "ar", "2026-12-22", id="Levantine December, Arabic digits"),
        pytest.param("22 أوت 2026", "ar", "2026-08-22", id="Algerian August"),
        pytest.param("22 جويلية 2026", "ar", "2026-07-22", id="Tunisian July"),
        pytest.param("22 غشت 2026", "ar", "2026-08-22", id="Moroccan August"),
        pytest.param("Chủ nhật, ngày 22 tháng 11 năm 2026", "vi", "2026-11-22", id="Vietnamese in words"),
        pytest.param("22 tháng 11, 2026", "vi", "2026-11-22", id="Vietnamese, short"),
        pytest.param("২২ নভেম্বর ২০২৬", "bn", "2026-11-22", id="Bengali"),
        pytest.param("22 نومبر 2026", "ur", "2026-11-22", id="Urdu"),
        pytest.param("நவம்பர் 22, 2026", "ta", "2026-11-22", id="Tamil"),
        pytest.param("22 ਨਵੰਬਰ 2026", "pa", "2026-11-22", id="Punjabi"),
        pytest.param("22 באוגוסט 2026", "he", "2026-08-22", id="Hebrew with its preposition"),
        pytest.param("2026. november 22.", "hu", "2026-11-22", id="Hungarian"),
        pytest.param("2026 m. lapkričio 22 d.", "lt", "2026-11-22", id="Lithuanian"),
        pytest.param("22. marraskuuta 2026", "fi", "2026-11-22", id="Finnish"),
        pytest.param("22 nëntor 2026", "sq", "2026-11-22", id="Albanian"),
        pytest.param("22 ნოემბერი, 2026", "ka", "2026-11-22", id="Georgian"),
        pytest.param("22 Noyabr 2026", "az", "2026-11-22", id="Azerbaijani"),
        pytest.param("22 जून 2026", "hi", "2026-06-22", id="Hindi June is not January cut short"),
        pytest.param("22 जन 2026", "hi", "2026-01-22", id="Hindi January cut short"),
        pytest.param("22 मार्च 2026", "ne", "2026-03-22", id="Nepali"),
        pytest.param("22 अक्टू॰ 2026", "hi", "2026-10-22", id="Hindi October cut short"),
        pytest.param("2026. gada 22. novembris", "lv", "2026-11-22", id="Latvian"),
        pytest.param("2026. nov. 22.", "hu", "2026-11-22", id="Hungarian, cut short"),
        pytest.param("22. velj 2026.", "hr", "2026-02-22", id="Croatian, cut short"),
        pytest.param("22 февр. 2026 г.", "ru", "2026-02-22", id="Russian, cut short"),
        pytest.param("22 лист 2026", "uk", "2026-11-22", id="Ukrainian, cut short"),
        pytest.param("2026 жылғы 22 қараша", "kk", "2026-11-22", id="Kazakh"),
        pytest.param("2026 оны 11-р сарын 22", "mn", "2026-11-22", id="Mongolian in figures"),
        pytest.param("2026 թ. նոյեմբերի 22", "hy", "2026-11-22", id="Armenian with its year"),
        pytest.param("22 ಆಗಸ್ಟ್ 2026", "kn", "2026-08-22", id="Kannada"),
        pytest.param("22, జనవరి 2026, గురువారం", "te", "2026-01-22", id="Telugu with commas"),
        pytest.param("22 ஆக., 2026", "ta", "2026-08-22", id="Tamil, cut short"),
        pytest.param("22 ઑગસ્ટ, 2026", "gu", "2026-08-22", id="Gujarati"),
        pytest.param("ନଭେମ୍ବର 22, 2026", "or", "2026-11-22", id="Odia"),
        pytest.param("22 វិច្ឆិកា 2026", "en", "2026-11-22", id="Khmer under a template's English"),
        pytest.param("22 ພະຈິກ 2026", None, "2026-11-22", id="Lao"),
        pytest.param("22 ኖቬምበር 2026", None, "2026-11-22", id="Amharic"),
        pytest.param("2026 နိုဝင်ဘာ 22", None, "2026-11-22", id="Burmese"),
        pytest.param("22 Tachwedd 2026", "cy", "2026-11-22", id="Welsh"),
        pytest.param("22 Samhain 2026", "ga", "2026-11-22", id="Irish"),
        pytest.param("22 ta’ Novembru 2026", "mt", "2026-11-22", id="Maltese"),
        pytest.param("22 Noyabr 2026", "uz", "2026-11-22", id="Uzbek"),
        pytest.param("22 Desemba 2026", "sw", "2026-12-22", id="Swahili"),
        pytest.param("22 Maris, 2026", "ha", "2026-03-22", id="Hausa"),
        pytest.param("22 thg 11, 2026", "vi", "2026-11-22", id="Vietnamese, cut short"),
        pytest.param("2026 فبروري 22", "ps", "2026-02-22", id="Pashto"),
        pytest.param("2026ko azaroaren 22", "eu", "2026-11-22", id="Basque"),
    ],
)
def test_months_are_known_in_the_language_of_the_page(said, language, day):
    assert dates.parse(said, False, language) == day


@pytest.mark.parametrize(
    ("said", "language", "day"),
    [
        pytest.param("22 พฤศจิกายน 2569", "th", "2026-11-22", id="Thai year"),
        pytest.param("22 มี.ค. 2569", "th", "2026-03-22", id="Thai March is not January cut short"),
        pytest.param("22 พ.ย. 2569", "th", "2026-11-22", id="Thai month cut short"),
        pytest.param("۱ آذر ۱۴۰۵", None, "2026-11-22", id="Persian solar month"),
        pytest.param("۱۴۰۵/۰۹/۰۱", None, "2026-11-22", id="Persian solar year in figures"),
        pytest.param("1448/06/12", "ar", None, id="a lunar year is not taken for a solar one"),
        pytest.param("令和8年11月22日", "ja", "2026-11-22", id="Reiwa"),
        pytest.param("平成30年4月1日", "ja", "2018-04-01", id="Heisei"),
        pytest.param("令和元年5月1日", "ja", "2019-05-01", id="first year of an era"),
        pytest.param("中華民國115年11月22日", "zh", "2026-11-22", id="Minguo"),
        pytest.param("115年11月22日", "zh", "2026-11-22", id="Minguo without its name"),
        pytest.param("115年11月22日", "ja", None, id="three figures elsewhere are no year"),
    ],
)
def test_other_calendars_become_gregorian(said, language, day):
    stamp = dates.parse(said, False, language)
    assert stamp == day or (day is None and dates.Bounds(dates.LATEST, "late").fault(stamp or "0001-01-01"))


@pytest.mark.parametrize(
    ("year", "month", "day", "gregorian"),
    [
        (1399, 12, 30, "2021-03-20"),  # a leap day
        (1400, 1, 1, "2021-03-21"),
        (1403, 12, 30, "2025-03-20"),
        (1404, 1, 1, "2025-03-21"),
        (1357, 11, 22, "1979-02-11"),
        (1402, 10, 11, "2024-01-01"),
    ],
)
def test_persian_solar_days(year, month, day, gregorian):
    assert from_jalali(year, month, day) == datetime.date.fromisoformat(gregorian)


@pytest.mark.parametrize(("year", "month", "day"), [(1404, 12, 30), (1405, 13, 1), (1405, 7, 31), (900, 1, 1)])
def test_there_is_no_such_persian_day(year, month, day):
    with pytest.raises(ValueError, match="no such day"):
        from_jalali(year, month, day)


@pytest.mark.parametrize(
    ("said", "stamps"),
    [
        pytest.param(
            "Published 18 November 2026 07:00. Last updated 20 November 2026",
            ["2026-11-18T07:00:00", "2026-11-20"],
            id="two in a line",
        ),
        pytest.param(
            "07:00, 18.11.2026 | 09:00, 20.11.2026", ["2026-11-18T07:00:00", "2026-11-20T09:00:00"], id="times first"
        ),
        pytest.param("the score was 3:15 in 2026", [], id="none"),
    ],
)
def test_every_date_of_a_line_is_found(said, stamps):
    assert [date.stamp for date in dates.find(said)] == stamps


def test_a_date_with_two_readings_has_both():
    assert [(date.stamp, date.other) for date in dates.find("3/4/2026")] == [("2026-04-03", "2026-03-04")]
    assert [(date.stamp, date.other) for date in dates.find("3/4/2026", True)] == [("2026-03-04", "2026-04-03")]
    assert [(date.stamp, date.other) for date in dates.find("4/4/2026 or 3/14/2026")] == [
        ("2026-04-04", None),
        ("2026-03-14", None),
    ]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        pytest.param(
            "https://web.archive.org/web/20260101000000/https://herald.example/2026/11/22/flood",
            "2026-11-22",
            id="archived",
        ),
        pytest.param(
            "https://web.archive.org/web/20260101000000/https://herald.example/flood", None, id="the archive's own day"
        ),
        pytest.param("https://herald.example/2019-4/flood-waters", None, id="an issue of a year"),
        pytest.param("https://herald.example/news/flood-waters-22-11-2026", "2026-11-22", id="day first at the end"),
        pytest.param("https://herald.example/posts/2026-11-22-flood.html", "2026-11-22", id="in the slug"),
        pytest.param("https://herald.example/2026/11/22_flood", "2026-11-22", id="before an underscore"),
        pytest.param("https://herald.example/?d=2026/11/22/x", None, id="a parameter"),
    ],
)
def test_the_address_tells_the_day_only_where_it_is_the_storys(url, day):
    assert dates.of_url(url) == day


@given(st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2099, 12, 31)))
def test_a_stamp_in_the_form_that_is_written_is_read_as_any_other(moment) -> None:
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert dates.parse(stamp) == dates.parse(f" on {stamp} ") == stamp
