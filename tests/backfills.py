"""What the tests of `newsmill backfill` share: a backfill in a process of its own, and what it must equal."""

from __future__ import annotations

import glob
import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import run_newsmill

MISSING = [name for name in ("pyspark", "pyarrow") if importlib.util.find_spec(name) is None]
if shutil.which("java") is None:
    MISSING.append("Java")
spark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: backfill on Spark, for want of {', '.join(MISSING)}")
slow = pytest.mark.slow

CONFIG = "[extract]\npage_seconds = 4\n"


def command(
    out: Path | str, *args: str | Path, partitions: int = 3, master: str = "local[2,4]", root: Path | None = None
) -> list[str]:
    """The arguments of `newsmill`; in `root`, else beside OUT, lies a project that has nothing but its settings."""
    root = (root or Path(out).parent) / "empty"
    root.mkdir(exist_ok=True)
    (root / "config.toml").write_text(CONFIG)
    conf = [f"--conf={name}={partitions}" for name in ("spark.sql.shuffle.partitions", "spark.default.parallelism")]
    return ["backfill", *map(str, args), "-o", str(out), "-C", str(root), "--master", master, *conf]


def backfill(
    out: Path | str, *args: str | Path, partitions: int = 3, root: Path | None = None
) -> subprocess.CompletedProcess[str]:
    done = run_newsmill(*command(out, *args, partitions=partitions, root=root), seconds=1800)
    assert done.returncode == 0, done.stderr
    return done


def adopted(out: Path, root: Path) -> Path:
    root.mkdir()
    (root / "config.toml").write_text(CONFIG)
    done = run_newsmill("import", "--backfill", out, "-C", root)
    assert done.returncode == 0, done.stderr
    return root


def tree(clean: Path) -> dict[str, bytes]:
    """Everything under clean/ but what says how the articles were extracted."""
    return {
        str(path.relative_to(clean)): path.read_bytes()
        for path in clean.rglob("*")
        if path.is_file() and path.name not in (".extract.json", "pruned.json")
    }


def lines(pattern: str) -> list[bytes]:
    return sorted(line for name in glob.glob(pattern) for line in Path(name).open("rb"))  # noqa: PTH207


def check(out: Path, local: Path, root: Path) -> None:
    """That a backfill holds what the run of a project wrote."""
    assert lines(f"{out}/records.jsonl/*/part*") == lines(f"{local}/clean/*/records.jsonl")
    mine, theirs = tree(adopted(out, root) / "clean"), tree(local / "clean")
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name] != theirs[name]] == []
    assert {file.name: file.read_bytes() for file in (root / ".newsmill/threads").iterdir()} == {
        file.name: file.read_bytes() for file in (local / ".newsmill/threads").iterdir()
    }
