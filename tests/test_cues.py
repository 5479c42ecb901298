"""Cues of pages of another kind: the look for words before the patterns loses no match."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.cues import Cues, cues, folded, required

KINDS = ("error", "robot", "consent", "paywall", "button")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("lire la suite .{0,20}abonn", (("lire la suite ",), ("abonn",)), id="two runs, the longest first"),
        pytest.param("(?:word|ben je al) abonnee", ((" abonnee",), ("word", "ben je al")), id="alternatives and a run"),
        pytest.param(r"\b(?:read|keep)\b", (("read", "keep"),), id="alternatives"),
        pytest.param(
            "(?:a.read|keep|x(?:one|two))ing", (("read", "keep", "one", "two"), ("ing",)), id="the best of each"
        ),
        pytest.param("x?(?:plus)+", (("plus",),), id="repeated"),
        pytest.param("(?:plus)?.*", (), id="nothing is required"),
        pytest.param("a(?:bc|.)d", (("a",), ("d",)), id="an alternative of any letter"),
        pytest.param("DİNİ IŞIK", (("dini işik",),), id="Turkish letters"),
    ],
)
def test_required(pattern: str, words: tuple[tuple[str, ...], ...]) -> None:
    assert required(pattern) == words


def test_letters_that_re_takes_for_each_other_arefolded_alike() -> None:
    lower = {}
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if letter.lower() != letter or letter.upper() != letter:
            for other in {letter.lower(), letter.upper()}:
                if len(other) == 1 and re.fullmatch(re.escape(letter), other, re.I):
                    lower[letter] = other
    assert len(lower) > 2000
    assert [a for a, b in lower.items() if folded(a) != folded(b)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", [str, str.upper, str.title], ids=["as it is", "capitals", "title"])
def test_a_text_with_a_cue_is_found(kind: str, change) -> None:
    some = cues(kind)
    together = re.compile("|".join(f"(?:{pattern})" for pattern in some.patterns), re.I)
    assert some.words
    words = list(some.words)
    for word, other in zip(words, [*words[1:], words[0]], strict=True):
        for text in (
            f"Ein Satz davor {word} und einer danach",
            f"{other} und {word} x {other}",
            word * 3,
            other + word,
        ):
            match, expected = some.search(change(text)), together.search(change(text))
            assert (match and match.span()) == (expected and expected.span()), text


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_a_pattern_matches_is_found(kind: str, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(cues(kind).patterns))
    text = data.draw(st.from_regex(re.compile(pattern, re.I)))
    together = re.compile("|".join(f"(?:{pattern})" for pattern in cues(kind).patterns), re.I)
    match, expected = cues(kind).search(text), together.search(text)
    assert (match and match.span()) == (expected and expected.span())


@pytest.mark.parametrize("kind", KINDS)
def test_every_pattern_of_the_list_requires_some_letters(kind: str) -> None:
    assert min(map(len, cues(kind).words or ("",))) >= 2


def test_a_pattern_that_requires_nothing_is_always_tried() -> None:
    assert Cues(["abc", ".[0-9]"]).search("x7")
