"""Verdicts on articles: what repeats what, whatever the batches they come in."""

from __future__ import annotations

import hashlib
import itertools
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.config import DedupConfig
from pipeline.dedup import Index, candidates, groups, spill
from pipeline.dedup.judge import is_from
from pipeline.model import Article, Duplicate, Raw, Wire

WORDS = [f"{a}{b}" for a in "river bridge council market harbour teacher".split() for b in "ing ed er s ly ful".split()]


def story(seed: int, words: int = 120) -> str:
    """An invented text of so many words, another one for every seed."""
    pick = random.Random(seed)
    return " ".join(f"{pick.choice(WORDS)}{pick.randrange(40)}" for _ in range(words))


def article(
    name: str,
    text: str,
    published_at: str | None = None,
    title: str | None = None,
    source: str | None = None,
    wire: Wire | None = None,
    page: str = "",
) -> Article:
    return Article(
        id=name,
        url=f"https://news.example/{name}",
        title=title,
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        raw=Raw("raw/one/page.html", None, page),
        published_at=published_at,
        source=source,
        wire=wire,
    )


def deduplicate(
    folder: Path, batches: Sequence[Sequence[Article]], cfg: DedupConfig | None = None, *, fresh: bool = False
) -> list[Duplicate]:
    """All verdicts, batch by batch through the real files; `fresh`: as if each batch came in a run of its own."""
    index = Index(folder / "clean" / "index", folder / "clean", cfg or DedupConfig())
    found, earlier = [], []
    for n, batch in enumerate(batches):
        if fresh:
            index = Index(folder / "clean" / "index", folder / "clean", cfg or DedupConfig(), folder / "groups")
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
        pytest.param(
            article("a", story(1), page="f0"),
            article("a", words(story(1), 0, 110), page="f0"),
            "same",
            id="the same page",
        ),
        pytest.param(
            article("a", story(1), page="f0"), article("a", story(1) + " x", page="f1"), "revision", id="a new one"
        ),
        pytest.param(
            article("a", story(1), page="f0"), article("b", story(2), page="f0"), None, id="one page, two ids"
        ),
        pytest.param(article("a", story(1)), article("b", story(1)), "exact", id="another id, same text"),
        pytest.param(article("a", story(1)), article("b", story(1) + " " + story(2, 20)), "near", id="a line added"),
        pytest.param(article("a", story(1)), article("b", words(story(1), 0, 60)), "part", id="first half"),
        pytest.param(article("a", words(story(1), 0, 60)), article("b", story(1)), "part", id="the half came first"),
        pytest.param(article("a", story(1)), article("b", story(2)), None, id="another story"),
        pytest.param(article("a", ""), article("b", ""), None, id="empty texts"),
        pytest.param(article("a", story(1, 15), title="A"), article("b", story(1, 15), title="B"), None, id="stubs"),
        pytest.param(
            article("a", story(1, 15), title="A"),
            article("b", story(1, 15), title="A"),
            "exact",
            id="stubs of one title",
        ),
        pytest.param(
            article("a", story(1, 29), title="A"), article("b", story(1, 29), title="B"), "exact", id="short, retitled"
        ),
        pytest.param(article("a", story(1, 45)), article("b", story(1, 45).upper()), "near", id="short, in capitals"),
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


FOOTER = " ".join(f"{story(n, 12)}." for n in range(900, 912))
QUOTES = "gold silver copper zinc nickel tin lead iron".split()


def notice(seed: int) -> str:
    """A market notice: the words are always the same, the numbers are not."""
    pick = random.Random(seed)
    return " ".join(
        f"The price of {metal} on the exchange in the old harbour closed at {pick.randrange(1000, 9999)} crowns a tonne, "
        f"a change of {pick.randrange(1, 99)}.{pick.randrange(1, 9)} per cent on the day before."
        for metal in QUOTES
    )


def misread(text: str, share: float, seed: int = 1) -> str:
    """A text as a scanner reads it: so many letters are wrong or gone."""
    pick = random.Random(seed)
    wrong = {"e": "c", "l": "1", "o": "0", "i": "l", "n": "u", "t": "f", "s": "5", "r": ""}
    return "".join(wrong.get(c, "") if pick.random() < share and c != " " else c for c in text)


