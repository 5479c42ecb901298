"""What others collected comes in as pages: addresses, dates and words kept, and what is no page is named."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest

from pipeline import pages, store
from pipeline.errors import Locked, NewsmillError, UsageError
from pipeline.formats import warc_writer
from pipeline.imports import archive, mail, run, saved, tools
from pipeline.imports.rows import Row, Story, Unusable, page
from pipeline.model import Page, Skipped
from pipeline.project import Project, open_project
from pipeline.runner import run as chain

from ..conftest import run_newsmill
from .projects import QUIET, project
from .servers import serve

WORDS = " ".join(f"Sentence {n} tells of the harbour, its cranes and the {n}th ship of the year." for n in range(20))


def bring(opened: Project, *paths: Path | str, **options: object) -> run.Imported:
    plain = {"kind": None, "name": "in", "wanted": archive.Wanted(), "days": None, "internal": False, "console": QUIET}
    return run.run(opened, [str(p) for p in paths], **(plain | options))  # type: ignore[arg-type]


def read(opened: Project) -> list[Page | Skipped]:
    return [page for batch in pages.batches(opened.raw) for page in pages.pages(batch, opened.root, 10_000_000)]


@pytest.fixture
def opened(tmp_path: Path) -> Project:
    return project(tmp_path / "project")


MAIL = b"""From: =?utf-8?q?H=C3=A4fen-Brief?= <brief@daily.example>
Subject: =?utf-8?b?TmV1ZXMgdm9tIEhhZmVu?=
Date: Sun, 22 Nov 2026 07:00:00 +0100
Message-ID: <one@daily.example>
Archived-At: <https://daily.example/brief/2026-11-22>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Nur Text
--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>Sch=F6ne Gr=FC=DFe</p>
--b
Content-Type: text/plain; name=log.txt
Content-Disposition: attachment; filename=log.txt

