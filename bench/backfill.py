"""What a backfill costs: CPU of each step's function, and what Spark shuffles, at several sizes of an invented archive.

python -m bench.backfill cost [ROWS]          CPU milliseconds an article, one process, no Spark
python -m bench.backfill grow ROWS ROWS ...   on local[2]: CPU of all processes and shuffled bytes of each step, and how
                                              they grow: the exponent of a power of the number of articles
python -m bench.backfill same ROWS ROWS ...   the same, each beside `newsmill run` on the same rows: equal records, CPU

In place of ROWS, `grow` and `same` also take the folder of a project, and read its raw/.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from bench import archive
from bench.growth import exponent
from pipeline import extract, store
from pipeline.backfill import inputs, plan, run, sequence, steps
from pipeline.config import Config
from pipeline.dedup.candidates import Keys, candidates
from pipeline.extract.boilerplate import Counter as Repeated
from pipeline.extract.boilerplate import Repeats
from pipeline.model import Page, Skipped
from pipeline.pages import read_named
from pipeline.project import Project, open_project

PER_DAY = 1000
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LONGEST = 4  # paragraphs: texts of some 120 words


class Clock:
    """CPU seconds of this process by step."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def list(self, name: str, rows: Iterable[Any]) -> list[Any]:
        before = time.process_time()
        found = list(rows)
        self.spent[name] = time.process_time() - before
        return found


def cost(count: int, html: float) -> None:
    cfg, clock = Config(), Clock()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        archive.write(root / "raw", count, PER_DAY, html=html, longest=LONGEST)
        files = plan.batches(inputs.local([f"{root}/raw/*"], Project(root, cfg)))
        places = [(n, file) for n, batch in enumerate(files) for file in batch.files]
        pages = clock.list("read", (
            (plan.number(n, k), n, page)
            for n, file in places
            for k, page in enumerate(read_named(Path(file.place), Path(file.raw), file.name, cfg.extract.max_bytes))
        ))  # fmt: skip
    extract.draft(next(p for _, _, p in pages if isinstance(p, Page)), cfg.extract)  # imports are not counted
    drafts = clock.list("extract", ((n, b, extract.draft(p, cfg.extract)) for n, b, p in pages if isinstance(p, Page)))
    good = [(n, b, draft) for n, b, draft in drafts if not isinstance(draft, Skipped)]

    def counted() -> Iterator[Repeats]:
        counters: dict[int, Repeated] = defaultdict(Repeated)
        for _, batch, draft in good:
            counters[batch].add(draft)
        for counter in counters.values():
            yield counter.finish()

    repeats = clock.list("repeats", counted())
    packed = {(b, s): steps.packed_repeats(repeats[b], s) for b, s in {(b, d.meta.source or "") for _, b, d in good}}
    lines = [(n, b, d.meta.source, store.to_json(d), packed[b, d.meta.source or ""]) for n, b, d in good]
    list(steps.articles(lines[:2], cfg))
    made = [row for row in clock.list("articles, tags, keys", steps.articles(lines, cfg)) if row[0] == "article"]
    parts = [(row[6], np.full(len(row[6]), n, np.int32), row[7]) for n, row in enumerate(made)]
    keys, none = Keys.joined(parts), np.zeros(0, np.int64)
    best = candidates(keys, 0, lambda keys: (none.astype(np.int32), none, none))
    pairs = [
        (me, other, made[me if other < 0 else other][4])
        for me in sorted(set(best.article.tolist()))
        for other in (-1, *sorted(best.of(me)))
    ]
    matches = clock.list("compare", steps.matches(pairs, cfg.dedup))
    rows = [(0, n, -1, row[3], row[4], *[None] * 7) for n, row in enumerate(made)]  # all in one component
    rows += [(0, me, other, id, None, *rest) for me, other, id, *rest in matches]
    labels = sorted(rows, key=lambda row: row[:3])
    verdicts = {me: cluster for me, cluster, _ in clock.list("verdicts", steps.verdicts(labels))}
    heads = set(verdicts.values())
    wanted = [(n, row[2], row[3], verdicts.get(n), row[3] in heads, row[4]) for n, row in enumerate(made)]
    list(steps.stories(wanted[:2]))
    terms = clock.list("stories", steps.stories(wanted))
    threads = clock.list("threads, in order", sequence.threads(terms, cfg.threads))
    joined = ((row[4], row[5], None, thread) for row, (_, thread) in zip(made, threads, strict=True))
    clock.list("records", steps.records(joined, cfg))
    print(f"{count} rows, {html:.0%} HTML: {len(made)} articles, {len(best.article)} pairs, {len(matches)} matches")
    for name, seconds in clock.spent.items():
        print(f"  {name:24} {1000 * seconds / len(made):8.3f} ms of CPU an article")


