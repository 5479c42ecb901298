"""Datelines, bylines and footers -> the news agency that wrote the copy, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model import Wire
from ...writing_systems import COMMON_IDEOGRAPHS, HANGUL, KANA, chars
from ..agency_names import NEWS
from ..cues import folded
from .structured import key

_PATTERN = "|".join(f"(?P<a{n}>{pattern})" for n, pattern in enumerate(NEWS.values()))
_NAMES = list(NEWS)
_EASTERN = chars(COMMON_IDEOGRAPHS) + chars(HANGUL) + chars(KANA)
# Initials that are common words or parties elsewhere count only in the form a dateline has, in brackets.
_SHORT = frozenset("PA UNI ANI TT AGI SPA CNS Beta DHA WAM NAN STT APA AA PTI-Bhasha".split())
_ANY = re.compile(rf"(?<![\w/@.])(?:{_PATTERN})(?![\w@]|\.\w)")
_TAIL = re.compile(
    r"\s(?:The )?(?:Associated Press|Canadian Press|Press Association)$|\s(?:Reuters|Agence France-Presse)$", re.I
)
_BYLINE = re.compile(
    rf"(?:By|Von|Par|Por|Di|Door|Av|Af)?\s*(?:.{{0,80}}?[\s,/|(–-])?(?:{_PATTERN})\W*(?:news agency|staff"
    rf"|writers?|and agencies|u\.a\.)?\W*"
)
# "PARIS (AP) —", "Berlin (dpa/AFP) -", "NEW DELHI, Nov 22 (PTI)", "(ANSA) - ROMA", "MADRID, 22 Nov. (EUROPA PRESS) -"
_DATELINE = re.compile(rf"^[^.!?()\[\]]{{0,70}}[(\[]\s*(?:{_PATTERN})(?:[/,\s|-]+[\w-]+){{0,3}}\s*[)\]]")
# "SPRINGFIELD, Ill. (AP) —": a full stop that ends an abbreviated state, not a sentence.
_DATELINE_STATE = re.compile(rf"^[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{{1,40}}, [A-Z][a-z]{{1,5}}\. [(\[]\s*(?:{_PATTERN})\s*[)\]]")
# "ST. LOUIS (AP) —", "Berlin. (dpa)": a full stop in or behind the place.
_DATELINE_STOP = re.compile(
    r"^(?:[A-ZÀ-Þ][A-ZÀ-Þ .'’/-]{1,40}|[^\W\d_][\w/-]+(?: [A-ZÀ-Þ][\w/-]+){0,2}\.)"
    rf" [(\[]\s*(?:{_PATTERN})(?:/\w+)?\s*[)\]]"
)
# "【ロンドン共同】", "［東京 22日 ロイター］", "(서울=연합뉴스)": place and agency in brackets, no picture's.
_DATELINE_BRACKET = re.compile(
    rf"^[【（〔［\[(](?!写真|사진|图片|圖片)[{_EASTERN}\d =・]{{0,14}}?(?:{_PATTERN})[】）〕］\])]"
)
# A day with full stops in or around it: "Roma, 22 nov. (askanews)", "Budapest, 2026. november 22., vasárnap (MTI)",
# "МОСКВА, 22 ноября. /ТАСС/.", "МОСКВА, 22 ноя - РИА Новости."
_PLACE_AND_DAY = (
    r"^[^\W\d_][^.!?()\[\]\d]{1,30}[\s,.]+(?:\d{4}\.? )?(?:[^\W\d_]+\.? )?\d{1,2}(?:st|nd|rd|th|\.)?"
    r"(?:[ ,]+[^\W_]+[.,]*){0,3}"
)
_DATELINE_DAY = re.compile(rf"{_PLACE_AND_DAY}\s*(?:[(\[/]\s*(?:{_PATTERN})\s*[)\]/])", re.DOTALL)
_DATELINE_DAY_BARE = re.compile(
    rf"(?=[^\W\d_][^.!?,\d]{{2,30}}[.,] ){_PLACE_AND_DAY}\s*(?:[-–—]\s*|(?<=\.)\s)(?:{_PATTERN})[.:]\s"
)
# "新华社北京11月22日电": agency, place, day and the sign for a wire.
_DATELINE_XINHUA = re.compile(rf"^[(（]?(?:{_PATTERN})[^。！？]{{0,20}}?日?[电電讯訊][)）]?")
_DATELINE_DASH = re.compile(
    rf"^(?:[^\W\d_][^.!?()]{{1,45}},\s)?(?:\w+\.? \d{{1,2}}\s)?\W?(?:{_PATTERN})\s?(?:[-–—]{{1,2}}|/{{1,2}})\s"
)
# An agency that is not in the list, in the one form that leaves no doubt: "HALVERN, May 17 (Agency) - Text".
_DATELINE_ANY = re.compile(
    r"^(?:[A-ZÀ-ÞŁŚŻ][\w.'’-]+[ ,/]+){1,6}(?:\d{1,2}\.? )?(?:[A-Z][a-z]+\.?,? )?(?:\d{1,2},? )?"
    r"\((?P<who>[A-ZÀ-Þ][\w.&'’ -]*[a-z][\w.&'’ -]{1,25})\)\s*[-–—]{1,2}\s"
)
_FOOTER = re.compile(
    rf"^\W*(?:(?:\(?c\)?|©|copyright|source|sources|quelle|quellen|fuente|fonte|bron|kilde|källa|источник|джерело|"
    rf"with (?:reports?|inputs?|files?) from|with|(?:avec|mit|con|med) |from|via|reporting by|eigene|credit)[\s:]*)?"
    rf"(?:\d{{4}} )?(?:(?:the|agencia|agence|agenzia|\w+)[/,\s])?(?:{_PATTERN})(?:[/,\s&+]+(?:[\w-]+)){{0,4}}\W*$",
    re.I,
)  # fmt: skip
_RIGHTS = ("copyright", "©", "(c)", "all rights reserved")
_COPYRIGHT = re.compile(rf"(?:copyright|©|\(c\)|all rights reserved)[^.]{{0,30}}(?<!\w)(?:{_PATTERN})(?!\w)", re.I)


def wire(authors: Sequence[str], lines: Sequence[str], source: str | None = None) -> Wire | None:
    """Who is named as the agency: dateline of the first paragraphs, byline, last paragraphs; None where none is.

    An agency that is merely quoted ("told Reuters") does not count, nor one that took the pictures.
    """
    for line in lines[:4]:
        for pattern, signs in _DATELINES:
            if any(sign in line for sign in signs) and (match := pattern.match(line)):
                return _wire(match, match[0])
        if "(" in line and (match := _DATELINE_ANY.match(line)) and not _is_own(match["who"], source):
            return Wire(match["who"], " ".join(match[0].split()).rstrip(" -–—"))
    for author in authors:
        match = _ANY.search(author)
        if match and not (_name(match) in _SHORT and match[0] != author):
            return _wire(match, author)
    for line in lines[:4]:
        if (
            len(line) <= 90
            and not _PICTURE.search(line)
            and not _QUOTED.search(line)
            and (match := _BYLINE.fullmatch(line))
            and _name(match) not in _SHORT
        ):
            return _wire(match, line)
    for line in lines[-4:]:
        if len(line) <= 120 and (match := _FOOTER.match(line)) and _capitals(match) and not _PICTURE.search(line):
            return _wire(match, line)
        if (
            len(line) <= 300
            and any(sign in folded(line) for sign in _RIGHTS)
            and (match := _COPYRIGHT.search(line))
            and _capitals(match)
            and not _PICTURE.search(line)
        ):
            return _wire(match, match[0])
    return None


# Each with the signs of which a match holds one: few lines do, and to look for them costs less than the patterns.
_DATELINES = (
    (_DATELINE, "(["), (_DATELINE_DASH, "-–—/"), (_DATELINE_STATE, "(["), (_DATELINE_STOP, "(["),
    (_DATELINE_DAY, "([/"), (_DATELINE_DAY_BARE, "-–—."), (_DATELINE_BRACKET, "【（〔［[("),
    (_DATELINE_XINHUA, "电電讯訊"),
)  # fmt: skip
_QUOTED = re.compile(r"\b(?:said|says|told|tells|according|sagte|berichtete|laut|selon|según)\b", re.I)
_PICTURE = re.compile(r"photo|foto|picture|image|bild\b|imagen|getty|file -|\bvia\b|写真|图片|사진|фото", re.I)


def _is_own(name: str, source: str | None) -> bool:
    """ "(Herald News) -" on herald.example is the outlet's own dateline."""
    name_key = key(name)
    outlet_key = key((source or "").partition(".")[0])
    return bool(outlet_key) and (name_key.startswith(outlet_key) or outlet_key.startswith(name_key))


def split_tail(name: str) -> list[str]:
    """ "Ann Name Associated Press" -> both; any other name as it is. Spelt-out agencies alone, not their initials."""
    match = _TAIL.search(name)
    return [name[: match.start()].rstrip(" ,/|-–—"), match[0].strip()] if match and match.start() > 3 else [name]


def is_agency(name: str) -> bool:
    match = _ANY.fullmatch(name)
    return match is not None


def _name(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next(name for n, name in enumerate(_NAMES) if groups[f"a{n}"])


def _capitals(match: re.Match[str]) -> bool:
    """Initials in capitals as the agency writes them: the patterns above forget about case for the words around."""
    groups = match.groupdict()
    agency = next(text for n in range(len(_NAMES)) if (text := groups[f"a{n}"]))
    return _ANY.fullmatch(agency) is not None and _name(match) not in _SHORT


def _wire(match: re.Match[str], evidence: str) -> Wire:
    return Wire(_name(match), " ".join(evidence.split())[:120].strip())
