"""What is out of date: keys of batches and their comparison with manifests. Computes only, touches no file."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..config import Config
from ..stage import Stage
from ..store import key as hashed

Manifest = Mapping[str, Any]


def ordered(names: Collection[str]) -> list[str]:
    """Batches in the order in which stages take them."""
    return sorted(names, key=os.fsencode)


def key(
    stage: Stage, config: Config, inputs: Sequence[str], manifest: Manifest | None = None, before: str | None = None
) -> str:
    """Hash of all that decides a stage's output for a batch.

    `inputs` are the hashes of what it reads; `before` is the key of the batch before it, for a sequential stage: its
    keys are a chain, so a change in one batch makes all after it out of date.
    """
    facts = manifest.get("facts") if manifest else None
    chained = () if before is None else (before,)
    return hashed(stage.name, stage.version, stage.settings(config, facts), *chained, *inputs)


def is_stale(manifest: Manifest | None, now: str, present: Collection[str], stage: Stage) -> bool:
    """Whether a batch has to be done again: never finished, another key, an output missing, or pages to retry."""
    if manifest is None or manifest.get("key") != now or not set(stage.writes) <= set(present):
        return True
    return bool((manifest.get("facts") or {}).get("retry"))


def is_wanted(name: str, stage: Stage, only: Collection[str], order: Mapping[str, int]) -> bool:
    """Whether a run that is asked for some batches alone touches this one.

    A sequential stage also brings those before them up to date: their verdicts rest on them.
    """
    if not only:
        return True
    if stage.sequential:
        return any(order[name] <= order.get(asked_name, -1) for asked_name in only)
    return name in only
