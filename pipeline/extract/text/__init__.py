"""Text as someone else's scraper flattened a page -> its lines, each story or under the rule that took it off."""

from .body import TextBody, read, rejudge

__all__ = ["TextBody", "read", "rejudge"]
