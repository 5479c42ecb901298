"""Text as someone else's scraper flattened a page -> its lines, each story or under the rule that took it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .body import TextBody, read, rejudge

__all__ = ["TextBody", "read", "rejudge"]


def __getattr__(name: str) -> Any:
    """All rules when they are asked for: 0.2 CPU s that only workers need to spend."""
    if name in __all__:
        from . import body

        return getattr(body, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
