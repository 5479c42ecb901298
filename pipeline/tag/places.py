"""Words of a text -> the countries it speaks of, counted, the main one first."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Place


def find(title: Sequence[str], text: Sequence[str], language: str | None) -> tuple[Place, ...]:
    """Countries named in the words, case kept."""
    return ()
