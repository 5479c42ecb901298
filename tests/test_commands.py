"""The looking commands through the real process: show, status, export, page, config, doctor, init."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.manage import doctor

from .conftest import ROOT, html_page, newsmill_env, run_newsmill, story, tree
from .terminal import on_terminal


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three batches, run: a story, its copy elsewhere, its revision, a page that is none, a nasty title."""
    root = tmp_path_factory.mktemp("built")
    text = story("Norhaven", 1)
    pages = {
        "2026-11-10/bridge.html": ("The bridge", text, "https://post.example/2026/the-bridge"),
        "2026-11-10/nasty.html": (
            "=1+1 [bold]\x1b[31mred\u202e",
            story("Eastmere", 2),
            "https://post.example/2026/nasty",
        ),
        "2026-11-11/copy.html": ("A bridge, again", text, "https://other.example/2026/bridge-copied"),
        "2026-11-12/bridge.html": (
            "The bridge",
            text + "\n\n" + story("Norhaven", 9),
            "https://post.example/2026/the-bridge",
        ),
    }
    for name, (title, body, url) in pages.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        page = html_page(title.replace("\x1b", "&#27;"), body)
        day = name[:10]
        head = f'<meta property="article:published_time" content="{day}T08:00:00+01:00">'
        head += '<meta name="tdm-reservation" content="1">' if "nasty" in name else ""
        path.write_text(page.replace("</head>", head + "</head>"))
        path.with_name(path.name + ".meta.json").write_text(json.dumps({"url": url, "fetched_at": f"{day}T10:00:00Z"}))
    (root / "raw/2026-11-12/paper.html").write_bytes(b"%PDF-1.7\n" + b"x" * 2000)
    done = run_newsmill("run", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


def exported(built: Path, *args: str) -> list[dict[str, object]]:
    done = run_newsmill("export", *args, cwd=built)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("args", "titles"),
    [
        pytest.param((), ["=1+1", "The bridge"], id="the latest revision of each article"),
        pytest.param(("--all-revisions",), ["The bridge", "=1+1", "The bridge"], id="all revisions"),
        pytest.param(("--with-copies",), ["=1+1", "A bridge, again", "The bridge"], id="with copies"),
        pytest.param(("--since", "2026-11-11"), ["The bridge"], id="since a day"),
        pytest.param(("--since", "2026-11-10T07:30:00Z"), ["The bridge"], id="since a time, in another offset"),
        pytest.param(("--tdm-allowed",), ["The bridge"], id="without what is reserved"),
        pytest.param(("--until", "2026-11-11"), ["=1+1"], id="until a day"),
        pytest.param(("--language", "EN"), ["=1+1", "The bridge"], id="language in capitals"),
        pytest.param(("--newest", "1"), ["The bridge"], id="the newest"),
        pytest.param(("-o", "-"), ["=1+1", "The bridge"], id="stdout by its sign"),
    ],
)
def test_export_chooses(built: Path, args: tuple[str, ...], titles: list[str]) -> None:
    assert [str(row["title"])[: len(want)] for row, want in zip(exported(built, *args), titles, strict=True)] == titles


def test_what_a_page_reserves_is_in_every_form(built: Path, tmp_path: Path) -> None:
    import duckdb

    assert [row["rights"] and row["rights"]["tdm"] for row in exported(built)] == ["reserved", None]  # type: ignore[index]
    assert run_newsmill("export", "-o", tmp_path / "all.parquet", cwd=built).returncode == 0
    rows = duckdb.execute(f"select rights.tdm, rights.found['tdm'] from '{tmp_path}/all.parquet'").fetchall()
    assert rows == [("reserved", "meta tdm-reservation"), (None, None)]
    table = csv.DictReader(io.StringIO(run_newsmill("export", "-f", "csv", cwd=built).stdout))
    assert [row["tdm"] for row in table] == ["reserved", ""]


def test_every_key_of_the_schema_is_there(built: Path) -> None:
    from pipeline.records.fields import NAMES

    assert all(tuple(row) == NAMES for row in exported(built, "--with-copies"))


def test_a_csv_cell_is_no_formula_and_no_escape(built: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run_newsmill("export", "-f", "csv", cwd=built).stdout)))
    assert rows[0]["title"].startswith("'=1+1")
    assert len(rows) == 2 and rows[1]["text"].count("\n\n") >= 4


