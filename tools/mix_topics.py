"""Labelled texts -> the fitted numbers in pipeline/tag/calibration.py, and their scores, each half by the other.

    python tools/mix_topics.py [LANGUAGE=]FILE[*WEIGHT] ... [--write first|also]

Rows: {text, title, l1} (names of an article's top topics) or {text, accept} (names of which one is right), and `lang`
for sentences in many languages ("deu_Latn"). A set counts WEIGHT times; English where nothing else is said. As shipped:
`first` by wikinews*2, masakhanews_eng, fr=masakhanews_fra*2 and sib200*.1, since its sentences come in 35 languages;
`also` by hand-labelled articles alone, Wikinews*2 and 121 news pages. The numbers are few (7 weights shared by all
topics and a bias for each), rounded, and pulled towards zero.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
from topics import FLORES  # type: ignore[attr-defined]  # of bench/

from pipeline.tag import calibration, keywords, linear, vocabulary, words
from pipeline.tag import topics as weigh

ROOT = Path(__file__).resolve().parent.parent
NAMES = {True: "with weights", False: "keywords only"}
# Top topics that sentences of SIB-200 are labelled with or accepted as; of the others their labels say nothing.
LABELLED = (1, 2, 6, 7, 11, 13, 15, 16)


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text, measured."""

    set: str
    language: str
    number: int  # in its set: translations of a sentence have the same, so that they fall into the same half
    numbers: calibration.Scores  # (17, 7)
    read: bool  # by the English weights
    wanted: np.ndarray[Any, Any]  # 17 times whether a topic is right
    known: np.ndarray[Any, Any]  # and whether the label says anything of it
    weight: float
    length: int  # words


def main(block: str | None, *sources: str) -> None:
    texts = [text for source in sources for text in measured(source)]
    fitted = []
    for weights in NAMES:
        rows = [text for text in texts if text.read or not weights]
        held: dict[str, list[tuple[Any, Any]]] = {}
        for half in (0, 1):
            model = fit(weights, [text for text in rows if text.number % 2 != half])
            for text in rows:
                if text.number % 2 == half:
                    held.setdefault(text.set, []).append((predict(weights, model, text), text.wanted))
        for source, pairs in held.items():
            print(f"{NAMES[weights]}, {source}, held out: {scores(*map(np.array, zip(*pairs, strict=True)))}")
        model = fit(weights, rows)
        numbers = tuple(float(w) for w in model.coef_[0].round(2))
        count = len(calibration.COLUMNS[weights])
        fitted += [
            f"    {weights}: Regression(",
            f"        weights={numbers[:count]},",
            f"        bias={numbers[count:]},",
            f"        start={round(float(model.intercept_[0]), 2)},",
            "    ),",
        ]
    code = "\n".join([f"{(block or 'first').upper()} = {{", *fitted, "}"])
    if block is None:
        print(code)
        return
    file = ROOT / "pipeline/tag/calibration.py"
    marks = rf"(?s)(# BEGIN {block}\n).*(\n# END {block})"
    file.write_text(re.sub(marks, lambda match: match[1] + code + match[2], file.read_text()))


def measured(source: str) -> Iterator[Text]:
    """The texts of one set."""
    start, path, weight = re.fullmatch(r"(?:([a-z]{2})=)?([^*]+)(?:\*([\d.]+))?", source).groups()  # type: ignore[union-attr]
    concepts = vocabulary.load()
    by_name = {concepts[code].label(): n for n, code in enumerate(linear.TOPS)} | {"politics": 10}
    name = Path(path).name.partition(".")[0]
    opened = gzip.open if path.endswith(".gz") else open
    seen: dict[str, int] = {}
    with opened(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            language = FLORES.get(row["lang"][:3]) if "lang" in row else start or "en"
            if language is None:
                continue
            title = row.get("title") or ""
            head = words.lower(words.split(title))
            body = words.lower(words.split(row["text"].removeprefix(title).lstrip()))
            numbers, read = measure(language, head, body)
            wanted = np.zeros(len(linear.TOPS), bool)
            wanted[[by_name[topic] for topic in row.get("l1") or row["accept"]]] = True
            known = np.ones(len(linear.TOPS), bool)
            if "lang" in row:
                known[[n for n in range(len(linear.TOPS)) if n + 1 not in LABELLED]] = False
            if "accept" in row:  # one of them is right: the one that most speaks for
                known[wanted] = False
                known[max(np.flatnonzero(wanted), key=lambda n: numbers[n, 2] + numbers[n, 0])] = True
            if not read:
                known &= numbers[:, calibration.KEYWORDS] > 0  # what has no evidence is never named
            number = seen[language] = seen.get(language, -1) + 1
            yield Text(name, language, number, numbers, read, wanted, known, float(weight or 1), len(head) + len(body))


def measure(language: str, head: list[str], body: list[str]) -> tuple[calibration.Scores, bool]:
    known = keywords.load(language)
    assert known
    head, body = head[: weigh.READ], body[: weigh.READ]
    found, early = known.weigh_lead(head, body, linear.LEAD)
    reading = linear.load().read(head, body) if language == "en" else None
    silent = np.zeros(len(linear.TOPS))
    return calibration.features(
        reading.full if reading else silent, reading.lead if reading else silent, weigh.tops(found), weigh.tops(early)
    ), reading is not None


def fit(weights, texts):  # type: ignore[no-untyped-def]
    table = np.vstack([design(weights, text)[text.known] for text in texts])
    wanted = np.concatenate([text.wanted[text.known] for text in texts])
    weight = np.concatenate([np.full(text.known.sum(), text.weight) for text in texts])
    return LogisticRegression(C=1.0, max_iter=3000).fit(table, wanted, sample_weight=weight)


def predict(weights, model, text):  # type: ignore[no-untyped-def]
    sure = model.predict_proba(design(weights, text))[:, 1]
    return sure if text.read and weights else sure * (text.numbers[:, calibration.KEYWORDS] > 0)


def design(weights, text):  # type: ignore[no-untyped-def]
    return np.hstack([text.numbers[:, calibration.COLUMNS[weights]], np.eye(len(linear.TOPS))])


def scores(held, wanted):  # type: ignore[no-untyped-def]
    best = wanted[range(len(held)), held.argmax(1)]
    named = held.max(1) >= 0.3
    return f"right {(best & named).mean():.3f}, right where tagged {best[named].mean():.3f}"


if __name__ == "__main__":
    args = sys.argv[1:]
    asked = args.pop() if args[-2:-1] == ["--write"] else None
    if asked not in (None, "first", "also") or not (files := [arg for arg in args if not arg.startswith("--")]):
        sys.exit(__doc__)
    main(asked, *files)
