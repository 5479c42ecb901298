"""Filters shared by export, search and report: what a name or a date selects, and what a wrong one says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.export.select import Selection, resolve


def record(**changes: Any) -> dict[str, Any]:
    plain = {
        "source": "The Harbour Courier", "language": "en", "published_at": "2026-11-18T23:30:00-02:00", "fetched_at": None,
        "topics": [{"id": "medtop:11000000", "label": "politics and government"}],
        "places": [{"code": "NO", "name": "Norway"}],
    }  # fmt: skip
    return plain | changes


RECORDS = (
    record(),
    record(source="Courier", topics=[{"id": "medtop:15000000", "label": "sport"}], places=[]),
    record(source=None, language=None, topics=[{"id": "motor", "label": "motor sport"}, {"id": "t", "label": "sport politics"}]),
    record(source="Harbour Times", topics=[{"id": "medtop:20000651", "label": "political process"}]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        pytest.param({}, [0, 1, 2, 3], id="everything"),
        pytest.param({"sources": ("the harbour courier",)}, [0], id="source in small letters"),
        pytest.param({"sources": ("courier",)}, [1], id="a whole name goes before a part of another"),
        pytest.param({"sources": ("the harb",)}, [0], id="beginning of a source"),
        pytest.param({"sources": ("times",)}, [3], id="part of a source"),
        pytest.param({"topics": ("politics",)}, [0], id="beginning of a label goes before a part"),
        pytest.param({"topics": ("GOVERN",)}, [0], id="part of a label"),
        pytest.param({"topics": ("politics  and government",)}, [0], id="white space"),
        pytest.param({"topics": ("medtop:11000000",)}, [0], id="id of a topic"),
        pytest.param({"topics": ("11000000",)}, [0], id="code of a topic"),
        pytest.param({"topics": ("sport",)}, [1], id="a whole label goes before a part of another"),
        pytest.param({"topics": ("sport", "motor sport")}, [1, 2], id="any of two"),
        pytest.param({"topics": ("motor",)}, [2], id="the user's own tag"),
        pytest.param({"languages": ("EN",)}, [0, 1, 3], id="language in capitals"),
        pytest.param({"places": ("no",)}, [0, 2, 3], id="code of a place"),
        pytest.param({"places": ("Norway",), "topics": ("motor",)}, [2], id="two options: both"),
    ],
)
def test_names_select_records(asked: dict[str, Any], taken: list[int]) -> None:
    selection = resolve(Selection(**asked), RECORDS)
    assert [n for n, row in enumerate(RECORDS) if selection.takes(row)] == taken


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        pytest.param({"since": "2026-11-19"}, True, id="since its day in UTC"),
        pytest.param({"since": "2026-11-20"}, False, id="since a later day"),
        pytest.param({"since": "2026-11-19T01:30:00Z"}, True, id="since its moment"),
        pytest.param({"since": "2026-11-19T01:30:01Z"}, False, id="since a later moment"),
        pytest.param({"until": "2026-11-19"}, True, id="until its day"),
        pytest.param({"until": "2026-11-18"}, False, id="until the day before in UTC"),
        pytest.param({"until": "2026-11-18T12:00:00Z"}, False, id="until an earlier moment"),
        pytest.param({"since": "2026-11-19", "until": "2026-11-19"}, True, id="one day"),
    ],
)
def test_dates_select_a_record(asked: dict[str, Any], taken: bool) -> None:
    assert Selection(**asked).takes(record()) is taken


@pytest.mark.parametrize(
    ("published", "taken"),
    [
        pytest.param("2026-11-19", True, id="a bare day may be any of its moments"),
        pytest.param("2026-11-18", False, id="a bare day before"),
        pytest.param(None, False, id="no date"),
        pytest.param("9999-12-31", True, id="the last day of all"),
    ],
)
def test_a_record_with_a_bare_day_or_none(published: str | None, taken: bool) -> None:
    assert Selection(since="2026-11-19T12:00:00Z").takes(record(published_at=published)) is taken


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param({"sources": ("Harbor Courier",)}, "did you mean 'The Harbour Courier'?", id="source"),
        pytest.param({"topics": ("politic and goverment",)}, "did you mean 'politics and government'?", id="topic"),
        pytest.param({"topics": ("goverment",)}, "did you mean 'politics and government'?", id="a word of a label"),
        pytest.param({"topics": ("politi",)}, "several match: 'political process', 'politics and government'", id="ambiguous"),
        pytest.param({"topics": ("",)}, "--topic : no record has it", id="no letters"),
        pytest.param({"languages": ("e",)}, "did you mean 'en'?", id="part of a language"),
        pytest.param({"languages": ("german",)}, "--language german: no record has it; there are: ", id="name of a language"),
        pytest.param({"places": ("Norwegen",)}, "did you mean 'Norway'?", id="place"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_an_error_with_the_nearest(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        resolve(Selection(**asked), RECORDS)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "20.11.2026"])
def test_a_date_that_is_none_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        Selection(since=text)
