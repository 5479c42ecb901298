"""The forked command that tests call is the command: the same output, the same exit code, its own environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import newsmill_env, run_newsmill
from .warm import WARM, client


def started(args: list[str], cwd: Path, stdin: bytes, env: dict[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *args], cwd=cwd, input=stdin, env=newsmill_env(**env), capture_output=True
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("args", "stdin", "env"),
    [
        pytest.param(["run", "--dry-run"], b"", {}, id="stdout"),
        pytest.param(["no-such-command"], b"", {}, id="a usage error by typer"),
        pytest.param(["show", "abc"], b"", {}, id="an error"),
        pytest.param(["page", "-"], b"<p>too short</p>", {}, id="stdin"),
        pytest.param(["config"], b"", {"NEWSMILL_DEDUP_THRESHOLD": "1.4"}, id="the environment"),
        pytest.param(["status", "-C", "raw/nowhere"], b"", {"COLUMNS": "60"}, id="the folder and the width"),
    ],
)
def test_a_fork_does_what_a_new_process_does(project: Path, args: list[str], stdin: bytes, env: dict[str, str]) -> None:
    done = run_newsmill(*args, cwd=project, stdin=stdin, **env)
    assert (done.returncode, done.stdout, done.stderr) == started(args, project, stdin, env)


def test_the_client_on_a_path_passes_pipes_and_the_exit_code(project: Path) -> None:
    tool = project / "newsmill"
    client(tool)
    script = f"{tool} run --dry-run | head -1; {tool} no-such-command; echo $?"
    done = subprocess.run(["sh", "-c", script], cwd=project, env=newsmill_env(), capture_output=True, text=True)
    assert done.stdout == "extract\t2026-11-10\n2\n" and "no-such-command" in done.stderr


def test_a_call_that_takes_too_long_is_killed(project: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        WARM.run(["run"], project, newsmill_env(), b"", 0.01)
    assert run_newsmill("run", cwd=project).returncode == 0
