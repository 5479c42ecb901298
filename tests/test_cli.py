"""The command line itself: its help, its completion, and where the project may be named."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from pipeline.cli.app import app
from pipeline.export.select import Selection

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import make_reference

from .conftest import ROOT, newsmill_env, run_newsmill

HELPS = dict(make_reference.commands())


@pytest.mark.parametrize("command", HELPS)
def test_help_shows_no_types_of_python_and_swallows_no_brackets(command: str) -> None:
    assert not re.search(r"<(bool|str|int|float|path|list|uuid|int range|float range)\b", HELPS[command])
    assert not re.search(r" \.(?: |$)|\[\]", HELPS[command]), "rich took words in brackets for markup"


def test_help_keeps_the_brackets_of_its_texts() -> None:
    """rich takes "newsmill[mcp]" for markup and drops the brackets with the word."""
    docs = "\n".join(str(command.callback.__doc__) for command in app.registered_commands)
    shown = "\n".join(HELPS.values())
    assert [word for word in re.findall(r"\[\w[\w ,=-]*\]", docs) if word not in shown] == []


@pytest.mark.parametrize("title", ["The chain", "Look", "Bring in and take away", "Project"])
def test_commands_stand_in_groups(title: str) -> None:
    assert f"─ {title} ─" in HELPS["newsmill"]
    assert "─ Commands ─" not in HELPS["newsmill"], "every command has its group"


@pytest.mark.parametrize("command", ["export", "report", "search"])
def test_a_command_that_filters_has_every_filter(command: str) -> None:
    filters = {field.name: ("x",) for field in fields(Selection) if field.name not in ("since", "until")}
    options = ["since", "until", *Selection(**filters).names]
    assert len(options) == len(fields(Selection))
    assert [option for option in options if f"--{option} " not in HELPS[f"newsmill {command}"]] == []


def test_help_is_quick() -> None:
    code = "import sys; sys.argv = ['newsmill', '--help']; import pipeline.cli; pipeline.cli.main()"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=newsmill_env(), cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.6  # 0.24 on a quiet machine


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_version(flag: str) -> None:
    assert re.fullmatch(r"newsmill \d+\.\d+\.\d+\n", run_newsmill(flag).stdout)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from .conftest import html_page, story

    root = tmp_path_factory.mktemp("built")
    page = root / "raw/2026-11-10/story.html"
    page.parent.mkdir(parents=True)
    page.write_text(html_page("Council votes", story("Norhaven")))
    assert run_newsmill("run", cwd=root).returncode == 0
    return root


def test_the_project_may_stand_before_the_command_and_after_it(built: Path, tmp_path: Path) -> None:
    for args in (("-C", built, "status", "--json"), ("status", "-C", built, "--json")):
        done = run_newsmill(*args, cwd=tmp_path)
        assert done.returncode == 0 and '"batches": 1' in done.stdout, done.stderr
    done = run_newsmill("-C", tmp_path / "nowhere", "status", "-C", built, "--json", cwd=tmp_path)
    assert '"batches": 1' in done.stdout, "the command's own option decides"


def offered(words: str, cwd: Path) -> list[str]:
    env = {"_NEWSMILL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    code = "import sys; sys.argv = ['newsmill']; import pipeline.cli; pipeline.cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=newsmill_env(**env), cwd=cwd, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1] if done.stdout.endswith("\n") else done.stdout.split("\n")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        pytest.param("newsmill run 2026", "2026-11-10", id="a batch"),
        pytest.param("newsmill export --topic politics", "politics and government", id="a topic"),
        pytest.param("newsmill expl", "explain", id="a command"),
    ],
)
def test_the_shell_completes(built: Path, words: str, first: str) -> None:
    assert offered(words, built)[0] == first


def test_the_shell_completes_ids_of_the_project_that_the_line_names(built: Path, tmp_path: Path) -> None:
    import json

    row = json.loads((built / "clean/2026-11-10/records.jsonl").read_text())
    assert offered(f"newsmill -C {built} show {row['id'][:4]}", tmp_path) == [row["id"]]
    assert not any(offered("newsmill show a", tmp_path)), "no project, no words, no error"


def test_a_reader_that_has_enough_is_no_failure(tmp_path: Path) -> None:
    line = f"set -o pipefail; {sys.executable} -m pipeline topics a --json | head -c 10 >/dev/null"
    done = subprocess.run(["bash", "-c", line], env=newsmill_env(), cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
