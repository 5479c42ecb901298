"""kill -9, power cuts and full disks at chosen moments; `make torture` does the same at every one."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import html_page, newsmill_env, story, tree
from .crashes import Case, case, differences, raw_pages, run, shimmed, spread, torn, whole_lines
from .disks import newsmill, obeying, tmpfs

pytestmark = pytest.mark.slow  # each test kills runs and compares them with whole ones: minutes


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


def test_a_disk_that_refuses_once_costs_one_batch_this_run_and_none_the_next(tmp_path: Path) -> None:
    first = case(tmp_path, first=True)
    project = first.copy(tmp_path / "project")
    failed = shimmed(project, "once", 5, errno.ENOSPC)
    assert failed.returncode == 1
    assert failed.stderr.startswith("newsmill: extract 2026-11-10: .newsmill/drafts/"), failed.stderr
    assert failed.stderr.endswith(".part: cannot be written: No space left on device\n")
    assert torn(first, project, went_on=True) == []
    assert torn(first, project) != []  # the second batch was judged without the first
    done = run(project)
    assert (done.returncode, done.stderr) == (0, "")
    late = first.copy(tmp_path / "late")  # what went on is published: the batch that failed is judged after it
    shutil.move(late / "raw/2026-11-10", tmp_path / "away")
    assert run(late).returncode == 0
    shutil.move(tmp_path / "away", late / "raw/2026-11-10")
    assert run(late).returncode == 0
    assert differences(tree(late / "clean"), project) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"])
def test_a_run_that_is_stopped_says_so_and_the_next_one_finishes(
    later: Case, tmp_path: Path, number: int, code: int
) -> None:
    project = later.copy(tmp_path / "project")
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run"], cwd=project, env=newsmill_env(), stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=heed_ctrl_c,
    ) as process:  # fmt: skip
        wait_until_locked(project / ".newsmill" / "locks" / "extract.lock", process)
        time.sleep(0.5)
        os.killpg(process.pid, number)  # as a terminal or systemd does: everyone in the group
        before = time.monotonic()
        _, said = process.communicate(timeout=30)
        assert process.returncode == code
        assert said == "newsmill: stopped; finished work is kept, the next run continues from there\n"
        assert time.monotonic() - before < 10
    assert torn(later, project) == []
    assert run(project).returncode == 0
    assert differences(later.new, project) == []


def heed_ctrl_c() -> None:
    """Reset SIGINT in the child: it is inherited as ignored where pytest itself was started in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_until_locked(path: Path, *processes: subprocess.Popen[Any]) -> int:
    """Which of the processes holds a flock on the file. Only looked at: a lock tried for could be the one they miss."""
    if not Path("/proc/locks").exists():
        pytest.skip("needs /proc/locks to see who holds a lock")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if path.exists():
            file = f":{path.stat().st_ino}"
            locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
            for lock in locks:
                if lock[1] == "FLOCK" and lock[5].endswith(file) and int(lock[4]) in [p.pid for p in processes]:
                    return int(lock[4])
        time.sleep(0.01)
    raise AssertionError(f"nobody locked {path}")


def test_eight_runs_at_once_one_works_seven_leave(tmp_path: Path) -> None:
    """The one that works is held up until the others have left, so that they meet however busy the machine is."""
    raw_pages(tmp_path, 2)
    command = [sys.executable, "-m", "pipeline", "run"]
    all_eight = [
        subprocess.Popen(command, cwd=tmp_path, env=newsmill_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    owner = wait_until_locked(tmp_path / ".newsmill" / "locks" / "extract.lock", *all_eight)
    os.kill(owner, signal.SIGSTOP)
    try:
        for process in all_eight:
            if process.pid != owner:
                out, said = process.communicate(timeout=120)
                assert (process.returncode, out) == (75, b"")
                assert said.count(b"\n") == 1 and b"another newsmill run is at work" in said
        assert not list(tmp_path.glob("clean/*/*.jsonl"))
    finally:
        os.kill(owner, signal.SIGCONT)
    (worked,) = [process for process in all_eight if process.pid == owner]
    assert (worked.communicate(timeout=120), worked.returncode) == ((b"", b""), 0)
    whole = tree(tmp_path / "clean")
    assert whole.keys() >= {"2026-11-10/records.jsonl", "2026-11-11/records.jsonl"}
    assert run(tmp_path).returncode == 0
    assert tree(tmp_path / "clean") == whole


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        pytest.param(".newsmill/drafts/*.part", 1, id="pages at work"),
        pytest.param("clean/2026-11-11/.extract.json", 0, id="pages done"),
        pytest.param("clean/2026-11-10/.dedup.json", 0, id="verdicts at work"),
    ],
)
def test_the_state_folder_deleted_during_a_run_lets_no_second_one_in(tmp_path: Path, sign: str, code: int) -> None:
    """The first is held up while the folder goes, so that it meets the loss where it is to."""
    raw_pages(tmp_path, 2)
    (tmp_path / "raw" / "2026-11-10" / "many.jsonl").write_text(
        "".join(json.dumps({"html": html_page(f"Story {n}", story("Many", n))}) + "\n" for n in range(60))
    )
    command = [sys.executable, "-m", "pipeline", "run"]
    first = subprocess.Popen(command, cwd=tmp_path, env=newsmill_env(), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob(sign)):
        assert time.monotonic() < deadline and first.poll() is None
        time.sleep(0.005)
    os.kill(first.pid, signal.SIGSTOP)
    shutil.rmtree(tmp_path / ".newsmill")
    second = run(tmp_path)
    os.kill(first.pid, signal.SIGCONT)
    _, said = first.communicate(timeout=120)
    assert second.returncode == 75 and "another newsmill run is at work" in second.stderr
    assert first.returncode == code and "Traceback" not in said
    assert code == 0 or "was deleted while 2026-11-10 was worked on; run again" in said
    assert run(tmp_path).returncode == 0
    found = tree(tmp_path / "clean")
    shutil.rmtree(tmp_path / "clean")
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "order.jsonl").write_bytes(found["order.jsonl"])
    assert run(tmp_path).returncode == 0
    assert tree(tmp_path / "clean") == found


