"""make over the chain, with the Makefile that `newsmill init` writes and the command as it is installed."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from . import warm
from .conftest import html_page, newsmill_env, run_newsmill, story, tree


@pytest.fixture
def initial(project: Path) -> Path:
    """A project as `newsmill init` leaves it."""
    assert run_newsmill("init", project).returncode == 0
    return project


@pytest.fixture
def made(initial: Path) -> Path:
    """A project with its Makefile, and a `newsmill` on the path that is the one recorded, too."""
    tool = initial.parent / f"{initial.name}-bin" / "newsmill"
    tool.parent.mkdir()
    warm.client(tool)
    (initial / ".newsmill" / "command").write_text(f"{shlex.quote(str(tool))}\n")
    return initial


def install(project: Path) -> None:
    """A `newsmill` that runs in the process group of who calls it: what kills make kills it too."""
    tool = project.parent / f"{project.name}-bin" / "newsmill"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n')


def make(project: Path, *args: str) -> subprocess.CompletedProcess[str]:
    path = f"{project.parent / (project.name + '-bin')}:/usr/bin:/bin"
    return subprocess.run(["make", *args], cwd=project, env=newsmill_env(PATH=path), capture_output=True, text=True)


def test_make_builds_says_and_then_has_nothing_to_do(made: Path) -> None:
    install(made)
    first = make(made)
    assert first.returncode == 0, first.stderr
    assert "4 pages in 2 batches -> 4 records" in first.stdout
    second = make(made, "-s")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_a_project_moved_to_another_machine_uses_the_newsmill_on_the_path(made: Path) -> None:
    """The Makefile names no absolute path, and the command recorded by init is gone there."""
    assert str(Path(sys.executable).parent) not in (made / "Makefile").read_text()
    (made / ".newsmill" / "command").write_text("'/gone with the old machine/newsmill'\n")
    moved = made.rename(made.with_name("moved project"))
    (made.parent / f"{made.name}-bin").rename(moved.parent / f"{moved.name}-bin")
    done = make(moved)
    assert done.returncode == 0, done.stderr
    assert "4 pages in 2 batches -> 4 records" in done.stdout


def test_the_command_recorded_by_init_serves_where_none_is_on_the_path(initial: Path) -> None:
    done = make(initial)
    assert done.returncode == 0, done.stderr


def test_make_s_is_silent_while_it_works(made: Path) -> None:
    done = make(made, "-s")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_two_jobs_make_the_same_bytes(made: Path) -> None:
    assert make(made).returncode == 0
    want = tree(made / "clean")
    shutil.rmtree(made / "clean")
    shutil.rmtree(made / ".newsmill")
    assert make(made, "-j2").returncode == 0
    assert tree(made / "clean") == want


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("echo '<p>late' >> raw/2026-11-10/story0.html", id="edit in place"),
        pytest.param(
            "cp -p raw/2026-11-10/story0.html 'raw/2026-11-10/with space.html'",
            id="old date, space in the name",
            marks=pytest.mark.slow,
        ),
        pytest.param("mkdir raw/new && mv raw/2026-11-11/story1.html raw/new/", id="moved", marks=pytest.mark.slow),
        pytest.param("rm raw/2026-11-11/story1.html", id="removed page"),
        pytest.param("rm -r raw/2026-11-11", id="removed batch", marks=pytest.mark.slow),
        pytest.param("rm -r clean", id="clean deleted", marks=pytest.mark.slow),
        pytest.param("rm clean/2026-11-10/records.jsonl", id="one output deleted"),
        pytest.param("rm -r clean/index", id="index deleted", marks=pytest.mark.slow),
        pytest.param("rm clean/index/2026-11-10/rows.bin", id="a file of the index deleted", marks=pytest.mark.slow),
        pytest.param(
            "printf x | dd of=clean/index/2026-11-10/keys.bin conv=notrunc seek=20 bs=1 status=none",
            id="a byte of it",
            marks=pytest.mark.slow,
        ),
        pytest.param("printf '[extract]\nmin_words = 400\n' > config.toml", id="config"),
    ],
)
def test_make_sees_every_change_and_settles(made: Path, change: str) -> None:
    assert make(made).returncode == 0
    subprocess.run(change, shell=True, cwd=made, check=True)  # noqa: S602
    assert make(made).returncode == 0
    want = tree(made / "clean")
    shutil.rmtree(made / "clean")
    shutil.rmtree(made / ".newsmill")
    assert run_newsmill("run", cwd=made).returncode == 0
    assert tree(made / "clean") == want
    make(made)
    again = make(made, "-s")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def settled(project: Path) -> bool:
    """Whether a make that has nothing to do does nothing and says nothing."""
    done = make(project, "-s")
    return (done.returncode, done.stdout, done.stderr) == (0, "", "")


def files_of(project: Path) -> set[str]:
    records = (project / "clean").glob("*/records.jsonl")
    return {json.loads(line)["raw"]["path"] for path in records for line in path.open()}


@pytest.mark.parametrize(
    "stamps", [pytest.param("extract", marks=pytest.mark.slow), pytest.param("records", marks=pytest.mark.slow), "*"]
)
def test_stamps_of_a_clock_that_was_ahead_hide_no_change(made: Path, stamps: str) -> None:
    assert make(made).returncode == 0
    tomorrow = time.time() + 86_400
    for path in (made / ".newsmill" / "stages").glob(stamps):
        os.utime(path, (tomorrow, tomorrow))
    (made / "raw" / "2026-11-11" / "late.html").write_text(html_page("A late story", story("Lateham")))
    done = make(made)
    assert done.returncode == 0 and "5 pages in 2 batches" in done.stdout and "skew" not in done.stderr
    assert settled(made)


@pytest.mark.slow
def test_files_of_a_clock_that_was_ahead_are_taken_once(made: Path) -> None:
    """No system call sets a file's ctime: a `touch` that is an hour behind makes all other files an hour ahead."""
    tool = made.parent / f"{made.name}-bin"
    os.utime(tool / "newsmill", (0, 0))
    behind = tool / "touch"
    behind.write_text('#!/bin/sh\nexec /usr/bin/touch -d "1 hour ago" "$@"\n')
    behind.chmod(0o755)
    assert "4 pages in 2 batches" in make(made).stdout
    assert settled(made)
    (made / "raw" / "2026-11-11" / "late.html").write_text(html_page("A late story", story("Lateham")))
    assert "5 pages in 2 batches" in make(made).stdout
    assert settled(made)
    behind.unlink()  # the hour is over
    assert "5 pages in 2 batches" in make(made).stdout  # once more, as their times are no longer of the future
    assert settled(made)


