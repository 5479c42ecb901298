"""One parsed HTML page -> its story, and every line that was taken off with the rule that did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .story import Body, body

__all__ = ["Body", "body"]


def __getattr__(name: str) -> Any:
    """All rules when they are asked for: 0.2 CPU s that only workers need to spend."""
    if name in __all__:
        from . import story

        return getattr(story, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
