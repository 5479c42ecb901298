"""A project's counts -> a file for Prometheus' textfile collector, written atomically."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import store
from ..project import Project
from ..timestamps import seconds
from . import status


@dataclass(frozen=True, slots=True)
class Sample:
    name: str  # without the prefix newsmill_
    value: float
    labels: tuple[tuple[str, str], ...] = ()


HELP = {
    "last_success_timestamp_seconds": "When this stage last ended without a failure",
    "last_run_failed_batches": "Batches that failed in the last run of the chain",
    "batches": "Batches under clean/",
    "batches_waiting": "Batches that some stage has not finished",
    "pages": "Pages taken in, over all batches",
    "articles": "Articles among them",
    "records": "Records",
    "skipped_pages": "Pages in the ledger, by reason",
    "duplicates": "Articles that repeat another one, by relation",
    "stage_seconds": "Seconds the last run spent, by stage",
    "fetched_pages": "Pages of the last fetch",
    "fetch_outcomes": "What became of the addresses of the last fetch",
    "fetch_queue": "Addresses left for the next fetch",
    "sources": "Sources by their health",
    "source_ok": "Whether a source is well: 0 where it fails or has fallen silent",
}


def collect(project: Project, *, succeeded: bool = False) -> Iterator[Sample]:
    """What is in clean/, and what the last runs said of themselves.

    `succeeded`: the chain has just ended well. A run that found nothing to do leaves no other trace of it.
    """
    now = status.status(project)
    run = now.last_run
    if succeeded:
        yield Sample("last_success_timestamp_seconds", time.time(), (("stage", "run"),))
    elif run and not run.failed:
        yield Sample("last_success_timestamp_seconds", _time(run.finished_at), (("stage", "run"),))
    if run:
        yield Sample("last_run_failed_batches", len(run.failed))
    yield Sample("batches", now.batches)
    yield Sample("batches_waiting", len(now.waiting))
    yield Sample("pages", now.pages)
    yield Sample("articles", now.articles)
    yield Sample("records", now.records)
    yield from (Sample("skipped_pages", n, (("reason", why),)) for why, n in sorted(now.skipped.items()))
    yield from (Sample("duplicates", n, (("relation", kind),)) for kind, n in sorted(now.duplicates.items()))
    seconds = run.seconds if run else {}
    yield from (Sample("stage_seconds", s, (("stage", name),)) for name, s in seconds.items())
    if fetched := store.read_json(project.state / "last-fetch.json"):
        yield Sample("last_success_timestamp_seconds", _time(fetched.get("finished_at")), (("stage", "fetch"),))
        yield Sample("stage_seconds", fetched.get("seconds", 0), (("stage", "fetch"),))
        yield Sample("fetched_pages", fetched.get("pages", 0))
        yield Sample("fetch_queue", fetched.get("waiting", 0))
        yield from (Sample("fetch_outcomes", n, (("outcome", o),)) for o, n in fetched.get("outcomes", {}).items())
    if project.config.source:
        from ..fetch import health

        judged = health.report(project)
        verdicts: list[str] = [source.verdict for source in judged]
        for verdict in sorted({"ok", "silent", "failing", *verdicts}):
            yield Sample("sources", verdicts.count(verdict), (("verdict", verdict),))
        yield from (
            Sample("source_ok", source.ok, (("source", source.name), ("verdict", source.verdict))) for source in judged
        )


def render(samples: Iterable[Sample]) -> str:
    """Prometheus' text format: samples of one name together, each name with its help and type."""
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.name, []).append(sample)
    lines = []
    for name, group in by_name.items():
        lines += [f"# HELP newsmill_{name} {HELP[name]}", f"# TYPE newsmill_{name} gauge"]
        for sample in group:
            labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in sample.labels)
            lines.append(f"newsmill_{name}{'{' + labels + '}' if labels else ''} {sample.value:.14g}")
    return "\n".join(lines) + "\n"


def write(project: Project, path: Path, *, succeeded: bool = False) -> None:
    """Raises NewsmillError. The collector never sees half a file: it appears whole, by a rename."""
    text = render(collect(project, succeeded=succeeded))
    with store.atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _time(text: object) -> float:
    return seconds(text) or 0.0
