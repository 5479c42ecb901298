"""Reads what the report shows from clean/: project and selection -> Collected.

Nothing here depends on the time of day, so the same data gives the same report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .. import files, store
from ..export.rows import heads
from ..export.select import Selection, resolve
from ..fetch import health
from ..model import Article
from ..project import Project
from ..tag import places as country_names
from ..tag import vocabulary
from . import examples

MAX_RECORDS = 100_000  # newest first; 100,000 are 5 MB and open in two seconds (measured in headless Chromium)
MAX_TEXTS = 2_000  # newest records whose text is in the file, about 1.9 KB each
MAX_TEXTS_OF_MANY = 400  # the same where there are over 20,000 records, so that the file stays below 5 MB
MAX_STORIES = 40  # clusters and threads, largest first
MAX_VERSIONS = 12  # of one cluster, with their texts


@dataclass(frozen=True, slots=True)
class Row:
    """What the report holds of one record."""

    id: str
    title: str
    when: str | None  # published, else fetched; RFC 3339 as stated
    source: str
    language: str
    topics: tuple[str, ...]  # labels of the 17 at the top and of the user's tags, best first
    countries: tuple[str, ...]
    towns: tuple[str, ...]  # and regions, each with its country: "Hamburg, Germany"
    names: tuple[str, ...]
    cluster: str
    thread: str | None
    url: str | None
    text: str | None  # None beyond MAX_TEXTS
    batch: str


@dataclass(frozen=True, slots=True)
class Version:
    """One article of a cluster."""

    id: str
    title: str
    when: str | None
    source: str
    url: str | None
    relation: str  # "first", "near", "exact", "part"
    containment: float | None  # share of the shorter text that is in the other one, 0 to 1
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A cluster with its versions in the order of publication."""

    id: str
    size: int  # articles, also those beyond MAX_VERSIONS
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Counts of one batch, from the manifests of its stages."""

    name: str
    pages: int
    articles: int
    records: int
    copies: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything the report shows."""

    rows: tuple[Row, ...]  # newest first
    total: int  # records selected, also those beyond MAX_RECORDS
    stories: tuple[Story, ...]
    batches: tuple[Batch, ...]
    skipped: tuple[tuple[str, int], ...]  # reason, pages; most frequent first
    stripped: tuple[tuple[str, int], ...]  # rule, lines; most frequent first
    skipped_examples: dict[str, tuple[examples.SkippedPage, ...]] = field(default_factory=dict)
    stripped_examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubtful: tuple[tuple[str, float], ...] = ()  # id, confidence; least sure first
    rights: tuple[tuple[str, int], ...] = ()  # text-and-data-mining reservation, records
    watch: tuple[tuple[str, int], ...] = ()  # tag of a watch list, records
    health: tuple[health.SourceHealth, ...] = ()


def collect(project: Project, selection: Selection, *, with_examples: bool = True) -> Collected:
    """Read the selected records and all that belongs to them. Raises UsageError for a name that no record has."""
    selection = resolve(selection, heads(project))
    newest: dict[str, tuple[Row, _Facts]] = {}
    for batch in project.done():
        for record in store.rows(project.clean / batch / files.RECORDS):
            if not selection.takes(record):
                newest.pop(record["id"], None)
                continue
            newest[record["id"]] = _row(record, batch), _facts(record)
    ordered = sorted((row for row, _ in newest.values()), key=lambda row: (row.when or "", row.id), reverse=True)
    texts = MAX_TEXTS if len(ordered) <= 20_000 else MAX_TEXTS_OF_MANY
    shown = tuple(
        row if n < texts else replace(row, text=None, url=None) for n, row in enumerate(ordered[:MAX_RECORDS])
    )
    stripped: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    watch: Counter[str] = Counter()
    doubtful: dict[str, float] = {}
    for row, facts in newest.values():
        stripped.update(facts.stripped)
        watch.update(facts.watch)
        if facts.reserved:
            rights[facts.reserved] += 1
        if facts.confidence is not None and facts.confidence < DOUBTFUL:
            doubtful[row.id] = facts.confidence
    skipped: Counter[str] = Counter()
    batches = []
    for name in project.done():
        counts = _counts(project, name)
        skipped.update(counts["extract"].get("skipped", {}))
        batches.append(_batch(name, counts))
    return Collected(
        rows=shown,
        total=len(ordered),
        stories=tuple(_stories(project, {row.cluster for row in ordered})),
        batches=tuple(batches),
        skipped=_ranked(skipped),
        stripped=_ranked(stripped),
        skipped_examples=examples.skipped(project) if with_examples else {},
        stripped_examples=examples.stripped(project, [row.id for row in shown]) if with_examples else {},
        doubtful=tuple(sorted(doubtful.items(), key=lambda item: (item[1], item[0]))[:100]),
        rights=_ranked(rights),
        watch=_ranked(watch),
        health=tuple(health.report(project)),
    )


