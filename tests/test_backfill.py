"""`newsmill backfill`: on any number of partitions, and with workers killed, the files that `newsmill run` writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import archive
from pipeline import pages
from pipeline.backfill import components, inputs, plan
from pipeline.config import Config
from pipeline.errors import UsageError
from pipeline.project import Project

from . import webhdfs
from .backfills import CONFIG, adopted, backfill, check, lines, slow, spark, tree
from .conftest import ROOT, html_page, newsmill_env, run_newsmill, story

# --- the plan


def entry(name: str, *files: str, size: int = 10) -> plan.Entry:
    return plan.Entry(name, bool(files), tuple(plan.File(f"/a/{f}", f"raw/{f}", size, "/a") for f in files or (name,)))


def test_inputs_are_the_batches_of_a_raw_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    project = Project(tmp_path, Config())
    found = plan.batches(inputs.local([f"{tmp_path}/raw/*"], project))
    expected = pages.batches(tmp_path / "raw")
    assert [batch.name for batch in found] == [batch.name for batch in expected]
    assert [[file.place for file in batch.files] for batch in found] == [
        [str(path) for path in pages.files(batch)] for batch in expected
    ]
    assert {file.name for batch in found for file in batch.files} == {
        pages.shown(path, tmp_path) for batch in expected for path in pages.files(batch)
    }


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([entry("x.jsonl"), entry("x.warc.gz")], id="two files of one name"),
        pytest.param([entry("x", "x/1.html"), entry("x.jsonl")], id="a folder and a file"),
        pytest.param([entry("index.jsonl")], id="a name of dedup's"),
        pytest.param([entry("one.html"), entry("one.html")], id="one loose page twice"),
        pytest.param([entry("loose", "loose/1.html"), entry("one.html")], id="loose pages and a batch called loose"),
    ],
)
def test_two_inputs_of_one_name_are_refused(entries: list[plan.Entry]) -> None:
    with pytest.raises(UsageError):
        plan.batches(entries)


def test_an_input_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        list(inputs.local([str(tmp_path / "nowhere*.warc")], Project(tmp_path, Config())))


@given(st.lists(st.lists(st.integers(0, 40 << 20), min_size=1, max_size=6), max_size=5), st.integers(1, 64))
def test_every_page_is_in_one_unit(sizes: list[list[int]], parallel: int) -> None:
    batches = [
        plan.Batch(f"b{n}", tuple(plan.File(f"{n}/{k}", f"raw/{n}/{k}", size, "/a") for k, size in enumerate(files)))
        for n, files in enumerate(sizes)
    ]
    taken: dict[tuple[int, int], str] = {}
    for unit in plan.units(batches, parallel):
        assert plan.Unit.from_json(unit.to_json()) == unit
        for place, file in enumerate(unit.files, unit.first):
            assert file in batches[unit.batch].files
            for page in range(0, 3000, 17):
                if unit.takes(page):
                    assert (place, page) not in taken
                    taken[place, page] = file.place
    files = [file.place for batch in batches for file in batch.files]
    assert {place: name for (place, _), name in taken.items()} == dict(enumerate(files))
    assert len(taken) == len(files) * len(range(0, 3000, 17))


def test_numbers_ascend_in_the_order_of_pages() -> None:
    places = [(0, 0), (0, 1), (0, 1 << 33), (1, 0), (70_000_000, 5)]
    assert all(plan.number(*a) < plan.number(*b) for a, b in pairwise(places))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda e: e[0] != e[1]), max_size=40))
def test_components_are_those_of_a_search(edges: list[tuple[int, int]]) -> None:
    near: dict[int, set[int]] = {}
    for a, b in edges:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    expected = {}
    for node in sorted(near):
        todo = [node]
        while todo:
            if (one := todo.pop()) not in expected:
                expected[one] = node
                todo += near[one]
    a, b = (np.array([edge[n] for edge in edges], np.int64) for n in range(2))
    nodes, labels = components.components(a, b)
    assert dict(zip(nodes.tolist(), labels.tolist(), strict=True)) == expected


def test_without_spark_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pyspark.py").write_text("raise ImportError('no pyspark here')")
    done = run_newsmill(
        "backfill", ROOT / "raw/2026-11-19.jsonl", "-o", tmp_path / "out", cwd=tmp_path,
        PYTHONPATH=f"{tmp_path}:{ROOT}",
    )  # fmt: skip
    assert done.returncode != 0
    assert "newsmill[spark]" in done.stderr
    assert "Traceback" not in done.stderr


# --- the whole


MONSTER = "<html><p>" + "<b><i>" * 500_000 + "The harbour bridge was rebuilt in the spring, said the council. " * 60_000


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that `newsmill run` has brought up to date: days of articles, the samples, a page no worker survives."""
    root = tmp_path_factory.mktemp("local")
    shutil.copytree(ROOT / "raw", root / "raw")
    archive.write(root / "raw", 240, 60, html=0.3, longest=4)
    (root / "raw/2026-11-16/monster.html").write_text(MONSTER)
    (root / "raw/late.html").write_text(html_page("A bridge", story("Bridgetown")))
    (root / "config.toml").write_text(CONFIG)
    done = run_newsmill("run", "-q", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


def test_what_is_compared_can_fail(tmp_path: Path) -> None:
    (tmp_path / "a/x").mkdir(parents=True)
    (tmp_path / "a/x/records.jsonl").write_text("{}\n")
    assert tree(tmp_path / "a") == {"x/records.jsonl": b"{}\n"} != tree(tmp_path)
    assert lines(f"{tmp_path}/a/*/records.jsonl") == [b"{}\n"]


@spark
@slow
def test_a_small_one(tmp_path: Path) -> None:
    """What .ci/run shows of it."""
    project = tmp_path / "local"
    archive.write(project / "raw", 60, 20, longest=4)
    (project / "config.toml").write_text(CONFIG)
    assert run_newsmill("run", "-q", cwd=project).returncode == 0
    backfill(tmp_path / "out", f"{project}/raw/*.jsonl")
    check(tmp_path / "out", project, tmp_path / "imported")


@spark
@slow
@pytest.mark.parametrize(
    "partitions",
    [
        pytest.param(1, id="one partition"),
        pytest.param(7, id="seven partitions"),
        pytest.param(64, id="more partitions than articles in a day"),
    ],
)
def test_the_partitions_change_nothing(partitions: int, local: Path, tmp_path: Path) -> None:
    backfill(tmp_path / "out", f"{local}/raw/*", partitions=partitions)
    check(tmp_path / "out", local, tmp_path / "imported")
    monster = [line for line in lines(f"{local}/clean/2026-11-16/*.jsonl") if b"monster.html" in line]
    assert monster
    assert all(b"fallback:plain" in line or b'"timeout"' in line for line in monster)
    import duckdb

    table = f"'{tmp_path}/out/records.parquet/*/*.parquet'"
    rows = duckdb.sql(f"SELECT id, title, len(topics), stripped, run.version FROM {table}").fetchall()
    records = [json.loads(line) for line in lines(f"{local}/clean/*/records.jsonl")]
    expected = [(r["id"], r["title"], len(r["topics"]), r["stripped"], r["run"]["version"]) for r in records]
    assert sorted(rows, key=repr) == sorted(expected, key=repr)


@spark
@slow
def test_files_that_spark_reads_give_the_same(local: Path, tmp_path: Path) -> None:
    """As from HDFS or S3: every file goes through Spark's reader."""
    backfill(tmp_path / "out", f"file://{local}/raw/2026-*.jsonl", f"file://{local}/raw/*.warc.gz")
    part = tmp_path / "part"
    (part / "raw").mkdir(parents=True)
    for path in [*(local / "raw").glob("2026-*.jsonl"), *(local / "raw").glob("*.warc.gz")]:
        shutil.copy(path, part / "raw")
    (part / "config.toml").write_text(CONFIG)
    assert run_newsmill("run", "-q", cwd=part).returncode == 0
    check(tmp_path / "out", part, tmp_path / "imported")


@spark
@slow
def test_inputs_and_results_over_the_network(tmp_path: Path) -> None:
    """Through Hadoop's own client to a server that speaks WebHDFS: names with blanks, patterns, commits by renaming."""
    project, store = tmp_path / "local", tmp_path / "store"
    archive.write(project / "raw", 60, 20, longest=4, html=0.3)
    (project / "config.toml").write_text(CONFIG)
    assert run_newsmill("run", "-q", cwd=project).returncode == 0
    shutil.copytree(project / "raw", store / "crawl 2026/days")
    with webhdfs.serving(store) as address:
        days = f"{address}/crawl 2026/days"
        backfill(f"{address}/results/x", f"{days}/2026-01-0[12].jsonl", f"{days}/2026-01-03.jsonl", root=tmp_path)
    check(store / "results/x", project, tmp_path / "imported")


@spark
@slow
def test_half_by_backfill_and_half_by_runs(local: Path, tmp_path: Path) -> None:
    """The runs of a project that imported a backfill go on with the same ids, clusters and threads."""
    first = [f"{local}/raw/2026-01-0{day}.jsonl" for day in (1, 2, 3)]
    backfill(tmp_path / "out", *first)
    project = adopted(tmp_path / "out", tmp_path / "project")
    shutil.copytree(local / "raw", project / "raw")
    for path in first:
        (project / "raw" / Path(path).name).unlink()
    done = run_newsmill("run", "-q", cwd=project)
    assert done.returncode == 0, done.stderr
    assert tree(project / "clean") == tree(local / "clean")
    assert json.loads((project / ".newsmill/last-run.json").read_bytes())["done"]["dedup"] == 7
    refused = run_newsmill("import", "--backfill", tmp_path / "out", "-C", project)
    assert refused.returncode == 2
    assert "new project" in refused.stderr


@spark
@slow
def test_other_settings_and_other_inputs_are_refused(tmp_path: Path) -> None:
    archive.write(tmp_path / "raw", 6, 3, longest=3)
    backfill(tmp_path / "out", tmp_path / "raw/2026-01-01.jsonl")
    again = run_newsmill("backfill", tmp_path / "raw/2026-01-02.jsonl", "-o", tmp_path / "out", cwd=tmp_path)
    assert again.returncode == 1
    assert "another backfill" in again.stderr
    (tmp_path / "new").mkdir()
    (tmp_path / "new/config.toml").write_text("[dedup]\nthreshold = 0.6\n")
    refused = run_newsmill("import", "--backfill", tmp_path / "out", "-C", tmp_path / "new")
    assert refused.returncode == 1
    assert "settings" in refused.stderr
    assert not (tmp_path / "new/clean").exists()


@spark
@slow
def test_pairs_and_components_on_the_cluster_are_the_local_ones(tmp_path: Path) -> None:
    """Candidates in SQL against dedup/candidates.py, keys that an article has twice included; labels against numpy."""
    code = (Path(__file__).parent / "spark_steps.py").read_text()
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], env=newsmill_env(), capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["pairs", "components"]
