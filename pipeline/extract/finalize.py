"""Draft, its source's repeats, config -> Article or Skipped: repeated lines removed, then the article built."""

from __future__ import annotations

import unicodedata
from collections import Counter

from ..config import ExtractConfig
from ..model import Article, Line, Skipped
from ..urls import article_id
from . import structure
from .boilerplate import Repeats, line_hash, line_hashes
from .values import Draft
from .words import content_hash, count_words


def finalize(draft: Draft, repeats: Repeats, cfg: ExtractConfig) -> Article | Skipped:
    """Take off what the source repeats, then build the article, or say why there is none."""
    lines, cut = capped(judged(draft, repeats), cfg.max_text_chars)
    text = unicodedata.normalize("NFC", "\n\n".join(line.text for line in lines if line.rule is None))
    meta = draft.meta
    if (words := count_words(text)) < max(cfg.min_words, 1):
        return Skipped(draft.raw, meta.url, "too-short", f"{words} words")
    if cfg.languages and meta.language is not None:
        from . import relatives

        if not relatives.among(meta.language, cfg.languages):
            return Skipped(draft.raw, meta.url, "language", meta.language)
    if meta.genre == "live" and not cfg.live_blogs:
        return Skipped(draft.raw, meta.url, "live-blog", meta.found.get("genre", "live"))
    return Article(
        id=article_id(meta.url, text),
        url=meta.url,
        title=meta.title,
        text=text,
        content_hash=content_hash(text),
        raw=draft.raw,
        standfirst=meta.standfirst,
        authors=meta.authors,
        published_at=meta.published_at,
        modified_at=meta.modified_at,
        fetched_at=meta.fetched_at,
        language=meta.language,
        source=meta.source,
        section=meta.section,
        keywords=meta.keywords,
        images=meta.images,
        structure=structure.of_text(draft.structure, lines),
        access=meta.access,
        wire=meta.wire,
        rights=meta.rights,
        genre=meta.genre,
        confidence=draft.confidence,
        flags=(*draft.flags, *cut),
        found=dict(sorted(meta.found.items())),
        stripped=dict(sorted(Counter(line.rule for line in lines if line.rule is not None).items())),
    )


def capped(lines: list[Line], limit: int) -> tuple[list[Line], tuple[str, ...]]:
    """The lines as far as an article's text may go, and a flag where some were cut off."""
    total = sum(len(line.text) for line in lines if line.rule is None)
    if total <= limit:
        return lines, ()
    left, out = limit, []
    for line in lines:
        if line.rule is None:
            if left <= 0:
                break
            if len(line.text) > left:
                out.append(Line(line.text[:left].rsplit(" ", 1)[0], None))
                break
            left -= len(line.text)
        out.append(line)
    return out, (f"cut:text, {total} characters",)


def judged(draft: Draft, repeats: Repeats) -> list[Line]:
    """The draft's lines in page order, those that its source repeats taken off.

    On flattened pages that is a hint for their neighbours too, so all lines are judged again. A page's own standfirst
    stays, however many other pages tease the story with it: else a page scraped on two days would have two texts.
    """
    furniture = repeats.furniture(draft.meta.source) - {line_hash(draft.meta.standfirst or "")}
    repeated = [key in furniture for key in line_hashes(draft)] if furniture else []
    if not any(repeated):
        return list(draft.lines)
    if draft.kind == "text" and draft.scores:
        from .text import rejudge  # the rules of the text route: seldom needed here, they are the workers'

        again = rejudge(draft.lines, repeated, draft.meta.title)
        # What the user's own rule took off stays off: the model does not know of it.
        rules = ["site" if line.rule == "site" else rule for line, rule in zip(draft.lines, again, strict=True)]
    else:
        rules = [
            line.rule or ("repeated" if again else None) for line, again in zip(draft.lines, repeated, strict=True)
        ]
    return [line if line.rule == rule else Line(line.text, rule) for line, rule in zip(draft.lines, rules, strict=True)]
