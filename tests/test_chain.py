"""The chain through the real command: what is done, what is done again, and what stays byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import html_page, newsmill_env, run_newsmill, story, tree


def rows(project: Path, batch: str, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (project / "clean" / batch / name).read_text().splitlines()]


def run(project: Path, *args: str) -> str:
    done = run_newsmill("run", *args, cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def test_a_run_is_quiet_and_makes_one_record_a_story(project: Path) -> None:
    assert run(project) == ""
    records = rows(project, "2026-11-10", "records.jsonl")
    assert [r["title"] for r in records] == ["Council votes on works number 0", "Council votes on works number 1"]
    assert all(r["schema"] == "newsmill.record/1" for r in records)
    assert "Home" not in str(records[0]["text"]) and "all rights reserved" not in str(records[0]["text"])


def test_an_up_to_date_run_touches_nothing(project: Path) -> None:
    run(project)
    before = {p: p.stat().st_mtime_ns for p in (project / "clean").rglob("*")}
    assert run(project, "--verbose") == ""
    assert {p: p.stat().st_mtime_ns for p in (project / "clean").rglob("*")} == before


def test_only_the_changed_batch_is_done_again_and_dedup_from_there_on(project: Path) -> None:
    run(project)
    (project / "raw/2026-11-11/story2.html").write_text(html_page("A new bridge", story("Bridgeford", 5)))
    said = run(project, "--verbose")
    assert [line.split(" ", 1)[1].split(":")[0] for line in said.splitlines()] == [  # after the time
        f"{stage} 2026-11-11" for stage in ("extract", "dedup", "tag", "threads", "records")
    ]


def test_an_edit_in_place_with_its_old_time_is_seen(project: Path) -> None:
    run(project)
    page = project / "raw/2026-11-10/story0.html"
    was = page.stat()
    page.write_text(page.read_text().replace("Norhaven0", "Sudhaven0"))
    os.utime(page, ns=(was.st_atime_ns, was.st_mtime_ns))
    run(project)
    assert "Sudhaven0" in str(rows(project, "2026-11-10", "records.jsonl")[0]["text"])


def test_a_config_section_redoes_its_own_stage(project: Path) -> None:
    run(project)
    (project / "config.toml").write_text("[topics]\nmax = 1\n")
    said = run(project, "--verbose")
    *stages, changes = (line.split(" ", 1)[1] for line in said.splitlines())  # after the time
    assert {line.split()[0] for line in stages} == {"tag", "records"}
    assert changes == "2 articles of earlier runs came out differently: newsmill status --changes"


def test_one_worker_or_two_make_the_same_bytes(project: Path) -> None:
    run(project, "--workers", "1")
    one = tree(project / "clean")
    shutil.rmtree(project / "clean")
    shutil.rmtree(project / ".newsmill")
    run(project, "--workers", "2")
    assert tree(project / "clean") == one


def test_the_order_in_which_files_arrive_does_not_matter(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run(project)
    other = tmp_path_factory.mktemp("shuffled")
    for page in sorted((project / "raw").rglob("*.html"), reverse=True):
        target = other / page.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, target)
    run(other)
    assert tree(other / "clean") == tree(project / "clean")


def test_stages_one_by_one_make_what_run_makes(project: Path) -> None:
    run(project)
    whole = tree(project / "clean")
    shutil.rmtree(project / "clean")
    for stage in ("extract", "dedup", "tag", "threads --update", "records"):
        assert run_newsmill(*stage.split(), cwd=project).returncode == 0
    assert tree(project / "clean") == whole


def test_a_removed_batch_takes_its_outputs_along_and_says_so(project: Path) -> None:
    run(project)
    shutil.rmtree(project / "raw/2026-11-10")
    done = run_newsmill("run", cwd=project)
    assert done.returncode == 0
    assert "2026-11-10 is no longer in raw" in done.stderr
    assert not (project / "clean/2026-11-10").exists()
    assert (project / "clean/2026-11-11/records.jsonl").exists()


def test_an_empty_raw_does_not_empty_clean(project: Path) -> None:
    run(project)
    before = tree(project / "clean")
    shutil.rmtree(project / "raw")
    (project / "raw").mkdir()
    done = run_newsmill("run", cwd=project)
    assert done.returncode == 1
    assert "raw is empty" in done.stderr and "2 batches" in done.stderr
    assert tree(project / "clean") == before


@pytest.mark.parametrize(
    ("prepare", "code", "said"),
    [
        pytest.param("rm -r raw", 2, "no newsmill project here", id="no raw and no config"),
        pytest.param("rm -r raw; touch config.toml", 1, "raw: no such folder", id="no raw"),
        pytest.param("printf '[dedup]\nthreshhold = 1' > config.toml", 2, "did you mean dedup.threshold", id="typo in config"),
        pytest.param("mkdir clean; printf '{\"layout\":99}' > clean/.newsmill.json", 1, "layout 99", id="another version's clean"),
        pytest.param("touch raw/2026-11-10.jsonl", 1, "rename", id="two entries, one batch name"),
    ],
)  # fmt: skip
def test_what_a_person_can_mend_has_a_message_and_a_code(project: Path, prepare: str, code: int, said: str) -> None:
    subprocess.run(prepare, shell=True, cwd=project, check=True)  # noqa: S602
    done = run_newsmill("run", cwd=project)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_run_leaves_with_75_and_touches_nothing(project: Path) -> None:
    code = "import sys; from pipeline import store; from pathlib import Path; store.hold(Path('.newsmill/locks'), exclusive=('tag',)); print('held', flush=True); sys.stdin.read()"
    owner = subprocess.Popen([sys.executable, "-c", f"h = None\n{code.replace('store.hold', 'h = store.hold')}"], cwd=project,
                             stdout=subprocess.PIPE, stdin=subprocess.PIPE, env=newsmill_env())  # fmt: skip
    assert owner.stdout is not None and owner.stdout.readline() == b"held\n"
    done = run_newsmill("run", cwd=project)
    owner.kill()
    assert done.returncode == 75
    assert done.stderr.count("\n") == 1 and "another newsmill run" in done.stderr
    assert not (project / "clean").exists()


@pytest.mark.parametrize(
    "delays", [pytest.param((0.3, 1.0), id="twice"), pytest.param((0.5, 0.7, 0.9, 1.2, 1.5), id="more", marks=pytest.mark.slow)]
)  # fmt: skip
def test_a_killed_run_goes_on_and_ends_the_same(project: Path, delays: tuple[float, ...]) -> None:
    run(project)
    want = tree(project / "clean")
    for delay in delays:
        shutil.rmtree(project / "clean", ignore_errors=True)
        shutil.rmtree(project / ".newsmill", ignore_errors=True)
        started = subprocess.Popen([sys.executable, "-m", "pipeline", "run"], cwd=project, env=newsmill_env())
        time.sleep(delay)
        started.send_signal(signal.SIGKILL)
        started.wait()
        run(project)
        assert tree(project / "clean") == want, f"killed after {delay} s"


def test_dry_run_says_what_and_does_nothing(project: Path) -> None:
    done = run_newsmill("run", "--dry-run", cwd=project)
    assert done.stdout.splitlines()[0] == "extract\t2026-11-10"
    assert not (project / "clean").exists()


def scribble(path: Path) -> None:
    """Other bytes, the same size and the same modification time."""
    was = path.stat()
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("harm", "name", "said"),
    [
        pytest.param(shutil.rmtree, ".", "missing (2026-11-10, 2026-11-11)", id="index deleted"),
        pytest.param(shutil.rmtree, "2026-11-10", "missing (2026-11-10)", id="a batch of it deleted"),
        pytest.param(Path.unlink, "2026-11-11/keys.bin", "keys.bin is missing (2026-11-11)", id="a file deleted"),
        pytest.param(cut, "2026-11-10/keys.bin", "keys.bin is damaged (2026-11-10)", id="keys cut"),
        pytest.param(cut, "2026-11-10/segment.json", "segment.json is damaged (2026-11-10)", id="sign cut"),
        pytest.param(scribble, "2026-11-11/rows.bin", "rows.bin is damaged (2026-11-11)", id="rows scribbled over"),
    ],
)
def test_a_harmed_index_is_built_again_by_a_run_with_nothing_else_to_do(
    project: Path, harm: Callable[[Path], None], name: str, said: str
) -> None:
    run(project)
    want = tree(project / "clean")
    verdicts = [p.stat().st_ino for p in sorted((project / "clean").glob("*/duplicates.jsonl"))]
    harm(project / "clean/index" / name)
    assert run(project) == f"newsmill: clean/index: {said}; built again from the articles\n"
    assert tree(project / "clean") == want
    assert [p.stat().st_ino for p in sorted((project / "clean").glob("*/duplicates.jsonl"))] == verdicts
    assert run(project) == ""


def test_an_index_that_was_copied_is_looked_through_once(project: Path) -> None:
    run(project)
    index = project / "clean/index"
    shutil.copytree(index, project / "copy")
    shutil.rmtree(index)
    shutil.move(project / "copy", index)
    for path in (p for name in ("segment.json", "keys.bin") for p in index.glob(f"*/{name}")):
        path.touch()  # the sign is older than the keys now
    assert run(project) == ""
    signs = {p: p.stat().st_ctime_ns for p in index.glob("*/segment.json")}
    assert all(p.with_name("keys.bin").stat().st_ctime_ns <= when for p, when in signs.items())
    assert run(project) == ""
    assert {p: p.stat().st_ctime_ns for p in signs} == signs


def test_rebuild_makes_the_same_index_and_says_so(project: Path) -> None:
    run(project)
    want = tree(project / "clean")
    said = "newsmill: clean/index: rebuilt for 2 batches; of 2 up to date {} had been damaged or missing, " \
           "the others are unchanged\n"  # fmt: skip
    for harmed in (0, 1):
        if harmed:
            scribble(project / "clean/index/2026-11-10/keys.bin")
            (project / "clean/index/2026-11-10/segment.json").unlink()
        done = run_newsmill("dedup", "--rebuild", cwd=project)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", said.format(harmed))
        assert tree(project / "clean") == want


def test_an_index_that_cannot_be_built_again_names_the_file(project: Path) -> None:
    run(project)
    shutil.rmtree(project / "clean/index")
    (project / "clean/2026-11-10/duplicates.jsonl").write_bytes(b"{")
    done = run_newsmill("run", cwd=project)
    assert done.returncode == 1
    assert "clean/2026-11-10/duplicates.jsonl: line 1 is damaged" in done.stderr


@pytest.fixture
def late(project: Path) -> Path:
    """A project that was run, and a batch of an earlier name that came later: a reprint, and a story of its own."""
    run(project)
    folder = project / "raw/2026-11-09"
    folder.mkdir()
    text = rows(project, "2026-11-10", "articles.jsonl")[0]["text"]
    (folder / "page.html").write_text(html_page("Works", str(text)))
    (folder / "other.html").write_text(html_page("Late works", story("Lateham", 77)))
    return project


def order(project: Path) -> list[object]:
    return [json.loads(line)["batch"] for line in (project / "clean/order.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(
    "command", [["run"], ["extract", "dedup", "tag", "threads --update", "records"]], ids=["run", "stage by stage"]
)
def test_a_late_batch_comes_last_and_leaves_what_is_published(late: Path, command: list[str]) -> None:
    published = tree(late / "clean")
    for stage in command:
        assert run_newsmill(*stage.split(), cwd=late).returncode == 0
    assert order(late) == ["2026-11-10", "2026-11-11", "2026-11-09"]
    now = tree(late / "clean")
    assert {name for name, data in published.items() if now.get(name) != data} == {"order.jsonl"}
    first = rows(late, "2026-11-10", "articles.jsonl")[0]["id"]
    assert [row["cluster_id"] for row in rows(late, "2026-11-09", "duplicates.jsonl")] == [first]
    assert run_newsmill("status", "--changes", cwd=late).stdout == ""
    again = run_newsmill("run", cwd=late)
    assert (again.returncode, again.stderr, tree(late / "clean")) == (0, "", now)
    shutil.rmtree(late / "clean/index")  # it is built again in the same order
    assert run_newsmill("run", cwd=late).returncode == 0
    assert tree(late / "clean") == now


def test_what_is_judged_again_keeps_its_place(late: Path) -> None:
    run(late)
    now = tree(late / "clean")
    assert run_newsmill("run", "--force", cwd=late).returncode == 0
    assert tree(late / "clean") == now
    for batch in ("2026-11-09", "2026-11-10", "2026-11-11"):
        (late / "clean" / batch / "duplicates.jsonl").unlink()
    assert run_newsmill("dedup", "2026-11-10", cwd=late).returncode == 0
    assert not (late / "clean/2026-11-09/duplicates.jsonl").exists()  # judged after it
    run(late)
    assert tree(late / "clean") == now


def test_reorder_takes_name_order_and_lists_what_changed(late: Path) -> None:
    run(late)
    kept = tree(late / "clean")
    dry = run_newsmill("dedup", "--reorder", "--dry-run", cwd=late)
    assert dry.returncode == 0 and tree(late / "clean") == kept
    assert run_newsmill("dedup", "--reorder", cwd=late).returncode == 0
    assert order(late) == ["2026-11-09", "2026-11-10", "2026-11-11"]
    changes = json.loads(run_newsmill("status", "--changes", "--json", cwd=late).stdout)
    assert [(c["batch"], c["was"] is None, c["now"] is None) for c in changes] == [
        ("2026-11-09", False, True),
        ("2026-11-10", True, False),
    ]
    run(late)
    whole = tree(late / "clean")
    shutil.rmtree(late / "clean")
    run(late)
    assert tree(late / "clean") == whole  # built from nothing, the order is that of names


def test_a_clean_folder_without_an_order_file_has_that_of_names(late: Path) -> None:
    (late / "clean/order.jsonl").unlink()
    run(late)
    assert order(late) == ["2026-11-10", "2026-11-11", "2026-11-09"]


def test_a_batch_that_went_and_came_back_is_a_late_one(project: Path, tmp_path: Path) -> None:
    run(project)
    shutil.move(project / "raw/2026-11-10", tmp_path / "away")
    assert run_newsmill("run", cwd=project).returncode == 0
    shutil.move(tmp_path / "away", project / "raw/2026-11-10")
    assert run_newsmill("run", cwd=project).returncode == 0
    assert order(project) == ["2026-11-11", "2026-11-10"]


def test_what_a_kill_during_a_removal_left_in_the_index_is_swept(project: Path) -> None:
    run(project)
    shutil.copytree(project / "clean/index/2026-11-10", project / "clean/index/2026-11-01")
    (project / "clean/index/mine").mkdir()
    (project / "clean/index/mine/notes.txt").write_text("a user's own")
    assert run_newsmill("run", cwd=project).returncode == 0
    assert sorted(path.name for path in (project / "clean/index").iterdir()) == ["2026-11-10", "2026-11-11", "mine"]
    assert (project / "clean/index/mine/notes.txt").exists()


def test_an_idle_run_imports_no_datasketch(project: Path) -> None:
    run(project)
    code = (
        "import sys; from pipeline.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "sys.exit(bool({'datasketch', 'scipy'} & sys.modules.keys()))"
    )
    for command in (["run"], ["status"], ["--help"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *command], cwd=project, env=newsmill_env(), capture_output=True
        )
        assert done.returncode == 0, done.stderr


def test_a_reordered_batch_and_a_removed_one_leave_a_list_of_what_counts_otherwise_now(late: Path) -> None:
    assert run_newsmill("status", "--changes", cwd=late).stdout == ""
    first, second = (str(r["id"]) for r in rows(late, "2026-11-10", "records.jsonl"))
    shutil.copy(late / "raw/2026-11-10/story1.html", late / "raw/2026-11-11/again.html")  # new, not changed
    run_newsmill("extract", cwd=late)
    run_newsmill("dedup", "--reorder", cwd=late)
    run_newsmill("tag", cwd=late)
    run_newsmill("records", cwd=late)
    source = next(row["id"] for row in rows(late, "2026-11-09", "articles.jsonl") if row["title"] == "Works")
    [change] = json.loads(run_newsmill("status", "--changes", "--json", cwd=late).stdout)
    now = {"relation": "same", "cluster_id": source, "matched_id": source}
    assert change == {
        "batch": "2026-11-10", "id": first, "title": "Council votes on works number 0", "was": None, "now": now, "stage": "dedup",
    }  # fmt: skip
    status = run_newsmill("status", cwd=late).stdout
    assert "verdicts changed\t2026-11-10: 1 article (newsmill status --changes)\n" in status
    shutil.rmtree(late / "raw/2026-11-09")
    run(late)
    said = run_newsmill("status", "--changes", cwd=late).stdout
    assert said == f"2026-11-10\t{first}\tCouncil votes on works number 0\tsame {source}\tnew\n"
    assert second not in said
