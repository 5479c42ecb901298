"""Verdicts on articles: what repeats what, whatever the batches they come in."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.config import DedupConfig
from pipeline.dedup import Index
from pipeline.model import Article, Duplicate, Raw

WORDS = [f"{a}{b}" for a in "river bridge council market harbour teacher".split() for b in "ing ed er s ly ful".split()]


def story(seed: int, words: int = 120) -> str:
    """An invented text of so many words, another one for every seed."""
    pick = random.Random(seed)
    return " ".join(f"{pick.choice(WORDS)}{pick.randrange(40)}" for _ in range(words))


def article(name: str, text: str, published_at: str | None = None, title: str | None = None) -> Article:
    return Article(
        id=name,
        url=f"https://news.example/{name}",
        title=title,
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        raw=Raw("raw/one/page.html", None, ""),
        published_at=published_at,
    )


def deduplicate(folder: Path, batches: Sequence[Sequence[Article]], cfg: DedupConfig | None = None) -> list[Duplicate]:
    """All verdicts, batch by batch through the real files."""
    index = Index(folder / "clean" / "index", folder / "clean", cfg or DedupConfig())
    found, earlier = [], []
    for n, batch in enumerate(batches):
        name = f"batch-{n:03}"
        with store.writer(folder / "clean" / name / "articles.jsonl") as write:
            for a in batch:
                write(a)
        verdicts, segment = index.decide(name, batch, earlier)
        index.add(name, segment)
        with store.writer(folder / "clean" / name / "duplicates.jsonl") as write:
            for row in verdicts:
                write(row)
        found += verdicts
        earlier.append(name)
    return found


def words(text: str, start: int, stop: int) -> str:
    return " ".join(text.split()[start:stop])


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        pytest.param(article("a", story(1)), article("a", story(1)), "same", id="id and text again"),
        pytest.param(article("a", story(1)), article("a", story(1) + " more"), "revision", id="id again, text grown"),
        pytest.param(article("a", story(1)), article("a", story(2)), "revision", id="id again, other text"),
        pytest.param(article("a", story(1)), article("b", story(1)), "exact", id="another id, same text"),
        pytest.param(article("a", story(1)), article("b", story(1) + " " + story(2, 20)), "near", id="a line added"),
        pytest.param(article("a", story(1)), article("b", words(story(1), 0, 60)), "part", id="first half"),
        pytest.param(article("a", words(story(1), 0, 60)), article("b", story(1)), "part", id="the half came first"),
        pytest.param(article("a", story(1)), article("b", story(2)), None, id="another story"),
        pytest.param(article("a", ""), article("b", ""), None, id="empty texts"),
        pytest.param(article("a", story(1, 30), title="A"), article("b", story(1, 30), title="B"), None, id="stubs"),
        pytest.param(article("a", story(1, 30)), article("b", story(1, 30)), "exact", id="short, the same"),
        pytest.param(article("a", story(1, 30)), article("b", story(1, 40)), None, id="short, nearly the same"),
        pytest.param(
            article("a", "It rained here again today. " * 40),
            article("b", "It rained here again today. " * 60),
            None,
            id="one sentence repeated",
        ),
        pytest.param(
            article("a", story(1), "2026-01-01"), article("b", story(1), "2026-03-01"), None, id="outside the window"
        ),
    ],
)
def test_relation(tmp_path: Path, first: Article, second: Article, relation: str | None) -> None:
    rows = deduplicate(tmp_path, [[first], [second]])
    assert [row.relation for row in rows] == ([relation] if relation else [])
    if relation:
        assert (rows[0].id, rows[0].matched_id, rows[0].cluster_id) == (second.id, "a", "a")


@st.composite
def streams(draw: st.DrawFn) -> list[Article]:
    """Articles that repeat each other in every way there is."""
    found = []
    for n in range(draw(st.integers(1, 14))):
        text = story(draw(st.integers(1, 3)), 90)
        start = draw(st.sampled_from([0, 0, 0, 40]))
        text = words(text, start, draw(st.sampled_from([90, 90, 70, 45])))
        if draw(st.booleans()):
            text += " " + story(draw(st.integers(4, 6)), 30)
        day = draw(st.sampled_from([None, "2026-01-01", "2026-01-20", "2026-03-01T10:00:00+02:00"]))
        found.append(article(f"id-{draw(st.integers(0, n))}", text, day))
    return found


@settings(max_examples=25, deadline=None)
@given(stream=streams(), data=st.data())
def test_day_by_day_equals_all_at_once(
    tmp_path_factory: pytest.TempPathFactory, stream: list[Article], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream)), max_size=5)) | {0, len(stream)})
    batches = [stream[a:b] for a, b in itertools.pairwise(cuts)]
    once = deduplicate(tmp_path_factory.mktemp("once"), [stream])
    assert deduplicate(tmp_path_factory.mktemp("cut"), batches) == once


def test_the_comparison_of_cuts_can_fail(tmp_path: Path) -> None:
    both = [article("a", story(1)), article("b", story(1))]
    assert deduplicate(tmp_path / "one", [both]) != deduplicate(tmp_path / "two", [both[::-1]])
