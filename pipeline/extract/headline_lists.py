"""Lines in a row -> whether they are headlines of other stories: told by their form and by words the story lacks.

Lists of headlines come as plain lines where a page is old or flattened, with a time, a date, a number or a bullet on
each. So do lists of the story's own (a programme, a tour, results, steps, ingredients). What tells them apart in any
language:

- a headline has some words and is no name, figure or address with a comma;
- headlines of different stories share next to no words with this story, nor with each other, nor begin alike;
- a programme or a tour goes forward in time, news go back or in no order;
- a story introduces its own list, by a colon or a heading; a list of headlines interrupts it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ..writing_systems import HANGUL, IDEOGRAPHS, ITERATION, KATAKANA, chars
from .rules import opening, rule_of
from .words import count_words

Place = Literal["above", "inside", "below"]  # of the story's paragraphs

FEWEST = 4  # lines in a row: three may be a dateline, a byline and a heading
SHORTEST, LONGEST = 4, 20  # words
LABEL = 6  # words of a line like "More news"
COMMON = 0.3  # share of the story's words in them from which they speak of it
OWN = 0.5  # share of the lines with a comma, a bracket or a figure inside: names with places, results, products
# Where more speaks for a list of the story's own (inside it, numbered, dated, of sentences): the same two, and the mean
# of the words in a line.
STRICT, STRICT_OWN, MEAN = 0.15, 0.35, 5.0
ALIKE = 0.3  # share of the words that several of the lines have
_CLOCK = r"\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.)\b\.?)?"
_DAY = (
    r"(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:(?:19|20)?\d\d)?"
    r"|\d\d?\.? [^\W\d_]{3,12}\.?,? (?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.? \d\d?,? (?:19|20)\d\d|\d{1,2}月\d{1,2}日"
)
_AGO = (
    r"\d{1,3} ?[^\W\d_]{1,9}\.? (?:ago|fa|geleden|sedan|siden|sitten|temu|назад|тому|önce|atrás)"
    r"|(?:vor|hace|il y a|há|před) \d{1,3} [^\W\d_]{1,9}\.?"
    r"|\d{1,3} ?(?:分|分钟|分鐘|時間|小时|小時|日|天)前"
)
_STAMP = rf"(?:(?:{_DAY})(?:[\s,·|/–-]{{1,3}}(?:{_CLOCK}))?|{_CLOCK}|{_AGO})"
_FRONT = re.compile(rf"[\[(]?({_STAMP})[\])]?(?:\s*[|:·•–—-]+\s*|\s+|(?=[^\x00-\x7f]))", re.I)
_BACK = re.compile(rf"\s*(?:[\[(]({_STAMP})[\])]|(?:[|·•,–—-]\s*|\s)({_DAY}(?:[\s,]{{1,2}}{_CLOCK})?|{_AGO}))$", re.I)
_NUMBER = re.compile(r"(?:#?(\d{1,2})[.)]|#(\d{1,2})|\((\d{1,2})\))\s*(?=\S)")
_BULLET = re.compile(r"(?:[•·*▪▫■□●○◆◇►▶▸‣»›>→–—+-]+\s*)+(?=\S)")
_SUBJECT = re.compile(r"[^\W\d_]{3,14}(?:[ -][^\W\d_]{2,12})?\s?[:|]\s+")  # "Sport: ...", "Local news | ..."
_BARE = re.compile(rf"\W*(?:#?\d{{1,3}}|{_STAMP})\W*", re.I)
_STOP = re.compile(r"[.。।][\"”»’')\]」』]*$")
_RUNS_ON = re.compile(r"[:;,，；：、]$|…$|\.\.\.$")
_ADDRESS = re.compile(r"https?:\S|www\.|\S@\S")  # a list of the story's, of goods or sources
_INSIDE = re.compile(r"[,(\[{0-9@#$€£%/=]|[:：]\s|\s[–—-]\s")
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(f"[{chars(ITERATION, KATAKANA, *IDEOGRAPHS)}]{{2,}}")
_KOREAN = re.compile(f"[{chars(HANGUL)}]")


@dataclass(frozen=True, slots=True)
class Headline:
    """A line that may be a headline, without what a list sets around it."""

    text: str
    stamp: tuple[int, ...]  # figures of its time or date, the largest unit first; () where it has none
    ago: bool  # whether the stamp counts back from now
    number: int | None  # its place in the list
    sentence: bool  # ends with a full stop


def headline(line: str) -> Headline | None:
    """The line as a headline, or None: four words and more, mostly letters, the first no small one."""
    text, number, stamps = line, None, []
    for _ in range(3):  # a bullet before a time before a subject
        if match := _BULLET.match(text):
            text = text[match.end() :]
        elif match := _FRONT.match(text):
            stamps.append(match[1])
            text = text[match.end() :]
        elif number is None and (match := _NUMBER.match(text)):
            number = int(match[1] or match[2] or match[3])
            text = text[match.end() :]
    if match := _BACK.search(text):
        stamps.append(match[1] or match[2])
        text = text[: match.start()]
    if not text or not SHORTEST <= count_words(text) <= LONGEST or _ADDRESS.search(text) or _RUNS_ON.search(text):
        return None
    if text[0].islower() or sum(map(str.isalpha, text)) < 0.65 * len(text):
        return None
    stamp = stamps[0] if stamps else ""
    figures = tuple(map(int, re.findall(r"\d+", stamp)))
    if re.match(r"\d{1,2}[./-]\d{1,2}[./-]?\d*|\d{1,2}\.? \D", stamp) and ":" not in stamp[:6]:
        figures = figures[2::-1] + figures[3:]  # day first
    return Headline(
        text, figures, bool(stamp and re.fullmatch(_AGO, stamp, re.I)), number, bool(_STOP.search(text))
    )  # fmt: skip


def is_mark(line: str) -> bool:
    """Whether a line is only a number, a time or a date, as lists print beside their headlines."""
    return len(line) <= 30 and _BARE.fullmatch(line) is not None


def other_headlines(
    texts: Sequence[str],
    kept: Sequence[int],
    paragraph: Sequence[float],
    headline_of: Callable[[int], Headline | None],
) -> list[int]:
    """Of the kept lines those of lists of other stories' headlines.

    `kept`: lines held for story, in page order; `paragraph`: of each line whether it is one (its words, else 0);
    `headline_of`: the line as a headline, None where it cannot be one.
    """
    story = [i for i in kept if paragraph[i]]
    if not story:
        return []
    inside = range(story[0], story[-1])
    of_story = set(kept)
    headlines: list[int] = []
    run: dict[int, Headline] = {}
    marks: list[int] = []  # numbers, times and dates in lines of their own since the last headline
    beside: list[int] = []  # those that stand with the run's headlines
    above: int | None = None  # the kept line above the run
    for i in [*kept, -1]:
        line = None if i < 0 or paragraph[i] else headline_of(i)
        if line:
            run[i] = line
            beside += marks
            marks = []
        elif i >= 0 and is_mark(texts[i]):
            marks.append(i)
        else:
            around = _around(texts, of_story, list(run), headline_of)
            if len(run) + len(around) >= FEWEST:
                first = min(*run, *beside)
                label = first - 1 if first and _is_label(texts[first - 1]) else None
                place: Place = "inside" if min(run) in inside else "above" if first < story[0] else "below"
                introduced = above is not None and (not paragraph[above] or texts[above][-1] in ":：")
                guarded = place == "inside" or any(line.number is not None for line in run.values())
                belongs = guarded and label is None and (introduced or (place == "inside" and not paragraph[i]))
                paragraphs = (texts[j] for j in story)
                if not belongs and are_headlines(
                    [*run.values(), *around.values()], paragraphs, place, labelled=label is not None
                ):
                    below = max(around, default=-1) > max(run) or (beside and beside[0] > min(run))
                    headlines += [*run, *beside, *(marks if below else [])]
                    headlines += [label] if label in (above, i) and label is not None else []
            run, marks, beside, above = {}, [], [], i
    return headlines


def _around(
    texts: Sequence[str], kept: set[int], run: Sequence[int], headline_of: Callable[[int], Headline | None]
) -> dict[int, Headline]:
    """The list's other lines, right above and below a run, that were not held for story."""
    if len(run) < 2:
        return {}
    around: dict[int, Headline] = {}
    for ways in (range(run[0] - 1, -1, -1), range(run[-1] + 1, len(texts))):
        for i in ways:
            if line := None if i in kept else headline_of(i):
                around[i] = line
            elif not is_mark(texts[i]) or len(around) >= FEWEST:
                break
    return around


