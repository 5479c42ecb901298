"""Keys of this run's segments in memory: the same answers as from the disk, whatever was asked before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import DedupConfig
from pipeline.dedup import recent
from pipeline.dedup.candidates import Keys
from pipeline.dedup.index import Segment, Segments

BATCHES = st.lists(st.lists(st.integers(-9, 9), max_size=12), min_size=1, max_size=6)


def segment(keys: list[int]) -> Segment:
    rows = np.arange(len(keys), dtype=np.int32)
    return Segment(Keys(np.array(keys, np.int32), rows, np.ones(len(keys), np.int8)), rows.astype(np.int64), (None,) * len(keys), rows.astype(np.uint64),
                   (False,) * len(keys))  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(BATCHES, st.sets(st.integers(-10, 10), min_size=1), st.integers(0, 6), st.integers(0, 30))
def test_memory_and_disk_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], wanted: set[int], asked: int, limit: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("index")
    names = [f"b{n}" for n in range(len(batches))]
    keys = np.array(sorted(wanted), np.int32)
    one = Segments(folder, DedupConfig())
    before = recent.LIMIT
    recent.LIMIT = limit
    try:
        for n, name in enumerate(names):
            if n == asked:
                one.first_and_latest(names[:n], keys)
            one.write(name, segment(batches[n]))
        got = one.first_and_latest(names, keys)
    finally:
        recent.LIMIT = before
    want = Segments(folder, DedupConfig()).first_and_latest(names, keys)
    assert [a.tolist() for a in got] == [a.tolist() for a in want]


def test_a_batch_that_moved_or_went_is_asked_from_the_disk(tmp_path: Path) -> None:
    one = Segments(tmp_path, DedupConfig())
    for name in ("a", "b", "c"):
        one.write(name, segment([1, 2]))
    keys = np.array([1], np.int32)
    assert one.first_and_latest(["a", "b", "c"], keys)[2].tolist() == [2 << 32]
    one.remove("a")
    assert one.first_and_latest(["b", "c"], keys)[2].tolist() == [1 << 32]
    assert one.first_and_latest(["c", "b"], keys)[2].tolist() == [1 << 32]
