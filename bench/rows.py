"""CPU seconds and memory of each stage over one batch of many rows of text, and how both grow with their number.

python bench/rows.py 10000 40000 [--kill 3] [--keep DIR]
    One batch of so many invented rows through the whole chain, each stage in a process of its own. With --kill the
    whole chain in one process, killed (SIGKILL, all its processes) so many times at moments spread over it and started
    again: it must give the same bytes. `growth`: the exponent between one number of rows and the next; 1 is linear.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive import Archive
from growth import exponent

HERE = Path(__file__).parent
NAMES = ("extract", "dedup", "tag", "threads", "records")

ONE = """
import sys
from pathlib import Path
from pipeline.console import Console
from pipeline.project import Project
from pipeline.config import load
from pipeline.runner.run import Options, run
root = Path(sys.argv[1]).resolve()
report = run(Project(root, load(root / "config.toml")), Options(stages=sys.argv[2].split(",")), Console(quiet=True))
sys.exit(bool(report.failed))
"""
SAMPLE = 0.5  # seconds between two looks at the processes


@dataclass
class Cost:
    """What one command took."""

    cpu: float = 0.0
    parent: float = 0.0  # MB, the most it held at once
    each: float = 0.0  # MB, the largest of the other processes
    all: float = 0.0  # MB, all processes together; pages that several share are counted once
    wall: float = 0.0
    exit: int = 0


@dataclass
class Watch:
    """Looks at a process and its descendants until it ends."""

    pid: int
    cost: Cost = field(default_factory=Cost)

    def look(self) -> None:
        together = 0.0
        for pid in family(self.pid):
            with suppress(OSError, ValueError):
                own = fields(f"/proc/{pid}/status").get("VmHWM", 0) / 1024
                together += fields(f"/proc/{pid}/smaps_rollup").get("Pss", 0) / 1024
                if pid == self.pid:
                    self.cost.parent = max(self.cost.parent, own)
                else:
                    self.cost.each = max(self.cost.each, own)
        self.cost.all = max(self.cost.all, together)


def family(root: int) -> list[int]:
    """A process and all below it."""
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
    return found


def fields(path: str) -> dict[str, int]:
    """The numbers (kB) of a file of /proc."""
    rows = (line.split() for line in Path(path).read_text().splitlines()[1:])
    return {row[0].rstrip(":"): int(row[1]) for row in rows if row[-1:] == ["kB"]}


def measured(command: list[str], kill_after: float | None = None) -> Cost:
    """Run a command to its end, or kill it and all its processes after some seconds."""
    started = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True, cwd=HERE.parent)
    watch = Watch(process.pid)
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE):
            watch.look()
            if kill_after is not None and time.monotonic() - started > kill_after:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    thread = threading.Thread(target=sample)
    thread.start()
    _, status, usage = os.wait4(process.pid, 0)
    ended.set()
    thread.join()
    cost = watch.cost
    cost.parent = cost.parent or usage.ru_maxrss / 1024  # of one that ended before it was looked at
    cost.cpu, cost.wall = usage.ru_utime + usage.ru_stime, time.monotonic() - started
    cost.exit = os.waitstatus_to_exitcode(status)
    return cost


def make(root: Path, count: int) -> None:
    """A project of one batch."""
    (root / "raw").mkdir(parents=True)
    (root / "config.toml").touch()
    with (root / "raw/rows.jsonl").open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows(count))


def rows(count: int) -> Iterator[dict[str, object]]:
    """Days of 10,000 rows in one batch: a copy's original lies in the last four of them."""
    archive = Archive(longest=2, sentences=(1, 2))  # 60 to 100 words
    for _, day in archive.days(count, 10_000):
        yield from day


def stage(root: Path, names: str) -> list[str]:
    return [sys.executable, "-c", ONE, str(root), names]


def bytes_of(clean: Path) -> dict[str, str]:
    """Every file under clean/ -> its hash."""
    return {
        str(path.relative_to(clean)): hashlib.file_digest(path.open("rb"), "sha256").hexdigest()
        for path in sorted(clean.rglob("*"))
        if path.is_file()
    }


def grow(folder: Path, counts: list[int]) -> None:
    before: tuple[int, dict[str, Cost]] | None = None
    for count in counts:
        root = folder / str(count)
        make(root, count)
        costs: dict[str, Cost] = {}
        for name in NAMES:
            cost = costs[name] = measured(stage(root, name))
            growth = ""
            if before:
                growth = f"growth {exponent((before[0], count), (before[1][name].cpu, cost.cpu)):5.2f}"
            print(f"{count:8} rows  {name:8} {cost.cpu:8.1f} CPU s  {1000 * cost.cpu / count:6.3f} ms each  "
                  f"parent {cost.parent:5.0f} MB  others {cost.each:4.0f} MB  together {cost.all:5.0f} MB  {growth}"
                  f"{'' if not cost.exit else f'  EXIT {cost.exit}'}", flush=True)  # fmt: skip
        total = sum(cost.cpu for cost in costs.values())
        print(f"{count:8} rows  {'all':8} {total:8.1f} CPU s  {1000 * total / count:6.3f} ms each", flush=True)
        before = count, costs


def killed(folder: Path, count: int, kills: int) -> None:
    """The whole chain, killed and started again; the bytes are those of a run that nobody killed."""
    root = folder / f"killed-{count}"
    make(root, count)
    whole = folder / str(count)
    seconds = 0.0 if not kills else measured_once(whole, count).wall
    for number in range(kills):
        after = seconds * (number + 1) / (kills + 1) / (1 if not number else kills)
        cost = measured(stage(root, ",".join(NAMES)), kill_after=max(1.0, after))
        print(f"killed after {cost.wall:.0f} s: exit {cost.exit}, {cost.all:.0f} MB", flush=True)
    cost = measured(stage(root, ",".join(NAMES)))
    same = bytes_of(root / "clean") == bytes_of(whole / "clean")
    print(f"resumed: exit {cost.exit}, {cost.wall:.0f} s, {cost.all:.0f} MB; the bytes of clean/ are "
          f"{'the same' if same else 'OTHERS'}", flush=True)  # fmt: skip


def measured_once(root: Path, count: int) -> Cost:
    if not root.exists():
        make(root, count)
    for path in (root / "clean", root / ".newsmill"):
        subprocess.run(["rm", "-rf", str(path)], check=True)
    return measured(stage(root, ",".join(NAMES)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--kill", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the projects here and leave them")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (args.keep or Path(temporary)).resolve()
        if args.kill:
            for count in args.rows:
                killed(folder, count, args.kill)
        else:
            grow(folder, args.rows)


if __name__ == "__main__":
    main()
