"""raw/ -> batches and pages: names, order, odd files, sidecars."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import pages
from pipeline.errors import NewsmillError
from pipeline.model import Page, Skipped
from pipeline.pages.page_file import single
from pipeline.pages.source import Source

from .conftest import html_page, story
from .disks import newsmill, obeying

HTML = b"<!doctype html><title>Harbour reopens</title><p>The harbour reopened on Monday.</p>"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "raw" / "day").mkdir(parents=True)
    return tmp_path / "raw"


def put(raw: Path, name: str, body: bytes = HTML) -> Path:
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def read(raw: Path, max_bytes: int = 100_000) -> list[Page | Skipped]:
    return [page for batch in pages.batches(raw) for page in pages.pages(batch, raw.parent, max_bytes)]


def test_a_batch_is_a_folder_a_container_or_the_loose_pages(raw: Path) -> None:
    for name in ("day/a.html", "z.jsonl.gz", "m.WARC", "b.warc.gz", "c.jsonl", "one.html", "two.txt"):
        put(raw, name, b"")
    names = {batch.name: [entry.name for entry in batch.entries] for batch in pages.batches(raw)}
    assert names == {
        "b": ["b.warc.gz"], "c": ["c.jsonl"], "day": ["day"], "loose": ["one.html", "two.txt"], "m": ["m.WARC"],
        "z": ["z.jsonl.gz"],
    }  # fmt: skip
    assert list(names) == sorted(names)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        pytest.param(["day.jsonl"], "'day' and 'day.jsonl' would both be the batch 'day'", id="folder and rows"),
        pytest.param(["x.warc", "x.warc.gz"], "'x.warc' and 'x.warc.gz'", id="plain and gzip"),
        pytest.param(["loose/a.html", "b.html"], "loose pages", id="a folder called loose beside loose pages"),
        pytest.param(["index.jsonl"], "no batch can be called 'index'", id="dedup's own folder"),
    ],
)
def test_two_entries_never_share_a_batch(raw: Path, names: list[str], says: str) -> None:
    for name in names:
        put(raw, name)
    with pytest.raises(NewsmillError, match=says):
        pages.batches(raw)


def test_no_raw_folder_is_a_fault_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NewsmillError, match="no such file or directory"):
        pages.batches(tmp_path / "raw")


def test_pages_come_in_the_byte_order_of_their_paths(raw: Path) -> None:
    names = ["day/b.html", "day/a/z.html", "day/é.html", "day/a.html", "day/Z.html", "day/a-1.html"]
    for name in names:
        put(raw, name)
    assert [page.raw.path for page in read(raw)] == sorted((f"raw/{n}" for n in names), key=str.encode)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a b.html", id="space"),
        pytest.param("a\nb.html", id="newline"),
        pytest.param('it\'s "so".html', id="quotes"),
        pytest.param("-rf.html", id="leading dash"),
        pytest.param("x" * 250 + ".html", id="255 bytes"),
        pytest.param(os.fsdecode(b"caf\xe9.html"), id="invalid UTF-8"),
        pytest.param("100%41.html", id="a percent sign that looks like an escape"),
        pytest.param("\x1b[31mred.html", id="escape sequence"),
    ],
)
def test_a_name_is_written_as_clean_text_and_found_again(raw: Path, name: str) -> None:
    path = put(raw, f"day/{name}")
    (page,) = read(raw)
    page.raw.path.encode()
    assert page.raw.path.isprintable()
    assert pages.located(page.raw.path, raw.parent) == path
    assert isinstance(page, Page)


@given(st.binary(min_size=1).filter(lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..")))
def test_every_name_survives_being_written(name: bytes) -> None:
    root = Path("/project")
    text = pages.shown(root / os.fsdecode(name), root)
    assert os.fsencode(pages.located(text, root)) == b"/project/" + name
    assert text.encode().decode() == text


def test_hidden_and_unfinished_files_are_no_pages(raw: Path) -> None:
    for name in (".DS_Store", "day/.a.html.swp", "day/a.html~", "day/a.html.part", "day/.hidden/a.html", "x.tmp"):
        put(raw, name)
    assert read(raw) == []


def odd(raw: Path, kind: str) -> None:
    path = raw / "day" / "odd.html"
    outside = put(raw.parent, "secret.html")
    match kind:
        case "link out":
            path.symlink_to(outside)
        case "link to nothing":
            path.symlink_to(raw / "gone.html")
        case "link to itself":
            path.symlink_to(path)
        case "link to a folder":
            path.symlink_to(raw / "day")
        case "device":
            path.symlink_to("/dev/zero")
        case "FIFO":
            os.mkfifo(path)
        case "socket":
            here = Path.cwd()
            os.chdir(path.parent)  # a socket's path may have 107 bytes
            try:
                socket.socket(socket.AF_UNIX).bind(path.name)
            finally:
                os.chdir(here)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        pytest.param("link out", "leads out of the raw folder", id="link out of raw"),
        pytest.param("link to nothing", "no such file", id="link to nothing"),
        pytest.param("link to itself", "", id="link to itself"),
        pytest.param("link to a folder", "a link to a folder", id="link to a folder"),
        pytest.param("device", "leads out", id="device"),
        pytest.param("FIFO", "a FIFO, not a file", id="FIFO that nobody writes to"),
        pytest.param("socket", "a socket, not a file", id="socket"),
    ],
)
def test_odd_files_get_a_line_in_the_ledger_and_stop_nothing(raw: Path, kind: str, detail: str) -> None:
    put(raw, "day/a.html")
    odd(raw, kind)
    put(raw, "day/z.html")
    first, second, third = read(raw)
    assert isinstance(first, Page) and isinstance(third, Page)
    assert isinstance(second, Skipped) and second.reason == "unreadable"
    assert detail in second.detail


def test_a_link_inside_raw_is_read(raw: Path) -> None:
    put(raw, "day/a.html")
    (raw / "day" / "b.html").symlink_to(raw / "day" / "a.html")
    assert [type(page) for page in read(raw)] == [Page, Page]


def test_a_linked_folder_is_a_batch_with_one_line(raw: Path, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.html")
    (raw / "far").symlink_to(tmp_path / "elsewhere")
    (page,) = read(raw)
    assert isinstance(page, Skipped) and page.raw.path == "raw/far"


def test_a_folder_may_be_called_like_a_page(raw: Path) -> None:
    put(raw, "day/x.html/y.html")
    assert [page.raw.path for page in read(raw)] == ["raw/day/x.html/y.html"]


def test_a_file_that_vanished_is_in_the_ledger(raw: Path) -> None:
    path = put(raw, "day/a.html")
    (batch,) = pages.batches(raw)
    path.unlink()
    (page,) = pages.read_file(batch, path, raw.parent, 1000)
    assert isinstance(page, Skipped) and page.detail == "no such file or directory"


@pytest.mark.parametrize(
    ("name", "body", "reason", "detail"),
    [
        pytest.param("a.html", b"", "empty", "no bytes", id="empty"),
        pytest.param("a.html.gz", gzip.compress(HTML)[:-9], "unreadable", "gzip data ends early", id="gzip cut"),
        pytest.param("a.html.gz", gzip.compress(HTML)[:-8] + b"\0" * 8, "unreadable", "incorrect", id="checksum"),
        pytest.param("a.html", b"<p>" + b"x" * 100_000, "too-large", "over 100000 bytes", id="too large"),
        pytest.param("a.html.gz", gzip.compress(b"x" * 10_000_000), "too-large", "over 100000", id="bomb"),
        pytest.param("a.txt", gzip.compress(gzip.compress(HTML)), "not-html", "gzip", id="gzip in gzip"),
        pytest.param("a.meta.json", b"{}", "not-a-page", "a sidecar", id="sidecar without a page"),
    ],
)
def test_what_is_no_page_says_why(raw: Path, name: str, body: bytes, reason: str, detail: str) -> None:
    put(raw, f"day/{name}", body)
    (page,) = read(raw)
    assert isinstance(page, Skipped)
    assert page.reason == reason
    assert detail in page.detail


def test_gzip_is_known_by_its_bytes(raw: Path) -> None:
    put(raw, "day/a.html", gzip.compress(HTML) + gzip.compress(b"<p>And more.</p>") + b"\0" * 512)
    (page,) = read(raw)
    assert isinstance(page, Page)
    assert page.body == HTML + b"<p>And more.</p>"


@pytest.mark.parametrize("page_name", ["a.html", "a.html.gz"])
def test_a_sidecar_speaks_for_its_page(raw: Path, page_name: str) -> None:
    put(raw, f"day/{page_name}", gzip.compress(HTML) if page_name.endswith("gz") else HTML)
    put(raw, "day/a.html.meta.json", json.dumps({
        "url": "https://herald.example/harbour", "fetched_at": "2026-11-20T06:00:00Z", "source": "Herald",
        "http": {"Content-Type": "text/html; charset=ISO-8859-1", "Set-Cookie": ["a", "b"]},
    }).encode())  # fmt: skip
    (page,) = read(raw)
    assert isinstance(page, Page)
    assert (page.url, page.source, page.charset) == ("https://herald.example/harbour", "Herald", "ISO-8859-1")
    assert page.headers[1:] == (("set-cookie", "a"), ("set-cookie", "b"))
    assert page.flags == ()


@pytest.mark.parametrize(
    ("content", "flag"),
    [
        pytest.param(b"{", "sidecar:unreadable: not JSON", id="cut"),
        pytest.param(b"[]", "sidecar:unreadable: not a JSON object", id="a list"),
        pytest.param(b"\xff\xfe{", "sidecar:unreadable", id="not UTF-8"),
        pytest.param(b"[" * 200_000, "sidecar:unreadable: nested too deeply", id="deep"),
        pytest.param(b'{"url":"javascript:alert(1)"}', "sidecar:url:ignored, not of the web", id="javascript URL"),
        pytest.param(b'{"url":"file:///etc/passwd"}', "sidecar:url:ignored, not of the web", id="file URL"),
        pytest.param(b'{"url":["x"]}', "sidecar:url:ignored, not a text", id="URL is a list"),
        pytest.param(b'{"source":"a","source":"b"}', "sidecar:key 'source' given twice", id="key twice"),
        pytest.param(b'{"http":7}', "sidecar:http:ignored, not headers", id="http is a number"),
        pytest.param(b" " * 1_000_001, "sidecar:unreadable: over", id="a huge one"),
    ],
)
def test_a_broken_sidecar_is_said_and_the_page_kept(raw: Path, content: bytes, flag: str) -> None:
    put(raw, "day/a.html")
    put(raw, "day/a.html.meta.json", content)
    (page,) = read(raw)
    assert isinstance(page, Page)
    assert page.url is None
    assert [f for f in page.flags if f.startswith(flag)]


def test_a_sidecar_is_an_input_and_no_page(raw: Path) -> None:
    page, beside = put(raw, "day/a.html"), put(raw, "day/a.html.meta.json", b"{}")
    (batch,) = pages.batches(raw)
    assert pages.files(batch) == [page]
    assert pages.inputs(batch) == [page, beside]


class Growing(io.FileIO):
    """A file that somebody appends to once its first piece was read."""

    def readinto(self, buffer: Any) -> int | None:
        first = self.tell() == 0
        got = super().readinto(buffer)
        if first:
            with Path(self.name).open("ab") as file:
                file.write(b" ")
        return got


class FromGrowing(Source):
    def open(self) -> io.BufferedReader:  # type: ignore[override]
        return io.BufferedReader(Growing(self.path))


def test_a_file_that_grows_while_it_is_read_is_said_to(raw: Path) -> None:
    page = single(FromGrowing(put(raw, "day/a.html"), raw, "raw/day/a.html"), 1000)
    assert isinstance(page, Page) and page.flags == ("file:changed while it was read",)
    quiet = single(Source(raw / "day/a.html", raw, "raw/day/a.html"), 1000)
    assert isinstance(quiet, Page) and quiet.flags == ()


@pytest.mark.parametrize("closed", ["a page", pytest.param("a folder", marks=pytest.mark.slow)])
def test_what_may_not_be_read_is_in_the_ledger_until_it_may(tmp_path: Path, closed: str) -> None:
    folder = tmp_path / "raw" / "day"
    (folder / "inner").mkdir(parents=True)
    for n, name in enumerate(("a.html", "inner/b.html")):
        (folder / name).write_text(html_page(f"Council votes on {n}", story("Closed Bay", n)))
    path = folder / ("a.html" if closed == "a page" else "inner")
    path.chmod(0)
    try:
        done = newsmill(tmp_path, "run", before=obeying())
    finally:
        path.chmod(0o755)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = (tmp_path / "clean/day/skipped.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert (row["raw"]["path"], row["reason"], row["detail"]) == (
        path.relative_to(tmp_path).as_posix(), "unreadable", "permission denied")  # fmt: skip
    assert newsmill(tmp_path, "run").returncode == 0
    assert (tmp_path / "clean/day/skipped.jsonl").read_text() == ""
