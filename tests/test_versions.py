"""A stage that writes other bytes has another version: else an old project would say that there is nothing to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

import pin_outputs


def test_what_stages_write_is_pinned_to_their_versions(tmp_path: Path) -> None:
    pinned = json.loads(pin_outputs.PINNED.read_text())
    now = pin_outputs.pins(tmp_path)
    faults = [fault for name in now if (fault := pin_outputs.fault(name, pinned.get(name), now[name]))]
    assert not faults, "\n".join(faults)


OLD: pin_outputs.Pin = {"version": 5, "read": "a", "written": "b"}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        pytest.param(OLD, None, id="nothing changed"),
        pytest.param({**OLD, "written": "c"}, "raise extract's VERSION", id="other bytes, the old version"),
        pytest.param({**OLD, "written": "c", "version": 6}, "make pins", id="other bytes, a new version"),
        pytest.param({**OLD, "read": "c", "written": "d"}, "make pins", id="other pages"),
        pytest.param({**OLD, "version": 6}, "make pins", id="a version raised for nothing"),
    ],
)
def test_the_check_says_what_to_do(now: pin_outputs.Pin, words: str | None) -> None:
    fault = pin_outputs.fault("extract", OLD, now)
    assert (fault is None) if words is None else (fault and words in fault)


def test_a_stage_without_a_pin_needs_one() -> None:
    assert "make pins" in str(pin_outputs.fault("threads", None, OLD))
