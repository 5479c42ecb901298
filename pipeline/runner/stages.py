"""The registry: every stage of the chain, in the order in which they run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..dedup.stage import STAGE as DEDUP
from ..extract.stage import STAGE as EXTRACT
from ..records.stage import STAGE as RECORDS
from ..stage import Stage
from ..tag.stage import STAGE as TAG
from ..threads.stage import STAGE as THREADS

STAGES: tuple[Stage, ...] = (
    EXTRACT,
    DEDUP,
    TAG,
    THREADS,
    RECORDS,
)

NAMES = tuple(stage.name for stage in STAGES)
OUTPUTS = tuple(name for stage in STAGES for name in stage.writes)


def named(names: Iterable[str]) -> tuple[Stage, ...]:
    """The stages of these names, in the order of the chain."""
    chosen_names = set(names)
    return tuple(stage for stage in STAGES if stage.name in chosen_names)


def writer(file: str) -> Stage:
    """The stage that writes a file."""
    return next(stage for stage in STAGES if file in stage.writes)


def locks(stages: Sequence[Stage]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which locks stages take: their own alone, those of the stages they read together with other readers.

    So dedup and tag work side by side under `make -j2`, and nothing writes what another one reads.
    """
    names = tuple(stage.name for stage in stages)
    return names, tuple({writer(file).name for stage in stages for file in stage.reads} - set(names))
