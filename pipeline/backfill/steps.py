"""The steps of a backfill as functions over rows: each takes and gives plain tuples, so that any engine can map it.

Rows that belong together (of one source in one batch, of one article, of one component) must come one after the other.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from functools import cache, lru_cache, partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .. import store
from ..config import Config, DedupConfig
from ..dedup import bridges
from ..dedup.judge import Repeated, compared, judge
from ..dedup.keys import CHUNK
from ..dedup.keys import keys as keys_of
from ..dedup.known import agency, known
from ..dedup.profile import Likeness, Profile
from ..extract.boilerplate import Counter, Repeats, Sample, Source
from ..extract.finalize import finalize
from ..extract.isolated import drafts
from ..extract.values import Draft
from ..model import Article, Duplicate, Page, Skipped, Tags, Threaded
from ..pages import read_named
from ..records.fields import record
from ..records.join import Runs, is_new
from ..tag.tagger import Tagger
from ..threads.state import story, time_of
from ..timestamps import instant
from .plan import Unit, number

DRAFT, SKIPPED, SAMPLE = "draft", "skipped", "sample"
UNKNOWN_DAY = "unknown"

T = TypeVar("T")


class Retry(RuntimeError):
    """A page's worker was killed from outside: the task is worth another try elsewhere."""


# --- extract


def extracted(unit: Unit, body: bytes | None, cfg: Config, *, last_try: bool) -> Iterator[tuple[Any, ...]]:
    """(kind, number, batch, source, JSON line) for each page of a unit; at the end the samples of what sources repeat.

    `body` holds the bytes of the unit's only file where an engine has read it. Raises Retry unless it is the last try.
    """
    counter = Counter()
    for done in drafts(_pages(unit, body, cfg.extract.max_bytes), cfg, workers=1):
        if done.outside and not last_try:
            raise Retry(f"{done.value.raw.path}: {done.value.detail if isinstance(done.value, Skipped) else ''}")
        line = store.to_json(done.value)
        if isinstance(done.value, Skipped):
            yield SKIPPED, done.label, unit.batch, None, line
        else:
            draft = _DRAFT.decode(line)  # as whoever reads the line will see it
            counter.add(draft)
            yield DRAFT, done.label, unit.batch, draft.meta.source, line
    for source, sample in counter.samples():
        yield SAMPLE, None, unit.batch, source, _packed(sample)


def _pages(unit: Unit, body: bytes | None, max_bytes: int) -> Iterator[tuple[int, Page | Skipped]]:
    for n, file in enumerate(unit.files, unit.first):
        with tempfile.TemporaryDirectory() if body is not None else nullcontext("") as folder:
            place, raw = Path(file.place), Path(file.raw)
            if body is not None:  # under its name, which says what kind of file it is
                place, raw = Path(folder) / os.path.basename(file.place), Path(folder)  # noqa: PTH119
                place.write_bytes(body)
            for page, content in enumerate(read_named(place, raw, file.name, max_bytes)):
                if unit.takes(page):
                    yield number(n, page), content


# --- what a source repeats


def repeated(rows: Iterable[tuple[int, str, bytes]]) -> Iterator[tuple[int, str, bytes, bytes]]:
    """(batch, source, sample), sorted -> (batch, source, rows of repeats.jsonl, what `articles` needs of them)."""
    for (batch, source), group in groupby(rows, itemgetter(0, 1)):
        counter = Counter()
        for _, _, sample in group:
            counter.add_sample(source, _unpacked(sample))
        repeats = counter.finish()
        if lines := b"".join(store.to_json(row) + b"\n" for row in repeats.to_rows()):
            yield batch, source, lines, packed_repeats(repeats, source)


def packed_repeats(repeats: Repeats, source: str) -> bytes:
    """What `articles` needs of a source's repeats."""
    small = repeats.only_furniture().of(source)
    return msgspec.msgpack.encode((small.stories, small.counts))


# --- articles, tags, keys


def articles(
    rows: Iterable[tuple[int, int, str | None, bytes, bytes | None]], cfg: Config
) -> Iterator[tuple[Any, ...]]:
    """(number, batch, source, draft, what its source repeats) ->
    (kind, number, batch, id, article or skipped page, tags, keys, weights)."""
    for chunk in _chunks(rows, CHUNK):
        kept: list[tuple[int, int, Article]] = []
        for n, batch, source, line, small in chunk:
            repeats = _furniture(source or "", small) if small else Repeats()
            result = finalize(_DRAFT.decode(line), repeats, cfg.extract)
            if isinstance(result, Skipped):
                yield SKIPPED, n, batch, None, store.to_json(result), None, None, None
            else:
                kept.append((n, batch, _ARTICLE.decode(store.to_json(result))))
        keys = keys_of((article for _, _, article in kept), cfg.dedup)
        tagger = _tagger(cfg.model_dump_json(include={"topics", "watch"}))
        for row, (n, batch, article) in enumerate(kept):
            mine = keys.row == row
            tags = store.to_json(tagger.tag(article))
            yield "article", n, batch, article.id, store.to_json(article), tags, keys.key[mine], keys.weight[mine]


# --- dedup