def _is_label(text: str) -> bool:
    """Whether a line speaks of other stories: "More news", "Weitere Meldungen"."""
    return text.count(" ") < LABEL and (opening(text) or rule_of(text)) == "related"


def are_headlines(lines: Sequence[Headline], story: Iterable[str], place: Place, *, labelled: bool = False) -> bool:
    """Whether lines in a row are headlines of other stories than the one with these paragraphs.

    `labelled`: they stand below a line like "More news".
    """
    if len(lines) < FEWEST:
        return False
    story_words = {word for text in story for word in words(text)}
    common = [word for line in lines for word in words(line.text)]
    if not common or sum(word in story_words for word in common) >= COMMON * len(common):
        return False
    inside = sum(bool(_INSIDE.search(_SUBJECT.sub("", line.text))) for line in lines) / len(lines)
    begins = Counter(line.text.casefold().split(" ", 1)[0] for line in lines)
    if inside >= OWN or any(2 * n >= len(lines) and len(word) > 3 for word, n in begins.items()):
        return False
    counted = [line.number for line in lines]
    stamps = [line.stamp for line in lines if line.stamp and not line.ago]
    listed = 2 * (len(lines) - counted.count(None)) > len(lines)
    dated = 2 * len(stamps) > len(lines)
    sentences = 2 * sum(line.sentence for line in lines) > len(lines)
    if labelled or not (place == "inside" or listed or dated or sentences):
        return True
    if dated and stamps == sorted(stamps) and len(set(stamps)) > 1:
        return False
    shared = Counter(word for line in lines for word in set(words(line.text)))
    return (
        sum(word in story_words for word in common) < STRICT * len(common)
        and sum(count_words(line.text) for line in lines) >= MEAN * len(lines)
        and inside < STRICT_OWN
        and sum(n for n in shared.values() if n > 1) < ALIKE * sum(shared.values())
    )


def words(text: str) -> list[str]:
    """Words that say what a text is about: the beginnings of longer words; of signs without blanks each pair."""
    text = text.casefold()
    stems = []
    for word in _WORD.findall(text):
        if signs := _SIGNS.findall(word):
            stems += [run[i : i + 2] for run in signs for i in range(len(run) - 1)]
        elif _KOREAN.match(word):
            stems += [word[:2]] if len(word) > 1 else []
        elif len(word) > 4 or (len(word) > 3 and not word.isascii()):
            stems.append(word[:6])
    return stems
