"""Mistakes in a call: over all commands the same exit code, and what was probably meant."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli import app, main

from .conftest import html_page, run_newsmill, story

NO_PROJECT_NEEDED = {"init", "page", "config", "doctor", "topics", "schema", "backfill"}
ARGUMENTS = {
    "show": ["abcd"], "explain": ["abcd"], "search": ["bridge"], "forget": ["https://outlet.example/a"],
    "sources add": ["https://outlet.example"], "sources import": ["x.opml"], "prune": ["--days", "9"],
    "import": ["x.warc"], "backfill": ["x.warc", "-o", "out"],
}  # fmt: skip


def commands() -> Iterator[str]:
    """Every command, those of groups as two words."""
    top = get_command(app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name


def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """(exit code, stderr) of `newsmill WORDS`."""
    monkeypatch.setattr(sys, "argv", ["newsmill", *words])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize("command", list(commands()))
def test_an_unknown_option_is_2(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = call(monkeypatch, capsys, *command.split(), "--no-such-option")
    assert (code, "No such option" in said) == (2, True)


@pytest.mark.parametrize("command", [name for name in commands() if name not in NO_PROJECT_NEEDED])
def test_no_project_is_2_and_makes_nothing(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = call(monkeypatch, capsys, *command.split(), *ARGUMENTS.get(command, []))
    assert (code, "no newsmill project here" in said) == (2, True), said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [name for name in commands() if name not in {"init", "page", "topics", "schema"}])
def test_a_folder_that_is_not_there_is_2(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = call(
        monkeypatch, capsys, "-C", str(tmp_path / "nowhere"), *command.split(), *ARGUMENTS.get(command, [])
    )
    assert (code, "nowhere: no such folder" in said) == (2, True), said


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("usage")
    (root / "raw/2026-11-20").mkdir(parents=True)
    for n, title in enumerate(("The bridge opens", "The ferry returns")):
        page = html_page(title, story("Norhaven", n))
        page = page.replace(
            "<title>", f'<link rel=canonical href="https://outlet.example/news/the-bridge-of-today-{n}"><title>', 1
        )
        (root / "raw/2026-11-20" / f"{n}.html").write_text(page)
    wall = "<html><title>Gone</title><body><p>Please enable JavaScript to read on.</body></html>"
    row = {"url": "https://outlet.example/wall", "html": wall, "id": "w1"}
    (root / "raw/2026-11-21.jsonl").write_text(json.dumps(row))
    (root / "config.toml").write_text(
        '[fetch]\ncontact = "desk@outlet.example"\n[[source]]\nname = "Harbour Courier"\nfeed = "https://x.example/feed"\n'
    )
    assert run_newsmill("run", cwd=root).returncode == 0
    return root


def first_id(root: Path) -> str:
    return str(json.loads((root / "clean/2026-11-20/articles.jsonl").read_text().splitlines()[0])["id"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("run 2026-11-2O", "2026-11-2O (did you mean 2026-11-2", id="batch"),
        pytest.param("dedup 2026-11-22", "(did you mean 2026-11-2", id="batch of one stage"),
        pytest.param("show ID!", "no article has this id or address (did you mean ID?)", id="id with a wrong letter"),
        pytest.param("explain ID!", "(did you mean ID?)", id="id, explained"),
        pytest.param("show https://outlet.example/news/the-bridge-of-todey-1", "(did you mean https://outlet.example/news/the-bridge-of-today-1?)",
                     id="address"),
        pytest.param("forget ID!", "(did you mean ID?)", id="id, to forget"),
        pytest.param("show ferry", "`newsmill search ferry` looks for words", id="a word is no id"),
        pytest.param("threads ID!", "(did you mean ID?)", id="thread"),
        pytest.param("topics wildfier", "(did you mean wildfire?)", id="topic"),
        pytest.param("topics --under 1100000", "(did you mean medtop:11000000?)", id="code of a topic"),
        pytest.param("topics --language xx flood", "the vocabulary has labels in", id="language of topics"),
        pytest.param("export --topic politcs", "--topic politcs: no record has it", id="topic of records"),
        pytest.param("export --source outlet.exmaple", "(did you mean 'outlet.example'?)", id="outlet"),
        pytest.param("report --language n", "--language n: no record has it", id="language"),
        pytest.param("report --since 2026-13-01", "--since 2026-13-01: not a date", id="a day that is none"),
        pytest.param("fetch Harbor-Courier", "(did you mean Harbour Courier?)", id="source"),
        pytest.param("import --kind cc-nevs x", "--kind cc-nevs: no such kind (did you mean cc-news?)", id="kind"),
        pytest.param("page raw/2026-11-20/1.htm", "(did you mean 1.html?)", id="file"),
        pytest.param("shwo x", "Did you mean 'show'?", id="command"),
        pytest.param("sources ad", "Did you mean 'add'?", id="command of a group"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_there_is_2_and_the_nearest_is_named(
    built: Path, words: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(built)
    monkeypatch.setenv("COLUMNS", "200")
    right = first_id(built)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    code, text = call(monkeypatch, capsys, *(wrong if word == "ID!" else word for word in words.split()))
    assert code == 2 and said.replace("ID", right) in " ".join(text.split()), text


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("https://outlet.example/wall", id="its address"),
        pytest.param("https://www.outlet.example/wall?utm_source=x", id="another form of its address"),
        pytest.param("raw/2026-11-21.jsonl w1", id="its file and key"),
        pytest.param("raw/2026-11-21.jsonl", id="its file"),
    ],
)
def test_show_of_a_skipped_page_says_why_and_shows_it(built: Path, wanted: str) -> None:
    refused = run_newsmill("show", wanted, cwd=built)
    assert refused.returncode == 2
    assert "no article, skipped: " in refused.stderr and "--raw` prints it" in refused.stderr
    shown = run_newsmill("show", wanted, "--raw", cwd=built)
    assert (shown.returncode, "enable JavaScript" in shown.stdout) == (0, True)


def test_show_takes_the_path_of_a_raw_file(built: Path) -> None:
    shown = run_newsmill("show", "raw/2026-11-20/1.html", "--json", cwd=built)
    assert json.loads(shown.stdout)["title"] == "The ferry returns"
