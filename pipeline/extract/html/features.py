"""A page's blocks -> the ones worth judging, and a row of numbers for each: what tells a story from furniture."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..rules import opening
from .blocks import BITS, Visible
from .held import held_by
from .phrases import key, words_of
from .siblings import NAMES as _REPEATS
from .siblings import repeats

_STOP = re.compile(r"[.!?…][\"”»’')\]]*(?:\s|$)|[。！？]")
_ENDS = re.compile(r"[.!?…。！？][\"”»’“')\]」]*$")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
TAGS = ("p", "h1", "h2", "h3", "li", "td", "div", "figcaption", "blockquote", "span")
CUE_RULES = ("share", "newsletter", "read-more", "comments", "caption", "footer")
# The rule an opening phrase speaks for -> the column of the weights that counts it, where their names differ.
_CUE_COLUMNS = {"related": "read-more", "comment": "comments"} | dict.fromkeys(
    ("advert", "byline", "cookie", "correction", "date", "disclaimer", "navigation"), "footer"
)
_LEVELS = (1, 2, 6)  # how many boxes further out a block's surroundings are looked at
_NEIGHBOURS = ("words", "link", "ends", "held", "by1", "look", "para_in2")
_OWN = (
    "words", "chars", "link", "ends", "stops", *(f"cue_{rule}" for rule in CUE_RULES), "by1", "by2", "look",
    "siblings", "links_around", "up", "down", "path_held", "path_para", "path_share",
    *(f"{what}_in{level}" for level in _LEVELS for what in ("para", "held", "link")), "in_frame", "look_held",
    "page_held", "page_para", "position", "before", "after", "total", "shared", "is_title", "of_description",
    "is_description", "seen_before", "times", "in_article_body", "article_body", "held", "heading",
    *(f"tag_{tag}" for tag in TAGS), *_REPEATS, "titled", "since_title",
)  # fmt: skip
# Those of them that need the words of each block, in the order in which they are counted.
_SAID = (
    "stops", *(f"cue_{rule}" for rule in CUE_RULES), "shared", "is_title", "of_description", "is_description",
    "seen_before", "times", "in_article_body",
)  # fmt: skip
NAMES = (
    *_OWN,
    *(f"{level}_{bit}" for level in ("own", "near", "above") for bit in BITS),
    *(f"{name}{shift:+d}" for name in _NEIGHBOURS for shift in (-2, -1, 1, 2)),
    "held_3", "held_8", "para_3", "para_8",
)  # fmt: skip


def _or_one(values: Any) -> Any:
    """To divide by."""
    return np.where(values == 0, 1, values)


def _words(text: str, letters: str, pieces: int) -> float:
    """How many words a block has: its pieces between blanks, in scripts without blanks half its characters.

    A rule of dots or dashes, an address and what is encoded in ASCII have no blanks either, and are one word.
    """
    if len(text) <= 20 * pieces or text.isascii() or 2 * len(letters) < len(text):
        return float(pieces)
    return len(text) / 2


class Page:
    """What is counted once over all blocks; rows() then looks closely at those worth judging.

    What is said of boxes is kept in arrays over them, with a place more at the end for the box around the root (-1).
    """

    def __init__(
        self,
        page: Visible,
        *,
        extracts: Sequence[Sequence[str]],  # lines of each other extractor that was asked
        titles: Sequence[str],
        description: str,
        article_body: str,
    ) -> None:
        self.page = page
        self.titles = titles
        self.description = description
        self.article_body = key(article_body)
        texts = page.text
        self.keys = [key(t) for t in texts]
        known = dict(zip(texts, self.keys, strict=True))  # most lines of the other extractor are blocks
        votes = [held_by(self.keys, [known.get(line) or key(line) for line in lines]) for lines in extracts]
        # share of the extractors that kept the block
        self.held = [sum(of) / len(votes) for of in zip(*votes, strict=True)] if votes else [0.0] * len(texts)
        self.chars = [len(t) for t in texts]
        spaces = [t.count(" ") + 1 for t in texts]
        self.count = [_words(t, k, s) for t, k, s in zip(texts, self.keys, spaces, strict=True)]
        self.link = [min(1.0, a / n) for a, n in zip(page.links, self.chars, strict=True)]
        self.ends = [_ENDS.search(t[-4:]) is not None for t in texts]
        self.para = [
            c if c >= 10 and e and a < 0.5 else 0.0 for c, e, a in zip(self.count, self.ends, self.link, strict=True)
        ]
        self.total = sum(self.para) or 1.0
        self.box = np.array(page.box, dtype=np.int64)
        self.parent = np.array(page.parent, dtype=np.int64)
        self.up1 = self.parent[self.box]
        self.up2 = np.where(self.up1 >= 0, self.parent[self.up1], -1)
        para, held, count, link = (np.array(v) for v in (self.para, self.held, self.count, self.link))
        words = held * count
        self.by1 = self._over(self.up1, para)
        self.by2 = self._over(self.up2, para)
        self.siblings = self._over(self.up1, np.ones(len(texts)))
        self.links_around = self._over(self.up1, np.array(page.links))
        self.chars_around = self._over(self.up1, np.array(self.chars))
        # blocks that look alike: tag, class and the class around them
        own_bits = page.own
        looks: dict[tuple[str, int, int], int] = {}
        look = [
            looks.setdefault((page.tag[b], own_bits[b], own_bits[p] if p >= 0 else 0), len(looks))
            for b, p in zip(page.box, self.up1.tolist(), strict=True)
        ]
        self.look_para, self.look_held, self.look_all = (
            np.bincount(look, weights)[look] for weights in (para, words, count)
        )
        # blocks whose boxes have the same tags and classes all the way out, such as a story that lies in several boxes
        path = np.array(page.path)[self.box]
        of_path = [np.bincount(path, values)[path] for values in (words, para, count)]
        self.path_held, self.path_para = of_path[0] / (words.sum() or 1), of_path[1] / self.total
        self.path_share = (of_path[0] - words) / np.maximum(of_path[2] - count, 1)  # of the others' words
        self.inside = self._inside(para, words, count, link * count)
        self.repeats = repeats(page, self.keys, count, para, link * count)
        self.main = int((self.by1 + 0.5 * self.by2)[:-1].argmax())
        self.frame = self._frame()

    def _over(self, boxes: Any, values: Any) -> Any:
        return np.bincount(boxes % (len(self.parent) + 1), values, minlength=len(self.parent) + 1)

    def _inside(self, *values: Any) -> Any:
        """(boxes, 4): words of all blocks in each box: in paragraphs, held, all, linked."""
        end = np.array(self.page.end)
        inside = []
        for amounts in values:
            before = np.concatenate([[0.0], np.cumsum(self._over(self.box, amounts)[:-1])])
            inside.append(before[end] - before[:-1])
        return np.array(inside).T

    def _frame(self) -> range:
        """The story's box and all boxes in it: from the root in, as long as one child has most of the paragraphs."""
        weight = 0.3 * self.inside[:, 0] + self.inside[:, 1]
        parent = self.page.parent
        frame = 0
        if weight[0]:  # a box that has most of them stands in another such box; the last is the innermost
            frame = int(np.flatnonzero(weight >= 0.75 * weight[0])[-1])
        else:
            while frame + 1 < len(parent) and parent[frame + 1] == frame:
                frame += 1
        return range(frame, self.page.end[frame])

    def worth_judging(self) -> list[int]:
        """Blocks that may be story: a fifth of all, with 98% of the story in them (217 of 12,071 blocks are lost)."""
        return [
            i
            for i, (h, b, a, p) in enumerate(zip(self.held, self.page.box, self.link, self.para, strict=True))
            if h or p or (a < 0.9 and b in self.frame)
        ]

    def rows(self, chosen: Sequence[int]) -> Any:
        """(chosen, NAMES) float32. Whole columns where it can be: one array over blocks instead of a loop over them."""
        at = np.array(chosen, dtype=np.int64)
        columns = self._place(at) | self._words(chosen)
        table = np.empty((len(chosen), len(NAMES)), dtype=np.float32)
        for n, name in enumerate(_OWN):
            table[:, n] = columns[name]
        self._bits(table, at)
        self._neighbours(table, at)
        return table

    def _place(self, at: Any) -> dict[str, Any]:
        """Columns: what the numbers of the block, of its boxes and of the page say."""
        total, n = self.total, len(self.page.text)
        box, p, g = self.box[at], self.up1[at], self.up2[at]
        count, para, held = (np.array(values) for values in (self.count, self.para, self.held))
        outer = self.inside[0]
        before = np.concatenate([[0.0], np.cumsum(para)])
        up, down = self._way(box.tolist())
        tags = [self.page.tag[b] for b in box.tolist()]
        columns = {
            "words": np.log1p(count[at]), "chars": np.log1p(np.array(self.chars)[at]), "link": np.array(self.link)[at],
            "ends": np.array(self.ends)[at], "by1": self.by1[p] / total, "by2": self.by2[g] / total,
            "look": self.look_para[at] / total, "siblings": np.log1p(self.siblings[p]),
            "links_around": self.links_around[p] / np.maximum(self.chars_around[p], 1),
            "up": np.minimum(up, 8), "down": np.minimum(down, 8),
            "in_frame": (box >= self.frame.start) & (box < self.frame.stop),
            "path_held": self.path_held[at], "path_para": self.path_para[at], "path_share": self.path_share[at],
            "look_held": self.look_held[at] / _or_one(self.look_all[at]), "page_held": outer[1] / (outer[2] or 1),
            "page_para": outer[0] / (outer[2] or 1), "position": at / n, "before": before[at] / total,
            "after": (total - before[at + 1]) / total, "total": math.log1p(total),
            "article_body": math.log1p(len(self.article_body)), "held": held[at],
            "heading": [tag in _HEADINGS for tag in tags],
            **{f"tag_{name}": [tag == name for tag in tags] for name in TAGS},
            **dict(zip(_REPEATS, self.repeats[at].T, strict=True)), **self._titled(at, before),
        }  # fmt: skip
        b = box
        for level in range(1, _LEVELS[-1] + 1):
            b = np.where(self.parent[b] >= 0, self.parent[b], b)
            if level in _LEVELS:
                v = self.inside[b]
                words = _or_one(v[:, 2])
                columns[f"para_in{level}"] = v[:, 0] / total
                columns[f"held_in{level}"] = v[:, 1] / words
                columns[f"link_in{level}"] = v[:, 3] / words
        return columns

    def _titled(self, at: Any, before: Any) -> dict[str, Any]:
        """Columns: whether the page's title stands above the block (-1: it stands nowhere), and the share of the
        paragraphs' words between."""
        title_keys = {key(t) for t in self.titles} - {""}
        shown = [i for i, k in enumerate(self.keys) if k in title_keys]
        tags = self.page.tag
        title = next((i for i in shown if tags[self.page.box[i]] == "h1"), shown[-1] if shown else -1)
        if title < 0:
            return {"titled": np.full(len(at), -1.0), "since_title": before[at] / self.total}
        return {"titled": at >= title, "since_title": (before[at] - before[title]) / self.total}

    def _way(self, boxes: Sequence[int]) -> tuple[list[int], list[int]]:
        """From each box to the one with most paragraphs: how many boxes out, and then how many in."""
        parent = self.page.parent
        way: dict[int, int] = {}
        at = self.main
        while at >= 0:
            way[at] = len(way)
            at = parent[at]
        ups, downs = [], []
        for at in boxes:
            up = 0
            while at not in way:
                up, at = up + 1, parent[at]
            ups.append(up)
            downs.append(way[at])
        return ups, downs

    def _words(self, chosen: Sequence[int]) -> dict[str, Any]:
        """Columns: features of the block's words, alone and compared with the rest of the page."""
        texts = self.page.text
        near = (self.up1 == self.main) | (self.up2 == self.main)
        near_main = {i for i in np.flatnonzero(near).tolist() if self.para[i]}
        words = {i: words_of(texts[i]) for i in {*chosen, *near_main}}
        sets = {i: {w for w in ws if len(w) > 3} for i, ws in words.items()}
        core: Counter[str] = Counter()  # the story's words so far as its paragraphs show them
        for i in near_main:
            core.update(sets[i])
        twice = {w for w, times_said in core.items() if times_said > 1}
        title_keys = {key(t) for t in self.titles} - {""}
        description_words = set(words_of(self.description))
        description_key = key(self.description)
        times = Counter(self.keys)
        first = dict(zip(reversed(self.keys), range(len(self.keys) - 1, -1, -1), strict=True))
        story = self.article_body
        rows: list[tuple[float, ...]] = []
        for i in chosen:
            text, ws, k = texts[i], words[i], self.keys[i]
            rule = opening(text) if self.count[i] < 60 else None
            column = _CUE_COLUMNS.get(rule, rule) if rule else None
            elsewhere = twice if i in near_main else core.keys()
            known = sum(map(elsewhere.__contains__, sets[i])) / len(sets[i]) if sets[i] else 0.0
            in_story = -1.0
            if story:
                in_story = float(bool(k) and (k in story or (len(k) > 60 and (k[:40] in story or k[-40:] in story))))
            rows.append((
                math.log1p(len(_STOP.findall(text))),
                *(column == name for name in CUE_RULES), known, k in title_keys,
                sum(map(description_words.__contains__, ws)) / (len(ws) or 1), len(k) > 20 and k in description_key,
                first[k] < i, min(9, times[k]), in_story,
            ))  # fmt: skip
        return dict(zip(_SAID, np.array(rows).reshape(len(chosen), len(_SAID)).T, strict=True))

    def _bits(self, table: Any, chosen: Any) -> None:
        """What the boxes' names and classes say: the block's own, the two around it, all further out."""
        own_bits, above = (np.array([*bits, 0], dtype=np.int64) for bits in (self.page.own, self.page.above))
        box = self.box[chosen]
        at = len(_OWN)
        for bits in (own_bits[box], own_bits[self.up1[chosen]] | own_bits[self.up2[chosen]], above[box]):
            table[:, at : at + len(BITS)] = (bits[:, None] >> np.arange(len(BITS))) & 1
            at += len(BITS)

    def _neighbours(self, table: Any, chosen: Any) -> None:
        n = len(self.page.text)
        columns = np.full((len(_NEIGHBOURS), n + 4), -1.0)
        columns[:, 2:-2] = (
            np.log1p(self.count), self.link, self.ends, self.held, self.by1[self.up1] / self.total,
            self.look_para / self.total, self.inside[np.maximum(self.up2, 0), 0] / self.total,
        )  # fmt: skip
        at = len(NAMES) - 4 * len(_NEIGHBOURS) - 4
        for column in columns:
            for shift in (-2, -1, 1, 2):
                table[:, at] = column[chosen + 2 + shift]
                at += 1
        for values in (self.held, self.para):
            sums = np.concatenate([[0.0], np.cumsum(values)])
            for width in (3, 8):
                table[:, at] = sums[np.minimum(n, chosen + width + 1)] - sums[np.maximum(0, chosen - width)]
                at += 1
