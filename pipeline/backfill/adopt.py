"""OUT of a backfill -> clean/ of a new project, as if its own runs had made it: `newsmill import --backfill`.

The raw pages stay where they are: every batch is marked as one whose pages were pruned. All is built beside clean/ and
takes its name at the end.
"""

from __future__ import annotations

import collections
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from .. import __version__, pages, store, tombstones
from ..console import Console
from ..dedup import Index, order
from ..errors import NewsmillError, UsageError
from ..extract.stage import doubts
from ..files import ARTICLES, DUPLICATES, PRUNED, REPEATS, SKIPPED, THREADS, TOPICS
from ..model import Article
from ..project import Project, check_layout
from ..runner import plan
from ..runner.stages import NAMES, STAGES, writer
from ..stage import Stage, Work
from ..tag import vocabulary
from ..threads.stage import repaired
from ..urls import host_of
from . import manifest

BUILT = ".clean.import"  # in the project folder, until it is whole

# File of a batch -> its rows among the steps of a backfill: batch, row of the file, in their order.
_QUERIES = {
    ARTICLES: "SELECT batch, line FROM {articles} ORDER BY number",
    TOPICS: "SELECT batch, tags FROM {articles} ORDER BY number",
    SKIPPED: "SELECT batch, line FROM (SELECT batch, number, line FROM {late} UNION ALL "
             "SELECT batch, number, line FROM {early}) ORDER BY number",
    DUPLICATES: "SELECT a.batch, d.duplicate FROM {duplicates} d JOIN {articles} a USING (number) ORDER BY number",
    THREADS: "SELECT a.batch, t.thread FROM {threads} t JOIN {articles} a USING (number) ORDER BY number",
    REPEATS: "SELECT batch, lines FROM {repeats} ORDER BY batch, encode(source)",
}  # fmt: skip
_PLACES = {
    "articles": "articles/kind=article",
    "late": "articles/kind=skipped",
    "early": "extract/kind=skipped",
    "duplicates": "duplicates",
    "threads": "threads",
    "repeats": "repeats",
}
_NO_ROWS = {
    **dict.fromkeys(("late", "early", "articles"), "number BIGINT, batch INTEGER, line BLOB, tags BLOB"),
    "duplicates": "number BIGINT, duplicate BLOB",
    "threads": "number BIGINT, thread BLOB",
    "repeats": "batch INTEGER, source VARCHAR, lines BLOB",
}


def run(project: Project, out: Path, console: Console) -> int:
    """Import a backfill into a project that has judged nothing yet; returns the number of batches.

    Raises UsageError and NewsmillError where its verdicts would not be those of the project, and Locked.
    """
    facts = _manifest(project, out)
    with store.hold(project.state / "locks", exclusive=(*NAMES, store.RAW)):
        _refuse(project, facts["batches"])
        section = project.config.project.model_copy(update={"clean": BUILT})
        built = Project(project.root, project.config.model_copy(update={"project": section}))
        shutil.rmtree(built.clean, ignore_errors=True)
        check_layout(built, write=True)
        _files(built, out / "steps", facts["batches"])
        order.write(built, facts["batches"])
        _stages(built, facts["batches"], console)
        shutil.rmtree(project.clean, ignore_errors=True)  # nothing but its sign, as `_refuse` saw
        project.clean.parent.mkdir(parents=True, exist_ok=True)
        built.clean.rename(project.clean)
    return len(facts["batches"])


def _manifest(project: Project, out: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((out / manifest.NAME).read_bytes())
    except (OSError, ValueError):
        raise UsageError(f"{out}: no finished backfill ({manifest.NAME} is missing or damaged)") from None
    mine = {"form": manifest.FORM, "version": __version__, "settings": manifest.settings(project.config)}
    for name, value in mine.items():
        if facts.get(name) != value:
            raise NewsmillError(
                f"{out}: made with another {name} ({facts.get(name)}, here {value}): its verdicts are not those that "
                "runs of this project would give. Use the same config.toml and version, or backfill again"
            )
    return facts


def _refuse(project: Project, batches: Sequence[str]) -> None:
    if project.done() or order.judged(project):
        raise UsageError(f"{project.clean}: has batches already, with which the backfill was not compared: it is "
                         "imported into a new project")  # fmt: skip
    if tombstones.forgotten(project):
        raise UsageError(f"{project.root}: has forgotten articles, which the backfill may hold: import into a project "
                         "without tombstones, then forget them there again")  # fmt: skip
    present = {batch.name for batch in pages.batches(project.raw)} if project.raw.is_dir() else set()
    if both := sorted(present & set(batches)):
        raise UsageError(f"{project.raw}: holds batches of the backfill ({', '.join(both[:3])}): move them away")


def _files(built: Project, steps: Path, batches: Sequence[str]) -> None:
    """What extract, dedup, tag and threads write for each batch."""
    import duckdb

    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for batch in batches:
        store.write_json(built.clean / batch / PRUNED, {"at": at, "raw": True, "records": False})
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "2GB",
        "temp_directory": str(built.clean / "sort.tmp"),
        "threads": 1,
    }
    with duckdb.connect(":memory:", config=settings) as db:
        for name, query in _QUERIES.items():
            result = db.execute(query.format(**{part: _table(steps, part) for part in _PLACES}))
            rows = groupby(iter(result.fetchone, None), itemgetter(0))
            following = next(rows, None)
            for number, batch in enumerate(batches):
                with store.writer(built.clean / batch / name) as write:
                    if following and following[0] == number:
                        for _, lines in following[1]:
                            for line in lines.splitlines() if name == REPEATS else (lines,):
                                write(msgspec.Raw(line))
                        following = next(rows, None)
    shutil.rmtree(built.clean / "sort.tmp", ignore_errors=True)