def test_parquet_and_sqlite_hold_the_same_records(built: Path, tmp_path: Path) -> None:
    import duckdb

    ids = [row["id"] for row in exported(built)]
    for name in ("all.parquet", "all.sqlite"):
        assert run_newsmill("export", "-o", tmp_path / name, cwd=built).returncode == 0
    assert [r[0] for r in duckdb.execute(f"select id from '{tmp_path}/all.parquet'").fetchall()] == ids
    with sqlite3.connect(tmp_path / "all.sqlite") as db:
        assert {r[0] for r in db.execute("select id from records")} == set(ids)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("export", "--since", "yesterday"), "--since yesterday: not a date", id="no date"),
        pytest.param(("export", "-o", "x.docx"), "give the format with --format", id="unknown ending"),
        pytest.param(("export", "-f", "parquet"), "cannot be written to stdout", id="parquet to a pipe"),
        pytest.param(("export", "-f", "parket"), "did you mean parquet?", id="unknown form"),
        pytest.param(("export", "--language", "de"), "--language de: no record has it", id="language without records"),
        pytest.param(("export", "--all-revisions", "--topic", "x-y-z"), "--topic x-y-z: no record", id="no such topic"),
        pytest.param(("export", "--fields", "titel"), "did you mean title?", id="unknown field"),
        pytest.param(("export", "-o", "x.db", "--fields", "id"), "sqlite has fixed fields", id="fields of a form"),
        pytest.param(
            ("search", "bridge", "--source", "post.exampel"), "did you mean 'post.example'", id="search, source"
        ),
        pytest.param(("show", "zzz"), "no article has this id", id="no such id"),
        pytest.param(("page", "no-such-file.html"), "no such file", id="no such page"),
        pytest.param(("run", "--wiat"), "No such option", id="typo in a flag"),
        pytest.param(("status", "-C", "nowhere"), "nowhere: no such folder", id="no project"),
    ],
)
def test_a_mistake_in_the_call_is_said_with_its_code(built: Path, args: tuple[str, ...], said: str) -> None:
    done = run_newsmill(*args, cwd=built)
    assert done.returncode in (1, 2)
    assert said in done.stderr and "Traceback" not in done.stderr


def test_show_finds_by_beginning_and_by_address(built: Path) -> None:
    row = exported(built)[1]
    for name in (str(row["id"]), str(row["id"])[:8], "https://www.post.example/2026/the-bridge?utm_source=x"):
        assert json.loads(run_newsmill("show", name, "--json", cwd=built).stdout)["id"] == row["id"]


def test_show_stripped_names_the_rule_of_each_line(built: Path) -> None:
    row = exported(built)[1]
    lines = json.loads(run_newsmill("show", str(row["id"]), "--stripped", "--json", cwd=built).stdout)
    kept = [line["text"] for line in lines if line["rule"] is None]
    assert "\n\n".join(kept) == row["text"]
    assert any(line["rule"] for line in lines)


def test_show_raw_is_the_page_byte_for_byte(built: Path) -> None:
    row = exported(built)[1]
    assert (
        run_newsmill("show", str(row["id"]), "--raw", cwd=built).stdout
        == (built / "raw/2026-11-12/bridge.html").read_text()
    )


def test_nothing_of_a_page_steers_the_terminal(built: Path) -> None:
    row = exported(built)[0]
    for command in (["show", str(row["id"])], ["show", str(row["id"]), "--stripped"], ["status"]):
        seen = on_terminal(command, built, TERM="dumb", NO_COLOR="1")
        out = seen.raw.decode()
        assert "\x1b[31m" not in out and "\u202e" not in out
        assert seen.code == 0, out


def test_status_counts(built: Path) -> None:
    status = json.loads(run_newsmill("status", "--json", cwd=built).stdout)
    assert (status["batches"], status["pages"], status["articles"], status["records"]) == (3, 5, 4, 3)
    assert status["skipped"] == {"not-html": 1}
    assert status["duplicates"] == {"exact": 1, "revision": 1}
    assert status["waiting"] == []


def test_page_from_file_and_from_stdin_give_the_same_text(built: Path) -> None:
    path = built / "raw/2026-11-10/bridge.html"
    one = json.loads(run_newsmill("page", path).stdout)
    two = json.loads(
        run_newsmill("page", "-", "--url", "https://post.example/2026/the-bridge", stdin=path.read_bytes()).stdout
    )
    assert one["text"] == two["text"] == story("Norhaven", 1)
    assert one["id"] == two["id"]


def test_page_without_a_story_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(b"%PDF-1.4 not a page")
    done = run_newsmill("page", tmp_path / "x.html")
    assert (done.returncode, done.stdout) == (1, "")
    assert "not-html: PDF" in done.stderr


def test_doctor_finds_a_changed_file(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built, copy)
    assert run_newsmill("doctor", cwd=copy).returncode == 0
    path = copy / "clean/2026-11-10/records.jsonl"
    path.write_bytes(path.read_bytes() + b"{}\n")
    done = run_newsmill("doctor", cwd=copy)
    assert done.returncode == 1
    assert "2026-11-10: records" in done.stdout


