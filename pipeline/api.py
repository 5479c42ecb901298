"""The public Python API: one page, one project, two texts, one text. Slow imports happen at the first call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import files, store
from .config import Config
from .model import Article, Duplicate, Page, Raw, Skipped, Tags
from .project import open_project

if TYPE_CHECKING:
    from .tag.tagger import Tagger

__all__ = [
    "Article",
    "Duplicate",
    "Project",
    "Record",
    "Similarity",
    "Skipped",
    "Tags",
    "compare",
    "extract_page",
    "signature",
    "tag_text",
]

Record = dict[str, Any]
"""A row of records.jsonl; its keys are described in docs/reference/files.md."""


def extract_page(
    body: str | bytes,
    url: str | None = None,
    *,
    kind: Literal["html", "text"] | None = None,
    fetched_at: str | None = None,
    config: Config | None = None,
) -> Article | Skipped:
    """One page -> its article, or the reason why there is none. A pure function: no file, no network, no clock.

    `kind` is found from the content where it is not given. Nothing is known of the source's other pages, so lines that
    only they would show to be boilerplate stay.
    """
    from . import extract
    from .extract.boilerplate import Repeats
    from .extract.finalize import finalize

    cfg = config or Config()
    data = body.encode("utf-8", "replace") if isinstance(body, str) else body
    charset = "utf-8" if isinstance(body, str) else None
    raw = Raw(url or "-", None, hashlib.sha256(data).hexdigest())
    page = Page(raw, data, kind, charset, url=url, fetched_at=fetched_at)
    draft = extract.draft(page, cfg.extract, cfg.site)
    return draft if isinstance(draft, Skipped) else finalize(draft, Repeats(), cfg.extract)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How much two texts share, measured exactly on shingles of three words."""

    jaccard: float  # shared shingles / all shingles
    containment: float  # shared shingles / shingles of the shorter text
    covered: float  # shared shingles / shingles of the first text


def compare(first: str, second: str) -> Similarity:
    """The similarity of two texts, as duplicates.jsonl states it."""
    from .dedup.tokens import distinct, member, shingles, tokenise

    hashes, bounds = shingles(tokenise([first, second]), 3)
    a, b = (distinct(hashes[bounds[n] : bounds[n + 1]]) for n in range(2))
    if not len(a) or not len(b):
        return Similarity(0.0, 0.0, 0.0)
    shared = int(member(a, b).sum())
    return Similarity(shared / (len(a) + len(b) - shared), shared / min(len(a), len(b)), shared / len(a))


def signature(text: str, *, permutations: int = 128, shingle: int = 5) -> tuple[int, ...]:
    """The MinHash signature of a text, bit for bit that of datasketch's affine32 scheme with seed 1."""
    from .dedup.minhash import shingle_hashes, signatures
    from .dedup.tokens import tokenise

    hashes, bounds = shingle_hashes(tokenise([text]), shingle)
    return tuple(int(value) for value in signatures(hashes, bounds, permutations)[0])


_taggers: dict[str, Tagger] = {}  # one for each set of settings: building it takes longer than tagging


def tag_text(text: str, title: str | None = None, *, language: str | None = None, config: Config | None = None) -> Tags:
    """IPTC Media Topics, the tags of the config's own rules, and countries of a text. Its `id` is empty."""
    from .config import digest
    from .extract.language import detect
    from .tag.tagger import Tagger

    cfg = config or Config()
    key = digest(cfg.topics, cfg.watch)
    if key not in _taggers:
        _taggers[key] = Tagger(cfg.topics, cfg.watch)
    article = Article("", None, title, text, "", Raw("", None, ""), language=language or detect(text))
    return _taggers[key].tag(article)


class Project:
    """A project folder, for reading: its records, articles, duplicates and tags, in the order of batches."""

    def __init__(self, folder: str | Path = ".") -> None:
        """Raises pipeline.errors.ConfigError for faults in config.toml, NewsmillError where there is no folder."""
        self._project = open_project(Path(folder))

    @property
    def folder(self) -> Path:
        return self._project.root

    @property
    def config(self) -> Config:
        return self._project.config

    def batches(self) -> list[str]:
        """Names of the batches that have outputs."""
        return self._project.done()

    def records(self, batch: str | None = None) -> Iterator[Record]:
        """Rows of records.jsonl, of one batch or of all; every revision of an article."""
        for name in [batch] if batch else self.batches():
            yield from store.rows(self._project.clean / name / files.RECORDS)

    def articles(self, batch: str | None = None) -> Iterator[Article]:
        """Every article, also those that repeat another one."""
        yield from self._read(Article, files.ARTICLES, batch)

    def duplicates(self, batch: str | None = None) -> Iterator[Duplicate]:
        """What repeats what, with the measured evidence."""
        yield from self._read(Duplicate, files.DUPLICATES, batch)

    def tags(self, batch: str | None = None) -> Iterator[Tags]:
        """The tags of every article."""
        yield from self._read(Tags, files.TOPICS, batch)

    def _read(self, kind: type[Any], file: str, batch: str | None) -> Iterator[Any]:
        for name in [batch] if batch else self.batches():
            yield from store.read(kind, self._project.clean / name / file)
