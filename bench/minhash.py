"""Documents a CPU second from text to signature: newsmill beside datasketch's own bulk and rensa, same texts, same run.

python bench/minhash.py [FILE.jsonl[.gz]] [--texts N]   rows with a `text`; without a file, invented ones of 400 words
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

PERMUTATIONS = 128
SHINGLE = 5
_WORD = re.compile(r"\w+")


def load(path: Path | None, count: int) -> list[str]:
    """The texts of the first rows of a file, else invented ones."""
    if path is None:
        pick = random.Random(1)
        words = [f"{''.join(pick.choices('abcdefghijklmnopqrstuvwxyz', k=pick.randint(2, 9)))}" for _ in range(20_000)]
        return [" ".join(pick.choices(words, k=400)) + "." for _ in range(count)]
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in itertools.islice(lines, count)]


def shingles(text: str) -> list[str]:
    """Five words in a row, joined: what the other libraries are given."""
    words = _WORD.findall(text.casefold())
    return [" ".join(words[n : n + SHINGLE]) for n in range(max(len(words) - SHINGLE, 0) + 1)]


def ours(texts: list[str]) -> int:
    from pipeline.dedup.minhash import shingle_hashes, signatures
    from pipeline.dedup.tokens import tokenise

    done = 0
    for start in range(0, len(texts), 256):
        done += len(signatures(*shingle_hashes(tokenise(texts[start : start + 256]), SHINGLE), PERMUTATIONS))
    return done


def theirs_datasketch(texts: list[str]) -> int:
    import xxhash
    from datasketch import MinHash

    sets = ([s.encode() for s in shingles(text)] for text in texts)
    return len(MinHash.bulk(sets, num_perm=PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest))


def theirs_rensa(name: str) -> Callable[[list[str]], int]:
    def work(texts: list[str]) -> int:
        import rensa

        done = 0
        for text in texts:
            one = getattr(rensa, name)(num_perm=PERMUTATIONS, seed=1)
            one.update(shingles(text))
            one.digest()
            done += 1
        return done

    return work


def rate(work: Callable[[list[str]], int], texts: list[str]) -> float:
    before = time.process_time()
    done = work(texts)
    return done / (time.process_time() - before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    texts = load(args.file, args.texts)
    works = {
        "newsmill": ours,
        "datasketch bulk, xxhash": theirs_datasketch,
        "rensa RMinHash": theirs_rensa("RMinHash"),
        "rensa CMinHash": theirs_rensa("CMinHash"),
    }
    for work in works.values():
        work(texts[:20])  # imports and tables
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(args.rounds):
        for name, work in works.items():
            found[name].append(rate(work, texts))
    first = statistics.median(found["newsmill"])
    for name, rates in found.items():
        middle = statistics.median(rates)
        print(f"{name:25} {middle:8.0f} documents a CPU second   newsmill is {first / middle:.1f} times as fast")


if __name__ == "__main__":
    main()
