"""Labelled articles -> how often the shipped tagger and plain baselines name the right topic, and what each costs.

    python bench/topics.py [LABELLED.jsonl ...] [--train TRAINING.jsonl.gz ...]

LABELLED rows: {text, title, l1}, the names of an article's top topics, the main one first. With --train (rows of {text,
l1}) a linear SVM over word pairs is trained and measured beside. Without files only the speed is measured, on the
vocabulary's definitions. Speeds are in texts a CPU second, all in this one run: compare them with each other only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pipeline.config import TopicsConfig
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, keywords, linear, topics, vocabulary, words

Guess = Callable[[Article], str | None]  # the code of the best top topic


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="*", type=Path)
    parser.add_argument("--train", nargs="+", type=Path, default=[])
    args = parser.parse_args()
    concepts = vocabulary.load()
    codes = {concepts[code].label(): code for code in linear.TOPS} | {"politics": linear.TOPS[10]}
    sets: dict[str, list[tuple[Article, list[str]]]] = {}
    for path in args.labelled:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        sets[path.stem] = [(article(row), [codes[name] for name in row["l1"]]) for row in rows]
    if not sets:
        text = [concept.definition for concept in concepts.values()]
        sets["definitions"] = [(article({"text": " ".join(text[n : n + 25])}), []) for n in range(0, len(text), 5)]
    tagger = Tagger(TopicsConfig())
    common = Counter(want[0] for rows in sets.values() for _, want in rows if want).most_common(1)
    guesses: dict[str, Guess] = {
        "most frequent topic": lambda _: common[0][0] if common else None,
        "labels as keywords": by_labels(),
        "newsmill, keywords alone": by_keywords,
        "newsmill, weights alone": by_weights,
        "newsmill": lambda story: best([topic.id for topic in tagger.tag(story).topics]),
    }
    if args.train:
        guesses["linear SVM, 1-2 words"] = by_svm(args.train, codes)
    for name, rows in sets.items():
        print(f"{name}: {len(rows)} texts, {sum(len(a.text.split()) for a, _ in rows) // len(rows)} words each")
        for label, guess in guesses.items():
            guess(rows[0][0])
            start = time.process_time()
            said = [guess(story) for story, _ in rows]
            speed = len(rows) / max(time.process_time() - start, 1e-9)
            right = sum(code in want for code, (_, want) in zip(said, rows, strict=True)) / len(rows)
            first = sum(bool(want) and code == want[0] for code, (_, want) in zip(said, rows, strict=True)) / len(rows)
            scores = f"p_at_1 {right:.3f}  strict {first:.3f}  " if any(want for _, want in rows) else ""
            print(f"  {label:26}{scores}{speed:10,.0f} texts a CPU second")


def article(row: dict[str, str]) -> Article:
    title = row.get("title") or None
    return Article(
        "", None, title, row["text"].removeprefix(title or "").lstrip(), "", Raw("", None, ""), language="en"
    )


def best(ids: list[str]) -> str | None:
    return vocabulary.top(ids[0]) if ids else None


def read(story: Article) -> tuple[list[str], list[str]]:
    return words.lower(words.split(story.title or "")), words.lower(words.split(story.text))[: topics.READ]


def by_labels() -> Guess:
    """The vocabulary's labels and nothing else, each as often as it stands there."""
    rows = []
    for concept in vocabulary.load().values():
        parts = keywords.phrase(concept.label())
        if parts and concept.level > 1:
            rows.append((parts, keywords.Keyword(concept.label(), concept.code, 1.0)))
    plain = keywords.Lexicon(rows)

    def guess(story: Article) -> str | None:
        totals = topics.tops(plain.weigh(*read(story)))
        return linear.TOPS[int(totals.argmax())] if totals.any() else None

    return guess


def by_keywords(story: Article) -> str | None:
    known = keywords.load("en")
    assert known
    totals = topics.tops(known.weigh(*read(story)))
    return linear.TOPS[int(totals.argmax())] if totals.any() else None


def by_weights(story: Article) -> str | None:
    reading = linear.load().read(*read(story))
    return linear.TOPS[int(reading.full.argmax())] if reading else None


def by_svm(sources: list[Path], codes: dict[str, str]) -> Guess:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    rows = []
    for source in sources:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            rows += [json.loads(line) for line in file]

    def terms(text: str) -> list[str]:
        found = words.lower(words.split(text))
        return [*found, *map(" ".join, pairwise(found))]

    vectors = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=3)
    model = LinearSVC(C=0.3, random_state=0)
    model.fit(vectors.fit_transform([row["text"] for row in rows]), [codes[row["l1"][0]] for row in rows])
    return lambda story: str(model.predict(vectors.transform([f"{story.title or ''}\n{story.text}"]))[0])


if __name__ == "__main__":
    main()
