"""A notebook's code cells, run in order in one process beside an export of the sample pages.

`python tools/run_notebook.py NOTEBOOK` says where outputs differ from those in the notebook; with --write it puts the
real ones in. Each cell's output is what it prints and the value of its last line, as text.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def project(folder: Path) -> None:
    """The sample pages, run, in a project of their own."""
    (folder / "raw").symlink_to(ROOT / "raw")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "pipeline", "run", "-q"], cwd=folder, env=env, check=True)


def outputs(notebook: dict[str, Any], folder: Path) -> Iterator[list[str]]:
    """The lines that each code cell gives. A cell that fails raises what it raised."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(folder):
        for number, cell in enumerate(code(notebook), 1):
            yield run("".join(cell["source"]), names, f"cell {number}")


def code(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(source: str, names: dict[str, Any], where: str) -> list[str]:
    """Lines that begin with `!` are commands of the shell, as in Jupyter."""
    commands = [line.removeprefix("!") for line in source.splitlines() if line.startswith("!")]
    printed = io.StringIO()
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for command in commands:
        done = subprocess.run(command, shell=True, check=True, env=env, capture_output=True, text=True)  # noqa: S602
        printed.write(done.stdout)
    tree = ast.parse("\n".join(line for line in source.splitlines() if not line.startswith("!")))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, where, "exec"), names)
        value = eval(compile(ast.Expression(last.value), where, "eval"), names) if last else None  # type: ignore[attr-defined]  # noqa: S307
        if value is not None:
            print(repr(value))
    return [line.rstrip() for line in printed.getvalue().splitlines()]


def stored(cell: dict[str, Any]) -> list[str]:
    """The lines that the notebook says a cell gives."""
    return [line.rstrip() for output in cell["outputs"] for line in "".join(output["text"]).splitlines()]


def main() -> None:
    path, write = Path(sys.argv[1]), "--write" in sys.argv
    notebook = json.loads(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        project(Path(folder))
        for cell, lines in zip(code(notebook), outputs(notebook, Path(folder)), strict=True):
            if stored(cell) != lines:
                print("\n".join(["".join(cell["source"]), "gives:", *lines, ""]))
            text = [f"{line}\n" for line in lines]
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}] if lines else []
    if write:
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