def changed(text: str, every: int) -> str:
    """Another spelling of every n-th word."""
    return " ".join(w[:-1] + "ze" if n % every == 0 else w for n, w in enumerate(text.split()))


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        pytest.param(story(1, 300), "By our own staff writer " + story(1, 300), "near", id="by-lined"),
        pytest.param(story(1, 300), changed(story(1, 300), 15), "near", id="another spelling"),
        pytest.param(story(1, 300), words(story(1, 300), 0, 120), "part", id="cut to two fifths"),
        pytest.param(story(1, 700), words(story(1, 700), 0, 70), "part", id="two paragraphs of a long story"),
        pytest.param(story(1, 300), misread(story(1, 300), 0.02, 2), "near", id="2% of the letters misread"),
        pytest.param(
            story(1, 300), misread(story(1, 300), 0.03, 2), "near", id="3% of the letters of long words misread"
        ),
        pytest.param(story(1, 90) + FOOTER, story(2, 90) + FOOTER, None, id="two stories over one long footer"),
        pytest.param(story(1, 90) + FOOTER, words(story(1, 90), 0, 60) + FOOTER, "near", id="a copy over it"),
        pytest.param(notice(1), notice(2), None, id="a template filled again"),
        pytest.param(notice(1), notice(1) + " Editing by the evening desk", "near", id="the notice reprinted"),
        pytest.param(story(1, 200), story(1, 60) + story(2, 140), None, id="a third of another story"),
        pytest.param(
            "東京都で大きな会議が開かれた。" * 2 + "首相は経済について話した。" * 3,
            "大阪" * 60,
            None,
            id="Chinese characters",
        ),
    ],
)
def test_what_counts_as_a_copy(tmp_path: Path, first: str, second: str, relation: str | None) -> None:
    rows = deduplicate(tmp_path, [[article("a", first)], [article("b", second)]])
    assert [row.relation for row in rows] == ([relation] if relation else [])


def test_japanese_is_compared_by_characters(tmp_path: Path) -> None:
    pick = random.Random(3)
    signs = [chr(n) for n in range(0x4E00, 0x4E00 + 900)]
    text = "".join(pick.choice(signs) for _ in range(300))
    rows = deduplicate(tmp_path, [[article("a", text), article("b", text[:130])]])
    assert [(row.relation, row.matched_id) for row in rows] == [("part", "a")]


def test_a_late_copy_has_to_hold_nearly_all_of_the_text(tmp_path: Path) -> None:
    first = article("a", story(1, 300), "2026-01-01T08:00:00Z")
    half = words(story(1, 300), 0, 200) + " " + story(2, 100)
    soon, late = article("b", half, "2026-01-02"), article("c", half + " end", "2026-01-12")
    assert [r.id for r in deduplicate(tmp_path / "soon", [[first], [soon]])] == ["b"]
    assert deduplicate(tmp_path / "late", [[first], [late]]) == []


def test_a_wire_copy_names_the_agencys_version(tmp_path: Path) -> None:
    text, wire = story(1, 200), Wire("Corvant", "(Corvant) -")
    stream = [
        article("paper", text + " " + story(2, 20), source="maple.example", wire=wire),
        article("agency", text, source="corvant.example"),
        article("other", text + " " + story(2, 20) + " end", source="oak.example", wire=wire),
    ]
    rows = deduplicate(tmp_path, [stream])
    assert [(r.id, r.cluster_id, r.matched_id) for r in rows] == [
        ("agency", "paper", "paper"),  # the copy came first, and a cluster's id never changes
        ("other", "paper", "agency"),
    ]


@pytest.mark.parametrize(
    ("source", "agency", "expected"),
    [
        pytest.param("www.corvant.example", "Corvant", True, id="its own site"),
        pytest.param("apnews.example", "AP", True, id="initials and news"),
        pytest.param("apple.example", "AP", False, id="initials begin another word"),
        pytest.param("maple.example", "Corvant", False, id="an outlet"),
        pytest.param("", "Corvant", False, id="no source"),
        pytest.param("corvant.example", "", False, id="no agency"),
    ],
)
def test_is_from(source: str, agency: str, expected: bool) -> None:
    assert is_from(source, agency) is expected


def test_an_article_between_two_clusters_joins_the_better_one(tmp_path: Path) -> None:
    both = story(1, 100) + " " + story(2, 60)
    rows = deduplicate(tmp_path, [[article("a", story(1, 100)), article("b", story(2, 70)), article("c", both)]])
    assert [(r.id, r.cluster_id, r.also) for r in rows] == [("c", "a", ("b",))]


def test_copies_of_a_story_that_came_in_as_two_halves_stay_together(tmp_path: Path) -> None:
    text = story(1, 300)
    other = changed(text, 12)
    beginning, end = words(text, 0, 120), words(other, 140, 260)
    rows = deduplicate(tmp_path, [[article(name, text) for name, text in
                                   (("a", beginning), ("b", end), ("c", text), ("d", other))]])  # fmt: skip
    # Of the last one the end is all there, word for word, and of the others three quarters.
    assert [(r.id, r.cluster_id, r.also) for r in rows] == [("c", "a", ("b",)), ("d", "a", ("b",))]


