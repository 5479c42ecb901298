"""What strangers publish, through the real command: nothing hangs, nothing is lost in silence, nobody else pays."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from pipeline.dedup import ocr
from pipeline.dedup.profile import profiles
from pipeline.dedup.tokens import tokenise

from .conftest import html_page, newsmill_env, run_newsmill, story
from .monsters import MONSTERS, STORY, TEXTS, Monster
from .warm import WARM

SMALL = 20_000  # bytes a monster
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def file_name(monster: Monster) -> str:
    return f"{monster.name.replace(' ', '-')}.{'txt' if monster in TEXTS else 'html'}"


def neighbours(folder: Path) -> None:
    for n in range(6):
        path = folder / f"neighbour{n}.html"
        path.write_text(html_page(f"Neighbour {n} speaks", story("Quiet Street", n)))
        path.with_name(path.name + ".meta.json").write_text(json.dumps({"url": f"https://quiet{n}.example/story"}))


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a batch of neighbours, and the same batch with every monster among them."""
    root = tmp_path_factory.mktemp("farm")
    for project in ("alone", "together"):
        folder = root / project / "raw" / "day"
        folder.mkdir(parents=True)
        neighbours(folder)
    for monster in MONSTERS + TEXTS:
        (root / "together" / "raw" / "day" / file_name(monster)).write_bytes(monster.make(SMALL))
    for project in ("alone", "together"):
        done = run_newsmill("run", cwd=root / project)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return root


@pytest.mark.parametrize("monster", [pytest.param(m, id=file_name(m)) for m in MONSTERS + TEXTS if m.keeps])
def test_the_story_comes_out_of_every_monster(farm: Path, monster: Monster) -> None:
    articles = {row["raw"]["path"]: row for row in rows(farm / "together/clean/day/articles.jsonl")}
    article = articles.get(f"raw/day/{file_name(monster)}")
    assert article, [
        r for r in rows(farm / "together/clean/day/skipped.jsonl") if file_name(monster) in r["raw"]["path"]
    ]
    missing = [part for part in STORY.split("\n\n") if part not in article["text"]]
    if monster.name == "control characters":  # they stand inside its sentences
        missing = [part for part in missing if part.split(" of ")[0] not in article["text"]]
    assert missing == []
    assert not CONTROL.search(article["text"].replace("\n", "")) and not CONTROL.search(article["title"] or "")


def test_what_holds_no_story_is_in_the_ledger(farm: Path) -> None:
    skipped = {row["raw"]["path"]: row["reason"] for row in rows(farm / "together/clean/day/skipped.jsonl")}
    assert skipped == {"raw/day/zip-named-html.html": "not-html"}


def test_the_neighbours_come_out_byte_for_byte_as_without_them(farm: Path) -> None:
    def lines(project: str) -> list[bytes]:
        whole = (farm / project / "clean/day/articles.jsonl").read_bytes()
        return [line for line in whole.splitlines() if b"raw/day/neighbour" in line]

    assert len(lines("alone")) == 6
    assert lines("together") == lines("alone")


DEADLY = """
import os, sys
import pipeline.extract.one_page as route
real = route.draft
def draft(page, *rest):
    if b"SPIN" in page.body and rest[-1] in page.body.decode():
        while True: pass
    if b"DIE" in page.body and rest[-1] in page.body.decode():
        os.abort()
    return real(page, *rest)
route.draft = draft
"""


def test_what_kills_the_parser_is_read_at_a_lower_level_and_at_last_is_in_the_ledger(tmp_path: Path) -> None:
    """A parser that hangs or dies on certain pages, put in its place by sitecustomize."""
    folder = tmp_path / "raw" / "day"
    folder.mkdir(parents=True)
    neighbours(folder)
    for word in (
        "SPIN full",
        "SPIN full fast",
        "DIE full",
        "DIE full fast",
        "SPIN full fast plain",
        "DIE full fast plain",
    ):
        text = story(word) + f"\n\nThe parser was told to {word} here, and nobody else was told anything at all."
        (folder / f"{word.replace(' ', '-')}.html").write_text(html_page(f"A story about {len(word)} parsers", text))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(DEADLY)
    env = newsmill_env(NEWSMILL_EXTRACT_PAGE_SECONDS="0.7")
    env["PYTHONPATH"] = f"{tmp_path / 'site'}{os.pathsep}{env['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    flags = {row["raw"]["path"][8:-5]: row["flags"] for row in rows(tmp_path / "clean/day/articles.jsonl")}
    assert flags.pop("SPIN-full") == flags.pop("DIE-full") == ["fallback:fast"]
    assert flags.pop("SPIN-full-fast") == flags.pop("DIE-full-fast") == ["fallback:plain"]
    assert flags == {f"neighbour{n}": [] for n in range(6)}
    skipped = {
        row["raw"]["path"][8:-5]: (row["reason"], row["detail"]) for row in rows(tmp_path / "clean/day/skipped.jsonl")
    }
    assert skipped == {
        "SPIN-full-fast-plain": ("timeout", "over 0.7 s of CPU time"),
        "DIE-full-fast-plain": ("crashed", "the parser died of SIGABRT"),
    }


