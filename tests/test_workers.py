"""Workers: order, limits, the neighbours of a task that dies, and what happens to the processes afterwards."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import ExtractConfig
from pipeline.errors import NewsmillError
from pipeline.model import Image, Page, Raw, Skipped
from pipeline.sandbox import codec, processes
from pipeline.sandbox import pool as workers
from pipeline.sandbox.pool import Lost
from pipeline.sandbox.processes import WorkersError

from .odd_tasks import act, act_gently, killed_draft, with_shared


def run(tasks: list[object], **limits: object) -> list[object]:
    given = {"workers": 2, "seconds": 0.5, "memory_mb": 256, **limits}
    with workers.Pool(given.pop("function", act), **given) as pool:  # type: ignore[arg-type]
        found = list(pool.map((n, task) for n, task in enumerate(tasks)))
    assert [pair for pair, _ in found] == list(enumerate(tasks))
    return [result for _, result in found]


@pytest.mark.parametrize(
    ("task", "reason", "detail"),
    [
        pytest.param("spin", "timeout", "over 0.5 s of CPU time", id="endless loop"),
        pytest.param("spin in C", "timeout", "over 0.5 s of CPU time", id="endless loop that Python never sees"),
        pytest.param("segfault", "crashed", "SIGSEGV", id="segfault"),
        pytest.param("abort", "crashed", "SIGABRT", id="abort"),
        pytest.param("exit", "crashed", "exit 3", id="exit"),
        pytest.param("raise", "crashed", "ValueError: what the  [31mpage said (at tests/odd_tasks.py:", id="raise"),
        pytest.param("sys.exit", "crashed", "SystemExit: bye", id="sys.exit"),
        pytest.param("recurse", "crashed", "RecursionError", id="recursion"),
        pytest.param("hoard", "too-large", "needs over 256 MB of memory", id="memory"),
        pytest.param("hang up", "crashed", "SIGKILL", id="one that closes its connection and stays"),
        pytest.param("babble", "crashed", "the worker's answer cannot be read", id="an answer that is none"),
        pytest.param("boast", "crashed", "SIGKILL", id="an answer of 4 exabytes"),
        pytest.param("unsendable", "crashed", "TypeError: object cannot be sent", id="a result that cannot be sent"),
    ],
)
def test_a_task_that_dies_is_lost_alone(task: str, reason: str, detail: str) -> None:
    results = run(["a", "b", "c", task, "d", "e", "f"])
    assert results[:3] + results[4:] == list("abcdef")
    lost = results[3]
    assert isinstance(lost, Lost)
    assert lost.reason == reason
    assert detail in lost.detail


def test_results_keep_the_order_of_tasks() -> None:
    tasks: list[object] = [("sleep", 0.02 * (n % 3)) for n in range(30)]
    assert run(tasks) == tasks


def test_every_second_task_may_die() -> None:
    results = run([task for n in range(20) for task in (n, "segfault")])
    assert results[::2] == list(range(20))
    assert all(isinstance(lost, Lost) for lost in results[1::2])


def test_waiting_for_a_processor_is_not_the_task_s_fault() -> None:
    assert run([("sleep", 1.0)], seconds=0.2) == [("sleep", 1.0)]


def test_one_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STILL_SECONDS", 1.0)
    lost, other = run([("sleep", 1e6), "a"])
    assert isinstance(lost, Lost) and lost == Lost("timeout", "no progress in 1 s")
    assert other == "a"


def test_fallback_levels_are_tried_until_one_comes_back() -> None:
    results = run(["a", "spin", "segfault", "raise", "hoard", "abort", "b"], function=(act, act_gently))
    lost = results.pop(5)
    assert results == ["a", "gently spin", "gently segfault", "gently raise", "gently hoard", "b"]
    assert isinstance(lost, Lost) and lost.reason == "crashed"


def test_the_one_behind_does_not_pay_for_the_one_before() -> None:
    """A worker that hoards what it should give back: the tasks after it still come out."""
    results = run(["keep"] * 12, workers=1, memory_mb=128)
    assert all(isinstance(pid, int) for pid in results)
    assert len(set(results)) > 1


def test_a_kill_from_outside_is_tried_again_and_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the OOM killer does it: twice it is over then, and for good it is said that nothing is known of the task."""
    monkeypatch.setattr(workers, "KILL_PAUSE", 0.01)
    (tmp_path / "twice").write_text("2")
    (tmp_path / "always").write_text("99")
    tasks = ["a", f"killed {tmp_path / 'twice'}", f"killed {tmp_path / 'always'}", "b"]
    a, twice, always, b = run(tasks, function=(act, act_gently))
    assert (a, twice, b) == ("a", "survived", "b")
    assert isinstance(always, Lost) and always.outside and "killed from outside 4 times" in always.detail
    lost = run(["segfault"])[0]
    assert isinstance(lost, Lost) and not lost.outside


