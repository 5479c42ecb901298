"""newsmill search: which records hold the words, in which order, and that the index follows the records."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.export.select import Selection
from pipeline.project import open_project
from pipeline.query.search import FILE, search

from .conftest import run_newsmill, story

TEXTS = {
    "viaduct": ("Viaduct toll scrapped", "The toll viaduct over the Tarn is free from Monday. " + story("Viaduct")),
    "ferry": (
        "Ferry strike ends",
        "The ferry crews return to work; the viaduct was overcrowded for days. " + story("Ferry"),
    ),
    "musée": ("Le musée de la Mer rouvre", "Après deux ans de travaux, le musée a rouvert samedi. " + story("Musee")),
    "tokyo": ("東京で新しい図書館が開館", "東京都は月曜日、新しい図書館を開館した。" * 12),
    "thai": ("เปิดสะพานใหม่", "กรุงเทพมหานครเปิดสะพานข้ามแม่น้ำเจ้าพระยาแห่งใหม่เมื่อวันจันทร์ " * 10),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("search")
    (project / "raw").mkdir()
    rows = [
        {
            "id": key,
            "url": f"https://outlet.example/{n}",
            "title": title,
            "text": text,
            "published_at": f"2026-11-{10 + n}",
        }
        for n, (key, (title, text)) in enumerate(TEXTS.items())
    ]
    (project / "raw" / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run_newsmill("run", "--quiet", cwd=project)
    assert done.returncode == 0, done.stderr
    return project


def titles(project: Path, words: str, **asked: str) -> list[str]:
    return [hit.record["title"] for hit in search(open_project(project), words, Selection(**asked), 10)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("viaduct", ["viaduct", "ferry"], id="in title before in text"),
        pytest.param("VIADUCT toll", ["viaduct"], id="all words, any case"),
        pytest.param("viaduct -strike", ["viaduct"], id="without a word"),
        pytest.param('"toll viaduct"', ["viaduct"], id="phrase"),
        pytest.param('"viaduct toll free"', [], id="phrase in another order"),
        pytest.param("overcrowd*", ["ferry"], id="beginning"),
        pytest.param("musee", ["musée"], id="without accents"),
        pytest.param("図書館", ["tokyo"], id="Japanese word in a run of letters"),
        pytest.param("館書図", [], id="the same letters in another order"),
        pytest.param("สะพาน", ["thai"], id="Thai word"),
        pytest.param("zeppelin", [], id="no such word"),
        pytest.param('viaduct OR "; DROP TABLE record', [], id="operators are words"),
    ],
)
def test_words_find_records(built: Path, words: str, found: list[str]) -> None:
    assert titles(built, words) == [TEXTS[key][0] for key in found]


@pytest.mark.parametrize("words", ["", "   ", '""', "-only", "***"])
def test_a_search_without_words_is_an_error(built: Path, words: str) -> None:
    with pytest.raises(UsageError, match="nothing to search for"):
        titles(built, words)


def test_a_selection_narrows_the_hits(built: Path) -> None:
    assert titles(built, "viaduct", since="2026-11-11") == [TEXTS["ferry"][0]]
    assert titles(built, "viaduct", until="2026-11-10") == [TEXTS["viaduct"][0]]


def test_a_hit_shows_the_place_of_the_match(built: Path) -> None:
    (hit,) = search(open_project(built), "overcrowded", Selection(), 10)
    assert (hit.place, hit.match) == ("text", "overcrowded")
    assert hit.before.endswith("the viaduct was ") and hit.after.startswith(" for days")


@pytest.mark.parametrize(
    ("words", "match"),
    [
        pytest.param("apres", "Après", id="accents of the text"),
        pytest.param("DEUX ANS", "deux", id="capitals"),
        pytest.param("roùvert", "rouvert", id="accents of the query"),
    ],
)
def test_the_place_is_found_whatever_the_accents(built: Path, words: str, match: str) -> None:
    (hit,) = search(open_project(built), words, Selection(), 10)
    assert hit.match == match


def test_a_context_begins_and_ends_with_whole_words(built: Path) -> None:
    (hit,) = search(open_project(built), "overcrowded", Selection(), 10)
    text = hit.record["text"]
    assert set((hit.before + hit.match + hit.after).split()) <= set(text.split())


def test_the_index_follows_the_records(built: Path, tmp_path: Path) -> None:
    project = tmp_path / "copy"
    shutil.copytree(built, project)
    assert titles(project, "viaduct") == [TEXTS["viaduct"][0], TEXTS["ferry"][0]]
    row = {"id": "new", "url": "https://outlet.example/new", "title": "Zeppelin lands", "text": story("Zeppelin")}
    (project / "raw" / "b.jsonl").write_text(json.dumps(row) + "\n")
    assert run_newsmill("run", "--quiet", cwd=project).returncode == 0
    assert titles(project, "zeppelin") == ["Zeppelin lands"]
    (project / "raw" / "a.jsonl").unlink()
    assert run_newsmill("run", "--quiet", cwd=project).returncode == 0
    assert titles(project, "viaduct") == [] and titles(project, "zeppelin") == ["Zeppelin lands"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(lambda path: path.write_bytes(b"no database" * 100), id="garbage"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:5000]), id="cut"),
        pytest.param(
            lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 99").connection.close(),
            id="another version",
        ),
    ],
)
def test_a_damaged_index_is_made_anew(built: Path, tmp_path: Path, damage: object) -> None:
    project = tmp_path / "copy"
    shutil.copytree(built, project)
    want = titles(project, "viaduct")
    damage(project / ".newsmill" / FILE)  # type: ignore[operator]
    assert titles(project, "viaduct") == want


def test_the_command_prints_hits_and_says_by_its_exit_code_where_there_are_none(built: Path) -> None:
    done = run_newsmill("search", "viaduct", "--top", "1", cwd=built)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1 and done.stdout.split("\t")[3] == "Viaduct toll scrapped"
    found = json.loads(run_newsmill("search", "viaduct", "--json", cwd=built).stdout)
    assert [hit["title"] for hit in found] == [TEXTS["viaduct"][0], TEXTS["ferry"][0]]
    none = run_newsmill("search", "zeppelin", cwd=built)
    assert (none.returncode, none.stdout) == (1, "")
    assert "no record has all of these words: zeppelin" in none.stderr


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param(["viaduct", "-crews"], ["Viaduct toll scrapped"], id="without a word"),
        pytest.param(["viaduct", "-harbourless"], ["Viaduct toll scrapped", "Ferry strike ends"], id="one like -h"),
        pytest.param(["viaduct", "-ferry crews"], ["Viaduct toll scrapped"], id="without a phrase"),
        pytest.param(["ferry crews"], ["Ferry strike ends"], id="one argument is a phrase"),
        pytest.param(["viaduct crews"], [], id="a phrase that no record has"),
        pytest.param(["-C.", "viaduct", "--top", "1"], ["Viaduct toll scrapped"], id="-C stays an option"),
    ],
)
def test_a_word_with_a_minus_is_no_option(built: Path, words: list[str], found: list[str]) -> None:
    done = run_newsmill("search", *words, "--json", cwd=built)
    assert [hit["title"] for hit in json.loads(done.stdout or "[]")] == found, done.stderr
