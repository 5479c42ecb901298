"""One parsed HTML page -> its story, and every line that was taken off with the rule that did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...model import Line
from ..htmldoc import HtmlDoc
from .blocks import blocks, fold


@dataclass(frozen=True, slots=True)
class Body:
    """A page's visible lines in page order, kept (rule None) and taken off."""

    lines: tuple[Line, ...]
    flags: tuple[str, ...]  # "fallback:fast", "fallback:baseline", "fallback:plain", "cut:..."
    standfirst: str | None

    @property
    def text(self) -> str:
        return "\n\n".join(line.text for line in self.lines if line.rule is None)


def body(doc: HtmlDoc, *, title: str | None, fast: bool = False) -> Body:
    """Keep the story, drop the furniture. `fast` leaves out the comparison with other extractors."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(doc.tree, fast=True, include_comments=False)
    kept = [line for raw in (found.text if found else "").splitlines() if (line := fold(raw))]
    heading = _key(title or "")
    story = {_key(line) for line in kept}
    lines = [Line(block.text, "not-story") for block in blocks(doc.tree) if _key(block.text) not in story]
    lines += [Line(line, "title" if _key(line) == heading else None) for line in kept]
    return Body(tuple(lines), doc.flags, None)


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
