"""word, language -> stem: the unit in which articles are compared, shared by a word's inflected forms.

English has rules of its own. Other languages are cut to a length (a truncated stem is known to do as well as a stemmer
for most of them: McNamee and Mayfield, 2004), shorter where nouns are declined.
"""

from __future__ import annotations

import re
import unicodedata

from ..dedup.tokens import fold
from ..writing_systems import HANGUL, begins_in

SHORT, LONG = 5, 9  # letters kept: of languages that decline their nouns, of the others
_DECLINED = frozenset("ru uk be bg mk sr hr bs me sh sl cs sk pl lt lv et fi hu tr az kk el sq ro hy ka".split())
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_ENDINGS = re.compile(r"(?<=....)(?:[eiouasn]s?|[er]n|er|en|es)$")
# Serbian is written in two scripts: one story in both must meet
_SERBIAN = dict(
    zip("абвгдђежзијклљмнњопрстћуфхцчџш",
        "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split(), strict=True)
)  # fmt: skip
_TO_LATIN = str.maketrans(_SERBIAN)
_ARABIC = str.maketrans("أإآٱىةیک", "اااايهيك")
_PARTICLES = re.compile(r"(?<=..)(?:에서는?|에게|으로|까지|부터|이라|[은는이가을를에의도로와과만])$")
_ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")


def stem(word: str, language: str) -> str:
    """The stem of a word as it stands in a text; "" for nothing but marks."""
    word = fold(word).replace("’", "'")
    if language == "en":
        return _english(word)
    if "\u0400" <= word[:1] <= "\u04ff":
        if language in ("sr", "bs", "hr", "me", "sh"):
            word = word.translate(_TO_LATIN)
    elif "\u0621" <= word[:1] <= "\u06d3":
        return _arabic(word)
    elif begins_in(word, HANGUL):
        return _PARTICLES.sub("", word)
    word = _MARKS.sub("", unicodedata.normalize("NFD", word)).replace("đ", "dj").replace("'", "")
    if word[:1].isdecimal():
        return word
    if language in _DECLINED:
        return word[:SHORT]
    return _ENDINGS.sub("", word[:LONG])


def _english(word: str) -> str:
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) <= 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 5 else word


def _arabic(word: str) -> str:
    word = _MARKS.sub("", word).translate(_ARABIC)
    for joined in _ARTICLES:
        if word.startswith(joined) and len(word) > len(joined) + 2:
            word = word[len(joined) :]
            break
    return word[:SHORT]
