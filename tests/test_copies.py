"""Pairs of texts that are copies and pairs that only look alike: templates, updates, ledes, quotations, letters.

The pairs stand in copies.jsonl: `first` and `second` with their titles, and whether the second repeats the first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .test_dedup import article, deduplicate

PAIRS = [json.loads(line) for line in Path(__file__).with_name("copies.jsonl").open(encoding="utf-8")]


@pytest.mark.parametrize("pair", [pytest.param(pair, id=pair["name"]) for pair in PAIRS])
@pytest.mark.parametrize("backwards", [False, True], ids=["as given", "the other first"])
def test_is_a_copy(tmp_path: Path, pair: dict[str, Any], backwards: bool) -> None:
    both = [
        article(name, text, "2026-11-29T08:00:00Z", title)
        for name, text, title in zip("ab", (pair["first"], pair["second"]), pair["titles"], strict=True)
    ]
    rows = deduplicate(tmp_path, [[one] for one in (both[::-1] if backwards else both)])
    assert bool(rows) is pair["copy"], rows


def test_one_address_in_two_scripts_is_a_revision_that_shares_all(tmp_path: Path) -> None:
    pair = next(pair for pair in PAIRS if pair["name"] == "letters: sr scripts")
    first = article("a", pair["first"])
    [row] = deduplicate(tmp_path, [[first], [article("a", pair["second"])]])
    assert (row.relation, row.containment) == ("revision", 1.0)


def test_there_are_copies_and_others_of_each_kind() -> None:
    kinds = {(pair["name"].split(":")[0], pair["copy"]) for pair in PAIRS}
    assert {("template", True), ("template", False), ("update", True), ("short", True), ("short", False)} <= kinds
