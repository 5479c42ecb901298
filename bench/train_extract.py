"""Pages with known articles -> pipeline/extract/html/weights.json: the block model's weights, numbers only.

    python bench/train_extract.py GOLD_DIR... [--out FILE] [--cross-validate]

GOLD_DIR holds gold.json (KEY -> {text, text_alt?}) and html/KEY.html.gz. A block counts as story where most of its word
4-grams are in the answer; of blocks that say the same, the one among most others is meant. A block weighs as much as
the square root of its words, all pages as much as one another. --cross-validate leaves out a whole set at a time, then
a fifth of the sites at a time, and scores the text of what was left out. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import statistics
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.extract import shares, shingle_f1, word_f1
from pipeline.extract.html import model
from pipeline.extract.html import story as route
from pipeline.extract.html.blocks import read
from pipeline.extract.html.features import NAMES
from pipeline.extract.htmldoc import HtmlDoc

WORD = re.compile(r"\w+")
# What can only speak for a block, and what only against it: the trees may not learn the opposite from a few odd pages.
FOR = frozenset(
    "held shared look para_in2 para_in6 look_held held_in1 held_in2 held_in6 in_frame stops in_article_body "
    "held_3".split()
)
AGAINST = frozenset(("link", "links_around", "is_title", "link_in1", *(n for n in NAMES if n.startswith("cue_"))))
SHARE, TRUST, CUT = 0.3, 0.3, 0.36  # chosen by cross-validation over sites and over sets
SIGNIFICANT = 6  # digits that are written
SEEDS = 2  # ways of dealing the sites to five folds: from one to the next the figures differ by up to .003
Score = tuple[tuple[float, float, float], float]  # of a page: shares of shingles, word F1


@dataclass
class Example:
    gold: str  # folder name
    site: str
    html: str
    answers: list[str]
    texts: list[str]
    chosen: list[int]  # blocks worth judging
    rows: Any  # (chosen, features)
    story: Any  # (blocks,) 0 to 1


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def grams(text: str, n: int = 4) -> list[tuple[str, ...]]:
    w = words(text)
    return [tuple(w[i : i + n]) for i in range(max(1, len(w) - n + 1))] if w else []


def story_share(texts: list[str], answers: list[str]) -> Any:
    """Of each block, the share of its 4-grams that an answer has; of a shorter one, whether the answer says it there.

    A few words alone, such as a table's cell, count where they are a line of the answer, or where all of them stand
    in 4-grams of the page's running text that the answer has too.
    """
    known = {g for answer in answers for g in grams(answer)}
    lines = {" ".join(words(line)) for answer in answers for line in answer.splitlines()}
    whole = " " + " ".join(w for answer in answers for w in words(answer)) + " "
    keys = [" ".join(words(t)) for t in texts]
    times = Counter(keys)
    running = words(" ".join(texts))
    covered = np.zeros(len(running) + 1)  # how many of the words before are in a 4-gram of the answer
    for i in range(len(running) - 3):
        if tuple(running[i : i + 4]) in known:
            covered[i + 1 : i + 5] = 1.0
    covered = np.cumsum(covered)
    share = []
    at = 0
    for text, k in zip(texts, keys, strict=True):
        own = grams(text)
        start, at = at, at + len(words(text))
        if not own:
            share.append(0.0)
        elif len(own[0]) < 4:
            share.append(float(k in lines or covered[at] - covered[start] == at - start))
        else:
            share.append(sum(g in known for g in own) / len(own))
    sure = [(s > 0.5 and times[k] == 1) * len(k) for s, k in zip(share, keys, strict=True)]
    for k in {k for s, k in zip(share, keys, strict=True) if s > 0.5 and times[k] > 1}:
        places = [i for i, other in enumerate(keys) if other == k]
        near = {i: sum(sure[j] / (1 + abs(i - j)) for j in range(max(0, i - 6), min(len(sure), i + 7))) for i in places}
        for i in sorted(places, key=lambda i: (-near[i], i))[max(1, whole.count(f" {k} ")) :]:
            share[i] = 0.0
    return np.array(share, dtype=np.float32)


def examples(folder: Path) -> list[Example]:
    found = []
    for name, want in sorted(json.loads((folder / "gold.json").read_text(encoding="utf-8")).items()):
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        doc = HtmlDoc(html)
        visible = read(doc.tree)
        page = route.survey(doc, visible, None, route.trafilatura_lines(doc.tree))
        answers = [want["text"], *([want["text_alt"]] if want.get("text_alt") else [])]
        link = next((e.get("href") or "" for e in doc.tree.iter("link") if e.get("rel") == "canonical"), "")
        host = urlsplit(doc.meta.get("og:url") or link).hostname or name
        chosen = page.worth_judging() if page else []
        found.append(
            Example(
                folder.name,
                ".".join(host.split(".")[-2:]),
                html,
                answers,
                visible.text,
                chosen,
                page.rows(chosen) if page else np.zeros((0, len(NAMES)), dtype=np.float32),
                story_share(visible.text, answers),
            )
        )
    return found


def train(of: list[Example]) -> dict[str, Any]:
    """The two models, as the plain numbers that weights.json holds."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rows = np.concatenate([e.rows for e in of])
    story = np.concatenate([e.story[e.chosen] for e in of]) > 0.5
    parts = []
    for e in of:
        texts = [e.texts[i] for i in e.chosen]
        size = np.array([len(t) / 2 if len(t) > 20 * (t.count(" ") + 1) else t.count(" ") + 3 for t in texts]) ** 0.5
        parts.append(size / (size.sum() or 1.0))
    weight = np.concatenate(parts)
    weight *= len(weight) / weight.sum()
    scaler = StandardScaler().fit(rows)
    line = LogisticRegression(C=0.05, max_iter=300)
    line.fit(np.clip(scaler.transform(rows), -4, 4), story, sample_weight=weight)
    grown = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.1, max_leaf_nodes=15, max_depth=5, min_samples_leaf=20, l2_regularization=1.0,
        monotonic_cst=[(n in FOR) - (n in AGAINST) for n in NAMES], early_stopping=False, random_state=0,
    ).fit(rows, story, sample_weight=weight)  # fmt: skip
    trees = [
        [
            [-1, 0, -1, -1, short(node["value"])]
            if node["is_leaf"]
            else [int(node["feature_idx"]), short(node["num_threshold"]), int(node["left"]), int(node["right"]), 0]
            for node in stage[0].nodes
        ]
        for stage in grown._predictors
    ]
    return {
        "features": list(NAMES),
        "logistic": {
            "mean": [short(v) for v in scaler.mean_],
            "scale": [short(v) for v in scaler.scale_],
            "slope": [short(v) for v in line.coef_[0]],
            "intercept": short(line.intercept_[0]),
        },
        "base": short(np.ravel(grown._baseline_prediction)[0]),
        "depth": 5,
        "trees": trees,
        "share": SHARE,
        "trust": TRUST,
        "cut": CUT,
    }


