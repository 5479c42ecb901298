"""Lines of one flattened page -> numbers about each line, its neighbours and what it shares with the story.

Long because the columns of the three models stand in the order of their weights, and are tested as one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...writing_systems import UNSPACED

Matrix = NDArray[np.float64]

# Scripts written without spaces: every character is a token there, and worth 0.6 words.
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
# A sentence's end, also before a footnote's number or a credit: "..., he said. (Reporting by A. Name)"
_END = re.compile(r"[.!?…。！？।][\"”»’')\]）」』]*(?:\[\d+\]| ?\([^()]{3,200}\))?$")
_INNER_END = re.compile(r"[.!?…][\"”»’')\]]* (?=[\"“„«‘'(]*[^\Wa-z\d_])|[。！？।]")
_QUOTES = '"“”„«»‘「『'
_BARS = "|•/·"
# What a site says to its reader rather than about the world: forms of address, and the words of subscriptions, consent
# and author notes, as the beginnings of words.
_ADDRESS = frozenset(
    "you your yours we our us i my me sie ihr ihre ihren ihrem wir unser unsere uns du dein deine vous votre vos nous "
    "notre nos usted ustedes su tu tus nosotros nuestro nuestra você seu sua nosso nossa voi vostro noi nostro je jouw "
    "uw wij onze din ditt dine vi vår våre".split()
)
_HOUSE = tuple(
    "cookie newslett privacy datenschutz consent subscri abonn suscri assina login signup email inbox account password "
    "affiliate commission captcha recaptcha copyright website webseite advert sponsor download regist terms disclaimer "
    "editorial comment http www click klick clique partners app unsubscri".split()
)
_ROLES = tuple(
    "writer reporter journalist editor columnist author correspondent contributor freelance redakteur autor periodista "
    "journaliste giornalista".split()
)
_BEGINNINGS = frozenset(word[:3] for word in (*_HOUSE, *_ROLES))
_CUES = ("repeated", "caption", "byline", "date", "related", "comment")  # "repeated": by its source

LINE = (
    "words", "long", "tiny", "end", "sentences", "commas", "capitals", "shouting", "digits", "quote", "colon", "lower",
    "bars", "repeated", "first", "place", "function", "house", "house share", "address", "roles",
)  # fmt: skip
FIRST = (
    *LINE, "cue:repeated", "cue:caption", "cue:byline", "cue:date", "cue:related", "cue:comment", "cue:other",
    "words above", "words below", "in run", "above run", "below run", "core", "core long", "core short",
    "prose 1", "prose 3", "prose 8", "short run", "short run long", "cues 3", "dates 5", "house 5", "comments 8",
    "since comment", "words before 1", "words after 1", "words before 2", "words after 2", "end before", "end after",
    "cue before", "cue after", "prose above", "prose below", "gap above", "gap below", "similar",
)  # fmt: skip
SECOND = (
    "odds", "odds before 1", "odds after 1", "odds before 2", "odds after 2", "odds before 3", "odds after 3",
    "story words 2", "story share 2", "story words 5", "story share 5", "story words 12", "story share 12",
    "shared", "shared long", "shared short", "in story", "above story", "below story", "story above", "story below",
    "foreign above", "foreign below", "block",
)  # fmt: skip
# Products of two columns that a sum of weights cannot see: "ends like a sentence, and stands among story lines".
CROSS = (
    ("story share 2", "end"), ("story share 5", "end"), ("story share 2", "words"), ("story share 5", "words"),
    ("in story", "words"), ("in story", "end"), ("in story", "cue:other"), ("in story", "cue:caption"),
    ("in story", "short run"), ("story share 2", "story share 2"), ("story share 5", "story share 5"),
    ("story share 12", "story share 12"), ("story share 5", "shared"), ("story share 5", "house"),
    ("story share 5", "short run"), ("story share 2", "repeated"), ("story share 2", "tiny"), ("shared", "block"),
    ("shared", "shared"), ("shared long", "block"), ("block", "words"), ("house", "end"), ("address", "quote"),
    ("address", "story below"), ("capitals", "end"), ("capitals", "words"), ("end", "words"), ("story below", "words"),
    ("story above", "words"), ("story below", "end"), ("story below", "story above"), ("words", "words"),
    ("foreign above", "foreign below"),
)  # fmt: skip
LAST = (
    *FIRST,
    *SECOND,
    *(f"{a} x {b}" for a, b in CROSS),
    "odds beside",
    "odds beside 2",
    "story beside",
    "foreign beside",
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page, taken apart once. Each different word of a line is one entry of `of` and `token`."""

    texts: Sequence[str]
    rules: Sequence[str | None]
    words: Matrix
    of: NDArray[np.int64]  # the entry's line
    token: NDArray[np.int64]  # its word, numbered as met on the page
    rarity: Matrix  # of each word: log of lines over lines it is in
    kinds: NDArray[np.int64]  # of each word: the sum of 1 (address), 2 (house), 4 (role), 8 (up to three letters)


