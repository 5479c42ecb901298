"""Lines, rules and log odds -> what only the page as a whole shows: the title, other stories' teasers, captions."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..headline_lists import headline, other_headlines
from ..metadata import dates
from .features import Lines, Matrix, shared
from .thread import comments

# A sentence's end, also before a credit: "..., he said. (Reporting by A. Name)"
_END = re.compile(r"[.!?…。！？।][\"”»’')\]）」』]*(?: ?\([^()]{3,200}\))?$")
_KEY = re.compile(r"[\W_]+")
# What neither a title nor a caption has: a time, an address, a dateline, more than one sentence; but a title may cry
# out or ask before it says.
_ALIEN = r"|\d{1,2}:\d\d|https?:|www\.|@|\([A-Z][A-Za-z]+\) ?[-–—]"
_MARK = re.compile(r"[.:;,…|]$|(?:[^\W\d_A-Z]{2}|\d)[.!?][\"”»’')]* [(A-ZÀ-Þ“\"]" + _ALIEN)
_NO_TITLE = re.compile(r"[.:;,…|]$|[^\W\d_A-Z]{2}\. [A-ZÀ-Þ“\"]" + _ALIEN)
_QUESTION = re.compile(r"[^.!?]{10,120}[?!]$")  # a title may ask, and then ends like a sentence
_WALL = re.compile(
    r"il vous reste [\d.,]+ ?% (?:de|à)|残り\s?[\d,]+\s?文字|(?:the )?(?:rest|remainder) of this"
    r" (?:article|story|content) is (?:for|only)|(?:tu|su) suscripción se está usando",
    re.I,
)
_NUMBERED = re.compile(r"(\d{1,2})[.)] ")
_DAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
    r"[^\W\d]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?(?=[ ,:–-])(?! of\b)"
    r"|\d{1,2}\.? [^\W\d]{3,10}\b|\d{1,2}[./]\d{1,2}\b",
    re.I,
)


_SENTENCES = re.compile(r"[.!?…][\"”»’')\]]* (?=[\"“„«‘'(]*[^\Wa-z\d_])|[。！？।]")

# "HALLE: In April.", "Q: When?", "Odd Brenna: I would have ..."
_SPEAKER = re.compile(r"([A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄҐ][\w.'’-]*(?: [A-ZÀ-ÞΑ-ΩА-Я][\w.'’-]*){0,3}) ?[:：] \S")

MOST_NAMED = 1  # lines under a rule in a text without furniture
LIST = 3  # lines in a row without a sentence's end: headlines of other stories, in any text
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
        self.teased: set[int] = set()  # lines below a heading like "More from ...", once teasers() has looked
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
                self.teased.update(range(i + 1, back))
            i = max(back, i + 1)
        return out

    def _opens(self, i: int) -> bool:
        return self.rules[i] == "related" and self.words[i] <= 7 and not re.search(r"[:：>»]\s*\S", self.texts[i])

    def comments(self) -> set[int]:
        """Lines of the readers' comments below the story, and what counts as story below them."""
        prose = np.flatnonzero(self.prose)
        thread = comments(self.texts, int(prose[0])) if len(prose) else None
        if thread is None:
            return set()
        start, last = thread
        below = range(start, len(self.texts))
        return {i for i in below if self.story[i] or (self.rules[i] is None and i <= last + 1)}

    def behind_the_wall(self) -> set[int]:
        """Lines below one that says the rest of the story is not there: what follows explains subscriptions."""
        wall = next((i for i, text in enumerate(self.texts) if self.words[i] <= 30 and _WALL.match(text)), None)
        return set() if wall is None else {i for i in range(wall, len(self.texts)) if self.story[i]}

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

    def inner(self) -> set[int]:
        """Long lines of several sentences between the story's first and last: no furniture is like that."""
        kept = np.flatnonzero(self.story)
        if not len(kept):
            return set()
        out: set[int] = set()
        for i in range(int(kept[0]), int(kept[-1])):
            if self.story[i] or self.rules[i] is not None or i in self.teased:
                continue
            text = self.texts[i]
            if self.words[i] >= 40 and len(_SENTENCES.findall(text)) >= 2 and _END.search(text):
                out.add(i)
        return out

    def bare(self) -> set[int]:
        """The lines inside a text that has no furniture around it: it begins or ends with story, and a rule names one
        of its lines at most. Of 513 flattened pages 2 are so, of 501 stories alone 492."""
        kept = np.flatnonzero(self.story)
        untitled = [i for i, rule in enumerate(self.rules) if rule != "title"]
        if not len(kept) or sum(self.rules[i] is not None for i in untitled) > MOST_NAMED:
            return set()
        first, last = int(kept[0]), int(kept[-1])
        if first != untitled[0] and last != untitled[-1]:
            return set()
        left = [i for i in range(first, last) if not self.story[i] and self.rules[i] is None and i not in self.teased]
        runs: list[list[int]] = []
        for i in left:
            if _END.search(self.texts[i]):
                continue
            if runs and i == runs[-1][-1] + 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        lists = {i for run in runs if len(run) >= LIST for i in run}
        return set(left) - lists

    def speakers(self) -> set[int]:
        """The lines of a transcript or an interview: several begin with a speaker, and speakers come back."""
        speaker_of = {
            i: match[1] for i, text in enumerate(self.texts) if (match := _SPEAKER.match(text)) and not self.rules[i]
        }
        turns = Counter(speaker_of.values())
        spoken = [i for i, name in speaker_of.items() if turns[name] >= 2]
        if len(spoken) < 3 or len(turns) < 2 or not self.story.any():
            return set()
        lines = range(min(spoken), max(speaker_of) + 1)
        inside = {i for i in lines if self.rules[i] is None and i not in self.teased}
        return inside if len(speaker_of.keys() & inside) * 2 >= len(inside) else set()

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
            items, number, last = 0, 0, i
            for j in range(i + 1, len(self.texts)):
                counted = _NUMBERED.match(self.texts[j])
                if self.rules[j] is not None or j > last + 2:
                    break
                if (counted and int(counted[1]) == number + 1) or (
                    not number and _DAY.match(self.texts[j]) and j == last + 1
                ):
                    number += bool(counted)
                    last = j
                    items += 1
            if items >= 4:
                out.update(range(i + 1, last + 1))
        return out

    def other_headlines(self) -> list[int]:
        """Story lines in lists of other stories' headlines: as items of a list or a table they passed for story."""
        kept = np.flatnonzero(self.story).tolist()
        paragraph = (self.prose * self.words).tolist()
        return other_headlines(self.texts, kept, paragraph, lambda i: headline(self.texts[i]))

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
