"""newsmill report: what it selects, that its bytes depend on the data alone, and how it behaves in a real browser."""

from __future__ import annotations

import html
import json
import re
import shutil
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.report import examples, pack
from pipeline.report.collect import Collected, Row, _row
from pipeline.report.render import render

from .conftest import ROOT, run_newsmill, story

HOSTILE = [
    pytest.param("<script>document.title = 'owned'</script>", id="script element"),
    pytest.param("</script><img src=x onerror=\"document.title='owned'\">", id="end of the script"),
    pytest.param("\u202egnp.exe and \u2066isolated", id="bidi overrides"),
    pytest.param("<b>bold</b> & &lt;entities&gt;", id="markup and entities"),
    pytest.param("Election 🗳️ 👩‍👩‍👧‍👦 night", id="emoji"),
    pytest.param("word " * 1000, id="5,000 letters"),
    pytest.param("--><!-- {{ title }} {% raw %}", id="comments and template marks"),
]


def row(number: int, **changes: Any) -> Row:
    plain = Row(
        id=f"{number:032x}", title=f"Story {number}", when=f"2026-11-{1 + number % 20:02d}T0{number % 10}:30:00Z",
        source=f"Outlet {number % 3}", language="en", topics=("politics",), countries=("Norway",), towns=("Bergen, Norway",), names=(), cluster=f"{number:032x}",
        thread=None, url=f"https://outlet.example/{number}", text=f"The text of story {number}.\n\nIts end.", batch="b",
    )  # fmt: skip
    return replace(plain, **changes)


def collected(*rows: Row, total: int | None = None) -> Collected:
    return Collected(tuple(rows), len(rows) if total is None else total, (), (), (), ())


# ---- excerpts ----


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param(b"<p>Page&nbsp;not <b>found</b>", "Page not found", id="markup and entities"),
        pytest.param(b"<script>var a = '<p>no</p>'</script>yes", "yes", id="script"),
        pytest.param(b"<style>p {}</style><svg><text>no</text></svg>yes", "yes", id="style and svg"),
        pytest.param(b"plain text", "plain text", id="plain text"),
        pytest.param(b"<p>open <a href='", "open", id="cut in a tag"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"<" * 100_000, "", id="only opening signs"),
    ],
)
def test_an_excerpt_shows_what_a_page_says(body: bytes, shown: str) -> None:
    assert examples.excerpt(body) == shown


def test_columns_and_texts_are_packed_in_step() -> None:
    rows = [row(n) for n in range(250)]
    found = pack.data(collected(*rows))
    assert all(len(column) == 250 for column in found["cols"].values())
    blocks = pack.texts(rows)
    assert [len(block) for block in blocks] == [100, 100, 50]
    assert blocks[2][49] == ["https://outlet.example/249", rows[249].text]


def test_towns_stand_apart_from_countries_and_with_theirs() -> None:
    countries = (("Paris", "FR"), ("Paris", "US"), ("Bergen", "NO"))
    places = [{"name": name, "country": code} for name, code in countries] + [{"name": "France", "country": None}]
    record = dict.fromkeys(("published_at", "fetched_at", "source", "language", "url", "thread", "cluster_id"))
    made = _row(record | {"id": "a", "title": "t", "text": "x", "topics": [], "places": places}, "b")
    assert made.countries == ("France",)
    assert made.towns == ("Paris, France", "Paris, United States", "Bergen, Norway")
    packed = pack.data(collected(made, row(2)))
    assert packed["countries"] == ["France", "Norway"]
    assert [packed["towns"][n] for n in packed["cols"]["tow"][1]] == ["Bergen, Norway"]


# ---- the file ----


def test_the_same_data_gives_the_same_bytes() -> None:
    found = collected(*(row(n) for n in range(50)))
    assert render(found, title="news") == render(found, title="news")


def test_the_file_without_data_is_small_and_loads_nothing() -> None:
    page = render(collected(), title="news")
    assert len(page) < 300_000
    text = html.unescape(page.decode())
    assert "default-src 'none'" in text and "unsafe-inline" not in text
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", text)


def test_a_hundred_thousand_records_stay_under_five_megabytes() -> None:
    rows = [
        row(n, title=f"{n * 7919 % 100_000} tonnes of freight moved on day {n * 31 % 977}", text=None)
        for n in range(20_000)
    ]
    assert len(render(collected(*rows), title="news")) < 5_000_000 / 5


