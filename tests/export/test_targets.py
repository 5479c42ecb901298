"""What export and report write never replaces the project's own files, nor a file of another program unasked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.project import check_target, open_project

from ..conftest import html_page, run_newsmill, story


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "raw" / "day").mkdir(parents=True)
    (tmp_path / "raw/day/a.html").write_text(html_page("The Harbour reopens", story("Harbour")))
    (tmp_path / "config.toml").write_text("[extract]\nmin_words = 20\n")
    (tmp_path / "forgotten.jsonl").write_text("")
    assert run_newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    return tmp_path


OWN = [
    pytest.param("config.toml", id="settings"),
    pytest.param("forgotten.jsonl", id="tombstones"),
    pytest.param("raw/day/a.html", id="a raw page"),
    pytest.param("raw/new.jsonl", id="a new raw file"),
    pytest.param("clean/day/records.jsonl", id="an output"),
    pytest.param("clean/day/mine.csv", id="a new file among outputs"),
    pytest.param("clean/order.jsonl", id="the order"),
    pytest.param(".newsmill/last-run.json", id="state"),
    pytest.param("raw/../config.toml", id="a way round"),
    pytest.param("link.csv", id="a link"),
]


@pytest.mark.parametrize("target", OWN)
def test_no_result_belongs_where_the_project_keeps_its_own_files(tmp_path: Path, target: str) -> None:
    (tmp_path / "link.csv").symlink_to("config.toml")
    with pytest.raises(UsageError, match="belongs to the project itself"):
        check_target(open_project(tmp_path), tmp_path / target)


@pytest.mark.parametrize("command", ["export --format csv -o", "report -o", "run --metrics", "fetch --metrics"])
def test_a_result_replaces_no_file_of_the_project(project: Path, command: str) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    done = run_newsmill(*command.split(), "forgotten.jsonl", cwd=project)
    assert done.returncode == 2 and "belongs to the project itself" in done.stderr
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("target", ["news.csv", "clean/news.csv", "out/raw.csv"])
def test_other_places_are_written(project: Path, target: str) -> None:
    for _ in range(2):
        assert run_newsmill("export", "-o", target, cwd=project).returncode == 0
    assert (project / target).read_text().startswith("id,")


def test_a_folder_of_files_is_not_written_into_raw(project: Path) -> None:
    done = run_newsmill("export", "--format", "markdown", "-o", "raw", cwd=project)
    assert done.returncode == 2 and [p.name for p in (project / "raw").iterdir()] == ["day"]


def test_a_page_of_the_users_is_no_report(project: Path) -> None:
    path = project / "report.html"
    path.write_text("<h1>My yearly report</h1>")
    done = run_newsmill("report", cwd=project)
    assert done.returncode == 2 and "not a report of newsmill" in done.stderr
    assert path.read_text() == "<h1>My yearly report</h1>"
    assert run_newsmill("report", "-o", "report.html", cwd=project).returncode == 0  # asked for
    assert run_newsmill("report", cwd=project).returncode == 0  # now it is one


def test_a_database_of_another_program_is_not_replaced(project: Path) -> None:
    with closing(sqlite3.connect(project / "mine.sqlite")) as db:
        db.execute("create table customers (name)")
    done = run_newsmill("export", "-o", "mine.sqlite", cwd=project)
    assert done.returncode == 2 and "newsmill did not write" in done.stderr
    with closing(sqlite3.connect(project / "mine.sqlite")) as db:
        assert db.execute("select count(*) from customers").fetchone() == (0,)
    (project / "empty.sqlite").touch()
    for target in ("empty.sqlite", "empty.sqlite", "new.sqlite"):
        assert run_newsmill("export", "-o", target, cwd=project).returncode == 0
