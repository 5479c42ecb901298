"""Hand-labelled articles -> the fitted numbers in pipeline/tag/calibration.py, and their cross-validated scores.

    python tools/mix_topics.py LABELLED.jsonl [MORE.jsonl ...] [--write]

Rows: {text, title, l1}, the names of an article's top topics. The numbers are few (7 weights shared by all topics and a
bias for each), rounded, and pulled towards zero, since hand-labelled articles are few.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pipeline.tag import calibration, keywords, linear, vocabulary, words
from pipeline.tag import topics as weigh

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 5


def main(*sources: str) -> None:
    read = [(s, json.loads(line)) for s in sources for line in Path(s).read_text(encoding="utf-8").splitlines()]
    rows, origin = [row for _, row in read], np.array([source for source, _ in read])
    concepts = vocabulary.load()
    by_name = {concepts[code].label(): n for n, code in enumerate(linear.TOPS)} | {"politics": 10}
    wanted = np.zeros((len(rows), len(linear.TOPS)), bool)
    for n, row in enumerate(rows):
        wanted[n, [by_name[name] for name in row["l1"]]] = True
    numbers = np.array([measure(row) for row in rows])
    fitted = []
    for name, columns in (("WITH_WEIGHTS", [0, 1, 2, 3, 4, 5, 6]), ("KEYWORDS_ONLY", [2, 3, 4, 6])):
        table = numbers[:, :, columns]
        fold = np.array([zlib.crc32(row["text"].encode()) % FOLDS for row in rows])  # a row given twice is in one fold
        held = np.zeros(wanted.shape)
        for k in range(FOLDS):
            held[fold == k] = predict(fit(table[fold != k], wanted[fold != k]), table[fold == k])
        for source in dict.fromkeys(sources):
            print(f"{name}, {Path(source).name}, held out: {scores(held[origin == source], wanted[origin == source])}")
        model = fit(table, wanted)
        weights = tuple(float(w) for w in model.coef_[0].round(2))
        bias = "BIAS" if name == "WITH_WEIGHTS" else "KEYWORDS_BIAS"
        fitted += [
            f"{name} = {weights[: len(columns)]}",
            f"{bias} = {weights[len(columns) :]}",
            f"{'START' if bias == 'BIAS' else 'KEYWORDS_START'} = {round(float(model.intercept_[0]), 2)}",
        ]
    file = ROOT / "pipeline/tag/calibration.py"
    said = "\n".join(fitted)
    if "--write" in sys.argv:
        file.write_text(re.sub(r"(?s)(# BEGIN fitted\n).*(\n# END)", lambda m: m[1] + said + m[2], file.read_text()))
    else:
        print(said)


def scores(held, wanted):  # type: ignore[no-untyped-def]
    right = wanted[range(len(held)), held.argmax(1)].mean()
    named = held >= 0.3
    both, either = (named & wanted).sum(0), named.sum(0) + wanted.sum(0)
    f1 = [2 * both[t] / either[t] for t in range(len(linear.TOPS)) if wanted[:, t].sum() >= 3]
    return f"p_at_1 {right:.3f} macro_f1 {np.mean(f1):.3f} tags {named.sum(1).mean():.2f}"


def measure(row: dict[str, str]) -> calibration.Scores:
    title = row.get("title") or ""
    text = row["text"].removeprefix(title).lstrip()
    head, body = words.lower(words.split(title)), words.lower(words.split(text))
    known = keywords.load("en")
    assert known
    found, early = known.weigh_lead(head, body, linear.LEAD)
    reading = linear.load().read(head, body)
    silent = np.zeros(len(linear.TOPS))
    return calibration.features(
        reading.full if reading else silent, reading.lead if reading else silent, weigh.tops(found), weigh.tops(early)
    )


def design(table):  # type: ignore[no-untyped-def]
    n, topics, columns = table.shape
    return np.hstack([table.reshape(-1, columns), np.tile(np.eye(topics), (n, 1))])


def fit(table, wanted):  # type: ignore[no-untyped-def]
    return LogisticRegression(C=1.0, max_iter=2000).fit(design(table), wanted.ravel())


def predict(model, table):  # type: ignore[no-untyped-def]
    return model.predict_proba(design(table))[:, 1].reshape(len(table), -1)


if __name__ == "__main__":
    files = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    if not files:
        sys.exit(__doc__)
    main(*files)
