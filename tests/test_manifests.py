"""Manifests kept in one file: the same answers as from the manifests themselves."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import store
from pipeline.config import Config
from pipeline.project import Project
from pipeline.runner.manifests import Manifests

KEPT = {"key": "k1", "outputs": {"articles.jsonl": "aa"}, "facts": {"hosts": ["a.example"]}, "counts": {"articles": 3}}


def projects(folder: Path, batch: str = "one") -> Project:
    project = Project(folder, Config())
    store.write_json(project.manifest_path(batch, "extract"), {**KEPT, "counts": {"articles": 3, "pages": 4}})
    manifests = Manifests(project)
    assert manifests.get(batch, "extract") == KEPT
    manifests.save(dry=False)
    return project


def path(project: Project) -> Path:
    return project.manifest_path("one", "extract")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(lambda p: None, KEPT, id="nothing changed"),
        pytest.param(lambda p: store.write_json(path(p), {**KEPT, "key": "k2"}), {**KEPT, "key": "k2"}, id="written anew"),
        pytest.param(lambda p: path(p).unlink(), None, id="gone"),
        pytest.param(lambda p: path(p).write_bytes(b"{"), None, id="damaged"),
        pytest.param(lambda p: path(p).write_bytes(path(p).read_bytes().replace(b"k1", b"k3")), {**KEPT, "key": "k3"},
                     id="written over, of the same size"),
        pytest.param(lambda p: (p.state / "manifests.json").write_bytes(b"\x00garbage"), KEPT, id="the file is garbage"),
        pytest.param(lambda p: store.write_json(p.state / "manifests.json", {"one/.extract.json": [1, 2]}), KEPT,
                     id="the file says something else"),
        pytest.param(lambda p: (p.state / "manifests.json").unlink(), KEPT, id="the file is gone"),
    ],
)  # fmt: skip
def test_a_manifest_that_changed_is_read_again(
    tmp_path: Path, change: Callable[[Project], object], found: object
) -> None:
    project = projects(tmp_path)
    change(project)
    assert Manifests(project).get("one", "extract") == found


def test_any_name_will_do(tmp_path: Path) -> None:
    batch = os.fsdecode(b"caf\xe9")
    project = projects(tmp_path, batch)
    assert Manifests(project).get(batch, "extract") == KEPT


def test_nothing_is_written_where_nothing_changed_and_in_a_dry_run(tmp_path: Path) -> None:
    project = projects(tmp_path)
    file = project.state / "manifests.json"
    before = file.stat().st_mtime_ns
    again = Manifests(project)
    again.get("one", "extract")
    again.save(dry=False)
    path(project).unlink()
    gone = Manifests(project)
    gone.get("one", "extract")
    gone.save(dry=True)
    assert file.stat().st_mtime_ns == before


def test_batches_that_went_are_forgotten(tmp_path: Path) -> None:
    project = projects(tmp_path)
    Manifests(project).save(dry=False)
    assert store.read_json(project.state / "manifests.json") == {}