@pytest.mark.parametrize("title", HOSTILE)
def test_foreign_text_stands_in_the_file_only_packed(title: str) -> None:
    page = render(collected(row(1, title=title, source=title)), title=title).decode()
    assert title not in page.replace("<title>", "").replace("</title>", "") or not re.search(r"[<>&{]", title)
    assert page.count("<script>") == 1


# ---- the command ----


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample pages and a batch of hostile titles, through the whole chain."""
    project = tmp_path_factory.mktemp("report") / "my news"
    shutil.copytree(ROOT / "raw", project / "raw")
    lines = [
        {"id": f"h{n}", "url": f"https://hostile.example/{n}", "title": param.values[0], "text": story(f"Hostville{n}", n),
         "published_at": "2026-11-20", "source": str(param.values[0])[:60]}
        for n, param in enumerate(HOSTILE)
    ]  # fmt: skip
    (project / "raw" / "2026-11-21.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = run_newsmill("run", "--quiet", cwd=project)
    assert done.returncode == 0, done.stderr
    done = run_newsmill("report", "-o", "report.html", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "report.html: " in done.stderr and not done.stdout
    return project


def test_the_command_writes_the_same_file_again(built: Path, tmp_path: Path) -> None:
    done = run_newsmill("report", "-o", str(tmp_path / "again.html"), cwd=built)
    assert done.returncode == 0
    assert (tmp_path / "again.html").read_bytes() == (built / "report.html").read_bytes()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--source", "Harbor Courier"], "did you mean", id="unknown source"),
        pytest.param(["--since", "soon"], "not a date", id="no date"),
        pytest.param(["--language", "xx"], "no record has it", id="unknown language"),
        pytest.param(["--place", "Norwy"], "did you mean 'Norway'?", id="unknown place"),
        pytest.param(["--watch", "harbour"], "--watch harbour: no record has it", id="unknown watch list"),
    ],
)
def test_the_command_refuses_what_nothing_answers_to(built: Path, args: list[str], said: str) -> None:
    done = run_newsmill("report", "-o", "other.html", *args, cwd=built)
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr
    assert not (built / "other.html").exists()


# ---- in a real browser ----

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: the report was not opened in a browser"
    )
    if CHROMIUM is None:
        warnings.warn("no Chromium here: the report was not opened in a browser", stacklevel=1)
        pytest.skip("no Chromium here (apt-get install chromium): the report was not opened in a browser")
    with api.sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield made
        made.close()


@pytest.fixture
def page(browser: Any, built: Path) -> Iterator[Any]:
    """The report, opened from disk; at the end there must have been no error in it."""
    made = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    made.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.goto((built / "report.html").as_uri())
    made.wait_for_selector("body[data-ready]", timeout=30_000)
    yield made
    made.close()
    assert faults == []


def test_it_opens_from_disk_and_its_charts_have_marks(page: Any) -> None:
    assert page.inner_text("h1") == "my news"
    assert re.search(r"\d+ records from \d+ sources", page.inner_text("#summary"))
    assert page.locator("#overview-body svg rect.bar").count() > 3
    assert page.locator("#topics-body svg").count() > 3
    assert page.locator("#sources-body tbody tr").count() > 5


def test_hostile_titles_are_shown_as_text(browser: Any, tmp_path: Path) -> None:
    titles = [str(param.values[0]) for param in HOSTILE]
    found = collected(
        *(row(n, title=title, source=title, topics=(title,), text=title) for n, title in enumerate(titles))
    )
    (tmp_path / "hostile.html").write_bytes(render(found, title=titles[0]))
    page = browser.new_page()
    page.goto((tmp_path / "hostile.html").as_uri())
    page.wait_for_selector("body[data-ready]")
    shown = page.evaluate("[...document.querySelectorAll('#rows .item > :nth-child(3)')].map(cell => cell.textContent)")
    assert sorted(shown) == sorted(titles)
    for n in range(len(titles)):
        page.click(f"#rows .item:nth-child({n + 1}) > :nth-child(1)")
        assert page.text_content("#panel-title") in titles
        page.click("#panel-close")
    assert page.title() != "owned" and page.locator("img").count() == 0
    page.close()


def drawn(browser: Any, folder: Path, found: Collected, width: int = 1280) -> Any:
    (folder / "made.html").write_bytes(render(found, title="made"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((folder / "made.html").as_uri())
    page.wait_for_selector("body[data-ready]")
    return page


def test_a_few_old_records_do_not_make_bars_of_months(browser: Any, tmp_path: Path) -> None:
    old = [row(n, when=f"19{n:02d}-01-01") for n in range(90, 93)]
    page = drawn(
        browser, tmp_path, collected(*old, *(row(n, when=f"2026-11-{n % 20 + 1:02d}") for n in range(100, 600)))
    )
    assert page.locator("#overview-body rect.bar").count() == 20
    assert "3 records from before 2026-11-01 are not in the charts" in page.inner_text("#overview-body")
    page.close()


def test_of_many_outlets_the_largest_and_the_silent_are_seen_at_once(browser: Any, tmp_path: Path) -> None:
    often = [row(n, when=f"2026-10-{n % 31 + 1:02d}", source=f"outlet-{n % 60}") for n in range(3000)]
    silent = [row(n, when=f"2026-10-{n % 9 + 1:02d}", source="Quiet Post") for n in range(9000, 9040)]
    page = drawn(browser, tmp_path, collected(*often, *silent))
    assert page.locator("#sources-body tbody tr").count() == 25
    assert "1 unusually silent: Quiet Post" in page.inner_text("#sources-body")
    page.click("#sources-body summary")
    page.wait_for_selector("#sources-body details tbody tr")
    assert page.locator("#sources-body tbody tr").count() == 61
    page.close()


def test_on_a_phone_no_word_of_a_table_is_broken(browser: Any, built: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((built / "report.html").as_uri())
    page.wait_for_selector("body[data-ready]")
    page.click("#stories-body summary")
    page.wait_for_selector("#stories-body details[open] tbody tr")
    narrowest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('#stories-body td, #sources-body td')]"
        ".filter((cell) => cell.textContent).map((cell) => cell.clientWidth))"
    )
    assert narrowest > 300  # each cell has the page's width, its name before it
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_search_sort_panel_and_keys(page: Any) -> None:
    page.fill("#search", "dam valley")
    assert page.inner_text("#results") == "Records: 1"
    page.fill("#search", "")
    page.click("#grid .head button:has-text('title')")
    first = page.inner_text("#rows .item:first-child > :nth-child(3)")
    page.click("#grid .head button:has-text('title')")
    assert page.inner_text("#rows .item:first-child > :nth-child(3)") != first
    page.focus("#grid")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-text p")  # its text is unpacked when it is opened
    assert page.is_visible("#panel") and len(page.inner_text("#panel-text")) > 200
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")
    assert page.evaluate("document.activeElement.id") == "grid"


def test_the_filter_answers_what_was_new_on_the_latest_day(page: Any) -> None:
    before = page.inner_text("#results")
    page.click("#latest")
    assert page.inner_text("#results") != before
    assert page.input_value("#from") == page.input_value("#to") == "2026-11-20"
    page.click("#everything")
    assert page.inner_text("#results") == before


def test_a_story_shows_who_ran_it_first_and_the_differences(page: Any) -> None:
    page.click("#stories-body summary")
    page.wait_for_selector("#stories-body details[open] tbody tr")  # filled when it opens
    assert page.locator("#stories-body details[open] svg rect.bar").count() >= 2
    assert page.locator("#stories-body details[open] tbody tr").count() >= 2
    page.click("#stories-body details[open] button:has-text('Compare')")
    page.wait_for_selector("#stories-body .versions")
    assert page.locator("#stories-body mark").count() >= 1


def test_skipped_pages_show_reason_and_excerpt(page: Any) -> None:
    page.click("#removed-body summary:has-text('paywall')")
    assert len(page.inner_text("#removed-body details[open] li")) > 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_serious_fault(browser: Any, built: Path, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # axe is put into the page by the test, which the report's own policy would refuse.
    made = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ).new_page()
    made.goto((built / "report.html").as_uri())
    made.wait_for_selector("body[data-ready]")
    made.click("#stories-body summary")
    found = [v for v in axe.run(made).response["violations"] if v["impact"] in ("serious", "critical")]
    assert not found, [(v["id"], v["help"], v["nodes"][0]["html"][:200]) for v in found]
    assert made.evaluate("document.documentElement.scrollWidth") <= width
    made.close()
