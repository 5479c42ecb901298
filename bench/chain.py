"""CPU seconds of the whole chain over pages of HTML, beside trafilatura's command over the same files.

    python bench/chain.py GOLD_DIR... [--pages 800] [--workers 2] [--only newsmill|trafilatura]

GOLD_DIR holds html/KEY.html.gz. Whole processes with all their children; `parent` is the part of newsmill that is done
in one process, whatever the number of workers, so 1 / (its seconds a page) bounds the pages a second.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = """
import resource, sys
from pathlib import Path
from pipeline.config import load
from pipeline.console import Console
from pipeline.project import Project
from pipeline.runner.run import Options, run
root = Path(sys.argv[1])
for name in ("extract", "dedup", "tag", "threads", "records"):
    before = resource.getrusage(resource.RUSAGE_SELF)
    run(Project(root, load(root / "config.toml")), Options(stages=[name]), Console(quiet=True))
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(name, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=["newsmill", "trafilatura"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        count, size = copied(args.gold, root / "raw/pages", args.pages)
        print(f"{count} pages, {size / 1e6:.0f} MB")
        ours = theirs = 0.0
        if args.only != "trafilatura":
            ours = newsmill(root, count, args.workers)
        if args.only != "newsmill":
            theirs = trafilatura(root, count, args.workers)
        if ours and theirs:
            print(f"newsmill / trafilatura {ours / theirs:.2f}")


def copied(folders: list[Path], to: Path, most: int) -> tuple[int, int]:
    """Unpack as many pages, chosen by their names alone; returns their number and bytes."""
    to.mkdir(parents=True)
    pages = [path for folder in folders for path in folder.glob("html/*.html.gz")]
    pages.sort(key=lambda path: hashlib.sha256(path.name.encode()).digest())
    size = 0
    for number, path in enumerate(pages[:most]):
        body = gzip.decompress(path.read_bytes())
        (to / f"{number:05}.html").write_bytes(body)
        size += len(body)
    return len(pages[:most]), size


def newsmill(root: Path, count: int, workers: int) -> float:
    (root / "config.toml").write_text(f"[project]\nworkers = {workers}\n")
    process = subprocess.Popen([sys.executable, "-c", RUN, str(root)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    parts = {name: float(seconds) for name, seconds in (line.split() for line in process.stdout)}
    total, parent = spent(process), sum(parts.values())
    print(f"newsmill     {total:6.1f} CPU s, {1000 * total / count:.1f} ms a page; parent {parent:.1f} s: at most "
          f"{count / parent:.0f} pages/s ({', '.join(f'{name} {s:.1f}' for name, s in parts.items())})")  # fmt: skip
    return total


def trafilatura(root: Path, count: int, workers: int) -> float:
    command = [str(Path(sys.executable).with_name("trafilatura")), "--input-dir", str(root / "raw/pages"),
               "--output-dir", str(root / "out"), "--json", "--with-metadata", "--parallel", str(workers)]  # fmt: skip
    total = spent(subprocess.Popen(command, stderr=subprocess.DEVNULL))
    made = sum(1 for path in (root / "out").rglob("*") if path.is_file())
    print(f"trafilatura  {total:6.1f} CPU s, {1000 * total / count:.1f} ms a page; {made} files")
    return total


def spent(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> float:
    """CPU seconds of a process and all that it waited for."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.args
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
