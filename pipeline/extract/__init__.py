"""Page -> Draft or Skipped: all that needs the page alone, before the lines that its source repeats are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..model import Page, Skipped

# The submodule comes first: an import of it later on would put the module in the place of the function of its name.
from .values import Draft

if TYPE_CHECKING:  # fetch's children read addresses with .urls and need no settings: 0.2 s of pydantic each
    from ..config import ExtractConfig, SiteRule

VERSION = 18  # raised by hand whenever a rule of this stage changes; part of what decides what is done again


def draft(page: Page, cfg: ExtractConfig, sites: Sequence[SiteRule] = ()) -> Draft | Skipped:
    """Decode, parse, read the metadata, tell the story from the furniture.

    Deterministic: the same page, config and version give the same draft on every day and machine.
    """
    from .one_page import draft as work

    return work(page, cfg, sites, "full")


def draft_fast(page: Page, cfg: ExtractConfig, sites: Sequence[SiteRule] = ()) -> Draft | Skipped:
    """For a page that draft() took too long over or died of: without the comparison with other extractors."""
    from .one_page import draft as work

    return work(page, cfg, sites, "fast")


def draft_plain(page: Page, cfg: ExtractConfig, sites: Sequence[SiteRule] = ()) -> Draft | Skipped:
    """For a page that no parser should see again: its tags are taken off, and what is left is read as plain text."""
    from .one_page import draft as work

    return work(page, cfg, sites, "plain")
