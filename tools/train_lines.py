"""Pages with known stories -> pipeline/extract/data/line_weights.txt, the weights of the plain-text route.

    python -m tools.train_lines FOLDER... [--check]

Each FOLDER holds gold.json (KEY -> {url, text}) and html/KEY.html.gz. The pages are flattened to their visible lines,
each line is story or not by the words it has in common with the answer, and two logistic regressions are fitted. Only
numbers about lines are kept; no word of any page. `--check` measures instead of writing: word F1 by folds over sites,
and with each set left out; "+site": the lines known that the site's other pages have too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from bench.flatten import flatten
from pipeline.extract.boilerplate import Counter as LineCounter
from pipeline.extract.boilerplate import line_hash
from pipeline.extract.rules import rule_of
from pipeline.extract.text import features
from pipeline.extract.text.body import verdicts
from pipeline.extract.text.features import Lines, Matrix
from pipeline.extract.text.interruptions import interruptions
from pipeline.extract.text.lines import paragraphs
from pipeline.extract.text.model import FILE
from pipeline.extract.values import Draft, Meta
from pipeline.model import Line, Raw

TARGET = Path(__file__).parents[1] / "pipeline" / "extract" / "data" / FILE
HEADER = """\
# Weights of the plain-text route: look, feature, weight. See docs/DECISIONS.md; written by tools/train_lines.py.
# Learnt from the pages of three public benchmarks, of which only these numbers are kept:
#   scrapinghub/article-extraction-benchmark, MIT; flairNLP/fundus parser tests, MIT;
#   AndyTheFactory/article-extraction-dataset, Apache-2.0.
"""
WORD = re.compile(r"\w+")
REGULAR = 0.3  # sklearn's C; .1 and 1 score the same within .002


@dataclass
class Sample:
    group: str  # the set
    site: str
    texts: list[str]
    answers: list[str]
    story: Matrix  # 1: the line is story
    page: Lines
    one: Matrix
    weight: float = 1.0
    two: Matrix | None = None
    guess: Matrix | None = None


def sample(
    group: str, site: str, texts: list[str], answers: list[str], story: Matrix, weight: float, known: frozenset[int]
) -> Sample:
    cues = ["repeated" if line_hash(t) in known else rule_of(t) for t in texts]
    between = interruptions(texts, cues)
    rest = [i for i in range(len(texts)) if i not in between]
    texts = [texts[i] for i in rest]
    page = features.take_apart(texts, [cues[i] for i in rest])
    return Sample(group, site, texts, answers, story[rest], page, features.first(page), weight)


def load(folders: Sequence[Path]) -> Iterator[Sample]:
    """Each page whole, and in other states: with the lines marked that its site repeats, where the sets have other
    pages of the site; and cut as tidier scrapers leave it, so that a clean text stays whole."""
    pages = [page for folder in folders for page in read(folder)]
    repeats = LineCounter()
    for number, (_, site, texts, _, story) in enumerate(pages):
        lines = tuple(Line(t, None if kept else "furniture") for t, kept in zip(texts, story, strict=True))
        raw = Raw(str(number), None, "")
        repeats.add(Draft(raw, "text", lines, Meta(source=site), furniture=tuple(line_hash(t) for t in texts)))
    known = repeats.finish()
    for group, site, texts, answers, story in pages:
        nothing: frozenset[int] = frozenset()
        yield sample(group, site, texts, answers, story, 1.0, nothing)
        if furniture := known.furniture(site):
            yield sample(group + "+site", site, texts, answers, story, 0.7, furniture)
        kept = np.flatnonzero(story)
        if len(kept):
            rng = random.Random(f"{site} {len(texts)}")
            for above, below in ((8, 12), (1, 1)):
                a, b = max(kept[0] - rng.randint(0, above), 0), kept[-1] + 1 + rng.randint(0, below)
                yield sample(group, site, texts[a:b], [], story[a:b], 0.3, nothing)
            yield sample(group, site, [texts[i] for i in kept], [], np.ones(len(kept)), 0.3, nothing)


def read(folder: Path) -> Iterator[tuple[str, str, list[str], list[str], Matrix]]:
    """(set, site, lines, answers, which lines are story) of each page that has any text."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    for key, answer in sorted(gold.items()):
        html = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()).decode("utf-8", "replace")
        if texts := paragraphs(flatten(html)):
            answers = [answer["text"]] + ([answer["text_alt"]] if answer.get("text_alt") else [])
            story = max((label(texts, a) for a in answers), key=lambda y: float(y.sum()))
            site = re.sub(r"^(www\d?|m|amp|edition)\.", "", urlsplit(answer["url"]).hostname or "")
            yield folder.name, site, texts, answers, story