def grow(targets: Sequence[str], compare: bool) -> None:
    """Each target is a number of rows to invent, or the folder of a project with raw/."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    sizes: list[int] = []
    for target in targets:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            root = work if target.isdecimal() else Path(target)
            if target.isdecimal():
                archive.write(root / "raw", int(target), PER_DAY, longest=LONGEST)
            report, summed = measured(root, work)
            sizes.append(report.articles + report.skipped)
            print(f"{target}: {report}", flush=True)
            for name, sums in summed.items():
                for what, value in sums.items():
                    found[name][what].append(value)
            if compare:
                same(root, work / "out", summed["all"]["CPU ms"] / 1000)
    show(sizes, found)


def measured(root: Path, work: Path) -> tuple[run.Report, dict[str, Counter[str]]]:
    """A backfill of root/raw into work/out, and what each of its steps took; under "all" their sum."""
    (work / "log").mkdir()
    conf = {"spark.sql.shuffle.partitions": "8", "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file://{work}/log", "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false"}  # fmt: skip
    spent, names = [tree_cpu()], []

    def step(text: str) -> None:
        spent.append(tree_cpu())
        names.append(text.partition(":")[0])

    # Python workers that Spark ends leave newsmill's processes behind: let them fall to this one, not out of the count.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    report = run.run(open_project(root), [f"{root}/raw/*"], f"{work}/out", run.Options("local[2,4]", conf, True), step)
    summed = events(next((work / "log").iterdir()))
    for name, (before, after) in zip(names, pairwise(spent), strict=True):
        summed[name]["CPU ms"] = 1000 * (after - before)
    summed["all"] = sum(summed.values(), Counter())
    return report, summed


def same(root: Path, out: Path, cpu: float) -> None:
    """Bring the project up to date by `newsmill run`; print whether its records are those of the backfill."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "pipeline", "run", "-q", "-C", root, "--wait", "86400"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    local = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    theirs, mine = sorted_lines(root.glob("clean/*/records.jsonl")), sorted_lines(out.glob("records.jsonl/*/part*"))
    print(f"{len(theirs)} records of the run, {len(mine)} of the backfill: "
          f"{'EQUAL' if theirs == mine else 'DIFFERENT'} byte for byte once sorted; "
          f"CPU of the run {local:.0f} s, of the backfill {cpu:.0f} s", flush=True)  # fmt: skip
    if theirs != mine:
        first = next((pair for pair in zip_longest(theirs, mine) if pair[0] != pair[1]), None)
        raise SystemExit(f"the first that differs: {first}")


def sorted_lines(paths: Iterable[Path]) -> list[bytes]:
    return sorted(line for path in paths for line in path.open("rb"))


def tree_cpu() -> float:
    """CPU seconds of this process and all below it, also of those that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(pid)], ticks[int(pid)] = int(stat[1]), sum(map(int, stat[11:15]))
    mine = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(ticks[pid] for pid in mine) / os.sysconf("SC_CLK_TCK")


def show(sizes: Sequence[int], found: dict[str, dict[str, list[float]]]) -> None:
    """An article's share at each size; what each further article took between the last two; the exponent."""
    for step, sums in found.items():
        for name, values in sums.items():
            if len(values) == len(sizes) and values[-1] / sizes[-1] >= 1 / 20:
                each = "  ".join(f"{value / rows:10.2f}" for value, rows in zip(values, sizes, strict=True))
                print(f"{step:12} {name:15} an article: {each}   exponent {exponent(sizes, values):.2f}", end="")
                print(f"   further {further(sizes, values):.2f}" if len(sizes) > 1 else "")


def further(sizes: Sequence[int], values: Sequence[float]) -> float:
    """What one more article takes, without what a start takes: between the last two sizes."""
    return (values[-1] - values[-2]) / (sizes[-1] - sizes[-2])


def events(path: Path) -> dict[str, Counter[str]]:
    """An event log of Spark -> what each step took, summed over its tasks."""
    step: dict[int, str] = {}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with path.open() as file:
        for line in file:
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart":
                name = (event.get("Properties") or {}).get("spark.job.description") or "other"
                for stage in event["Stage IDs"]:
                    step.setdefault(stage, name)
            elif event["Event"] == "SparkListenerTaskEnd" and (metrics := event.get("Task Metrics")):
                sums = found[step.get(event["Stage ID"], "other")]
                sums["task ms"] += metrics["Executor Run Time"]
                sums["JVM CPU ms"] += metrics["Executor CPU Time"] / 1e6
                sums["shuffled bytes"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                sums["written bytes"] += metrics["Output Metrics"]["Bytes Written"]
    return found


if __name__ == "__main__":
    if sys.argv[1:2] in (["grow"], ["same"]):
        grow(sys.argv[2:], sys.argv[1] == "same")
    else:
        for share in (0.0, 1.0):
            cost(int(sys.argv[2]) if len(sys.argv) > 2 else 1000, share)
