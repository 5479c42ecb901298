"""Articles of a batch, and the memory of earlier batches -> what each of them repeats."""

from __future__ import annotations

from .index import Fault, Segment
from .verdict import VERSION, Index

__all__ = ["VERSION", "Fault", "Index", "Segment"]
