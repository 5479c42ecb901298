"""Labelled articles -> how often the shipped tagger and plain baselines name the right topic, and what each costs.

    python bench/topics.py [LABELLED.jsonl ...] [--train TRAINING.jsonl.gz ...] [--sentences SENTENCES.jsonl.gz]

LABELLED rows: {text, title, l1}, the names of an article's top topics, the main one first. With --train (rows of
{text, l1}) a linear SVM over word pairs is trained and measured beside. Without files only the speed is measured, on
the vocabulary's definitions. --sentences measures sentences in many languages, rows of {lang, text, accept} (accept:
the top topics that are right; lang as in Flores: "deu_Latn"), and writes tools/figures/languages.json, from which the
table of languages in the reference is made. Speeds are in texts a CPU second, all in this one run: compare them with
each other only.
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
from pipeline.extract.language import detect
from pipeline.model import Article, Raw
from pipeline.tag import Tagger, keywords, linear, topics, vocabulary, words

ROOT = Path(__file__).resolve().parent.parent
Guess = Callable[[Article], str | None]  # the code of the best top topic


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", nargs="*", type=Path)
    parser.add_argument("--train", nargs="+", type=Path, default=[])
    parser.add_argument("--sentences", type=Path)
    args = parser.parse_args()
    if args.sentences:
        sentences(args.sentences)
        return
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


FLORES = {
    "als": "sq", "arb": "ar", "bos": "bs", "bul": "bg", "ces": "cs", "dan": "da", "deu": "de", "ell": "el", "eng": "en",
    "fin": "fi", "fra": "fr", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja",
    "kor": "ko", "mkd": "mk", "nld": "nl", "nob": "no", "pes": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rus": "ru",
    "slk": "sk", "spa": "es", "srp": "sr", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
}  # fmt: skip


def sentences(path: Path) -> None:
    """By language: sentences whose best tag is right, tags that are right, the error of their confidence, and sentences
    whose language is named right, and wrong ("sh" is right for the languages that it is the group of)."""
    tagger, concepts = Tagger(TopicsConfig()), vocabulary.load()
    counts: dict[str, Counter[str]] = {}
    bins: dict[str, Counter[int]] = {}  # tenth of confidence -> thousandths that it says too much (or too little)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if code := FLORES.get(row["lang"][:3]):
                story = Article("", None, None, row["text"], "", Raw("", None, ""), language=code)
                found = tagger.tag(story).topics
                tag = best([topic.id for topic in found])
                right = bool(tag) and concepts[tag or ""].label() in row["accept"]
                counts.setdefault(code, Counter()).update(all=1, tagged=bool(tag), right=right)
                named = detect(row["text"])
                known = named == code or (named == "sh" and code in ("bs", "hr", "sr"))
                counts[code].update(named=known, misnamed=named is not None and not known)
                if found:
                    sure = found[0].confidence
                    bins.setdefault(code, Counter())[int(sure * 10)] += round(1000 * (sure - right))
    figures = {
        code: [
            round(n["right"] / n["all"], 3),
            round(n["right"] / max(n["tagged"], 1), 3),
            round(sum(map(abs, bins[code].values())) / 1000 / max(n["tagged"], 1), 3),
            round(n["named"] / n["all"], 3),
            round(n["misnamed"] / n["all"], 3),
        ]
        for code, n in sorted(counts.items())
    }
    for code, (share, tagged, error, named, misnamed) in figures.items():
        print(f"{code}  right {share:.3f}  right where tagged {tagged:.3f}  calibration error {error:.3f}  "
              f"language named {named:.3f}, wrongly {misnamed:.3f}")  # fmt: skip
    lines = ",\n".join(f'  "{code}": {json.dumps(pair)}' for code, pair in figures.items())
    (ROOT / "tools/figures/languages.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


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
