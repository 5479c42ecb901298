"""Invented archives for tests and benchmarks: days of articles with copies, revisions and lines that sources repeat."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

RARITY = Path(__file__).parent.parent / "pipeline/threads/data/rarity/en.txt.gz"
START = datetime(2026, 1, 1, tzinfo=UTC)
# In a hundred rows.
COPIES = (("exact", 6), ("near", 10), ("part", 4), ("revision", 5), ("same", 3), ("wrap", 4), ("new", 68))
MEMORY = 4  # days back that a copy's original may lie
SOURCES = 300


class Archive:
    """Rows of generated articles, the same for the same seed: words as frequent as in English, invented names."""

    def __init__(self, seed: int = 1, html: float = 0.0, longest: int = 9, sentences: tuple[int, int] = (2, 4)) -> None:
        self.pick = random.Random(seed)
        self.sentences = sentences  # of a paragraph: at least, at most
        self.longest = longest  # paragraphs of a story, at most
        self.html = html  # share of rows that are pages of HTML, the others are text
        self.words, weights = _vocabulary()
        self.weights = list(itertools.accumulate(weights))
        self.feet = [self._sentence() for _ in range(2 * SOURCES)]
        self.stories: list[list[dict[str, Any]]] = []  # of the last days
        self.numbers = itertools.count()

    def days(self, rows: int, per_day: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """(batch name, its rows), day by day."""
        for day in range(-(-rows // per_day)):
            when = START + timedelta(days=day)
            today: list[dict[str, Any]] = []
            for n in range(min(per_day, rows - day * per_day)):
                today.append(self._row(when + timedelta(seconds=86400 * n // per_day), today))
            self.stories = [*self.stories, today][-MEMORY:]
            yield when.date().isoformat(), [self._page(row) for row in today]

    def _row(self, when: datetime, today: list[dict[str, Any]]) -> dict[str, Any]:
        kinds, shares = zip(*COPIES, strict=True)
        kind = self.pick.choices(kinds, shares)[0]
        earlier = self.pick.choice([*self.stories, today])
        stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        number = next(self.numbers)
        source = f"outlet-{self.pick.randrange(SOURCES)}.example"
        row = {"id": str(number), "source": source, "published_at": stamp, "fetched_at": stamp}
        if kind == "new" or not earlier:
            title = self._sentence(6).rstrip(".")
            text = [self._paragraph() for _ in range(self.pick.randint(2, self.longest))]
            return {
                **row,
                "title": title,
                "paragraphs": text,
                "url": f"https://{source}/{when:%Y/%m/%d}/story-{number}",
            }
        old = self.pick.choice(earlier)
        text = list(old["paragraphs"])
        if kind in ("near", "revision"):
            text[self.pick.randrange(len(text))] = self._paragraph()
        if kind == "wrap":  # a round-up: two stories that have nothing to do with each other
            text += self.pick.choice(earlier)["paragraphs"]
        if kind == "part":
            text = text[: max(1, len(text) // 2)]
        if kind in ("revision", "same"):
            row |= {"url": old["url"], "source": old["source"], "published_at": old["published_at"]}
        else:
            row["url"] = f"https://{source}/{when:%Y/%m/%d}/copy-{number}"
        return {**row, "title": old["title"], "paragraphs": text}

    def _page(self, row: dict[str, Any]) -> dict[str, Any]:
        row = dict(row)
        outlet = int(row["source"].partition("-")[2].partition(".")[0])
        paragraphs = [*row.pop("paragraphs"), *self.feet[2 * outlet : 2 * outlet + 2]]
        if self.pick.random() >= self.html:
            return {**row, "text": "\n\n".join(paragraphs)}
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        links = "".join(f"<li><a href='/{n}'>{self._sentence(6)}</a></li>" for n in range(12))
        return {**row, "html": f"<html><head><title>{row['title']}</title></head><body><ul>{links}</ul><article>"
                               f"<h1>{row['title']}</h1>{body}</article></body></html>"}  # fmt: skip

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self.pick.randint(*self.sentences)))

    def _sentence(self, words: int = 0) -> str:
        found = self.pick.choices(self.words, cum_weights=self.weights, k=words or self.pick.randint(9, 24))
        if self.pick.random() < 0.5:
            found.insert(self.pick.randrange(1, len(found)), f"{self.pick.choice(found).capitalize()}berg")
        if self.pick.random() < 0.3:
            found.append(str(self.pick.randint(2, 9000)))
        text = " ".join(found)
        return f"{text[0].upper()}{text[1:]}."


def write(folder: Path, rows: int, per_day: int, seed: int = 1, html: float = 0.0, longest: int = 9) -> None:
    """One .jsonl file for each day."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, day in Archive(seed, html, longest).days(rows, per_day):
        with (folder / f"{name}.jsonl").open("w") as file:
            file.writelines(json.dumps(row) + "\n" for row in day)


def _vocabulary() -> tuple[list[str], list[float]]:
    """Words and their weights, by rarity: tenths of the natural logarithm of texts / texts with it."""
    words: list[str] = []
    weights: list[float] = []
    for line in gzip.decompress(RARITY.read_bytes()).decode().splitlines():
        tenths, *stems = line.split(" ")
        if tenths.isdecimal():
            good = [stem for stem in stems if stem.isascii() and stem.isalpha()]
            words += good
            weights += [2.718 ** (-int(tenths) / 10)] * len(good)
    return words, weights
