"""Page -> Draft or Skipped, by the HTML route or the plain-text route."""

from __future__ import annotations

from collections.abc import Sequence

from ..config import ExtractConfig, SiteRule
from ..model import Page, Skipped
from . import html, kinds, metadata, text
from .draft import Draft
from .htmldoc import HtmlDoc
from .repeats import line_hash


def draft(page: Page, cfg: ExtractConfig, sites: Sequence[SiteRule]) -> Draft | Skipped:
    if not page.body.strip():
        return Skipped(page.raw, page.url, "empty", "no text in it")
    decoded = page.body.decode(page.charset or "utf-8", "replace")
    kind = page.kind or ("html" if "<html" in decoded[:5000].lower() else "text")
    doc: HtmlDoc | None = None
    scores: tuple[float, ...] = ()
    if kind == "html":
        doc = HtmlDoc(decoded, page.url)
        meta = metadata.of_html(doc, page)
        body = html.body(doc, title=meta.title)
        lines, flags = body.lines, body.flags
    else:
        read = text.read(decoded, title=page.title)
        meta = metadata.of_text(read, page)
        lines, scores, flags = read.lines, read.scores, ()
    meta = metadata.with_text(meta, lines)
    if verdict := kinds.judge(doc, lines, meta, page):
        return Skipped(page.raw, meta.url or page.url, *verdict)
    furniture = tuple(line_hash(line.text) for line in lines)
    return Draft(page.raw, kind, lines, meta, scores, furniture, flags)
