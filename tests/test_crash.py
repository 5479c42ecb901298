"""kill -9, power cuts and full disks at chosen moments; `make torture` does the same at every one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import newsmill_env, tree
from .crashes import Case, case, differences, raw_pages, run, shimmed, spread, torn


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("later"))


@pytest.mark.parametrize("mode", ["kill", "power"])
@pytest.mark.parametrize("part", range(3))
def test_a_run_that_dies_leaves_whole_files_and_the_next_one_finishes(
    later: Case, tmp_path: Path, mode: str, part: int
) -> None:
    at = list(spread(later.calls, 8))[2 * part + (mode == "power")]
    project = later.copy(tmp_path / "project")
    assert shimmed(project, mode, at).returncode == -signal.SIGKILL
    assert torn(later, project) == []
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert differences(later.new, project) == []


@pytest.mark.parametrize(
    ("number", "says"),
    [
        pytest.param(errno.ENOSPC, "No space left on device", id="full disk"),
        pytest.param(errno.EIO, "Input/output error", id="broken disk"),
        pytest.param(errno.EROFS, "Read-only file system", id="disk gone read-only"),
    ],
)
@pytest.mark.parametrize("part", range(2))
def test_a_disk_that_refuses_is_said_and_tears_nothing(
    later: Case, tmp_path: Path, number: int, says: str, part: int
) -> None:
    at = list(spread(later.calls, 9))[1 + 3 * part + number % 3]
    project = later.copy(tmp_path / "project")
    failed = shimmed(project, "errno", at, number)
    assert failed.returncode == 1, failed
    assert says in failed.stderr and "Traceback" not in failed.stderr, failed.stderr
    assert torn(later, project) == []
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert differences(later.new, project) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"])
def test_a_run_that_is_stopped_says_so_and_the_next_one_finishes(
    later: Case, tmp_path: Path, number: int, code: int
) -> None:
    project = later.copy(tmp_path / "project")
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run"], cwd=project, env=newsmill_env(), stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        locks = project / ".newsmill" / "locks" / "extract.lock"
        wait_until_locked(locks)
        time.sleep(0.5)
        os.killpg(process.pid, number)  # as a terminal or systemd does: everyone in the group
        before = time.monotonic()
        _, said = process.communicate(timeout=30)
        assert process.returncode == code
        assert said == "newsmill: stopped; what was finished is kept, the next run goes on from there\n"
        assert time.monotonic() - before < 10
    assert torn(later, project) == []
    assert run(project).returncode == 0
    assert differences(later.new, project) == []


def wait_until_locked(path: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            pass
        except BlockingIOError:
            return
        time.sleep(0.01)
    raise AssertionError(f"nobody locked {path}")


def test_eight_runs_at_once_one_works_seven_leave(tmp_path: Path) -> None:
    raw_pages(tmp_path, 2)
    (tmp_path / "raw" / "more").mkdir()
    for n in range(40):
        (tmp_path / "raw" / "more" / f"{n}.txt").write_text(f"The ferry number {n} sailed at dawn. " * 40)
    command = [sys.executable, "-m", "pipeline", "run"]
    all_eight = [
        subprocess.Popen(
            command, cwd=tmp_path, env=newsmill_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    ends = [(process.communicate(timeout=300), process.returncode) for process in all_eight]
    codes = sorted(code for _, code in ends)
    assert codes[0] == 0 and set(codes) <= {0, 75}
    for (_, said), code in ends:
        assert code == 0 or (said.count("\n") == 1 and "another newsmill run" in said)
    whole = tree(tmp_path / "clean")
    assert run(tmp_path).returncode == 0
    assert tree(tmp_path / "clean") == whole


def test_a_dead_owner_s_lock_blocks_nobody_and_a_waiting_run_gets_its_turn(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    command = [sys.executable, "-m", "pipeline", "run"]
    with subprocess.Popen(command, cwd=project, env=newsmill_env()) as owner:
        wait_until_locked(project / ".newsmill" / "locks" / "extract.lock")
        with subprocess.Popen([*command, "--wait", "120"], cwd=project, env=newsmill_env()) as waiting:
            time.sleep(1)
            owner.kill()  # its workers may live a moment longer; the lock is not theirs
            owner.wait()
            assert waiting.wait(timeout=120) == 0
    assert differences(later.new, project) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_clean_is_said(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    for path in [project / "clean", *(project / "clean").iterdir()]:
        if path.is_dir():
            path.chmod(0o500)
    done = run(project)
    assert done.returncode == 1 and "Permission denied" in done.stderr
