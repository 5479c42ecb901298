"""Pages with known articles -> pipeline/extract/html/weights_*.json: the block models' weights, numbers only.

    python bench/train_extract.py GOLD_DIR... [--out DIR] [--cache DIR] [--cross-validate]

GOLD_DIR holds gold.json (KEY -> {text, text_alt?}) and html/KEY.html.gz. A block counts as story where most of its word
4-grams are in the answer; of blocks that say the same, the one among most others is meant. A block weighs as much as
the square root of its words, all pages of a kind as much as one another. --cache keeps the features of each folder on
disk (delete it when they change). --cross-validate leaves out a whole set at a time, then a fold of the sites at a
time, and scores the text of what was left out. Needs lightgbm and scikit-learn; one thread, and the same numbers on
every run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import pickle
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
from pipeline.extract.html import extractors, model
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
# Of each model the number of trees, and how much a page of a news set weighs against one of other sets: without that
# weight the many pages of all kinds cost the news sets up to .005.
MODELS = {"alone": (200, 6.0), "fast": (160, 10.0), "all": (160, 3.0)}
ALL_KINDS = frozenset(("wcxb_article_dev",))
FOLDS = 4
DEPTH = 5
SIGNIFICANT = 6  # digits that are written
Score = tuple[tuple[float, float, float], float]  # of a page: shares of shingles, word F1


@dataclass
class Example:
    gold: str  # folder name
    site: str
    html: str
    answers: list[str]
    texts: list[str]
    chosen: dict[str, list[int]]  # model -> blocks worth judging
    rows: dict[str, Any]  # model -> (chosen, features)
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


def examples(folder: Path, cache: Path | None) -> list[Example]:
    kept = cache / f"{folder.name}.pickle" if cache else None
    if kept and kept.exists():
        found: list[Example] = pickle.loads(kept.read_bytes())  # noqa: S301 -- our own file
        return found
    found = [
        example(folder, name, [want["text"], *([want["text_alt"]] if want.get("text_alt") else [])])
        for name, want in sorted(json.loads((folder / "gold.json").read_text(encoding="utf-8")).items())
    ]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def example(folder: Path, name: str, answers: list[str]) -> Example:
    html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
    doc = HtmlDoc(html)
    visible = read(doc.tree)
    link = next((e.get("href") or "" for e in doc.tree.iter("link") if e.get("rel") == "canonical"), "")
    host = urlsplit(doc.meta.get("og:url") or link).hostname or name
    chosen: dict[str, list[int]] = {}
    rows: dict[str, Any] = {}
    if visible.text and not route.too_large(doc, visible):
        fast = [extractors.fast_lines(doc.tree)]
        every = fast + extractors.compared_lines(doc.tree)
        for kind, extracts in (("alone", []), ("fast", fast), ("all", every)):
            page = route.survey(doc, visible, None, extracts)
            assert page is not None
            if worth := page.worth_judging():
                chosen[kind], rows[kind] = worth, page.rows(worth)
    site = ".".join(host.split(".")[-2:])
    return Example(folder.name, site, html, answers, visible.text, chosen, rows, story_share(visible.text, answers))


def train_all(of: list[Example]) -> dict[str, dict[str, Any]]:
    return {kind: train([e for e in of if kind in e.rows], kind) for kind in MODELS}


def models_of(data: dict[str, dict[str, Any]]) -> model.Models:
    return model.Models(**{kind: model.parse(weights) for kind, weights in data.items()})


def train(of: list[Example], kind: str) -> dict[str, Any]:
    """One model, as the plain numbers that its weights file holds."""
    import lightgbm
    from sklearn.linear_model import LogisticRegression

    trees, of_news = MODELS[kind]
    rows = np.concatenate([e.rows[kind] for e in of])
    story = np.concatenate([e.story[e.chosen[kind]] for e in of]) > 0.5
    parts = []
    for e in of:
        texts = [e.texts[i] for i in e.chosen[kind]]
        size = np.array([len(t) / 2 if len(t) > 20 * (t.count(" ") + 1) else t.count(" ") + 3 for t in texts]) ** 0.5
        parts.append((1.0 if e.gold in ALL_KINDS else of_news) * size / (size.sum() or 1.0))
    weight = np.concatenate(parts)
    weight *= len(weight) / weight.sum()
    mean, scale = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    scale[scale == 0] = 1
    line = LogisticRegression(C=0.05, max_iter=100, tol=1e-3)
    line.fit(np.clip((rows - mean) / scale, -4, 4), story, sample_weight=weight)
    options = {
        "objective": "binary", "learning_rate": 0.1, "num_leaves": 15, "max_depth": DEPTH, "min_data_in_leaf": 20,
        "lambda_l2": 1.0, "monotone_constraints": [(n in FOR) - (n in AGAINST) for n in NAMES], "seed": 0,
        "num_threads": 1, "deterministic": True, "force_col_wise": True, "verbose": -1,
    }  # fmt: skip
    grown = lightgbm.train(options, lightgbm.Dataset(rows, story, weight=weight), num_boost_round=trees)
    return {
        "features": list(NAMES),
        "logistic": {
            "mean": [short(v) for v in mean],
            "scale": [short(v) for v in scale],
            "slope": [short(v) for v in line.coef_[0]],
            "intercept": short(line.intercept_[0]),
        },
        "base": 0.0,  # it is in the first tree's leaves
        "depth": DEPTH,
        "trees": [nodes(tree["tree_structure"]) for tree in grown.dump_model()["tree_info"]],
        "share": SHARE,
        "trust": TRUST,
        "cut": CUT,
    }


def nodes(tree: dict[str, Any]) -> list[list[float]]:
    """[feature, threshold, left, right, value] of each node, the root first; a leaf has -1 for its branches."""
    found: list[list[float]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(found)
        if "leaf_value" in node:
            found.append([-1, 0, -1, -1, short(node["leaf_value"])])
            return at
        found.append([node["split_feature"], short(node["threshold"]), 0, 0, 0])
        found[at][2] = add(node["left_child"])
        found[at][3] = add(node["right_child"])
        return at

    add(tree)
    return found


def short(value: float) -> float:
    return float(f"{value:.{SIGNIFICANT}g}")


def held_out(models: model.Models, of: list[Example]) -> dict[str, list[Score]]:
    """By set and page the figures of bench/extract.py, of the text as the HTML route gives it."""
    scores: dict[str, list[Score]] = {}
    for e in of:
        text = route.body(HtmlDoc(e.html), title=None, models=models).text
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
    scores: dict[str, list[Score]] = {}
    fold = {e.site: int(hashlib.md5(f"0 {e.site}".encode()).hexdigest(), 16) % FOLDS for e in every}
    for n in range(FOLDS):
        models = models_of(train_all([e for e in every if fold[e.site] != n]))
        for gold, found in held_out(models, [e for e in every if fold[e.site] == n]).items():
            scores.setdefault(gold, []).extend(found)
    report("sites", scores)
    for gold in sorted({e.gold for e in every}):
        models = models_of(train_all([e for e in every if e.gold != gold]))
        report("other sets", held_out(models, [e for e in every if e.gold == gold]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path(route.__file__).parent)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    args = parser.parse_args()
    every = [e for folder in args.gold for e in examples(folder, args.cache)]
    if args.cross_validate:
        cross_validate(every)
        return
    about = (
        "Weights of a block model (numbers only, no text), Apache-2.0. Learnt by bench/train_extract.py from "
        f"{sum(bool(e.chosen) for e in every)} pages of {', '.join(sorted({e.gold for e in every}))}: "
        "NOTICE names their sources and licences. wcxb: Web Content Extraction Benchmark, Murrough Foley, "
        "CC BY 4.0, https://github.com/Murrough-Foley/web-content-extraction-benchmark."
    )
    for kind, weights in train_all(every).items():
        data = {"about": about, **weights}
        lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in data.items()]
        (args.out / f"weights_{kind}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
