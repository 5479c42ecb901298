"""Names in scripts without capitals, by gazetteer and titles alone: what cannot be told by them is left out.

Arabic, Hebrew, Persian and Devanagari: a first name that a word follows which is rare in the language. Chinese,
Japanese and Korean: family name and given name where a title stands beside them, and foreign names with a dot between
their parts. All of them: international organisations of data/organisations.txt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from ..model import Name
from ..threads import rarity
from ..threads.stems import stem
from . import gazetteer
from .gazetteer import kind

# letters of the words of a language
_SPACED = {
    "ar": "[\u0621-\u064a]",
    "fa": "[\u0621-\u06cc\u200c]",
    "he": "[\u05d0-\u05ea\"']",
    "hi": "[\u0900-\u0963\u0970-\u097f]",
}
_SCRIPTS = {"zh", "ja", "ko", *_SPACED}
# tenths of rarity from which a word after a first name may be a family name; the names of leaders are common words
RARE = {"ar": 34, "fa": 34, "he": 34, "hi": 20}
TITLED = 12  # the same after a title
_JA_NOT = re.compile("^(?:前|元|副|各|現|同|両|新|次|当|米|仏|英|独|露|中国|日本|韓国|北朝鮮|国家|州|県|市|党)")


def reads(language: str, text: str) -> bool:
    """Whether a text is in a script without capitals."""
    return language in _SCRIPTS and not text[:40].isascii()


def find(title: str, text: str, language: str) -> tuple[Name, ...]:
    """Names, the most frequent first."""
    both = f"{title}\n{text}"
    counts: Counter[str] = Counter()
    if language in _SPACED:
        counts.update(_after_first_names(both, language))
    elif language == "ko":
        counts.update(_korean(both))
    elif language == "ja":
        counts.update(name for match in _ja().finditer(both) if (name := _japanese(match[1])))
    else:
        counts.update(_chinese(both))
    if language in ("zh", "ja"):
        counts.update(match.group() for match in _dotted().finditer(both))
    for name in list(counts):
        counts[name] = max(counts[name], both.count(name))
    out = [Name(name, count, ()) for name, count in counts.items()]
    for spelled, forms in _organisations(language):
        frequency = {form: count for form in forms if (count := _count(both, form, language))}
        if frequency:
            best = max(frequency, key=lambda form: (frequency[form], len(form)))
            out.append(Name(best, sum(frequency.values()), (*(form for form in frequency if form != best), spelled)))
    return tuple(sorted(_surnames(out, both), key=lambda name: -name.count))


def _surnames(names: list[Name], text: str) -> Iterator[Name]:
    """Names of two words with their last word alone counted too, where no other name ends so."""
    lasts = Counter(re.split("[ ・·]", name.name)[-1] for name in names)
    for name in names:
        parts = re.split("[ ・·]", name.name)
        last = parts[-1]
        if len(parts) == 1 or lasts[last] > 1 or len(last) < 3:
            yield name
            continue
        alone = len(re.findall(rf"(?<!\w){re.escape(last)}(?!\w)", text)) if " " in name.name else text.count(last)
        more = max(0, alone - name.count)
        yield Name(name.name, name.count + more, (last, *name.variants)) if more else name


def _count(text: str, form: str, language: str) -> int:
    if form not in text:
        return 0
    if language in ("zh", "ja", "ko"):
        return text.count(form)
    return len(re.findall(rf"(?<!\w)(?:[ובלהשמכ]|و|ب|ل)?{re.escape(form)}(?!\w)", text))


def _after_first_names(text: str, language: str) -> Iterator[str]:
    titles, joining, ordinary = kind(f"{language}-title"), kind("joining"), kind("ordinary")
    given = gazetteer.given(language)
    rare = rarity.load(language)
    words = list(re.finditer(f"{_SPACED[language]}+|[^\\s]", text))
    at = 0
    while at < len(words) - 1:
        first = words[at].group()
        end = at + 1
        if first in given and len(first) > 2 and (first not in ordinary or words[at - 1].group() in titles):
            least = TITLED if at > 0 and words[at - 1].group() in titles else RARE[language]
            while end < len(words) and end - at < 4 and words[end].start() == words[end - 1].end() + 1:
                word = words[end].group()
                if not (word in given or word in joining or (len(word) > 2 and rare(stem(word, language)) >= least)):
                    break
                end += 1
                if word not in joining and word not in given:
                    break
            if end - at > 1 and words[end - 1].group() not in joining:
                yield text[words[at].start() : words[end - 1].end()]
                at = end
                continue
        at += 1


def _korean(text: str) -> Iterator[str]:
    families = gazetteer.family("ko")
    titles = "|".join(sorted(kind("ko-title")))
    for match in re.finditer(rf"(?<![가-힣])([가-힣]{{3}}) ?(?:{titles})(?![가-힣]{{3}})", text):
        if match[1][0] in families and match[1] not in kind("ko-not"):
            yield match[1]


def _japanese(word: str) -> str:
    return "" if _JA_NOT.match(word) or word[-1] in "元前副米党国県市" else word


def _chinese(text: str) -> Iterator[str]:
    families = "".join(sorted(name for name in gazetteer.family("zh") if len(name) == 1)) + "习習岳闻聂"
    for match in _zh(families).finditer(text):
        name = match[1] or match[2]
        if not re.search("[国國省市县部会會长長的了在和是方党黨军軍员員]", name):
            yield name


@cache
def _zh(families: str) -> re.Pattern[str]:
    name = f"[{families}][\u4e00-\u9fff]{{1,2}}"
    title, after = "|".join(sorted(kind("zh-title"))), "|".join(sorted(kind("zh-after")))
    return re.compile(rf"(?:{title})({name}?)(?=[，。、；：“”（）\s]|{after})|(?<![\u4e00-\u9fff])({name})(?={title})")


@cache
def _ja() -> re.Pattern[str]:
    titles = "|".join(sorted(kind("ja-title")))
    return re.compile(rf"(?<![\u4e00-\u9fff々])([\u4e00-\u9fff々]{{3,5}})(?={titles})")


@cache
def _dotted() -> re.Pattern[str]:
    """Foreign names: their parts have a dot between them."""
    spelt = "".join(sorted(kind("spelling")))
    return re.compile(
        f"[\u30a1-\u30fc]{{2,}}(?:[・=＝][\u30a1-\u30fc]{{2,}}){{1,3}}|[{spelt}]{{1,7}}(?:·[{spelt}]{{1,7}}){{1,3}}"
    )


@cache
def _organisations(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = []
    for line in files(__package__).joinpath("data/organisations.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, *forms = line.split("\t")
        rows += [(name, tuple(form[3:].split("|"))) for form in forms if form.startswith(f"{language}=")]
    return tuple(rows)
