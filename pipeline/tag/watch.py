"""[[watch]] + words of an article -> the watch lists that match, in whatever script and case, with the words found.

Words are compared by a key: Latin letters without marks, Cyrillic and Greek in Latin letters, and the letters that
transliterations disagree on made one ("Вучић", "Vučić" and "Vucic" are one, so are "Зеленський" and "Zelenskyy"). Where
the article's language inflects names, a word may have an ending of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from ..config.sections import WatchList
from . import words

BY = "watch"  # what `by` of its tag says
PREFIX = "watch:"  # of its tag's id
EVIDENCE = 6  # forms shown
_STEM = 4  # letters of a word to which an ending may be added, at least
_BEGIN = 3  # letters of a key by which forms are found

_TO_LATIN = dict(
    zip(
        "абвгґдђежзијклљмнњопрстћуфхцчџшщыэюяёєіїйўѓќѕќўαβγδεζηθικλμνξοπρσςτυφχψω",
        "a b v g g d d e z z i i k l l m n n o p r s t c u f h c c d s s i e u a e e i i i u g k z k u "
        "a v g d e z i t i k l m n x o p r s s t i f h p o".split(),
        strict=True,
    )
) | {"ъ": "", "ь": "", "’": "", "'": ""}
_PLAIN = str.maketrans({**_TO_LATIN, "đ": "d", "ł": "l", "ø": "o", "ß": "s", "æ": "e", "œ": "e", "ı": "i", "þ": "t"})
_ONE = (
    (re.compile("sch|sz|sh|sc"), "s"), (re.compile("tch|ch|cz|ts|tz|tc"), "c"), (re.compile("zh|dzh|dž|dz"), "z"),
    (re.compile("kh|gh"), "h"), (re.compile("ph|ff"), "f"), (re.compile("lj|gl"), "l"), (re.compile("nj|gn|ny"), "n"),
    (re.compile("dj"), "d"), (re.compile("[yj]+(?=[aeou])"), ""), (re.compile("[yj]"), "i"), (re.compile("w"), "v"),
    (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip
_OTHER = re.compile("[^a-z0-9]")

# Endings as keys have them, by language; "'s" is a word of its own already
_SLAVIC = (
    "a e i o u om em im am u oi ei ami ama ih og ega ego ogo omu emu oga ov ova ovo ove ovi "
    "ovim ovih ev eva evo in ina ino ini ia iu ie ievi ovci ui ii"
)
ENDINGS: dict[str, frozenset[str]] = {
    **dict.fromkeys("ru uk be bg mk sr hr bs me sh sl cs sk pl".split(), frozenset(_SLAVIC.split())),
    "lt": frozenset("as o ui a e is io ei ai u es us".split()),
    "lv": frozenset("s a am u i is e es ei m".split()),
    "fi": frozenset("n in en ela esa en esta la le na ta sa a ia sta lta ksi an lan i ista ila".split()),
    "et": frozenset("i le lt st ga s t d il ist iga".split()),
    "hu": frozenset(
        "t ot et at on en nak nek val vel bal nal nel ban ben ra re ert hoz hez tol rol bol tel tal e i k".split()
    ),
    "tr": frozenset("in un i u a e ia da de ta te dan den tan ten la le nin nun ni na".split()),
    "az": frozenset("in un i u a e ia da de dan den la le nin nun ni na".split()),
    "el": frozenset("s u o i a es os on".split()),
    "ro": frozenset("ul ului lui ei a e i u le ule".split()),
    "sq": frozenset("i it in ut u un es en se a e s".split()),
    **dict.fromkeys("de nl sv da no nb nn is".split(), frozenset({"s", "es", "en"})),
    "en": frozenset({"s"}),
}
_CUT = re.compile("(?:[aeiou]|i[aei])$")  # what such an ending may replace
PREFIXES = {"he": "ובלהשמכ", "ar": "وبلفك", "fa": ""}
PARTICLES = re.compile("(?:은|는|이|가|을|를|의|에|에게|에서|와|과|도|로|으로|만|측|씨|까지|부터|라고)$")


@dataclass(frozen=True, slots=True)
class Match:
    """A watch list that an article is about."""

    name: str
    forms: tuple[str, ...]  # as they stand in the text
    count: int


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling of a watched name."""

    name: str  # of the watch list
    keys: tuple[str, ...]
    capital: bool  # its first letter is one: "Apple" is not "apple"