def test_config_shows_what_is_in_force_and_marks_what_is_not_the_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[dedup]\nthreshold = 0.6\n[[topics.rule]]\ntag = 'ferry'\nany = ['ferry']\n")
    done = run_newsmill("config", cwd=tmp_path, NEWSMILL_EXTRACT_MIN_WORDS="40")
    assert "threshold = 0.6    # not the default" in done.stdout
    assert "min_words = 40    # not the default" in done.stdout
    assert 'tag = "ferry"' in done.stdout


def test_init_makes_a_project_that_runs_and_touches_nothing_that_is_there(tmp_path: Path) -> None:
    made = run_newsmill("init", tmp_path / "my news")
    assert made.returncode == 0 and "* * * *" in made.stdout
    (tmp_path / "my news/raw/a.html").write_text(html_page("A story", story("Westby", 3)))
    assert run_newsmill("run", cwd=tmp_path / "my news").returncode == 0
    assert (tmp_path / "my news/clean/loose/records.jsonl").exists()
    before = tree(tmp_path)
    assert run_newsmill("init", tmp_path / "my news").returncode == 2
    assert tree(tmp_path) == before


def test_the_light_commands_import_nothing_heavy() -> None:
    code = (
        "import sys, pipeline.cli, pipeline.query.status, pipeline.views.project; "
        "print(*{'trafilatura', 'datasketch', 'duckdb', 'numpy', 'lxml'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], env=newsmill_env(), cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "\n")


def test_explain_shows_both_texts_and_the_figures(built: Path) -> None:
    out = run_newsmill("explain", "https://other.example/2026/bridge-copied", cwd=built).stdout
    assert "exact: another address, the same text" in out and "containment\t1.000" in out
    revised = json.loads(run_newsmill("explain", "https://post.example/2026/the-bridge", "--json", cwd=built).stdout)
    assert revised["duplicate"]["relation"] == "revision"
    assert revised["matched"]["batch"] == "2026-11-10"
    assert [row["second"] for row in revised["rows"]] == [0, 1, 2, 3, 4, None, None, None, None, None]
    assert "topics" in revised


def test_explain_of_an_original_says_so(built: Path) -> None:
    assert "No duplicate" in run_newsmill("explain", "https://post.example/2026/nasty", cwd=built).stdout


def test_clusters_name_who_ran_it_first(built: Path) -> None:
    (cluster,) = json.loads(run_newsmill("clusters", "--json", cwd=built).stdout)
    assert [(m["relation"], m["source"]) for m in cluster["members"]] == [
        (None, "post.example"),
        ("exact", "other.example"),
    ]


def test_a_large_cluster_warns_once(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built / "raw", copy / "raw")
    for n in range(3):
        page = copy / f"raw/2026-11-13/copy{n}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(html_page(f"Copy {n}", story("Norhaven", 1)))
        page.with_name(page.name + ".meta.json").write_text(
            json.dumps({"url": f"https://c{n}.example/2026/bridge-{n}-copy"})
        )
    env = {"NEWSMILL_DEDUP_WARN_CLUSTER": "4"}
    first = run_newsmill("run", cwd=copy, **env)
    assert first.returncode == 0 and "has 5 articles (dedup.warn_cluster = 4)" in first.stderr
    assert run_newsmill("run", cwd=copy, **env).stderr == ""


@pytest.mark.parametrize(
    "command", [("status",), ("show", "abc"), ("clusters",), ("search", "word"), ("report",), ("explain", "abc")]
)
def test_a_folder_that_is_no_project_is_an_error_of_usage(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run_newsmill(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "no newsmill project here" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_show_of_a_skipped_page_says_why_it_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "raw" / "a").mkdir(parents=True)
    (tmp_path / "raw/a/gone.html").write_text("<title>404 Not found</title><h1>404</h1><p>The page was not found.</p>")
    (tmp_path / "raw/a/gone.html.meta.json").write_text('{"url": "https://post.example/2026/gone"}')
    assert run_newsmill("run", "--quiet", cwd=tmp_path).returncode == 0
    for wanted in ("https://post.example/2026/gone?utm_source=mail", "raw/a/gone.html"):
        done = run_newsmill("show", wanted, cwd=tmp_path)
        assert done.returncode == 2
        assert "skipped: error-page" in done.stderr and "raw/a/gone.html" in done.stderr, done.stderr


def test_doctor_checks_what_the_package_says_it_needs() -> None:
    names = doctor.needed()
    assert {"lxml", "typer", "duckdb"} <= set(names)
    assert not {"pytest", "ruff", "jsonschema"} & set(names), "those of extras are not needed to run"
