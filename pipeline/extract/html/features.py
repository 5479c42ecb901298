"""A page's blocks -> the ones worth judging, and a row of numbers for each: what tells a story from furniture."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from .blocks import BITS, Visible

_WORD = re.compile(r"\w+")
_NOT_ALNUM = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_SPACED = bytes(byte if chr(byte).isalnum() or byte == 95 else 32 for byte in range(128)) + bytes(range(128, 256))
_STOP = re.compile(r"[.!?…][\"”»’')\]]*(?:\s|$)|[。！？]")
_ENDS = re.compile(r"[.!?…。！？][\"”»’“')\]」]*$")
_QUOTES = re.compile(r"[\"“”«»„「]")
_MARKS = re.compile(r"[|»›•→▶/]")
_UPPER = re.compile("[A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f]")
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"https?:|www\.|@\w|©")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
TAGS = ("p", "h1", "h2", "h3", "li", "td", "div", "figcaption", "blockquote", "span")
_TAG_ROWS = {tag: tuple(float(tag == other) for other in TAGS) for tag in TAGS}
_NO_TAG = (0.0,) * len(TAGS)
CUE_RULES = ("share", "newsletter", "read-more", "comments", "caption", "footer")
_LEVELS = (1, 2, 3, 4, 6)  # how many boxes further out a block's surroundings are looked at
_NEIGHBOURS = ("words", "link", "ends", "held", "by1", "look", "para_in2")
_OWN = (
    "words", "chars", "link", "ends", "stops", "word_length", "capitals", "upper", "digits", "lower_start", "commas",
    "quotes", "marks", "address", "colon", "question", *(f"cue_{rule}" for rule in CUE_RULES), "by1", "by2", "look",
    "siblings", "links_around", "up", "down",
    *(f"{what}_in{level}" for level in _LEVELS for what in ("para", "held", "link")), "in_frame", "look_held",
    "page_held", "page_para", "position", "before", "after", "total", "shared", "in_title", "is_title", "from_title",
    "of_description", "is_description", "seen_before", "times", "in_article_body", "article_body", "held", "heading",
    *(f"tag_{tag}" for tag in TAGS),
)  # fmt: skip
NAMES = (
    *_OWN,
    *(f"{level}_{bit}" for level in ("own", "near", "above") for bit in BITS),
    *(f"{name}{shift:+d}" for name in _NEIGHBOURS for shift in (-2, -1, 1, 2)),
    "held_3", "held_8", "para_3", "para_8",
)  # fmt: skip


@cache
def _cues() -> dict[str, list[tuple[str, str]]]:
    """First two characters -> (phrase, rule), the longest first: a pattern of 1,000 alternatives takes 30 us a line."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (files(__package__) / "cues.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            rule, _, phrase = line.split("\t")
            found.setdefault(phrase[:2], []).append((phrase, rule))
    for phrases in found.values():
        phrases.sort(key=lambda p: -len(p[0]))
    return found


def cue(text: str) -> str | None:
    """The rule whose phrase opens the line, behind up to three marks such as bullets and arrows."""
    return _cue(text[:80])  # asked up to four times of a line, and a source has the same furniture on every page


@lru_cache(4096)
def _cue(head: str) -> str | None:
    head = head.casefold()
    for start in range(4):
        for phrase, rule in _cues().get(head[start : start + 2], ()):
            # a phrase that ends in a letter ends at a word's end, but not in scripts without spaces
            if head.startswith(phrase, start) and not (
                phrase[-1].isalpha() and ord(phrase[-1]) < 0x3000 and head[start + len(phrase) :][:1].isalnum()
            ):
                return rule
        if head[start : start + 1].isalnum():
            return None
    return None


def key(text: str) -> str:
    """What is left of a text when only letters and digits count."""
    if text.isascii():  # the same by a table of bytes: a fifth of the time
        return text.lower().encode().translate(None, _NOT_ALNUM).decode()
    return "".join(_WORD.findall(text.casefold())).replace("_", "")


def _words(text: str) -> list[str]:
    """Runs of letters, digits and underscores, case folded."""
    if text.isascii():
        return text.lower().encode().translate(_SPACED).decode().split()
    return _WORD.findall(text.casefold())


