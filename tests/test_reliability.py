"""docs/reliability.md: its table and the list of tools/reliability.py name the same checks, and each names tests that exist."""

from __future__ import annotations

import re

import pytest

from tools import reliability

from .conftest import ROOT

TEXT = reliability.PAGE.read_text(encoding="utf-8")


def test_the_table_holds_the_checks_of_the_script_in_their_order() -> None:
    """After a change of the list: python tools/reliability.py --write WORDS-OF-THE-CLAIM."""
    assert list(reliability.rows(TEXT)) == [check.claim for check in reliability.CHECKS]


@pytest.mark.parametrize("check", reliability.CHECKS, ids=lambda check: check.claim[:40])
def test_a_row_names_tests_that_exist_what_came_out_and_when(check: reliability.Check) -> None:
    names = [name for path in check.tests for name in re.findall(r"^def (test_\w+)", (ROOT / path).read_text(), re.M)]
    for word in re.findall(r"\w+", check.word):
        assert word in ("or", "and", "kill", "power") or any(word in name for name in names), word
    _, _, tests, result, _, day, _ = reliability.rows(TEXT)[check.claim].split("|")
    assert tests.strip() == check.command
    if result.strip() != reliability.NOT_RUN[check.torture]:
        assert re.search(r"\d+ (passed|kills|calls|runs)", result) and "failed" not in result
        assert re.fullmatch(r" \d{4}-\d\d-\d\d ", day)


def test_a_comparison_that_fails() -> None:
    assert list(reliability.rows(TEXT.replace("| eight runs", "| nine runs"))) != [c.claim for c in reliability.CHECKS]
