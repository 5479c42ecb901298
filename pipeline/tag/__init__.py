"""Article -> Tags: IPTC Media Topics with the words that decided, the user's own tags by rule, and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .user_rules import Fired, faults

if TYPE_CHECKING:
    from .tagger import Explained, Tagger, explain
    from .topics import Weighed

VERSION = 7  # part of what decides whether a batch is tagged again: raise it with any change of a verdict

__all__ = ["VERSION", "Explained", "Fired", "Tagger", "Weighed", "explain", "faults"]


def __getattr__(name: str) -> Any:
    """What needs numpy (0.1 CPU s to import) when it is asked for: the config asks for `faults` alone."""
    if name == "Weighed":
        from .topics import Weighed

        return Weighed
    if name in __all__:
        from . import tagger

        return getattr(tagger, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
