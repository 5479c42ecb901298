"""Files made to cost the reader time or memory: each is given up within seconds, and the ledger says so."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.formats.json_rows import is_complex
from pipeline.model import Page, Skipped

from .conftest import html_page, story

ROW = json.dumps({"url": "https://daily.example/a-story", "html": html_page("A story", story("Orchard"))}).encode()
SECONDS = 10  # of CPU; the slowest takes 3 on an idle machine


def read(root: Path, name: str, data: bytes) -> list[Page | Skipped]:
    path = root / "raw" / "day" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    (batch,) = pages.batches(root / "raw")
    return list(pages.pages(batch, root, 20_000_000))


FILES: list[object] = [
    pytest.param("a.json", lambda: b"[" + b"{}," * 4_000_000 + ROW + b"]", "not read", id="objects without content", marks=pytest.mark.slow),
    pytest.param("a.json", lambda: b"[" + b"null," * 4_000_000 + ROW + b"]", "not read", id="elements removed"),
    pytest.param("a.json", lambda: b"[" + b"[]," * 10_000_000 + b"]", "too many values", id="empty lists"),
    pytest.param("a.json", lambda: b"[" + b'"",' * 9_000_000 + ROW + b"]", "too many values", id="empty strings"),
    pytest.param("a.json", lambda: b"[" * 5_000_000, "too many values", id="brackets"),
    pytest.param("a.har", lambda: b'{"log": {"entries": [' + b"{}," * 6_000_000, "not read", id="HAR of empty entries", marks=pytest.mark.slow),
    pytest.param("a.jsonl", lambda: b"{}\n" * 4_000_000, "not read", id="rows without content", marks=pytest.mark.slow),
    pytest.param("a.jsonl.gz", lambda: gzip.compress(b"\n" * 200_000_000), "not read", id="empty lines", marks=pytest.mark.slow),
    pytest.param("a.jsonl", lambda: b'{"html": "' + b'\\"' * 4_000_000, "unreadable", id="a row cut within quotes"),
    pytest.param("a.jsonl", lambda: b'"' * 6_000_000, "too many values", id="quotes"),
    pytest.param("a.jsonl", lambda: b'{"a":' * 1_000_000, "too many values", id="nested objects"),
    pytest.param("a.jsonl.gz", lambda: gzip.compress(b"") * 100_000, "", id="gzip members without content"),
    pytest.param("a.csv.gz", lambda: gzip.compress(b"url,html\n" + b",\n" * 20_000_000), "lost", id="empty cells", marks=pytest.mark.slow),
    pytest.param("a.mbox.gz", lambda: gzip.compress(b"From a@b.example\nFrom: x\n\n" * 2_000_000), "not read",
                 id="empty messages", marks=pytest.mark.slow),
    pytest.param("a.eml", lambda: b"From: a@b.example\nContent-Type: text/html" + b"; a*0=b" * 150_000 + b"\n\nx", "",
                 id="parameters of a header"),
    pytest.param("a.mht", lambda: b"From: a@b.example\nContent-Type: multipart/related" + b"; a*0=b" * 150_000 + b"\n\nx",
                 "", id="parameters of a saved page"),
    pytest.param("a.warc.gz", lambda: gzip.compress(b"WARC/1.0\r\nContent-Length: 5\r\n\r\n" * 200_000), "damaged",
                 id="records of damage"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), FILES)
def test_a_file_made_to_cost_time_is_given_up_and_the_ledger_says_so(
    tmp_path: Path, name: str, data: Callable[[], bytes], told: str
) -> None:
    content = data()
    before = time.process_time()
    items = read(tmp_path, name, content)
    assert time.process_time() - before < SECONDS
    details = [f"{item.reason} {item.detail}" for item in items if isinstance(item, Skipped)]
    assert len(items) <= 10_002
    if told:
        assert told in details[-1]


def test_counting_the_strings_of_a_row_takes_no_memory() -> None:
    row = b'["' + b'","' * 3_000_000 + b'"]'
    tracemalloc.start()
    assert is_complex(row)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(json.dumps({"html": "x" * 1_000_000}).encode(), id="one long text"),
        pytest.param(json.dumps({"html": '"[{,:' * 200_000}).encode(), id="quotes and brackets in a text"),
        pytest.param(json.dumps({f"key{n}": "value" * 20 for n in range(9_000)}).encode(), id="9,000 fields"),
    ],
)
def test_a_long_row_that_is_a_page_is_read(row: bytes) -> None:
    assert not is_complex(row)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.jsonl", lambda: b"{}\n" * 50_000 + ROW, id="50,000 rows without content"),
        pytest.param("a.json", lambda: b"[" + b"null," * 50_000 + ROW + b"]", id="50,000 elements removed"),
        pytest.param("a.jsonl.gz", lambda: gzip.compress(b" " * 15_000_000 + b"\n" + ROW), id="15 MB of blanks"),
        pytest.param("a.jsonl", lambda: b"\n" * 1_000_000 + ROW, id="a million empty lines"),
    ],
)
def test_a_page_behind_much_that_is_none_is_read(tmp_path: Path, name: str, data: Callable[[], bytes]) -> None:
    assert [item.url for item in read(tmp_path, name, data()) if isinstance(item, Page)] == [
        "https://daily.example/a-story"
    ]
