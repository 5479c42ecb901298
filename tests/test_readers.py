"""Every kind of raw file: known by name and by content, each story one page, what is none said in the ledger."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.model import Page, Skipped
from pipeline.pages import readers
from pipeline.pages.table import is_table

from .conftest import html_page, story

TOPICS = ("Lighthouse", "Orchard", "Tramway")
ALL = list(TOPICS)


def url(topic: str) -> str:
    return f"https://daily.example/2026/11/the-{topic.lower()}-reopens"


def page(topic: str) -> str:
    return html_page(f"The {topic} reopens", story(topic))


def read(folder: Path, name: str, data: bytes) -> list[Page | Skipped]:
    path = folder / "raw" / "day" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    (batch,) = pages.batches(folder / "raw")
    return list(pages.pages(batch, folder, 1_000_000))


def topics(found: list[Page | Skipped]) -> list[str]:
    """The topic of each page; several in one page are joined, which no test expects."""
    out = []
    for item in found:
        if isinstance(item, Page):
            said = item.body.decode("utf-8", "replace")
            out.append("+".join(topic for topic in TOPICS if topic in said))
    return out


def record(topic: str, kind: str = "response", head: str = "Content-Type: text/html", body: str | None = None) -> bytes:
    block = (page(topic) if body is None else body).encode()
    if kind == "response":
        block = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + block
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {url(topic)}", f"Content-Length: {len(block)}"]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def warc(*kinds: str) -> bytes:
    return b"".join(record(topic, kind) for topic in TOPICS for kind in kinds or ("response",))


def wet() -> bytes:
    return b"".join(record(topic, "conversion", body=f"{topic}\n{story(topic)}") for topic in TOPICS)


def arc(line: str = "{url} 10.0.0.1 20261129090000 text/html {length}\n") -> bytes:
    out = b"filedesc://x.arc 0.0.0.0 20261129090000 text/plain 22\n1 0 Daily\nURL IP date\n"
    for topic in TOPICS:
        block = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(topic).encode()
        out += b"\n" + line.format(url=url(topic), length=len(block)).encode() + block
    return out + b"\n"


def rows(**more: object) -> list[dict[str, object]]:
    return [{"url": url(topic), "html": page(topic), **more} for topic in TOPICS]


def ndjson(text: bool = False) -> bytes:
    lines = [{"url": url(topic), "text": story(topic)} for topic in TOPICS] if text else rows()
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def table(mark: str = ",", head: str = "url,html", quote: str = '"') -> bytes:
    out = [head.replace(",", mark)]
    out += [f"{url(topic)}{mark}{quote}{page(topic).replace(quote, 2 * quote)}{quote}" for topic in TOPICS]
    return "\r\n".join(out).encode()


def letter(topic: str, kind: str = "text/plain; charset=utf-8", body: str | None = None, head: str = "") -> str:
    return (
        f"Received: from x by y; Sun, 29 Nov 2026 08:00:00 +0000\nFrom: Daily <d@daily.example>\nSubject: The {topic}\n"
        f"Date: Sun, 29 Nov 2026 08:00:00 +0000\n{head}Content-Type: {kind}\n\n{story(topic) if body is None else body}\n"
    )


def mbox(line: str = "From d@daily.example Sun Nov 29 08:00:00 2026", between: str = "\n", **more: str) -> bytes:
    return "".join(f"{line}\n{letter(topic, **more)}{between}" for topic in TOPICS).encode()


def mhtml(place: str = url("Orchard"), start: str = "", first: str = "") -> bytes:
    def part(where: str, html: str) -> str:
        packed = quopri.encodestring(html.encode()).decode()
        head = f"Content-Type: text/html\nContent-ID: <{where}>\nContent-Transfer-Encoding: quoted-printable\n"
        return f"--b\n{head}Content-Location: {where}\n\n{packed}\n"

    frame = part("cid:frame-1@x", first) if first else ""
    return (
        f"From: <Saved by Blink>\nSnapshot-Content-Location: {url('Orchard')}\nSubject: x\n"
        f'Date: Sun, 29 Nov 2026 09:00:00 -0000\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html";'
        f' {start}boundary="b"\n\n{frame}{part(place, page("Orchard"))}--b--\n'
    ).encode()


def har(encoded: bool = False, indent: int | None = None) -> bytes:
    entries = []
    for topic in TOPICS:
        text = base64.b64encode(page(topic).encode()).decode() if encoded else page(topic)
        content = {"mimeType": "text/html", "text": text, **({"encoding": "base64"} if encoded else {})}
        answer = {"status": 200, "headers": [{"name": "Content-Type", "value": "text/html; charset=latin1"}]}
        entries.append({"startedDateTime": "2026-11-29T09:00:00Z", "request": {"url": url(topic)},
                        "response": {**answer, "content": content}})  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "pages": [{"id": "p"}], "entries": entries}}, indent=indent).encode()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a.html"))
    return out.getvalue()


def wacz(stored: bool = True, name: str = "archive/data.warc.gz", data: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pages/pages.jsonl", "{}")
        packed.writestr(name, gzip.compress(warc()) if data is None else data)
    return out.getvalue()


def digest() -> str:
    """A mailing list's messages of a day in one."""
    held = "".join(f"--b\n\n{letter(topic)}\n" for topic in TOPICS[:2])
    return letter("x", 'multipart/digest; boundary="b"', f"{held}--b--")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        pytest.param("a.warc", warc, ALL, id="WARC"),
        pytest.param("a.warc.gz.1", lambda: gzip.compress(warc()), ALL, id="WARC with a number"),
        pytest.param("a.txt", warc, ALL, id="WARC named txt"),
        pytest.param("a.html.gz", lambda: gzip.compress(warc()), ALL, id="WARC named html.gz"),
        pytest.param("a", lambda: warc("request", "response", "metadata"), ALL, id="WARC without an ending"),
        pytest.param("CC.warc.wet.gz", lambda: gzip.compress(wet()), ALL, id="WET"),
        pytest.param("CC.wet", wet, ALL, id="WET by its short ending"),
        pytest.param("CC.txt", wet, ALL, id="WET named txt"),
        pytest.param("a.arc", arc, ALL, id="ARC"),
        pytest.param("a.arc.gz", lambda: gzip.compress(arc()), ALL, id="ARC gzip"),
        pytest.param("a.txt", arc, ALL, id="ARC named txt"),
        pytest.param("a.arc", lambda: arc("{url} 10.0.0.1 20261129090000 text/html 200 - - 0 x.arc {length}\n"), ALL,
                     id="ARC 2"),
        pytest.param("a.ndjson", ndjson, ALL, id="ndjson"),
        pytest.param("a.jl.gz", lambda: gzip.compress(ndjson()), ALL, id="scrapy's jl"),
        pytest.param("a.jsonlines", lambda: ndjson(text=True), ALL, id="jsonlines of text"),
        pytest.param("a.json", ndjson, ALL, id="lines named json"),
        pytest.param("a.json", lambda: json.dumps(rows()).encode(), ALL, id="JSON list"),
        pytest.param("a.json.gz", lambda: gzip.compress(json.dumps(rows(), indent=2).encode()), ALL, id="JSON list, indented"),
        pytest.param("a.jsonl", lambda: json.dumps(rows(), indent=2).encode(), ALL, id="list named jsonl"),
        pytest.param("a.json", lambda: json.dumps(rows()[1], indent=2).encode(), ["Orchard"], id="one JSON object"),
        pytest.param("a.csv", table, ALL, id="CSV"),
        pytest.param("a.tsv", lambda: table("\t"), ALL, id="TSV"),
        pytest.param("a.csv", lambda: b"\xef\xbb\xbf" + table(";", "Link,Body HTML"), ALL, id="CSV with semicolons and a mark"),
        pytest.param("a.csv.gz", lambda: gzip.compress(table().replace(b"</p>", b"</p>\n")), ALL, id="CSV with lines in cells"),
        pytest.param("a.csv", lambda: b"sep=;\r\n" + table(";"), ALL, id="CSV with Excel's line in front"),
        pytest.param("a.txt", table, ALL, id="CSV named txt"),
        pytest.param("a.warc", lambda: b"\xef\xbb\xbf" + warc(), ALL, id="WARC behind a mark"),
        pytest.param("a.csv", lambda: ("\ufeff" + table("\t").decode()).encode("utf-16-le"), ALL, id="a spreadsheet's Unicode text"),
        pytest.param("a.har", har, ALL, id="HAR"),
        pytest.param("a.har.gz", lambda: gzip.compress(har(encoded=True)), ALL, id="HAR base64"),
        pytest.param("a.json", lambda: har(indent=1), ALL, id="HAR named json"),
        pytest.param("a.txt", har, ALL, id="HAR named txt"),
        pytest.param("a.mbox", mbox, ALL, id="mbox"),
        pytest.param("a.mbx", lambda: mbox("From ", ""), ALL, id="mbox with bare lines and nothing between"),
        pytest.param("a.mbox.gz", lambda: gzip.compress(mbox("From - Sun Nov 29 08:00:00 2026")), ALL, id="mbox gzip"),
        pytest.param("Inbox", lambda: b"\xef\xbb\xbf\n" + mbox("From d@daily.example"), ALL, id="mbox without an ending"),
        pytest.param("a.mbox", lambda: mbox(body="From the Orchard in 2009\nnobody came.\n\nFrom here: on.\n"), ["Orchard"] * 3,
                     id="paragraphs that begin with From"),
        pytest.param("a.eml", lambda: letter("Orchard").encode(), ["Orchard"], id="mail"),
        pytest.param("a.eml.gz", lambda: gzip.compress(b"\n\n" + letter("Orchard").encode()), ["Orchard"], id="mail gzip"),
        pytest.param("170.M1.host:2,S", lambda: letter("Orchard").encode(), ["Orchard"], id="Maildir"),
        pytest.param("7.emlx", lambda: b"%d   \n%b<?xml version='1.0'?><plist/>" % (
                     len(letter("Orchard").encode()), letter("Orchard").encode()), ["Orchard"], id="Apple Mail"),
        pytest.param("a.eml", lambda: letter("Orchard", 'text/html; name="a.html"', page("Orchard")).encode(), ["Orchard"],
                     id="HTML part with a name"),
        pytest.param("a.mhtml", mhtml, ["Orchard"], id="MHTML"),
        pytest.param("a.mht.gz", lambda: gzip.compress(mhtml("cid:frame-2@x")), ["Orchard"], id="MHTML, cid"),
        pytest.param("a.html", lambda: mhtml(first="<p>Advertisement"), ["Orchard"], id="MHTML named html, frame first"),
        pytest.param("a.eml", lambda: mhtml("cid:z", 'start="<cid:z>"; ', "<p>x"), ["Orchard"], id="MHTML named eml, start"),
        pytest.param("a.wacz", wacz, ALL, id="WACZ"),
        pytest.param("a.wacz", lambda: wacz(stored=False), ALL, id="WACZ, packed twice"),
        pytest.param("a.zip", wacz, ALL, id="WACZ named zip"),
        pytest.param("a.wacz", lambda: wacz(name="archive/x.warc", data=warc()), ALL, id="WACZ with a plain WARC"),
    ],
)  # fmt: skip
def test_each_story_is_a_page(tmp_path: Path, name: str, data: Callable[[], bytes], found: list[str]) -> None:
    every = read(tmp_path, name, data())
    assert topics(every) == found, every
    assert not [item for item in every if isinstance(item, Skipped)]
    assert len({(item.raw.key, item.raw.sha256) for item in every}) == len(every)


