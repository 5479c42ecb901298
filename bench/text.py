"""Pages with known stories, flattened -> word F1 and speed of the plain-text route, beside what is simpler.

    python -m bench.text FOLDER...      each with gold.json and html/KEY.html.gz

"whole": every line kept. "run": the stretch of lines with the highest sum, sentences counting for it. "page": the text
route on each page alone, with the weights as shipped (learnt on some of these sets, so no measure of other sites: that
is `python -m tools.train_lines --check`). "site": with the lines known that the site's other pages in the sets repeat.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline.extract.boilerplate import Counter, line_hash
from pipeline.extract.finalize import judged
from pipeline.extract.text import read
from pipeline.extract.text.features import best_run
from pipeline.extract.values import Draft, Meta
from pipeline.model import Line, Raw
from tools.train_lines import read as pages_of
from tools.train_lines import word_f1

_SENTENCE = re.compile(r"[.!?…。！？।][\"”»’')\]]*$")


def longest_run(texts: list[str]) -> list[str]:
    scores = [
        min(n, 40) / 10 if (n := t.count(" ") + 1) >= 8 and _SENTENCE.search(t) else 1.0 if n >= 25 else -1.0
        for t in texts
    ]
    start, stop = best_run(np.array(scores))
    return texts[start:stop]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    folders = parser.parse_args().folders
    pages = [page for folder in folders for page in pages_of(folder)]
    counter, drafts = Counter(), []
    before = time.process_time()
    bodies = [read("\n".join(texts), title=None) for _, _, texts, _, _ in pages]
    seconds = time.process_time() - before
    for number, ((_, site, texts, _, _), body) in enumerate(zip(pages, bodies, strict=True)):
        hashes = tuple(line_hash(t) for t in texts)
        meta = Meta(source=site, title=body.title)
        drafts.append(Draft(Raw(str(number), None, ""), "text", body.lines, meta, body.scores, hashes))
        counter.add(drafts[-1])
    repeats = counter.finish()

    figures: dict[str, dict[str, list[float]]] = {}
    for (group, _, texts, answers, _), body, draft in zip(pages, bodies, drafts, strict=True):
        found = {
            "whole": texts,
            "run": longest_run(texts),
            "page": kept(body.lines),
            "site": kept(judged(draft, repeats)),
        }
        for name, lines in found.items():
            value = max(word_f1(answer, "\n".join(lines)) for answer in answers)
            figures.setdefault(group, {}).setdefault(name, []).append(value)
    for group, by_name in figures.items():
        said = "  ".join(f"{name} {statistics.mean(values):.4f}" for name, values in by_name.items())
        print(f"{group:12} {len(by_name['page']):4} pages  {said}")
    lines = sum(len(page[2]) for page in pages)
    print(f"{len(pages) / seconds:.0f} pages a CPU second, {lines / len(pages):.0f} lines a page")


def kept(lines: tuple[Line, ...] | list[Line]) -> list[str]:
    return [line.text for line in lines if line.rule is None]


if __name__ == "__main__":
    main()
