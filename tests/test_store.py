"""The writer: whole files or none, rows that come back as they went in, locks that die with their owner."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import Locked, NewsmillError
from pipeline.export.parquet import duckdb_writes
from pipeline.model import Article, Image, Raw, Wire

from .conftest import newsmill_env


def article(text: str, title: str | None = None) -> Article:
    return Article(
        id="a1", url=None, title=title, text=text, content_hash="c", raw=Raw("raw/x.html", None, "s"),
        images=(Image("https://i.example/1.jpg", title, None),), wire=Wire("Northwire", text), found={"title": "h1"},
    )  # fmt: skip


@given(st.text(), st.none() | st.text())
def test_a_row_comes_back_as_it_went_in(text: str, title: str | None) -> None:
    import json

    line = store.to_json(article(text, title))
    assert b"\n" not in line
    assert store.parse(Article, json.loads(line)) == article(text, title)


@given(st.text(alphabet=st.characters(categories=("Cs",)) | st.characters(), max_size=20))
def test_lone_surrogates_never_reach_a_file(text: str) -> None:
    store.to_json({"text": text}).decode("utf-8")


def test_nan_is_null() -> None:
    assert store.to_json({"x": float("nan")}) == b'{"x":null}'


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with store.writer(path) as write:
        write({"n": 1})
    before = path.read_bytes()
    with pytest.raises(RuntimeError), store.writer(path) as write:
        write({"n": 2})
        raise RuntimeError
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["rows.jsonl"]


def test_the_writer_knows_the_hash_of_what_it_wrote(tmp_path: Path) -> None:
    with store.writer(tmp_path / "rows.jsonl") as write:
        write({"n": 1})
        write({"title": "Überfall"})
    assert write.sha256 == store.file_sha256(tmp_path / "rows.jsonl")
    assert (write.rows, write.bytes) == (2, (tmp_path / "rows.jsonl").stat().st_size)


def test_a_refusing_disk_is_an_error_with_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(NewsmillError, match=r"file/rows\.jsonl: cannot be written"),
        store.writer(tmp_path / "file/rows.jsonl"),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_what_the_disk_says_to_duckdb_is_said_as_it_said_it(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught, duckdb_writes():
        duckdb.execute("copy (select range from range(100000)) to '/dev/full' (format parquet)")
    assert (caught.value.errno, caught.value.strerror) == (errno.ENOSPC, "No space left on device")


def test_a_damaged_row_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"n": 1}\n{"n": \n')
    with pytest.raises(NewsmillError, match=r"a\.jsonl: line 2 is damaged"):
        list(store.rows(tmp_path / "a.jsonl"))


def test_readers_share_and_a_writer_stands_alone(tmp_path: Path) -> None:
    with store.hold(tmp_path, exclusive=("dedup",), shared=("extract",)):
        store.hold(tmp_path, exclusive=("tag",), shared=("extract",)).close()
        with pytest.raises(Locked):
            store.hold(tmp_path, exclusive=("extract",))
        with pytest.raises(Locked):
            store.hold(tmp_path, exclusive=("dedup",))
    store.hold(tmp_path, exclusive=("extract", "dedup")).close()


def test_a_dead_owners_lock_does_not_block(tmp_path: Path) -> None:
    code = f"from pipeline import store; from pathlib import Path; h = store.hold(Path({str(tmp_path)!r}), exclusive=('extract',)); print('held', flush=True); input()"
    owner = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE, env=newsmill_env()
    )
    assert owner.stdout is not None and owner.stdout.readline() == b"held\n"
    with pytest.raises(Locked):
        store.hold(tmp_path, exclusive=("extract",))
    owner.kill()
    owner.wait()
    store.hold(tmp_path, exclusive=("extract",)).close()
