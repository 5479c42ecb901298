"""Flattened pages: what is story, what is furniture, and that no word is lost on the way."""

from __future__ import annotations

import pytest

from pipeline.extract.text import read
from pipeline.extract.text.lines import paragraphs

LEDE = "The harbour council voted on Tuesday to close the old ferry berth, ending a dispute that lasted nine years."
SECOND = "Officials said the berth, built in 1931, would be replaced by a floating pier before the summer season."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n", [], id="only white space"),
        pytest.param("One line only.", ["One line only."], id="no line break"),
        pytest.param(
            "The council said it would \nclose the berth in the spring \nand build a pier. \n It gave no date.",
            ["The council said it would close the berth in the spring and build a pier.", "It gave no date."],
            id="newswire wrap keeps its trailing spaces and indents paragraphs",
        ),
        pytest.param(
            "The council said it would close the old berth and\nopen a new one before the summer season begins in the\n"
            "harbour of the town.\n\nIt gave no date.",
            [
                "The council said it would close the old berth and open a new one before the summer season begins "
                "in the harbour of the town.",
                "It gave no date.",
            ],
            id="blank lines between wrapped paragraphs",
        ),
        pytest.param(
            "Ferry berth closes\nPier opens late\nTown votes on tax",
            ["Ferry berth closes", "Pier opens late", "Town votes on tax"],
            id="headlines are not a wrapped paragraph",
        ),
        pytest.param("a\r\n\r\nb\u2028c", ["a", "b", "c"], id="other line breaks"),
        pytest.param("\ufeffThe soft\u00adware\u200b ran.", ["The software ran."], id="invisible characters"),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert paragraphs(text) == expected


def test_a_story_alone_is_kept_whole() -> None:
    body = read(f"{LEDE}\n\n{SECOND}", title=None)
    assert [line.text for line in body.lines if line.rule is None] == [LEDE, SECOND]


def test_every_line_is_accounted_for() -> None:
    body = read(f"top of page\n{LEDE}\n{SECOND}\nShare this article\nMore from the Herald", title=None)
    assert [line.text for line in body.lines if line.rule is None] == [LEDE, SECOND]
    assert len(body.lines) == len(body.scores) == 5
