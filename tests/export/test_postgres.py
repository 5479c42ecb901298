"""`export --to postgresql://`, against a real server that the test starts: types, upserts, removals, passwords."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.export import tables
from pipeline.export.forms import place_of

from ..conftest import run_newsmill
from .test_since_run import ADDRESS, FIRST, PAGES, SECOND, done, page, prepare, put, story

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'newsmill[postgres]'")
PASSWORD = "a secret/of:mine@home"


def programs() -> Path | None:
    """Where initdb and pg_ctl lie; Debian keeps them out of the path."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of this session's own, without its database."""
    if (bin := programs()) is None:
        pytest.skip("NO POSTGRESQL SERVER HERE: the export to PostgreSQL is not tested (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="newsmill-postgres-"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        names = {entry.pw_name for entry in pwd.getpwall()}
        who = {"user": "postgres" if "postgres" in names else "nobody"}
        os.chown(folder, pwd.getpwnam(who["user"]).pw_uid, -1)
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)

    def run(program: str, *args: str) -> None:
        ran = subprocess.run([bin / program, "-D", folder / "data", *args], cwd=folder, capture_output=True, text=True,
                             timeout=120, env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, **who)  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr

    try:
        run("initdb", "-U", "news", "-A", "scram-sha-256", f"--pwfile={folder}/password", "-E", "UTF8", "-N")
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start")
        try:
            yield f"postgresql://news:{quote(PASSWORD, safe='')}@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(server: str) -> str:
    """The address of a new and empty database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as db:
        db.execute(f"create database {name}")
    return server.format(name)


@pytest.fixture
def url(server: str) -> str:
    return database(server)


def ask(url: str, query: str) -> list[Any]:
    with closing(psycopg.connect(url)) as db:
        return list(db.execute(query).fetchall())


def content(url: str) -> dict[str, list[Any]]:
    """What the database says, without its own numbering."""
    out = {
        table: ask(url, f"select r.id, {', '.join(f't.{n}' for n in tables.columns(table) if n != 'record')} "
                        f"from {table} t join records r using (record) ")
        for table in tables.PARTS
    }  # fmt: skip
    names = ", ".join(name for name in tables.RECORD if name not in ("record", "config_hash"))
    out["records"] = ask(url, f"select {names} from records order by id, content_hash")
    out["clusters"] = ask(url, "select * from clusters order by id")
    return {table: sorted(rows, key=repr) for table, rows in out.items()}


def test_the_tables_have_real_types_and_hold_the_records(tmp_path: Path, url: str) -> None:
    prepare(tmp_path)
    said = done(tmp_path, "export", "--to", url, "--fts")
    assert not said
    (row,) = ask(url, "select published_at, published_utc, published_day from records where title like '%bridge'")
    assert row == ("2026-11-10T08:00:00Z", datetime(2026, 11, 10, 8, tzinfo=UTC), date(2026, 11, 10))
    assert ask(url, "select day, records from stories_by_day") == [("2026-11-10", 6)]
    kinds = dict(ask(url, "select column_name, data_type from information_schema.columns where table_name = 'records'"))
    assert kinds["published_utc"] == "timestamp with time zone" and kinds["published_day"] == "date"
    assert kinds["confidence"] == "double precision" and kinds["words"] == "bigint"
    words = "to_tsvector('simple', coalesce(title, '') || ' ' || left(text, 100000)) @@ to_tsquery('simple', 'orchard')"
    assert ask(url, f"select title from records where {words}") == [("About the orchard",)]


def test_the_same_export_again_writes_nothing(tmp_path: Path, url: str) -> None:
    prepare(tmp_path)
    done(tmp_path, "export", "--to", url)
    before = ask(url, "select record, id, xmin::text from records order by 1"), content(url)
    done(tmp_path, "export", "--to", url)
    assert (ask(url, "select record, id, xmin::text from records order by 1"), content(url)) == before


def change(root: Path) -> None:
    """One story edited, one revised, one new, one forgotten."""
    put(root, FIRST, *(PAGES | {"bridge": page("bridge", story("tunnel", 7))}).values())
    put(root, SECOND, page("ferry", PAGES["ferry"]["html"] + story("ferry", 9)), page("theatre", story("theatre", 3)))
    done(root, "run", "-q")
    done(root, "forget", ADDRESS.format("council"))


@pytest.mark.parametrize(
    "how", [(), ("--since-run", "RUN"), ("--all-revisions",)], ids=["whole", "since a run", "revisions"]
)
def test_what_changed_is_brought_in_and_what_went_is_removed(
    tmp_path: Path, server: str, url: str, how: tuple[str, ...]
) -> None:
    run = prepare(tmp_path)
    done(tmp_path, "export", "--to", url)
    kept = dict(ask(url, "select id, record from records where title like '%museum'"))
    change(tmp_path)
    done(tmp_path, "export", "--to", url, *(run if word == "RUN" else word for word in how))
    fresh = database(server)
    done(tmp_path, "export", "--to", fresh, *(word for word in how if word == "--all-revisions"))
    assert content(url) == content(fresh)
    assert len(content(url)["records"]) == (7 if "--all-revisions" in how else 6)
    assert dict(ask(url, "select id, record from records where title like '%museum'")) == kept, "numbers stay"


def test_changes_that_would_be_missed_are_an_error(tmp_path: Path, url: str) -> None:
    run = prepare(tmp_path)
    ran = run_newsmill("export", "-C", tmp_path, "--to", url, "--since-run", run)
    assert ran.returncode == 2 and "export once without --since-run" in ran.stderr
    done(tmp_path, "export", "--to", url)
    change(tmp_path)
    ran = run_newsmill("export", "-C", tmp_path, "--to", url, "--since-run", "last")
    assert ran.returncode == 2 and f"--since-run {run}" in ran.stderr


def test_tables_of_somebody_else_are_left_alone(tmp_path: Path, url: str) -> None:
    prepare(tmp_path)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create table records (name text)")
    ran = run_newsmill("export", "-C", tmp_path, "--to", url)
    assert ran.returncode == 2 and "a database or schema of its own" in ran.stderr
    assert ask(url, "select * from records") == []
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("create schema news")
    done(tmp_path, "export", "--to", f"{url}&options=-csearch_path%3Dnews")
    assert ask(url, "select count(*) from news.records") == [(6,)]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda url: url.replace("secret", "wrong"), id="wrong password"),
        pytest.param(lambda url: url.replace("host=", "host=/nowhere"), id="no such server"),
        pytest.param(lambda url: url.replace("?host", "?hosst"), id="unknown parameter"),
        pytest.param(lambda url: url.replace("%40", "@"), id="a password that is not encoded"),
        pytest.param(lambda url: url.replace("@/", "@[::/"), id="not an address"),
    ],
)
def test_no_message_holds_the_password(tmp_path: Path, server: str, broken: Any) -> None:
    prepare(tmp_path)
    ran = run_newsmill("export", "-C", tmp_path, "--to", broken(server.format("postgres")))
    assert ran.returncode in (1, 2) and ran.stderr.startswith("newsmill: ") and "Traceback" not in ran.stderr
    assert not any(word in ran.stdout + ran.stderr for word in ("secret", "wrong", "of:mine", "of%3Amine"))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["--to", "mysql://x/y"], "not a PostgreSQL address", id="another database"),
        pytest.param(["--to", "postgresql:///x", "-o", "x.csv"], "--to and --output", id="two targets"),
        pytest.param(["--to", "postgresql:///x", "-f", "csv"], "csv goes to a file", id="another form"),
        pytest.param(["-f", "postgresql"], "--to", id="no address"),
        pytest.param(["-f", "postgresql", "-o", "x"], "--to", id="a file"),
    ],
)
def test_what_does_not_go_together_is_an_error(tmp_path: Path, args: list[str], message: str) -> None:
    (tmp_path / "raw").mkdir()
    ran = run_newsmill("export", "-C", tmp_path, *args)
    assert ran.returncode == 2 and message in ran.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:se:cr@et@db.example:5432/news?sslmode=require",
        "postgresql:///news?password=secret",
    ],
)
def test_an_address_is_shown_without_its_password(url: str) -> None:
    assert not any(part in place_of(url) for part in ("se:cr", "secret", "et@"))
