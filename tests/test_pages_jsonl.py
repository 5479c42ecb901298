"""JSONL files of scraped pages: every line a page or a line in the ledger."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import pages
from pipeline.model import Page, Skipped

ROW = {"id": "a1", "url": "https://herald.example/harbour", "title": "Harbour reopens", "html": "<p>The harbour.</p>"}


def read(tmp_path: Path, data: bytes, max_bytes: int = 10_000) -> list[Page | Skipped]:
    raw = tmp_path / "raw"
    raw.mkdir(exist_ok=True)
    (raw / "rows.jsonl").write_bytes(data)
    (batch,) = pages.batches(raw)
    return list(pages.pages(batch, tmp_path, max_bytes))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_row_is_a_page(tmp_path: Path, pack: object) -> None:
    row = {**ROW, "published_at": "2026-11-20", "fetched_at": 1763618400, "source": "Herald"}
    (page,) = read(tmp_path, pack(json.dumps(row).encode()))  # type: ignore[operator]
    assert isinstance(page, Page)
    assert (page.raw.path, page.raw.key) == ("raw/rows.jsonl", "a1")
    assert (page.body, page.kind, page.charset) == (b"<p>The harbour.</p>", "html", "utf-8")
    assert (page.url, page.title) == ("https://herald.example/harbour", "Harbour reopens")
    assert (page.published_at, page.fetched_at, page.source) == ("2026-11-20", "2025-11-20T06:00:00Z", "Herald")
    assert page.flags == ()


@pytest.mark.parametrize(
    ("line", "kind", "body"),
    [
        pytest.param('{"text": "The harbour."}', "text", "The harbour.", id="text"),
        pytest.param('{"html": "", "text": "The harbour."}', "text", "The harbour.", id="empty html, then text"),
        pytest.param('{"html": "<p>A</p>", "text": "B"}', "html", "<p>A</p>", id="html before text"),
        pytest.param('{"html": "no markup at all"}', "text", "no markup at all", id="html that is none"),
        pytest.param('{"text": "<p>markup</p>"}', "text", "<p>markup</p>", id="text is taken at its word"),
        pytest.param('\ufeff{"text": "A"}\r', "text", "A", id="byte order mark, carriage return"),
        pytest.param('{"text": "\\ud83d\\ude00"}', "text", "😀", id="surrogate pair"),
        pytest.param('{"text": "A", "title": NaN, "url": null}', "text", "A", id="NaN for missing"),
        pytest.param(
            '{"text": "A", "deep": ' + "[" * 500 + "]" * 500 + "}", "text", "A", id="nested, but not too deep"
        ),
    ],
)
def test_content(tmp_path: Path, line: str, kind: str, body: str) -> None:
    (page,) = read(tmp_path, line.encode())
    assert isinstance(page, Page), page
    assert (page.kind, page.body.decode()) == (kind, body)
    assert page.raw.key == "line:1"
    assert (page.title, page.url, page.flags) == (None, None, ())


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        pytest.param(b'{"html": ', "unreadable", "line 2: not JSON", id="cut"),
        pytest.param(b"[1, 2]", "unreadable", "line 2: not a JSON object", id="a list"),
        pytest.param(b'"html"', "unreadable", "line 2: not a JSON object", id="a string"),
        pytest.param(b'{"text": ["a"]}', "unreadable", "line 2: text is no text", id="text is a list"),
        pytest.param(b'{"html": 5, "text": null}', "unreadable", "line 2: html is no text", id="html is a number"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "too-large", "line 2: over", id="a line of brackets"),
        pytest.param(b'{"a":' * 9_000, "unreadable", "line 2: nested too deeply", id="deep"),
        pytest.param(b'{"id": 1' + b"0" * 5000 + b"}", "unreadable", "line 2: not JSON", id="a number of 5,000 digits"),
        pytest.param(
            b'{"title": "only"}',
            "empty",
            "line 2: no html, no text: a row needs one of them; this one has title",
            id="no content",
        ),
        pytest.param(b'{"text": "  \\n "}', "empty", "line 2: nothing but white space", id="white space"),
        pytest.param(b'{"html": "%PDF-1.7 ..."}', "not-html", "line 2: PDF", id="PDF"),
        pytest.param(b'{"text": "' + b"x" * 10_001 + b'"}', "too-large", "line 2: over 10000 bytes", id="too large"),
        pytest.param(b'{"text": "' + b"x" * 900_000 + b'"}', "too-large", "line 2: over 10000", id="far too large"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_broken_line_is_lost_alone(tmp_path: Path, line: bytes, reason: str, detail: str, pack: object) -> None:
    good = json.dumps(ROW).encode()
    first, second, third = read(tmp_path, pack(b"\n".join([good, line, good])))  # type: ignore[operator]
    assert isinstance(first, Page) and isinstance(third, Page)
    assert isinstance(second, Skipped), second
    assert second.reason == reason
    assert detail in second.detail


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        pytest.param(b'{"text": "a", "url": "javascript:alert(1)"}', "url:ignored, not of the web", id="javascript"),
        pytest.param(b'{"text": "a", "url": "//x.example/"}', "url:ignored, not of the web", id="no scheme"),
        pytest.param(b'{"text": "a", "url": ["x"]}', "url:ignored, not a text", id="url is a list"),
        pytest.param(b'{"text": "a", "url": "https://a.example/' + b"x" * 9000 + b'"}', "url:ignored, 9018", id="long"),
        pytest.param(b'{"text": "a", "title": {"x": 1}}', "title:ignored, not a text", id="title is an object"),
        pytest.param(b'{"text": "a", "text": "b"}', "json:key 'text' given twice", id="key twice"),
        pytest.param(b'{"text": "a\\ud800"}', "text:lone surrogates replaced", id="lone surrogate"),
        pytest.param(b'{"text": "a\xff"}', "charset:invalid utf-8 in the row", id="invalid UTF-8"),
    ],
)
def test_what_was_not_as_it_should_be_is_flagged(tmp_path: Path, line: bytes, flag: str) -> None:
    (page,) = read(tmp_path, line)
    assert isinstance(page, Page)
    assert [said for said in page.flags if said.startswith(flag)]
    assert all(said.isprintable() for said in page.flags)


@pytest.mark.parametrize(
    ("row_id", "key"),
    [
        pytest.param(7, "7", id="number"),
        pytest.param("x y", "x y", id="text"),
        pytest.param("", "line:1", id="empty"),
        pytest.param(None, "line:1", id="null"),
        pytest.param([1], "line:1", id="list"),
        pytest.param(True, "line:1", id="true"),
    ],
)
def test_keys(tmp_path: Path, row_id: object, key: str) -> None:
    (page,) = read(tmp_path, json.dumps({"id": row_id, "text": "a"}).encode())
    assert page.raw.key == key


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        pytest.param(b"<html><p>\n" * 50, "named .jsonl and is HTML", id="a page"),
        pytest.param(b"\x89PNG\r\n\x1a\n\n\n\n", "named .jsonl and is PNG image", id="an image"),
        pytest.param('{"text": "a"}\n'.encode("utf-16"), "named .jsonl and is UTF-16", id="UTF-16"),
    ],
)
def test_another_kind_of_file_is_one_line_in_the_ledger(tmp_path: Path, data: bytes, detail: str) -> None:
    (page,) = read(tmp_path, data)
    assert isinstance(page, Skipped) and detail in page.detail


def test_a_cut_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    rows = b"".join(json.dumps({"id": n, "text": f"Story {n} {n * 7919}"}).encode() + b"\n" for n in range(500))
    found = read(tmp_path, gzip.compress(rows)[:-100])
    kept = [page.raw.key for page in found if isinstance(page, Page)]
    assert kept == [str(n) for n in range(len(kept))] and len(kept) > 300
    assert isinstance(found[-1], Skipped)
    assert found[-1].detail == "the rest of the file is lost: gzip data ends early"


def test_a_bomb_does_not_inflate_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    data = gzip.compress(b'{"text": "' + b"x" * 100_000_000 + b'"}\n{"text": "a"}\n')
    tracemalloc.start()
    first, second = read(tmp_path, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Skipped) and first.reason == "too-large"
    assert isinstance(second, Page)
    assert peak < 10_000_000


def test_lines_with_millions_of_values_are_not_parsed(tmp_path: Path) -> None:
    line = b'{"text": "a", "x": [' + b"0," * 300_000 + b"0]}"
    (page,) = read(tmp_path, line, 1_000_000)
    assert isinstance(page, Skipped) and page.detail == "line 1: too many values"


rows = st.lists(
    st.binary(max_size=60)
    | st.sampled_from([b'{"text":"a"}', b'{"html":"<p>x"}', b"{}", b"", b'{"id":1e999,"text":"x"}']),
    max_size=12,
)


@settings(max_examples=60)
@given(rows)
def test_every_line_has_its_place(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    """Whatever the lines hold, each that is not blank comes out once, in order, and nothing raises."""
    first = b'{"text":"first"}'
    data = b"\n".join([first, *lines])
    found = read(tmp_path_factory.mktemp("rows"), data)
    filled = [line for line in data.split(b"\n") if line.strip()]
    assert len(found) == len(filled)
    for page in found:
        assert page.raw.key
        page.raw.key.encode()
