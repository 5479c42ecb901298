"""backfill.json: what an import has to know of a backfill: its batches in their order, its settings, its version."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .. import __version__
from ..config import Config, digest
from .plan import Batch

NAME = "backfill.json"
FORM = 1
SCRATCH = ("pairs", "matches", "labels", "stories", "records")  # rows of steps that nobody reads once all is done


def settings(config: Config) -> str:
    """Hash of all settings that decide a record."""
    return digest(
        config.extract, config.site, config.dedup, config.topics, config.watch, config.threads, config.records
    )


def of(config: Config, batches: Sequence[Batch], counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "form": FORM,
        "version": __version__,
        "settings": settings(config),
        "batches": [batch.name for batch in batches],
        "counts": dict(counts),
    }


def encode(value: Mapping[str, Any]) -> bytes:
    """In ASCII: names of batches may hold any bytes."""
    return json.dumps(value, indent=1).encode() + b"\n"
