"""What a source repeats: furniture by different stories, never by reprints; the same in every process and order."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import ExtractConfig
from pipeline.extract.boilerplate import SAMPLE, Counter, Repeats, line_hash, line_hashes, needed
from pipeline.extract.finalize import finalize, judged
from pipeline.extract.values import Draft, Meta
from pipeline.model import Article, Line, Raw, Skipped

FOOTER = "The Harbour Herald is printed on Mondays and Thursdays and owned by its readers, who meet once a year."
WORDS = "harbour council ferry berth pier vote budget summer road school bridge mayor fish market storm night".split()


def paragraph(seed: int) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) + str(rng.randint(100, 999)) for _ in range(30)) + "."


def page(name: str, *lines: str, source: str | None = "herald.example") -> Draft:
    kept = tuple(Line(line, None) for line in lines)
    return Draft(
        Raw(f"raw/a/{name}", None, name), "html", kept, Meta(source=source), (), tuple(line_hash(x) for x in lines)
    )


def story(number: int, *more: str) -> Draft:
    return page(f"{number}.html", *(paragraph(number * 10 + k) for k in range(4)), *more)


def furniture(drafts: list[Draft]) -> frozenset[int]:
    counter = Counter()
    for draft in drafts:
        counter.add(draft)
    return counter.finish().furniture("herald.example")


@pytest.mark.parametrize(
    ("drafts", "repeated"),
    [
        pytest.param([story(1, FOOTER)], False, id="one page alone"),
        pytest.param([story(1, FOOTER), story(2, FOOTER)], True, id="two different stories of a small source"),
        pytest.param([story(1, FOOTER), page("again", *(x.text for x in story(1, FOOTER).lines))], False, id="one page twice"),
        pytest.param([story(1, FOOTER), story(1, FOOTER, paragraph(99))], False, id="a story and its update"),
        pytest.param([story(n, FOOTER) for n in range(12)], True, id="a footer on every page"),
        pytest.param([*(story(n) for n in range(10)), story(10, FOOTER), story(11, FOOTER)], False, id="twice among many"),
        pytest.param(
            [*(story(n) for n in range(10)), *(page(f"r{k}", *(x.text for x in story(5, FOOTER).lines)) for k in range(3))],
            False,
            id="a wire story reprinted three times",
        ),
        pytest.param(
            [page(f"b{n}", paragraph(n), FOOTER, FOOTER.replace("printed", "sold"), FOOTER[4:]) for n in range(9)],
            True,
            id="briefs shorter than their footer",
        ),
    ],
)  # fmt: skip
def test_furniture_stands_with_different_stories(drafts: list[Draft], repeated: bool) -> None:
    assert (line_hash(FOOTER) in furniture(drafts)) is repeated


def test_a_story_paragraph_is_never_furniture_of_its_reprints() -> None:
    drafts = [
        *(story(n, FOOTER) for n in range(8)),
        *(page(f"copy{k}", *(x.text for x in story(3).lines)) for k in range(4)),
    ]
    found = furniture(drafts)
    assert line_hash(FOOTER) in found
    assert not found & {line_hash(line.text) for line in story(3).lines}


def test_sources_do_not_share_furniture() -> None:
    counter = Counter()
    counter.add(page("1", paragraph(1), FOOTER, source="one.example"))
    counter.add(page("2", paragraph(2), FOOTER, source="two.example"))
    counter.add(page("3", paragraph(3), FOOTER, source=None))
    repeats = counter.finish()
    assert list(repeats.to_rows()) == []
    assert repeats.furniture(None) == frozenset()


def test_rows_bring_the_same_verdicts_back() -> None:
    counter = Counter()
    for n in range(9):
        counter.add(story(n, FOOTER))
    repeats = counter.finish()
    rows = list(repeats.to_rows())
    assert rows == list(Repeats.from_rows(rows).to_rows())
    assert Repeats.from_rows(rows).furniture("herald.example") == repeats.furniture("herald.example")


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(12)))
def test_order_of_arrival_changes_nothing(order: list[int]) -> None:
    drafts = [story(n, FOOTER) if n % 3 else story(n, FOOTER, paragraph(7)) for n in range(12)]
    assert furniture([drafts[n] for n in order]) == furniture(drafts)


def test_a_large_source_is_judged_by_a_sample_whatever_the_order() -> None:
    drafts = [page(str(n), paragraph(n), FOOTER) for n in range(SAMPLE + 50)]
    assert line_hash(FOOTER) in furniture(drafts)
    assert furniture(drafts[::-1]) == furniture(drafts)


def test_needed_never_falls_with_more_stories() -> None:
    bars = [needed(n) for n in range(2, 500)]
    assert bars == sorted(bars)
    assert bars[0] == 2


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        pytest.param("12 Comments", "7 comments", True, id="a count in a short line"),
        pytest.param("Read more: Ferry", "read more — ferry", True, id="case and punctuation"),
        pytest.param("Ferry berth", "Ferry pier", False, id="other words"),
        pytest.param(
            "The index of the port's shares fell 104.21 points, or 0.8 percent, to 13,221.33 on Monday.",
            "The index of the port's shares fell 88.10 points, or 0.6 percent, to 13,133.23 on Monday.",
            False,
            id="figures tell market reports apart",
        ),
    ],
)
def test_line_hash(a: str, b: str, same: bool) -> None:
    assert (line_hash(a) == line_hash(b)) is same
    assert 0 <= line_hash(a) < 2**63


@pytest.mark.parametrize("hashed", [True, False], ids=["as the worker worked them out", "worked out again"])
def test_hashes_of_lines(hashed: bool) -> None:
    draft = replace(story(1), hashed=hashed)
    assert list(line_hashes(draft)) == [line_hash(line.text) for line in draft.lines]


def test_line_hash_is_the_same_in_another_process() -> None:
    code = f"from pipeline.extract.boilerplate import line_hash; print(line_hash({FOOTER!r}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(out.stdout) == line_hash(FOOTER)


def test_settle_takes_the_repeated_line_off_and_counts_it() -> None:
    counter = Counter()
    for n in range(5):
        counter.add(story(n, FOOTER))
    article = finalize(story(1, FOOTER), counter.finish(), ExtractConfig())
    assert isinstance(article, Article)
    assert FOOTER not in article.text
    assert article.stripped == {"repeated": 1}
    assert [line.text for line in judged(story(1, FOOTER), counter.finish()) if line.rule] == [FOOTER]


@pytest.mark.parametrize(
    ("draft", "cfg", "reason"),
    [
        pytest.param(page("s", "Four words are few."), ExtractConfig(), "too-short", id="too short"),
        pytest.param(page("e"), ExtractConfig(min_words=0), "too-short", id="no line at all, even where any length will do"),
        pytest.param(
            Draft(Raw("r", None, ""), "html", story(1).lines, Meta(language="fr")), ExtractConfig(languages=("en",)),
            "language", id="another language",
        ),
        pytest.param(
            Draft(Raw("r", None, ""), "html", story(1).lines, Meta(genre="live")), ExtractConfig(live_blogs=False),
            "live-blog", id="live blog",
        ),
    ],
)  # fmt: skip
def test_settle_says_why_there_is_no_article(draft: Draft, cfg: ExtractConfig, reason: str) -> None:
    skipped = finalize(draft, Repeats(), cfg)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == reason


def test_a_language_nobody_knows_is_kept() -> None:
    assert isinstance(finalize(story(1), Repeats(), ExtractConfig(languages=("en",))), Article)


def test_short_text_without_spaces_is_long_enough() -> None:
    line = Line(
        "港口委员会周二投票决定关闭旧渡轮码头，结束了持续九年的争议，新的浮动码头将在夏季之前建成并投入使用，市长表示欢迎。",
        None,
    )
    draft = Draft(Raw("r", None, ""), "text", (line,), Meta())
    assert isinstance(finalize(draft, Repeats(), ExtractConfig()), Article)


def test_a_line_the_users_own_rule_took_off_stays_off_when_a_text_page_is_judged_again() -> None:
    from dataclasses import replace

    drafts = []
    for n in range(3):
        lines = [Line(paragraph(n * 10 + k), "site" if k == 1 else None) for k in range(4)] + [Line(FOOTER, None)]
        draft = page(f"{n}.txt", *(line.text for line in lines))
        drafts.append(replace(draft, kind="text", lines=tuple(lines), scores=(1.0,) * 5))
    counter = Counter()
    for draft in drafts:
        counter.add(draft)
    rules = [line.rule for line in judged(drafts[0], counter.finish())]
    assert rules[1] == "site" and rules[4] == "repeated"


@pytest.mark.parametrize(
    ("sizes", "limit", "kept", "flags"),
    [
        pytest.param((600, 600), 2000, (600, 600), (), id="below the cap"),
        pytest.param((600, 600, 600), 1000, (600, 400), ("cut:text, 1800 characters",), id="cut within a paragraph"),
        pytest.param((1000, 600), 1000, (1000,), ("cut:text, 1600 characters",), id="cut between two"),
    ],
)
def test_a_text_is_cut_at_its_cap_and_says_so(
    sizes: tuple[int, ...], limit: int, kept: tuple[int, ...], flags: tuple[str, ...]
) -> None:
    lines = tuple(Line(("ferry " * 400)[:size].strip().ljust(size, "x"), None) for size in sizes)
    made = finalize(
        Draft(Raw("r", None, ""), "html", lines, Meta(), flags=("a",)), Repeats(), ExtractConfig(max_text_chars=limit)
    )
    assert isinstance(made, Article)
    assert made.flags == ("a", *flags)
    assert [abs(len(p) - size) < 10 for p, size in zip(made.text.split("\n\n"), kept, strict=True)] == [True] * len(
        kept
    )


def _pages(source: str) -> st.SearchStrategy[Draft]:
    """Pages of few names and lines, so that some are read twice, alike or not."""
    lines = st.lists(st.sampled_from([paragraph(n) for n in range(6)] + [FOOTER]), min_size=1, max_size=4)
    return st.builds(lambda name, found: page(f"{name}.html", *found, source=source), st.integers(0, 8), lines)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(_pages("herald.example"), _pages("post.example")), max_size=24),
    st.lists(st.integers(0, 3), min_size=24, max_size=24),
    st.permutations(range(4)),
    st.integers(2, 6),
)
def test_counters_of_parts_merge_to_that_of_the_whole(
    drafts: list[Draft], parts: list[int], order: list[int], sample: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.extract.boilerplate.SAMPLE", sample)
        counters = [Counter() for _ in range(4)]
        for draft, part in zip(drafts, parts, strict=False):
            counters[part].add(draft)
        a, b, c, d = (counters[n] for n in order)
        right, left, whole = Counter(), Counter(), Counter()
        for counter in (c, d):
            right.merge(counter)
        for counter in (a, b, right):  # a + (b + (c + d)), one way to put brackets
            left.merge(counter)
        for draft in drafts:
            whole.add(draft)
        assert list(left.finish().to_rows()) == list(whole.finish().to_rows())
        assert sorted(map(repr, left.samples())) == sorted(map(repr, whole.samples()))


def test_furniture_alone_is_enough_to_finalize() -> None:
    counter = Counter()
    for draft in [story(n, FOOTER, paragraph(900 + n % 2)) for n in range(12)]:
        counter.add(draft)
    repeats = counter.finish()
    small = repeats.only_furniture()
    assert small.furniture("herald.example") == repeats.furniture("herald.example") != frozenset()