def test_a_thousand_copies_cost_no_million_pairs(tmp_path: Path) -> None:
    def seconds(copies: int) -> float:
        stream = [article(f"id-{n}", story(1, 150) + f" {n}") for n in range(copies)]
        before = time.process_time()
        rows = deduplicate(tmp_path / str(copies), [stream])
        assert len(rows) == copies - 1
        assert {row.cluster_id for row in rows} == {"id-0"}
        return time.process_time() - before

    seconds(50)  # imports
    assert seconds(1000) < 12 * seconds(250)


@pytest.mark.parametrize("name", ["keys.bin", "rows.bin", "segment.json"])
def test_a_damaged_segment_is_found_and_built_again_byte_for_byte(tmp_path: Path, name: str) -> None:
    stream = [article("a", story(1)), article("a", story(1) + " more"), article("b", story(1)), article("c", story(2))]
    deduplicate(tmp_path, [stream[:2], stream[2:]])
    clean = tmp_path / "clean"
    index = Index(clean / "index", clean, DedupConfig())
    assert index.check(["batch-000", "batch-001"]) == []
    path = clean / "index" / "batch-001" / name
    before = path.read_bytes()
    path.write_bytes(before[: len(before) // 2] + b"scribble")
    assert [fault.batch for fault in index.check(["batch-000", "batch-001"])] == ["batch-001"]
    index.rebuild("batch-001")
    assert path.read_bytes() == before
    assert index.check(["batch-000", "batch-001"]) == []


def test_a_segment_made_with_other_settings_is_not_used(tmp_path: Path) -> None:
    deduplicate(tmp_path, [[article("a", story(1))]])
    clean = tmp_path / "clean"
    assert Index(clean / "index", clean, DedupConfig(bands=32)).check(["batch-000"]) != []
    Index(clean / "index", clean, DedupConfig()).remove("batch-000")
    assert [f.detail for f in Index(clean / "index", clean, DedupConfig()).check(["batch-000"])] == ["missing"]


def test_keys_sorted_in_parts_give_the_same_candidates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = [article(f"id-{n}", story(n % 7, 90) + f" {n}") for n in range(60)]
    whole = deduplicate(tmp_path / "whole", [stream[:20], stream[20:]])
    monkeypatch.setattr(spill, "HELD", 300)
    monkeypatch.setattr(candidates, "SUMMED", 10)
    assert deduplicate(tmp_path / "parts", [stream[:20], stream[20:]]) == whole
    assert len(whole) > 40
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("size", [pytest.param(1, id="one article a batch"), pytest.param(3, id="three")])
def test_batches_in_runs_of_their_own_and_groups_of_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    stream = [article(f"id-{n % 50}", story(n % 11, 90) + f" {n % 17}") for n in range(60)]
    once = deduplicate(tmp_path / "once", [stream])
    monkeypatch.setattr(groups, "FAN", 3)
    batches = [stream[n : n + size] for n in range(0, len(stream), size)]
    assert deduplicate(tmp_path / "cut", batches, fresh=True) == once
    assert any("keys-2" in path.name or "keys-3" in path.name for path in (tmp_path / "cut/groups").iterdir())


def test_segments_of_batches_that_are_gone_are_swept(tmp_path: Path) -> None:
    deduplicate(tmp_path, [[article("a", story(1))], [article("b", story(2))]])
    clean = tmp_path / "clean"
    index = Index(clean / "index", clean, DedupConfig())
    assert index.sweep(["batch-001"]) == ["batch-000"]
    assert [path.name for path in (clean / "index").iterdir()] == ["batch-001"]
    assert index.sweep(["batch-001"]) == []
    assert Index(tmp_path / "none", clean, DedupConfig()).sweep(["x"]) == []


def test_datasketch_is_imported_where_there_is_a_text_to_sign() -> None:
    code = (
        "import sys; from pipeline.dedup import Index; from pipeline.dedup import minhash\n"
        "assert not {'datasketch', 'scipy'} & sys.modules.keys()\n"
        "minhash.permutations(16); assert 'datasketch' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "name",
    ["it's [one] *?", "a b", "-x", "ünï", "100%", "新" * 80],
    ids=["quote and glob", "space", "dash", "umlauts", "per cent", "80 ideographs"],
)
def test_any_batch_name_will_do(tmp_path: Path, name: str) -> None:
    clean = tmp_path / "cl[ea]n's"
    index = Index(clean / "index", clean, DedupConfig())
    for batch, one in ((name, article("a", story(1))), ("z", article("b", story(1)))):
        with store.writer(clean / batch / "articles.jsonl") as write:
            write(one)
    index.add(name, index.decide(name, [article("a", story(1))], [])[1])
    again = Index(clean / "index", clean, DedupConfig())
    rows, _ = again.decide("z", [article("b", story(1))], [name])
    assert [(r.id, r.matched_id, r.relation) for r in rows] == [("b", "a", "exact")]
