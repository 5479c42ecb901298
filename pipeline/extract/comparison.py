"""A batch's files of an earlier run, and its pages now -> the articles whose text or title came out differently."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import store
from ..errors import NewsmillError
from ..files import ARTICLES, SKIPPED
from ..model import Article, Raw
from ..stage import Change

Seen = dict[str, Any]


class Comparison:
    """What an earlier run made of each page of a batch, in 16 bytes a page; a page that came or went is no change."""

    def __init__(self, batch: str, folder: Path) -> None:
        self.batch = batch
        self.folder = folder
        self.changed: dict[bytes, Seen | None] = {}  # page -> what it is now; None: no article
        try:
            self.before = {page: _digest(row) if row else b"" for page, row in self._rows()}
        except (ValueError, KeyError, TypeError, NewsmillError):
            self.before = {}  # a damaged file says nothing

    def see(self, raw: Raw, article: Article | None) -> None:
        """Compare what has just been made of a page with what it was; None: it is no article now."""
        if (was := self.before.get(_page(raw.path, raw.key))) is None:
            return
        now = {"id": article.id, "title": article.title, "content_hash": article.content_hash} if article else None
        if was != (_digest(now) if now else b""):
            self.changed[_page(raw.path, raw.key)] = now

    def changes(self) -> list[Change]:
        """The articles that changed. The batch's files must still be those of the earlier run."""
        if not self.changed:
            return []
        changes = []
        for page, was in self._rows():
            if page in self.changed:
                now = self.changed[page]
                one = now or was or {}
                changes.append(Change(self.batch, one["id"], one["title"], was, now, "extract"))
        return changes

    def _rows(self) -> Iterator[tuple[bytes, Seen | None]]:
        for row in store.rows(self.folder / ARTICLES):
            yield _page(row["raw"]["path"], row["raw"]["key"]), {k: row[k] for k in ("id", "title", "content_hash")}
        for row in store.rows(self.folder / SKIPPED):
            yield _page(row["raw"]["path"], row["raw"]["key"]), None


def _page(path: str, key: str | None) -> bytes:
    return hashlib.sha256(f"{path}\n{key}".encode("utf-8", "surrogatepass")).digest()[:8]


def _digest(article: Seen) -> bytes:
    text = f"{article['id']}\n{article['title']}\n{article['content_hash']}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
