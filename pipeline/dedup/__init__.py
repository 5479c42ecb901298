"""Articles of a batch, and the memory of earlier batches -> what each of them repeats."""

from __future__ import annotations

from .decide import VERSION, Index
from .index import Fault, Segment

__all__ = ["VERSION", "Fault", "Index", "Segment"]
