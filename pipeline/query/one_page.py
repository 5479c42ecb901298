"""One page from a file or stdin -> one article, without a project."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

from .. import config as configuration
from .. import extract, pages
from ..config import Config
from ..errors import NewsmillError, UsageError
from ..extract.boilerplate import Repeats
from ..extract.finalize import judged, settle
from ..extract.values import Draft
from ..model import Article, Line, Page, Raw, Skipped


def read(file: str, url: str | None, config: Path | None) -> tuple[Draft, Config]:
    """Read and draft one page. Raises NewsmillError with the reason where it holds no article."""
    cfg = configuration.load(config) if config else Config()
    page = _stdin(cfg.extract.max_bytes) if file == "-" else _file(Path(file), cfg.extract.max_bytes)
    if isinstance(page, Page) and url:
        page = replace(page, url=url)
    draft = extract.draft(page, cfg.extract, cfg.site) if isinstance(page, Page) else page
    if isinstance(draft, Skipped):
        raise NewsmillError(f"{file}: no article: {draft.reason}: {draft.detail}")
    return draft, cfg


def article(found: tuple[Draft, Config]) -> Article:
    """The article as a line of articles.jsonl would have it. Raises NewsmillError where there is none."""
    draft, cfg = found
    article = settle(draft, Repeats(), cfg.extract)
    if isinstance(article, Skipped):
        raise NewsmillError(f"{article.raw.path}: no article: {article.reason}: {article.detail}")
    return article


def lines(found: tuple[Draft, Config]) -> list[Line]:
    """Every line of the page with the rule that took it off."""
    return judged(found[0], Repeats())


def _file(path: Path, limit: int) -> Page | Skipped:
    """The page in a file, its sidecar read too. Raises UsageError for a file of many pages."""
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    if path.is_dir() or path.name.lower().removesuffix(".gz").endswith((".warc", ".jsonl")):
        raise UsageError(f"{path}: holds many pages; put it into raw/ of a project and use `newsmill run`")
    path = path.resolve()
    found = next(pages.read_file(pages.Batch("", path.parent, (path,)), path, path.parent, limit))
    return replace(found, raw=replace(found.raw, path=path.name))


def _stdin(limit: int) -> Page:
    body = sys.stdin.buffer.read(limit + 1)
    if len(body) > limit:
        raise NewsmillError(f"-: too-large: more than {limit} bytes (extract.max_bytes)")
    return Page(Raw("-", None, hashlib.sha256(body).hexdigest()), body)
