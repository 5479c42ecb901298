"""Articles and what later stages say of them -> the articles that become records, each with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import __version__, store
from ..config import Config, SiteRule, digest
from ..files import ARTICLES
from ..model import Article, Duplicate
from .fields import FILES, JOINED, Run

Rows = Mapping[type, Any]


class Runs:
    """What stands under `run` in the records of a project: the version, and a hash of the settings that decide."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.known: dict[tuple[SiteRule, ...], Run] = {}

    def of(self, article: Article) -> Run:
        """Another site's rules decide nothing here, nor do the number of workers and the like."""
        from ..extract.site_rules import rules_for

        rules = rules_for(self.config.site, article.url) if self.config.site else ()
        if rules not in self.known:
            self.known[rules] = Run(__version__, settings_hash(self.config, rules))
        return self.known[rules]


def settings_hash(config: Config, rules: tuple[SiteRule, ...]) -> str:
    """Hash of the settings that decide what a record holds; `rules`: those of the sites in question."""
    cfg = config
    return digest(cfg.extract, rules, cfg.dedup, cfg.topics, cfg.watch, cfg.threads, cfg.records)


def is_new(duplicate: Duplicate | None, *, copies: bool) -> bool:
    """Whether an article becomes a record.

    New stories and revisions do, and so does a fuller version of what came before as a part of it: most of its text
    stands nowhere else. With `copies` all but `same` do.
    """
    if duplicate is None or duplicate.relation == "revision":
        return True
    if duplicate.relation == "part" and duplicate.covered < duplicate.containment:
        return True
    return copies and duplicate.relation != "same"


def of_batch(folder: Path) -> Iterator[tuple[Article, Rows]]:
    """The articles of a batch in their order, each with the rows that later stages wrote for it, by their type."""
    rows: dict[type, list[Any]] = {
        kind: list(store.read(kind, folder / file)) for file, kind in FILES.items() if kind in JOINED
    }
    ids = [row["id"] for row in store.rows(folder / ARTICLES)]
    return join(store.read(Article, folder / ARTICLES), ids, rows)


def join(
    articles: Iterable[Article], ids: Iterable[str], rows: Mapping[type, Sequence[Any]]
) -> Iterator[tuple[Article, Rows]]:
    """Bring articles and rows together by id; `ids` are those of the articles.

    A page scraped twice in one batch gives two articles with one id. Only the first of them can be without a row, so
    the rows of an id belong to its last articles.
    """
    waiting: dict[type, dict[str, list[Any]]] = {}
    for kind, found in rows.items():
        by_id = waiting.setdefault(kind, {})
        for row in reversed(found):
            by_id.setdefault(row.id, []).append(row)
    left = Counter(ids)
    for article in articles:
        out: dict[type, Any] = {}
        for kind, by_id in waiting.items():
            of_id = by_id.get(article.id, [])
            if len(of_id) >= left[article.id]:
                out[kind] = of_id.pop()
        left[article.id] -= 1
        yield article, out
