"""WARC files: every response a page, every loss a line, damage in one record the loss of that record alone."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.model import Page, Skipped

N = 5


def record(
    number: int,
    body: bytes | None = None,
    *,
    kind: str = "response",
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n",
    extra: str = "",
) -> bytes:
    if body is None:
        body = b"<html><body><p>Story number %d.</p></body></html>" % number
    block = (http.encode() + b"\r\n" if http else b"") + body
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n{extra}"
        f"WARC-Target-URI: https://herald.example/{number}\r\nWARC-Date: 2026-11-20T06:00:0{number % 10}Z\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


RECORDS = [record(n) for n in range(N)]


def read(tmp_path: Path, data: bytes, max_bytes: int = 100_000) -> list[Page | Skipped]:
    raw = tmp_path / "raw"
    raw.mkdir(exist_ok=True)
    (raw / "run.warc.gz").write_bytes(data)
    (batch,) = pages.batches(raw)
    return list(pages.pages(batch, tmp_path, max_bytes))


def kept(found: list[Page | Skipped]) -> list[str | None]:
    return [page.raw.key for page in found if isinstance(page, Page)]


LAYOUTS = {
    "plain": b"".join,
    "a member for each record": lambda records: b"".join(gzip.compress(r) for r in records),
    "one member for all": lambda records: gzip.compress(b"".join(records)),
    "members cut anywhere": lambda records: b"".join(
        gzip.compress(b"".join(records)[at : at + 97]) for at in range(0, len(b"".join(records)), 97)
    ),
}


@pytest.fixture(params=LAYOUTS, ids=str)
def layout(request: pytest.FixtureRequest) -> Callable[[list[bytes]], bytes]:
    return LAYOUTS[request.param]


def test_every_response_is_a_page(tmp_path: Path, layout: Callable[[list[bytes]], bytes]) -> None:
    found = read(tmp_path, layout([record(9, b"", kind="warcinfo", http=""), *RECORDS]))
    assert kept(found) == [f"urn:uuid:{n}" for n in range(N)]
    first = found[0]
    assert isinstance(first, Page)
    assert first.body == b"<html><body><p>Story number 0.</p></body></html>"
    assert (first.url, first.fetched_at, first.charset) == ("https://herald.example/0", "2026-11-20T06:00:00Z", "utf-8")
    assert len(found) == N


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda r: r.replace(b"Content-Length: ", b"Content-Length: 9"), id="length too large"),
        pytest.param(lambda r: r.replace(b"Content-Length: ", b"Content-Length: 99999999"), id="length far too large"),
        pytest.param(lambda r: r.replace(b"Content-Length: 1", b"Content-Length: "), id="length too small"),
        pytest.param(lambda r: r.replace(b"Content-Length: ", b"Content-Length: -"), id="length negative"),
        pytest.param(lambda r: r.replace(b"Content-Length: ", b"Content-Size: "), id="no length"),
        pytest.param(lambda r: r.replace(b"WARC/1.0", b"\x00\x07\x99\xff/1.0"), id="no WARC line"),
        pytest.param(lambda r: r[: len(r) // 2], id="cut in the middle"),
        pytest.param(
            lambda r: r.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"y" * 70_000 + b"\r\n\r\n", 1), id="long header"
        ),
    ],
)
def test_a_damaged_record_is_lost_alone(
    tmp_path: Path, layout: Callable[[list[bytes]], bytes], damage: Callable[[bytes], bytes]
) -> None:
    found = read(tmp_path, layout([*RECORDS[:2], damage(RECORDS[2]), *RECORDS[3:]]))
    assert kept(found) == [f"urn:uuid:{n}" for n in (0, 1, 3, 4)]
    assert [page.reason for page in found if isinstance(page, Skipped)] == ["unreadable"]


@pytest.mark.parametrize("at", [5, 20, 60, -12, -6, -2])
def test_a_flipped_byte_in_a_member_loses_that_member_alone(tmp_path: Path, at: int) -> None:
    members = [gzip.compress(r) for r in RECORDS]
    broken = bytearray(members[2])
    broken[at] ^= 0x55
    members[2] = bytes(broken)
    found = read(tmp_path, b"".join(members))
    others = [f"urn:uuid:{n}" for n in (0, 1, 3, 4)]
    if at == 5:  # the time in the gzip header: no damage at all
        others.insert(2, "urn:uuid:2")
    assert kept(found) == others
    assert len(found) == N


def test_every_cut_of_a_file_is_noticed(tmp_path: Path) -> None:
    members = [gzip.compress(r) for r in RECORDS]
    whole = b"".join(members)
    borders = {len(b"".join(members[:n])) for n in range(N + 1)}
    for cut in range(1, len(whole), 7):
        found = read(tmp_path, whole[:cut])
        complete = max(n for n in range(N + 1) if len(b"".join(members[:n])) <= cut)
        assert kept(found) == [f"urn:uuid:{n}" for n in range(complete)], cut
        assert (len(found) > complete) == (cut not in borders), cut


def test_rubbish_between_members_is_said_and_passed_over(tmp_path: Path) -> None:
    members = [gzip.compress(r) for r in RECORDS]
    found = read(
        tmp_path, members[0] + b"\0" * 100 + members[1] + b"rubbish \x1f\x8b\x08\0" * 10 + b"".join(members[2:])
    )
    assert kept(found) == [f"urn:uuid:{n}" for n in range(N)]
    assert len([page for page in found if isinstance(page, Skipped)]) == 1


def test_a_story_about_warc_files_is_no_new_record(tmp_path: Path, layout: Callable[[list[bytes]], bytes]) -> None:
    body = b"<html><pre>\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\n</pre></html>"
    found = read(tmp_path, layout([RECORDS[0], record(1, body), RECORDS[2]]))
    assert kept(found) == ["urn:uuid:0", "urn:uuid:1", "urn:uuid:2"]


def test_no_warc_at_all_is_one_line(tmp_path: Path) -> None:
    (page,) = read(tmp_path, b"GIF89a" + bytes(range(256)) * 400)
    assert isinstance(page, Skipped) and page.reason == "unreadable"


OK = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BODY = b"<html><body><p>The harbour reopened on Monday after a week of storms.</p></body></html>"


@pytest.mark.parametrize(
    ("http", "body"),
    [
        pytest.param(OK + "Content-Encoding: gzip\r\n", gzip.compress(BODY), id="gzip"),
        pytest.param(OK + "Content-Encoding: deflate\r\n", zlib.compress(BODY), id="deflate"),
        pytest.param(OK + "Content-Encoding: deflate\r\n", zlib.compress(BODY)[2:-4], id="bare deflate"),
        pytest.param(OK + "Content-Encoding: gzip, gzip\r\n", gzip.compress(gzip.compress(BODY)), id="gzip twice"),
        pytest.param(OK + "Content-Encoding: gzip\r\n", BODY, id="said gzip, stored plain"),
        pytest.param(OK + "Content-Encoding: br\r\n", BODY, id="said brotli, stored plain"),
        pytest.param(
            OK + "Transfer-Encoding: chunked\r\n", b"10\r\n" + BODY[:16] + b"\r\n" + b"%x;x=y\r\n" % (len(BODY) - 16)
            + BODY[16:] + b"\r\n0\r\n\r\n", id="chunked",
        ),
        pytest.param(OK + "Transfer-Encoding: chunked\r\n", BODY, id="said chunked, stored plain"),
        pytest.param(
            OK + "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
            b"%x\r\n" % len(gzip.compress(BODY)) + gzip.compress(BODY) + b"\r\n0\r\n\r\n", id="chunked gzip",
        ),
        pytest.param("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", BODY, id="wrong content type"),
        pytest.param("HTTP/2 200\r\ncontent-type: text/html\r\n", BODY, id="HTTP/2"),
    ],
)  # fmt: skip
def test_codings_are_undone(tmp_path: Path, http: str, body: bytes) -> None:
    (page,) = read(tmp_path, gzip.compress(record(1, body, http=http)))
    assert isinstance(page, Page), page
    assert page.body == BODY
    assert page.flags == ()


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        pytest.param(record(1, http="HTTP/1.1 404 Not Found\r\n"), "not-a-page", "HTTP 404", id="404"),
        pytest.param(record(1, http="HTTP/1.1 301 Moved\r\nLocation: /\r\n"), "not-a-page", "HTTP 301", id="redirect"),
        pytest.param(record(1, kind="revisit"), "not-a-page", "a revisit record", id="revisit"),
        pytest.param(record(1, b"%PDF-1.7", http=OK), "not-html", "PDF", id="PDF called HTML"),
        pytest.param(record(1, b"body { margin: 0; color: red; }", http="HTTP/1.1 200\r\nContent-Type: text/css\r\n"),
                     "not-html", "CSS", id="style sheet"),
        pytest.param(record(1, b"", http=OK), "empty", "no bytes", id="no body"),
        pytest.param(record(1, b"hello", http=""), "unreadable", "no HTTP status line", id="not HTTP"),
        pytest.param(record(1, b"x" * 200_000, http=OK), "too-large", "over 100000", id="too large"),
        pytest.param(record(1, gzip.compress(b"x" * 9_000_000), http=OK + "Content-Encoding: gzip\r\n"), "too-large",
                     "when decoded", id="bomb in the content encoding"),
        pytest.param(record(1, b"\x01\x02\x03", http=OK + "Content-Encoding: zstd\r\n"), "unreadable", "'zstd'",
                     id="unknown coding"),
        pytest.param(record(1, gzip.compress(BODY), http=OK + "Content-Encoding: " + "gzip," * 9 + "gzip\r\n"),
                     "unreadable", "content encodings", id="ten codings"),
    ],
)  # fmt: skip
def test_what_is_no_page_says_why(
    tmp_path: Path, layout: Callable[[list[bytes]], bytes], data: bytes, reason: str, detail: str
) -> None:
    first, second, third = read(tmp_path, layout([RECORDS[0], data, RECORDS[2]]))
    assert isinstance(first, Page) and isinstance(third, Page)
    assert isinstance(second, Skipped), second
    assert second.reason == reason
    assert detail in second.detail


def test_what_was_cut_is_flagged(tmp_path: Path) -> None:
    http = OK + "Content-Encoding: gzip\r\n"
    (page,) = read(tmp_path, record(1, gzip.compress(BODY * 50)[:-10], http=http))
    assert isinstance(page, Page) and page.flags == ("cut:gzip data ends early",)
    (page,) = read(tmp_path, record(1, extra="WARC-Truncated: length\r\n"))
    assert isinstance(page, Page) and page.flags == ("cut:the archive holds only a part of the page (length)",)


def test_a_wrong_digest_is_flagged(tmp_path: Path) -> None:
    (page,) = read(tmp_path, record(1, extra="WARC-Block-Digest: sha1:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH\r\n"))
    assert isinstance(page, Page) and page.flags == ("warc:the block does not match its digest",)


def test_a_resource_record_is_a_page(tmp_path: Path) -> None:
    (page,) = read(
        tmp_path, record(1, BODY, kind="resource", http="", extra="Content-Type: text/html; charset=utf-8\r\n")
    )
    assert isinstance(page, Page) and (page.body, page.charset) == (BODY, "utf-8")


def test_a_bomb_of_a_record_does_not_inflate_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    bomb = zlib.compressobj(9, wbits=31)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 300000000\r\n\r\n"
    data = bomb.compress(head) + b"".join(bomb.compress(bytes(1_000_000)) for _ in range(300)) + bomb.flush()
    tracemalloc.start()
    found = read(tmp_path, gzip.compress(RECORDS[0]) + data + gzip.compress(RECORDS[1]), 100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept(found) == ["urn:uuid:0", "urn:uuid:1"]
    assert len(found) == 3
    assert peak < 5_000_000


@pytest.mark.parametrize(
    "mark", [b"\x1f\x8b\x08", b"\x1f\x8b\x08\x08", b"\x1f\x8b\x08\x04\xff"], ids=["short", "with a name", "with extra"]
)
def test_a_file_of_gzip_marks_is_given_up(tmp_path: Path, mark: bytes) -> None:
    """Each mark may begin a header that lasts to the end of the file: 170 s of CPU for a megabyte once."""
    before = time.process_time()
    found = read(tmp_path, gzip.compress(RECORDS[0]) + mark * (2_000_000 // len(mark)))
    assert time.process_time() - before < 30
    assert kept(found) == ["urn:uuid:0"]
    assert "marks of gzip" in str(found[-1])


def test_a_record_behind_some_gzip_marks_is_found(tmp_path: Path) -> None:
    data = gzip.compress(RECORDS[0]) + b"\x1f\x8b\x08" * 1000 + gzip.compress(RECORDS[1])
    assert kept(read(tmp_path, data)) == ["urn:uuid:0", "urn:uuid:1"]