def test_a_table_that_ends_within_quotes_says_so(tmp_path: Path) -> None:
    every = read(tmp_path, "a.csv", table()[:-40])
    assert topics(every[:-1]) == ALL
    assert isinstance(every[-1], Skipped) and "ends within quotes" in every[-1].detail


def test_a_saved_page_that_ends_early_says_so(tmp_path: Path) -> None:
    saved, fault = read(tmp_path, "a.mhtml", mhtml()[:-60])
    assert isinstance(saved, Page)
    assert isinstance(fault, Skipped) and "ends early" in fault.detail


def test_what_a_kind_says_of_its_pages(tmp_path: Path) -> None:
    (saved,) = read(tmp_path / "1", "a.mhtml", mhtml("cid:frame-2@x"))
    assert isinstance(saved, Page) and (saved.url, saved.fetched_at) == (url("Orchard"), "2026-11-29T09:00:00+00:00")
    mail = read(tmp_path / "2", "a.eml", letter("Orchard").encode().replace(b"Daily", "Föhnpost".encode()))[0]
    assert isinstance(mail, Page) and (mail.title, mail.source, mail.kind) == ("The Orchard", "Föhnpost", "text")
    assert mail.published_at == "2026-11-29T08:00:00+00:00" and b"Received" not in mail.body
    logged = read(tmp_path / "3", "a.har", har())[0]
    assert isinstance(logged, Page) and (logged.url, logged.charset) == (url("Lighthouse"), "utf-8")