def take_apart(texts: Sequence[str], rules: Sequence[str | None]) -> Lines:
    numbers: dict[str, int] = {}
    of: list[int] = []
    token: list[int] = []
    words: list[float] = []
    for i, text in enumerate(texts):
        split = _TOKEN.findall(text.lower())
        words.append(len(split) - (0 if text.isascii() else 0.4 * len(_UNSPACED.findall(text))))
        row = {numbers.setdefault(t, len(numbers)) for t in split}
        token += row
        of += [i] * len(row)
    entries = np.array(token, dtype=np.int64)
    counts = np.bincount(entries, minlength=len(numbers))
    rarity = np.log((len(texts) + 1) / np.maximum(counts, 1))
    kinds = np.array([_kind(t) for t in numbers], dtype=np.int64)
    return Lines(texts, rules, np.array(words), np.array(of, dtype=np.int64), entries, rarity, kinds)


@lru_cache(maxsize=100_000)
def _kind(token: str) -> int:
    short = len(token) <= 3 and token.isalpha() and not _UNSPACED.match(token)
    house = role = False
    if token[:3] in _BEGINNINGS:  # few do, and the two lists cost most of this
        house, role = token.startswith(_HOUSE), token.startswith(_ROLES)
    return (token in _ADDRESS) + 2 * house + 4 * role + 8 * short


def first(page: Lines) -> Matrix:
    """One row a line, one column for each of FIRST."""
    n, words, rules = len(page.texts), page.words, page.rules
    if not n:
        return np.zeros((0, len(FIRST)))
    repeats = Counter(page.texts)
    # The page's own function words: what its long lines use most. No list of any language is needed.
    frequent = np.bincount(page.token[words[page.of] >= 15], minlength=len(page.rarity))
    common = np.zeros(len(page.rarity))
    common[np.argsort(-frequent, kind="stable")[:40]] = 1
    common[frequent == 0] = 0
    each = np.maximum(words, 1.0)
    entries = page.kinds[page.token]

    def count(flags: NDArray[Any]) -> Matrix:
        return np.asarray(np.bincount(page.of, weights=flags, minlength=n), dtype=float)

    house = count((entries & 2) > 0)
    local = beside(
        [
            np.log1p(words),
            words >= 20,
            words <= 3,
            np.array([_line(i, text, n, repeats) for i, text in enumerate(page.texts)]),
            count(common[page.token]) / each,
            np.log1p(house),
            np.minimum(house * 8 / each, 2.0),
            np.minimum(count((entries & 1) > 0) / np.sqrt(each), 1.5),
            np.minimum(count((entries & 4) > 0), 2),
        ]
    )
    ends = local[:, 3]
    cue = np.array([rule is not None for rule in rules], dtype=float)
    prose = np.where((ends > 0) & (words >= 8) & (cue == 0), np.minimum(words, 60), 0.0)
    weights = np.where(prose > 0, np.sqrt(prose), np.where(cue > 0, -2.0, np.where(words < 25, -1.0, 0.5)))
    start, stop = best_run(weights)
    index = np.arange(n)
    inside = (index >= start) & (index < stop)
    core = shared(page, np.where(inside & (prose > 0), 1.0, 0.0))
    total = max(words.sum(), 1.0)
    above = np.cumsum(words) - words
    named = np.zeros((n, len(_CUES) + 1))
    for i, rule in enumerate(rules):
        if rule is not None:
            named[i, _CUES.index(rule) if rule in _CUES else len(_CUES)] = 1
    short = (prose == 0) & (words < 25)
    lengths = np.log1p(_run_lengths(short))
    log_words = local[:, 0]
    comments = named[:, _CUES.index("comment")]
    all_prose = max(prose.sum(), 1.0)
    prose_above = np.cumsum(prose) - prose
    near = windows([prose, cue, named[:, _CUES.index("date")], local[:, 17], comments], (1, 3, 5, 8))
    (prose_1, *_), (prose_3, cue_3, *_), (_, _, dates_5, house_5, _), (prose_8, *_, comments_8) = near
    shifted = shifts([log_words, ends, cue], 2)
    columns: list[NDArray[Any]] = [
        local,
        named,
        above / total,
        (total - above - words) / total,
        inside,
        np.log1p(np.maximum(start - index, 0)),
        np.log1p(np.maximum(index - stop + 1, 0)),
        core,
        core * (words >= 12),
        core * (words < 12),
        *(np.log1p(around - prose) / 3 for around in (prose_1, prose_3, prose_8)),
        lengths,
        lengths * (words >= 8),
        cue_3 - cue,
        np.log1p(dates_5),
        np.log1p(house_5 - local[:, 17]),
        np.log1p(comments_8),
        1 / (1 + _gap(comments > 0, 200) / 10),
        shifted[1][0],
        shifted[-1][0],
        shifted[2][0],
        shifted[-2][0],
        shifted[1][1],
        shifted[-1][1],
        shifted[1][2],
        shifted[-1][2],
        prose_above / all_prose,
        (prose.sum() - prose_above - prose) / all_prose,
        np.log1p(_gap(prose > 0, 30)),
        np.log1p(_gap(prose[::-1] > 0, 30)[::-1]),
        -np.minimum(abs(log_words - shifted[1][0]), abs(log_words - shifted[-1][0])),
    ]
    return beside(columns)


