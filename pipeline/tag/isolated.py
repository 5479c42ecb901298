"""Lines of articles.jsonl -> lines of topics.jsonl and what the stage counts of them, in worker processes.

Tagging takes 4 to 8 ms an article; done in the parent it bounds the speed of the chain on any number of processors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from .. import store
from ..config import Config, TopicsConfig, WatchList
from ..model import Article
from ..sandbox import pool
from . import vocabulary
from .tagger import Tagger

FEW = 100  # articles that are done here: two workers take as long to load the model
TOGETHER = 16  # articles in one task
SECONDS, MEMORY_MB = 600.0, 2048  # of one task: a rule that takes longer is done here, however long it takes

_ARTICLE = store.decoder_of(Article)


@dataclass(frozen=True, slots=True)
class Tagged:
    """One article's row, and what the stage counts of it."""

    line: bytes  # of topics.jsonl
    id: str
    title: str | None
    topics: tuple[str, ...]  # ids
    first: str | None  # label of the best one's top topic


def tagged(path: Path, cfg: Config) -> Iterator[Tagged]:
    """The topics of each article of a file, in its order. Raises NewsmillError where a line is damaged."""
    lines = enumerate(store.raw_lines(path), 1)
    few = list(islice(lines, FEW))
    if len(few) < FEW:
        yield from _here(few, path, cfg.topics, cfg.watch)
        return
    tasks = ((task, tuple(line for _, line in task)) for task in _cut(chain(few, lines)))
    done = pool.map(tag_lines, tasks, shared=(cfg.topics, cfg.watch), workers=cfg.project.workers, seconds=SECONDS,
                    memory_mb=MEMORY_MB)  # fmt: skip
    for (task, _), tags in done:
        yield from _here(task, path, cfg.topics, cfg.watch) if isinstance(tags, pool.Lost) else tags


def tag_lines(lines: Sequence[bytes], cfg: TopicsConfig, watched: tuple[WatchList, ...]) -> tuple[Tagged, ...]:
    """In a worker."""
    return tuple(_tagged(_ARTICLE.decode(line), cfg, watched) for line in lines)


def _here(
    lines: Iterable[tuple[int, bytes]], path: Path, cfg: TopicsConfig, watched: tuple[WatchList, ...]
) -> Iterator[Tagged]:
    for number, line in lines:
        try:
            article = _ARTICLE.decode(line)
        except ValueError as error:
            raise store.damaged(path, number, error) from None
        yield _tagged(article, cfg, watched)


def _tagged(article: Article, cfg: TopicsConfig, watched: tuple[WatchList, ...]) -> Tagged:
    tags = _tagger(cfg, watched).tag(article)
    first = vocabulary.broad(tags.topics[0].id, tags.topics[0].label) if tags.topics else None
    return Tagged(store.to_json(tags), tags.id, article.title, tuple(topic.id for topic in tags.topics), first)


@lru_cache(maxsize=1)
def _tagger(cfg: TopicsConfig, watched: tuple[WatchList, ...]) -> Tagger:
    return Tagger(cfg, watched)


def _cut(lines: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while task := list(islice(lines, TOGETHER)):
        yield task
