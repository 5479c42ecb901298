"""Articles of a batch, and the index of earlier batches -> what each of them repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .folders import Fault
    from .index import Segment
    from .verdict import Index

VERSION = 11  # raised with any change of a verdict: part of what decides whether a batch is done again

__all__ = ["VERSION", "Fault", "Index", "Segment"]


def __getattr__(name: str) -> Any:
    """What needs numpy (0.1 CPU s to import), when it is asked for."""
    if name == "Index":
        from .verdict import Index

        return Index
    if name == "Segment":
        from .index import Segment

        return Segment
    if name == "Fault":
        from .folders import Fault

        return Fault
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
