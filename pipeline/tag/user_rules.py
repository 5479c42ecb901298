"""The user's own rules: [[topics.rule]] + Article -> which fired, on which words; and what is wrong with a rule.

Long because what a rule may say, whether it is sound and when it fires are read together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Literal

from ..config.sections import TopicRule, TopicsConfig
from ..model import Article, Name, Place
from ..writing_systems import CJK
from . import vocabulary

Field = Literal["title", "lead", "text", "section", "url"]

# A regular expression sees one paragraph at a time and this much of it: with the repeats that `faults`
# lets through, the worst text then costs under 0.1 s a paragraph.
PIECE = {0: 20_000, 1: 4_000, 2: 300}
PIECES = 200
_WIDE = 10  # a repeat that may go on for longer than this counts as open-ended
_EDGE = re.compile(rf"[^\W{CJK}]")


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found, and where."""

    field: str
    words: str  # as the rule spells them, or what the regular expression matched
    count: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may test of an article besides its text."""

    names: tuple[Name, ...] = ()
    places: tuple[Place, ...] = ()
    watch: tuple[str, ...] = ()  # names of the watch lists that match

    def hits(self, rule: TopicRule) -> dict[str, list[Hit]]:
        """What each of the rule's lists finds; a list that it does not give is left out."""
        named = {_fold(form): name for name in self.names for form in (name.name, *name.variants)}
        there = {_fold(word): place for place in self.places for word in (place.code, place.name)}
        watched = {_fold(name) for name in self.watch}
        out: dict[str, list[Hit]] = {}
        if rule.names:
            out["names"] = [Hit("names", name, named[_fold(name)].count) for name in rule.names if _fold(name) in named]
        if rule.places:
            out["places"] = [
                Hit("places", word, there[_fold(word)].count) for word in rule.places if _fold(word) in there
            ]
        if rule.watch:
            out["watch"] = [Hit("watch", name, 1) for name in rule.watch if _fold(name) in watched]
        return out


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule's verdict on one article."""

    rule: str  # its name
    tag: str
    label: str
    action: str
    fired: bool
    hits: tuple[Hit, ...]
    why: str  # in words, for people


def name(rule: TopicRule, number: int) -> str:
    """What `by` shows: the rule's own name, else its place in the file."""
    return rule.name or f"rule {number + 1}"


class Rules:
    """The rules of a config, compiled once."""

    def __init__(self, rules: Sequence[TopicRule]) -> None:
        self._rules = [_Rule(rule, name(rule, n)) for n, rule in enumerate(rules)]

    def judge(self, article: Article, facts: Facts = Facts()) -> tuple[Fired, ...]:
        """Every rule's verdict, in the order of the file."""
        if not self._rules:
            return ()
        texts = fields(article)
        return tuple(rule.judge(article, texts, facts) for rule in self._rules)


def fields(article: Article) -> dict[Field, str]:
    """What a rule may look at, folded: NFC, lower case, plain apostrophes, white space single, paragraphs kept."""
    first, _, _ = article.text.partition("\n\n")
    return {
        "title": _fold(article.title or ""),
        "lead": _fold("\n".join(filter(None, [article.standfirst, first]))),
        "text": _fold(article.text),
        "section": _fold(article.section or ""),
        "url": _fold(article.url or ""),
    }


