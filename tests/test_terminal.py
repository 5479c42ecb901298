"""What a person sees: screens of real pseudo-terminals, and how tables and texts are folded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.console import folding
from pipeline.extract import stage as extract
from pipeline.project import open_project
from pipeline.query.status import Status
from pipeline.stage import Work
from pipeline.views import project as view

from .conftest import html_page, newsmill_env, run_newsmill, story
from .terminal import on_terminal

HEADLINES = [
    "Council votes on the harbour works after a long debate that nobody wanted",
    "港口委员会在漫长的辩论之后就码头工程进行表决并决定推迟施工",
    "מועצת הנמל מצביעה על עבודות הרציף לאחר ויכוח ארוך",
    "An extraordinarily-hyphenated-word-that-is-longer-than-a-column and more",
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three batches; the second one repeats a story of the first under another outlet's address."""
    root = tmp_path_factory.mktemp("terminal")
    for day, first in (("2026-11-10", 0), ("2026-11-11", 2), ("2026-11-12", 0)):
        folder = root / "raw" / day
        folder.mkdir(parents=True)
        for n in (first, first + 1):
            page = html_page(HEADLINES[n], story("Norhaven", n))
            canonical = f"https://outlet-{day}.example/news/{n}-harbour-works-and-much-else-of-the-day"
            page = page.replace("<title>", f'<link rel=canonical href="{canonical}"><title>', 1)
            (folder / f"{n}.html").write_text(page, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def finished(project: Path) -> Path:
    assert run_newsmill("run", cwd=project).returncode == 0
    return project


# --- progress


@pytest.mark.parametrize("columns", [60, 80])
def test_one_bar_tells_total_rate_time_left_and_batch(project: Path, columns: int) -> None:
    seen = on_terminal(["extract", "--force"], project, columns=columns)
    bars = [frame for frame in seen.frames if "━" in frame]
    assert seen.code == 0 and any("batch 2 of 3" in bar and " of 6" in bar for bar in bars), bars
    assert not any("…" in bar or "?" in bar for bar in bars)  # nothing cut, nothing unknown
    assert seen.text == ""  # the bar leaves nothing behind


def test_the_bar_tells_rate_and_time_left_once_they_are_known(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    row = {"html": html_page("A harbour", story("Norhaven"))}
    lines = [json.dumps({**row, "url": f"https://outlet.example/{n}"}) for n in range(1000)]
    (tmp_path / "raw" / "day.jsonl").write_text("\n".join(lines))
    seen = on_terminal(["extract"], tmp_path, columns=60)
    assert any(re.search(r"extract ━.* \d+ of 1,?000  [\d.]+/s  0:\d\d left", frame) for frame in seen.frames), (
        seen.frames
    )


@pytest.mark.parametrize("command", ["extract --force --quiet", "dedup -q"])
def test_quiet_shows_no_bar(finished: Path, command: str) -> None:
    assert on_terminal(command.split(), finished).raw == b""


def test_a_run_without_a_terminal_says_nothing(project: Path) -> None:
    done = run_newsmill("run", "--force", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_line_of_a_log_has_its_time(project: Path) -> None:
    (project / "raw" / "2026-11-10" / "note.html").write_text("<p>Nothing.")
    log = run_newsmill("run", "--verbose", "--force", cwd=project).stderr.splitlines()
    (project / "raw" / "2026-11-10" / "note.html").unlink()
    run_newsmill("run", cwd=project)
    assert len(log) >= 15
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d \S", line) for line in log), log


@pytest.mark.parametrize(
    ("name", "rows", "low", "high"),
    [
        pytest.param("few.jsonl", 7, 7, 7, id="a small file is counted"),
        pytest.param("many.jsonl", 8000, 7500, 8500, id="a large one is estimated"),
        pytest.param("list.json", 900, 900, 900, id="a file read as a whole is counted"),
        pytest.param("page.html", 1, 1, 1, id="a page is one"),
    ],
)
def test_pages_are_counted_before_they_are_read(tmp_path: Path, name: str, rows: int, low: int, high: int) -> None:
    folder = tmp_path / "raw" / "day"
    folder.mkdir(parents=True)
    lines = [json.dumps({"text": story("Norhaven", n % 50)}) for n in range(rows)]
    (folder / name).write_text(f"[{','.join(lines)}]" if name.endswith(".json") else "\n".join(lines))
    [batch] = pages.batches(tmp_path / "raw")
    assert low <= pages.count(batch, 20_000_000) <= high


# --- screens


SCREENS = ["status", "clusters", "threads --all", "search harbour works", "doctor", "show ID", "show ID --stripped",
           "explain COPY", "explain ID --topics", "topics flood", "status --summary"]  # fmt: skip


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("command", SCREENS)
def test_no_word_is_broken(finished: Path, command: str, columns: int) -> None:
    """Every word on the screen is one that the same command prints when piped, or one of a table's names."""
    first = json.loads((finished / "clean/2026-11-10/articles.jsonl").read_text().splitlines()[0])["id"]
    copy = json.loads((finished / "clean/2026-11-12/duplicates.jsonl").read_text().splitlines()[0])["id"]
    words = [{"ID": first, "COPY": copy}.get(word, word) for word in command.split()]
    piped = run_newsmill(*words, cwd=finished)
    seen = on_terminal(words, finished, columns=columns)
    assert (seen.code, seen.code) == (piped.returncode, 0)
    assert all(folding.width(line) <= columns for line in seen.lines)
    known = {*piped.stdout.split(), *re.sub(r"[\[\]<>]", " ", piped.stdout).split(), *NAMES.split()}
    strange = [
        word for word in seen.text.split() if word not in known and not re.fullmatch(r"[─━…]+|[0-9a-f]{12}", word)
    ]
    pieces = [word for word in strange if not _long(word, known, columns)]
    assert not pieces, (pieces, seen.text)


NAMES = (
    "cluster as when outlet title id thread articles copies outlets first last opened by likeness terms that decided "
    "rule line this article the one it was compared with confidence topic code words label under definition: title: "
    "outlet: label: under: opened by: terms decided: words decided: when: topic: code: no thread is running: "
)


def _long(word: str, known: set[str], columns: int) -> bool:
    """Whether it is a piece of a word that no line of the table could hold, or of a script without blanks."""
    return not word.isascii() or any(word in whole and len(whole) > columns - 40 for whole in known)


@pytest.mark.parametrize("command", ["clusters", "status", "search harbour", "run --force"])
def test_no_color_means_none(finished: Path, command: str) -> None:
    raw = on_terminal(command.split(), finished, NO_COLOR="1").raw
    assert not re.search(rb"\x1b\[[0-9;]*(3[0-7]|4[0-7]|38;|48;|9[0-7])m", raw)


def test_an_error_is_folded_between_words(finished: Path) -> None:
    seen = on_terminal(["sources"], finished, columns=60)
    assert seen.lines == [
        "newsmill: config.toml has no [[source]]; `newsmill sources",
        "  add URL` finds a site's feed and writes one",
    ]


def test_help_is_folded_by_the_terminal_alone() -> None:
    plain = run_newsmill("dedup", "--help", COLUMNS="80").stdout
    assert "(clean/order.jsonl): a late batch comes last, whatever its name. After a  " in plain


# --- folding


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        pytest.param("a bc def", 4, ["a bc", "def"], id="between words"),
        pytest.param("", 4, [""], id="nothing"),
        pytest.param("abcdefghij", 4, ["abcd", "efgh", "ij"], id="a word that fits on no line"),
        pytest.param("港口委员会", 4, ["港口", "委员", "会"], id="two cells a letter"),
        pytest.param("see 港口委员会", 9, ["see 港口", "委员会"], id="a script without blanks begins on the line"),
        pytest.param("cafe\u0301 bar", 4, ["cafe\u0301", "bar"], id="a mark has no width"),
        pytest.param("  a bc def", 6, ["  a bc", "def"], id="its own indent stays"),
    ],
)
def test_fold(text: str, columns: int, lines: list[str]) -> None:
    assert folding.fold(text, columns) == lines


@pytest.mark.parametrize("columns", [20, 30, 40, 60, 80, 120])
def test_a_table_never_exceeds_its_width_and_loses_no_word(columns: int) -> None:
    rows = [["a02007cd", "first", "2026-11-17 04:12", "harbour-news.example", title] for title in HEADLINES]
    head, lines = folding.table(["cluster", "as", "when", "outlet", "title"], rows, columns)
    assert all(folding.width(line) <= columns for line in [head, *lines])
    shown = "".join("".join(lines).split())
    assert all("".join(cell.split()) in shown for row in rows for cell in row[:1])
    assert sum(len("".join(row[4].split())) for row in rows) <= len(shown)


def test_windows_of_one_column_end_too() -> None:
    assert folding.fold("港口", 1) and folding.table(["a", "b"], [["港口", "x y"]], 1)


def test_output_of_a_pipe_is_whole(finished: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "clusters"],
        cwd=finished, env=newsmill_env(COLUMNS="20"), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert HEADLINES[0] in done.stdout


# --- what a run says


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(Status(), id="nothing"),
        pytest.param(Status(pages=1, batches=1, records=1, articles=1, skipped={"index-page": 1}), id="one of each"),
        pytest.param(
            Status(batches=40, pages=12_345, records=9_876, articles=11_111, duplicates={"near": 999, "exact": 236}), id="many"
        ),
    ],
)  # fmt: skip
def test_the_summary_fits_80_columns_and_counts_one_as_one(
    project: Path, found: Status, capsys: pytest.CaptureFixture[str]
) -> None:
    view.summary(open_project(project), found)
    printed = capsys.readouterr().out
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert not re.search(r"\b1 (?:pages|batches|records|articles|lines|copies|revisions)\b", printed)


def test_the_bar_of_extract_moves_by_a_page_a_page(project: Path) -> None:
    """Over both passes: pages that are in the draft cache already move it in the second one."""
    raw = {batch.name: batch for batch in pages.batches(project / "raw")}
    name = min(raw)
    for force in (True, False):
        steps: list[float] = []
        extract.run(Work(open_project(project), name, steps.append, raw[name], force=force))
        assert sum(steps) == pytest.approx(2)
        assert len(steps) == (4 if force else 2)
