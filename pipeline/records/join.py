"""Articles and what later stages say of them -> the articles that become records, each with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from .. import __version__, store
from ..config import Config, SiteRule, digest
from ..errors import NewsmillError
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


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of a file, read anew each time they are asked for."""

    kind: type
    path: Path

    def __iter__(self) -> Iterator[Any]:
        return store.read(self.kind, self.path)


class _Head(msgspec.Struct):
    """Of a row its id alone."""

    id: str


def of_batch(folder: Path, kinds: Collection[type] = JOINED) -> Iterator[tuple[Article, Rows]]:
    """The articles of a batch in their order, each with the rows that later stages wrote for it, by their type.

    The files are read beside each other: what is kept of a batch is 80 bytes an article. Raises NewsmillError.
    """
    rows = {kind: Stored(kind, folder / file) for file, kind in FILES.items() if kind in kinds}
    ids = (row.id for row in store.read(_Head, folder / ARTICLES))
    return join(store.read(Article, folder / ARTICLES), ids, rows)


def join(
    articles: Iterable[Article], ids: Iterable[str], rows: Mapping[type, Iterable[Any]]
) -> Iterator[tuple[Article, Rows]]:
    """Bring articles and rows together by id; `ids` are those of the articles, in whose order the rows come.

    A page scraped twice in one batch gives two articles with one id. Only the first of them can be without a row, so
    the rows of an id belong to its last articles. Raises NewsmillError where rows are in another order.
    """
    known: set[int] = set()  # hashes of 64 bits: a million ids would take 130 MB
    left: Counter[str] = Counter()  # of an id that several articles have, how many are still to come
    for id in ids:
        if (hashed := hash(id)) in known:
            left[id] += 1 if id in left else 2
        known.add(hashed)
    columns = [_Column(kind, its_rows, known, left) for kind, its_rows in rows.items()]
    for article in articles:
        out: dict[type, Any] = {}
        for column in columns:
            if (row := column.take(article.id, left[article.id])) is not None:
                out[column.kind] = row
        if article.id in left:
            left[article.id] -= 1
        yield article, out
    for column in columns:
        if column.head is not None:
            raise NewsmillError(
                f"{_file(column.kind)}: its rows are not in the order of {ARTICLES} (id {column.head.id}); "
                "delete the file and run again"
            )


class _Column:
    """The rows of one kind, the next of them in hand."""

    def __init__(self, kind: type, rows: Iterable[Any], known: Collection[int], repeated: Collection[str]) -> None:
        self.kind = kind
        self.rows = (row for row in rows if hash(row.id) in known)  # others belong to no article
        self.waiting = Counter(row.id for row in rows if row.id in repeated) if repeated else Counter[str]()
        self.head = next(self.rows, None)

    def take(self, id: str, left: int) -> Any:
        """The row of the next article of this id, None where it has none; `left` is 0 where no other has its id."""
        row = self.head
        if row is None or row.id != id or self.waiting[id] < left:
            return None
        if left:
            self.waiting[id] -= 1
        self.head = next(self.rows, None)
        return row


def _file(kind: type) -> str:
    return next(file for file, of_file in FILES.items() if of_file is kind)
