"""forget on WACZ files, and on what crawlers keep beside a page: index, lists of pages and hashes stay of one mind."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.formats.warc_reader import Record, records
from pipeline.project import open_project

from .conftest import run_newsmill
from .test_removal import HTTP, TOPICS, articles, contents, gone, page, read, run, url
from .wacz_files import Record as Written
from .wacz_files import faults, indexed, record, wacz


def everything() -> list[Written]:
    """Of each topic a response, its request, its text, a picture; and a repeat under another address."""
    out = []
    for topic in TOPICS:
        id = f"WARC-Record-ID: <urn:uuid:{topic}>"
        out.append(record("response", url(topic), HTTP + page(topic).encode(), id))
        out.append(record("request", url(topic), b"GET / HTTP/1.1\r\n\r\n", f"WARC-Concurrent-To: <urn:uuid:{topic}>"))
        out.append(record("resource", f"urn:text:{url(topic)}", f"the text of the {topic}".encode()))
        picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
        out.append(record("response", f"https://daily.example/{topic[0]}.png", picture))
    to = (f"WARC-Refers-To-Target-URI: {url('Orchard')}", "WARC-Refers-To: <urn:uuid:Orchard>")
    return [*out, record("revisit", "https://mirror.example/copy", b"HTTP/1.1 200 OK\r\n\r\n", *to)]


def without_digest(files: dict[str, bytes]) -> None:
    del files["indexes/index.idx"], files["pages/pages.jsonl"]


LAYOUTS: list[object] = [
    pytest.param({}, id="packed index"),
    pytest.param({"blocks": False}, id="plain index"),
    pytest.param({"packed": False, "blocks": False}, id="plain WARC"),
    pytest.param({"packed": False, "stored": False}, id="all packed by zip"),
    pytest.param({"stats": True, "signed": False}, id="hashes as before 1.1"),
    pytest.param({"change": without_digest}, id="no list of pages, no second index"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_forget_takes_one_page_out_of_a_wacz_file(tmp_path: Path, layout: dict[str, object]) -> None:
    path = tmp_path / "raw" / "a.wacz"
    path.parent.mkdir()
    path.write_bytes(wacz(everything(), **layout))  # type: ignore[arg-type]
    opened = open_project(tmp_path)
    run(opened, stages=("extract",))
    before = read(opened)
    done = gone(opened, url("Orchard"))
    assert not done.remains and len(done.raw) == 1
    if "change" not in layout:
        assert list(faults(path.read_bytes())) == []
    addresses = [address for address in indexed(path.read_bytes()) if "orchard" in address or "mirror" in address]
    assert addresses == [] and len(indexed(path.read_bytes())) == 9
    stay = [(address, sha) for address, sha in before if address not in (url("Orchard"), "https://mirror.example/copy")]
    assert [item for item in read(opened) if item[0]] == [item for item in stay if item[0]]
    with zipfile.ZipFile(path) as packed:
        packed.extractall(tmp_path / "unpacked")
    assert "orchard" not in contents(opened, tmp_path / "unpacked").lower()
    assert [p.name for p in path.parent.iterdir()] == ["a.wacz"]
    digest = json.loads((tmp_path / "unpacked" / "datapackage-digest.json").read_text())
    assert "signedData" not in digest
    assert any("sign it again" in note for note in done.notes) == layout.get("signed", True)
    assert not gone(opened, url("Tramway")).remains
    package = json.loads(zipfile.ZipFile(path).read("datapackage.json"))
    assert "mainPageUrl" not in package
    run(opened)
    assert set(articles(opened)) == {url("Lighthouse")}


def legacy(files: dict[str, bytes]) -> None:
    files["indexes/index.cdx"] = b" CDX N b a m s k r M S V g\nexample,daily)/a 2026 - - - - - - 1 2 data.warc.gz\n"


def bomb(files: dict[str, bytes]) -> None:
    files["pages/pages.jsonl"] = b"\n" * 20_000_000


@pytest.mark.parametrize(
    ("layout", "why"),
    [
        pytest.param({"blocks": False, "change": legacy}, "not CDXJ", id="an index of another form"),
        pytest.param({"stored": False, "change": bomb}, "unpacks to", id="a list of pages that is a bomb"),
    ],
)
def test_a_wacz_file_that_cannot_be_rewritten_stays_and_is_named(
    tmp_path: Path, layout: dict[str, object], why: str
) -> None:
    path = tmp_path / "raw" / "day" / "a.wacz"
    path.parent.mkdir(parents=True)
    path.write_bytes(wacz(everything(), **layout))  # type: ignore[arg-type]
    data = path.read_bytes()
    done = run_newsmill("forget", url("Orchard"), "--project", tmp_path)
    told = " ".join(done.stdout.split())
    assert done.returncode == 1 and "raw/day/a.wacz: cannot be rewritten" in told and why in told
    assert "unzip it, put the files of its archive/ folder into raw/" in told
    assert path.read_bytes() == data and [p.name for p in path.parent.iterdir()] == ["a.wacz"]
    with zipfile.ZipFile(path) as packed:  # what it says helps
        packed.extract("archive/data.warc.gz", path.parent)
    path.unlink()
    assert run_newsmill("forget", url("Orchard"), "--project", tmp_path).returncode == 0
    opened = open_project(tmp_path)
    run(opened)
    assert set(articles(opened)) == {url("Lighthouse"), url("Tramway")}


def log(files: dict[str, bytes]) -> None:
    files["logs/crawl.log"] = f"fetched {url('Orchard')} in 2 s\n".encode()


def test_a_file_of_a_wacz_that_newsmill_does_not_know_is_named_where_it_holds_the_address(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.wacz").write_bytes(wacz(everything(), change=log))
    done = run_newsmill("forget", url("Orchard"), "--project", tmp_path)
    assert done.returncode == 0
    assert "note: raw/a.wacz: logs/crawl.log in it still names the address" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(lambda data: data, id="plain"),
        pytest.param(lambda data: gzip.compress(data, mtime=0), id="a member each"),
    ],
)
def test_requests_texts_and_repeats_of_a_page_go_with_it(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "raw" / "a.warc"
    path.parent.mkdir()
    path.write_bytes(b"".join(pack(data) for _, data in everything()))
    done = gone(open_project(tmp_path), url("Orchard"))
    assert not done.remains
    with path.open("rb") as file:
        left = [item.headers["warc-target-uri"] for item in records(file, 1 << 20) if isinstance(item, Record)
                if "warc-target-uri" in item.headers]  # fmt: skip
    assert left == [address for address, _ in everything() if "orchard" not in address and "mirror" not in address]
