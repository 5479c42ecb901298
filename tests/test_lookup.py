"""pipeline/query/lookup.py and status.py: by what an article is found, what is said where it is not, and the sums."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline import id_index
from pipeline.errors import UsageError
from pipeline.files import ARTICLES
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


def _changed_by_hand(project: Project) -> None:
    path = project.clean / "one" / ARTICLES
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(reversed(lines)))


def _damaged(project: Project) -> None:
    for path in (project.state / id_index.FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda project: None, id="as a run leaves it"),
        pytest.param(lambda project: shutil.rmtree(project.state), id="no state folder"),
        pytest.param(_changed_by_hand, id="the articles were changed by hand"),
        pytest.param(_damaged, id="the index is damaged"),
        pytest.param(lambda project: (project.state / id_index.FOLDER / "one").write_bytes(b""), id="an empty index"),
    ],
)
def test_the_index_of_ids_never_hides_an_article(project, tmp_path, change):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    copy = open_project(root)
    id_index.update(copy)
    change(copy)
    everything = [(batch, line) for batch, path in copy.articles() for line in path.read_bytes().splitlines(True)]
    assert len(everything) == 3
    prefixes = {line[7 : 7 + long].decode() for _, line in everything for long in range(33)}
    for prefix in (*prefixes, "g", "00_0", "f" * 32, "0" * 20):
        start = b'{"id":"' + prefix.encode()
        assert list(id_index.lines(copy, prefix)) == [(b, line) for b, line in everything if line.startswith(start)]
    id_index.update(copy)
    assert {path.name for path in (copy.state / id_index.FOLDER).iterdir()} == {"one", "two"}


def test_the_index_of_a_batch_that_is_gone_goes_with_it(project, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    (root / "raw/two.jsonl").unlink()
    run_newsmill("run", cwd=root)
    assert [path.name for path in (root / ".newsmill" / id_index.FOLDER).iterdir()] == ["one"]


@pytest.mark.parametrize("gone", [".newsmill", f".newsmill/{id_index.FOLDER}"], ids=["state folder", "index"])
def test_the_next_run_makes_the_index_of_ids_again(project, tmp_path, gone):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    shutil.rmtree(root / gone)
    run_newsmill("run", cwd=root)
    assert {path.name for path in (root / ".newsmill" / id_index.FOLDER).iterdir()} == {"one", "two"}
