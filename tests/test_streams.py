"""stdin, stdout and stderr as a bare caller leaves them: closed, full, hung up, in another charset."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import html_page, newsmill_env, run_newsmill, story, tree


def shell(project: Path, line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """A command line with `newsmill` in it, as cron or a person would write it."""
    line = line.replace("newsmill", f"{sys.executable} -m pipeline")
    return subprocess.run(["sh", "-c", line], cwd=project, env=newsmill_env(**env), capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("streams")
    (root / "raw" / "day").mkdir(parents=True)
    for n in range(2):
        page = html_page(f"Fähre {n} kehrt zurück — endlich", story("Norhaven", n))
        (root / "raw" / "day" / f"{n}.html").write_text(page, encoding="utf-8")
    assert run_newsmill("run", cwd=root).returncode == 0
    return root


@pytest.mark.parametrize(
    "closed", [*(pytest.param(one, marks=pytest.mark.slow) for one in ("<&-", ">&-", "2>&-")), "<&- >&- 2>&-"]
)
def test_a_run_with_closed_streams_writes_what_any_run_does(done: Path, tmp_path: Path, closed: str) -> None:
    """A file opened where stdout or stderr was closed would get its number, and what is said there."""
    (tmp_path / "raw").symlink_to(done / "raw")
    ended = shell(tmp_path, f"newsmill run {closed}")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert tree(tmp_path / "clean") == tree(done / "clean")


@pytest.mark.parametrize(
    ("line", "code", "out", "said"),
    [
        pytest.param("newsmill status >&-", 0, b"", b"", id="nobody listens"),
        pytest.param("newsmill run no-such-batch 2>&-", 2, b"", b"", id="the words go nowhere, not to stdout"),
        pytest.param("newsmill page - <&-", 1, b"", b"newsmill: -: no article: empty: no bytes\n", id="nobody speaks"),
        pytest.param("newsmill tag --try - --json <&- | head -c 1", 0, b"{", b"", id="a text from nobody"),
        pytest.param(
            "printf 'Voters \\377 went to the polls' | newsmill tag --try - --json | head -c 1", 0, b"{", b"",
            id="a text that is no UTF-8",
        ),
        pytest.param("newsmill export | head -c 1", 0, b"{", b"", id="a reader that has enough"),
        pytest.param(
            "newsmill status >/dev/full", 1, b"", b"newsmill: stdout: cannot be written: No space left on device\n",
            id="full disk, small output",
        ),
        pytest.param(
            "newsmill export >/dev/full", 1, b"", b"newsmill: stdout: cannot be written: No space left on device\n",
            id="full disk, data",
        ),
    ],
)  # fmt: skip
def test_streams(done: Path, line: str, code: int, out: bytes, said: bytes) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    ended = shell(done, line)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, out, said)


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"LC_ALL": "C"}, id="LC_ALL=C", marks=pytest.mark.slow),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="a locale of ASCII"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="a locale of Latin-1", marks=pytest.mark.slow),
        pytest.param({"PYTHONIOENCODING": "ascii:strict"}, id="told to be strict", marks=pytest.mark.slow),
        pytest.param({"HOME": ""}, id="no home", marks=pytest.mark.slow),
    ],
)
def test_piped_data_is_utf_8_whatever_the_locale(done: Path, tmp_path: Path, env: dict[str, str]) -> None:
    (first, *_) = (done / "clean/day/records.jsonl").read_bytes().splitlines()
    shown = shell(done, f"newsmill show {json.loads(first)['id']} --json", **env)
    assert json.loads(shown.stdout.decode("utf-8")) == json.loads(first), shown.stderr
    table = shell(done, "newsmill status; newsmill doctor; newsmill show " + json.loads(first)["id"], **env)
    assert table.returncode == 0 and "Fähre" in table.stdout.decode("utf-8") and table.stderr == b""
    (tmp_path / "raw").symlink_to(done / "raw")
    assert shell(tmp_path, "env -u HOME newsmill run" if "HOME" in env else "newsmill run", **env).stderr == b""
    assert tree(tmp_path / "clean") == tree(done / "clean")
