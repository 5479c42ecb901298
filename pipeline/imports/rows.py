"""A page from anywhere -> a row of a JSONL batch, and one that was extracted elsewhere -> a page that says the same."""

from __future__ import annotations

import html
import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A scraped page as raw/*.jsonl has it; exactly one of html and text is given."""

    id: str | None = None
    url: str | None = None
    html: str | None = None
    text: str | None = None
    title: str | None = None
    published_at: str | None = None
    fetched_at: str | None = None
    source: str | None = None

    def plain(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something among what was imported that is no page, and why."""

    what: str
    why: str
    damaged: bool = False  # something may have been lost that was a page; else it was whole and none


@dataclass(frozen=True, slots=True)
class Story:
    """An article made by another extractor."""

    paragraphs: tuple[str, ...]
    url: str | None = None
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    image: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def page(story: Story) -> str:
    """The story as a page: its text as paragraphs, all that is known of it as JSON-LD, so that no field is lost."""
    fields: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "url": story.url,
        "description": story.standfirst, "datePublished": story.published_at, "dateModified": story.modified_at,
        "inLanguage": story.language, "articleSection": story.section, "keywords": list(story.keywords),
        "image": story.image, "author": [{"@type": "Person", "name": name} for name in story.authors],
    }  # fmt: skip
    ld = json.dumps({k: v for k, v in fields.items() if v}, ensure_ascii=False).replace("<", "\\u003c")
    lang = f' lang="{html.escape(story.language)}"' if story.language else ""
    head = f"<!doctype html>\n<html{lang}><head><meta charset=utf-8><title>{html.escape(story.title or '')}</title>"
    body = "\n".join(f"<p>{html.escape(p, quote=False)}</p>" for p in story.paragraphs)
    return (
        f'{head}\n<script type="application/ld+json">{ld}</script></head>\n<body><article>\n{body}\n'
        "</article></body></html>\n"
    )


def text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    return tuple(t for v in value if (t := text(v))) if isinstance(value, list | tuple) else ()
