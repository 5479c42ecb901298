"""Prints the results of fetch and the state of its sources, for people and as JSON."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import store
from ..console import Console, escaped, number, print_json, safe, table
from ..errors import UsageError
from ..fetch import health
from ..fetch import sources as sourcing
from ..fetch.jobs import Report
from ..fetch.run import chosen, run
from ..project import Project, check_target
from ..query import metrics
from ..timestamps import utc


def fetch(project: Project, speak: Console, names: tuple[str, ...], wait: float, metrics_file: Path | None) -> Report:
    """Run, store the report, warn of sources that fail or fell silent; print nothing else under cron."""
    if metrics_file is not None:
        check_target(project, metrics_file)
    report = run(project, speak, only=names, wait=wait)
    store.write_json(project.state / "last-fetch.json", as_json(report))
    for warning in report.warnings:
        speak.warn(safe(warning))
    for alarm in report.alarms:
        speak.warn(safe(alarm))
    for name, fault in report.faults.items():
        speak.detail(f"{safe(name)}: {safe(fault)}")
    speak.say(summary(report))
    if metrics_file is not None:
        metrics.write(project, metrics_file)
    return report


def foresee(project: Project, names: tuple[str, ...]) -> None:
    """Print what a run would ask for: the sources that are due, and the pages in the queue. Sends no request."""
    from ..fetch import state

    db = state.read_only(project.state)
    polled = (
        {row["name"]: row["polled_at"] for row in state.rows(db, "SELECT name, polled_at FROM source")} if db else {}
    )
    waiting = (
        {row["source"]: row["n"] for row in state.rows(db, "SELECT source, count(*) AS n FROM queue GROUP BY source")}
        if db
        else {}
    )
    now = time.time()
    lines = []
    for source in chosen(project, names):
        due = now - (polled.get(source.name) or 0) >= source.every * 0.98
        ask = (*source.feed, *source.sitemap, *source.homepage, *source.urls) if due else ()
        lines.append(
            (source.name, f"{number(waiting.get(source.name, 0), 'page')} waiting", ", ".join(ask) or "not due yet")
        )
    table(("source", "queue", "would ask"), lines)


def summary(report: Report) -> str:
    what = number(report.pages, "page") + (f" in {report.path.name}" if report.path else "")
    parts = [f"{n} {outcome}" for outcome, n in sorted(report.outcomes.items()) if outcome not in ("fetched", "listed")]
    left = f"; {report.waiting} left for the next run" if report.waiting else ""
    return f"fetch: {what}{'; ' if parts else ''}{', '.join(parts)}{left} ({report.seconds:.1f} s)"


def as_json(report: Report) -> dict[str, Any]:
    return {
        "finished_at": utc(),
        "file": report.path.name if report.path else None,
        "salvaged": [path.name for path in report.salvaged],
        "pages": report.pages,
        "requests": report.requests,
        "outcomes": store.counted(report.outcomes),
        "faults": report.faults,
        "waiting": report.waiting,
        "seconds": round(report.seconds, 3),
    }


def sources(project: Project, *, as_json: bool) -> None:
    """Print each source with its health."""
    health_rows = health.report(project)
    if as_json:
        print_json([asdict(source) for source in health_rows])
        return
    if not health_rows:
        raise UsageError("config.toml has no [[source]]; `newsmill sources add URL` finds a site's feed and writes one")
    table(("source", "health", ""), [(s.name, s.verdict, s.sentence) for s in health_rows])


def add(project: Project, url: str, *, name: str | None, internal: bool, dry_run: bool) -> None:
    text, listings = sourcing.add(project, url, name=name, internal=internal, dry_run=dry_run)
    for one in listings:
        named = f", {safe(one.title)}" if one.title else ""
        print(f"# {one.kind}: {safe(one.url)} ({one.items} entries{named})")
    print(escaped(text), end="")


def add_opml(project: Project, file: Path, *, dry_run: bool) -> None:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    print(escaped("\n".join(sourcing.add_opml(project, data, dry_run=dry_run))), end="")
