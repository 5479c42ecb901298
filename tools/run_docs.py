"""A Markdown page -> its ```console blocks, run in a scratch project, beside what the page says they print.

In a block, a line that begins with "$ " is a command, lines after it that begin with "> " belong to it; the lines after
these are its output, stdout and stderr together. A line "..." stands for any lines, "..." within a line for any text.
Without output nothing is compared but that the command ends well; a last line "[exit 2]" is the exit code expected.
A page whose first command is `make`, `newsmill run` or `newsmill init` begins with pages in raw/ and nothing else,
every other page with a finished run.

`python tools/run_docs.py PAGE...` shows what differs; with --write it puts the real output into the page (write "?" for
an output that is not known yet).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md")), ROOT / "docs" / "reference" / "api.md"]
FRESH = ("make", "newsmill run", "newsmill init")
HOME = "/home/you"  # what pages call the folder the scratch project is in
NOW = re.compile(datetime.now(UTC).strftime("%Y-%m-%dT") + r"[\d:.-]+(Z|\+00:00)")  # changes with every run
EXIT = re.compile(r"\[exit (\d+)\]")


@dataclass(frozen=True)
class Step:
    """One command and what the page says it prints."""

    line: int  # of the command, from 1
    end: int  # of its last output line
    command: str
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    step: Step
    printed: tuple[str, ...]  # with "[exit N]" where N is not 0

    @property
    def matches(self) -> bool:
        if not self.step.expected:
            return not (self.printed and EXIT.fullmatch(self.printed[-1]))
        return matches(self.step.expected, self.printed)


def steps(text: str) -> list[Step]:
    """The commands of a page's console blocks."""
    found: list[Step] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = line.strip() == "```console"
        elif inside and line.startswith("$ "):
            found.append(Step(number, number, line[2:], ()))
        elif inside and found:
            last = found[-1]
            if (line == ">" or line.startswith("> ")) and not last.expected:
                found[-1] = Step(last.line, number, f"{last.command}\n{line[2:]}", ())
            else:
                found[-1] = Step(last.line, number, last.command, (*last.expected, line))
    return found


def matches(expected: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    parts = []
    for line in expected:
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*")
        else:
            parts.append(re.escape(line.rstrip()).replace(r"\.\.\.", ".*") + r"\n")
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


def run(page: str, folder: Path, install: Callable[[Path], None] | None = None) -> Iterator[Result]:
    """Run a page's commands one after the other in a project under `folder`; `install` writes their `newsmill`."""
    todo = steps(page)
    project = scratch(folder, fresh=bool(todo) and todo[0].command.startswith(FRESH), install=install or _install)
    cwd = project
    for step in todo:
        script = f"{step.command.replace(HOME, str(folder))}\ncode=$?\npwd > {folder}/cwd\nexit $code\n"
        done = subprocess.run(["bash", "-c", script], cwd=cwd, env=environment(folder), timeout=300, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        cwd = Path((folder / "cwd").read_text().rstrip("\n"))
        lines = done.stdout.replace(str(folder), HOME).splitlines()
        printed = tuple(line.rstrip() for line in lines)
        yield Result(step, (*printed, f"[exit {done.returncode}]") if done.returncode else printed)


def _install(tool: Path) -> None:
    tool.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pipeline "$@"\n')
    tool.chmod(0o755)


def scratch(folder: Path, *, fresh: bool, install: Callable[[Path], None]) -> Path:
    """A project "news" with the sample pages, as `newsmill init` leaves it, its chain run unless `fresh`."""
    (folder / "bin").mkdir(parents=True)
    tool = folder / "bin" / "newsmill"
    install(tool)
    project = folder / "news"
    project.mkdir()
    shutil.copytree(ROOT / "raw", project / "raw")
    newsmill = [str(tool)]
    subprocess.run([*newsmill, "init"], cwd=project, env=environment(folder), check=True, capture_output=True)
    if not fresh:
        _finish(project, [*newsmill, "run", "--quiet"], environment(folder))
    return project


def _finish(project: Path, command: list[str], env: dict[str, str]) -> None:
    """Run the chain, once in this process; later projects get a copy of what it wrote."""
    if not _finished:
        subprocess.run(command, cwd=project, env=env, check=True)
        keep = tempfile.TemporaryDirectory(prefix="newsmill-docs-")
        shutil.copytree(project, keep.name, dirs_exist_ok=True)
        _finished.append(keep)
        return
    for name in ("clean", ".newsmill"):
        shutil.copytree(Path(_finished[0].name) / name, project / name, dirs_exist_ok=True)


_finished: list[tempfile.TemporaryDirectory[str]] = []


def environment(folder: Path) -> dict[str, str]:
    path = f"{folder / 'bin'}:{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "PYTHONPATH": str(ROOT),
            "HOME": str(folder), "TZ": "UTC", "LANG": "C.UTF-8", "COLUMNS": "100", "TERM": "dumb",
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", "")}  # fmt: skip


def rewritten(page: str, results: list[Result]) -> str:
    """The page with the real output of every step that differs; a "..." line goes on standing for the middle."""
    lines = page.splitlines()
    for result in reversed(results):
        step = result.step
        if result.matches:
            continue
        new = [NOW.sub("...", line) for line in result.printed]
        if "..." in step.expected:
            cut = step.expected.index("...")
            tail = len(step.expected) - cut - 1
            new = [*new[:cut], "...", *new[len(new) - tail :]] if len(new) > cut + tail else new
        lines[step.end - len(step.expected) : step.end] = new
    return "\n".join(lines) + "\n"


def main() -> int:
    write = "--write" in sys.argv
    wrong = 0
    for path in [Path(a) for a in sys.argv[1:] if a != "--write"] or PAGES:
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            results = list(run(text, Path(folder).resolve()))
        for result in results:
            if not result.matches:
                wrong += 1
                print(f"{path}:{result.step.line}: $ {result.step.command}", *result.printed, sep="\n    ")
        if write:
            path.write_text(rewritten(text, results), encoding="utf-8")
    return 1 if wrong and not write else 0


if __name__ == "__main__":
    sys.exit(main())