class _Rule:
    def __init__(self, rule: TopicRule, named: str) -> None:
        self.rule, self.name = rule, named
        self.label = label(rule.tag)
        self._any = [_Phrase(words) for words in rule.any]
        self._all = [_Phrase(words) for words in rule.all]
        self._none = [_Phrase(words) for words in rule.none]
        self._regex = re.compile(rule.regex, re.IGNORECASE) if rule.regex else None
        self._piece = PIECE.get(_open_repeats(rule.regex), min(PIECE.values())) if rule.regex else 0

    def judge(self, article: Article, texts: Mapping[Field, str], facts: Facts) -> Fired:
        hits, why = self._look(article, texts, facts)
        return Fired(self.name, self.rule.tag, self.label, self.rule.action, not why, tuple(hits), why or "fired")

    def _look(self, article: Article, texts: Mapping[Field, str], facts: Facts) -> tuple[list[Hit], str]:
        rule = self.rule
        if rule.language and (article.language or "").lower() != rule.language.lower():
            return [], f"language is {article.language or 'unknown'}, not {rule.language}"
        if rule.source and (article.source or "").lower() != rule.source.lower():
            return [], f"source is {article.source or 'unknown'}, not {rule.source}"
        where = {field: texts[field] for field in rule.fields}
        if hits := _hits(self._none, where):
            return hits, f"holds {hits[0].words!r}, which the rule forbids"
        required = _hits(self._all, where)
        if missing := [phrase.words for phrase in self._all if phrase.words not in {hit.words for hit in required}]:
            return required, f"lacks {missing[0]!r}"
        counted = _hits(self._any, where)
        if self._any and not counted:
            return required, "none of the words in any"
        if self._regex:
            matches = list(self._matches(where))
            if not matches:
                return required + counted, "the regular expression does not match"
            counted += matches
        known = facts.hits(rule)
        if missing_list := next((name for name, hits in known.items() if not hits), None):
            return counted + required, f"none of its {missing_list} is in the article"
        hits = counted + required + [hit for matches in known.values() for hit in matches]
        if not (counted or required):
            return hits, ""
        total = sum(hit.count for hit in counted) if counted else min((hit.count for hit in required), default=0)
        if total < rule.min_hits:
            return hits, f"{total} of the {rule.min_hits} occurrences it needs"
        return hits, ""

    def _matches(self, where: Mapping[Field, str]) -> Iterator[Hit]:
        assert self._regex
        for field, text in where.items():
            counts: dict[str, int] = {}
            for piece in text.split("\n")[:PIECES]:
                for match in self._regex.finditer(piece[: self._piece]):
                    words = match.group()[:60]
                    counts[words] = counts.get(words, 0) + 1
            for words, count in counts.items():
                yield Hit(field, words, count)


class _Phrase:
    """Words in a row; no letter or digit touches either end, but in Chinese and Japanese."""

    def __init__(self, words: str) -> None:
        self.words = words
        parts = _fold(words).split()
        self._longest = max(parts, key=len, default="")
        before = r"(?<!\w)" if parts and _EDGE.match(parts[0][0]) else ""
        after = r"(?!\w)" if parts and _EDGE.match(parts[-1][-1]) else ""
        self._find: Callable[[str], list[str]] = re.compile(before + r"\s+".join(map(re.escape, parts)) + after).findall

    def count(self, text: str) -> int:
        # a plain substring test first: it turns away almost every phrase at a fiftieth of the cost
        return len(self._find(text)) if self._longest and self._longest in text else 0


def _hits(phrases: Sequence[_Phrase], where: Mapping[Field, str]) -> list[Hit]:
    return [
        Hit(field, phrase.words, count)
        for phrase in phrases
        for field, text in where.items()
        if (count := phrase.count(text))
    ]


_SPACE = re.compile(r"[^\S\n]+")


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("\u00ad", "")
    return _SPACE.sub(" ", re.sub(r"\n\s*", "\n", text))


def label(tag: str) -> str:
    """The vocabulary's label for a medtop code, the tag itself for any other."""
    concept = vocabulary.load().get(tag) if tag.startswith(vocabulary.PREFIX) else None
    return concept.label() if concept else tag


def faults(config: TopicsConfig) -> list[tuple[int, str, str]]:
    """A rule's mistakes beyond types: (index of the rule, its key, what is wrong), in the order of the file."""
    return [(n, key, words) for n, rule in enumerate(config.rule) for key, words in _rule_faults(rule)]