@pytest.mark.parametrize(
    ("name", "data", "detail"),
    [
        pytest.param("a.warc", b"", "nothing in it", id="empty WARC"),
        pytest.param("a.warc.gz", gzip.compress(b""), "nothing in it", id="empty WARC gzip"),
        pytest.param("a.jsonl", b"\n\n", "nothing in it", id="lines without rows"),
        pytest.param("a.wat", record("Orchard", "metadata", body="{}"), "nothing in it", id="WAT"),
        pytest.param("a.cdx", b" CDX N b a m s k r M S V g\nexample,daily)/ 20261129 x\n", "CDX", id="CDX"),
        pytest.param("a.zip", wacz(name="x.html"), "unpack it", id="zip"),
        pytest.param("a.mbox.bz2", bz2.compress(mbox()), "bzip2: unpack it", id="bzip2"),
        pytest.param("a.warc.xz", lzma.compress(warc()), "xz: unpack it", id="xz"),
        pytest.param("a.tar.gz", gzip.compress(tarred()), "tar: unpack it", id="tar"),
        pytest.param("a.txt", ndjson(), "named .jsonl", id="rows named txt"),
        pytest.param("a.csv", b"url,words\nhttps://a.example,7\n", "column html or text", id="CSV of something else"),
        pytest.param("a.json", b'{"articles": {"n": 1}}', "newsmill import", id="JSON of something else"),
        pytest.param(
            "a.ndjson",
            b'{"url": "https://a.example", "content": "x"}\n{"content": "y"}\n',
            "this one has url, content",
            id="rows with other names",
        ),
        pytest.param("a.webarchive", b"bplist00\xd1\x01", "save the page as HTML", id="Safari's web archive"),
        pytest.param("a.eml", digest().encode(), "a digest of 2 messages", id="digest of a mailing list"),
        pytest.param("a.json", b"[" + b"[]," * 5000 + b"[]]", "not a JSON object", id="list of lists"),
        pytest.param("a.wacz", wacz()[:900], "zip", id="WACZ cut"),
        pytest.param(
            "a.mhtml", mhtml().replace(b"text/html\n", b"image/png\n"), "without HTML", id="MHTML of a picture"
        ),
        pytest.param("a.eml", letter("x", "image/png", "xx").encode(), "no HTML and no text", id="mail of a picture"),
    ],
)
def test_what_is_no_page_is_in_the_ledger_with_what_to_do(tmp_path: Path, name: str, data: bytes, detail: str) -> None:
    every = read(tmp_path, name, data)
    assert every and all(isinstance(item, Skipped) for item in every)
    assert detail in every[0].detail  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("head", "body", "target"),
    [
        pytest.param("Content-Type: application/json", json.dumps({"a": page("Orchard")}), "", id="JSON"),
        pytest.param(
            "Content-Type: application/vnd.api+json", json.dumps([{"content": page("Orchard")}]), "", id="API"
        ),
        pytest.param("Content-Type: text/plain", f"/**/cb({json.dumps({'h': page('Orchard')})});", "", id="JSONP"),
        pytest.param(
            "Content-Type: text/html", json.dumps([{"content": {"rendered": page("Orchard")}}]), "", id="list as HTML"
        ),
        pytest.param("Content-Type: text/javascript", f"var t='{page('Orchard')}';export default t;", "", id="script"),
        pytest.param("", f"window.state = {json.dumps({'h': page('Orchard')})};", "", id="script without a type"),
        pytest.param("Content-Type: text/css", "/* <p>a</p><p>b</p><p>c</p> */ a{b:c}", "", id="style sheet"),
        pytest.param("Content-Type: text/calendar", "BEGIN:VCALENDAR\nSUMMARY:x\nEND:VCALENDAR", "", id="calendar"),
        pytest.param("", f"BEGIN:VCALENDAR\nDESCRIPTION:{story('Orchard')}\nEND:VCALENDAR", "", id="calendar, no type"),
        pytest.param(
            "Content-Type: text/html", f"(function(){{var t='{page('Orchard')}';run(t)}})();", "", id="script as HTML"
        ),
        pytest.param("Content-Type: text/html", f"'use strict';render('{page('Orchard')}')", "", id="strict script"),
        pytest.param(
            "Content-Type: text/plain", f"1\n00:00:01,000 --> 00:00:09,000\n{story('Orchard')}", "", id="subtitles"
        ),
        pytest.param("", f"WEBVTT\n\n00:01.000 --> 00:09.000\n{story('Orchard')}", "", id="subtitles, no type"),
        pytest.param("Content-Type: text/plain", "a.example, 1, DIRECT, f\n" * 9, "", id="sellers"),
        pytest.param("Content-Type: text/plain", story("Orchard"), "https://daily.example/robots.txt", id="robots.txt"),
        pytest.param("Content-Type: application/rss+xml", f"<p>{story('Orchard')}</p><p>x</p><p>y</p>", "", id="feed"),
    ],
)
def test_an_answer_that_is_no_page_is_not_read_as_one(tmp_path: Path, head: str, body: str, target: str) -> None:
    data = record("Orchard", head=head, body=body)
    (found,) = read(tmp_path, "a.warc", data.replace(url("Orchard").encode(), target.encode()) if target else data)
    assert isinstance(found, Skipped) and found.reason in ("not-html", "not-a-page"), found


