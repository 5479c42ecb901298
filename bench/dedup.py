"""CPU seconds, memory and disk of dedup as the index grows: invented articles, or the texts of a file.

python bench/dedup.py grow [--articles N]             first build of N articles in one batch: linear?
python bench/dedup.py million [--articles N] [--index M]  a batch of N against an index of M articles
python bench/dedup.py libraries [--articles N]        the same beside datasketch's MinHashLSH and rensa's
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from pipeline import store
from pipeline.config import DedupConfig
from pipeline.dedup import Index
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


def million(clean: Path, count: int, most: int) -> None:
    """Segments of random keys stand for old articles: no text of theirs is ever asked for but by chance."""
    pick = np.random.default_rng(1)
    index = Index(clean / "index", clean, DedupConfig())
    earlier, part = [], 10_000
    write(clean, "one", articles(part, 2))
    for n in range(most // part):
        batch = f"old-{n:04}"
        (clean / batch).mkdir(parents=True)
        (clean / batch / "articles.jsonl").symlink_to(clean / "one" / "articles.jsonl")
        keys = pick.integers(-(2**31), 2**31, part * KEYS, dtype=np.int32)
        rows = np.repeat(np.arange(part, dtype=np.int32), KEYS)
        index.add(batch, Segment(keys, rows, starts(clean / "one" / "articles.jsonl"), (None,) * part))
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
    fresh = Index(clean / "index", clean, DedupConfig())
    before = time.process_time()
    assert not fresh.check(earlier)
    checked = time.process_time() - before
    found, seconds = decide(fresh, clean, "zz-new", earlier)
    print(f"batch of {count}: {found} duplicates, {seconds:.2f} CPU s, and {checked:.2f} to check the segments; "
          f"peak {peak():.0f} MB")  # fmt: skip


def starts(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    lines = [len(line) for line in path.read_bytes().splitlines(keepends=True)]
    return np.cumsum([0, *lines[:-1]]).astype(np.int64)


def libraries(clean: Path, count: int) -> None:
    """What others need for the same: signatures at their fastest, then their own index."""
    import minhash
    import xxhash
    from datasketch import MinHash, MinHashLSH

    rows = list(articles(count))
    found, seconds = decide_all(clean, "ours", count)
    print(f"newsmill               {found:7} duplicates  {seconds:7.2f} CPU s")
    before = time.process_time()
    index = MinHashLSH(num_perm=128, params=(64, 2))
    sets = ([s.encode() for s in minhash.shingles(row.text)] for row in rows)
    hits = 0
    for row, one in zip(rows, MinHash.generator(sets, num_perm=128, hashfunc=xxhash.xxh32_intdigest), strict=True):
        hits += bool(index.query(one))
        index.insert(row.id, one)
    print(f"datasketch MinHashLSH  {hits:7} with a hit   {time.process_time() - before:7.2f} CPU s")
    import rensa

    before = time.process_time()
    table = rensa.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=64)
    hits = 0
    for n, row in enumerate(rows):
        one = rensa.RMinHash(num_perm=128, seed=1)
        one.update(minhash.shingles(row.text))
        hits += bool(table.query(one))
        table.insert(n, one)
    print(f"rensa RMinHashLSH      {hits:7} with a hit   {time.process_time() - before:7.2f} CPU s")


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["grow", "million", "libraries", "batch"])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--index", type=int, default=1_000_000)
    parser.add_argument("--clean", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.what == "batch":
        batch(args.clean)
        return
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder).resolve() / "clean"
        if args.what == "grow":
            grow(clean, args.articles)
        elif args.what == "million":
            million(clean, args.articles, args.index)
        else:
            libraries(clean, args.articles)


if __name__ == "__main__":
    main()
