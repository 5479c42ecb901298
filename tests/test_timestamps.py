"""pipeline/timestamps.py: stored timestamps to moments, days and seconds, and back."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.timestamps import day_and_minute, has_offset, instant, seconds, utc


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-11-22", "2026-11-22T00:00:00+00:00", id="bare date"),
        pytest.param("2026-11-22T06:05:00", "2026-11-22T06:05:00+00:00", id="no offset"),
        pytest.param("2026-11-22T06:05:00+01:00", "2026-11-22T05:05:00+00:00", id="offset"),
        pytest.param("2026-11-22T06:05:00Z", "2026-11-22T06:05:00+00:00", id="UTC"),
        pytest.param("0001-01-01T00:00:00+14:00", None, id="before the first moment"),
        pytest.param("yesterday", None, id="word"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="nothing"),
        pytest.param(1795327507, None, id="number"),
    ],
)
def test_a_stored_timestamp_is_a_moment(text, moment):
    found = instant(text)
    assert (found and found.isoformat()) == moment
    assert (seconds(text) is None) == (moment is None)


@pytest.mark.parametrize(
    ("text", "day", "minute"),
    [
        pytest.param("2026-11-20", "2026-11-20", -1, id="bare date"),
        pytest.param("2026-11-20T01:30:00+02:00", "2026-11-19", 23 * 60 + 30, id="offset into the day before"),
        pytest.param("2026-11-20T01:30:00Z", "2026-11-20", 90, id="UTC"),
        pytest.param("2026-11-20T01:30:00", "2026-11-20", 90, id="no offset"),
        pytest.param("soon", None, -1, id="no date"),
        pytest.param(None, None, -1, id="nothing"),
    ],
)
def test_a_moment_is_a_day_and_a_minute_in_utc(text, day, minute):
    found, minutes = day_and_minute(text)
    assert (None if found is None else date.fromordinal(found).isoformat(), minutes) == (day, minute)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        pytest.param("2026-11-22T06:05:00+01:00", True, id="offset"),
        pytest.param("2026-11-22T06:05:00Z", True, id="UTC"),
        pytest.param("2026-11-22T06:05:00", False, id="time alone"),
        pytest.param("2026-11-22", False, id="bare date"),
        pytest.param("soon", False, id="no date"),
    ],
)
def test_whether_an_offset_is_stated(text, stated):
    assert has_offset(text) == stated


def test_seconds_and_their_text_are_inverse():
    assert utc(seconds("2026-11-22T06:05:00+01:00")) == "2026-11-22T05:05:00Z"
