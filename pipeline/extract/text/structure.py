"""Lines, rules and log odds -> what only the page as a whole shows: the title, other stories' teasers, captions."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..metadata import dates
from .features import Lines, Matrix, shared

# A sentence's end, also before a credit: "..., he said. (Reporting by A. Name)"
_END = re.compile(r"[.!?…。！？।][\"”»’')\]）」』]*(?: ?\([^()]{3,200}\))?$")
_KEY = re.compile(r"[\W_]+")
# What neither a title nor a caption has: a time, an address, a dateline, more than one sentence; but a title may cry
# out or ask before it says.
_ALIEN = r"|\d{1,2}:\d\d|https?:|www\.|@|\([A-Z][A-Za-z]+\) ?[-–—]"
_MARK = re.compile(r"[.:;,…|]$|(?:[^\W\d_A-Z]{2}|\d)[.!?][\"”»’')]* [(A-ZÀ-Þ“\"]" + _ALIEN)
_NO_TITLE = re.compile(r"[.:;,…|]$|[^\W\d_A-Z]{2}\. [A-ZÀ-Þ“\"]" + _ALIEN)
_QUESTION = re.compile(r"[^.!?]{10,120}[?!]$")  # a title may ask, and then ends like a sentence
# Who wrote a reader's comment and when: "Ann K. on May 3, 2019 at 4:47 pm said:", or "ann_k says:" and the time below
# it, or a bare name and the time below it.
_TIME = r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\b\.?| uhr)?"
_STAMP = re.compile(
    r"(?:[^\W\d]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? (?:de )?[^\W\d]{3,10}\.?(?: de)?,? \d{4}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:,? (?:[^\W\d]{1,3} )?|[^\w\s]| [^\w\s] )" + _TIME +
    r"|(?:\d+|an?) (?:second|minute|min|hour|day|week|month|year)s? ago(?: at " + _TIME + r")?"
    r"|(?:vor|il y a|hace|há) (?:\d+|ein\w*|une?|una?|um\w*) [^\W\d]{3,9}",
    re.I,
)  # fmt: skip
_SAID = re.compile(
    r"(?:says|said|wrote|writes|schreibt|schrieb|sagt|dit|a écrit|dice|escribió|ha scritto|disse)\s*:?$", re.I
)
_THREAD = re.compile(
    r"(?:comm?ent|komment|coment)[^\W\d]*\b|\b(?:thoughts on|responses? to|replies|reacties|réactions|reaktionen)\b",
    re.I,
)
_NUMBERED = re.compile(r"(\d{1,2})[.)] ")
_DAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?(?=[ ,:–-])(?! of\b)"
    r"|\d{1,2}\.? [^\W\d]{3,10}\b|\d{1,2}[./]\d{1,2}\b",
    re.I,
)
_NO_NAME = re.compile(r"[!?:]$|\w{3}\.$")
_HANDLE = 5  # words a commenter's name has at most


LONGEST_TITLE = 250  # characters


def key(line: str) -> str:
    """What two prints of the same title have in common."""
    return _KEY.sub(" ", line.casefold()).strip()


def is_sentence(line: str, words: float) -> bool:
    return words >= 8 and _END.search(line) is not None


class Structure:
    """What the structural rules look at; `story` are the lines that count as story so far."""

    def __init__(self, page: Lines, odds: Matrix) -> None:
        self.texts, self.rules = texts, rules = page.texts, page.rules
        self.page = page
        self.words = page.words
        self.odds = odds
        self.story: NDArray[np.bool_] = (odds > 0) & np.array([rule is None for rule in rules], dtype=bool)
        self.prose = self.story & np.array(
            [is_sentence(t, w) for t, w in zip(texts, page.words.tolist(), strict=True)], dtype=bool
        )

    def title(self) -> int | None:
        """The line above the story that looks like its title: no full stop, words in common with the story."""
        prose = np.flatnonzero(self.prose).tolist()
        if not prose:
            return None
        top = next((i for i in prose if not _QUESTION.match(self.texts[i])), prose[0])
        common = shared(self.page, self.prose.astype(float))
        prints = Counter(key(t) for t in self.texts if len(t) <= LONGEST_TITLE)
        others = sum(rule is None for rule in self.rules[:top])
        best, chosen = 0.0, None
        for i in range(max(top - 40, 0), top):
            text, words = self.texts[i], float(self.words[i])
            if (
                self.rules[i] is not None
                or not 3 <= words <= 25
                or _NO_TITLE.search(text)
                or not any(map(str.isalpha, text))
            ):
                continue
            if words <= 6 and dates.parse(text):
                continue  # the masthead's today
            alone = others <= 2  # hardly anything else stands above the story
            score = common[i] + 0.04 * min(words, 10) + 0.25 * (prints[key(text)] > 1) + 0.3 * alone - 0.01 * (top - i)
            runs_on = self.texts[i + 1][0].islower()  # no title, but a sentence cut in two
            if score > best and (common[i] >= 0.3 or alone) and not runs_on:
                best, chosen = score, i
        return chosen

    def teasers(self) -> set[int]:
        """Lines under a heading like "More from ..." up to the first that speaks of the story above it again."""
        out: set[int] = set()
        n = len(self.texts)
        i = 0
        while i < n:
            if not self._opens(i):
                i += 1
                continue
            known = np.flatnonzero(self.prose[:i])
            if self.words[known].sum() < 40:
                i += 1
                continue
            weights = np.zeros(n)
            weights[known] = 1.0
            common = shared(self.page, weights, long_words=True)
            usual = float(np.median(common[known]))
            after = [j for j in range(i + 1, n) if self.prose[j]]
            # A line the model is sure of needs little in common with the story; one it doubts, or one of the last two
            # of the page, could share a name with it by chance.
            back = n
            for k, j in enumerate(after, 1):
                if common[j] >= usual * (0.4 if self.odds[j] > 2.5 and len(after) - k >= 2 else 0.7):
                    back = j
                    break
            foreign = [j for j in range(i + 1, back) if self.story[j]]
            # More than the story so far, to the page's end: then it is the story, in other words.
            if back < n or self.words[foreign].sum() <= self.words[known].sum():
                out.update(foreign)
            i = max(back, i + 1)
        return out

    def _opens(self, i: int) -> bool:
        return self.rules[i] == "teaser" and self.words[i] <= 7 and not re.search(r"[:：>»]\s*\S", self.texts[i])

    def comments(self) -> set[int]:
        """Lines from the first of several readers' comments on, below the story: each has a name and a time above it.

        A list of stories has names and times too, so a heading must say what it is, or the names "say" something.
        """
        names: dict[str, int] = {}  # commenter -> the line of the first one's name
        said = last = 0
        for i, text in enumerate(self.texts):
            if self.words[i] <= 16 and (stamp := _STAMP.search(text)):
                name, line, says = self._commenter(i, stamp.start(), stamp.end())
                if name:
                    names.setdefault(name, line)
                    said += says
                    last = i
        start = min(names.values(), default=0)
        near = self.texts[max(start - 6, 0) : start]
        announced = any(len(text) <= 80 and _THREAD.search(text) for text in near)
        if len(names) < 2 or not (announced or said >= 2) or not self.prose[:start].any():
            return set()
        end = len(self.texts)
        return {i for i in range(start, end) if self.story[i] or (self.rules[i] is None and i <= last + 1)}

    def _commenter(self, i: int, start: int, stop: int) -> tuple[str, int, bool]:
        """(name, its line, whether it "says") of the comment whose time stands in line i from `start` to `stop`."""
        before, after = self.texts[i][:start].strip(" |•·-–—(,"), self.texts[i][stop:].strip(" |•·-–—).,:")
        line = i if before or not i else i - 1
        name = re.sub(r" (?:on|at|am|le|el|em|il)$", "", before) if before else _SAID.sub("", self.texts[line]).strip()
        says = bool(_SAID.match(after)) or (not before and name != self.texts[line])
        good = name and len(name.split()) <= _HANDLE and not _NO_NAME.search(name) and (says or not after)
        return (name if good else "", line, says)

    def captions(self) -> set[int]:
        """Lines inside the story that are no sentence between sentences: under a picture once, now among paragraphs."""
        kept = np.flatnonzero(self.story)
        bare = [int(i) for i in kept if not self.prose[i]]
        if len(bare) > 2 + len(kept) / 5:
            return set()  # a list, a transcript or a poem: its lines are no captions
        out: set[int] = set()
        for before, i, after in zip(kept.tolist(), kept[1:].tolist(), kept[2:].tolist(), strict=False):
            if self.prose[i] or not (self.prose[before] and self.prose[after]) or _MARK.search(self.texts[i]):
                continue
            words = self.texts[i].split()
            # Measured on flattened pages: of such lines with 12 to 40 words 6 in 10 are captions or teasers, of those
            # with 4 to 11 words 3 in 4 are headings of the story.
            if 12 <= len(words) <= 45 and not _END.search(self.texts[i]):
                out.add(i)
            near = f"{self.texts[before]} {self.texts[after]}"
            if (
                2 <= len(words) <= 4
                and all(w[0].isupper() and not w.isupper() for w in words)
                and self.texts[i] in near
            ):
                out.add(i)  # a portrait's name, as the paragraph beside it writes it
        return out

    def tables(self) -> set[int]:
        """Runs of short lines with figures or bullets, on a page that has hardly anything else beside its story."""
        out: set[int] = set()
        aside = sum(not story for story in self.story.tolist())
        for run in self._runs(1):
            items = sum(self.texts[i][0] in "-–—•*·" or any(map(str.isdigit, self.texts[i])) for i in run)
            if aside - len(run) <= 3 and items * 2 >= len(run) and run[0] > 0 and self.rules[run[0] - 1] is None:
                out.update(run)
        return out

    def lists(self) -> set[int]:
        """Four or more lines that count up from one, or each begin with a day, right below a line of the story."""
        out: set[int] = set()
        below = [i for i in np.flatnonzero(self.story).tolist() if i + 1 < len(self.texts) and not self.story[i + 1]]
        for i in below:
            items, number, last = [i], 0, i
            for j in range(i + 1, len(self.texts)):
                counted = _NUMBERED.match(self.texts[j])
                if self.rules[j] is not None or j > last + 2:
                    break
                if (counted and int(counted[1]) == number + 1) or (
                    not number and _DAY.match(self.texts[j]) and j == last + 1
                ):
                    number += bool(counted)
                    last = j
                    items.append(j)
            if len(items) > 4:
                out.update(range(i + 1, last + 1))
        return out

    def headlines(self) -> set[int]:
        """Lines outside the story in runs of three or more that could each be a headline."""
        return {i for run in self._runs(4) for i in run}

    def _runs(self, least: int) -> list[list[int]]:
        """Three or more lines in a row that no rule names, outside the story, of `least` to 30 words."""
        runs: list[list[int]] = [[]]
        for i, (story, rule) in enumerate(zip(self.story.tolist(), self.rules, strict=True)):
            if not story and rule is None and least <= self.words[i] <= 30:
                runs[-1].append(i)
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if len(run) >= 3]
