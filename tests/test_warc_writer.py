"""pipeline/formats/warc_writer.py: what is read back from files that are whole, broken off or damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.formats.http_exchange import Response
from pipeline.formats.warc_writer import SUFFIX, UNFINISHED, Capture, WarcOut, captures, salvage, sha256

NAMES = ("one", "two", "three")


def _written(folder: Path) -> tuple[bytes, list[int]]:
    """Three pages as a run leaves them before it gives the file its name; where each page ends."""
    out = WarcOut(folder, datetime(2026, 11, 20, tzinfo=UTC), "newsmill test")
    ends = []
    for name in NAMES:
        body = f"<p>{name}</p>".encode()
        answer = Response(f"https://herald.example/{name}", 200, "OK", (), body, "192.0.2.1", (), 0.1)
        capture = Capture(name, answer.url, "herald", "2026-11-20T06:00:00Z", sha256(body))
        out.add(capture, answer)
        ends.append(out.temporary.stat().st_size)
    data = out.temporary.read_bytes()
    out.temporary.unlink()
    return data, ends


@pytest.mark.parametrize(
    ("pages", "cut"),
    [
        pytest.param(3, 0, id="whole"),
        pytest.param(2, -1, id="one byte short"),
        pytest.param(2, -150, id="within the last record"),
        pytest.param(1, None, id="at the end of the first page"),
        pytest.param(0, 100, id="within the first record"),
    ],
)
def test_a_killed_run_leaves_its_whole_pages(tmp_path, pages, cut):
    data, ends = _written(tmp_path)
    end = ends[0] if cut is None else cut if cut > 0 else len(data) + cut
    (tmp_path / f".2026-11-20T00-00-00Z{SUFFIX}{UNFINISHED}").write_bytes(data[:end])
    files = salvage(tmp_path)
    assert [path.read_bytes() for path in files] == ([data[: ends[pages - 1]]] if pages else [])
    assert [capture.key for path in files for capture in captures(path)] == list(NAMES[:pages])
    assert not list(tmp_path.glob(".*")), "nothing is left under a hidden name"


@pytest.mark.parametrize(
    ("page", "known"),
    [pytest.param(0, ["two", "three"], id="the first page"), pytest.param(1, ["one", "three"], id="the second page")],
)
def test_pages_behind_a_damaged_one_are_known(tmp_path, page, known):
    data, ends = _written(tmp_path)
    path = tmp_path / f"2026-11-20{SUFFIX}"
    path.write_bytes(data[: ends[page] - 40] + b"\0" * 30 + data[ends[page] - 10 :])
    assert [capture.key for capture in captures(path)] == known