def test_a_table_in_the_charset_of_a_country_is_read(tmp_path: Path) -> None:
    text = "Город откроет новую школу на месте старой фабрики, сообщила администрация района во вторник."
    for number, charset in enumerate(("utf-8-sig", "cp1251", "utf-16")):
        data = f"url;title;text\nhttps://daily.example/1;Школа;{text}\n".encode(charset)
        (found,) = read(tmp_path / str(number), "a.csv", data)
        assert isinstance(found, Page) and found.url == "https://daily.example/1", charset
        assert found.body.decode().strip() == text and found.title == "Школа", charset


def test_prose_that_begins_with_a_comma_is_no_table() -> None:
    assert not is_table(b"Text, date and place are known, the county said.\n\nIt was on Monday, at noon, in town.")
    assert not is_table(b"Date, Text\n\nOn Monday it rained.")


@pytest.mark.parametrize("head", ["Content-Type: application/json", "Content-Type: html", "Content-Type: x/y", ""])
def test_a_document_is_a_page_whatever_its_server_calls_it(tmp_path: Path, head: str) -> None:
    (found,) = read(tmp_path, "a.warc", record("Orchard", head=head))
    assert isinstance(found, Page)


def test_directly_under_raw_files_of_many_pages_are_batches(tmp_path: Path) -> None:
    names = ("a.warc.gz", "a.warc.gz.1", "b.ndjson", "c.csv", "d.mbox.gz", "e.har", "f.wacz", "g.warc.wet.gz", "h.arc",
             "i.json", "j.eml", "k.mhtml", "l.html", "m.1")  # fmt: skip
    (tmp_path / "raw").mkdir()
    for name in names:
        (tmp_path / "raw" / name).write_bytes(b"")
    found = {batch.name: [p.name for p in batch.entries] for batch in pages.batches(tmp_path / "raw")}
    assert found.pop("loose") == ["i.json", "j.eml", "k.mhtml", "l.html", "m.1"]
    assert found == {"a": ["a.warc.gz"], "a.1": ["a.warc.gz.1"], **{name.split(".")[0]: [name] for name in names[2:9]}}


