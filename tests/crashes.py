"""Runs that are killed, robbed of power or refused by the disk, and what must hold after them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp

import pytest

from .conftest import html_page, newsmill_env, story, tree

SHIM = Path(__file__).parent / "torture" / "shim.c"


@cache
def shim() -> str:
    """The library that makes calls fail. Skips the test where there is no Linux or no compiler."""
    if sys.platform != "linux" or not shutil.which("cc"):
        pytest.skip("needs Linux and a C compiler")
    library = Path(mkdtemp()) / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SHIM, "-ldl"], check=True)
    return str(library)


def raw_pages(project: Path, batches: int, edited: bool = False) -> None:
    """Batches of three pages and a text; `edited` changes a page of the first batch."""
    for b in range(batches):
        folder = project / "raw" / f"2026-11-1{b}"
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(3):
            title = f"Council votes on works number {b}{n}"
            text = story("Norhaven", 10 * b + n) if n else story("Shared Bay")
            if edited and b == 0 and n == 1:
                text += "\n\nA correction was added in the evening, after the harbour office had called twice."
            (folder / f"story{n}.html").write_text(html_page(title, text))
        (folder / "plain.txt").write_text(story("Plainfield", b))


@dataclass
class Case:
    """A project as it was after a run (`before`), with raw pages changed since, and what a next run must come to."""

    before: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    calls: int

    @cached_property
    def without(self) -> list[dict[str, bytes]]:
        """What comes out while one of the new or changed batches could not be written: the others go on without it."""
        found = []
        for name in ["2026-11-10", "2026-11-11"] if not self.old else ["2026-11-10", "2026-11-12"]:
            project = self.copy(self.before.with_name(f"without-{name}"))
            if self.old and name == "2026-11-10":
                raw_pages(project, 2)  # as it was before it changed
            else:
                shutil.rmtree(project / "raw" / name)
            done = run(project)
            assert done.returncode == 0, done.stderr
            found.append(tree(project / "clean"))
        return found

    def copy(self, to: Path) -> Path:
        shutil.copytree(self.before, to, symlinks=True)
        return to


def run(project: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "run"], cwd=project, env=newsmill_env(**env), capture_output=True, text=True,
        timeout=600, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def shimmed(project: Path, mode: str, at: int = 0, errno: int = 0) -> subprocess.CompletedProcess[str]:
    return run(
        project, LD_PRELOAD=shim(), SHIM_ROOT=str(project), SHIM_MODE=mode, SHIM_AT=str(at), SHIM_ERRNO=str(errno),
        SHIM_COUNT=str(project.with_suffix(".count")),
    )  # fmt: skip


def case(folder: Path, first: bool = False) -> Case:
    """`first`: nothing was there before; else a batch is new and a page of an old one has changed."""
    before = folder / "before"
    before.mkdir()
    if first:
        old: dict[str, bytes] = {}
        raw_pages(before, 2)
    else:
        raw_pages(before, 2)
        done = run(before)
        assert done.returncode == 0, done.stderr
        old = tree(before / "clean")
        raw_pages(before, 3, edited=True)
    whole = folder / "whole"
    shutil.copytree(before, whole)
    done = shimmed(whole, "count")
    assert done.returncode == 0, done.stderr
    return Case(before, old, tree(whole / "clean"), int((folder / "whole.count").read_text()))


def torn(case: Case, project: Path, went_on: bool = False) -> list[str]:
    """Files under clean/ that are neither what they were nor what they are to be. Hidden .tmp files are nobody's.

    `went_on`: the run could not write one batch and went on with the others, whose verdicts then know nothing of it.
    """
    states = [case.old, case.new, *(case.without if went_on else ())]
    return [
        name
        for name, data in tree(project / "clean").items()
        if not Path(name).name.endswith(".tmp")
        and data not in [state.get(name) for state in states]
        and not (name == "order.jsonl" and any(whole_lines(state.get(name, b""), data) for state in states))
    ]


def whole_lines(order: bytes, data: bytes) -> bool:
    """Whether `data` is the beginning of the order, up to a batch that was judged."""
    return order.startswith(data) and data.endswith(b"\n")


def differences(new: dict[str, bytes], project: Path) -> list[str]:
    found = tree(project / "clean")
    return sorted(name for name in new.keys() | found.keys() if new.get(name) != found.get(name))


def spread(count: int, points: int) -> Iterable[int]:
    """So many calls out of 1..count, the first and the last among them."""
    return sorted({1 + round(n * (count - 1) / max(1, points - 1)) for n in range(points)})


def complete_lines(project: Path) -> None:
    for path in (project / "clean").rglob("*.jsonl"):
        for line in path.read_bytes().splitlines():
            json.loads(line)