def _rule_faults(rule: TopicRule) -> Iterator[tuple[str, str]]:
    if fault := _tag_fault(rule.tag):
        yield "tag", fault
    for key in ("any", "all", "none", "names", "places", "watch"):
        for phrase in getattr(rule, key):
            if not re.search(r"\S", phrase):
                yield key, "an empty word would fire everywhere"
    for phrase in sorted({*map(_fold, rule.none)} & {*map(_fold, rule.any + rule.all)}):
        yield "none", f"{phrase!r} is asked for and forbidden"
    if rule.language and not re.fullmatch(r"[A-Za-z]{2,3}", rule.language):
        yield "language", f'must be a code such as "en", got {rule.language!r}'
    if rule.regex and (fault := regex_fault(rule.regex)):
        yield "regex", fault


def _tag_fault(tag: str) -> str | None:
    if not tag.casefold().startswith(vocabulary.PREFIX):
        return None
    concepts = vocabulary.load()
    if tag in concepts:
        return None
    near = get_close_matches(tag, concepts, 1, 0.85)
    hint = f" (did you mean {near[0]}, {concepts[near[0]].label()}?)" if near else ""
    return f"no such code in the vocabulary: {tag!r}{hint}; `newsmill topics WORD` finds the code for a word"


def regex_fault(pattern: str) -> str | None:
    """Why a regular expression is refused: it does not compile, or some text could keep it busy for ever."""
    try:
        re.compile(pattern)
        tree = parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"not a regular expression: {error}: {pattern!r}"
    if re.compile(pattern).match(""):
        return f"matches the empty text, so it would fire everywhere: {pattern!r}"
    if _nested(tree, False):
        return (
            f"a repeat inside a repeat can take for ever on some texts: {pattern!r}; "
            "bound the outer one, as in {1,5}, or write (?>...) around the inner one"
        )
    if _open(tree) > max(PIECE):
        return (
            f"more than {max(PIECE)} open-ended repeats can take for ever on some texts: {pattern!r}; "
            "bound them, as in .{0,9}"
        )
    return None


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)


@lru_cache(256)
def _open_repeats(pattern: str) -> int:
    return _open(parser.parse(pattern))


def _children(code: Any, value: Any) -> list[Any]:
    if code in (*_REPEATS, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is op.SUBPATTERN:
        return [value[-1]]
    if code is op.ATOMIC_GROUP:
        return [value]
    if code is op.BRANCH:
        return list(value[1])
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if code is op.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return []


def _spaces(tree: Any) -> bool:
    return list(tree) == [(op.IN, [(op.CATEGORY, op.CATEGORY_SPACE)])]


def _open(tree: Any) -> int:
    """Open-ended repeats on one way through the pattern; those of white space do not count, since it is folded."""
    total = 0
    for code, value in tree:
        if code in _REPEATS and value[1] > _WIDE and not _spaces(value[2]):
            total += 1
        # (\w+ ){1,3} has three of them, one for each round
        rounds = value[1] if code in _REPEATS and value[1] <= _WIDE else 1
        total += rounds * max((_open(child) for child in _children(code, value)), default=0)
    return total


def _nested(tree: Any, inside: bool) -> bool:
    """Whether a repeat of more than _WIDE rounds holds something that can match in more than one way."""
    for code, value in tree:
        if inside and code in _REPEATS and value[0] != value[1] and not _spaces(value[2]):
            return True
        if inside and code is op.BRANCH and not _disjoint(value[1]):
            return True
        within = inside or (code in _REPEATS and value[1] > _WIDE)
        if code in (op.ATOMIC_GROUP, op.POSSESSIVE_REPEAT):
            within = False
        if any(_nested(child, within) for child in _children(code, value)):
            return True
    return False


def _disjoint(branches: list[Any]) -> bool:
    first = [next(iter(branch)) if len(branch) else None for branch in branches]
    return all(item is not None and item[0] is op.LITERAL for item in first) and len(
        {item[1] for item in first if item}
    ) == len(first)