def second(page: Lines, odds: Matrix) -> Matrix:
    """One column for each of SECOND: what the lines' log odds after a first look say of each other."""
    odds = np.clip(odds, -6, 6)
    p = 1 / (1 + np.exp(-odds))
    n, words = len(odds), page.words
    if not n:
        return np.zeros((0, len(SECOND)))
    mass = p * np.minimum(words, 60)
    common = shared(page, np.where(p > 0.3, p, 0.0))
    start, stop = best_run(odds * np.sqrt(np.maximum(words, 0)))
    index = np.arange(n)
    total = max(mass.sum(), 1e-6)
    above = np.cumsum(mass) - mass
    foreign = (1 - p) * words
    shifted = shifts([odds], 3)
    columns: list[NDArray[Any]] = [odds, *(shifted[by][0] for k in (1, 2, 3) for by in (k, -k))]
    for lines, mass_near, p_near in windows([np.ones(n), mass, p], (2, 5, 12)):
        columns += [np.log1p(mass_near - mass), (p_near - p) / np.maximum(lines - 1, 1)]
    columns += [
        common,
        common * (words >= 12),
        common * (words < 12),
        (index >= start) & (index < stop),
        np.log1p(np.maximum(start - index, 0)),
        np.log1p(np.maximum(index - stop + 1, 0)),
        above / total,
        (total - above - mass) / total,
        np.log1p(_foreign(p > 0.5, foreign)),
        np.log1p(_foreign(p[::-1] > 0.5, foreign[::-1])[::-1]),
        _blocks(p > 0.5, mass),
    ]
    return beside(columns)


def last(one: Matrix, two: Matrix) -> Matrix:
    """One column for each of LAST, from the columns of FIRST and SECOND."""
    both = np.concatenate([one, two], axis=1)
    products = both[:, _CROSSED[0]] * both[:, _CROSSED[1]]
    least = np.minimum(both[:, _LEAST[0]], both[:, _LEAST[1]])
    return np.concatenate([both, products, least], axis=1)