@pytest.mark.parametrize("kind", ["file", "FIFO", "link to itself"])
def test_something_else_in_the_place_of_a_batch_s_folder_is_said(later: Case, tmp_path: Path, kind: str) -> None:
    project = later.copy(tmp_path / "project")
    place = project / "clean" / "2026-11-10"
    shutil.rmtree(place)
    {"file": place.touch, "FIFO": lambda: os.mkfifo(place), "link to itself": lambda: place.symlink_to(place)}[kind]()
    done = run(project)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "clean/2026-11-10" in done.stderr, done.stderr
    place.unlink()
    assert run(project).returncode == 0
    assert (project / "clean" / "2026-11-10" / "records.jsonl").exists()


GARBAGE = {
    "noise": random.Random(3).randbytes(300),
    "a list": b"[1,2]\n",
    "other types": b'{"a":5,"done":3,"failed":[],"seconds":"x","outputs":7,"key":[1],"counts":null,"layout":"x","batch":4}\n',
    "deep": b"[" * 200_000,
    "nothing": b"",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_state_files_that_hold_something_else_are_no_traceback(later: Case, tmp_path: Path, garbage: bytes) -> None:
    """All of them at once, with the values of each key spoilt as well; the next run does what they do not know."""
    project = later.copy(tmp_path / "project")
    assert run(project).returncode == 0
    for path in (
        *project.glob(".newsmill/*.json*"),
        *project.glob(".newsmill/*.sqlite3"),
        *project.glob("clean/*/.*.json"),
    ):
        path.write_bytes(garbage)
    for command in ("status", "run", "run"):
        done = subprocess.run([sys.executable, "-m", "pipeline", command], cwd=project, env=newsmill_env(),
                              capture_output=True, text=True, timeout=300)  # fmt: skip
        assert done.returncode == 0 and "Traceback" not in done.stderr, (command, done.stderr)
    assert differences(later.new, project) == []


def test_values_of_other_types_in_state_files_are_no_traceback(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    assert run(project).returncode == 0
    for path in (*project.glob(".newsmill/*.json"), *project.glob("clean/*/.*.json")):
        path.write_text(json.dumps(dict.fromkeys(json.loads(path.read_bytes()), 5)))
    for _ in range(2):
        done = run(project)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert differences(later.new, project) == []


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_a_damaged_order_is_said_and_not_to_be_deleted(later: Case, tmp_path: Path, garbage: bytes) -> None:
    project = later.copy(tmp_path / "project")
    (project / "clean" / "order.jsonl").write_bytes(garbage)
    done = run(project)
    if garbage:
        assert done.returncode == 1 and "bring it back from a copy" in done.stderr and "Traceback" not in done.stderr


def test_a_dead_owner_s_lock_blocks_nobody_and_a_waiting_run_gets_its_turn(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    command = [sys.executable, "-m", "pipeline", "run"]
    with subprocess.Popen(command, cwd=project, env=newsmill_env()) as owner:
        wait_until_locked(project / ".newsmill" / "locks" / "extract.lock", owner)
        with subprocess.Popen([*command, "--wait", "120"], cwd=project, env=newsmill_env()) as waiting:
            time.sleep(1)
            owner.kill()  # its workers may live a moment longer; the lock is not theirs
            owner.wait()
            assert waiting.wait(timeout=120) == 0
    assert differences(later.new, project) == []


@pytest.mark.parametrize("folder", ["clean", ".newsmill"])
def test_a_folder_that_may_not_be_written_is_said(later: Case, tmp_path: Path, folder: str) -> None:
    project = later.copy(tmp_path / "project")
    closed = [path for path in [project / folder, *(project / folder).rglob("*")] if path.is_dir()]
    for path in closed:
        path.chmod(0o500)
    try:
        done = newsmill(project, "run", before=obeying())
    finally:
        for path in closed:
            path.chmod(0o700)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr and "Traceback" not in done.stderr
    assert torn(later, project) == []
    assert run(project).returncode == 0
    assert differences(later.new, project) == []


@pytest.mark.parametrize(
    ("folder", "options"),
    [
        pytest.param("clean", "size=48k", id="room for some of the articles"),
        pytest.param("clean", "size=120k", id="room for half the outputs"),
        pytest.param("clean", "nr_inodes=12", id="room for bytes, not for names"),
        pytest.param(".newsmill", "size=8k", id="no room for what is not yet finished"),
    ],
)
def test_a_run_on_a_small_disk_fails_in_words_and_goes_on_when_there_is_room(
    later: Case, tmp_path: Path, folder: str, options: str
) -> None:
    """A real file system that is full, not a call that says so."""
    project = later.copy(tmp_path / "project")
    for name in (".newsmill", "clean"):
        shutil.rmtree(project / name)
        (project / name).mkdir()
    with tmpfs(project / folder, options) as disk:
        failed = newsmill(project, "run", before=disk.enter)
        assert failed.returncode == 1, failed.stderr
        assert "No space left on device" in failed.stderr and "Traceback" not in failed.stderr, failed.stderr
        clean = disk.seen if folder == "clean" else project / "clean"
        left = {name: data for name, data in tree(clean).items() if not name.endswith(".tmp")}
        assert {
            name
            for name, data in left.items()
            if later.new.get(name) != data and not (name == "order.jsonl" and whole_lines(later.new[name], data))
        } == set()
        disk.remount("size=50m,nr_inodes=1000")
        done = newsmill(project, "run", before=disk.enter)
        assert (done.returncode, done.stderr) == (0, "")
        assert tree(clean) == later.new


def test_a_disk_mounted_read_only_is_said(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    shutil.rmtree(project / "clean")
    (project / "clean").mkdir()
    with tmpfs(project / "clean", "size=50m") as disk:
        assert newsmill(project, "run", before=disk.enter).returncode == 0
        whole = tree(disk.seen)
        disk.remount("ro")
        done = newsmill(project, "run", before=disk.enter)
        assert (done.returncode, done.stderr) == (0, ""), "there was nothing to write"
        again = newsmill(project, "run", "--force", before=disk.enter)
        assert again.returncode == 1
        assert "Read-only file system" in again.stderr and "Traceback" not in again.stderr
        assert tree(disk.seen) == whole


def test_raw_may_be_on_a_disk_that_is_read_only(later: Case, tmp_path: Path) -> None:
    project = later.copy(tmp_path / "project")
    raw = tree(project / "raw")
    with tmpfs(project / "raw", "size=50m") as disk:
        for name, data in raw.items():
            (disk.seen / name).parent.mkdir(exist_ok=True)
            (disk.seen / name).write_bytes(data)
        disk.remount("ro")
        done = newsmill(project, "run", before=disk.enter)
        assert (done.returncode, done.stderr) == (0, "")
    assert differences(later.new, project) == []


@pytest.fixture(scope="module")
def indexed(later: Case, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A project with a new batch to be compared with those before it, and what it must come to."""
    before = tmp_path_factory.mktemp("indexed") / "before"
    shutil.copytree(later.before, before)
    assert run(before).returncode == 0
    (before / "raw" / "2026-11-13").mkdir()
    shutil.copy(before / "raw" / "2026-11-10" / "story0.html", before / "raw" / "2026-11-13")
    whole = before.with_name("whole")
    shutil.copytree(before, whole)
    assert run(whole).returncode == 0
    assert (whole / "clean/2026-11-13/duplicates.jsonl").read_bytes().count(b'"cluster_id"') == 1
    return before, tree(whole / "clean")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param("truncate -s 100 keys.bin", "keys.bin is damaged", id="cut"),
        pytest.param("truncate -s 0 rows.bin", "rows.bin is damaged", id="emptied"),
        pytest.param(
            "printf scribble | dd of=keys.bin bs=1 seek=60 conv=notrunc status=none", "keys.bin is damaged",
            id="scribbled over",
        ),
        pytest.param("rm rows.bin", "rows.bin is missing", id="a file gone"),
        pytest.param("head -c 40 /dev/urandom > segment.json", "segment.json is damaged", id="its own list scribbled over"),
        pytest.param("cd ..; rm -r 2026-11-10", "missing", id="a segment gone"),
    ],
)  # fmt: skip
def test_a_damaged_index_is_noticed_built_again_and_said(
    indexed: tuple[Path, dict[str, bytes]], tmp_path: Path, damage: str, said: str
) -> None:
    before, new = indexed
    project = tmp_path / "project"
    shutil.copytree(before, project)
    subprocess.run(damage, shell=True, cwd=project / "clean/index/2026-11-10", check=True)  # noqa: S602
    done = run(project)
    assert done.returncode == 0
    assert f"index: {said} (2026-11-10); built again from the articles\n" in done.stderr and "Trace" not in done.stderr
    assert differences(new, project) == []
    again = run(project)
    assert (again.returncode, again.stderr) == (0, "")
