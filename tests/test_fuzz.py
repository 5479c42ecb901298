"""Mutated bytes through everything that reads what strangers wrote: a value, a reason or an error in words, never a bug.

A second each; FUZZ_EXAMPLES=20000 does more. `make torture` lets a coverage-guided fuzzer at the same functions.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .targets import TARGETS, Target

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))


def mutants(target: Target) -> st.SearchStrategy[bytes]:
    """A seed with some stretches of it replaced, doubled or cut out."""
    word = st.binary(max_size=6) | st.sampled_from(target.words or (b"",))
    change = st.tuples(
        st.floats(0, 1), st.sampled_from((0, 0, 1, 2, 5, 40, 1000)), word, st.sampled_from((1, 1, 1, 2, 50))
    )

    def mutate(seed: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
        for where, length, new, times in changes:
            at = int(where * len(seed))
            seed = seed[:at] + (new or seed[at : at + 20]) * times + seed[at + length :]
        return seed

    mutated = st.builds(mutate, st.sampled_from(target.seeds), st.lists(change, max_size=5))
    return mutated | mutated | mutated | st.binary(max_size=100)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_raises(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(mutants(target))
    def attack(data: bytes) -> None:
        target.read(data)

    for seed in target.seeds:
        target.read(seed)
    attack()