def test_a_pool_that_is_abandoned_ends_soon() -> None:
    pool = workers.Pool(act, workers=1, seconds=60, memory_mb=256)
    threading.Timer(0.5, pool.abandon).start()
    started = time.monotonic()
    with pytest.raises(workers.Abandoned):
        pool.run("spin")
    assert time.monotonic() - started < 5
    pool.close()


def test_a_worker_that_has_grown_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RETIRE_MB", 1)
    assert len(set(run(["pid"] * 5, workers=1))) == 5


def test_workers_are_kept_and_few() -> None:
    assert len(set(run(["pid"] * 50, workers=2))) <= 2


def test_what_all_tasks_share_is_sent_once() -> None:
    shared = ("dear", ExtractConfig(min_words=7))
    results = run(["reader"], function=with_shared, shared=shared)
    assert results == ["dear reader 7"]


def test_map_keeps_its_processes_for_the_next_call() -> None:
    def pids() -> set[object]:
        found = workers.map(act, [(n, "pid") for n in range(3)], workers=1, seconds=1, memory_mb=256)
        return {result for _, result in found}

    assert pids() == pids()


def test_nothing_they_print_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["noise"]) == ["noise"]
    assert capfd.readouterr() == ("", "")


def test_a_function_that_cannot_be_imported_says_so() -> None:
    with pytest.raises(WorkersError, match="no_such_module"):
        run(["a"], function="no_such_module:f")


def test_a_source_that_fails_ends_the_workers() -> None:
    def tasks() -> Iterator[tuple[int, object]]:
        yield 1, "a"
        raise OSError("gone")

    pool = workers.Pool(act, workers=1, seconds=1, memory_mb=256)
    with pytest.raises(OSError, match="gone"), pool:
        list(pool.map(tasks()))
    assert pool.server is None


def test_a_nursery_that_is_killed_is_replaced() -> None:
    with workers.Pool(act, workers=2, seconds=1, memory_mb=256) as pool:
        found = pool.map((n, ("sleep", 0.05)) for n in range(12))
        next(found)
        assert pool.server
        pool.server.process.kill()
        assert len(list(found)) == 11


def test_a_fork_server_that_is_killed_again_and_again_ends_the_work_in_words() -> None:
    """Each task kills the process that its worker was forked from."""
    with (
        pytest.raises(NewsmillError, match=r"keeps killing worker processes: .*--workers"),
        workers.Pool(act, workers=1, seconds=1, memory_mb=256) as pool,
    ):
        list(pool.map((n, "kill the fork server") for n in range(20)))


@pytest.mark.parametrize(
    ("deaths", "works"),
    [pytest.param(3, True, id="three times", marks=pytest.mark.slow), pytest.param(4, False, id="four times")],
)
def test_a_fork_server_that_is_killed_while_it_starts_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int, works: bool
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "deadly.py").write_text(
        "import os, pathlib\n"
        "count = pathlib.Path(__file__).with_name('count')\n"
        "count.open('a').write('x')\n"
        f"if count.stat().st_size <= {deaths}: os.kill(os.getpid(), 9)\n"
    )
    with workers.Pool(act, workers=1, seconds=1, memory_mb=256, preload=("deadly",)) as pool:
        if works:
            assert pool.run("a") == "a"
        else:
            with pytest.raises(NewsmillError, match="keeps killing"):
                pool.run("a")


