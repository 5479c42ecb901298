"""The notebooks under docs/: every cell runs, in order, over the sample pages, and gives what the notebook shows."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import run_notebook  # noqa: E402

NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
MOST = 15  # lines of an output


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_gives_what_the_notebook_shows(path: Path, tmp_path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    run_notebook.project(tmp_path)
    cells = run_notebook.code(notebook)
    for cell, lines in zip(cells, run_notebook.outputs(notebook, tmp_path), strict=True):
        hint = f"if that is right: python tools/run_notebook.py {path.relative_to(ROOT)} --write"
        assert run_notebook.stored(cell) == lines, hint
        assert len(lines) <= MOST, "".join(cell["source"])


def test_a_cell_that_fails_is_noticed(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": ["1 / 0"], "outputs": []}
    with pytest.raises(ZeroDivisionError):
        list(run_notebook.outputs({"cells": [cell]}, tmp_path))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