not this
--b--
"""
PLAIN = b"From: a@daily.example\nSubject: Plain\nMessage-ID: <two@x>\n\nHello\n>From the desk\n"


def test_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (row,) = mail.read(tmp_path / "a.eml")
    assert row == Row(
        "one@daily.example", "https://daily.example/brief/2026-11-22", "<p>Schöne Grüße</p>", None,
        "Neues vom Hafen", "2026-11-22T07:00:00+01:00", None, "Häfen-Brief",
    )  # fmt: skip
    empty = b"From: a@b.example\nSubject: picture\nContent-Type: image/png\n\nxx\n"
    parts = [b"From a@b Sun Nov 22 07:00:00 2026\n" + part + b"\n" for part in (MAIL, PLAIN, empty)]
    (tmp_path / "a.mbox").write_bytes(b"".join(parts))
    first, second, third = mail.read(tmp_path / "a.mbox")
    assert isinstance(first, Row) and first.id == "one@daily.example"
    assert isinstance(second, Row) and (second.text or "").strip() == "Hello\nFrom the desk" and second.html is None
    assert isinstance(third, Unusable) and "message 3" in third.what


@pytest.mark.parametrize(
    ("data", "url", "time"),
    [
        pytest.param(
            "<!DOCTYPE html>\n<!-- saved from url=(0044)https://daily.example/2026/11/the-harbour-grows -->\n<html>",
            "https://daily.example/2026/11/the-harbour-grows", None, id="Chrome",
        ),
        pytest.param(
            "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://daily.example/a \n"
            " saved date: Sun Nov 22 2026 07:12:00 GMT+0100 (Central European Standard Time)\n-->",
            "https://daily.example/a", "2026-11-22T07:12:00+01:00", id="SingleFile",
        ),
        pytest.param('<html><link rel="canonical" href="https://daily.example/c">', "https://daily.example/c", None,
                     id="Firefox, the page's own word"),
        pytest.param("<!-- saved from url=(0016)about:internet --><html>", None, None, id="no address"),
    ],
)  # fmt: skip
def test_saved_pages(tmp_path: Path, data: str, url: str | None, time: str | None) -> None:
    (tmp_path / "Häfen.html").write_text(data)
    (row,) = saved.read(tmp_path / "Häfen.html")
    assert isinstance(row, Row) and (row.url, row.html) == (url, data)
    assert time is None or row.fetched_at == time


def test_a_folder_of_saved_pages(tmp_path: Path) -> None:
    for name in (
        "a.html", "a_files/frame.html", "b Dateien.html", "b-Dateien/ad.html", "deep/c.htm", "note.txt",
        "deep/c_ไฟล์/ad.html", "a_फ़ाइलें/ad.html", "a_files (2)/ad.html",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>x")
    (tmp_path / "d.mhtml").write_text(
        "Snapshot-Content-Location: https://daily.example/d\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>a=3Db</p>\n--x--\n"
    )
    rows = [row for row in saved.read(tmp_path) if isinstance(row, Row)]
    assert [row.id for row in rows] == ["a.html", "b Dateien.html", "d.mhtml", "deep/c.htm"]
    assert (rows[2].url, (rows[2].html or "").strip()) == ("https://daily.example/d", "<p>a=b</p>")


NEWS_PLEASE = {
    "authors": ["Ada Quill"], "date_download": "2026-11-22 08:00:00", "date_modify": None,
    "date_publish": "2026-11-21 17:03:00", "description": "Cranes rise.", "filename": "x.json", "image_url": None,
    "language": "en", "localpath": None, "source_domain": "daily.example", "maintext": WORDS + "\n" + WORDS[::-1],
    "title": "The harbour & its <b> cranes", "title_page": None, "title_rss": None,
    "url": "https://daily.example/2026/11/the-harbour-grows",
}  # fmt: skip
FUNDUS = {
    "title": "The canal opens", "authors": ["Bo Reed"], "publishing_date": "2026-11-20 09:00:00+01:00",
    "topics": ["Water"], "lang": "en", "plaintext": WORDS,
    "body": {"summary": ["Boats pass."], "sections": [{"headline": ["Old locks"], "paragraphs": [WORDS, WORDS[5:]]}]},
    "html": {"requested_url": "https://canal.example/2026/canal-opens-again", "crawl_date": "2026-11-20 10:00:00",
             "source_info": {"publisher": "Canal Post"}},
}  # fmt: skip


def test_json_of_other_tools_becomes_articles_with_all_their_fields(opened: Project, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "np.json").write_text(json.dumps(NEWS_PLEASE))
    (inbox / "fundus.json").write_text(json.dumps([FUNDUS, {"a": 1}]))
    (inbox / "broken.json").write_text("{")
    done = bring(opened, inbox)
    assert (done.kept, [u.what for u in done.unusable]) == (2, ["broken.json", "fundus.json, article 2"])
    chain.run(opened, chain.Options(), QUIET)
    rows = {row["title"]: row for row in store.rows(opened.clean / "in" / "articles.jsonl")}
    harbour = next(row for title, row in rows.items() if title.startswith("The harbour"))
    canal = rows["The canal opens"]
    assert harbour["authors"] == ["Ada Quill"] and harbour["published_at"].startswith("2026-11-21T17:03")
    assert (harbour["source"], harbour["language"]) == ("daily.example", "en")
    assert harbour["text"].startswith("Sentence 0 tells") and WORDS.split()[-1] in harbour["text"]
    assert canal["authors"] == ["Bo Reed"] and canal["published_at"].startswith("2026-11-20T09:00")
    assert canal["source"] == "Canal Post"


def test_a_page_made_of_a_story_cannot_be_broken_out_of() -> None:
    evil = Story(("</p><script>1</script> & so on",), title="</title></script><script>2", language='"><script>')
    made = page(evil)
    assert made.count("<script") == made.count("</script>") == 1


def test_fundus_that_kept_the_page_gives_the_page(tmp_path: Path) -> None:
    kept = FUNDUS | {"html": {**FUNDUS["html"], "content": "<html>as it was"}}  # type: ignore[dict-item]
    (tmp_path / "f.jsonl").write_text(json.dumps(kept) + "\nnot json\n")
    first, second = tools.read(tmp_path / "f.jsonl")
    assert isinstance(first, Row) and first.html == "<html>as it was"
    assert isinstance(second, Unusable) and "line 2" in second.what


def cc_news(*sites: tuple[str, str, str]) -> bytes:
    """An archive of (address, language header, html lang) as Common Crawl makes them."""
    out = warc_writer.encode({"warc-type": "warcinfo", "content-type": "application/warc-fields"}, b"software: x\r\n")
    for n, (url, header, lang) in enumerate(sites):
        said = f"Content-Language: {header}\r\n" if header else ""
        html = f'<html lang="{lang}"><p>{WORDS}' if lang else f"<html><p>{WORDS}"
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{said}\r\n{html}".encode()
        for kind, content in (("request", b"GET / HTTP/1.1\r\n\r\n"), ("response", block)):
            head = {"warc-type": kind, "warc-target-uri": url, "warc-date": "2026-11-22T00:00:00Z",
                    "warc-record-id": f"<urn:uuid:{n}-{kind}>"}  # fmt: skip
            out += warc_writer.encode(head, content)
    return out


SITES = (
    ("https://www.daily.example/2026/11/one-story-told", "", "en-GB"),
    ("https://news.daily.example/2026/11/two-stories-told", "de", ""),
    ("https://notdaily.example/2026/11/three-stories-told", "", "en"),
    ("https://other.example/2026/11/four-stories-told", "", ""),
)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        pytest.param(archive.Wanted(), "one two three four", id="all"),
        pytest.param(archive.Wanted(hosts=("daily.example",)), "one two", id="a host and its subdomains"),
        pytest.param(archive.Wanted(languages=("en",)), "one three four", id="a language, or none said"),
        pytest.param(archive.Wanted(("daily.example",), ("de",)), "two", id="both"),
    ],
)
def test_archives_are_filtered(opened: Project, tmp_path: Path, wanted: archive.Wanted, kept: str) -> None:
    (tmp_path / "CC-NEWS-20261122000000-00001.warc.gz").write_bytes(cc_news(*SITES))
    done = bring(opened, tmp_path / "CC-NEWS-20261122000000-00001.warc.gz", wanted=wanted)
    found = read(opened)
    assert done.kept == len(found) and all(isinstance(page, Page) for page in found)
    assert [(page.url or "").split("/")[-1].split("-")[0] for page in found] == kept.split()


def test_archives_by_date_from_a_mirror_on_disk_and_over_http(opened: Project, tmp_path: Path) -> None:
    names = [f"crawl-data/CC-NEWS/2026/{m}/CC-NEWS-2026{m}{d}060000-00001.warc.gz" for m, d in
             (("10", "31"), ("11", "01"), ("11", "02"))]  # fmt: skip
    mirror = tmp_path / "mirror"
    for n, name in enumerate(names):
        (mirror / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror / name).write_bytes(cc_news(SITES[n]))
    for month in ("10", "11"):
        lines = [name for name in names if f"/2026/{month}/" in name] + ["../../etc/CC-NEWS-20261101000000-1.warc.gz"]
        listing = mirror / "crawl-data" / "CC-NEWS" / "2026" / month / "warc.paths.gz"
        listing.write_bytes(gzip.compress("\n".join(lines).encode()))
    bring(opened, mirror, days="2026-10-31..2026-11-01", name="disk")
    assert [(p.url or "")[-14:] for p in read(opened)] == ["one-story-told", "o-stories-told"]
    with serve() as site:
        for path in mirror.rglob("*.gz"):
            site.pages["/" + str(path.relative_to(mirror))] = path.read_bytes()
        done = bring(opened, site.url, days="2026-11-02", internal=True, name="net")
        assert done.kept == 1
        assert site.paths() == ["/crawl-data/CC-NEWS/2026/11/warc.paths.gz", "/" + names[2]]
        site.pages.clear()
        with pytest.raises(NewsmillError, match="404"):
            bring(opened, site.url, days="2026-11-02", internal=True, name="gone")
        with pytest.raises(NewsmillError, match="not a public address"):
            bring(opened, site.url, days="2026-11-02", name="private")
    assert sorted(p.name for p in opened.raw.iterdir()) == ["disk.warc.gz", "net.warc.gz"]


def test_what_was_imported_is_not_fetched(tmp_path: Path) -> None:
    with serve() as site:
        opened = project(tmp_path / "p", f'urls = "{site.url}/2026/11/the-harbour-grows"')
        (tmp_path / "a.json").write_text(
            json.dumps(NEWS_PLEASE | {"url": f"{site.url}/2026/11/the-harbour-grows?utm_source=x"})
        )
        bring(opened, tmp_path / "a.json")
        from .projects import fetch

        assert fetch(opened).requests == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"name": "../x"}, "name of a batch", id="a name that leads out"),
        pytest.param({"name": "order.jsonl"}, "name of a batch", id="a name that blocks the project"),
        pytest.param({"name": "a\nb"}, "name of a batch", id="a name of two lines"),
        pytest.param({"name": "taken"}, "exists; give another --name", id="a name that is taken"),
        pytest.param({"days": "2026-13-01"}, "give a day", id="no day"),
        pytest.param({"wanted": archive.Wanted(hosts=("a",))}, "WARC", id="hosts of mails"),
    ],
)
def test_usage(opened: Project, tmp_path: Path, options: dict[str, object], words: str) -> None:
    (opened.raw / "taken").mkdir(parents=True)
    (tmp_path / "a.eml").write_bytes(MAIL)
    with pytest.raises(UsageError, match=words):
        bring(opened, tmp_path / "a.eml", **options)


def test_nothing_usable_leaves_nothing(opened: Project, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(NewsmillError, match="nothing to import"):
        bring(opened, tmp_path / "a.json")
    assert list(open_project(opened.root).raw.iterdir()) == []


def test_a_mail_of_a_year_beyond_all_years_is_kept_without_its_date(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Date: Fri, 20 Nov 209999999999999999999926 06:00:00 +0100\n" + PLAIN)
    (row,) = mail.read(tmp_path / "a.eml")
    assert isinstance(row, Row) and row.published_at is None


@pytest.mark.parametrize("charset", [b"klingon", b"base64", b"idna", b"ut\0f-8", b"quoted-printable"])
def test_a_mail_in_no_charset_is_read_all_the_same(tmp_path: Path, charset: bytes) -> None:
    head = b'Subject: x\nContent-Type: text/plain; charset="' + charset + b'"\n\n'
    (tmp_path / "a.eml").write_bytes(head + "Schöne Grüße".encode())
    (row,) = mail.read(tmp_path / "a.eml")
    assert isinstance(row, Row) and row.text == "Schöne Grüße"
    other = b"Subject: x\nContent-Type: text/plain; charset*=" + charset + b"''utf-8\n\n"
    (tmp_path / "b.eml").write_bytes(other + "Schöne Grüße".encode())
    (row,) = mail.read(tmp_path / "b.eml")
    assert isinstance(row, Row) and row.text == "Schöne Grüße"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param('"a word"', "not a JSON object", id="a text"),
        pytest.param('["", 7]', "not a JSON object", id="a list of other things"),
        pytest.param("{", "not JSON: ", id="cut"),
        pytest.param("[" * 100_000, "not JSON: ", id="deep"),
    ],
)
def test_json_that_is_no_article_says_why(tmp_path: Path, data: str, why: str) -> None:
    (tmp_path / "a.json").write_text(data)
    found = list(tools.read(tmp_path / "a.json"))
    assert found and all(isinstance(row, Unusable) and row.why.startswith(why) for row in found)


@pytest.mark.parametrize(
    "subject",
    [
        pytest.param(b"=?utf-8?b?a?=", id="base64 cut off"),
        pytest.param(b"=?utf-\x808?b?RmVycnk=?=", id="a charset that is none"),
    ],
)
def test_a_mail_with_a_broken_header_is_kept(tmp_path: Path, subject: bytes) -> None:
    (tmp_path / "a.eml").write_bytes(PLAIN.replace(b"Plain", subject))
    (row,) = mail.read(tmp_path / "a.eml")
    assert isinstance(row, Row) and row.title and (row.text or "").startswith("Hello")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(b"<p>Hello</p>")[:-9], id="cut"),
        pytest.param(gzip.compress(b"<p>Hello</p>", mtime=0)[:10] + b"\xff" * 30, id="flipped bytes"),
        pytest.param(b"\x1f\x8bHello", id="gzip by its first bytes alone"),
    ],
)
def test_a_saved_page_that_cannot_be_unpacked_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.html.gz").write_bytes(data)
    (row,) = saved.read(tmp_path / "a.html.gz")
    assert isinstance(row, Unusable) and row.what == "a.html.gz" and row.why


def test_a_listing_of_archives_that_cannot_be_unpacked_is_said() -> None:
    broken = gzip.compress(b"crawl-data/", mtime=0)[:10] + b"\xff" * 30
    with pytest.raises(NewsmillError, match="2026-11 is no gzip file"):
        archive.listed("https://a.example", date(2026, 11, 1), date(2026, 11, 2), lambda where: broken)


def test_a_length_in_other_digits_is_no_length() -> None:
    """str.isdigit says yes to them, int() does not."""
    member = gzip.compress("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: ²\r\n\r\nblock".encode())
    (found,) = archive.copy(io.BytesIO(member), "a", io.BytesIO(), archive.Wanted(), print)
    assert isinstance(found, Unusable) and "is no number" in found.why


def test_days() -> None:
    assert archive.days("2026-11-20..2026-11-22") == (date(2026, 11, 20), date(2026, 11, 22))


WARC = (
    "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Type: text/html\r\nContent-Length: {n}\r\n\r\n"
)
GERMAN = (
    "<p>Der Hafen von Brackwasser wird im Frühjahr wieder eröffnet, sagte der Bürgermeister am Montag nach einer langen "
    "Sitzung des Rates, und die Kosten sind höher als erwartet, weil die Mauern der alten Anlage nicht mehr stehen."
)


def warc(url: str, html: str, kind: str = "response", status: str = "200 OK", head: str = "") -> bytes:
    block = html.encode()
    if kind.lower() == "response":
        block = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{head}\r\n".encode() + block
    return WARC.format(kind=kind, url=url, n=len(block)).encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("record", "wanted", "kept"),
    [
        pytest.param(warc("https://a.example/x", WORDS), archive.Wanted(hosts=("WWW.A.example",)), 1, id="host in capitals"),
        pytest.param(warc("https://a.example/x", WORDS), archive.Wanted(hosts=("https://a.example/",)), 1, id="host as address"),
        pytest.param(warc("https://ba.example/x", WORDS), archive.Wanted(hosts=("a.example",)), 0, id="another host"),
        pytest.param(warc("https://a.example/x", '<html lang="EN-gb">' + WORDS), archive.Wanted((), ("en",)), 1, id="EN-gb"),
        pytest.param(warc("https://a.example/x", "<html lang=en>" + WORDS), archive.Wanted((), ("ENG",)), 1, id="--language ENG"),
        pytest.param(warc("https://a.example/x", '<html lang="pt">' + WORDS, head="Content-Language: en\r\n"),
                     archive.Wanted((), ("en",)), 0, id="the page before the server"),
        pytest.param(warc("https://a.example/x", GERMAN), archive.Wanted((), ("es",)), 0, id="by its text, another"),
        pytest.param(warc("https://a.example/x", GERMAN), archive.Wanted((), ("de",)), 1, id="by its text, this one"),
        pytest.param(warc("https://a.example/x", WORDS, "Response"), archive.Wanted(), 1, id="type in capitals"),
        pytest.param(warc("https://a.example/x", WORDS, "resource"), archive.Wanted(), 1, id="resource"),
        pytest.param(warc("https://a.example/x", WORDS, "conversion"), archive.Wanted(), 1, id="WET"),
        pytest.param(warc("https://a.example/x", WORDS, status="203 Non-Authoritative"), archive.Wanted(), 1, id="203"),
        pytest.param(warc("https://a.example/x", WORDS, status="404 Not Found"), archive.Wanted(), 0, id="404"),
    ],
)  # fmt: skip
def test_which_records_of_an_archive_are_kept(record: bytes, wanted: archive.Wanted, kept: int) -> None:
    found = list(archive.copy(io.BytesIO(record), "a", io.BytesIO(), wanted, lambda key: None))
    assert found == [bool(kept)]


@pytest.mark.parametrize("over_http", [False, True], ids=["here", "http"])
@pytest.mark.parametrize("pack", ["a member each", "one member", "damaged", "cut"])
def test_an_archive_gives_every_whole_record_and_says_what_is_lost(
    opened: Project, tmp_path: Path, pack: str, over_http: bool
) -> None:
    records = [warc(f"https://a.example/{n}", f"{WORDS} {n}") for n in range(4)]
    data = gzip.compress(b"".join(records)) if pack == "one member" else b"".join(map(gzip.compress, records))
    if pack == "damaged":
        at = len(gzip.compress(records[0])) + 40
        data = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
    data = data[:-20] if pack == "cut" else data
    (tmp_path / "x.warc.gz").write_bytes(data)
    if over_http:
        with serve() as site:
            site.pages["/x.warc.gz"] = data
            done = bring(opened, f"{site.url}/x.warc.gz", internal=True)
    else:
        done = bring(opened, tmp_path / "x.warc.gz")
    lost = pack in ("damaged", "cut")
    assert (done.kept, bool(done.unusable)) == (3 if lost else 4, lost)
    assert all(one.damaged for one in done.unusable)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("x.warc.gz", b"".join(gzip.compress(warc(f"https://a.example/{n}", f"{WORDS} {n}")) for n in range(3))[:-20],
                     1, id="an archive that is cut"),
        pytest.param("x.jsonl", json.dumps({"url": "https://a.example/1", "maintext": WORDS, "title": "T"}).encode() + b"\n{broken\n",
                     1, id="a broken line"),
        pytest.param("x.mbox.gz", gzip.compress((b"From a@b.example Fri Nov 20 08:00:00 2026\nSubject: S\n\n" + WORDS.encode() + b"\n\n") * 300)[:-30],
                     1, id="a mailbox that is cut"),
        pytest.param("x.jsonl", json.dumps({"url": "https://a.example/1", "maintext": WORDS, "title": "T"}).encode() + b"\n{}\n",
                     0, id="a row that is no article is no damage"),
    ],
)  # fmt: skip
def test_damage_is_1_and_named_and_the_rest_is_there(tmp_path: Path, name: str, data: bytes, code: int) -> None:
    project(tmp_path)
    (tmp_path / name).write_bytes(data)
    done = run_newsmill("import", name, "--name", "day", cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert ("damaged, lost: " in done.stderr) == bool(code)
    assert list((tmp_path / "raw").glob("day*"))


def test_a_folder_of_several_kinds_is_imported_whole(opened: Project, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "Story-filer").mkdir(parents=True)
    (folder / "Story.html").write_text("<html><p>one")
    (folder / "Story-filer" / "frame.html").write_text("<html><p>advert")
    (folder / "b.eml").write_bytes(MAIL)
    (folder / "c.ndjson").write_text('{"url": "https://a.example/c", "text": "three"}\n')
    (folder / "d.csv").write_text("url,text\nhttps://a.example/d,four\n")
    (folder / "e.mbox.gz").write_bytes(gzip.compress(b"From \n" + PLAIN))
    (folder / "f.png").write_bytes(b"x")
    done = bring(opened, folder)
    assert done.kept == 5
    assert [one.what.split("/")[-1] for one in done.unusable] == ["f.png"]


def test_an_import_leaves_while_another_one_writes(
    opened: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    monkeypatch.setattr(run, "LOCK_SECONDS", 0.2)
    with store.hold(opened.state / "locks", exclusive=(store.RAW,)), pytest.raises(Locked):
        bring(opened, tmp_path / "a.eml")
