"""newsmill page: files, folders, stdin and addresses to articles in every form, without a project."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import html_page, run_newsmill, story
from .fetch.servers import Reply, serve

PAGE = html_page("Harbour wall repaired", story("Westby"))
RICH = PAGE.replace(
    "<p>Judge Pell",
    '<p>The <a href="https://harbour.example/plan">plan of the harbour board</a> names every stone of the old wall and says '
    "what it weighs and where it lay.</p><h2>What comes next</h2><ul><li>The crane leaves on Friday morning.</li>"
    "<li>The road opens on Monday evening.</li></ul><blockquote><p>We have waited for this wall since the storm, said the "
    "mayor.</p></blockquote><p>Judge Pell",
)
assert RICH != PAGE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "saved"
    (pages / "deeper").mkdir(parents=True)
    (pages / "a.html").write_text(html_page("First story", story("Alpha")))
    (pages / "b.pdf.html").write_bytes(b"%PDF-1.7 no page")
    (pages / "deeper" / "c.html").write_text(html_page("Third story", story("Gamma")))
    rows = [{"id": f"r{n}", "title": f"Row {n}", "text": story("Delta", n)} for n in range(2)]
    (pages / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return pages


@pytest.mark.parametrize(
    ("form", "holds"),
    [
        pytest.param("text", r"^Harbour wall repaired\n\n", id="text"),
        pytest.param("markdown", r"^# Harbour wall repaired\n\n", id="markdown title"),
        pytest.param("markdown", r"\n## What comes next\n", id="markdown heading"),
        pytest.param("markdown", r"\n- The crane leaves", id="markdown list"),
        pytest.param("markdown", r"\n> We have waited", id="markdown quote"),
        pytest.param(
            "markdown", r"\[plan of the harbour board\]\(<?https://harbour.example/plan>?\)", id="markdown link"
        ),
        pytest.param("html", r"<h2>What comes next</h2>", id="HTML heading"),
        pytest.param("html", r"<li>The crane leaves", id="HTML list"),
        pytest.param("html", r'<a href="https://harbour.example/plan"', id="HTML link"),
    ],
)
def test_a_page_in_every_form(tmp_path: Path, form: str, holds: str) -> None:
    (tmp_path / "page.html").write_text(RICH)
    done = run_newsmill("page", "page.html", "--format", form, "--url", "https://harbour.example/wall", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(holds, done.stdout), done.stdout


def test_a_folder_gives_every_article_in_order_and_names_what_is_none(folder: Path) -> None:
    done = run_newsmill("page", folder.name, "-o", "out.jsonl", cwd=folder.parent)
    assert done.returncode == 0
    titles = [json.loads(line)["title"] for line in (folder.parent / "out.jsonl").read_text().splitlines()]
    assert titles == ["First story", "Row 0", "Row 1", "Third story"]
    assert "b.pdf.html: no article: not-html" in done.stderr
    assert "out.jsonl: 4 articles, 1 page skipped: 1 not-html" in done.stderr and done.stdout == ""


def test_several_files_keep_their_order(folder: Path) -> None:
    done = run_newsmill("page", "deeper/c.html", "a.html", "--quiet", cwd=folder)
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["Third story", "First story"]
    assert done.stderr == ""


def test_topics_and_places_are_added_on_request(tmp_path: Path) -> None:
    text = "Voters in Norway went to the polls on Sunday to elect a new parliament. " * 12
    (tmp_path / "vote.html").write_text(html_page("Norway votes", text))
    row = json.loads(run_newsmill("page", "vote.html", "--topics", cwd=tmp_path).stdout)
    assert any("politics" in topic["label"] or "election" in topic["label"] for topic in row["topics"])
    assert [place["name"] for place in row["places"]] == ["Norway"]
    assert "topics" not in json.loads(run_newsmill("page", "vote.html", cwd=tmp_path).stdout)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["no-such-file.html"], "no such file", id="file that is not there"),
        pytest.param(
            ["a.html", "d.jsonl", "--url", "https://x.example/"], "--url needs exactly one page", id="url of two"
        ),
        pytest.param(["a.html", "--topics", "-f", "text"], "--topics needs --format json", id="topics as text"),
        pytest.param(["a.html", "d.jsonl", "--stripped"], "--stripped needs exactly one page", id="lines of two"),
        pytest.param(["https://outlet.example/story"], "NEWSMILL_FETCH_CONTACT", id="address without a contact"),
        pytest.param(["a.html", "no-such-file.html"], "no such file", id="second file that is not there"),
        pytest.param(["a.htm"], "(did you mean a.html?)", id="nearly a file's name"),
        pytest.param(["ftp://outlet.example/story"], "not a web address", id="no web address"),
    ],
)
def test_what_cannot_be_is_an_error_of_usage(folder: Path, args: list[str], said: str) -> None:
    done = run_newsmill("page", *args, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param("mkdir in", "in: no article: empty: a folder without files", id="empty folder"),
        pytest.param("mkdir in; echo a > in/readme.md", "in/readme.md: no article: too-short", id="folder of no pages"),
        pytest.param("printf '\\0\\001' > in", "in: no article: not-html", id="binary"),
        pytest.param(": > in", "in: no article: empty", id="empty"),
        pytest.param("mkfifo in", "in: no article: unreadable: a FIFO", id="FIFO"),
        pytest.param("head -c 21000000 /dev/zero > in", "in: no article: too-large", id="huge"),
        pytest.param("echo '{' > in.jsonl; mkdir in; mv in.jsonl in", "in/in.jsonl line:1: no article: unreadable",
                     id="damaged line"),
    ],
)  # fmt: skip
def test_an_input_without_an_article_is_1_and_named(tmp_path: Path, make: str, said: str) -> None:
    subprocess.run(["sh", "-c", make], cwd=tmp_path, check=True)
    done = run_newsmill("page", "in", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "") and said in done.stderr


def test_an_address_that_fails_costs_the_others_nothing(tmp_path: Path) -> None:
    with serve({"/story": PAGE, "/robots.txt": Reply(b"", 404)}) as site:
        env = {"NEWSMILL_FETCH_CONTACT": "desk@outlet.example", "NEWSMILL_FETCH_DELAY": "0.1"}
        done = run_newsmill("page", "--internal", f"{site.url}/gone", f"{site.url}/story", cwd=tmp_path, **env)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert f"{site.url}/gone: no article: unreadable: HTTP 404" in done.stderr


def test_addresses_are_fetched_with_the_rules_of_the_site(tmp_path: Path) -> None:
    text = (("Content-Type", "text/plain"),)
    with serve({
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /closed/", headers=text), "/old": Reply(b"", 301, (("Location", "/story"),)),
        "/story": PAGE, "/closed/story": PAGE,
    }) as site:  # fmt: skip
        env = {"NEWSMILL_FETCH_CONTACT": "desk@outlet.example", "NEWSMILL_FETCH_DELAY": "0.1"}
        private = run_newsmill("page", f"{site.url}/story", cwd=tmp_path, **env)
        assert private.returncode == 1 and "not a public address" in private.stderr and not site.log
        done = run_newsmill("page", f"{site.url}/old", "--internal", cwd=tmp_path, **env)
        assert json.loads(done.stdout)["title"] == "Harbour wall repaired"
        assert json.loads(done.stdout)["url"] == f"{site.url}/story"
        assert site.paths() == ["/robots.txt", "/old", "/story"]
        closed = run_newsmill("page", f"{site.url}/closed/story", "--internal", cwd=tmp_path, **env)
        assert closed.returncode == 1 and "robots.txt" in closed.stderr
        assert site.asked("/closed/story") == []
        gone = run_newsmill("page", f"{site.url}/gone", "--internal", cwd=tmp_path, **env)
        assert gone.returncode == 1 and "HTTP 404" in gone.stderr