DOUBTFUL = 0.5  # records less sure than this are listed


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is summed over the latest revision of each record."""

    stripped: dict[str, int]  # rule, lines
    confidence: float | None
    reserved: str | None  # what the publisher says of text and data mining
    watch: tuple[str, ...]  # watch lists that match


def _facts(record: dict[str, Any]) -> _Facts:
    watched = tuple(topic["label"] for topic in record["topics"] if topic["by"] == "watch")
    return _Facts(record["stripped"], record["confidence"], (record["rights"] or {}).get("tdm"), watched)


def _row(record: dict[str, Any], batch: str) -> Row:
    thread, places = record.get("thread"), record["places"] or ()
    return Row(
        id=record["id"],
        title=record["title"] or record["text"][:80],
        when=record["published_at"] or record["fetched_at"],
        source=record["source"] or "",
        language=record["language"] or "",
        topics=tuple(dict.fromkeys(vocabulary.broad(topic["id"], topic["label"]) for topic in record["topics"]))[:3],
        countries=tuple(place["name"] for place in places if not place["country"])[:5],
        towns=tuple(f"{place['name']}, {_country(place['country'])}" for place in places if place["country"])[:5],
        names=tuple(name["name"] for name in (record.get("names") or ())[:8]),
        cluster=record["cluster_id"] or record["id"],
        thread=thread["id"] if thread else None,
        url=record["url"],
        text=record["text"],
        batch=batch,
    )


def _country(code: str) -> str:
    return country_names.names().get(code, code)


def _counts(project: Project, batch: str) -> dict[str, dict[str, Any]]:
    return {
        stage: (project.manifest(batch, stage) or {}).get("counts", {})
        for stage in ("extract", "dedup", "tag", "records")
    }


def _batch(name: str, counts: dict[str, dict[str, Any]]) -> Batch:
    relations = counts["dedup"].get("duplicates", {})
    return Batch(
        name,
        pages=counts["extract"].get("pages", 0),
        articles=counts["extract"].get("articles", 0),
        records=counts["records"].get("records", 0),
        copies=sum(n for relation, n in relations.items() if relation != "revision"),
        skipped=sum(counts["extract"].get("skipped", {}).values()),
    )


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _stories(project: Project, clusters: set[str]) -> Iterator[Story]:
    """The largest clusters among `clusters`, each with its versions in the order of publication."""
    members: dict[str, dict[str, dict[str, Any] | None]] = {}
    for batch in project.done():
        for row in store.rows(project.clean / batch / files.DUPLICATES):
            if row["relation"] in ("exact", "near", "part") and row["cluster_id"] in clusters:
                members.setdefault(row["cluster_id"], {row["cluster_id"]: None})[row["id"]] = row
    largest = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))[:MAX_STORIES]
    articles = _articles(project, {id for _, copies in largest for id in list(copies)[:MAX_VERSIONS]})
    for name, copies in largest:
        versions = [_version(articles[id], row) for id, row in list(copies.items())[:MAX_VERSIONS] if id in articles]
        yield Story(name, len(copies), tuple(sorted(versions, key=_published)))


def _published(version: Version) -> tuple[str, bool, str, str]:
    """Sort key: a bare date may be any time of its day, so the cluster's original comes first on its day."""
    when = version.when or "9"
    return when[:10], version.relation != "first", when if len(when) > 10 else f"{when}T24", version.id


def _articles(project: Project, ids: set[str]) -> dict[str, Article]:
    """The first article with each id."""
    articles: dict[str, Article] = {}
    for _, row in project.articles_with(ids):
        articles.setdefault(row["id"], store.parse(Article, row))
    return articles


def _version(article: Article, row: dict[str, Any] | None) -> Version:
    return Version(
        id=article.id,
        title=article.title or article.text[:80],
        when=article.published_at or article.fetched_at,
        source=article.source or "",
        url=article.url,
        relation=row["relation"] if row else "first",
        containment=row["containment"] if row else None,
        text=article.text[:20_000],
    )