def held_by(keys: Sequence[str], lines: Sequence[str]) -> list[float]:
    """1 for each block that another extractor kept, else 0.

    It cuts lines at other places: at links, breaks, cells. Where a page says the same in several blocks, those count
    that have most others around them, until all that the extractor kept is spoken for.
    """
    kept = [k for line in lines if (k := key(line))]
    whole = set(kept)
    running = "".join(kept)
    longer = [k for k in dict.fromkeys(kept) if len(k) > 15]
    held = [0.0] * len(keys)
    found: list[tuple[int, int]] = []  # block, where its text lies in the running text
    at = 0  # where the block before ended
    for i, k in enumerate(keys):
        if not k:
            continue
        start = -1
        if k in whole or len(k) > 30:
            start = running.find(k, at)
            start = running.find(k) if start < 0 else start
        elif running.startswith(k, at):
            start = at
        if start >= 0:
            held[i], at = 1.0, start + len(k)
            found.append((i, start))
    near = {i: sum(held[max(0, i - 6) : i + 7]) for i, _ in found}
    spoken_for = bytearray(len(running))
    for i, start in sorted(found, key=lambda f: (-near[f[0]], f[0])):
        k = keys[i]
        if spoken_for[start : start + len(k)].count(1) > len(k) / 2:
            start = running.find(k, start + 1)
            if start < 0 or spoken_for[start : start + len(k)].count(1) > len(k) / 2:
                held[i] = 0.0
                continue
        spoken_for[start : start + len(k)] = b"\1" * len(k)
    # blocks that hold several of its lines
    left = [(k, start) for k in longer if not spoken_for[start := running.find(k)]]
    for i, k in enumerate(keys):
        if left and not held[i] and len(k) > 40:
            parts = [(part, start) for part, start in left if part in k]
            if sum(len(part) for part, _ in parts) > len(k) / 2:
                held[i] = 1.0
                left = [line for line in left if line not in parts]
    return held


