"""Segments merged into groups answer as the segments do, also where a segment changed, moved or went."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import DedupConfig
from pipeline.dedup import groups
from pipeline.dedup.candidates import Keys
from pipeline.dedup.index import Segment, Segments
from pipeline.dedup.spill import SpilledKeys

KEYS = st.lists(st.integers(-9, 9), max_size=9)


def segment(keys: list[int]) -> Segment:
    rows = np.arange(len(keys), dtype=np.int32)
    names = (np.array(keys, np.int64) + 10).astype(np.uint64)
    cut = Keys(np.array(keys, np.int32), rows, np.ones(len(keys), np.int8))
    copies = tuple("a" if key % 3 == 0 else None for key in keys)
    return Segment(cut, rows.astype(np.int64), copies, names, tuple(key % 2 == 0 for key in keys))


def answers(index: Segments, batches: list[str], wanted: list[int]) -> object:
    names = np.array([key + 10 for key in wanted], np.uint64)
    found = index.first_and_latest(batches, np.array(wanted, np.int32))
    return [column.tolist() for column in found], index.named(batches, names)


@settings(max_examples=40, deadline=None)
@given(st.lists(KEYS, min_size=1, max_size=14), st.sets(st.integers(-10, 10), min_size=1), st.data())
def test_groups_answer_as_segments_do(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], wanted: set[int], data: st.DataObject
) -> None:
    folder: Path = tmp_path_factory.mktemp("index")
    names = [f"b{n}" for n in range(len(batches))]
    for name, keys in zip(names, batches, strict=True):
        Segments(folder, DedupConfig()).write(name, segment(keys))
    before = groups.FAN, groups.TOGETHER
    groups.FAN, groups.TOGETHER = 2, 5
    try:
        for _ in range(3):
            part = names[: data.draw(st.integers(0, len(names)))]
            merged = Segments(folder, DedupConfig(), folder / "merged")
            assert answers(merged, part, sorted(wanted)) == answers(
                Segments(folder, DedupConfig()), part, sorted(wanted)
            )
            match data.draw(st.sampled_from(["change", "remove", "move", "damage", "nothing"])):
                case "change":
                    Segments(folder, DedupConfig()).write(data.draw(st.sampled_from(names)), segment(data.draw(KEYS)))
                case "remove" if len(names) > 1:
                    names.remove(data.draw(st.sampled_from(names)))
                case "move":
                    names.append(names.pop(data.draw(st.integers(0, len(names) - 1))))
                case "damage":
                    for path in sorted((folder / "merged").glob("*"))[:1]:
                        path.write_bytes(path.read_bytes()[:-3])
                case _:
                    shutil.rmtree(folder / "merged", ignore_errors=True)
    finally:
        groups.FAN, groups.TOGETHER = before


@pytest.mark.parametrize(
    ("count", "levels"),
    [
        pytest.param(0, [], id="no batch"),
        pytest.param(5, [0, 0, 0, 0, 0], id="few"),
        pytest.param(32, [1], id="one group"),
        pytest.param(1024 + 64 + 2, [2, 1, 1, 0, 0], id="a year of hours, begun"),
    ],
)
def test_spans(count: int, levels: list[int]) -> None:
    found = groups.spans(count)
    assert [span.level for span in found] == levels
    assert [span.low for span in found[1:]] == [span.high for span in found[:-1]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=9), max_size=9), st.integers(1, 20))
def test_spilled_keys_are_those_that_were_added(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[list[int]], held: int
) -> None:
    from pipeline.dedup import spill

    folder, before = tmp_path_factory.mktemp("keys"), spill.HELD
    spill.HELD = held
    try:
        spilled, row = SpilledKeys(folder), 0
        for chunk in chunks:
            rows = np.arange(row, row + len(chunk), dtype=np.int32)
            spilled.add(np.array(chunk, np.int32), rows, (rows % 3).astype(np.int8))
            row += len(chunk)
        for _ in range(2):  # they are read twice
            parts = list(spilled.parts())
            edges = [int(edge) for part in parts if part.count for edge in (part.key.min(), part.key.max())]
            assert edges == sorted(edges)
            whole = Keys.joined([(part.key, part.row, part.weight) for part in parts])
            given_keys = [key for chunk in chunks for key in chunk]
            order = np.argsort(whole.key, kind="stable")
            mine = np.argsort(np.array(given_keys, np.int32), kind="stable")
            assert whole.key[order].tolist() == sorted(given_keys)
            assert whole.row[order].tolist() == mine.tolist()
            assert whole.weight[order].tolist() == (mine % 3).tolist()
            assert spilled.count == len(given_keys)
        assert list(folder.iterdir()) == []
    finally:
        spill.HELD = before
