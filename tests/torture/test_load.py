"""Isolation beside none, memory over many pages, and the whole chain over 1,000 to 100,000 articles and 1,000 batches."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import ExtractConfig
from pipeline.extract.draft_cache import fast, full, plain
from pipeline.model import Page, Raw
from pipeline.sandbox import pool as workers
from tests.conftest import html_page, newsmill_env, story

SIZES = [int(n) for n in os.environ.get("TORTURE_ARTICLES", "1000,10000,100000").split(",")]
PAGES = int(os.environ.get("TORTURE_PAGES", "10000"))
SHARED = (ExtractConfig(), ())


def pages(count: int) -> Iterator[tuple[int, Page]]:
    """Pages of the size of real ones: 60 KB of markup around 300 words."""
    links = "".join(f'<li class="item item-{n}"><a href="/s/{n}">Headline {n} of the day</a></li>' for n in range(700))
    for n in range(count):
        body = html_page(f"Council votes on number {n}", story("Loadhaven", n), f"<ul>{links}</ul>").encode()
        yield n, Page(Raw(f"raw/{n}", None, ""), body, "html", "utf-8", url=f"https://load.example/{n}")


def cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def test_what_isolation_costs() -> None:
    """CPU of the same pages done here and in workers, each after its imports, in turns so that load weighs on both."""
    warm = list(pages(20))
    for _, page in warm:
        full(page, *SHARED)
    here = there = wall_one = wall_two = 0.0
    with (
        workers.Pool((full, fast, plain), workers=1, seconds=10, memory_mb=1024, shared=SHARED) as one,
        workers.Pool((full, fast, plain), workers=2, seconds=10, memory_mb=1024, shared=SHARED) as two,
    ):
        list(one.map(warm))
        list(two.map(warm))
        for turn in range(5):
            batch = list(pages(60 * (turn + 1)))[-60:]
            before = cpu(resource.RUSAGE_SELF)
            for _, page in batch:
                full(page, *SHARED)
            here += cpu(resource.RUSAGE_SELF) - before
            before, begun = cpu(resource.RUSAGE_SELF) + children(one), time.monotonic()
            assert all(result.startswith(b'"draft"') for _, result in one.map(batch))
            there += cpu(resource.RUSAGE_SELF) + children(one) - before
            wall_one += time.monotonic() - begun
            begun = time.monotonic()
            assert all(result.startswith(b'"draft"') for _, result in two.map(batch))
            wall_two += time.monotonic() - begun
    print(f"isolation: {here * 1000 / 300:.1f} ms of CPU a page without, {there * 1000 / 300:.1f} with, "
          f"{there / here - 1:+.1%}; 2 workers {wall_one / wall_two:.2f} times as fast as 1")  # fmt: skip
    assert there < 1.1 * here


def children(pool: workers.Pool) -> float:
    """CPU seconds of a pool's workers so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for worker in pool.workers:
        fields = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / ticks


def test_memory_stays_bounded_over_many_pages() -> None:
    most = 0
    with workers.Pool((full, fast, plain), workers=2, seconds=10, memory_mb=1024, shared=SHARED) as pool:
        for number, (_, result) in enumerate(pool.map(pages(PAGES))):
            assert isinstance(result, bytes)
            if number % 100 == 0:
                most = max([most, *(peak(worker.pid) for worker in pool.workers)])
    print(f"workers over {PAGES} pages: {most} MB at most")
    assert most < 500


def peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def articles(path: Path, count: int) -> None:
    """A batch of rows over a vocabulary as wide as a language's; one in ten is a copy of an earlier one with a new end."""
    dice = random.Random(count)
    parts = [
        "ba",
        "cor",
        "den",
        "fi",
        "gal",
        "hu",
        "jin",
        "ka",
        "lom",
        "mer",
        "no",
        "pas",
        "qui",
        "ros",
        "sten",
        "tu",
        "ver",
    ]
    words = ["".join(dice.choice(parts) for _ in range(dice.randrange(1, 5))) for _ in range(30_000)]
    weights = [1 / (n + 10) for n in range(len(words))]  # as Zipf has it

    def text(n: int) -> str:
        own = random.Random(n)
        picked = own.choices(words, weights, k=240)
        sentences = [" ".join(picked[at : at + 12]).capitalize() + "." for at in range(0, 240, 12)]
        return "\n\n".join(" ".join(sentences[at : at + 4]) for at in range(0, 20, 4))

    with gzip.open(path, "wt", compresslevel=1) as out:
        for n in range(count):
            body = text(dice.randrange(n) if n and n % 10 == 0 else n) + f"\n\nThis was report number {n} of the day."
            row = {"id": n, "url": f"https://l{n % 97}.example/{n}", "title": f"Works {n}", "text": body}
            out.write(json.dumps(row) + "\n")


RUN = """
import resource, sys
from pipeline.cli import main
try:
    main()
finally:
    me = resource.getrusage(resource.RUSAGE_SELF)
    print("cpu", round(me.ru_utime + me.ru_stime, 1), "MB", me.ru_maxrss // 1024, file=sys.stderr)
"""


def measured_run(project: Path) -> tuple[str, float]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", RUN, "run"], cwd=project, env=newsmill_env(), capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr.strip().splitlines()[-1], time.monotonic() - begun


@pytest.mark.parametrize("count", SIZES)
def test_a_batch_of_many_articles(tmp_path: Path, count: int) -> None:
    (tmp_path / "raw").mkdir()
    articles(tmp_path / "raw" / "day.jsonl.gz", count)
    used, wall = measured_run(tmp_path)
    last = json.loads((tmp_path / ".newsmill" / "last-run.json").read_text())
    lines = sum(1 for _ in (tmp_path / "clean" / "day" / "articles.jsonl").open())
    print(f"{count} articles in a batch: {wall:.0f} s, parent {used}, stages {last['seconds']}")
    assert lines == count
    assert int(used.rpartition("MB")[2]) <= 1024


def test_a_thousand_batches(tmp_path: Path) -> None:
    for n in range(1000):
        folder = tmp_path / "raw" / f"b{n:04}"
        folder.mkdir(parents=True)
        (folder / "story.html").write_text(html_page(f"Works {n}", story("Thousandhaven", n)))
    used, wall = measured_run(tmp_path)
    again_used, again_wall = measured_run(tmp_path)
    print(f"1,000 batches: {wall:.0f} s, parent {used}; again: {again_wall:.2f} s, {again_used}")
    assert len(list((tmp_path / "clean").glob("b*/records.jsonl"))) == 1000
    assert int(used.rpartition("MB")[2]) <= 1024