PARENT = """
import fcntl, os, sys
sys.path[:0] = {path!r}
from pipeline.sandbox import pool as workers
from pipeline.sandbox.processes import WorkersError
lock = os.open({lock!r}, os.O_CREAT | os.O_RDWR)
fcntl.flock(lock, fcntl.LOCK_EX)
pool = workers.Pool("tests.odd_tasks:act", workers=2, seconds=60, memory_mb=256)
found = pool.map([(n, task) for n, task in enumerate(["pid", "pid", "spin", "spin", "spin"])])
print(next(found)[1], next(found)[1], pool.server.process.pid, flush=True)
next(found)
"""


def test_a_killed_parent_takes_its_workers_and_its_lock_along(tmp_path: Path) -> None:
    lock = str(tmp_path / "lock")
    root = str(Path(__file__).parent.parent)
    code = PARENT.format(path=[root], lock=lock)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 3 and all(alive(pid) for pid in pids)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        with open(lock) as file:  # noqa: PTH123
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if sys.platform == "linux":
            deadline = time.monotonic() + 5
            while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text().filter(lambda key: key != "$"), inner),
    max_leaves=20,
)


@settings(max_examples=100)
@given(values)
def test_what_is_sent_arrives(value: object) -> None:
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Page(Raw("raw/a", None, "0"), b"\xff\0", "html", headers=(("a", "b"),)), id="page with bytes"),
        pytest.param((Skipped(Raw("a", "k", "0"), None, "empty", "\ud800"), b"", b"xy"), id="a lone surrogate"),
        pytest.param({"images": (Image("u", None, "c"),)}, id="dataclasses in a dict"),
        pytest.param(ExtractConfig(languages=("en", "sr")), id="settings"),
    ],
)
def test_our_own_values_arrive(value: object) -> None:
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "subprocess:Popen",
        "pipeline.sandbox.pool:Pool",
        "pipeline.model:Nothing",
        "builtins:eval",
        "pipeline.__main__:x",
    ],
)
def test_nothing_but_values_can_be_made_from_a_frame(name: str) -> None:
    frame = codec.encode(Raw("a", None, "b")).replace(b"pipeline.model:Raw", name.encode())
    frame = len(frame[8:]).to_bytes(8, "big") + frame[8:]
    with pytest.raises(TypeError, match="no value of this package"):
        codec.decode(frame)


def test_a_page_whose_worker_was_killed_from_outside_is_done_again_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.extract import draft_cache
    from pipeline.project import open_project
    from pipeline.runner import run as runner

    from .conftest import html_page, story
    from .fetch.projects import QUIET

    monkeypatch.setattr(workers, "KILL_PAUSE", 0.01)
    monkeypatch.setattr(draft_cache, "full", killed_draft)
    monkeypatch.setenv("KILLED", str(tmp_path / "killed"))
    (tmp_path / "killed").touch()
    (tmp_path / "config.toml").touch()
    page = tmp_path / "raw" / "day" / "a.html"
    page.parent.mkdir(parents=True)
    page.write_text(html_page("Ferry returns to Norhaven", story("Killing")))
    opened = open_project(tmp_path)

    def ran() -> tuple[int, str]:
        runner.run(opened, runner.Options(), QUIET)
        folder = opened.clean / "day"
        return (folder / "articles.jsonl").read_text().count("\n"), (folder / "skipped.jsonl").read_text()

    articles, ledger = ran()
    assert articles == 0 and "killed from outside" in ledger
    (tmp_path / "killed").unlink()
    assert ran() == (1, "")
