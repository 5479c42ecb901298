"""Training text -> pipeline/tag/data/topics.model, the weights of the 17 top topics; the same bytes each time.

    python tools/train_topics.py CURRENT_EVENTS.jsonl.gz HEADLINES.jsonl.gz

Both files hold rows of {text, l1}: a text and the names of its top topics, the main one first. Needs scikit-learn
(`pip install .[bench]`). See docs/DECISIONS.md for what was tried, bench/topics.py for the scores.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from pipeline.tag import keywords, vocabulary, words
from pipeline.tag.linear import DAMPED, LETTERS, TOPS

TARGET = Path(__file__).resolve().parent.parent / "pipeline/tag/data/topics.model"
TERMS = 24_000  # of 104,000 seen three times or more: what a file of 1.1 MB holds, at the scores of all of them
FEWEST = 3  # times a term must be seen
COST = 0.3
# A text is also taken as an example of a topic it was not labelled with where the keywords say so loudly:
# the training text has one label each, and none of it is labelled labour or (but for four) weather.
SHARE, SCORE = 0.45, 3.0
LEAST = 3  # of 127: smaller weights are a third of the file
FLOOR = -1.5
DATE = "2026-11-22"
SCORES = """\
Scores with the numbers in pipeline/tag/calibration.py, on hand-labelled articles that are not in the training text:
#   147 of Wikinews: p_at_1 .918, strict .789, macro_f1 .762, ece .044, level 2 among the best three .796
#   121 news pages: p_at_1 .992, strict .818, macro_f1 .712, ece .048"""
HEADER = """\
# newsmill topic model: weights of words for the 17 top topics of IPTC Media Topics (A = medtop:01000000 ... Q = 17)
# Made by tools/train_topics.py on {date} from
#   - Wikipedia, Portal:Current events, 2010-2020, 46,732 items, CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/)
#   - R. Misra, News Category Dataset, 27,728 headlines, stated as CC BY 4.0 by its author
#   - IPTC Media Topics, labels and definitions, CC BY 4.0, and newsmill's own keywords
# The weights are a statistic of those texts and hold none of them; to be safe they are offered under CC BY-SA 4.0.
# {scores}
# term <tab> rarity <tab> weights
"""


def main(*sources: str) -> None:
    texts, labels = [], []
    for text, tops in examples(sources):
        texts.append(words.lower(words.split(text)))
        labels.append(tops)
    known = keywords.load("en")
    assert known
    wanted = np.zeros((len(texts), len(TOPS)), bool)
    for n, (text, tops) in enumerate(zip(texts, labels, strict=True)):
        wanted[n, sorted(tops)] = True
        score = np.zeros(len(TOPS))
        for code, evidence in known.weigh([], text).items():
            score[TOPS.index(vocabulary.top(code))] += evidence.score
        wanted[n] |= (score >= SCORE) & (score / (score.sum() + 1) >= SHARE)
    docs = [Counter([*text, *map(" ".join, pairwise(text))]) for text in texts]
    seen = Counter(term for doc in docs for term in doc)
    terms = sorted(term for term, count in seen.items() if count >= FEWEST)
    weights, bias, rarity = fit(docs, wanted, terms, seen)
    # keep what matters most over the training text: weight times how often it is there to speak
    use = np.abs(weights).max(1) * np.sqrt(np.array([seen[term] for term in terms]))
    kept = sorted(np.argsort(-use, kind="stable")[:TERMS].tolist())
    terms = [terms[n] for n in kept]
    weights, bias, rarity = fit(docs, wanted, terms, seen)
    write(terms, rarity, weights, bias)


def examples(sources: tuple[str, ...]) -> Iterator[tuple[str, set[int]]]:
    """Every training text and its top topics; then the vocabulary's own text and the keywords."""
    concepts = vocabulary.load()
    by_name = {concepts[code].label(): n for n, code in enumerate(TOPS)} | {"politics": 10}
    for source in sources:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield row["text"], {by_name[name] for name in row["l1"]}
    for concept in concepts.values():
        yield f"{concept.label()}. {concept.definition}", {TOPS.index(vocabulary.top(concept.code))}


def fit(docs, wanted, terms, seen):  # type: ignore[no-untyped-def]
    """One linear classifier a topic (squared hinge, L2), on damped counts times rarity, each text of length one."""
    index = {term: n for n, term in enumerate(terms)}
    rarity = np.array([round(16 * (1 + math.log(len(docs) / seen[term]))) for term in terms])
    rows, columns, values = [], [], []
    for n, doc in enumerate(docs):
        known = sorted((index[term], count) for term, count in doc.items() if term in index)
        value = np.array([int(DAMPED[min(count, 32)]) * rarity[at] for at, count in known], float)
        rows += [n] * len(known)
        columns += [at for at, _ in known]
        values += (value / max(1.0, math.sqrt(float((value * value).sum())))).tolist()
    x = sp.csr_matrix((values, (rows, columns)), (len(docs), len(terms)))
    weights, bias = np.zeros((len(terms), len(TOPS))), np.zeros(len(TOPS))
    for topic in range(len(TOPS)):
        model = LinearSVC(C=COST, random_state=0).fit(x, wanted[:, topic])
        weights[:, topic], bias[topic] = model.coef_[0], model.intercept_[0]
    return weights, bias, rarity


def write(terms, rarity, weights, bias) -> None:  # type: ignore[no-untyped-def]
    scale = np.abs(weights).max(0)
    whole = np.rint(weights / scale * 127).astype(int)
    numbers = {
        "scale": [round(float(s), 4) for s in scale],
        "bias": [round(float(b), 4) for b in bias],
        "floor": FLOOR,
        "fewest": 8,
    }
    lines = [HEADER.format(date=DATE, scores=SCORES), json.dumps(numbers), "\n"]
    for term, rare, row in zip(terms, rarity, whole, strict=True):
        said = " ".join(
            f"{letter}{weight}" for letter, weight in zip(LETTERS, row, strict=True) if abs(weight) >= LEAST
        )
        if said:
            lines.append(f"{term}\t{rare}\t{said}\n")
    TARGET.write_text("".join(lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(lines) - 3:,} terms, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
