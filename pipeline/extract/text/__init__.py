"""Text as someone else's scraper flattened a page -> its lines, each story or under the rule that took it off."""

from .body import TextBody, read

__all__ = ["TextBody", "read"]
