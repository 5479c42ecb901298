"""Draft, its source's repeats, config -> Article or Skipped: the last word on each line, then the article."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

from ..config import ExtractConfig
from ..model import Article, Line, Skipped
from .draft import Draft
from .repeats import Repeats, line_hash
from .urls import article_id

# Scripts written without spaces: a character is worth about 0.6 words there (Chinese averages 1.6 characters a word).
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w+")


def settle(draft: Draft, repeats: Repeats, cfg: ExtractConfig) -> Article | Skipped:
    """Take off what the source repeats, then build the article, or say why there is none."""
    lines = judged(draft, repeats)
    text = unicodedata.normalize("NFC", "\n\n".join(line.text for line in lines if line.rule is None))
    meta = draft.meta
    if (words := count_words(text)) < max(cfg.min_words, 1):
        return Skipped(draft.raw, meta.url, "too-short", f"{words} words")
    if cfg.languages and meta.language is not None and meta.language not in cfg.languages:
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
        access=meta.access,
        wire=meta.wire,
        genre=meta.genre,
        flags=draft.flags,
        found=dict(sorted(meta.found.items())),
        stripped=dict(sorted(Counter(line.rule for line in lines if line.rule is not None).items())),
    )


def judged(draft: Draft, repeats: Repeats) -> list[Line]:
    """The draft's lines in page order, those that its source repeats taken off."""
    furniture = repeats.furniture(draft.meta.source)
    return [
        Line(line.text, "repeated") if line.rule is None and line_hash(line.text) in furniture else line
        for line in draft.lines
    ]


def content_hash(text: str) -> str:
    """sha256 of the text's words: case, white space and punctuation do not matter."""
    return hashlib.sha256(" ".join(_WORD.findall(text.casefold())).encode()).hexdigest()


def count_words(text: str) -> int:
    """Words, where scripts without spaces count 0.6 a character."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + int(0.6 * unspaced)
