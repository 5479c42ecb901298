"""One parsed HTML page -> its story, and every line that was taken off with the rule that did it."""

from __future__ import annotations

from .story import Body, body

__all__ = ["Body", "body"]
