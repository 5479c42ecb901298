"""Word frequencies -> pipeline/threads/data/rarity/<language>.txt.gz, how rare each stem is in a language's texts.

    python tools/build_rarity.py        (needs `pip install wordfreq`)

A word of frequency f is in a text of 300 words with the chance 1 - exp(-300 f). In scripts without spaces the unit is
two characters: those inside words, and those where one word ends and the next begins, as if words followed each other
by chance.
"""

from __future__ import annotations

import gzip
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

import wordfreq

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from pipeline.threads.stems import stem  # noqa: E402

TARGET = ROOT / "pipeline/threads/data/rarity"
LENGTH = 300  # words in a text
MOST = {"en": 60_000}  # stems kept, the commonest
OTHERS = 15_000
ALIKE = "en de fr es it pt nl sv da nb fi pl cs sk ro hu el bg mk ru uk tr ar he fa hi id vi ko zh ja".split()
LANGUAGES = dict(zip(ALIKE, ALIKE, strict=True)) | {"sr": "sh"}
HEADER = (
    "# How rare stems are (tenths of ln(texts / texts with it)). From wordfreq {version} (Robyn Speer), which is "
    "CC BY-SA 4.0; so is this table. Made by tools/build_rarity.py.\n"
)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    total = 0
    for language, source in LANGUAGES.items():
        shares = stems(source, language) if language not in ("zh", "ja") else pairs(source)
        best = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[: MOST.get(language, OTHERS)]
        rows: dict[int, list[str]] = defaultdict(list)
        for name, frequency in best:
            rows[tenths(frequency)].append(name)
        version = __import__("importlib.metadata").metadata.version("wordfreq")
        text = HEADER.format(version=version) + "".join(f"{n} {' '.join(sorted(rows[n]))}\n" for n in sorted(rows))
        file = TARGET / f"{language}.txt.gz"
        file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        total += file.stat().st_size
        print(language, len(best), "rarest", tenths(best[-1][1]), f"{file.stat().st_size:,}")
    print(f"{total:,} bytes")


def tenths(frequency: float) -> int:
    return round(-10 * math.log(1 - math.exp(-frequency * LENGTH)))


def stems(source: str, language: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for word, frequency in wordfreq.get_frequency_dict(source).items():
        if " " not in word and (name := stem(word, language)):
            found[name] += frequency
    return found


def pairs(source: str) -> Counter[str]:
    found: Counter[str] = Counter()
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for word, frequency in wordfreq.get_frequency_dict(source).items():
        if not word or not all("\u3005" <= c <= "\u9fff" for c in word):
            continue
        first[word[0]] += frequency
        last[word[-1]] += frequency
        for at in range(len(word) - 1):
            found[word[at : at + 2]] += frequency
    ends, begins = last.most_common(400), first.most_common(400)
    for a, f in ends:
        for b, g in begins:
            found[a + b] += f * g
    # a character alone, as a text's last one stands
    for char in first.keys() | last.keys():
        found[char] += max(first[char], last[char])
    return found


if __name__ == "__main__":
    main()