class Page:
    """What is counted once over all blocks; rows() then looks closely at those worth judging."""

    def __init__(
        self, page: Visible, *, lines: Sequence[str], titles: Sequence[str], description: str, article_body: str
    ) -> None:
        self.page = page
        self.titles = titles
        self.description = description
        self.article_body = key(article_body)
        texts, boxes, parent, tags = page.text, page.box, page.parent, page.tag
        n = len(texts)
        self.keys = [key(t) for t in texts]
        self.held = held_by(self.keys, lines)
        spaces = [t.count(" ") + 1 for t in texts]
        # scripts without spaces: two characters a word
        self.count = [len(t) / 2 if len(t) > 20 * s else float(s) for t, s in zip(texts, spaces, strict=True)]
        self.link = [min(1.0, a / len(t)) for a, t in zip(page.links, texts, strict=True)]
        self.ends = [bool(_ENDS.search(t[-4:])) for t in texts]
        self.para = [
            c if c >= 10 and e and a < 0.5 else 0.0 for c, e, a in zip(self.count, self.ends, self.link, strict=True)
        ]
        self.total = sum(self.para) or 1.0
        self.up1 = [parent[b] for b in boxes]
        self.up2 = [parent[b] if b >= 0 else -1 for b in self.up1]
        # blocks that look alike: tag, class and the class around them
        own = page.own
        self.looks = [(tags[b], own[b], own[p] if p >= 0 else 0) for b, p in zip(boxes, self.up1, strict=True)]
        self.by1: defaultdict[int, float] = defaultdict(float)
        self.by2: defaultdict[int, float] = defaultdict(float)
        self.siblings: defaultdict[int, float] = defaultdict(float)
        self.links_around: defaultdict[int, float] = defaultdict(float)
        self.chars_around: defaultdict[int, float] = defaultdict(float)
        self.look: defaultdict[Any, float] = defaultdict(float)
        self.look_held: defaultdict[Any, float] = defaultdict(float)
        self.look_all: defaultdict[Any, float] = defaultdict(float)
        inside = [[0.0, 0.0, 0.0, 0.0] for _ in tags]  # of each box: words in paragraphs, held, all, linked
        for i in range(n):
            p, a, c, h = self.up1[i], self.looks[i], self.count[i], self.held[i] * self.count[i]
            self.by1[p] += self.para[i]
            self.by2[self.up2[i]] += self.para[i]
            self.siblings[p] += 1
            self.links_around[p] += page.links[i]
            self.chars_around[p] += len(texts[i])
            self.look[a] += self.para[i]
            self.look_held[a] += h
            self.look_all[a] += c
            here = inside[boxes[i]]
            here[0] += self.para[i]
            here[1] += h
            here[2] += c
            here[3] += self.link[i] * c
        for b in range(len(tags) - 1, 0, -1):
            here, outer = inside[b], inside[parent[b]]
            if here[2]:  # words of any kind; half the boxes hold none
                outer[0] += here[0]
                outer[1] += here[1]
                outer[2] += here[2]
                outer[3] += here[3]
        self.inside = inside
        self.main = max(range(len(tags)), key=lambda b: self.by1[b] + 0.5 * self.by2[b])
        self.frame = self._frame()

    def _frame(self) -> range:
        """The story's box and all boxes in it: from the root in, as long as one child has most of the paragraphs."""
        parent = self.page.parent
        weight = [0.3 * v[0] + v[1] for v in self.inside]
        best: dict[int, int] = {}
        for b in range(1, len(parent)):
            if parent[b] not in best or weight[b] > weight[best[parent[b]]]:
                best[parent[b]] = b
        frame = 0
        while frame in best and weight[best[frame]] >= 0.75 * weight[0]:
            frame = best[frame]
        end = frame + 1
        while end < len(parent) and parent[end] >= frame:
            end += 1
        return range(frame, end)

    def worth_judging(self) -> list[int]:
        """Blocks that may be story: a fifth of all, with 98% of the story in them (217 of 12,071 blocks are lost)."""
        return [
            i
            for i, (h, b, a, p) in enumerate(zip(self.held, self.page.box, self.link, self.para, strict=True))
            if h or p or (a < 0.9 and b in self.frame)
        ]

    def rows(self, chosen: Sequence[int]) -> Any:
        """(chosen, NAMES) float32."""
        page, boxes, tags, parent = self.page, self.page.box, self.page.tag, self.page.parent
        para, held, count, total = self.para, self.held, self.count, self.total
        n = len(page.text)
        way: dict[int, int] = {}
        at = self.main
        while at >= 0:
            way[at] = len(way)
            at = parent[at]
        near_main = {i for i in range(n) if para[i] and self.main in (self.up1[i], self.up2[i])}
        words = {i: _words(page.text[i]) for i in {*chosen, *near_main}}
        sets = {i: {w for w in ws if len(w) > 3} for i, ws in words.items()}
        core: Counter[str] = Counter()  # the story's words so far as its paragraphs show them
        for i in near_main:
            core.update(sets[i])
        twice = {w for w, times_said in core.items() if times_said > 1}
        title_keys = {key(t) for t in self.titles} - {""}
        title_words = {w for t in self.titles for w in _WORD.findall(t.casefold()) if len(w) > 2}
        description_words = set(_WORD.findall(self.description.casefold()))
        description_key = key(self.description)
        title_at = [i for i in range(n) if self.keys[i] in title_keys]
        headline = next((i for i in title_at if tags[boxes[i]] == "h1"), title_at[0] if title_at else -1)
        times = Counter(self.keys)
        first = {k: i for i, k in reversed(list(enumerate(self.keys)))}
        before = np.concatenate([[0.0], np.cumsum(para)])
        story = self.article_body
        own: list[tuple[float, ...]] = []
        table = np.zeros((len(chosen), len(NAMES)), dtype=np.float32)
        outer = self.inside[0]
        for i in chosen:
            text, box, ws, k = page.text[i], boxes[i], words[i], self.keys[i]
            length, c, p, g, look = len(text), count[i], self.up1[i], self.up2[i], self.looks[i]
            opening = cue(text) if c < 60 else None
            up, at = 0, box
            while at not in way:
                up, at = up + 1, parent[at]
            elsewhere = twice if i in near_main else core.keys()
            known = sum(map(elsewhere.__contains__, sets[i])) / len(sets[i]) if sets[i] else 0.0
            around: list[float] = []
            b = box
            for level in range(1, _LEVELS[-1] + 1):
                b = parent[b] if parent[b] >= 0 else b
                if level in _LEVELS:
                    v = self.inside[b]
                    around += (v[0] / total, v[1] / (v[2] or 1), v[3] / (v[2] or 1))
            in_story = -1.0
            if story:
                in_story = float(bool(k) and (k in story or (len(k) > 60 and (k[:40] in story or k[-40:] in story))))
            head = text[:200]
            own.append((
                math.log1p(c), math.log1p(length), self.link[i], self.ends[i], math.log1p(len(_STOP.findall(text))),
                length / (len(ws) + 1), sum(w[0].isupper() for w in head.split()) / (head.count(" ") + 1),
                len(_UPPER.findall(head)) / len(head), len(_DIGIT.findall(head)) / len(head), text[0].islower(),
                text.count(",") / (c + 1), bool(_QUOTES.search(text)), bool(_MARKS.search(text)),
                bool(_ADDRESS.search(text)), text[-1] == ":", text[-1] == "?",
                *(opening == rule for rule in CUE_RULES),
                self.by1[p] / total, self.by2[g] / total, self.look[look] / total, math.log1p(self.siblings[p]),
                self.links_around[p] / (self.chars_around[p] or 1), min(up, 8), min(way[at], 8), *around,
                box in self.frame, self.look_held[look] / (self.look_all[look] or 1), outer[1] / (outer[2] or 1),
                outer[0] / (outer[2] or 1), i / n, before[i] / total, (total - before[i + 1]) / total,
                math.log1p(total), known, sum(map(title_words.__contains__, ws)) / (len(ws) or 1), k in title_keys,
                max(-30, min(30, i - headline)) if headline >= 0 else -30,
                sum(map(description_words.__contains__, ws)) / (len(ws) or 1), len(k) > 20 and k in description_key,
                first[k] < i, min(9, times[k]), in_story, math.log1p(len(story)), held[i], tags[box] in _HEADINGS,
                *_TAG_ROWS.get(tags[box], _NO_TAG),
            ))  # fmt: skip
        table[:, : len(_OWN)] = np.array(own).reshape(len(chosen), len(_OWN))
        self._bits(table, chosen)
        self._neighbours(table, chosen)
        return table

    def _bits(self, table: Any, chosen: Sequence[int]) -> None:
        """What the boxes' names and classes say: the block's own, the two around it, all further out."""
        own, above = self.page.own, self.page.above
        bits = np.array(
            [
                (own[b], (own[p] if p >= 0 else 0) | (own[g] if g >= 0 else 0), above[b])
                for b, p, g in ((self.page.box[i], self.up1[i], self.up2[i]) for i in chosen)
            ],
            dtype=np.int64,
        ).reshape(-1, 3)
        at = len(_OWN)
        for level in range(3):
            table[:, at : at + len(BITS)] = (bits[:, level : level + 1] >> np.arange(len(BITS))) & 1
            at += len(BITS)

    def _neighbours(self, table: Any, chosen: Sequence[int]) -> None:
        n = len(self.page.text)
        columns = np.full((len(_NEIGHBOURS), n + 4), -1.0)
        columns[:, 2:-2] = (
            np.log1p(self.count), self.link, self.ends, self.held, [self.by1[p] / self.total for p in self.up1],
            [self.look[a] / self.total for a in self.looks],
            [self.inside[max(g, 0)][0] / self.total for g in self.up2],
        )  # fmt: skip
        places = np.array(chosen, dtype=np.int64)
        at = len(NAMES) - 4 * len(_NEIGHBOURS) - 4
        for column in columns:
            for shift in (-2, -1, 1, 2):
                table[:, at] = column[places + 2 + shift]
                at += 1
        for values in (self.held, self.para):
            sums = np.concatenate([[0.0], np.cumsum(values)])
            for width in (3, 8):
                table[:, at] = sums[np.minimum(n, places + width + 1)] - sums[np.maximum(0, places - width)]
                at += 1
