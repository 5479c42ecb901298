"""Title and text of an article -> the people and organisations it names, counted, variants of one name joined.

Untyped: to tell a person from a firm by its letters would be a guess. Scripts with capitals are read by them, with
first names from a gazetteer where a capital says nothing (the beginning of a sentence, German nouns); other scripts by
the gazetteer alone (`uncased`). Places are not among the names, they are the business of `places`.

Long because the rules by which names are found and their variants joined use the same lists of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ..model import Name
from ..threads import rarity
from ..threads.stems import stem
from . import gazetteer, places, uncased
from .gazetteer import kind

READ = 20_000  # characters looked at
MOST = 25  # names kept, the most frequent
LONGEST = 7  # words in a name
TITLE_CASE = 0.6  # share of capitalised words from which a title's capitals mean nothing
REMEMBER = 20_000  # runs of capitals kept at hand
TWICE = 2  # times a single word must stand with a capital inside sentences
KNOWN = 45  # tenths: words that one text in 90 has are no names by themselves, whatever their capital

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƏȘȚΆΈ-ΏΑ-ΫЀ-ЯҐҒҚҢӘӨҰҮԱ-Ֆ\u1e80-\u1ef8"
_WORD = rf"(?:[{_UPPER}]\.(?:[{_UPPER}]\.)*|[{_UPPER}][\w\u0300-\u036f]*(?:[-'’][^\W\d_]+)*)"
_RUN = re.compile(
    rf"(?<![\w@#/])(?:{_WORD})(?:[ \u00a0](?:(?:de|da|do|dos|das|del|della|delle|di|du|des|van|von|der|den|ten|ter|zu|"
    rf"zum|la|le|el|al|bin|ibn|ben|of|for)[ \u00a0]){{0,3}}{_WORD})*(?:\s\([{_UPPER}]{{2,7}}\))?"
)
_ENDS = frozenset(".!?\"“”„«»:;`'…。！？؟•–—-*|(")
_NOUNS = frozenset({"de", "lb"})  # every noun has a capital
_OWNER = re.compile("['’]s?$")
_POSSESSIVE_S = frozenset("de nl sv da no nb nn".split())
_DECLINED = frozenset("ru uk be bg mk sr hr bs me sh sl cs sk pl lt lv et fi hu tr az el sq ro la".split())
_DERIVED = frozenset("ov ova ev eva ski ska ić ич ов ова ев ева ский ская ко enko енко ova ović овић".split())
_ELIDED = re.compile("[^\\W\\d_]['’]$")  # l'ONU, d'Ankara
_SPACE = re.compile("[ \u00a0\n]+")
_INITIALS = re.compile(rf"(?:[{_UPPER}]\.)+$")


class _Group:
    """The ways in which a text writes one name."""

    __slots__ = ("count", "forms", "words")

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self.forms: dict[str, int] = {}
        self.count = 0

    def add(self, form: str, count: int) -> None:
        self.forms[form] = self.forms.get(form, 0) + count
        self.count += count

    def named(self) -> Name:
        """The longest form in words, of those the most frequent, of those the shortest; and the others."""
        forms = self.forms
        if len(forms) == 1:
            return Name(next(iter(forms)), self.count, ())
        name = min(forms, key=lambda form: (-form.count(" "), _INITIALS.match(form.split(" ")[0]) is not None,
                                            -forms[form], len(form)))  # fmt: skip
        variants = sorted((form for form in forms if form != name), key=lambda form: -forms[form])
        return Name(name, self.count, tuple(variants))


def find(title: str, text: str, language: str | None) -> tuple[Name, ...]:
    """Names of people and organisations, the most frequent first."""
    code = (language or "en").lower().partition("-")[0]
    text = text[:READ]
    if uncased.reads(code, text):
        return uncased.find(title, text, code)[:MOST]
    return tuple(_named(title, text, code))


def _named(title: str, text: str, code: str) -> list[Name]:
    singles: dict[str, int] = {}
    runs: dict[tuple[str, ...], int] = {}
    starts: dict[str, int] = {}  # single words that begin a sentence: names where the text has them elsewhere
    acronyms: dict[str, tuple[str, ...]] = {}
    spans = list(_spans(text, code))
    if not shouted(title):
        spans += _spans(title, code)
    inside = {words[0] for begins, words in spans if not begins}
    inside.update(word for _, words in spans if len(words) > 1 for word in words[1:])
    for begins, words in spans:
        word = words[0]
        if acronyms and len(words) == 1 and word in acronyms:
            singles[word] = singles.get(word, 0) + 1
            continue
        short = words[-1][1:-1] if words[-1][0] == "(" else ""
        core = _core(words[:-1] if short else words, begins and not _may_begin(words, inside, code), code)
        if len(core) > 1:
            runs[core] = runs.get(core, 0) + 1
            if short and "".join(word[0] for word in core if word[0].isupper()) == short:
                acronyms[short] = core
        elif core:
            singles[core[0]] = singles.get(core[0], 0) + 1
        elif begins and len(words) == 1:
            starts[word] = starts.get(word, 0) + 1
    at = 0 if code == "hu" else -1  # where the family name stands
    groups: list[_Group] = []
    by_name: dict[str, list[_Group]] = {}  # by two letters of the family name
    for run in sorted(runs, key=len, reverse=True):
        near = by_name.setdefault(run[at][:2], [])
        group = next((group for group in near if _one(group.words, run, code)), None)
        if group is None:
            group = _Group(run)
            groups.append(group)
            near.append(group)
        group.add(" ".join(run), runs[run])
    groups.sort(key=_count)
    for near in by_name.values():
        near.sort(key=_count)
    for word, count in (*singles.items(), *starts.items()):
        known = next((group for group in groups if acronyms.get(word) == group.words), None) if acronyms else None
        known = known or _match(by_name.get(word[:2], ()), at, word, code)
        if known is None and len(word) > 2 and word in gazetteer.given():
            known = _match(groups, 0, word, code)
        if known is None:
            if word not in singles or not _alone(word, singles[word], code):
                continue
            known = _Group((word,))
            groups.append(known)
            by_name.setdefault(word[:2], []).append(known)
        elif word not in singles and _common(word):
            continue
        known.add(word, count)
    groups.sort(key=_count)
    return [group.named() for group in groups[:MOST]]


def _count(group: _Group) -> int:
    return -group.count


def _match(groups: Iterable[_Group], at: int, word: str, code: str) -> _Group | None:
    """The first group whose word at a place is this one."""
    if len(word) < 3:
        return None
    return next((group for group in groups if _same(group.words[at], word, code)), None)


def _spans(text: str, code: str) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """Runs of capitalised words, and whether a sentence begins with them."""
    for match in _RUN.finditer(text):
        start = match.start()
        before = text[max(0, start - 3) : start]
        begins = start == 0 or "\n" in before or (before.rstrip()[-1:] in _ENDS and not _ELIDED.search(before))
        run = match.group()
        words = tuple(_OWNER.sub("", word) for word in _SPACE.split(run)) if "'" in run or "’" in run else (
            tuple(_SPACE.split(run)) if " " in run or "\u00a0" in run or "\n" in run else (run,))  # fmt: skip
        if len(words) > LONGEST + 3:
            continue
        from_ = 0
        for at in range(1, len(words) - 1):  # "VMRO Antonio Milošoski", "Makedonije Biljana Petkovska": two names
            if words[at] in gazetteer.given() and (words[at - 1][1:2].isupper() or places.known(words[at - 1], code)):
                yield begins and not from_, words[from_:at]
                from_ = at
        yield begins and not from_, words[from_:]


@lru_cache(REMEMBER)  # texts share many of their runs
def _core(words: tuple[str, ...], drop: bool, code: str) -> tuple[str, ...]:
    """The name in a run of capitals: without titles, with `drop` without its first word; () where there is none."""
    given = gazetteer.given()
    for at in range(len(words) - 2, 0, -1):  # "First Minister Nicola Sturgeon", "Spokesman Tom Tugendhat"
        if words[at + 1] in given and _is_title(words[at].lower()):
            words, drop = words[at + 1 :], False
            break
    if len(words) > 3 and words[-2] in given and words[0] not in given and "of" not in words:
        words, drop = words[-2:], False  # "Minority Whip Dick Durbin"
    if "of" in words and words[0] in given and words.index("of") > 1:  # "Jennifer Lu of Marriage Equality"
        words = words[: words.index("of")]
    if drop:
        words = words[1:]
    while words and _before_a_name(words, code):
        words = words[1:]
    while words and _after_a_name(words):
        words = words[:-1]
    if not words or len(words) > LONGEST:
        return ()
    if len(words) == 1:
        return () if places.known(words[0], code) else words
    if _closes(words[-1].lower()) or words[0].lower() in kind("start") or places.known(" ".join(words), code):
        return ()
    if all(places.known(word, code) or word in ("of", "de") for word in words):
        return ()
    return () if code in _NOUNS and not _german(words) else words


def _before_a_name(words: Sequence[str], code: str) -> bool:
    """Whether the first of some words stands before the name: a title, "the", the country of an officer."""
    low = words[0].lower().rstrip(".")
    if low in kind("inner") or _no_name(low, len(words)) or (words[0] == "M." and code == "fr"):
        return True
    given = gazetteer.given()
    if _is_title(low) and (len(words) > 1 or low not in given):
        return True
    return len(words) > 1 and places.known(words[0], code) and (_is_title(words[1].lower()) or words[1] in given)


def _after_a_name(words: Sequence[str]) -> bool:
    low = words[-1].lower().rstrip(".")
    return low in kind("inner") or low in kind("calendar") or (_is_title(low) and len(words) > 1)


def _may_begin(words: Sequence[str], inside: set[str], code: str) -> bool:
    """Whether the first word of a sentence may be part of a name, though its capital says nothing."""
    first = words[0]
    if first in gazetteer.given() or (first in inside and not _common(first)) or first[1:2] == ".":
        return True
    return code == "hu" and len(words) > 1 and words[1] in gazetteer.given()  # family names come first


def _german(words: Sequence[str]) -> bool:
    """Whether words with capitals are a name where nouns have them too: a first name, or what organisations end in."""
    return words[0] in gazetteer.given() or words[-1].lower() in kind("organisation")


@lru_cache(REMEMBER)
def _alone(word: str, count: int, code: str) -> bool:
    """Whether one capitalised word is a name by itself."""
    low = word.lower().rstrip(".")
    if len(word) < 2 or "." in word[:-1] or _common(word) or _is_title(low) or _closes(low):
        return False
    if word.isupper() and word.isalpha():
        return len(word) <= 7 and (count >= TWICE or len(word) > 2)
    if code in _NOUNS or rarity.load(code)(stem(word, code)) < KNOWN:
        return False
    return count >= TWICE and len(word) > 2 and word not in gazetteer.given()


def shouted(title: str) -> bool:
    """Whether a title has so many capitals that they mean nothing."""
    capitals = [word[:1].isupper() for word in title.split() if word[:1].isalpha()]
    return not capitals or sum(capitals) >= TITLE_CASE * len(capitals)


@lru_cache(REMEMBER)
def _common(word: str) -> bool:
    return (low := word.lower().rstrip(".")) in kind("other") or low in kind("never")


def _one(one: Sequence[str], second: Sequence[str], code: str) -> bool:
    """Whether two names of several words are one: the same words, inflected, or a first name cut to its initial."""
    if len(one) == len(second) and all(_same(a, b, code) for a, b in zip(one, second, strict=True)):
        return True
    if not _same(one[-1], second[-1], code):
        return False
    a, b = one[0], second[0]
    if _INITIALS.match(a) or _INITIALS.match(b):
        return a[0] == b[0]
    return _same(a, b, code) and len(one[-1]) > 2 and "of" not in one and "of" not in second and "for" not in second


def _same(one: str, second: str, code: str) -> bool:
    """Whether two words are one, also where a case or an owner changed its end."""
    if one == second:
        return True
    if one[:2] != second[:2]:
        return False
    if len(one) > len(second):
        one, second = second, one
    if code in _POSSESSIVE_S or code == "tr":
        return second in (one + "s", one + "'s") or second.startswith((one + "'", one + "’"))
    if code not in _DECLINED:
        return False
    shared = 0
    for a, b in zip(one, second, strict=False):
        if a != b:
            break
        shared += 1
    return (
        shared >= max(3, len(one) - 1)
        and len(second) - shared <= 3
        and second[shared:] not in _DERIVED
        and one[:shared].isalpha()
    )


@lru_cache(REMEMBER)
def _is_title(low: str) -> bool:
    """Whether a word in lower case is a title or an office ("präsident*": with any ending)."""
    titles = kind("title")
    low = low.rpartition("-")[2] or low
    return low in titles or any(low[:length] + "*" in titles for length in range(3, len(low) + 1))


def _no_name(low: str, words: int) -> bool:
    """Whether a word is capitalised without being a name; some may begin one of several ("Christian Dior")."""
    return low in kind("never") or (words == 1 and low in kind("other"))


def _closes(low: str) -> bool:
    """Whether a run that ends so is a place or an event."""
    return low in kind("place") or low in kind("event")