def matches(rows: Iterable[tuple[int, int, bytes]], cfg: DedupConfig) -> Iterator[tuple[Any, ...]]:
    """(article, candidate, the candidate's line), sorted, the article's own line first under candidate -1 ->
    (article, candidate it repeats, id, agency, candidate's id and source, relation, jaccard, containment, covered)."""
    for article_number, group in groupby(rows, itemgetter(0)):
        numbers, lines = zip(*((candidate_number, line) for _, candidate_number, line in group), strict=True)
        parsed = [_ROW.decode(line) for line in lines]
        article_known, *others = known(parsed)
        for candidate_number, candidate in zip(numbers[1:], others, strict=True):
            if match := compared(article_known, candidate_number, candidate, cfg):
                like = match.likeness
                yield (
                    article_number, candidate_number, article_known.id, agency(parsed[0]), match.id, match.source,
                    match.relation,
                    like.jaccard, like.containment, like.covered,
                )  # fmt: skip


def verdicts(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, str, bytes]]:
    """Verdicts on the articles of each component, in their order -> (article, cluster, duplicate).

    Rows come sorted by component, article, candidate: for each article first its own, under candidate -1, with its id
    and, in components of more than two articles, its line; then its rows of `matches`. The lines of one component are
    in memory together.
    """
    for _, component in groupby(rows, itemgetter(0)):
        clusters: dict[int, str] = {}
        lines: dict[int, bytes] = {}
        beside = bridges.Beside({})
        profile = lru_cache(maxsize=256)(partial(_profile, lines))
        for current_number, group in groupby(component, itemgetter(1)):
            article_row, *match_rows = group
            if article_row[4] is not None:
                lines[current_number] = article_row[4]
            beside.add(current_number, bridges.name(article_row[3]))
            repeats = [
                Repeated(candidate_number, id, source, relation, Likeness(jaccard, containment, covered))
                for _, _, candidate_number, _, _, _, id, source, relation, jaccard, containment, covered in match_rows
            ]
            if lines:
                repeats = [
                    repeat
                    for repeat in repeats
                    if not bridges.holds_others(
                        profile(current_number), repeat, clusters.get(repeat.number, repeat.id), beside, profile
                    )
                ]
            if repeats and (verdict := judge(article_row[3], match_rows[0][5], repeats, clusters)):
                clusters[current_number] = verdict.cluster_id
                if bridges.is_part(verdict.relation, verdict.containment, verdict.covered):
                    beside.join(current_number, verdict.cluster_id)
                yield current_number, verdict.cluster_id, store.to_json(verdict)


def _profile(lines: dict[int, bytes], number: int) -> Profile:
    return known([_ROW.decode(lines[number])])[0].profile


# --- threads


def stories(rows: Iterable[tuple[int, int, str, str | None, bool, bytes]]) -> Iterator[tuple[Any, ...]]:
    """(number, batch, id, cluster or None, whether it heads one, article) -> the same, with its terms for its line."""
    for n, batch, id, cluster, heads, line in rows:
        terms = b""
        if cluster is None:
            article = _ARTICLE.decode(line)
            story_terms = story(article)
            terms = msgspec.msgpack.encode((story_terms.weights, story_terms.names, time_of(article)))
        yield n, batch, id, cluster, heads, terms


# --- records


def records(rows: Iterable[tuple[bytes, bytes, bytes | None, bytes]], cfg: Config) -> Iterator[tuple[str, str]]:
    """(article, tags, duplicate or None, thread) -> (day, record as JSON) for each new article."""
    runs = Runs(cfg)
    for line, tags, duplicate, thread in rows:
        article = _ARTICLE.decode(line)
        verdict = _DUPLICATE.decode(duplicate) if duplicate else None
        if not is_new(verdict, copies=cfg.records.copies):
            continue
        stage_rows: dict[type, Any] = {Tags: _TAGS.decode(tags), Threaded: _THREADED.decode(thread)}
        if verdict:
            stage_rows[Duplicate] = verdict
        yield day(article), store.to_json(record(article, stage_rows, runs.of(article))).decode()


def day(article: Article) -> str:
    """The day by which records are partitioned: that of publication, else of scraping, in UTC."""
    moment = instant(article.published_at) or instant(article.fetched_at)
    return moment.date().isoformat() if moment else UNKNOWN_DAY


# --- helpers

_DRAFT = msgspec.json.Decoder(Draft)
_ARTICLE = msgspec.json.Decoder(Article)
_DUPLICATE = msgspec.json.Decoder(Duplicate)
_TAGS = msgspec.json.Decoder(Tags)
_THREADED = msgspec.json.Decoder(Threaded)
_ROW = msgspec.json.Decoder(dict[str, Any])


@cache
def _tagger(settings: str) -> Tagger:
    """One for each process and set of settings: building it takes longer than tagging."""
    cfg = Config.model_validate_json(settings)
    return Tagger(cfg.topics, cfg.watch)


@lru_cache(maxsize=256)
def _furniture(source: str, small: bytes) -> Repeats:
    stories, counts = msgspec.msgpack.decode(small, type=tuple[int, dict[int, int]])
    return Repeats({source: Source(stories, counts)})


def _packed(sample: Sample) -> bytes:
    columns = [column.tobytes() for column in (sample.visible, sample.story, sample.words)]
    return msgspec.msgpack.encode((-sample.rank, sample.name, *columns))


def _unpacked(packed: bytes) -> Sample:
    rank, name, *columns = msgspec.msgpack.decode(packed, type=tuple[int, str, bytes, bytes, bytes])
    return Sample(-rank, name, *(array("q", column) for column in columns))


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
