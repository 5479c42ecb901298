"""Page -> Draft or Skipped, by the HTML route or the plain-text route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..config import ExtractConfig, SiteRule
from ..formats.charset import decode
from ..formats.content_type import sniff
from ..model import Page, Skipped, Structure
from . import fallback, feed_fallback, html, metadata, page_kind, site_rules, structure, text
from .boilerplate import line_hash
from .html.blocks import blocks
from .htmldoc import HtmlDoc
from .metadata import dates
from .values import Draft, Meta


def draft(page: Page, cfg: ExtractConfig, rules: Sequence[SiteRule], level: fallback.Level) -> Draft | Skipped:
    """Draft one page from its own content; its feed item fills in what is missing."""
    drafted = _draft(page, cfg, rules, level)
    return feed_fallback.applied(drafted, page, lambda feed_page: _draft(feed_page, cfg, rules, level), cfg.min_words)


def _draft(page: Page, cfg: ExtractConfig, rules: Sequence[SiteRule], level: fallback.Level) -> Draft | Skipped:
    if not page.body.strip():
        return Skipped(page.raw, page.url, "empty", "nothing but white space" if page.body else "no bytes")
    kind = page.kind or sniff(page.body)
    if isinstance(kind, tuple):
        return Skipped(page.raw, page.url, *kind)
    decoded, decode_flags = decode(page.body, page.charset)
    flags = (*page.flags, *decode_flags, *([] if level == "full" else [f"fallback:{level}"]))
    doc: HtmlDoc | None = None
    shape: Structure | None = None
    scores: tuple[float, ...] = ()
    confidence: float | None = None
    meta: Meta | None = None
    if kind == "html" and level != "plain":
        doc = HtmlDoc(decoded, page.url)
        level, why = fallback.choose(doc, level)
        flags += (why,) if why else ()
        if level == "plain":  # its head can be trusted, its body not
            meta, doc = metadata.of_html(doc, page), None
    if doc:
        meta = metadata.of_html(doc, page)
        page_rules = site_rules.rules_for(rules, page.url, meta.url)
        body, shape = _html_body(doc, meta, page_rules, level == "fast")
        lines, confidence = body.lines, body.confidence
        flags += tuple(flag for flag in body.flags if level == "full" or flag != "fallback:fast")  # else said already
        if body.standfirst:
            meta = metadata.with_standfirst(meta, body.standfirst)
    else:
        title = page.title
        if kind == "html":
            kind = "text"
            title, decoded = fallback.plain(decoded)
        decoded, cuts = fallback.capped(decoded)
        flags += cuts
        read = text.read(decoded, title=title)
        meta = meta or metadata.of_text(read, replace(page, title=title))
        page_rules = site_rules.rules_for(rules, page.url, meta.url)
        lines, scores = read.lines, read.scores
    if page_rules:
        lines = site_rules.drop_lines(lines, page_rules)
        limits = dates.bounds(page)
        meta = site_rules.dated(
            meta, [line.text for line in lines], page_rules, lambda stamp: limits.fault(stamp) is None
        )
    meta = metadata.with_text(meta, lines)
    if verdict := page_kind.judge(doc, lines, meta, page):
        return Skipped(page.raw, meta.url or page.url, *verdict)
    furniture = tuple(line_hash(line.text) for line in lines)
    return Draft(page.raw, kind, lines, meta, scores, furniture, True, flags, shape, confidence)


def _html_body(doc: HtmlDoc, meta: Meta, rules: Sequence[SiteRule], fast: bool) -> tuple[html.Body, Structure | None]:
    """The page's body and its structure; what the user's rules cut stands among the lines under the rule "site"."""
    smaller, gone = site_rules.cut(doc, rules)
    body = html.body(smaller, title=meta.title, fast=fast)
    shape: Structure | None = None
    if body.visible:
        kept = [i for i, line in enumerate(body.lines) if line.rule is None]
        shape = structure.of_page(body.visible, kept, doc.base or meta.url)
    if not gone:
        return body, shape
    texts = [block.text for element in gone for block in blocks(element)]
    lines = site_rules.merged(body.lines, texts, [block.text for block in blocks(doc.tree)])
    return replace(body, lines=lines), shape and structure.realigned(shape, body.lines, lines)
