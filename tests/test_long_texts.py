"""Patterns over untrusted text take time in proportion to it, and what replaced slow ones finds the same."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup.passages import quotes
from pipeline.extract import cues, htmldoc
from pipeline.extract.html import scripts, story
from pipeline.extract.metadata import agencies
from pipeline.formats import charset_guess

OLD_LITERAL = re.compile(r"""(?:\b(\w{1,40})["']?\s{0,9}:\s{0,9})?("(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')""")
OLD_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)
OLD_SEPARATOR = re.compile(r"\s+[|\-–—•·:»]\s+")
OLD_WRAPPER = re.compile(
    r"^\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?:(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?|;)\s*$"
)


@settings(max_examples=400, deadline=None)
@given(st.text("""ab"'\\:\n """, max_size=40))
def test_literals_of_a_script(text: str) -> None:
    assert list(scripts.literals(text)) == OLD_LITERAL.findall(text)


OLD_QUOTED = re.compile(r'"[^"\n]{20,}"|[“„][^”“\n]{20,}[”“]|[«»][^«»\n]{20,}[»«]|[「『][^」』\n]{8,}[」』]')


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from([*'"“„”«»「」『』\n', "word " * 4, "words " * 2, "語" * 8]), max_size=12).map("".join))
def test_quotes(text: str) -> None:
    assert quotes(text) is bool(OLD_QUOTED.search(text))


@pytest.mark.parametrize("unit", ["„", "“", "「", "『a", "„word ", '"', "«"])
def test_quotes_that_never_close(unit: str) -> None:
    before = time.process_time()
    quotes(unit * 300_000)
    assert time.process_time() - before < 2


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(["<", ">", "<script", "</Script", "<STYLE", "</style", "<!--", "-->", "-", " ", "a"])))
def test_markup_of_a_page_whose_charset_is_guessed(pieces: list[str]) -> None:
    body = "".join(pieces).encode()
    assert charset_guess._text(body) == OLD_MARKUP.sub(b" ", body)


@settings(max_examples=200, deadline=None)
@given(st.text("a |-\n", max_size=30))
def test_separators_of_a_title(text: str) -> None:
    assert story._SEPARATOR.split(text) == OLD_SEPARATOR.split(text)


@pytest.mark.parametrize("head", ["", "<!--", "//<![CDATA[\n", " /* <![CDATA[ */ "])
@pytest.mark.parametrize("tail", ["", "-->", "\n//]]>\n", " /* ]]> */", ";", "};\n"])
def test_wrappers_of_json(head: str, tail: str) -> None:
    text = f'{head}{{"a": 1}}{tail}'
    assert htmldoc._unwrapped(text).strip() == OLD_WRAPPER.sub("", text).strip()


SIZE = 20_000


@pytest.mark.parametrize(
    ("work", "piece"),
    [
        pytest.param(lambda text: list(scripts.literals(text)), "\\'", id="escaped quotes"),
        pytest.param(lambda text: list(scripts.literals(text)), "a: \"b ' ", id="quotes of both kinds"),
        pytest.param(lambda text: list(scripts.literals(text)), "'\\", id="quotes and backslashes"),
        pytest.param(htmldoc._unwrapped, " ", id="spaces in JSON"),
        pytest.param(htmldoc._unwrapped, "-->", id="ends of comments in JSON"),
        pytest.param(story._SEPARATOR.split, " ", id="spaces in a title"),
        pytest.param(story._SEPARATOR.split, " |", id="separators in a title"),
        *(
            pytest.param(lambda text: charset_guess._text(text.encode()), piece, id=f"many {piece}")
            for piece in ("<", "<script>", "<!--", "<style ")
        ),
        pytest.param(cues.cues("paywall").search, "subscribe ", id="cues"),
        pytest.param(cues.cues("consent").search, "alle ", id="consent cues"),
        pytest.param(lambda text: agencies.wire((), [text[:90]] * 4), "-", id="dashes where an agency may be named"),
        pytest.param(lambda text: agencies.wire((), [text]), "(AP", id="brackets where an agency may be named"),
    ],
)
def test_twice_the_text_takes_about_twice_the_time(work: Callable[[str], object], piece: str) -> None:
    def spent(size: int) -> float:
        text = f"x{piece * (size // len(piece))}x"
        best = 9.0
        for _ in range(3):
            before = time.process_time()
            work(text)
            best = min(best, time.process_time() - before)
        return best

    assert spent(8 * SIZE) < 24 * spent(SIZE) + 0.02  # 64 times where it is quadratic