TITLES = [
    pytest.param("\x1b[31mRed\x1b[0m \x1b]0;owned\x07 ferry", id="escape sequences"),
    pytest.param("[bold]Ferry[/bold] [/nope] [link=file:///etc/passwd]x[/link]", id="rich markup"),
    pytest.param("Ferry \u202eyrref\u202c \u2066sails\u2069", id="bidi"),
    pytest.param("Fer\u200bry \u200d\ufeff\u2060sails", id="zero width"),
    pytest.param("Ferry\u0000 \u0085 \u2028 sails\r\nagain", id="line ends"),
    pytest.param('=HYPERLINK("https://evil.example","Ferry")', id="formula ="),
    pytest.param("+1+cmd|' /C calc'!A0 ferry", id="formula +"),
    pytest.param("-2+3+cmd ferry", id="formula -"),
    pytest.param("@SUM(1+1)*cmd ferry", id="formula @"),
    pytest.param("\t=1+1 ferry", id="formula behind a tab"),
    pytest.param("<script>alert(1)</script> ferry", id="markup"),
    pytest.param("x" * 100_000, id="a word of 100,000 letters"),
    pytest.param("%s %d {0} {title} ${HOME} `id` $(id)", id="templates and shells"),
    pytest.param("😀" * 30 + " e\u0301" * 20 + " \U000e0041 ferry", id="wide, combining, tags"),
]


EVIL = "\x1b[31mred\x1b]0;owned\x07\u202e [bold]x day"  # a name for folders and files


@pytest.fixture(scope="module")
def bazaar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every title twice with its story, and once more in a later batch with a hostile name, where it is a copy."""
    root = tmp_path_factory.mktemp("bazaar")
    later = root / "raw" / f"z {EVIL}"
    later.mkdir(parents=True)
    with (root / "raw" / "day.jsonl").open("w") as out:
        for n, param in enumerate(TITLES):
            (title,) = param.values
            text = story("Bazaar", n) + "\n\nA last word \x1b[2J\x1b]52;c;ZXZpbA==\x07 from the harbour, said twice."
            html = f"<html><body><article><h1>x</h1>{''.join(f'<p>{p}</p>' for p in text.split(chr(10) * 2))}</article></body>"
            out.write(json.dumps({"id": n, "title": title, "text": text, "source": f"Outlet {n} {title[:50]}"}) + "\n")
            out.write(
                json.dumps({"id": f"html{n}", "title": title, "html": html, "url": f"https://b.example/{n}"}) + "\n"
            )
            copy = html_page(title, text).encode("utf-8", "surrogatepass")
            (later / f"{n} {EVIL[:20]}.html").write_bytes(copy)
    (root / "page.html").write_bytes((later / f"0 {EVIL[:20]}.html").read_bytes())
    (root / "Inbox").mkdir()
    (root / "Inbox" / f"{EVIL}.eml").write_text("Subject: nothing\nContent-Type: image/png\n\nx")
    (root / "clash" / "raw" / EVIL).mkdir(parents=True)
    (root / "clash" / "raw" / f"{EVIL}.jsonl").write_bytes(b"")
    done = run_newsmill("run", cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows(root / "clean" / f"z {EVIL}" / "duplicates.jsonl")) > len(TITLES) / 2
    return root


def on_a_terminal(root: Path, *args: str) -> tuple[bytes, int]:
    """What a person would see: the command's stdout and stderr on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    with Path(os.devnull).open() as nothing:
        process = WARM.start(args, root, newsmill_env(TERM="xterm-256color"), (nothing.fileno(), theirs, theirs))
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    return seen, process.wait(10)


