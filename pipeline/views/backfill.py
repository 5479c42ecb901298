"""Prints the counts of a backfill."""

from __future__ import annotations

from pathlib import Path

from ..backfill import adopt as results
from ..backfill.run import Report
from ..console import Console, number
from ..project import Project


def show(report: Report, out: str, console: Console) -> None:
    console.say(
        f"{number(report.batches, 'batch', 'batches')}, {number(report.files, 'file')}: "
        f"{number(report.articles, 'article')}, {number(report.skipped, 'skipped page')}, "
        f"{number(report.duplicates, 'duplicate')}, {number(report.records, 'record')} in {out}"
    )


def adopt(project: Project, out: Path, console: Console) -> None:
    """Import a backfill and say so."""
    batches = number(results.run(project, out, console), "batch", "batches")
    console.tell(f"imported into {project.clean}: {batches} of {out}")
