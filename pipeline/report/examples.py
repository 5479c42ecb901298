"""Examples for the report: excerpts of skipped pages by reason, removed lines by rule."""

from __future__ import annotations

import html
import os
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .. import files, pages, store
from ..errors import NewsmillError
from ..extract import draft
from ..extract.boilerplate import Repeats
from ..extract.finalize import judged
from ..extract.values import Draft
from ..model import Article, Page
from ..project import Project
from ..query import lookup
from ..sandbox.pool import Pool

PER_REASON = 5  # skipped pages shown for each reason, of the newest batches
PER_RULE = 6  # removed lines shown for each rule
ARTICLES = 8  # whose lines are looked at: each is extracted once more
EXCERPT = 400  # characters of a skipped page


@dataclass(frozen=True, slots=True)
class SkippedPage:
    """A page of the ledger, with the beginning of what it shows."""

    path: str
    url: str | None
    detail: str
    excerpt: str  # "" where the raw page is gone or cannot be read


def skipped(project: Project) -> dict[str, tuple[SkippedPage, ...]]:
    """Reason -> pages, from the newest batches."""
    chosen: Counter[str] = Counter()
    rows: list[tuple[str, str, str | None, str, str, str | None]] = []
    for batch in reversed(project.done()):
        for row in store.rows(project.clean / batch / files.SKIPPED):
            if chosen[row["reason"]] < PER_REASON:
                chosen[row["reason"]] += 1
                raw = row["raw"]
                rows.append((batch, row["reason"], row["url"], row["detail"], raw["path"], raw["key"]))
    texts = _excerpts(project, {(batch, path, key) for batch, _, _, _, path, key in rows})
    examples: dict[str, list[SkippedPage]] = defaultdict(list)
    for batch, reason, url, detail, path, key in rows:
        shown = path if key is None else f"{path} {key}"
        examples[reason].append(SkippedPage(shown, url, detail, texts.get((batch, path, key), "")))
    return {reason: tuple(items) for reason, items in sorted(examples.items())}


def _excerpts(project: Project, places: set[tuple[str, str, str | None]]) -> dict[tuple[str, str, str | None], str]:
    """The visible beginning of each wanted page; each raw file is read once."""
    batches = {batch.name: batch for batch in pages.batches(project.raw)} if project.raw.is_dir() else {}
    out: dict[tuple[str, str, str | None], str] = {}
    for batch, path in sorted({(batch, path) for batch, path, _ in places}):
        file = pages.located(path, project.root)
        if batch not in batches or not os.path.lexists(file):
            continue
        keys = {key for b, p, key in places if (b, p) == (batch, path)}
        for page in pages.read_file(batches[batch], file, project.root, project.config.extract.max_bytes):
            if page.raw.key in keys and isinstance(page, Page):
                out[batch, path, page.raw.key] = excerpt(page.body)
                keys.discard(page.raw.key)
                if not keys:
                    break
    return out


def excerpt(body: bytes) -> str:
    """The beginning of what a page shows, without markup. Linear in the part looked at, 200 KB.

    >>> excerpt(b"<title>x</title><style>p{}</style><p>Page&nbsp;not <b>found</b></p>")
    'x Page not found'
    """
    text = body[:200_000].decode("utf-8", "replace")
    if "\ufffd" in text[:2000] and "\x00" in text:
        return ""
    pieces, at, low = [], 0, text.lower()
    while at < len(text):
        opened = text.find("<", at)
        if opened < 0:
            pieces.append(text[at:])
            break
        pieces.append(text[at:opened])
        ends = next((f"</{name}" for name in ("script", "style", "svg") if low.startswith(name, opened + 1)), "")
        if ends:
            opened = low.find(ends, opened)
            if opened < 0:
                break
        closed = text.find(">", opened)
        if closed < 0:
            break
        at = closed + 1
        pieces.append(" ")
        if sum(map(len, pieces[-200:])) > 50 * EXCERPT:
            break
    folded = " ".join(html.unescape("".join(pieces)).split())
    readable = re.sub(r"[\x00-\x1f\x7f-\x9f]", "", folded)
    return readable[:EXCERPT]


def stripped(project: Project, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Rule -> removed lines, from up to ARTICLES of the given records, spread over them.

    The pages are extracted once more, in worker processes with the limits of the extract stage.
    """
    step = max(1, len(ids) // ARTICLES)
    articles = _articles(project, set(ids[::step][:ARTICLES]))
    jobs: list[tuple[str, Page]] = []
    for batch, article in articles:
        try:
            jobs.append((batch, lookup.page(project, lookup.Found(batch, article))))
        except NewsmillError:  # pruned, or changed since
            continue
    by_rule: dict[str, list[str]] = defaultdict(list)
    cfg = project.config.extract
    with Pool(draft, shared=(cfg, project.config.site), seconds=cfg.page_seconds, memory_mb=cfg.page_memory_mb) as pool:
        for (name, _), made in pool.map(jobs):
            if not isinstance(made, Draft):
                continue
            repeats = Repeats.from_rows(store.rows(project.clean / name / files.REPEATS))
            for line in judged(made, repeats):
                lines = by_rule[line.rule or ""]
                if line.rule and len(lines) < PER_RULE and line.text not in lines:
                    lines.append(line.text[:200])
    return {rule: tuple(lines) for rule, lines in sorted(by_rule.items()) if rule}


def _articles(project: Project, ids: set[str]) -> list[tuple[str, Article]]:
    articles: dict[str, tuple[str, Article]] = {}
    for batch, row in project.articles_with(ids):
        articles[row["id"]] = batch, store.parse(Article, row)
    return [articles[id] for id in sorted(articles)]