def _table(steps: Path, part: str) -> str:
    folder = steps / _PLACES[part]
    if not any(folder.glob("*.parquet")):
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in _columns(_NO_ROWS[part]))
        return f"(SELECT {columns} WHERE false)"
    quoted = str(folder).replace("'", "''")
    return f"read_parquet('{quoted}/*.parquet', hive_partitioning = false)"


def _columns(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(", "):
        name, _, kind = part.partition(" ")
        yield name, kind


def _stages(built: Project, batches: Sequence[str], console: Console) -> None:
    """The manifests, records, dedup's index and the open threads, in the order in which a run makes them."""
    index = Index(built.index, built.clean, built.config.dedup)
    with console.progress("import", len(batches)) as progress:
        for stage in STAGES:
            before: str | None = "" if stage.sequential else None
            for batch in batches:
                before = _manifest_of(stage, built, batch, before)
        for batch in batches:
            index.rebuild(batch)
            progress(1)
    repaired(built, batches)


def _manifest_of(stage: Stage, built: Project, batch: str, before: str | None) -> str | None:
    """Write a stage's manifest of a batch; returns its key where keys are a chain."""
    folder = built.clean / batch
    facts: Mapping[str, Any] = {}
    if stage.name == "records":
        result = stage.run(Work(built, batch, lambda n: None))
        counts, facts = result.counts, result.facts
    else:
        counts = _COUNTS[stage.name](folder)
        if stage.name == "extract":
            facts = {"hosts": _hosts(folder)}
    outputs = {name: store.file_sha256(folder / name) for name in stage.writes}
    inputs = [str((built.manifest(batch, writer(file).name) or {})["outputs"][file]) for file in stage.reads]
    written = {"outputs": outputs, "counts": counts, **({"facts": facts} if facts else {})}
    key = plan.key(stage, built.config, inputs, written, before)
    store.write_json(built.manifest_path(batch, stage.name), {"key": key, **written})
    return key if before is not None else None


def _hosts(folder: Path) -> list[str]:
    urls = {row["url"] for name in (ARTICLES, SKIPPED) for row in store.rows(folder / name)}
    return sorted({host for url in urls if (host := host_of(url))})


def _extract_counts(folder: Path) -> dict[str, Any]:
    skipped = collections.Counter(row["reason"] for row in store.rows(folder / SKIPPED))
    stripped: collections.Counter[str] = collections.Counter()
    doubtful: dict[str, float] = {}
    articles = 0
    for article in store.read(Article, folder / ARTICLES):
        articles += 1
        stripped.update(article.stripped)
        doubtful |= doubts(article)
    return {
        "pages": articles + skipped.total(),
        "articles": articles,
        "skipped": store.counted(skipped),
        "stripped": store.counted(stripped),
        "doubtful": dict(sorted(doubtful.items(), key=lambda item: (item[1], item[0]))),
    }


def _dedup_counts(folder: Path) -> dict[str, Any]:
    relations = collections.Counter(row["relation"] for row in store.rows(folder / DUPLICATES))
    return {"duplicates": store.counted(relations)}


def _tag_counts(folder: Path) -> dict[str, Any]:
    rows = [row["topics"] for row in store.rows(folder / TOPICS)]
    topics = collections.Counter(vocabulary.broad(tags[0]["id"], tags[0]["label"]) for tags in rows if tags)
    return {"tagged": topics.total(), "untagged": len(rows) - topics.total(), "topics": store.counted(topics)}


def _threads_counts(folder: Path) -> dict[str, Any]:
    how = collections.Counter(row["how"] for row in store.rows(folder / THREADS))
    return {"threads": {name: how[name] for name in ("opened", "joined", "copy")}}


_COUNTS = {"extract": _extract_counts, "dedup": _dedup_counts, "tag": _tag_counts, "threads": _threads_counts}
