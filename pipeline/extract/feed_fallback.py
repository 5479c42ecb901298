"""What the feed said of a page -> its draft, where the page itself says nothing: text, title, date, keywords.

Some outlets put the whole story into their feed and a stub on the page: behind a paywall, or as a shell that a script
fills. `found` says "feed" for whatever came from there.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

from ..model import FeedEntry, Page, Skipped
from .metadata import dates
from .values import Draft, Meta
from .words import count_words

FROM = "feed"
# Verdicts on a page that its feed's text overrules: it is a stub of the story, or a shell.
_STUBS = frozenset(("paywall", "too-short", "empty", "error-page", "index-page"))
_STUB_WORDS = 120  # a page with fewer, and a third of the feed's at most, is a stub of it
_PAID = ("declared_paid", "truncated")


def applied(
    drafted: Draft | Skipped, page: Page, read: Callable[[Page], Draft | Skipped], min_words: int
) -> Draft | Skipped:
    """The page's own draft, completed from its feed. `read` drafts a page."""
    entry = page.feed
    if entry is None:
        return drafted
    if entry.text and (isinstance(drafted, Draft) or drafted.reason in _STUBS):
        story = read(_as_page(page, entry))
        if isinstance(story, Draft) and _better(drafted, story, min_words):
            drafted = _with_text(drafted, story, entry)
    return replace(drafted, meta=_completed(drafted.meta, page, entry)) if isinstance(drafted, Draft) else drafted


def _as_page(page: Page, entry: FeedEntry) -> Page:
    title = html.escape(page.title or entry.title or "", quote=False)
    head = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head>"
    body = f"{head}<body><article><h1>{title}</h1>{entry.text}</article></body></html>"
    return replace(page, body=body.encode("utf-8", "replace"), kind="html", charset="utf-8", feed=None, headers=())


def _better(drafted: Draft | Skipped, story: Draft, min_words: int) -> bool:
    words = _words(story)
    if words < max(min_words, 1):
        return False
    if isinstance(drafted, Skipped):
        return True
    kept = _words(drafted)
    if drafted.meta.access in _PAID:
        return words > 1.2 * kept
    return kept < min_words or (kept < _STUB_WORDS and words >= 3 * kept)


def _words(draft: Draft) -> int:
    return count_words("\n\n".join(line.text for line in draft.lines if line.rule is None))


def _with_text(drafted: Draft | Skipped, story: Draft, entry: FeedEntry) -> Draft:
    """A draft with the feed's text and the page's metadata; with the feed's alone where the page was no article."""
    if isinstance(drafted, Draft) and _words(drafted) and drafted.meta.title:
        meta = replace(drafted.meta, language=drafted.meta.language or story.meta.language, standfirst=None)
        meta = replace(meta, found=_without(drafted.meta.found, "standfirst"))
        if not drafted.meta.language and story.meta.language:
            meta = replace(meta, found={**meta.found, "language": story.meta.found.get("language", FROM)})
    else:
        base = drafted.meta if isinstance(drafted, Draft) else story.meta
        title = entry.title or story.meta.title or base.title
        origins = {**_without(base.found, "standfirst"), **({"title": FROM} if entry.title else {})}
        if story.meta.language:
            origins["language"] = story.meta.found.get("language", FROM)
        meta = replace(base, title=title, language=story.meta.language, standfirst=None, found=origins)
    meta = replace(meta, found={**meta.found, "text": FROM})
    furniture = drafted.furniture if isinstance(drafted, Draft) else ()
    flags = drafted.flags if isinstance(drafted, Draft) else story.flags
    return Draft(story.raw, story.kind, story.lines, meta, story.scores, furniture, False, flags, story.structure)


def _without(origins: dict[str, str], field: str) -> dict[str, str]:
    return {name: origin for name, origin in origins.items() if name != field}


def _completed(meta: Meta, page: Page, entry: FeedEntry) -> Meta:
    """Fields that the page leaves empty."""
    origins = dict(meta.found)
    if meta.published_at is None and entry.published_at and not dates.bounds(page).fault(entry.published_at):
        meta = replace(meta, published_at=entry.published_at)
        origins["published_at"] = FROM
    if not meta.keywords and entry.categories:
        meta = replace(meta, keywords=entry.categories)
        origins["keywords"] = FROM
    if meta.title is None and entry.title:
        meta = replace(meta, title=entry.title)
        origins["title"] = FROM
    return replace(meta, found=origins)
