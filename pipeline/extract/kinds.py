"""A page with its lines and metadata -> why it is no article, or None."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Line, Page, SkipReason
from .draft import Meta
from .htmldoc import HtmlDoc


def judge(doc: HtmlDoc | None, lines: Sequence[Line], meta: Meta, page: Page) -> tuple[SkipReason, str] | None:
    """(reason for the ledger, detail) for pages of another kind."""
    return None
