"""CPU and memory of `newsmill export` over many records, form by form, each in a process of its own.

python bench/export.py [RECORDS] [FORM...]    default: 100000, all; `topic` is JSONL of one topic
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline import store
from pipeline.files import RECORDS
from pipeline.model import Article, Duplicate, Place, Raw, Tags, Topic
from pipeline.records.fields import Run, record

ROOT = Path(__file__).resolve().parent.parent
BATCH = 2_000  # records a batch
WORDS = 375  # of a text: 3.6 KB a record, as the samples have
FORMS = ("jsonl", "csv", "parquet", "sqlite")
ENDINGS = {"jsonl": "jsonl", "csv": "csv", "parquet": "parquet", "sqlite": "db", "topic": "jsonl"}
TOPICS = (("medtop:11000000", "politics and government"), ("medtop:15000000", "sport"), ("medtop:04000000", "economy"))


def fill(root: Path, count: int) -> int:
    """Write records as the chain would, without running it. Returns their bytes."""
    pick = random.Random(7)
    words = ["".join(pick.choices("abcdefghijklmnoprstuvw", k=pick.randrange(2, 11))) for _ in range(20_000)]
    run = Run("0.1.0", "0" * 12)
    size = 0
    (root / "raw").mkdir()
    for first in range(0, count, BATCH):
        with store.writer(root / "clean" / f"b{first // BATCH:06d}" / RECORDS) as write:
            for number in range(first, min(first + BATCH, count)):
                id = f"{pick.getrandbits(128):032x}"
                text = "\n\n".join(" ".join(pick.choices(words, k=WORDS // 8)) for _ in range(8))
                topic, label = pick.choice(TOPICS)
                outlet = number % 200
                article = Article(
                    id, f"https://outlet-{outlet}.example/2026/{id}", text[:70], text, f"{pick.getrandbits(256):064x}",
                    Raw(f"raw/b/{number}.html", None, "0" * 64), authors=("Ada Brook",), source=f"Outlet {outlet}",
                    published_at=f"2026-11-{1 + number % 28:02d}T08:00:00+01:00", fetched_at="2026-11-29T00:00:00Z",
                    language="en", confidence=0.9, found={"title": "h1", "text": "model"}, stripped={"navigation": 12},
                )  # fmt: skip
                tags = Tags(id, (Topic(topic, label, 0.9, "model", ("vote", "law")),), (Place("NO", "Norway", 2),))
                write(record(article, {Tags: tags, Duplicate: None}, run))
        size += write.bytes
    return size


def measure(root: Path, form: str) -> tuple[float, float, int]:
    """(CPU seconds, peak MB, bytes written) of one export."""
    target = root / f"out.{ENDINGS[form]}"
    more = ["--topic", "politics"] if form == "topic" else []
    command = [sys.executable, "-m", "pipeline", "export", "-q", "-C", str(root), "-o", str(target), *more]
    pid = os.posix_spawn(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{form}: failed")
    size = target.stat().st_size
    target.unlink()
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, size


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count = numbers[0] if numbers else 100_000
    forms = [word for word in sys.argv[1:] if not word.isdigit()] or [*FORMS, "topic"]
    with tempfile.TemporaryDirectory() as folder:
        size = fill(Path(folder), count)
        print(f"{count} records, {size / 1e6:.0f} MB")
        print("| form | CPU s | peak MB | written MB |\n|---|---|---|---|")
        for form in forms:
            cpu, peak, written = measure(Path(folder), form)
            print(f"| {form} | {cpu:.1f} | {peak:.0f} | {written / 1e6:.0f} |", flush=True)


if __name__ == "__main__":
    main()
