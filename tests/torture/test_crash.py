"""Death at every write, rename and fsync, at 200 random moments, and a disk that refuses at every twelfth call."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import newsmill_env
from tests.crashes import Case, case, differences, run, shimmed, torn

EVERY = int(os.environ.get("TORTURE_EVERY", "1"))  # 3: a third of it, for the impatient
MOMENTS = int(os.environ.get("TORTURE_MOMENTS", "200"))


@pytest.fixture(scope="module", params=["first run", "later run"])
def any_case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("case"), first=request.param == "first run")


@pytest.mark.parametrize("mode", ["kill", "power"])
def test_death_at_every_call(any_case: Case, tmp_path: Path, mode: str) -> None:
    faults = []
    points = range(1, any_case.calls + 1, EVERY)
    for at in points:
        project = any_case.copy(tmp_path / "project")
        died = shimmed(project, mode, at).returncode
        bad = torn(any_case, project)
        done = run(project)
        off = differences(any_case.new, project)
        if died != -signal.SIGKILL or bad or done.returncode or done.stderr or off:
            faults.append((at, died, bad, done.returncode, done.stderr, off))
        shutil.rmtree(project)
    print(f"{mode}: {len(points)} of {any_case.calls} calls, {len(faults)} faults")
    assert faults == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=["ENOSPC", "EIO", "EROFS"])
@pytest.mark.parametrize("mode", ["errno", "once"])
def test_the_disk_refuses_at_every_twelfth_call(any_case: Case, tmp_path: Path, number: int, mode: str) -> None:
    faults, landed = [], 0
    points = range(number % 12 + 1, any_case.calls + 1, 12 * EVERY)
    for at in points:
        project = any_case.copy(tmp_path / "project")
        failed = shimmed(project, mode, at, number)
        bad = torn(any_case, project, went_on=True)
        done = run(project)
        off = differences(any_case.new, project)
        # What was seen of raw/ is not written down by every run: it depends on how old the files are.
        landed += (reached := int(project.with_suffix(".count").read_text()) >= at)
        said = failed.returncode == 1 and failed.stderr and "Traceback" not in failed.stderr
        if (reached and not said) or bad or done.returncode or off:
            faults.append((at, failed.returncode, failed.stderr[-300:], bad, done.returncode, done.stderr[-300:], off))
        shutil.rmtree(project)
    print(f"{mode} {errno.errorcode[number]}: {landed} of {len(points)} calls reached, {len(faults)} faults")
    assert faults == []


def test_death_at_random_moments(any_case: Case, tmp_path: Path) -> None:
    """By the clock, the whole process group at once, again and again on the same project until MOMENTS have landed."""
    dice = random.Random(2026)
    landed = rounds = 0
    faults = []
    while landed < MOMENTS // 2:
        rounds += 1
        project = any_case.copy(tmp_path / f"project{rounds}")
        for _ in range(20):
            process = subprocess.Popen(
                [sys.executable, "-m", "pipeline", "run"], cwd=project, env=newsmill_env(), stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            time.sleep(dice.uniform(0.2, 4))
            if process.poll() is not None:
                break
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            landed += 1
            if bad := torn(any_case, project):
                faults.append((rounds, bad))
        done = run(project)
        if done.returncode or done.stderr or (off := differences(any_case.new, project)):
            faults.append((rounds, done.returncode, done.stderr, off))
        shutil.rmtree(project)
    print(f"{landed} kills landed in {rounds} projects, {len(faults)} faults")
    assert faults == []