def test_no_two_kinds_share_a_name() -> None:
    suffixes = [suffix for kind in readers.KINDS for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes)) and all(s == s.lower() and not s.endswith(".gz") for s in suffixes)
    assert all(kind.without or not kind.many or kind.name in ("WARC", "ARC", "WACZ") for kind in readers.KINDS)


def nested(depth: int) -> str:
    out = ""
    for n in range(depth):
        out += f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n'
    return out


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.jsonl", lambda: b'{"html": "' + b'\\"abc' * 60_000, id="row cut within a string"),
        pytest.param("a.jsonl", lambda: b'{"html": ' + b"[]," * 3_000_000, id="row of brackets"),
        pytest.param("a.json", lambda: b"[" + b"[]," * 3_000_000, id="list of brackets"),
        pytest.param("a.json", lambda: b'{"a": [' + b"{}," * 3_000_000 + b"0]}", id="object of brackets"),
        pytest.param("a.json", lambda: b"[" * 1_000_000, id="deep list"),
        pytest.param("a.har", lambda: b'{"log":{"entries":[{"a":[' + b"[]," * 3_000_000, id="log of brackets"),
        pytest.param("a.warc.gz", lambda: gzip.compress(b"WARC/1.0\r\na:b\r\n" * 300_000), id="headers without end"),
        pytest.param("a.warc.gz", lambda: gzip.compress(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 100_000), id="empty records"),
        pytest.param("a.warc.gz", lambda: gzip.compress(b"") * 100_000, id="WARC of empty members"),
        pytest.param("a.jsonl.gz", lambda: gzip.compress(b"") * 100_000, id="rows of empty members"),
        pytest.param("a.html.gz", lambda: gzip.compress(b"") * 100_000, id="page of empty members"),
        pytest.param("a.eml", lambda: letter("x").replace("Daily <d", "(" * 1200 + "<d").encode(), id="brackets in a name"),
        pytest.param("a.eml", lambda: letter("x", head=nested(600)).encode(), id="nested parts"),
        pytest.param("a.eml", lambda: letter("x", body="\n" * 2_000_000).encode(), id="two million lines"),
        pytest.param("a.eml", lambda: letter("=?utf-8?q?" * 90_000).encode(), id="encoded words"),
        pytest.param("a.mbox", lambda: mbox("From " + "x " * 200_000), id="long From lines"),
        pytest.param("a.mhtml", lambda: b"MIME-Version: 1.0\n" + nested(600).encode(), id="nested saved page"),
        pytest.param("a.csv", lambda: b'html\n"' + b"x\n" * 2_000_000, id="quote without end"),
        pytest.param("a.arc", lambda: b"filedesc://x 0 20260101000000 t/p 0\n" + b"x\n" * 1_000_000, id="ARC of rubbish"),
    ],
)  # fmt: skip
def test_hostile_files_cost_the_parent_little(tmp_path: Path, name: str, data: Callable[[], bytes]) -> None:
    """The slowest takes 0.8 s of CPU; before, a cut row and headers without end had taken 22 s when they were stopped."""
    body = data()
    before = time.process_time()
    every = read(tmp_path, name, body)
    assert every and len(every) <= readers.MAX_BARE + 2
    assert time.process_time() - before < 6