def test_a_page_that_comes_while_make_works_is_taken_by_the_next_one(made: Path) -> None:
    tool = made.parent / f"{made.name}-bin" / "newsmill"
    command = tool.rename(tool.with_name("command"))
    tool.write_text(
        f'#!/bin/sh\n{command} "$@" && if [ "$1" = tag ] && [ -f late.html ]; then mv late.html raw/2026-11-11/; fi\n'
    )
    tool.chmod(0o755)
    (made / "late.html").write_text(html_page("A late story", story("Lateham")))
    assert "4 pages in 2 batches" in make(made).stdout
    assert "5 pages in 2 batches" in make(made).stdout
    assert files_of(made) >= {"raw/2026-11-11/late.html"} and settled(made)


def test_make_clean_deletes_nothing_and_says_so(made: Path) -> None:
    assert make(made).returncode == 0
    before = tree(made)
    done = make(made, "clean")
    assert "deletes nothing" in done.stdout
    assert tree(made) == before
    assert "deletes nothing" in make(made, "help").stdout


def test_a_fault_stops_make_and_the_next_one_goes_on(made: Path) -> None:
    (made / "config.toml").write_text("[dedup]\nthreshhold = 1\n")
    assert make(made).returncode == 2
    (made / "config.toml").write_text("")
    assert make(made).returncode == 0
    assert (made / "clean/2026-11-11/records.jsonl").exists()


def test_a_batch_that_fails_stops_no_other_and_is_done_by_a_later_make(made: Path) -> None:
    (made / "clean").mkdir(exist_ok=True)
    (made / "clean/2026-11-10").write_text("in the way")
    for _ in range(2):
        failed = make(made)
        assert failed.returncode == 2 and "2026-11-10" in failed.stderr
        assert (made / "clean/2026-11-11/records.jsonl").exists()
        assert (made / "clean/2026-11-10").read_text() == "in the way"
    (made / "clean/2026-11-10").unlink()
    assert make(made).returncode == 0
    assert (made / "clean/2026-11-10/records.jsonl").exists()
    settled = make(made, "-s")
    assert (settled.returncode, settled.stdout, settled.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param("locks/extract.lock", marks=pytest.mark.slow, id="at the first stage"),
        pytest.param("drafts/*.part", id="pages at work"),
        pytest.param("stages/extract", marks=pytest.mark.slow, id="between stages"),
        pytest.param("stages/dedup", marks=pytest.mark.slow, id="before the last stage"),
    ],
)
def test_make_killed_with_its_children_is_finished_by_the_next(made: Path, sign: str) -> None:
    """kill -9 of the whole group: make, newsmill, its workers, as soon as a file shows how far it is."""
    assert make(made).returncode == 0
    want = tree(made / "clean")
    shutil.rmtree(made / "clean")
    shutil.rmtree(made / ".newsmill")
    install(made)
    path = f"{made.parent / (made.name + '-bin')}:/usr/bin:/bin"
    with subprocess.Popen(["make", "-s"], cwd=made, env=newsmill_env(PATH=path), start_new_session=True) as killed:
        deadline = time.monotonic() + 60
        while not any((made / ".newsmill").glob(sign)) and time.monotonic() < deadline:
            time.sleep(0.002)
        assert killed.poll() is None, "it was over before it was killed"
        os.killpg(killed.pid, signal.SIGKILL)
    done = make(made, "-s")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree(made / "clean") == want
    again = make(made, "-s", "NEWSMILL=false", f"TOOL={made.parent / (made.name + '-bin') / 'newsmill'}")
    assert again.returncode == 0, "there is nothing left to do"


@pytest.mark.parametrize("batches", [25, pytest.param(1000, marks=pytest.mark.slow)])
def test_an_up_to_date_make_over_many_batches_looks_once(made: Path, batches: int) -> None:
    """No Python is started: the chain's rules are looked at, not the time it takes."""
    shutil.rmtree(made / "raw")
    for n in range(batches):
        folder = made / "raw" / f"b{n:04}"
        folder.mkdir(parents=True)
    (made / "raw/b0000/a.html").write_text(html_page("One story", story("Eastmere", 1)))
    assert make(made).returncode == 0
    shutil.move(made.parent / f"{made.name}-bin" / "newsmill", made.parent / "gone")
    began = time.process_time()
    done = make(made, "-s", f"NEWSMILL={made.parent / 'gone'}", f"TOOL={made.parent / 'gone'}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "name", ["a$$(touch pwned)", "a`touch pwned`", 'a";touch pwned;"'], ids=["$()", "backticks", "quote"]
)
def test_the_name_of_a_batch_is_never_a_command(made: Path, name: str) -> None:
    done = make(made, f"clean/{name}/records.jsonl")
    assert done.returncode != 0 and "no such batch" in done.stderr
    assert not (made / "pwned").exists()