# What rich itself may send: colours and styles, cursor on and off, erase a line.
_OURS = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[0-9]*[AKG]|\r\n|\n|\t|\r")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("status", 0), ("status --summary", 0), ("status --json", 0), ("clusters", 0), ("clusters --top 30 --json", 0),
        ("show ID", 0), ("show ID --stripped", 0), ("show ID --stripped --json", 0), ("show ID --json", 0), ("show ID --raw", 0),
        ("explain ID", 0), ("explain ID --json", 0), ("explain ID --topics", 0),
        ("page page.html", 0), ("page page.html --stripped", 0), ("page page.html --stripped --json", 0),
        ("tag --try EVIL --title EVIL", 0), ("tag --try EVIL --json", 0),
        ("doctor", 0), ("run --dry-run --force", 0), ("records --force --verbose", 0), ("run EVIL", 2), ("show EVIL", 2),
        ("export", 0), ("export -f csv", 0), ("export -f atom", 0), ("export -f text", 0), ("export -f wet", 0),
        ("export --topic EVIL", 2), ("export -f EVIL", 2), ("export -o out.EVIL", 2), ("export -o out.csv", 0), ("prune --days 0 --dry-run", 0), ("forget ID --dry-run", 0),
        ("import Inbox", 1), ("run --project clash", 1), ("run --project EVIL", 2),
    ],
    ids=str,
)  # fmt: skip
def test_nothing_a_page_says_reaches_the_terminal_as_a_command(bazaar: Path, command: str, code: int) -> None:
    first = [row["id"] for row in rows(bazaar / "clean/day/articles.jsonl")]
    copies = [row["id"] for row in rows(bazaar / "clean" / f"z {EVIL}" / "duplicates.jsonl")]
    for identity in [*first[:4], *copies[:4]] if "ID" in command else [""]:
        args = [identity if word == "ID" else word.replace("EVIL", EVIL) for word in command.split()]
        seen, exited = on_a_terminal(bazaar, *args)
        rest = _OURS.sub(b"", seen).decode()
        assert exited == code and len(rest) > 5, rest[:500]
        assert not CONTROL.search(rest), rest[:500]
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", rest)
        assert not re.search(rb"\x1b(?:\[31mRed|\[2J|\])", seen)
        assert "Traceback" not in rest


def test_json_that_is_safe_to_look_at_says_the_same(bazaar: Path) -> None:
    for row in rows(bazaar / "clean/day/records.jsonl")[:6]:
        assert json.loads(run_newsmill("show", row["id"], "--json", cwd=bazaar).stdout) == row


def test_no_cell_of_a_csv_export_is_a_formula(bazaar: Path, tmp_path: Path) -> None:
    done = run_newsmill("export", "--format", "csv", "--output", str(tmp_path / "out.csv"), cwd=bazaar)
    assert done.returncode == 0, done.stderr
    csv.field_size_limit(10_000_000)
    cells = [cell for row in csv.reader(io.StringIO((tmp_path / "out.csv").read_text())) for cell in row]
    assert len(cells) > 20
    assert [cell[:30] for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or re.match(r"-\D", cell)] == []


def test_one_endless_word_does_not_stop_dedup() -> None:
    """Looking for misread letters made a form of it for each of its letters: 10 GB of a word of 100,000."""
    texts = [f"{story('Endless')} {'x' * 10_000}", f"{story('Endless').replace('the', 'tha')} {'y' * 10_000}"]
    one, other = profiles(texts, tokenise(texts))
    tracemalloc.start()
    try:
        assert ocr.mend(one, other) is not None
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


XHTML = """<?xml version="1.0"?>
<!DOCTYPE html [
<!ENTITY a "ha ha ha ha ha ha ha ha ha ha ">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">
<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "http://127.0.0.1:9/evil">
]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Ferry returns</title>
<link rel="canonical" href="javascript:alert(1)"/><meta property="og:url" content="file:///etc/passwd"/>
<meta property="article:published_time" content="DATE"/><meta property="og:image" content="javascript:alert(2)"/>
</head><body><article><h1>Ferry returns</h1><p>&g;</p><p>&x;</p><p>&y;</p>STORY</article></body></html>"""


@pytest.mark.parametrize(
    "date", ["0000-00-00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "99999-01-01", "-1", "1e999"]
)
def test_entities_addresses_and_dates_of_an_evil_page(tmp_path: Path, date: str) -> None:
    page = tmp_path / "evil.xhtml"
    body = "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))
    page.write_text(XHTML.replace("STORY", body).replace("DATE", date))
    done = run_newsmill("page", str(page))
    assert done.returncode == 0, done.stderr
    article = json.loads(done.stdout)
    assert len(article["text"]) < 4 * len(STORY)
    assert "root:" not in done.stdout
    assert article["url"] is None and article["published_at"] is None
    assert not [image for image in article["images"] if not image["url"].startswith("http")]
