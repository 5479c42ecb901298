"""The registry of stages: it is complete, nothing is spelled twice, and a further stage is one declaration."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from pipeline import files, store
from pipeline.console import Talk
from pipeline.project import open_project
from pipeline.runner import plan, run, stages
from pipeline.stage import Result, Stage, Work

from .conftest import html_page, story

ROOT = Path(__file__).parent.parent
NAMES = {value for name, value in vars(files).items() if name.isupper()}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "pipeline").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_names_of_files_are_spelled_in_one_place(path: Path) -> None:
    if path == ROOT / "pipeline/files.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    spelled = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs
        and any(node.value == name or node.value.endswith("/" + name) for name in NAMES)
    ]
    assert not spelled, "take it from pipeline/files.py"


def test_every_file_a_stage_reads_is_written_by_an_earlier_one() -> None:
    written: set[str] = set()
    for stage in stages.STAGES:
        assert set(stage.reads) <= written, stage.name
        written |= set(stage.writes)


def test_a_record_is_joined_from_the_files_that_its_stage_reads() -> None:
    from pipeline.records.fields import FIELDS, FILES, JOINED, Run

    assert set(stages.named(["records"])[0].reads) == set(FILES)
    assert {field.origin for field in FIELDS} <= {*FILES.values(), Run}
    assert set(JOINED) == set(FILES.values()) - {type(None)} - {next(iter(FILES.values()))}


LENGTHS = "lengths.jsonl"


def _lengths(work: Work) -> Result:
    """Number of words of each article, and which batches came before: a stage as somebody may add one."""
    folder = work.project.clean / work.batch
    with store.writer(folder / LENGTHS) as write:
        for row in store.rows(folder / files.ARTICLES):
            write({"id": row["id"], "words": len(row["text"].split()), "earlier": list(work.earlier)})
    return Result({LENGTHS: write.sha256}, {"measured": write.rows})


def test_a_stage_is_added_by_one_declaration(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = Stage("lengths", 1, lambda config, facts: (), reads=(files.ARTICLES,), writes=(LENGTHS,), run=_lengths,
                  sequential=True)  # fmt: skip
    monkeypatch.setattr(stages, "STAGES", (*stages.STAGES[:3], extra, *stages.STAGES[3:]))
    names = tuple(stage.name for stage in stages.STAGES)
    quiet = Talk(quiet=True)

    def again(only: tuple[str, ...] = names) -> dict[str, list[str]]:
        return run.run(open_project(project), run.Options(only), quiet).done

    assert again()["lengths"] == ["2026-11-10", "2026-11-11"]
    rows = [json.loads(line) for line in (project / "clean/2026-11-11" / LENGTHS).read_text().splitlines()]
    assert [row["earlier"] for row in rows] == [["2026-11-10"]] * 2
    assert again()["lengths"] == []
    (project / "raw/2026-11-10/story3.html").write_text(html_page("Another", story("Sudhaven", 7)))
    assert again()["lengths"] == ["2026-11-10", "2026-11-11"], "the keys of a sequential stage are a chain"
    (project / "clean/2026-11-11" / LENGTHS).unlink()
    assert again(("lengths",))["lengths"] == ["2026-11-11"]


@pytest.mark.parametrize(
    ("manifest", "present", "stale"),
    [
        pytest.param(None, True, True, id="never done"),
        pytest.param({"key": "now"}, True, False, id="up to date"),
        pytest.param({"key": "before"}, True, True, id="another key"),
        pytest.param({"key": "now"}, False, True, id="its output is gone"),
    ],
)
def test_what_is_stale(manifest: dict[str, str] | None, present: bool, stale: bool) -> None:
    stage = stages.STAGES[0]
    assert plan.is_stale(manifest, "now", stage.writes if present else (), stage) is stale
