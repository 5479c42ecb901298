"""Prints the articles of earlier runs that came out differently: `newsmill status --changes`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..console import print_json, table
from ..stage import Change

NOTHING = {"extract": "no article", "dedup": "new"}  # what a stage says where it says nothing of an article


def print_as_json(changes: Sequence[Change]) -> None:
    print_json([asdict(change) for change in changes])


def show(changes: Sequence[Change]) -> None:
    """A line for each article, on stdout."""
    lines = [(c.batch, c.id, c.title or "", _words(c.stage, c.was), _words(c.stage, c.now)) for c in changes]
    table(("batch", "article", "title", "was", "is now"), lines, empty="nothing of earlier runs came out differently")


def _words(stage: str, state: dict[str, Any] | None) -> str:
    """A verdict, a list of tags or a hash of a text in words."""
    if state is None:
        return NOTHING.get(stage, "nothing")
    if "relation" in state:
        return f"{state['relation']} {state['matched_id']}"
    if "topics" in state:
        return f"tags {', '.join(state['topics']) or 'none'}"
    if "content_hash" in state:
        return f"text {state['content_hash'][:8]}"
    return " ".join(f"{name} {value}" for name, value in state.items())
