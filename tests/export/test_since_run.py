"""`export --since-run`: a store that follows the changes holds what a whole export holds, whatever happened between."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline import store
from pipeline.cli.app import app
from pipeline.export import rows
from pipeline.export.forms import FORMS
from pipeline.project import open_project
from pipeline.records import journal

from ..conftest import html_page, run_newsmill, story, tree

FIRST, SECOND, LATE = "2026-11-10", "2026-11-12", "2026-11-01"
ADDRESS = "https://post.example/2026/{}"


def page(name: str, text: str, **known: Any) -> dict[str, Any]:
    known = {"published_at": "2026-11-10T08:00:00Z"} | known
    return {"id": name, "url": ADDRESS.format(name), "html": html_page(f"About the {name}", text), **known}


def put(root: Path, batch: str, *pages: dict[str, Any]) -> None:
    path = root / "raw" / f"{batch}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in pages), encoding="utf-8")


def done(root: Path, *args: str | Path) -> str:
    """A command in this process: a hundred of them would spend most of their time on starting."""
    ran = CliRunner().invoke(app, [*map(str, args), "-C", str(root)])
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return ran.stdout


def export(root: Path, *args: str | Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done(root, "export", *args).splitlines()]


NAMES = ("bridge", "ferry", "council", "lighthouse", "orchard", "museum")
ALONE = "[threads]\nlikeness = 1\n"  # each story its own: else another page changes the scores of its thread
PAGES = {name: page(name, story(name, n)) for n, name in enumerate(NAMES)}


def prepare(root: Path) -> str:
    put(root, FIRST, *PAGES.values())
    (root / "config.toml").write_text(ALONE)
    done(root, "run", "-q")
    return str(json.loads((root / ".newsmill/last-run.json").read_text())["run"])


# ---- what can happen to records: each returns the events wanted, by the page's name


def edit(root: Path) -> dict[str, str]:
    put(root, FIRST, *(PAGES | {"bridge": page("bridge", story("tunnel", 7))}).values())
    done(root, "run", "-q")
    return {"bridge": "changed"}


def revision(root: Path) -> dict[str, str]:
    put(root, SECOND, page("ferry", PAGES["ferry"]["html"] + story("ferry", 9)), page("theatre", story("theatre", 3)))
    done(root, "run", "-q")
    return {"ferry": "changed", "theatre": "added"}


def forget(root: Path) -> dict[str, str]:
    done(root, "forget", ADDRESS.format("council"))
    return {"council": "removed: forgotten"}


def page_gone(root: Path) -> dict[str, str]:
    put(root, FIRST, *(row for name, row in PAGES.items() if name != "lighthouse"))
    done(root, "run", "-q")
    return {"lighthouse": "removed: gone"}


def late_batch(root: Path) -> dict[str, str]:
    put(root, LATE, page("harvest", story("harvest", 4)))
    done(root, "run", "-q")
    return {"harvest": "added"}


def became_a_copy(root: Path) -> dict[str, str]:
    put(root, LATE, page("grove", story("orchard", 4)))
    done(root, "run", "-q")  # the late one is the copy
    done(root, "dedup", "--reorder")
    done(root, "run", "-q")
    return {"orchard": "removed: copy", "grove": "added"}


def batch_gone(root: Path) -> dict[str, str]:
    put(root, SECOND, page("theatre", story("theatre", 3)))
    done(root, "run", "-q")
    (root / "raw" / f"{FIRST}.jsonl").unlink()
    done(root, "run", "-q")
    return dict.fromkeys(NAMES, "removed: gone") | {"theatre": "added"}


def there_and_back(root: Path) -> dict[str, str]:
    edit(root)
    put(root, FIRST, *PAGES.values())
    done(root, "run", "-q")
    return {}


def stage_by_stage(root: Path) -> dict[str, str]:
    put(root, SECOND, page("theatre", story("theatre", 3)))
    for stage in (["extract"], ["dedup"], ["tag"], ["threads", "--update"], ["records"]):
        done(root, *stage, "-q")
    return {"theatre": "added"}


def killed_before_the_log(root: Path) -> dict[str, str]:
    kept = (root / ".newsmill" / journal.FILE).read_bytes()
    edit(root)
    (root / ".newsmill" / journal.FILE).write_bytes(kept)
    return {"bridge": "changed"}


def other_settings(root: Path) -> dict[str, str]:
    """Another setting is written into every record; that alone is no change of a story."""
    (root / "config.toml").write_text(f"{ALONE}[dedup]\nthreshold = 0.71\n")
    done(root, "run", "-q")
    return {}


HAPPENINGS = (
    edit, revision, forget, page_gone, late_batch, became_a_copy, batch_gone, there_and_back, stage_by_stage,
    killed_before_the_log, other_settings,
)  # fmt: skip


def ids(root: Path) -> dict[str, str]:
    from pipeline.urls import article_id

    return {article_id(ADDRESS.format(name), ""): name for name in (*NAMES, "theatre", "harvest", "grove")}


def told(root: Path, rows: list[dict[str, Any]]) -> dict[str, str]:
    names = ids(root)
    return {names[row["id"]]: ": ".join(filter(None, [row["event"], row.get("why")])) for row in rows}


@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda f: f.__name__.replace("_", " "))
def test_what_happened_since_a_run(tmp_path: Path, happens: Callable[[Path], dict[str, str]]) -> None:
    """Also that the stores that follow, JSON lines and SQLite, end up with what a whole export has."""
    run = prepare(tmp_path)
    before = {row["id"]: row for row in export(tmp_path)}
    done(tmp_path, "export", "-o", tmp_path / "old.db", "--fts")
    wanted = happens(tmp_path)
    rows = export(tmp_path, "--since-run", run)
    assert told(tmp_path, rows) == wanted
    for row in rows:
        before.pop(row["id"], None)
        if row.pop("event") != "removed":
            before[row["id"]] = row
    assert plain(before.values()) == plain(export(tmp_path))
    done(tmp_path, "export", "-o", tmp_path / "old.db", "--since-run", run)
    done(tmp_path, "export", "-o", tmp_path / "new.db", "--fts")
    assert database(tmp_path / "old.db") == database(tmp_path / "new.db")


def plain(rows: Any) -> list[dict[str, Any]]:
    return sorted(({**row, "run": None} for row in rows), key=lambda row: row["id"])


def database(path: Path) -> dict[str, Any]:
    """What a database says, without its own numbering."""
    with closing(sqlite3.connect(path)) as db:
        assert not db.execute("pragma foreign_key_check").fetchall()
        out: dict[str, Any] = {"run": db.execute("select run from export").fetchall()}
        for table in ("topics", "places", "authors", "images", "copies"):
            query = f"select r.id, t.* from {table} t join records r using (record)"
            out[table] = sorted([(row[0], *row[2:]) for row in db.execute(query)], key=repr)
        out["records"] = sorted(db.execute("select id, title, text, published_utc, cluster_id from records"))
        out["clusters"] = sorted(db.execute("select * from clusters"))
        words = "select r.id from records_fts f join records r on r.record = f.rowid where records_fts match ?"
        out["words"] = {word: sorted(db.execute(words, (word,))) for word in (*NAMES, "tunnel", "harvest")}
    return out


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """One story edited, one forgotten, one new one in German."""
    root = tmp_path_factory.mktemp("follow") / "news"
    run = prepare(root)
    done(root, "export", "-f", "markdown", "-o", root / "notes")
    forget(root)
    text = "Der Deich bei Nordersand wird nach der Sturmflut um einen Meter erhöht, sagte der Bürgermeister. " * 9
    put(root, SECOND, page("deich", text, language="de"))
    edit(root)
    return root, run


@pytest.mark.parametrize("form", [form for form in FORMS if form.target == "stream"], ids=lambda form: form.name)
def test_every_form_says_what_was_removed_or_that_it_cannot(changed: tuple[Path, str], form: Any) -> None:
    root, run = changed
    ran = run_newsmill("export", "-C", root, "-f", form.name, "--since-run", run)
    gone = next(id for id, name in ids(root).items() if name == "council")
    if form.removals:
        assert ran.returncode == 0 and gone in ran.stdout, ran.stderr
    else:
        assert ran.returncode == 2 and "cannot say what was removed; possible with jsonl, csv" in ran.stderr
        assert not ran.stdout


def test_csv_and_parquet_have_the_event_as_a_column(changed: tuple[Path, str], tmp_path: Path) -> None:
    import duckdb

    root, run = changed
    rows = list(csv.DictReader(io.StringIO(done(root, "export", "-f", "csv", "--since-run", run, "--fields", "title"))))
    assert sorted((row["event"], row["why"]) for row in rows) == [
        ("added", ""), ("changed", ""), ("removed", "forgotten"),
    ]  # fmt: skip
    assert all(row["id"] for row in rows) and list(rows[0]) == ["event", "why", "id", "title"]
    done(root, "export", "-o", tmp_path / "x.parquet", "--since-run", run)
    found = duckdb.execute(f"select event, why, id, title from '{tmp_path}/x.parquet' order by 1").fetchall()
    assert [(event, why or "", id, title or "") for event, why, id, title in found] == [
        tuple(row.values()) for row in sorted(rows, key=lambda row: row["event"])
    ]


def test_bulk_lines_index_and_delete(changed: tuple[Path, str]) -> None:
    root, run = changed
    lines = export(root, "-f", "bulk", "--since-run", run)
    actions = [line for line in lines if not line.keys() - {"index", "delete"}]
    assert [next(iter(action)) for action in actions] == ["index", "index", "delete"] and len(lines) == 5
    assert lines[0]["index"]["_id"] == lines[1]["id"]


def test_markdown_files_follow(changed: tuple[Path, str]) -> None:
    root, run = changed
    done(root, "export", "-f", "markdown", "-o", root / "notes", "--since-run", run)
    followed = tree(root / "notes")
    done(root, "export", "-f", "markdown", "-o", root / "whole")
    assert followed == tree(root / "whole")


def test_what_the_filters_no_longer_choose_is_removed(changed: tuple[Path, str]) -> None:
    root, run = changed
    rows = export(root, "--since-run", run, "--language", "de")
    names = ids(root)
    assert {(names.get(row["id"], "deich"), row["event"], row.get("why")) for row in rows} == {
        ("deich", "added", None), ("bridge", "removed", "filtered"), ("council", "removed", "forgotten"),
    }  # fmt: skip


def test_the_runs_are_listed_and_a_time_names_the_one_before_it(changed: tuple[Path, str]) -> None:
    root, run = changed
    runs = json.loads(done(root, "status", "--runs", "--json"))
    assert [entry["command"] for entry in runs] == ["run", "forget", "run"] and runs[0]["name"] == run
    assert [(entry["added"], entry["changed"], entry["removed"]) for entry in runs] == [(6, 0, 0), (0, 0, 1), (1, 1, 0)]
    assert export(root, "--since-run", "2999-01-01") == []
    assert {row["event"] for row in export(root, "--since-run", "last")} == {"added", "changed"}
    assert [line.split()[1] for line in done(root, "status", "--runs").splitlines()] == ["run", "forget", "run"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["--since-run", "lost"], "no such run (did you mean last?)", id="a word"),
        pytest.param(["--since-run", "17"], "no such run (the last one is 20", id="a number"),
        pytest.param(["--since-run", "2020-01-01"], "the log begins with", id="before the log"),
        pytest.param(["--since-run", "last", "--newest", "5"], "--newest cannot be combined", id="newest"),
        pytest.param(["--since-run", "last", "--with-copies"], "`copies = true` under [records]", id="copies"),
        pytest.param(["--since-run", "last", "-o", "new.db"], "export it once without --since-run", id="no database"),
    ],
)
def test_what_cannot_be_done_is_an_error(changed: tuple[Path, str], args: list[str], message: str) -> None:
    ran = run_newsmill("export", "-C", changed[0], *args, cwd=changed[0])
    assert ran.returncode == 2 and message in ran.stderr and "Traceback" not in ran.stderr, ran.stderr


def test_a_database_that_missed_changes_is_not_brought_up_to_date(changed: tuple[Path, str], tmp_path: Path) -> None:
    root, run = changed
    done(root, "export", "-o", tmp_path / "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as db, db:
        db.execute("update export set run = ?", (run,))
    before = (tmp_path / "x.db").read_bytes()
    ran = run_newsmill("export", "-C", root, "-o", tmp_path / "x.db", "--since-run", "last")
    assert ran.returncode == 2 and f"--since-run {run}" in ran.stderr
    assert (tmp_path / "x.db").read_bytes() == before
    done(root, "export", "-o", tmp_path / "x.db", "--since-run", run)


@pytest.mark.parametrize("damage", [b"", b"garbage" * 400], ids=["empty", "garbage"])
def test_a_damaged_log_is_begun_anew_and_says_so(tmp_path: Path, damage: bytes) -> None:
    run = prepare(tmp_path)
    (tmp_path / ".newsmill" / journal.FILE).write_bytes(damage)
    done(tmp_path, "run", "-q")
    ran = run_newsmill("export", "-C", tmp_path, "--since-run", "2026-01-01")
    assert ran.returncode == 2 and "the log begins with" in ran.stderr
    assert len(export(tmp_path)) == 6 and run


def test_a_run_at_work_is_waited_for_or_told(changed: tuple[Path, str]) -> None:
    root, run = changed
    with store.hold(root / ".newsmill" / "locks", exclusive=("records",)):
        ran = run_newsmill("export", "-C", root, "--since-run", run)
        assert ran.returncode == 75 and not ran.stdout and "another newsmill run is at work" in ran.stderr
        assert run_newsmill("export", "-C", root).returncode == 0, "a whole export needs no lock"
    assert export(root, "--since-run", run, "--wait", "30")


def test_a_run_that_ends_during_an_export_loses_no_record(tmp_path: Path) -> None:
    """Records that a batch got between the two readings come too; none of the later batches is left out."""
    for batch, name in (("a", "bridge"), ("b", "ferry"), ("c", "council")):
        put(tmp_path, batch, PAGES[name])
    done(tmp_path, "run", "-q")
    chosen = rows.lines(open_project(tmp_path), rows.Choice())
    put(tmp_path, "a", PAGES["bridge"], PAGES["museum"])
    done(tmp_path, "run", "-q")
    titles = {line.row()["title"] for line in chosen}
    assert titles == {"About the bridge", "About the ferry", "About the council", "About the museum"}
