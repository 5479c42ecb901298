"""prune, forget and removed batches: exactly what was asked for goes, also from odd and damaged files and when killed."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import pages, store, tombstones
from pipeline.console import Console
from pipeline.errors import ConfigError, NewsmillError, UsageError
from pipeline.export.select import Selection
from pipeline.manage import forget, prune
from pipeline.model import Page, Skipped
from pipeline.project import Project, open_project
from pipeline.query import search
from pipeline.runner import run as chain

from .conftest import html_page, newsmill_env, run_newsmill, story
from .crashes import shim
from .disks import newsmill, obeying
from .wacz_files import faults, record, wacz

QUIET = Console(quiet=True)
AT = "2026-11-22T00:00:00Z"
TOPICS = ("Lighthouse", "Orchard", "Tramway")


def url(topic: str) -> str:
    return f"https://daily.example/2026/11/the-{topic.lower()}-reopens"


def page(topic: str) -> str:
    return html_page(f"The {topic} reopens after years", story(topic))


def run(opened: Project, **options: object) -> chain.Report:
    return chain.run(opened, chain.Options(**options), QUIET)  # type: ignore[arg-type]


def gone(opened: Project, wanted: str) -> forget.Done:
    return forget.forget(opened, wanted, why=None, at=AT, dry_run=False)


def articles(opened: Project) -> dict[str, str]:
    """address -> batch of every article in clean/."""
    return {row["url"]: path.parent.name for path in opened.clean.glob("*/articles.jsonl") for row in store.rows(path)}


def contents(opened: Project, folder: Path) -> str:
    """All text below a folder, gzip undone as far as it goes."""
    out = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if data.startswith(b"\x1f\x8b"):
                plain = b""
                while data.startswith(b"\x1f\x8b"):
                    machine = zlib.decompressobj(31)
                    plain += machine.decompress(data)
                    data = machine.unused_data
                data = plain + data
            out.append(data.decode("utf-8", "replace"))
    return "\n".join(out)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """Two batches of one page, done."""
    for day, topic in (("2026-11-01", "Harbour"), ("2026-11-02", "Glacier")):
        put(tmp_path, day, topic)
    opened = open_project(tmp_path)
    run(opened)
    return opened


def put(root: Path, batch: str, topic: str) -> Path:
    path = root / "raw" / batch / f"{topic}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(topic))
    path.with_name(f"{topic}.html.meta.json").write_text(json.dumps({"url": url(topic)}))
    return path


# --- where outputs may lie, and what of clean/ goes


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        pytest.param("raw", ".", id="clean is the project"),
        pytest.param("raw", "..", id="clean holds the project"),
        pytest.param("raw", "raw", id="clean is raw"),
        pytest.param("raw", "raw/out", id="clean in raw"),
        pytest.param("data/raw", "data", id="raw in clean"),
        pytest.param("raw", "link", id="clean is a link to raw"),
        pytest.param("raw", ".newsmill/clean", id="clean in the state folder"),
        pytest.param(".", "clean", id="raw is the project"),
    ],
)
def test_a_project_whose_outputs_would_lie_over_other_files_is_refused(tmp_path: Path, raw: str, clean: str) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "link").symlink_to("raw")
    (tmp_path / "config.toml").write_text(f'[project]\nraw = "{raw}"\nclean = "{clean}"\n')
    with pytest.raises(ConfigError, match=r"project\.clean"):
        open_project(tmp_path)


def test_only_what_newsmill_wrote_goes_with_a_batch(small: Project) -> None:
    (small.clean / "notes").mkdir()
    (small.clean / "notes" / "mine.txt").write_text("keep")
    (small.clean / "2026-11-01" / "mine.txt").write_text("keep")
    (small.clean / "link").symlink_to("notes")
    shutil.rmtree(small.raw / "2026-11-01")
    report = run(small)
    assert report.removed == ["2026-11-01"]
    assert (small.clean / "notes" / "mine.txt").read_text() == "keep"
    assert [p.name for p in (small.clean / "2026-11-01").iterdir()] == ["mine.txt"]
    assert not run(small).removed  # said once


@pytest.mark.parametrize("closed", ["page", "folder"])
def test_unreadable_is_not_gone(small: Project, closed: str) -> None:
    path = small.raw / "2026-11-01" / ("Harbour.html" if closed == "page" else "")
    path.chmod(0)
    try:
        done = newsmill(small.root, "run", before=obeying())
    finally:
        path.chmod(0o755)
    assert done.returncode == 1 and "cannot be read" in done.stderr
    assert url("Harbour") in articles(small)
    assert newsmill(small.root, "run").returncode == 0


# --- prune


def test_prune_spares_pages_that_came_after_the_last_run(small: Project) -> None:
    late = put(small.root, "2026-11-01", "Orchard")
    done = prune.run(small, days=0, gigabytes=None, records=False, dry_run=False)
    assert [e.name for e in done.gone] == ["2026-11-02"]
    assert done.kept[0][0] == "2026-11-01" and "newsmill run" in done.kept[0][1]
    assert late.exists()


@pytest.mark.parametrize("records", [False, True], ids=["raw pages", "records too"])
def test_new_pages_under_the_name_of_a_pruned_batch_are_added_to_it(small: Project, records: bool) -> None:
    prune.run(small, days=0, gigabytes=None, records=records, dry_run=False)
    late = put(small.root, "2026-11-01", "Orchard")
    old = {} if records else {url("Harbour"): "2026-11-01", url("Glacier"): "2026-11-02"}
    assert prune.run(small, days=0, gigabytes=None, records=False, dry_run=False).gone == ()
    run(small)
    assert articles(small) == {**old, url("Orchard"): "2026-11-01"}
    assert len(list(store.rows(small.clean / "2026-11-01" / "records.jsonl"))) == 1 + bool(old)
    prune.run(small, days=0, gigabytes=None, records=False, dry_run=False)
    assert not late.exists()
    assert not run(small).worked and articles(small) == {**old, url("Orchard"): "2026-11-01"}
    put(small.root, "2026-11-01", "Tramway")
    run(small)
    assert set(articles(small)) == {*old, url("Orchard"), url("Tramway")}


def test_after_prune_and_forget_everything_can_be_done_again(small: Project) -> None:
    prune.run(small, days=0, gigabytes=None, records=False, dry_run=False)
    gone(small, url("Harbour"))
    assert not run(small, force=True).failed
    (small.root / "config.toml").write_text("[topics]\nmin_confidence = 0.9\n[dedup]\nwindow_days = 9\n")
    assert not run(open_project(small.root)).failed
    done = run_newsmill("export", "--with-copies", "--project", small.root)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1
    assert run_newsmill("doctor", "--project", small.root).stdout.count("FAULT") == 0


# --- forget: which pages of a raw file go

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def row(topic: str, **more: object) -> bytes:
    return json.dumps({"url": url(topic), "html": page(topic), **more}).encode() + b"\n"


def rows() -> bytes:
    return b"".join(row(topic) for topic in TOPICS)


def response(topic: str, *lines: str) -> bytes:
    body = HTTP + page(topic).encode()
    head = ["WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: {url(topic)}", *lines, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body + b"\r\n\r\n"


def bare() -> list[bytes]:
    """Records without WARC-Record-ID."""
    return [response(topic) for topic in TOPICS]


def table() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["url", "html"])
    writer.writerows([url(topic), page(topic).replace("</p>", "</p>\n")] for topic in TOPICS)
    return out.getvalue().encode()


def letters() -> bytes:
    return b"".join(
        f"From \nFrom: Daily <d@daily.example>\nSubject: The {topic}\nArchived-At: <{url(topic)}>\n"
        f"Content-Type: text/html; charset=utf-8\n\n{page(topic)}\n\n".encode()
        for topic in TOPICS
    )


def har() -> bytes:
    def entry(topic: str) -> dict[str, object]:
        text = base64.b64encode(page(topic).encode()).decode()
        content = {"mimeType": "text/html", "text": text, "encoding": "base64"}
        return {"request": {"url": url(topic)}, "response": {"status": 200, "headers": [], "content": content}}

    return json.dumps({"log": {"version": "1.2", "entries": [entry(topic) for topic in TOPICS]}}).encode()


def arc(cut: int = 0) -> bytes:
    out = b"filedesc://a.arc 0.0.0.0 20261129090000 text/plain 22\n1 0 Daily\nURL IP date\n\n\n"
    for topic in TOPICS:
        body = HTTP + page(topic).encode()
        out += f"{url(topic)} 10.0.0.1 20261129090000 text/html {len(body)}\n".encode() + body + b"\n"
    return out[: len(out) - cut]


FILES: list[object] = [
    pytest.param("a.jsonl", rows, id="JSONL"),
    pytest.param("a.ndjson.gz", lambda: gzip.compress(rows()), id="ndjson gzip"),
    pytest.param("a.jsonl", lambda: b"".join(row(t, id=7) for t in TOPICS), id="rows of one id"),
    pytest.param("a.jsonl", lambda: row(TOPICS[0]) + row(TOPICS[1]) + row(TOPICS[2], id="line:2"), id="id like a line"),
    pytest.param("a.jsonl", lambda: rows().replace(b"Orchard reopens", b"Orchard \xff reopens"), id="bytes not UTF-8"),
    pytest.param(
        "a.jsonl", lambda: rows().replace(b"Orchard reopens", b"Orchard \\ud800 reopens"), id="lone surrogate"
    ),
    pytest.param("a.jsonl.gz", lambda: gzip.compress(rows() + row("Tail", pad="x" * 90))[:-20], id="gzip cut"),
    pytest.param("a.warc", lambda: b"".join(bare()), id="WARC without ids"),
    pytest.param("a.warc.gz", lambda: b"".join(map(gzip.compress, bare())), id="WARC without ids, a member each"),
    pytest.param("a.warc.gz", lambda: gzip.compress(b"".join(bare())), id="WARC in one member"),
    pytest.param("a.warc.gz", lambda: gzip.compress(b"".join(bare()) + response("Tail"))[:-30], id="one member, cut"),
    pytest.param(
        "a.warc.gz", lambda: b"".join(map(gzip.compress, bare())) + gzip.compress(bare()[0])[:-9], id="WARC cut"
    ),
    pytest.param("a.warc.gz", lambda: gzip.compress(bare()[0]) + gzip.compress(bare()[1] + bare()[2]), id="two in one"),
    pytest.param(
        "a.warc", lambda: b"".join(response(t, "WARC-Record-ID: <urn:1>") for t in TOPICS), id="ids that repeat"
    ),
    pytest.param("a.json", lambda: json.dumps([json.loads(row(t)) for t in TOPICS], indent=1).encode(), id="JSON list"),
    pytest.param("a.csv", table, id="CSV"),
    pytest.param("a.mbox", letters, id="mbox"),
    pytest.param("a.mbox.gz", lambda: gzip.compress(letters()), id="mbox gzip"),
    pytest.param("a.har", har, id="HAR"),
    pytest.param("a.arc", arc, id="ARC"),
    pytest.param("a.arc.gz", lambda: gzip.compress(arc()), id="ARC gzip"),
    pytest.param("a.arc.gz", lambda: gzip.compress(arc()[:80]) + gzip.compress(arc()[80:]), id="ARC in two members"),
]


def read(opened: Project) -> list[tuple[str | None, str]]:
    """(address, hash) of what raw/ holds; notes on damage left out."""
    return [
        (item.url, item.raw.sha256)
        for batch in pages.batches(opened.raw)
        for item in pages.pages(batch, opened.root, 1_000_000)
        if isinstance(item, Page) or item.raw.key
        if not (isinstance(item, Skipped) and item.reason == "unreadable")
    ]


@pytest.mark.parametrize("extracted", [True, False], ids=["extracted", "not yet"])
@pytest.mark.parametrize(("name", "data"), FILES)
def test_forget_takes_one_page_out_of_a_file_and_no_other(
    tmp_path: Path, name: str, data: Callable[[], bytes], extracted: bool
) -> None:
    path = tmp_path / "raw" / name
    path.parent.mkdir()
    path.write_bytes(data())
    opened = open_project(tmp_path)
    if extracted:
        run(opened, stages=("extract",))
    before = read(opened)
    assert {address for address, _ in before} >= {url(topic) for topic in TOPICS}
    done = gone(opened, url("Orchard"))
    assert not done.remains and len(done.raw) == 1
    assert read(opened) == [(address, sha) for address, sha in before if address != url("Orchard")]
    assert "Orchard" not in contents(opened, opened.raw) + contents(opened, opened.clean)
    assert [p.name for p in path.parent.iterdir()] == [name]
    again = gone(opened, url("Tramway"))  # without a run in between: keys hold
    assert not again.remains and len(again.raw) == 1
    assert url("Lighthouse") in {address for address, _ in read(opened)}


@pytest.mark.parametrize(("name", "data"), FILES)
def test_forget_takes_the_first_page_of_a_file_and_no_other(
    tmp_path: Path, name: str, data: Callable[[], bytes]
) -> None:
    path = tmp_path / "raw" / name
    path.parent.mkdir()
    path.write_bytes(data())
    opened = open_project(tmp_path)
    before = read(opened)
    done = gone(opened, url("Lighthouse"))
    assert done.raw and not done.remains
    assert read(opened) == [(address, sha) for address, sha in before if address != url("Lighthouse")]
    assert "Lighthouse" not in contents(opened, opened.raw)


def test_forget_says_what_it_cannot_remove(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    noise = random.Random(7).randbytes(400_000).hex()
    packed = bytearray(gzip.compress(rows() + row("Tail", pad=noise) + row("End"), mtime=0))
    packed[len(packed) // 2] ^= 0xFF
    (tmp_path / "raw" / "a.jsonl.gz").write_bytes(packed)
    done = run_newsmill("forget", url("Orchard"), "--project", tmp_path)
    assert done.returncode == 1 and "remains: raw/a.jsonl.gz: what was found in it is removed" in done.stdout
    assert run_newsmill("run", "--quiet", "--project", tmp_path).returncode == 0


def test_forget_takes_the_end_of_an_arc_file_that_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "raw" / "a.arc"
    path.parent.mkdir()
    path.write_bytes(arc(cut=90))
    opened = open_project(tmp_path)
    done = gone(opened, url(TOPICS[-1]))
    assert not done.remains and TOPICS[-1] not in contents(opened, opened.raw)
    assert [address for address, _ in read(opened)] == [url(topic) for topic in TOPICS[:-1]]


@pytest.mark.parametrize("name", ["y" * 250 + ".html", "ж" * 124 + ".jsonl", "ж" * 121 + ".jsonl.gz"])
def test_names_as_long_as_a_disk_allows_can_be_forgotten(tmp_path: Path, name: str) -> None:
    path = tmp_path / "raw" / "day" / name
    path.parent.mkdir(parents=True)
    data = rows() if ".jsonl" in name else page("Orchard").encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    opened = open_project(tmp_path)
    run(opened)
    (wanted,) = [
        r["id"] for p in opened.clean.glob("*/articles.jsonl") for r in store.rows(p) if "Orchard" in r["title"]
    ]
    assert not gone(opened, wanted).remains
    assert "Orchard" not in contents(opened, opened.raw) + contents(opened, opened.clean)


def test_a_path_longer_than_the_system_takes_stops_nothing(small: Project) -> None:
    """Such a page is in the ledger, and each command that walks raw/ passes over it."""
    here = Path.cwd()
    (small.raw / "deep").mkdir()
    os.chdir(small.raw / "deep")
    try:
        for _ in range(21):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("a.html").write_text(page("Orchard"))
    finally:
        os.chdir(here)
    for command in (["run"], ["status"], ["report"], ["prune", "--days", "0", "--dry-run"],
                    ["forget", url("Orchard")], ["prune", "--days", "0"], ["run"], ["doctor"]):  # fmt: skip
        done = run_newsmill(*command, cwd=small.root)
        assert "Traceback" not in done.stderr and done.returncode == 0, (command, done.stderr[-500:])
    subprocess.run(["rm", "-r", small.raw / "deep"], check=False)  # pytest cannot


def test_a_page_changed_after_a_clock_that_was_ahead_is_looked_at(small: Project) -> None:
    tomorrow = time.time() + 86_400
    for path in small.clean.glob("*/.extract.json"):
        os.utime(path, (tomorrow, tomorrow))
    put(small.root, "2026-11-01", "Orchard")
    assert gone(small, url("Orchard")).raw == ["raw/2026-11-01/Orchard.html"]


def test_forget_spares_the_sidecar_of_another_page(tmp_path: Path) -> None:
    put(tmp_path, "day", "Harbour")
    (tmp_path / "raw/day/Harbour.html.gz").write_bytes(gzip.compress(page("Orchard").encode()))
    (tmp_path / "raw/day/Harbour.html.gz.meta.json").write_text(json.dumps({"url": url("Orchard")}))
    gone(open_project(tmp_path), url("Orchard"))
    assert sorted(p.name for p in (tmp_path / "raw/day").iterdir()) == ["Harbour.html", "Harbour.html.meta.json"]


def test_a_front_page_is_no_article(small: Project) -> None:
    with pytest.raises(UsageError, match="front page"):
        gone(small, "https://daily.example/")
    assert len(articles(small)) == 2 and not tombstones.path(small.root).exists()


def test_a_row_that_points_out_of_the_project_is_not_followed(small: Project, tmp_path: Path) -> None:
    other = tmp_path.parent / "other.html"
    other.write_text(page("Harbour"))
    path = small.clean / "2026-11-01" / "articles.jsonl"
    path.write_text(path.read_text().replace("raw/2026-11-01/Harbour.html", "../other.html"))
    done = gone(small, url("Harbour"))
    assert other.exists() and "outside" in done.remains[0]


def test_forget_of_a_copy_names_the_whole_cluster_and_takes_it_when_told(small: Project) -> None:
    for day, outlet in (("2026-11-03", "west"), ("2026-11-04", "east")):
        path = put(small.root, day, "Harbour")
        path.with_name("Harbour.html.meta.json").write_text(
            json.dumps({"url": url("Harbour").replace("daily", outlet)})
        )
    run(small)
    one = url("Harbour").replace("daily", "west")
    done = run_newsmill("forget", one, "--project", small.root, "--dry-run")
    assert done.stdout.count("of its cluster stays") == 2
    assert run_newsmill("forget", one, "--cluster", "--project", small.root).returncode == 0
    assert set(articles(small)) == {url("Glacier")}
    assert "Harbour" not in contents(small, small.raw)


@pytest.mark.parametrize("line", ['{"id": "abc", "ke', "[]", '{"why": "no id"}'])
def test_a_damaged_tombstone_stops_everything_and_is_never_to_be_deleted(small: Project, line: str) -> None:
    gone(small, url("Harbour"))
    with tombstones.path(small.root).open("a") as file:
        file.write(line)
    for work in (lambda: run(small), lambda: gone(small, url("Glacier"))):
        with pytest.raises(NewsmillError, match="keep the file"):
            work()


def test_a_line_added_by_hand_is_enforced(small: Project) -> None:
    tombstones.path(small.root).write_text(
        json.dumps({"key": url("Harbour").removeprefix("https://"), "at": AT}) + "\n"
    )
    run(small)
    assert set(articles(small)) == {url("Glacier")} and "Harbour" not in contents(small, small.raw)


def test_a_killed_forget_is_finished_by_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc.gz").write_bytes(gzip.compress(b"".join(bare())))
    (tmp_path / "raw" / "b.jsonl").write_bytes(row("Glacier"))
    (tmp_path / "raw" / "c.wacz").write_bytes(
        wacz([record("response", url(topic), HTTP + page(topic).encode()) for topic in ("Orchard", "Viaduct")])
    )
    opened = open_project(tmp_path)
    run(opened)
    (opened.state / "changes.jsonl").write_text("")

    def forgetting(at: int, mode: str) -> tuple[Path, int]:
        project = tmp_path.with_name(f"{tmp_path.name}-{mode}-{at}")
        shutil.copytree(tmp_path, project)
        env = newsmill_env(LD_PRELOAD=shim(), SHIM_ROOT=str(project), SHIM_MODE=mode, SHIM_AT=str(at),
                           SHIM_COUNT=str(project.with_suffix(".count")))  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "pipeline", "forget", url("Orchard")], cwd=project, env=env,
                              capture_output=True, timeout=300, check=False)  # fmt: skip
        return project, done.returncode

    project, code = forgetting(0, "count")
    assert code == 0
    calls = int(project.with_suffix(".count").read_text())
    for at in range(3, calls, max(1, calls // 8)):
        project, code = forgetting(at, "kill")
        assert code == -9
        opened = open_project(project)
        if not tombstones.path(project).exists():
            continue  # killed before it was written down: nothing was begun
        run(opened)
        assert set(articles(opened)) == {*map(url, ("Lighthouse", "Tramway", "Glacier", "Viaduct"))}, at
        assert not list(faults((opened.raw / "c.wacz").read_bytes())), at
        assert "Orchard" not in contents(opened, opened.raw), at
        assert not [p for p in opened.raw.iterdir() if p.name.startswith(".")], at
        assert tombstones.unfinished(project) == []


def test_titles_and_addresses_go_from_the_state_folder_too(small: Project) -> None:
    id = next(r["id"] for r in store.rows(small.clean / "2026-11-01" / "articles.jsonl"))
    changes = [
        {"batch": "b", "id": i, "title": t, "was": None, "now": None} for i, t in ((id, "Harbour"), ("x", "Other"))
    ]
    (small.state / "changes.jsonl").write_text("".join(json.dumps(c) + "\n" for c in changes))
    gone(small, id)
    assert "Harbour" not in (small.state / "changes.jsonl").read_text()
    assert "Other" in (small.state / "changes.jsonl").read_text()


def test_words_and_ids_go_from_the_caches_too(small: Project) -> None:
    """The search index holds the words of each record with their places: the text can be put together again."""
    assert search.search(small, "harbour", Selection(), 5)
    assert "harbour" in contents(small, small.state).lower()
    id = next(r["id"] for r in store.rows(small.clean / "2026-11-01" / "articles.jsonl"))
    gone(small, id)
    assert "harbour" not in contents(small, small.state).lower()
    assert not (small.state / "ids").exists()
    assert id not in {hit.record["id"] for hit in search.search(small, "harbour", Selection(), 5)}


def test_a_link_out_of_raw_is_not_read(small: Project, tmp_path: Path) -> None:
    """A FIFO behind a link would block a reader for ever."""
    os.mkfifo(tmp_path / "fifo")
    (small.raw / "2026-11-01" / "link.html").symlink_to(tmp_path / "fifo")
    done = run_newsmill("run", "--quiet", "--project", small.root)
    assert done.returncode == 0
    assert "not followed" in (small.clean / "2026-11-01" / "skipped.jsonl").read_text()