def label(texts: Sequence[str], answer: str) -> Matrix:
    """1 for each line that is in the answer: most of its word 4-grams; a short line as a line of its own."""
    words = WORD.findall(answer.lower())
    flat = f" {' '.join(words)} "
    grams = {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
    lines = {tuple(WORD.findall(line.lower())) for line in answer.split("\n")}
    split = [tuple(WORD.findall(t.lower())) for t in texts]
    out = np.zeros(len(texts))
    for i, row in enumerate(split):
        if len(row) >= 6:
            out[i] = sum(row[k : k + 4] in grams for k in range(len(row) - 3)) / (len(row) - 3) >= 0.5
        elif row:
            out[i] = row in lines or (len(row) >= 3 and f" {' '.join(row)} " in flat)
    sure = [i for i, row in enumerate(split) if out[i] and len(row) >= 12]
    if not sure:
        return out
    for i, row in enumerate(split):  # a short line far from the story is there by chance
        if out[i] and len(row) < 6 and not sure[0] - 3 <= i <= sure[-1] + 3:
            out[i] = 0
    for row, count in Counter(
        split
    ).items():  # a line the page has twice and the answer once: the one nearest the story
        places = [i for i, other in enumerate(split) if other == row and out[i]] if count > 1 and row else []
        if len(places) > 1:
            once = sorted(places, key=lambda i: min((abs(i - s) for s in sure if split[s] != split[i]), default=0))
            out[once[max(1, flat.count(f" {' '.join(row)} ")) :]] = 0
    return out


def fit(samples: Sequence[Sample], columns: Sequence[Matrix]) -> Matrix:
    """Logistic regression, every page counting alike, its lines by the root of their words. The constant is last."""
    rows = np.vstack(columns)
    story = np.concatenate([s.story for s in samples])
    parts = [np.sqrt(np.maximum(s.page.words, 0.1)) for s in samples]
    weight = np.concatenate([p / p.sum() * 100 * s.weight for p, s in zip(parts, samples, strict=True)])
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(C=REGULAR, max_iter=1000).fit(scale.transform(rows), story, sample_weight=weight)
    raw = model.coef_[0] / scale.scale_
    return np.append(raw, model.intercept_[0] - raw @ scale.mean_)


def train(samples: Sequence[Sample]) -> tuple[Matrix, Matrix]:
    """The first look's weights, and the last look's, taught on first looks at sites the first had not seen."""
    for inner, outer in GroupKFold(4).split(samples, groups=[s.site for s in samples]):
        known = [samples[i] for i in inner]
        first = fit(known, [s.one for s in known])
        for i in outer:
            samples[i].two = features.second(samples[i].page, samples[i].one @ first[:-1] + first[-1])
    last = fit(samples, [features.last(s.one, s.two) for s in samples if s.two is not None])
    return fit(samples, [s.one for s in samples]), last


def odds(s: Sample, first: Matrix, last: Matrix) -> Matrix:
    two = features.second(s.page, s.one @ first[:-1] + first[-1])
    return np.asarray(features.last(s.one, two) @ last[:-1] + last[-1])


def word_f1(gold: str, found: str) -> float:
    a, b = Counter(WORD.findall(gold.lower())), Counter(WORD.findall(found.lower()))
    return 2 * sum((a & b).values()) / (a.total() + b.total()) if a and b else float(not a and not b)


def score(samples: Sequence[Sample]) -> str:
    """Mean word F1 by set, of what is left after the rules too."""
    by_set: dict[str, list[float]] = {}
    for s in samples:
        if s.guess is not None and s.answers:
            rules, _ = verdicts(s.page, s.guess, None)
            found = "\n".join(t for t, rule in zip(s.texts, rules, strict=True) if rule is None)
            by_set.setdefault(s.group, []).append(max(word_f1(a, found) for a in s.answers))
    return " ".join(f"{group}={statistics.mean(values):.4f}" for group, values in by_set.items())


def check(samples: Sequence[Sample]) -> None:
    sites = np.array([s.site for s in samples])
    sets = np.array([s.group.removesuffix("+site") for s in samples])
    few = {s.site for s in samples if s.group.endswith("+site")}
    pages = Counter(s.site for s in samples if s.answers and not s.group.endswith("+site"))
    many = {site for site, count in pages.items() if count >= 4}
    whole = [
        (np.flatnonzero((sets != g) & ~np.isin(sites, sites[sets == g])), np.flatnonzero(sets == g))
        for g in dict.fromkeys(sets)
    ]
    for name, splits in (
        ("five folds over sites", GroupKFold(5).split(samples, groups=sites)),
        ("set left out", whole),
    ):
        for inner, outer in splits:
            first, last = train([samples[i] for i in inner])
            for i in outer:
                samples[i].guess = odds(samples[i], first, last)
        print(f"{name}: {score(samples)}")
        print(f"{name}, sites with several pages: {score([s for s in samples if s.site in few])}")
        print(f"{name}, sites with four or more: {score([s for s in samples if s.site in many])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="measure on held-out sites; write nothing")
    args = parser.parse_args()
    samples = list(load(args.folders))
    if args.check:
        check(samples)
        return
    first, last = train(samples)
    rows = [
        f"{look}\t{name}\t{value:.4f}"
        for look, names, values in (("first", features.FIRST, first), ("last", features.LAST, last))
        for name, value in zip((*names, "constant"), values, strict=True)
    ]
    TARGET.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} weights from {len(samples)} samples")


if __name__ == "__main__":
    main()
