"""The registry of stages: it is complete, nothing is spelled twice, and a further stage is one declaration."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from pipeline import files, store
from pipeline.console import Console
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
    quiet = Console(quiet=True)

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
        pytest.param(
            {"key": "now", "facts": {"retry": 1}}, True, True, id="a page whose worker was killed from outside"
        ),
    ],
)
def test_what_is_stale(manifest: dict[str, object] | None, present: bool, stale: bool) -> None:
    stage = stages.STAGES[0]
    assert plan.is_stale(manifest, "now", stage.writes if present else (), stage) is stale


def test_the_locks_of_all_stages_are_made_together() -> None:
    assert set(stages.NAMES) <= set(store.LOCKS)


QUIET = Console(quiet=True)


def bring_up_to_date(project: Path, *, force: bool = False) -> run.Report:
    return run.run(open_project(project), run.Options(force=force), QUIET)


def drafts(project: Path) -> dict[str, int]:
    """Modification times of the draft cache."""
    return {path.name: path.stat().st_mtime_ns for path in (project / ".newsmill/drafts").glob("*.jsonl")}


@pytest.mark.parametrize(
    ("before", "after", "redone"),
    [
        pytest.param("[dedup]\nwarn_cluster = 40", "[dedup]\nwarn_cluster = 20", set(), id="a setting that only warns"),
        pytest.param(
            "[[site]]\nhost = 'a.example'\nexpect = ['x']", "[[site]]\nhost = 'a.example'\nexpect = ['y']", set(),
            id="what a site's test page is expected to hold",
        ),
        pytest.param("", "[[site]]\nhost = 'b.example'\ndrop = ['p.x']", {"extract": ["b"], "records": ["b"]},
                     id="a rule for one site"),
        pytest.param("", "[[site]]\nhost = 'other.example'\ndrop = ['p.x']", set(), id="a rule for a site without pages"),
        pytest.param("", "[project]\nworkers = 1", set(), id="the number of workers"),
        pytest.param("[topics]\nmax = 4", "[topics]\nmax = 5", {"tag": ["a", "b"], "records": ["a", "b"]},
                     id="a setting that decides"),
    ],
)  # fmt: skip
def test_only_what_a_setting_decides_is_done_again(tmp_path: Path, before: str, after: str, redone: object) -> None:
    for batch in ("a", "b"):
        page = tmp_path / "raw" / batch / "story.html"
        page.parent.mkdir(parents=True)
        page.write_text(html_page(f"Works at {batch}", story(f"Norhaven{batch}", 3)))
        page.with_name(page.name + ".meta.json").write_text(
            json.dumps({"url": f"https://www.{batch}.example/2026/works"})
        )
    (tmp_path / "config.toml").write_text(before)
    bring_up_to_date(tmp_path)
    (tmp_path / "config.toml").write_text(after)
    done = bring_up_to_date(tmp_path).done
    assert {stage: names for stage, names in done.items() if names} == (redone or {})
    assert not any(bring_up_to_date(tmp_path).done.values())


def test_force_uses_no_draft_of_an_earlier_run(project: Path) -> None:
    bring_up_to_date(project)
    for cached in (project / ".newsmill/drafts").glob("*.jsonl"):  # as a version with other rules would have left it
        cached.write_bytes(cached.read_bytes().replace(b"Council votes", b"Old words"))
    bring_up_to_date(project, force=True)
    records = (project / "clean/2026-11-10" / files.RECORDS).read_text()
    assert "Council votes" in records and "Old words" not in records


def test_the_drafts_of_a_new_batch_are_written_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "raw/2026-11-10/a-paper.html").write_bytes(b"")  # needs no worker
    written: list[str] = []
    atomic = store.atomic
    monkeypatch.setattr(store, "atomic", lambda path: written.append(path.parent.name) or atomic(path))
    bring_up_to_date(project)
    assert "drafts" not in written
    assert len(drafts(project)) == 2


def test_a_text_that_came_out_differently_is_reported(project: Path) -> None:
    bring_up_to_date(project)
    page = project / "raw/2026-11-10/story0.html"
    page.write_text(page.read_text().replace("Norhaven0", "Sudhaven0"))
    report = bring_up_to_date(project)
    [change] = report.changes["extract"]
    assert (change.batch, change.title) == ("2026-11-10", "Council votes on works number 0")
    assert change.was and change.now and change.was["content_hash"] != change.now["content_hash"]


def test_any_failure_of_a_batch_is_that_batchs(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    extract = stages.STAGES[0]

    def fails(work: Work) -> Result:
        if work.batch == "2026-11-10":
            raise MemoryError("no room for this batch")
        return extract.run(work)

    monkeypatch.setattr(stages, "STAGES", (replace(extract, run=fails), *stages.STAGES[1:]))
    report = bring_up_to_date(project)
    assert report.failed == {"2026-11-10": "MemoryError: no room for this batch"}
    assert (project / "clean/2026-11-11" / files.RECORDS).exists()
    assert json.loads((project / ".newsmill/last-run.json").read_text())["failed"] == report.failed
    assert "extract 2026-11-10: failed unexpectedly: MemoryError" in capsys.readouterr().err


@pytest.mark.parametrize("garbage", ["", "[]", "{}", '{"done": 3, "failed": [], "finished_at": null}', "\x00\xff"])
def test_garbage_in_last_run_is_no_last_run(project: Path, garbage: str) -> None:
    from pipeline.query import status
    from pipeline.views import project as view

    bring_up_to_date(project)
    (project / ".newsmill/last-run.json").write_text(garbage)
    (project / ".newsmill/changes.jsonl").write_text(garbage)
    found = status.status(open_project(project))
    assert found.last_run is None and found.batches == 2
    view.status(open_project(project), found)


def test_a_second_run_stays_out_when_the_state_folder_is_deleted(project: Path) -> None:
    import shutil

    locks = project / ".newsmill/locks"
    with store.hold(locks, exclusive=("extract",)):
        shutil.rmtree(project / ".newsmill")
        with pytest.raises(store.Locked):
            store.hold(locks, exclusive=("extract",))
    store.hold(locks, exclusive=("extract",)).close()
