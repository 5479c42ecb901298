"""Writes what newsmill page made: JSON lines, text, Markdown or HTML, on stdout or into a file."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from .. import store
from ..config import Config
from ..console import Console, escaped, harmless, number
from ..export import markup
from ..model import Skipped
from ..query.loose_pages import Named

Row = dict[str, Any]


def _json(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _text(row: Row) -> str:
    return "\n\n".join(part for part in (row["title"], row["text"]) if part) + "\n"


FORMATS: dict[str, tuple[Callable[[Row], str], str]] = {
    "json": (_json, ""),
    "text": (_text, "\n"),
    "markdown": (markup.markdown, "\n---\n\n"),
    "html": (markup.html, "\n"),
}
"""Form -> (function of an article, what stands between two of them)."""


def write(
    found: Iterator[Named], cfg: Config, form: str, target: Path | None, console: Console, *, topics: bool = False
) -> bool:
    """Write the articles and print why the other pages gave none. True where there was an article."""
    if target is None:
        counts = _write(found, cfg, form, sys.stdout.buffer, topics)
    else:
        with store.atomic(target) as temporary, temporary.open("wb") as file:
            counts = _write(found, cfg, form, file, topics)
    done, skipped = counts[""], sum(counts.values()) - counts[""]
    if target is not None or done + skipped > 1:
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])) if why)
        where = f"{target}: " if target else ""
        what = f"{number(done, 'article')}, {number(skipped, 'page')} skipped"
        console.tell(f"{where}{what}{': ' + reasons if reasons else ''}")
    return bool(done)


def _write(named: Iterator[Named], cfg: Config, form: str, file: BinaryIO, topics: bool) -> Counter[str]:
    """Counts: "" of articles, a reason of skipped pages."""
    make, between = FORMATS[form]
    counts: Counter[str] = Counter()
    tagger = None
    for name, result in named:
        if isinstance(result, Skipped):
            counts[result.reason] += 1
            where = name if name.endswith(result.raw.path) else str(Path(name) / result.raw.path)
            key = f" {result.raw.key}" if result.raw.key else ""
            print(f"newsmill: {harmless(where)}{key}: no article: {result.reason}: {harmless(result.detail)}",
                  file=sys.stderr)  # fmt: skip
            continue
        row = json.loads(store.to_json(result))
        if topics:
            if tagger is None:
                from .. import tag

                tagger = tag.Tagger(cfg.topics, cfg.watch)
            row |= _tags(tagger.tag(result))
        text = make(row)
        if file is sys.stdout.buffer and sys.stdout.isatty():
            text = escaped(text) if form == "json" else harmless(text)
        file.write(((between if counts[""] else "") + text).encode("utf-8", "replace"))
        counts[""] += 1
    return counts


def _tags(tags: Any) -> Row:
    row: Row = json.loads(store.to_json(tags))
    return {key: value for key, value in row.items() if key != "id"}
