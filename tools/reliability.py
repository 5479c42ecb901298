"""The checks below -> the table of docs/reliability.md: each claim with its tests, their result, time and day.

`python tools/reliability.py --write [WORD...]` runs the quick checks (those whose claim holds all the words) and renews
their rows; `--full` runs those of `make torture` as well, which take hours, and `--bounded` a part of them, which the
row says. Rows that were not run stay as they are.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- checks: python tools/reliability.py --write -->\n", "<!-- end of checks -->\n"
HEAD = "| what happens, and what must hold | tests | result | CPU s | day |\n|---|---|---|---|---|\n"


NOT_RUN = ("part of `make test-slow` or `make test`", "part of `make torture`")


@dataclass(frozen=True)
class Check:
    """A claim, and what `pytest -o addopts=` is given to show it."""

    claim: str
    tests: tuple[str, ...]
    word: str = ""  # for -k
    torture: bool = False
    bounds: str = ""  # variables that make a check of make torture take minutes

    @property
    def command(self) -> str:
        chosen = f' -k "{self.word}"' if self.word else ""
        return f"`{' '.join(self.tests)}{chosen}`"


CRASH, MAKE, WORKERS, REMOVAL = (f"tests/test_{name}.py" for name in ("crash", "make", "workers", "removal"))
FETCH, CALLS = "tests/fetch/test_run.py", "tests/torture/test_crash.py"
CHECKS = (
    Check(
        "SIGKILL or a power cut at chosen calls: no torn file, the next run ends with the bytes of a whole one",
        (CRASH,),
        "run_that_dies",
    ),
    Check(
        "ENOSPC, EIO, EROFS: exit 1 in words, no torn file; refused once, one batch waits for the next run",
        (CRASH,),
        "disk_that_refuses",
    ),
    Check(
        "a small disk, full of bytes or of names: exit 1 in words, goes on when there is room", (CRASH,), "small_disk"
    ),
    Check(
        "disks mounted read-only, folders without permission: exit 1 in words; `raw/` need not be writable",
        (CRASH,),
        "read_only or may_not_be_written",
    ),
    Check(
        "an index cut, emptied, scribbled over or gone: noticed, built again, said; the same bytes",
        (CRASH,),
        "damaged_index",
    ),
    Check(
        "state files and manifests that hold something else: no traceback, the same bytes",
        (CRASH,),
        "state_files or damaged_order",
    ),
    Check(
        "`.newsmill` deleted during a run: no second run gets in, the first ends rightly or says so",
        (CRASH,),
        "state_folder_deleted",
    ),
    Check("SIGTERM, Ctrl-C: exit 143 and 130, one line on stderr", (CRASH,), "is_stopped"),
    Check("eight runs started together: one works, seven leave with 75 and one line", (CRASH,), "eight_runs"),
    Check(
        "an owner killed while its workers live: its lock is free at once, `--wait` gets its turn",
        (CRASH,),
        "dead_owner",
    ),
    Check(
        "make killed with all its children, at four moments: the next one finishes to the same bytes",
        (MAKE,),
        "killed_with",
    ),
    Check(
        "a clock that was ahead: make neither loops nor skips work, fetch asks again", (MAKE, FETCH, REMOVAL), "ahead"
    ),
    Check(
        "a worker that dies, hangs, hoards or babbles: its task alone is lost",
        (WORKERS,),
        "dies or for_ever or outside",
    ),
    Check(
        "the fork server killed, also while it starts: replaced three times, then words",
        (WORKERS,),
        "fork_server or killed_is_replaced",
    ),
    Check(
        "88 monsters of 20 KB: the story comes out, the neighbours are byte-identical",
        ("tests/test_hostile.py",),
        "monster or neighbours or ledger",
    ),
    Check(
        "what pages say reaches no terminal as a command and no CSV file as a formula",
        ("tests/test_hostile.py",),
        "terminal or formula",
    ),
    Check(
        "raw files of every kind, cut, damaged or odd: what is whole is read, the rest is in the ledger",
        ("tests/test_pages.py", "tests/test_warc.py", "tests/test_readers.py"),
    ),
    Check(
        "`clean`, `prune`, `forget`: what was asked for goes and nothing else, also when killed",
        (REMOVAL, "tests/test_removal_wacz.py"),
    ),
    Check(
        "files made to cost time or memory: given up within seconds, and the ledger says so",
        ("tests/test_reading_costs.py",),
    ),
    Check("an export that the disk has no room for: one line, the old file stays", ("tests/export/test_full_disk.py",)),
    Check("stdin, stdout, stderr closed, full or hung up", ("tests/test_streams.py",)),
    Check(
        "hostile servers cost their deadline; no private address is asked",
        ("tests/fetch/test_client.py",),
        "hostile or bombs or private or public or metadata",
    ),
    Check("fetch killed: nothing lost, nothing twice", (FETCH,), "killed or stopped or leftover or damaged"),
    Check("SIGKILL at every call, first and later run", (CALLS,), "every_call and kill", True, "TORTURE_EVERY=24"),
    Check("power cut at every call, first and later run", (CALLS,), "every_call and power", True, "TORTURE_EVERY=24"),
    Check("SIGKILL of the whole group at random moments", (CALLS,), "random_moments", True, "TORTURE_MOMENTS=16"),
    Check("ENOSPC, EIO, EROFS from or at every twelfth call", (CALLS,), "refuses", True, "TORTURE_EVERY=8"),
    Check("fetch killed fifty times", ("tests/torture/test_fetch.py",), "", True, "TORTURE_KILLS=5"),
    Check(
        "90 monsters of up to 11 MB: the story comes out of all but two, whose text is cut and flagged",
        ("tests/torture/test_monsters.py",),
        torture=True,
    ),
)


def row(check: Check, result: str, seconds: float, day: str) -> str:
    return f"| {check.claim} | {check.command} | {result} | {seconds:.0f} | {day} |\n"


def unknown(check: Check) -> str:
    """The row of a check that this script has not run yet: the tests are there, a figure is not."""
    return f"| {check.claim} | {check.command} | {NOT_RUN[check.torture]} | | |\n"


def run(check: Check, *, bounded: bool) -> str:
    """The row of a check that was run now."""
    bounds = dict(part.split("=") for part in check.bounds.split()) if bounded else {}
    before = _cpu()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *check.tests]
    if check.word:
        command += ["-k", check.word]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **bounds}, capture_output=True, text=True)
    found = re.findall(r"\d+ (?:passed|failed|skipped|error)", done.stdout.rstrip().rpartition("\n")[2])
    if done.returncode:
        sys.stderr.write(done.stdout[-3000:])
    result = (", ".join(found) or f"exit {done.returncode}") + (f" (`{check.bounds}`)" if bounds else "")
    return row(check, result, _cpu() - before, f"{datetime.now(UTC):%Y-%m-%d}")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(text: str) -> dict[str, str]:
    """claim -> its row, as the page has it."""
    table = text.partition(BEGIN)[2].partition(END)[0].removeprefix(HEAD)
    lines = [line for line in table.splitlines(keepends=True) if line.startswith("| ")]
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}


def machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} on {platform.machine()}, {cores} cores, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only checks whose claim holds all of them")
    parser.add_argument("--write", action="store_true", help="into docs/reliability.md")
    parser.add_argument("--full", action="store_true", help="also those of make torture")
    parser.add_argument("--bounded", action="store_true", help="also a part of those of make torture")
    asked = parser.parse_args()
    for check in CHECKS:
        if (check.torture and not asked.full and not asked.bounded) or not all(
            word in check.claim for word in asked.words
        ):
            continue
        line = run(check, bounded=asked.bounded)
        sys.stdout.write(line)
        if asked.write:  # after each: a run that is stopped has written what it did
            text = PAGE.read_text(encoding="utf-8")
            known = {**rows(text), check.claim: line}
            table = "".join(known.get(c.claim) or unknown(c) for c in CHECKS)
            before, after = text.partition(BEGIN)[0], text.partition(END)[2]
            PAGE.write_text(
                f"{before}{BEGIN}{HEAD}{table}\nLast run on: {machine()}.\n\n{END}{after}", encoding="utf-8"
            )


if __name__ == "__main__":
    main()
