"""The JSON Schemas: what the stages write is valid, what is broken is not, and no file and no field is without one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import store
from pipeline.files import RECORDS
from pipeline.model import Article
from pipeline.records.schema import FILES, File, named, schema
from pipeline.records.types import meanings
from pipeline.runner import stages

from .conftest import run_newsmill
from .test_golden import FOLDER, outcome, pairs

ROOT = Path(__file__).parent.parent


def validator(file: File) -> Any:
    import jsonschema

    made = schema(file)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


VALIDATORS = {file.name: validator(file) for file in FILES}


def faults(name: str, value: Any) -> list[str]:
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in VALIDATORS[name].iter_errors(value)]


def kind_of(path: Path, clean: Path) -> str:
    """The name under which a file of clean/ has its schema."""
    if path.name.startswith("."):
        return "layout.json" if path.parent == clean else "manifest.json"
    return path.name


def values(path: Path) -> Iterator[Any]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.suffix == ".jsonl" else [path.read_text()]
    return map(json.loads, lines)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples run, with copies as records; one batch pruned."""
    root = tmp_path_factory.mktemp("samples")
    (root / "raw").symlink_to(ROOT / "raw")
    (root / "config.toml").write_text("[records]\ncopies = true\n")
    assert run_newsmill("run", "-q", "-C", root).returncode == 0
    store.write_json(
        root / "clean/2026-11-16/pruned.json", {"at": "2026-11-20T00:00:00Z", "raw": True, "records": False}
    )
    return root / "clean"


def test_every_json_file_of_the_samples_is_valid(samples: Path) -> None:
    paths = [path for path in sorted(samples.rglob("*.json*")) if path.is_file() and "index" not in path.parts]
    found = {kind_of(path, samples): 0 for path in paths}
    wrong = []
    for path in paths:
        name = kind_of(path, samples)
        for number, value in enumerate(values(path), 1):
            found[name] += 1
            wrong += [f"{path.relative_to(samples)} line {number}: {fault}" for fault in faults(name, value)]
    assert not wrong, "\n".join(wrong[:20])
    assert found.keys() == VALIDATORS.keys() and all(found.values()), found


@pytest.mark.parametrize("page", [page for page, _ in pairs(FOLDER)], ids=lambda path: path.name)
def test_what_golden_pages_become_is_valid(page: Path) -> None:
    given = json.loads(page.with_suffix(".json").read_text(encoding="utf-8")).get("given", {})
    made = outcome(page, given)
    name = "articles.jsonl" if isinstance(made, Article) else "skipped.jsonl"
    assert faults(name, json.loads(store.to_json(made))) == []


def record(samples: Path) -> dict[str, Any]:
    return next(values(samples / "2026-11-16" / RECORDS))


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        pytest.param({"schema": "newsmill.record/2"}, "schema", id="another format"),
        pytest.param({"title": 4}, "title", id="a number for a text"),
        pytest.param({"text": None}, "text", id="no text"),
        pytest.param({"authors": "Ada Brook"}, "authors", id="a text for a list"),
        pytest.param({"relation": "similar"}, "relation", id="not in the list"),
        pytest.param({"topics": [{"id": "x"}]}, "topics/0", id="half a topic"),
        pytest.param({"colour": "red"}, "colour", id="a field that there is not"),
    ],
)
def test_a_broken_record_is_found(samples: Path, broken: dict[str, Any], word: str) -> None:
    assert any(word in fault for fault in faults(RECORDS, record(samples) | broken))


def test_a_missing_key_is_found(samples: Path) -> None:
    whole = record(samples)
    for key in whole:
        assert faults(RECORDS, {name: value for name, value in whole.items() if name != key}), key


def test_every_output_of_every_stage_has_a_schema() -> None:
    assert {name for stage in stages.STAGES for name in stage.writes} <= {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_field_says_what_it_holds(file: File) -> None:
    assert file.about and all(meanings(file.row).values())


@pytest.mark.parametrize("name", ["records", "records.jsonl", "Records.JSONL"])
def test_a_file_is_named_with_or_without_its_ending(name: str) -> None:
    assert named(name).name == RECORDS


def test_the_command_prints_them() -> None:
    assert json.loads(run_newsmill("schema", "records").stdout) == schema(named("records"))
    assert len(run_newsmill("schema").stdout.splitlines()) == len(FILES)
    wrong = run_newsmill("schema", "topic.jsonl")
    assert wrong.returncode == 2 and "did you mean topics.jsonl?" in wrong.stderr
