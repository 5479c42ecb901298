"""The closed list of residue rules: the name under which a line is taken off, and what such a line is.

The HTML route and the plain-text route use the same names; the reference (docs/reference/files.md) is made from them.
"""

from __future__ import annotations

from typing import Literal, get_args

RuleName = Literal[
    "advert", "byline", "caption", "comment", "cookie", "correction", "date", "disclaimer", "footer", "form",
    "furniture", "headline-list", "navigation", "newsletter", "paywall", "related", "repeated", "share", "site",
    "title",
]  # fmt: skip

MEANINGS: dict[RuleName, str] = {
    "advert": "labels of advertisements, affiliate notes, sponsored boxes, “story continues below”",
    "byline": "who wrote, edited or reported it; notes about the author",
    "caption": "the text under a picture with its credit, gallery counters",
    "comment": "readers’ comments and invitations to comment",
    "cookie": "cookie and privacy notices",
    "correction": "where to report errors, how to reach the newsroom",
    "date": "when it was published or updated",
    "disclaimer": "notes of the publisher on the article: opinions, origin, market data",
    "footer": "copyright, terms of use, imprint",
    "form": "fields and buttons of forms",
    "furniture": "not part of the story, and no other rule says what it is",
    "headline-list": "headlines and links of other stories in lists",
    "navigation": "menus, breadcrumbs, topics, “top of page”, reading time",
    "newsletter": "invitations to subscribe, sign up, join, install the app",
    "paywall": "the note that the rest is for subscribers, and what stands below it",
    "related": "pointers to one other story or gallery (“Read more: …”), teasers",
    "repeated": "the source shows the same line with several different stories",
    "share": "share, print and follow links",
    "site": "a `[[site]]` rule of config.toml took it off",
    "title": "the title said again",
}

NAMES: frozenset[str] = frozenset(get_args(RuleName))