def short(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT}g}")


def held_out(weights: model.Weights, of: list[Example]) -> dict[str, list[Score]]:
    """By set and page the figures of bench/extract.py, of the text as the HTML route gives it."""
    scores: dict[str, list[Score]] = {}
    for e in of:
        text = route.body(HtmlDoc(e.html), title=None, weights=weights).text
        shingles = max((shares(a, text) for a in e.answers), key=lambda share: share[0])
        scores.setdefault(e.gold, []).append((shingles, max(word_f1(a, text) for a in e.answers)))
    return scores


def report(name: str, scores: dict[str, list[Score]]) -> None:
    """Shingle F1 / word F1 / share of pages with word F1 under .5."""
    figures = (
        f"{gold} {shingle_f1([s for s, _ in of]):.4f} / {statistics.mean(f for _, f in of):.4f} / "
        f"{statistics.mean(f < 0.5 for _, f in of):.3f}"
        for gold, of in sorted(scores.items())
    )
    print(f"{name:18}", "   ".join(figures), flush=True)


def cross_validate(every: list[Example]) -> None:
    for gold in sorted({e.gold for e in every}):
        weights = model.parse(train([e for e in every if e.gold != gold]))
        report("other sets", held_out(weights, [e for e in every if e.gold == gold]))
    for seed in range(SEEDS):
        fold = {e.site: int(hashlib.md5(f"{seed} {e.site}".encode()).hexdigest(), 16) % 5 for e in every}
        scores: dict[str, list[Score]] = {}
        for n in range(5):
            weights = model.parse(train([e for e in every if fold[e.site] != n]))
            for gold, found in held_out(weights, [e for e in every if fold[e.site] == n]).items():
                scores.setdefault(gold, []).extend(found)
        report(f"sites, deal {seed}", scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path(route.__file__).with_name("weights.json"))
    parser.add_argument("--cross-validate", action="store_true")
    args = parser.parse_args()
    every = [e for folder in args.gold for e in examples(folder)]
    if args.cross_validate:
        cross_validate(every)
        return
    about = (
        "Weights of the block model (numbers only, no text), Apache-2.0. Learnt by bench/train_extract.py from "
        f"{sum(bool(e.chosen) for e in every)} pages of {', '.join(sorted({e.gold for e in every}))}: "
        "NOTICE names their sources and licences."
    )
    data = {"about": about, **train(every)}
    lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in data.items()]
    args.out.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
