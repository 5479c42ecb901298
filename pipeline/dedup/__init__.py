"""Articles of a batch, and the memory of earlier batches -> what each of them repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .index import Fault, Segment
    from .verdict import Index

VERSION = 10  # raised with any change of a verdict: part of what decides whether a batch is done again

__all__ = ["VERSION", "Fault", "Index", "Segment"]


def __getattr__(name: str) -> Any:
    """What needs numpy (0.1 CPU s to import), when it is asked for."""
    if name == "Index":
        from .verdict import Index

        return Index
    if name in ("Fault", "Segment"):
        from . import index

        return getattr(index, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
