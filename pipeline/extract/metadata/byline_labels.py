"""The words that stand before an author's name, in the languages of newspapers -> patterns for bylines and lines."""

from __future__ import annotations

import re

from ...writing_systems import COMMON_IDEOGRAPHS, HANGUL, chars

# Before a name as they are: "Par Anne Martin". Words that also begin sentences and headlines need a colon, below.
_BARE = (
    "by|von|par|por|di|door|av|af|oleh|yazan|írta|napsal[a]?|автор|بقلم|מאת|โดย|propos recueillis par|a cura di"
    "|γράφει (?:ο|η)|γράφουν οι|ein(?:e)? \\w+ von|(?:written|reported|posted|published|story|words|text|analysis"
    "|opinion|review|interview|updated|edited|article|report) by|geschrieben von|écrit par|escrito por|scritto da"
    "|geschreven door|skrevet av|skrevet af|skriven av"
)
_BEFORE_COLON = (
    "authors?|autor[ae]?s?|autoři|autorzy|autore[ns]?|autori|autor(?:in|innen|ka|ky)|autors|autorius|auteurs?|redactie"
    "|redaktion|rédaction|redacción|text[eo]?s?|tekst|teksti|texto|testo|szerző|yazar|haber|muhabir|penulis|tác giả"
    "|forfatter|skribent|kirjoittaja|toimittaja|redactor|reporter|journalist|contributors?|words|pi[šs]e|пише|пишет"
    "|автор[иы]?|текст|корреспондент|журналист|كتب|كتبت|كتابة|الكاتب|تأليف|إعداد|نویسنده|گزارش(?: از)?|نوشته|تحریر"
    "|כותב|כתב|כתבה|συντάκτης|κείμενο|ρεπορτάζ|लेखक|लेखिका|রচনা|লেখক|ஆசிரியர்|ผู้เขียน|เขียนโดย|ავტორი|տեքստը|հեղինակ|muallif|müəllif"
)
# The shortest of them, for where the words around are looked at as well.
BY = "(?:by|von|par|por|di|door|av|af)"
_EASTERN = (
    "(?:本[报報社]|新华社)?(?:特约|見習)?(?:记者|記者|作者|撰文|编辑|編輯|責任編集|责任编辑|责编|文字|文|取材|執筆|执笔|筆者|著者"
    "|ライター|글쓴이|기사|취재|글)"
)
_COLON = r"\s*[:：՝]\s*"
_MARKS = r"[\s:：/／=＝・|｜]+"

# What a byline begins with; taken off.
PREFIX = re.compile(
    rf"^(?:(?:{_BARE}|vom|da)\b\s*:?\s+|(?:{_BARE}|{_BEFORE_COLON}){_COLON}|(?:autore?n?(?:en|in)?|authors?|auteurs?|text"
    r"|tekst|redaktion|redactie|szerző|penulis|текст|от|του|της|كتب|كتبت)\s+"
    r"|this \w+ was (?:written|posted|contributed) by\s+)",
    re.I,
)
EASTERN_PREFIX = re.compile(rf"^{_EASTERN}{_MARKS}")
_HAN, _HANGUL = chars(COMMON_IDEOGRAPHS), chars(HANGUL)
# "記者王小明／台北報導", "[룬데신문 홍길동 기자]", "渡辺洋介記者": the name within.
EASTERN_NAMED = re.compile(
    rf"^[【［\[（(]?記者(?P<a>[{_HAN}]{{2,4}})\s*[／/｜|].*|^.{{0,20}}?(?P<b>[{_HANGUL}]{{2,4}})\s?(?:기자|특파원)(?![{_HANGUL}]).*"
    rf"|^(?P<c>[{_HAN}]{{3,5}})(?:記者|记者)$"
)
# A line of its own that is a byline; of lower-cased text, for a hundred words are tried five times faster so.
_LINE = re.compile(
    rf"(?:{_BARE})\b[\s:]|(?:{_BARE}|{_BEFORE_COLON}){_COLON}|[（(【\[［]?{_EASTERN}[:：/／=＝・]"
    rf"|[【［\[（(]?記者[{_HAN}]{{2,4}}\s*[／/]|[\[(【]?(?:[\w·]+[\s=])?[{_HANGUL}]{{2,4}} "
    r"(?:기자|특파원)[\])】]?(?:\s+\S+@\S+)?\s*$"
    rf"|[{_HAN}]{{3,5}}(?:記者|记者)\s*$",
)


def is_byline(line: str) -> bool:
    """Whether a line begins as a byline does."""
    return _LINE.match(line[:100].lower()) is not None


# What templates call a byline in other languages than English, in classes and ids.
CLASSES = (
    "auteur|forfatter|skribent|yazar|penulis|szerzo|firma|signature|kirjoittaja|tac-?gia|muhabir|redact(?:eur|or)"
    "|redakteur|journalist|reporter|avtor|giornalista|periodista|contributor"
)
