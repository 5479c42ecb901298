"""n-gram profiles of the langdetect distribution -> pipeline/extract/data/languages.tsv.

    pip download --no-deps --no-binary :all: langdetect==1.0.9 && tar xzf langdetect-1.0.9.tar.gz
    python tools/languages.py langdetect-1.0.9/langdetect/profiles

Kept are the most frequent trigrams of each language that shares its script with another one; the rest are known by
their script alone. The profiles were counted on Wikipedia abstracts (Cybozu Labs, Apache-2.0).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path

LANGUAGES = (
    "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr "
    "bg mk ru uk ar fa ur hi mr ne"
).split()
KEPT = 400  # trigrams a language: about half of its running text; more only make the file larger
OUT = Path(__file__).parent.parent / "pipeline" / "extract" / "data" / "languages.tsv"


def main(folder: Path) -> None:
    lines = [
        "# Most frequent trigrams of each language: code, half bits of information, trigrams (_ is a word's edge).",
        "# From the profiles of langdetect 1.0.9, Copyright 2010-2014 Cybozu Labs, Apache License 2.0.",
    ]
    for code in LANGUAGES:
        profile = json.loads((folder / code).read_text(encoding="utf-8"))
        counts: Counter[str] = Counter()
        for gram, count in profile["freq"].items():
            if len(gram) == 3:
                counts[gram.lower()] += count
        total = profile["n_words"][2]
        levels: dict[int, list[str]] = {}
        for gram, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT]:
            levels.setdefault(round(-2 * math.log2(count / total)), []).append(gram.replace(" ", "_"))
        lines += [f"{code}\t{level}\t{' '.join(sorted(grams))}" for level, grams in sorted(levels.items())]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
