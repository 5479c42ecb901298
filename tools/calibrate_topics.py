"""Labelled texts -> pipeline/tag/data/confidence.tsv: how often a topic of such a confidence is right in a language.

    python tools/calibrate_topics.py [LANGUAGE=]FILE[*WEIGHT] ... [--write]

Takes the sets of tools/mix_topics.py, after it: wikinews*4, masakhanews_eng*1.5, fr=masakhanews_fra, sib200. One
curve for texts that the English weights have read, one for keywords alone; languages share it but for its start and
its odds, which are pulled towards the common ones. A language without figures has the common curve, as `*`. Prints for
each set and language the expected calibration error (10 bins) of what is tagged, each half by the other.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from mix_topics import Text, measured

from pipeline.tag import calibration, tagger

TARGET = Path(__file__).resolve().parent.parent / "pipeline/tag/data/confidence.tsv"
START, ODDS = 0.5, 0.3  # how freely a language's start and odds leave the common ones (1: as freely as those are found)
HEADER = """\
# How sure of the leading topic, by language: made by tools/calibrate_topics.py on Wikinews (en), MasakhaNEWS (en, fr)
# and SIB-200 (35 languages); parameters alone, none of their text. log odds = start + odds * the regression's log odds
# + length * ln(words / 25) + both * the two multiplied. "*" stands for every language that has no line.
# language<TAB>read by<TAB>start<TAB>odds<TAB>length<TAB>both
"""


def main(*sources: str) -> None:
    texts = [text for source in sources for text in measured(source) if text.read or text.numbers[:, 4].any()]
    held: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    lines = []
    for read in (True, False):
        rows = [text for text in texts if text.read is read]
        languages = sorted({text.language for text in rows})
        for half in (0, 1):
            model = fit([text for text in rows if text.number % 2 != half], languages)
            for text in rows:
                if text.number % 2 == half:
                    sure = float(model.predict_proba([design(text, languages)])[0, 1])
                    held[text.set, text.language].append((sure, right(text)))
        model = fit(rows, languages)
        odds, length, both, *own = map(float, model.coef_[0])
        for n, language in enumerate(["*", *languages]):
            apart = (0.0, 0.0) if n == 0 else (START * own[n - 1], ODDS * own[len(languages) + n - 1])
            numbers = (float(model.intercept_[0]) + apart[0], odds + apart[1], length, both)
            lines.append(
                "\t".join([language, "weights" if read else "keywords", *(f"{number:.2f}" for number in numbers)])
            )
    for (name, language), pairs in sorted(held.items()):
        named = [pair for pair in pairs if pair[0] >= (0.3 + tagger.DOUBT if name.startswith("sib") else 0.3)]
        print(f"{name:22}{language}  {len(named):4} tagged  ece {error(named):.3f}")
    if "--write" in sys.argv:
        TARGET.write_text(HEADER.replace("<TAB>", "\t") + "\n".join(lines) + "\n", encoding="utf-8")


def leading(text: Text) -> tuple[int, float]:
    """The topic that leads and the regression's share for it, uncalibrated."""
    return calibration.leading(text.numbers, weights=text.read)


def right(text: Text) -> bool:
    return bool(text.wanted[leading(text)[0]])


def design(text: Text, languages: list[str]) -> list[float]:
    shown = calibration.signs(leading(text)[1], text.length)
    own = [float(text.language == code) for code in languages]
    return [*shown, *(START * one for one in own), *(ODDS * shown[0] * one for one in own)]


def fit(texts, languages):  # type: ignore[no-untyped-def]
    table, said = np.array([design(text, languages) for text in texts]), [right(text) for text in texts]
    return LogisticRegression(C=1.0, max_iter=5000).fit(table, said, sample_weight=[text.weight for text in texts])


def error(pairs: list[tuple[float, bool]]) -> float:
    """Expected calibration error."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, hit in pairs:
        bins[min(9, int(sure * 10))].append((sure, hit))
    return sum(abs(sum(sure for sure, _ in rows) - sum(hit for _, hit in rows)) for rows in bins.values()) / len(pairs)


if __name__ == "__main__":
    files = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    if not files:
        sys.exit(__doc__)
    main(*files)