def _places(pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Where the two columns of each pair stand among those of FIRST and SECOND."""
    place = {name: number for number, name in enumerate((*FIRST, *SECOND))}
    return np.array([[place[a], place[b]] for a, b in pairs], dtype=np.int64).T


_CROSSED = _places(CROSS)
_LEAST = _places(
    [
        ("odds before 1", "odds after 1"),
        ("odds before 2", "odds after 2"),
        ("story above", "story below"),
        ("foreign above", "foreign below"),
    ]
)


def _line(i: int, text: str, n: int, repeats: Counter[str]) -> tuple[float, ...]:
    heads = [part[0] for part in text.split(" ")]
    parts = len(heads)
    count = text.count
    end = _END.search(text[-220:]) is not None
    return (
        end,
        math.log1p(len(_INNER_END.findall(text)) + end),
        min((count(",") + count("、") + count("，")) / parts, 0.3),
        sum(map(str.isupper, heads[1:])) / max(parts - 1, 1),
        parts > 1 and text.isupper(),
        sum(map(count, "0123456789")) / len(text),
        any(quote in text for quote in _QUOTES),
        text[-1] in ":：",
        text[0].islower(),
        min(sum(map(count, _BARS)) / parts, 1.0),
        min(repeats[text] - 1, 3),
        1 / (1 + i),
        i / n,
    )


def best_run(scores: Matrix) -> tuple[int, int]:
    """The stretch of lines with the highest sum: (first, one past the last)."""
    best, span, total, start = 0.0, (0, 0), 0.0, 0
    for number, score in enumerate(scores.tolist()):
        if total <= 0:
            total, start = 0.0, number
        total += score
        if total > best:
            best, span = total, (start, number + 1)
    return span


def shared(page: Lines, weights: Matrix, *, long_words: bool = False) -> Matrix:
    """Share of each line's words, the rare ones counting more, that other lines of the story have too.

    `weights`: how surely each line belongs to the story, 0 to 1. `long_words`: those of up to three letters do not
    count, which on a page of few lines look as rare as any.
    """
    n = len(page.texts)
    line_weights = weights[page.of]
    story = np.bincount(page.token, weights=line_weights, minlength=len(page.rarity))
    rare = (np.where(page.kinds & 8, 0.0, page.rarity) if long_words else page.rarity)[page.token]
    elsewhere = np.clip(story[page.token] - line_weights, 0, 1)
    hit = np.bincount(page.of, weights=rare * elsewhere, minlength=n)
    total = np.bincount(page.of, weights=rare, minlength=n)
    return np.asarray(np.divide(hit, total, out=np.zeros(n), where=total > 0))


def windows(values: Sequence[Matrix], reaches: Sequence[int]) -> list[Matrix]:
    """For each reach, and in it each of the values: the sum over each line and so many lines on both sides.

    All at once: on a short text the calls of numpy cost more than their sums.
    """
    n, most = len(values[0]), max(reaches)
    sums = np.zeros((len(values), most + 1 + n + most))  # of all lines above, as it stays past both ends
    np.cumsum(values, axis=1, out=sums[:, most + 1 : most + 1 + n])
    sums[:, most + 1 + n :] = sums[:, most + n : most + n + 1]
    return [
        sums[:, most + reach + 1 : most + reach + 1 + n] - sums[:, most - reach : most - reach + n] for reach in reaches
    ]


def shifts(values: Sequence[Matrix], most: int) -> dict[int, Matrix]:
    """By how many lines, -most to most -> each of the values as it is so many lines above; 0 past the ends."""
    n = len(values[0])
    padded = np.zeros((len(values), most + n + most))
    padded[:, most : most + n] = values
    return {by: padded[:, most - by : most - by + n] for by in range(-most, most + 1)}


def beside(columns: Sequence[NDArray[Any]]) -> Matrix:
    """One matrix of columns and of matrices of columns."""
    widths = [1 if column.ndim == 1 else column.shape[1] for column in columns]
    out = np.empty((len(columns[0]), sum(widths)))
    at = 0
    for column, wide in zip(columns, widths, strict=True):
        out[:, at : at + wide] = column[:, None] if column.ndim == 1 else column
        at += wide
    return out


def _run_lengths(flags: NDArray[np.bool_]) -> Matrix:
    """For each true line the number of true lines in a row it stands in."""
    out: list[float] = []
    for flag, run in groupby(flags.tolist()):
        long = len(list(run))
        out += [long if flag else 0.0] * long
    return np.array(out, dtype=float)


def _gap(flags: NDArray[np.bool_], most: int) -> Matrix:
    """Lines since the last true one above."""
    out: list[int] = []
    gap = most
    for flag in flags.tolist():
        out.append(gap)
        gap = 0 if flag else min(gap + 1, most)
    return np.array(out, dtype=float)


def _foreign(story: NDArray[np.bool_], words: Matrix) -> Matrix:
    """Words outside the story since its last line above, at most 200."""
    out, gap = np.zeros(len(words)), 200.0
    for i, (kept, count) in enumerate(zip(story.tolist(), words.tolist(), strict=True)):
        out[i] = gap
        gap = 0.0 if kept else min(gap + count, 200.0)
    return out


def _blocks(story: NDArray[np.bool_], mass: Matrix) -> Matrix:
    """For each line of a block of story lines (gaps up to three lines) the block's mass over that of the largest."""
    out = np.zeros(len(mass))
    blocks: list[list[int]] = []
    for i, hot in enumerate(story.tolist()):
        if hot and blocks and i - blocks[-1][1] <= 3:
            blocks[-1][1] = i + 1
        elif hot:
            blocks.append([i, i + 1])
    sums = [float(mass[a:b].sum()) for a, b in blocks]
    most = max([1e-6, *sums])
    for (a, b), value in zip(blocks, sums, strict=True):
        out[a:b] = value / most
    return out
