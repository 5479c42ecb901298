"""Article -> Tags: IPTC Media Topics with the words that decided, the user's own tags by rule, and countries."""

from __future__ import annotations

from .rules import Fired, faults
from .stage import VERSION, Explained, Tagger, explain
from .weigh import Weighed

__all__ = ["VERSION", "Explained", "Fired", "Tagger", "Weighed", "explain", "faults"]
