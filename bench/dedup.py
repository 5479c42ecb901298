"""CPU seconds, memory and disk of dedup as the index grows: invented articles, or the texts of a file.

python bench/dedup.py grow [--articles N]             first build of N articles in one batch: linear?
python bench/dedup.py million [--articles N] [--index M] [--each K]  a batch of N against an index of M, K a batch
python bench/dedup.py libraries [--articles N] [--texts FILE.jsonl.gz --clusters FILE.jsonl.gz]
    clusters and CPU beside datasketch's MinHashLSH, rensa, text-dedup and datatrove: of invented articles, or of rows
    with `id` and `text` whose clusters ({"id", "cluster"}) are known

Long because each library compared needs its own adapter, and one command line runs them all.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from pipeline import store
from pipeline.config import DedupConfig
from pipeline.dedup import Index
from pipeline.dedup.bridges import names
from pipeline.dedup.candidates import Keys
from pipeline.dedup.index import Segment
from pipeline.model import Article, Raw

WORDS = 400
COPIES = 0.2  # of the articles repeat an earlier one, cut or with a paragraph added
KEYS = 91  # of an article of 400 words: 64 bands, 25 single shingles, id and text


def articles(count: int, seed: int = 1) -> Iterator[Article]:
    """Invented articles, a fifth of them copies."""
    pick = random.Random(seed)
    vocabulary = ["".join(pick.choices("abcdefghijklmnopqrstuvwxyz", k=pick.randint(2, 9))) for _ in range(20_000)]
    recent: list[str] = []
    for n in range(count):
        if recent and pick.random() < COPIES:
            words = pick.choice(recent).split()
            words = words[: pick.randint(250, WORDS)] + pick.choices(vocabulary, k=30)
        else:
            words = pick.choices(vocabulary, k=WORDS)
            recent = [*recent[-500:], " ".join(words)]
        text = " ".join(words)
        yield Article(
            f"{seed:04}-{n:027}",
            None,
            None,
            text,
            hashlib.sha256(text.encode()).hexdigest(),
            Raw("raw/x.jsonl", "", ""),
        )


def write(clean: Path, batch: str, rows: Iterator[Article]) -> None:
    with store.writer(clean / batch / "articles.jsonl") as keep:
        for row in rows:
            keep(row)


def decide(index: Index, clean: Path, batch: str, earlier: list[str]) -> tuple[int, float]:
    """Verdicts and segment of a batch whose articles are on disk: (duplicates, CPU seconds)."""
    before = time.process_time()
    found, segment = index.decide(batch, store.read(Article, clean / batch / "articles.jsonl"), earlier)
    index.add(batch, segment)
    return len(found), time.process_time() - before


def grow(clean: Path, most: int) -> None:
    decide_all(clean, "warm", 200)
    for count in sorted({most // 100, most // 10, most} - {0}):
        found, seconds = decide_all(clean, f"b{count}", count)
        print(f"{count:8} articles  {found:7} duplicates  {seconds:7.2f} CPU s  {1000 * seconds / count:.3f} ms each  "
              f"{size(clean / 'index') / count:.0f} bytes each  peak {peak():.0f} MB", flush=True)  # fmt: skip
        shutil.rmtree(clean / "index")


def decide_all(clean: Path, batch: str, count: int) -> tuple[int, float]:
    write(clean, batch, articles(count))
    return decide(Index(clean / "index", clean, DedupConfig()), clean, batch, [])


def million(clean: Path, count: int, most: int, part: int) -> None:
    """Segments of random keys stand for old articles: no text of theirs is ever asked for but by chance."""
    pick = np.random.default_rng(1)
    index = Index(clean / "index", clean, DedupConfig())
    earlier = []
    write(clean, "one", articles(part, 2))
    places = starts(clean / "one" / "articles.jsonl")
    for n in range(most // part):
        batch = f"old-{n:05}"
        (clean / batch).mkdir(parents=True)
        (clean / batch / "articles.jsonl").symlink_to(clean / "one" / "articles.jsonl")
        keys = pick.integers(-(2**31), 2**31, part * KEYS, dtype=np.int32)
        rows = np.repeat(np.arange(part, dtype=np.int32), KEYS)
        segment = Keys(keys, rows, np.ones(len(keys), np.int8))
        own = names(f"{batch}-{n}" for n in range(part))
        index.add(batch, Segment(segment, places, (None,) * part, own, (False,) * part))
        earlier.append(batch)
    print(f"index of {most} articles: {size(clean / 'index') / most:.0f} bytes each", flush=True)
    write(clean, "zz-new", articles(count, 3))
    if pid := os.fork():  # the memory of the batch alone, not of building the index
        os.waitpid(pid, 0)
        return
    os.execv(sys.executable, [sys.executable, __file__, "batch", "--clean", str(clean)])


def batch(clean: Path) -> None:
    """One batch against an index that lies there."""
    earlier = sorted(path.name for path in clean.glob("old-*"))
    count = len((clean / "zz-new" / "articles.jsonl").read_bytes().splitlines())
    for run in ("first", "next"):  # the first one merges segments into groups
        fresh = Index(clean / "index", clean, DedupConfig(), clean.parent / "groups")
        before = time.process_time()
        assert not fresh.check(earlier)
        checked = time.process_time() - before
        found, seconds = decide(fresh, clean, "zz-new", earlier)
        print(
            f"{run} batch of {count}: {found} duplicates, {seconds:.2f} CPU s, and {checked:.2f} to check the "
            f"segments; peak {peak():.0f} MB",
            flush=True,
        )


def starts(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    lines = [len(line) for line in path.read_bytes().splitlines(keepends=True)]
    return np.cumsum([0, *lines[:-1]]).astype(np.int64)


@dataclass
class Union:
    """Texts that were found to be one story, by their places: what the libraries call connected components."""

    parent: list[int]

    def find(self, n: int) -> int:
        while self.parent[n] != n:
            self.parent[n] = self.parent[self.parent[n]]
            n = self.parent[n]
        return n

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self.parent[b] = a

    def clusters(self) -> list[int]:
        return [self.find(n) for n in range(len(self.parent))]

    def buckets(self, signature: Iterable[tuple[object, ...]], n: int, seen: dict[object, int]) -> None:
        """Join a text with the first one that has the same band."""
        for band in enumerate(signature):
            self.join(n, seen.setdefault(band, n))


def by_newsmill(texts: list[str]) -> list[int]:
    rows = [Article(f"{n:032}", None, None, text, hashlib.sha256(text.encode()).hexdigest(), Raw("x", "", ""))
            for n, text in enumerate(texts)]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder).resolve() / "clean"
        write(clean, "all", iter(rows))
        found, _ = Index(clean / "index", clean, DedupConfig()).decide("all", rows, [])
    cluster = {row.id: row.cluster_id for row in found}
    return [int(cluster.get(row.id, row.id)) for row in rows]


def by_datasketch(texts: list[str]) -> list[int]:
    import minhash
    import xxhash
    from datasketch import MinHash, MinHashLSH

    union, index = Union(list(range(len(texts)))), MinHashLSH(threshold=0.5, num_perm=128)
    sets = ([s.encode() for s in minhash.shingles(text)] for text in texts)
    for n, one in enumerate(MinHash.generator(sets, num_perm=128, hashfunc=xxhash.xxh32_intdigest)):
        for other in index.query(one):
            union.join(n, other)
        index.insert(n, one)
    return union.clusters()


def by_rensa(texts: list[str]) -> list[int]:
    import minhash
    import rensa

    union, index = Union(list(range(len(texts)))), rensa.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    for n, text in enumerate(texts):
        one = rensa.RMinHash(num_perm=128, seed=1)
        one.update(minhash.shingles(text))
        for other in index.query(one):
            union.join(n, other)
        index.insert(n, one)
    return union.clusters()


def by_text_dedup(texts: list[str]) -> list[int]:
    """Its own signatures and bands at its defaults; datasets and the command line around them left out."""
    from text_dedup.minhash import RNG, embed_func
    from text_dedup.utils import MinHashArgs, optimal_param, sha1_hash

    args, prime = MinHashArgs(), np.uint64((1 << 61) - 1)
    bands, rows = optimal_param(args.threshold, args.num_perm, 0.5, 0.5)
    draws = tuple(RNG.randint(low, prime, size=(args.num_perm,), dtype=np.uint64) for low in (1, 0))
    union, seen = Union(list(range(len(texts)))), dict[object, int]()
    for n, text in enumerate(texts):
        found = embed_func(
            text, n, num_perm=args.num_perm, ngram_size=args.ngram, min_length=args.min_length, permutations=draws,
            hashranges=[(i * rows, (i + 1) * rows) for i in range(bands)], hash_func=lambda b: sha1_hash(b, d=32),
            dtype=np.uint64, max_hash=np.uint32((1 << 32) - 1), modulo_prime=prime,
        )  # fmt: skip
        union.buckets(found["__signatures__"], n, seen)
    return union.clusters()


def by_datatrove(texts: list[str]) -> list[int]:
    """Its own signatures at its defaults, joined as its buckets and clusters are; the files between them left out.

    Hashed by SHA-1, the other of its two ways: 0.10 gives its default, xxhash, text, which xxhash 4 does not take.
    """
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.hashing import HashConfig

    union, seen = Union(list(range(len(texts)))), dict[object, int]()
    with tempfile.TemporaryDirectory() as folder:
        signer = MinhashDedupSignature(folder, config=MinhashConfig(hash_config=HashConfig(hash_fc="sha1")))
        for n, text in enumerate(texts):
            if len(grams := signer.get_shingles(text)):
                union.buckets([tuple(bucket) for bucket in signer.get_signature(grams)], n, seen)
    return union.clusters()


def libraries(texts: list[str], truth: list[object]) -> None:
    """Clusters of each, and what they cost, text to cluster on one core."""
    from pipeline.dedup.tokens import tokenise

    tokenise(texts[:1])  # tables
    ways = {
        "newsmill": by_newsmill, "datasketch MinHashLSH, .5": by_datasketch, "rensa RMinHashLSH, 32x4": by_rensa,
        "text-dedup, its defaults": by_text_dedup, "datatrove, its defaults": by_datatrove,
    }  # fmt: skip
    print(f"{'':27} {'pair F1':>8} {'ARI':>6} {'largest':>8} {'texts a CPU second':>20}")
    for name, work in ways.items():
        try:
            work(texts[:3])  # imports
        except ImportError as error:
            print(f"{name:27} not installed ({error.name})", flush=True)
            continue
        before = time.process_time()
        found = work(texts)
        seconds = time.process_time() - before
        f1, ari = agreement(truth, found)
        largest = max(Counter(found).values())
        print(f"{name:27} {f1:8.3f} {ari:6.3f} {largest:8} {len(texts) / seconds:20.0f}", flush=True)


def agreement(truth: Sequence[object], found: Sequence[object]) -> tuple[float, float]:
    """(F1 of pairs, adjusted Rand index) of two ways to cluster the same things."""

    def pairs(groups: Counter[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in groups.values())

    both = pairs(Counter(zip(truth, found, strict=True)))
    true, guessed = pairs(Counter(truth)), pairs(Counter(found))
    chance = true * guessed / max(1, len(truth) * (len(truth) - 1) // 2)
    middle = (true + guessed) / 2
    return both / max(1.0, middle), (both - chance) / (middle - chance) if middle > chance else 1.0


def invented(count: int) -> tuple[list[str], list[object]]:
    """Invented articles, and the story each of them tells: its first article's text begins as all its copies do."""
    texts = [row.text for row in articles(count)]
    return texts, [text[:200] for text in texts]


def known(path: Path, answers: Path) -> tuple[list[str], list[object]]:
    """Texts of a file and their clusters."""
    with gzip.open(answers, "rt", encoding="utf-8") as lines:
        cluster = {row["id"]: row["cluster"] for row in map(json.loads, lines)}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in cluster]
    return [row["text"] for row in rows], [cluster[row["id"]] for row in rows]


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["grow", "million", "libraries", "batch"])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--index", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=10_000)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--clusters", type=Path)
    parser.add_argument("--clean", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.what == "batch":
        batch(args.clean)
        return
    if args.what == "libraries":
        libraries(*(known(args.texts, args.clusters) if args.texts else invented(args.articles)))
        return
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder).resolve() / "clean"
        if args.what == "grow":
            grow(clean, args.articles)
        else:
            million(clean, args.articles, args.index, args.each)


if __name__ == "__main__":
    main()
