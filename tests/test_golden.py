"""Golden pairs: tests/golden/NAME.html or .txt -> what NAME.json says of it.

A JSON holds `what` (why the pair is there), `given` (what is known from outside: url, fetched_at), and either `skipped`
(the ledger's reason) or `article`: the fields that matter here, `text` as a list of paragraphs. A paragraph that is
itself a list (verses, results) may come out as one paragraph or as one for each line. `known_failure` says what is
still wrong; the test then fails when it comes right, so that the note goes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import extract, pages
from pipeline.config import Config
from pipeline.extract.boilerplate import Repeats
from pipeline.extract.finalize import finalize
from pipeline.extract.values import Draft
from pipeline.model import Article, Page, Skipped

FOLDER = Path(__file__).parent / "golden"
PAGES = {".html", ".txt"}
REQUIRED = {"title", "authors", "published_at", "language", "text"}
CONFIG = Config().extract


def pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Every page with its answer; a page or an answer that is alone is there too, so that its test fails."""
    found = sorted(p for p in folder.iterdir() if p.suffix in PAGES)
    orphans = sorted(p for p in folder.glob("*.json") if p.stem not in {f.stem for f in found})
    return [(p, p.with_suffix(".json")) for p in found] + [(p.with_suffix(".html"), p) for p in orphans]


def answer(page: Path, path: Path) -> dict[str, Any]:
    """The answer of a pair. Fails where the pair is incomplete."""
    assert page.exists(), f"{path.name} has no page"
    assert path.exists(), f"{page.name} has no answer"
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert expected.get("what"), f"{path.name}: say in `what` why it is there"
    assert ("skipped" in expected) != ("article" in expected), f"{path.name}: either `skipped` or `article`"
    missing = REQUIRED - expected.get("article", dict.fromkeys(REQUIRED)).keys()
    assert not missing, f"{path.name}: article lacks {', '.join(sorted(missing))}"
    return expected


def outcome(path: Path, given: dict[str, str]) -> Article | Skipped:
    page = pages.read_path(path, CONFIG.max_bytes)
    assert isinstance(page, Page), page
    draft = extract.draft(replace(page, **given), CONFIG)  # type: ignore[arg-type]
    return finalize(draft, Repeats(), CONFIG) if isinstance(draft, Draft) else draft


def folded(text: str) -> str:
    """White space folded; the dash of a list item is no part of what it says."""
    return " ".join(text.removeprefix("- ").split())


def plain(value: Any) -> Any:
    """Z and +00:00 are one offset; a tuple is a list in JSON."""
    if isinstance(value, str):
        return value.replace("Z", "+00:00") if "T" in value and value.endswith("Z") else value
    return list(value) if isinstance(value, tuple) else value


def assert_as_expected(found: Article | Skipped, expected: dict[str, Any]) -> None:
    if "skipped" in expected:
        assert isinstance(found, Skipped), f"kept as an article: {found.text[:200]}"
        assert found.reason == expected["skipped"], found.detail
        return
    assert isinstance(found, Article), f"skipped: {found.reason}: {found.detail}"
    wanted = dict(expected["article"])
    text = wanted.pop("text")
    lines = [line for block in text for line in ([block] if isinstance(block, str) else block)]
    got = [folded(line) for line in found.text.splitlines() if line.strip()]
    assert " ".join(got) == folded(" ".join(lines)), (
        f"not in it: {set(lines) - set(got)}; too much: {set(got) - set(lines)}"
    )
    torn = {folded(block) for block in text if isinstance(block, str)} - set(got)
    assert not torn, f"paragraphs joined or cut: {torn}"
    if wire := wanted.pop("wire", None):
        assert found.wire is not None
        assert found.wire.agency == wire["agency"]
    for key, value in wanted.items():
        assert plain(getattr(found, key)) == plain(value), key


@pytest.mark.parametrize("pair", pairs(FOLDER), ids=lambda pair: pair[0].name)
def test_pair(pair: tuple[Path, Path], request: pytest.FixtureRequest) -> None:
    expected = answer(*pair)
    if why := expected.get("known_failure"):
        request.applymarker(pytest.mark.xfail(reason=why, strict=True, raises=AssertionError))
    assert_as_expected(outcome(pair[0], expected.get("given", {})), expected)


def test_there_are_enough_pairs_of_each_kind() -> None:
    names = [page.name for page, _ in pairs(FOLDER)]
    assert sum(name.endswith(".txt") for name in names) >= 8
    assert sum(name.startswith("not-stripped") for name in names) >= 8
    assert sum(name.startswith("skipped") for name in names) >= 4


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        pytest.param({"a.html": "<p>x</p>"}, "has no answer", id="page without answer"),
        pytest.param({"a.json": '{"what": "x", "skipped": "empty"}'}, "has no page", id="answer without page"),
        pytest.param({"a.txt": "x", "a.json": '{"what": "x"}'}, "either", id="neither article nor skipped"),
        pytest.param({"a.txt": "x", "a.json": '{"skipped": "empty"}'}, "say in `what`", id="no reason given"),
        pytest.param({"a.txt": "x", "a.json": '{"what": "x", "article": {"text": []}}'}, "lacks", id="fields missing"),
    ],
)
def test_an_incomplete_pair_fails(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    [(page, path)] = pairs(tmp_path)
    with pytest.raises(AssertionError, match=complaint):
        answer(page, path)


GOOD = "text-clean.txt"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"text": ["Something else."]}, id="other text"),
        pytest.param({"title": "Another title"}, id="other title"),
        pytest.param({"authors": ["Somebody"]}, id="other authors"),
        pytest.param({"published_at": "2026-01-01"}, id="other date"),
    ],
)
def test_the_comparison_fails_on_a_wrong_answer(change: dict[str, Any]) -> None:
    expected = answer(FOLDER / GOOD, (FOLDER / GOOD).with_suffix(".json"))
    found = outcome(FOLDER / GOOD, {})
    wrong = {"article": {**expected["article"], **change}}
    with pytest.raises(AssertionError):
        assert_as_expected(found, wrong)


def test_the_comparison_fails_on_joined_paragraphs() -> None:
    expected = answer(FOLDER / GOOD, (FOLDER / GOOD).with_suffix(".json"))
    found = outcome(FOLDER / GOOD, {})
    assert isinstance(found, Article)
    with pytest.raises(AssertionError, match="joined or cut"):
        assert_as_expected(replace(found, text=found.text.replace("\n\n", " ")), expected)
