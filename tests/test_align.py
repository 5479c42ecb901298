"""Two texts side by side: nothing lost, what differs marked, paragraphs paired by what they share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.align import align

TEXT = st.lists(st.text("ab c.é", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6).map("\n\n".join)


def shape(first: str, second: str) -> list[tuple[int | None, int | None]]:
    return [(row.first, row.second) for row in align(first, second)]


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        pytest.param("one two\n\nthree four", "one two\n\nthree four", [(0, 0), (1, 1)], id="the same"),
        pytest.param("a b c\n\nd e f", "d e f", [(0, None), (1, 0)], id="first half cut"),
        pytest.param("a b c", "x y z\n\na b c\n\nq r s", [(None, 0), (0, 1), (None, 2)], id="paragraphs around it"),
        pytest.param("a b c\n\nd e f", "d e f\n\na b c", [(0, 1), (1, 0)], id="another order"),
        pytest.param("a b c", "x y z", [(0, None), (None, 0)], id="nothing shared"),
    ],
)
def test_paragraphs_find_their_counterparts(first: str, second: str, rows: list[tuple[int | None, int | None]]) -> None:
    assert shape(first, second) == rows


def test_the_differing_words_are_marked() -> None:
    (row,) = align("The council met on Monday in Westby.", "The council met on Tuesday in Westby.")
    assert [span.text.strip() for span in row.left if span.side == "first"] == ["Monday"]
    assert [span.text.strip() for span in row.right if span.side == "second"] == ["Tuesday"]


@given(TEXT, TEXT)
def test_every_word_of_both_texts_is_shown_once(first: str, second: str) -> None:
    rows = align(first, second)
    left = {r.first: "".join(s.text for s in r.left) for r in rows if r.first is not None}
    right = {r.second: "".join(s.text for s in r.right) for r in rows if r.second is not None}
    assert [left[n] for n in sorted(left)] == first.split("\n\n")
    assert [right[n] for n in sorted(right)] == second.split("\n\n")
    assert len(rows) == len({(r.first, r.second) for r in rows})
