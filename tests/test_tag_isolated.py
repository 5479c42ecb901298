"""Tagging in worker processes: the same rows as in the parent, whatever happens to the workers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import store
from pipeline.config import Config
from pipeline.errors import NewsmillError
from pipeline.model import Article
from pipeline.tag import isolated
from pipeline.tag.tagger import Tagger
from tests.test_dedup import article

CFG = Config()
TEXTS = ("The central bank raised interest rates.", "The striker scored twice in the cup final.", "Rain and wind.", "")


def many(folder: Path, count: int) -> tuple[Path, list[Article]]:
    rows = [replace(article(f"{n}", TEXTS[n % len(TEXTS)] * 9), language="en") for n in range(count)]
    path = folder / "articles.jsonl"
    with store.writer(path) as keep:
        for row in rows:
            keep(row)
    return path, rows


@pytest.mark.parametrize(
    ("count", "seconds"),
    [
        pytest.param(isolated.FEW - 1, 600.0, id="few: in the parent"),
        pytest.param(isolated.FEW, 600.0, id="just enough for workers"),
        pytest.param(isolated.FEW + 3 * isolated.TOGETHER + 1, 600.0, id="the last task is a small one"),
        pytest.param(isolated.FEW, 1e-6, id="every worker dies of its limit"),
    ],
)
def test_workers_give_the_rows_of_the_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, seconds: float
) -> None:
    monkeypatch.setattr(isolated, "SECONDS", seconds)
    path, rows = many(tmp_path, count)
    tagger = Tagger(CFG.topics, CFG.watch)
    want = [tagger.tag(row) for row in rows]
    got = list(isolated.tagged(path, CFG))
    assert [row.line for row in got] == [store.to_json(tags) for tags in want]
    assert [row.topics for row in got] == [tuple(topic.id for topic in tags.topics) for tags in want]
    assert any(row.first for row in got)


@pytest.mark.parametrize("count", [isolated.FEW - 1, isolated.FEW + 20], ids=["in the parent", "in a worker"])
def test_a_damaged_line_is_named(tmp_path: Path, count: int) -> None:
    path, _ = many(tmp_path, count)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:49], lines[49][:40] + b"\n", *lines[50:]]))
    with pytest.raises(NewsmillError, match=re.escape(f"{path}: line 50 is damaged")):
        list(isolated.tagged(path, CFG))


def test_an_empty_batch_has_no_rows(tmp_path: Path) -> None:
    assert not list(isolated.tagged(tmp_path / "articles.jsonl", CFG))
