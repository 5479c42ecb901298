"""`newsmill backfill` when something dies, runs twice, or names what is not there: the same records, or an error."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench import archive

from .backfills import CONFIG, backfill, check, command, lines, slow, spark
from .conftest import newsmill_env, run_newsmill

pytestmark = [spark, slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

ROWS = 240  # of which some are HTML: extraction takes a second or two on each of two workers


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of generated articles that `newsmill run` has brought up to date."""
    root = tmp_path_factory.mktemp("local")
    archive.write(root / "raw", ROWS, 60, html=0.5, longest=4)
    (root / "config.toml").write_text(CONFIG)
    assert run_newsmill("run", "-q", cwd=root).returncode == 0
    return root


# --- who is below a process


def processes() -> dict[int, tuple[int, str]]:
    """{process: (its parent, its command)}"""
    found = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            try:
                stat = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
                found[int(name)] = int(stat[1]), Path(f"/proc/{name}/cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


def above(pid: int, known: dict[int, tuple[int, str]]) -> Iterator[int]:
    while pid in known:
        yield pid
        pid = known[pid][0]


def extracting(root: int) -> Iterator[tuple[int, int | None]]:
    """(Python worker, JVM of its executor) below a process, of those that have begun: they have a fork server."""
    known = processes()
    for pid, (parent, line) in known.items():
        line_up = list(above(pid, known))
        if root in line_up and "fork_server" in line and "pyspark.daemon" in known.get(parent, (0, ""))[1]:
            yield parent, next((one for one in line_up if "CoarseGrainedExecutorBackend" in known[one][1]), None)


def python_worker(root: int) -> int | None:
    return next((worker for worker, _ in extracting(root)), None)


def executor(root: int) -> int | None:
    return next((jvm for _, jvm in extracting(root) if jvm), None)


def with_victims(arguments: list[str], log: Path, victim: Callable[[int], int | None], count: int, **env: str) -> int:
    """Run newsmill and kill `count` processes of a kind, each half a second into its work; returns how many died."""
    killed: list[int] = []
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments], env=newsmill_env(**env), stderr=stderr
        )
        while process.poll() is None:
            if len(killed) < count and (pid := victim(process.pid)) and pid not in killed:
                time.sleep(0.5)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.1)
    assert process.returncode == 0, log.read_text()
    return len(killed)


def test_a_killed_python_worker_changes_nothing(local: Path, tmp_path: Path) -> None:
    arguments = command(tmp_path / "out", f"{local}/raw/*")
    assert with_victims(arguments, tmp_path / "log", python_worker, 2) == 2
    assert "Lost task" in (tmp_path / "log").read_text()
    check(tmp_path / "out", local, tmp_path / "imported")


def test_a_killed_executor_changes_nothing(local: Path, tmp_path: Path) -> None:
    """Two executors with a Java virtual machine each, as on a cluster; one is killed with its Python workers at work."""
    found = importlib.util.find_spec("pyspark")
    assert found
    assert found.origin
    arguments = command(tmp_path / "out", f"{local}/raw/*", master="local-cluster[2,1,1024]")
    log = tmp_path / "log"
    assert with_victims(arguments, log, executor, 1, SPARK_HOME=str(Path(found.origin).parent)) == 1
    assert "Lost executor" in log.read_text()
    check(tmp_path / "out", local, tmp_path / "imported")


# --- a second call


@pytest.mark.parametrize(
    ("after", "whole"),
    [
        pytest.param(None, True, id="in extract, with its Java"),
        pytest.param("articles", False, id="after articles, Python alone"),
        pytest.param("records", True, id="while records are published"),
    ],
)
def test_a_killed_driver_goes_on_after_its_last_step(
    after: str | None, whole: bool, local: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command(out, f"{local}/raw/*")],
        env=newsmill_env(), stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while not ((out / f"steps/{after}.done").exists() if after else python_worker(process.pid)):
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    time.sleep(0.5)
    java = [pid for pid in processes() if process.pid in above(pid, processes()) and pid != process.pid]
    os.kill(process.pid, signal.SIGKILL)
    if whole:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert java
    assert not (out / "backfill.json").exists()
    before = {file.name: file.stat().st_mtime_ns for file in (out / "steps").glob("*.done")}
    assert (f"{after}.done" in before) if after else not before
    backfill(out, f"{local}/raw/*")
    assert before.items() <= {file.name: file.stat().st_mtime_ns for file in (out / "steps").glob("*.done")}.items()
    check(out, local, tmp_path / "imported")


def test_a_second_call(local: Path, tmp_path: Path) -> None:
    """After the end it does nothing; with a file that has changed, or beside a first one at work, it refuses."""
    out, raw = tmp_path / "out", tmp_path / "raw"
    archive.write(raw, 20, 10, longest=3)
    first = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *command(out, f"{raw}/*")], env=newsmill_env(), stderr=subprocess.DEVNULL
    )
    while not (out / "backfill.key").exists():
        assert first.poll() is None
        time.sleep(0.05)
    beside = run_newsmill(*command(out, f"{raw}/*"))
    assert beside.returncode == 75
    assert str(out) in beside.stderr
    assert first.wait() == 0
    records = lines(f"{out}/records.jsonl/*/part*")
    assert len(records) > 10
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    backfill(out, f"{raw}/*")
    left = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    assert {path for path in left if left[path] != times.get(path)} <= {out / "backfill.key", out / ".backfill.key.crc"}
    assert left.keys() == times.keys()
    file = raw / "2026-01-02.jsonl"
    file.write_text(file.read_text().replace("e", "a", 1))  # as long as it was
    changed = run_newsmill(*command(out, f"{raw}/*"))
    assert changed.returncode == 1
    assert "another backfill" in changed.stderr
    assert lines(f"{out}/records.jsonl/*/part*") == records


# --- places that Java's file systems cannot read


def test_a_place_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """One process for all: Java takes longer to start than each of them."""
    code = (Path(__file__).parent / "spark_places.py").read_text()
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], env=newsmill_env(), capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[-2] == "all places"
