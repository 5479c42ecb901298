"""Cues of pages of another kind: the look for words before the patterns loses no match."""

from __future__ import annotations

import re
import sys

import pytest

from pipeline.extract.cues import Cues, _folded, cues, required

KINDS = ("error", "robot", "consent", "paywall", "button")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        pytest.param("lire la suite .{0,20}abonn", ("lire la suite ",), id="the longest run"),
        pytest.param("(?:word|ben je al) abonnee", (" abonnee",), id="what follows alternatives"),
        pytest.param(r"\b(?:read|keep)\b", ("read", "keep"), id="alternatives"),
        pytest.param("x?(?:plus)+", ("plus",), id="repeated"),
        pytest.param("(?:plus)?.*", None, id="nothing is required"),
        pytest.param("a(?:bc|.)d", ("a",), id="an alternative of any letter"),
        pytest.param("DİNİ IŞIK", ("dini işik",), id="Turkish letters"),
    ],
)
def test_required(pattern: str, words: tuple[str, ...] | None) -> None:
    assert required(pattern) == words


def test_letters_that_re_takes_for_each_other_are_folded_alike() -> None:
    lower = {}
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        if letter.lower() != letter or letter.upper() != letter:
            for other in {letter.lower(), letter.upper()}:
                if len(other) == 1 and re.fullmatch(re.escape(letter), other, re.I):
                    lower[letter] = other
    assert len(lower) > 2000
    assert [a for a, b in lower.items() if _folded(a) != _folded(b)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", [str, str.upper, str.title], ids=["as it is", "capitals", "title"])
def test_a_text_with_a_cue_is_found(kind: str, change) -> None:
    found = cues(kind)
    assert found.words
    for word in found.words:
        text = change(f"Ein Satz davor {word} und einer danach")
        assert (
            found.search(text) == found.pattern.search(text) or found.search(text)[0] == found.pattern.search(text)[0]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_every_pattern_of_the_list_requires_some_letters(kind: str) -> None:
    assert min(map(len, cues(kind).words or ("",))) >= 2


def test_a_pattern_that_requires_nothing_is_always_tried() -> None:
    assert Cues(["abc", ".[0-9]"]).search("x7")
