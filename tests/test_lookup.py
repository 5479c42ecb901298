"""pipeline/query/lookup.py and status.py: by what an article is found, what is said where it is not, and the sums."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.project import Project, open_project
from pipeline.query import lookup
from pipeline.query.status import status

from .conftest import run_newsmill, story

BRIDGE, FERRY = "https://herald.example/news/the-bridge-opens", "https://herald.example/news/the-ferry-sails"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("lookup")
    rows = [
        {"id": "1", "url": BRIDGE, "title": "Bridge", "text": story("bridge")},
        {"id": "2", "url": FERRY, "title": "Ferry", "text": story("ferry")},
        {"id": "3", "url": "https://herald.example/news/a-stub", "title": "Stub", "text": "Too short."},
    ]
    again = [{"id": "9", "url": BRIDGE, "title": "Bridge", "text": story("bridge") + "\n\nIt closed again."}]
    (root / "raw").mkdir()
    for name, batch in (("one", rows), ("two", again)):
        (root / "raw" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in batch), encoding="utf-8")
    assert run_newsmill("run", cwd=root).returncode == 0
    return open_project(root)


@pytest.mark.parametrize(
    ("wanted", "title", "batch"),
    [
        pytest.param(FERRY, "Ferry", "one", id="address"),
        pytest.param(FERRY + "?utm_source=mail#top", "Ferry", "one", id="address with a tracking parameter"),
        pytest.param(FERRY.replace("https://", "http://www."), "Ferry", "one", id="another form of the address"),
        pytest.param(f"  {FERRY}\n", "Ferry", "one", id="white space around it"),
        pytest.param(BRIDGE, "Bridge", "two", id="the latest revision"),
    ],
)
def test_an_article_is_found(project, wanted, title, batch):
    found = lookup.article(project, wanted)
    assert (found.article.title, found.batch) == (title, batch)


@pytest.mark.parametrize("length", [6, 12, 32])
def test_an_article_is_found_by_the_beginning_of_its_id(project, length):
    id = lookup.article(project, FERRY).article.id
    assert lookup.article(project, id[:length].upper()).article.id == id


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param(
            "https://herald.example/news/a-stub", "no article, skipped: too-short", id="a page that was skipped"
        ),
        pytest.param("raw/one.jsonl 3", "no article, skipped: too-short", id="a row that was skipped"),
        pytest.param(FERRY[:-1], "did you mean", id="an address with a letter missing"),
        pytest.param("bridge", "newsmill search bridge", id="a word"),
        pytest.param("ffffffffffff", "no article has this id", id="an unknown id"),
        pytest.param("raw/one.jsonl", "2 articles match", id="a file of many pages"),
    ],
)
def test_what_is_not_found_says_what_to_do(project, wanted, said):
    with pytest.raises(UsageError) as raised:
        lookup.article(project, wanted)
    assert said in str(raised.value)


def test_the_article_before_is_the_earlier_revision(project):
    newest = lookup.article(project, BRIDGE)
    row = lookup.duplicate(project, newest)
    assert row is not None and row.relation == "revision"
    before = lookup.earlier(project, newest, row)
    assert before is not None and (before.batch, before.article.id) == ("one", newest.article.id)


def test_status_adds_up_what_the_stages_counted(project):
    found = status(project)
    assert (found.batches, found.first, found.last, found.waiting) == (2, "one", "two", [])
    assert (found.pages, found.articles, found.records) == (4, 3, 3)
    assert found.skipped == {"too-short": 1}
    assert found.duplicates == {"revision": 1}


def test_a_batch_that_a_stage_has_not_finished_is_waiting(project: Project, tmp_path: Path):
    copy = tmp_path / "copy"
    shutil.copytree(project.root, copy)
    (copy / "clean" / "two" / ".tag.json").unlink()
    found = status(open_project(copy))
    assert found.waiting == ["two"]
    assert (found.batches, found.records) == (2, 3)


def test_an_empty_project_has_a_status(tmp_path):
    found = status(open_project(tmp_path))
    assert (found.batches, found.first, found.pages, found.skipped) == (0, None, 0, {})