@dataclass(slots=True)
class Watch:
    """The watch lists of a config, compiled once."""

    lists: Sequence[WatchList]
    _first: dict[str, list[_Form]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.lists:
            for spelled in (entry.name, *entry.aliases):
                split = words.split(spelled)
                if keys := tuple(key(word) for word in split):
                    form = _Form(entry.name, keys, split[0][:1].isupper())
                    self._first.setdefault(keys[0][:_BEGIN], []).append(form)

    def find(self, title: Sequence[str], text: Sequence[str], language: str | None) -> tuple[Match, ...]:
        """Watch lists with a match, in the order of the config."""
        if not self._first:
            return ()
        code = (language or "").lower().partition("-")[0]
        forms_of: dict[str, dict[str, int]] = {}
        for part in (title, text):
            for name, there in self._matches(part, code):
                forms = forms_of.setdefault(name, {})
                forms[there] = forms.get(there, 0) + 1
        return tuple(
            Match(entry.name, tuple(forms_of[entry.name])[:EVIDENCE], sum(forms_of[entry.name].values()))
            for entry in self.lists
            if entry.name in forms_of
        )

    def _matches(self, text: Sequence[str], language: str) -> Iterator[tuple[str, str]]:
        begins = {word: forms for word in set(text) if (forms := self._begun(word, language))}
        if not begins:
            return
        past = dict.fromkeys((entry.name for entry in self.lists), 0)  # words before it are in a match of the list
        for at, word in enumerate(text):
            for form in sorted(begins.get(word, ()), key=lambda form: -len(form.keys)):
                end = at + len(form.keys)
                if at < past[form.name] or end > len(text):
                    continue
                if form.capital and word[:1].islower():
                    continue
                if all(fits(text[at + n], key_, language) for n, key_ in enumerate(form.keys)):
                    past[form.name] = end
                    yield form.name, _spelled(text[at:end])

    def _begun(self, word: str, language: str) -> list[_Form]:
        forms = self._first.get(key(word)[:_BEGIN], [])
        if (prefixes := PREFIXES.get(language)) and word[:1] in prefixes:
            forms = forms + self._first.get(key(word[1:])[:_BEGIN], [])
        return forms


def _spelled(there: Sequence[str]) -> str:
    return ("" if all(len(word) == 1 and ord(word) > 0x2E7F for word in there) else " ").join(there)


@lru_cache(100_000)  # texts share most of their words
def key(word: str) -> str:
    """What the spellings of a name have in common, across scripts."""
    low = word.lower()
    if not low.isascii():
        low = "".join(c for c in unicodedata.normalize("NFD", low.translate(_PLAIN)) if not unicodedata.combining(c))
        low = low.translate(_PLAIN)
    if _OTHER.search(low):
        return unicodedata.normalize("NFC", low)  # a script that is compared as it stands
    for pattern, one in _ONE:
        low = pattern.sub(one, low)
    return low


@lru_cache(100_000)
def fits(word: str, form: str, language: str) -> bool:
    """Whether a word of a text is a watched one, perhaps with an ending of its language."""
    here = key(word)
    if here == form:
        return True
    if (prefixes := PREFIXES.get(language)) and word[:1] in prefixes and key(word[1:]) == form:
        return True
    if language == "ko":
        return PARTICLES.sub("", word) == form
    endings = ENDINGS.get(language)
    if not endings or len(form) < _STEM:
        return False
    if here.startswith(form):
        rest = here[len(form) :]
        if rest in endings or form[-1] + rest in endings:  # "Orbánnak": the key has one n
            return True
    base = _CUT.sub("", form)
    if len(base) < _STEM or not here.startswith(base) or language in ("en", "de", "nl", "sv", "da", "no", "nb", "nn"):
        return False
    rest = here[len(base) :]
    return not rest or rest in endings


def tag(name: str) -> str:
    return PREFIX + name


def faults(lists: Sequence[WatchList]) -> list[tuple[int, str, str]]:
    """What is wrong with the watch lists: (index, key, what)."""
    out = []
    for n, entry in enumerate(lists):
        if entry.name in [earlier.name for earlier in lists[:n]]:
            out.append((n, "name", f"another watch list is called {entry.name!r} too"))
        for at, spelled in (("name", entry.name), *(("aliases", alias) for alias in entry.aliases)):
            if not words.split(spelled):
                out.append((n, at, f"has no letter or digit: {spelled!r}"))
            elif len("".join(words.split(spelled))) < 2:
                out.append((n, at, f"one letter would match everywhere: {spelled!r}"))
    return out


def unknown(name: str, lists: Sequence[WatchList]) -> str | None:
    """What is wrong with a rule's reference to a watch list; None where there is such a list."""
    known: Mapping[str, str] = {entry.name.casefold(): entry.name for entry in lists}
    if name.casefold() in known:
        return None
    near = get_close_matches(name.casefold(), known, 1, 0.5)
    return f"no [[watch]] of this name: {name!r}" + (f" (did you mean {known[near[0]]!r}?)" if near else "")
