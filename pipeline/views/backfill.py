"""What a backfill did, for people."""

from __future__ import annotations

from pathlib import Path

from ..backfill import adopt as results
from ..backfill.run import Report
from ..console import Console
from ..project import Project


def show(report: Report, out: str, console: Console) -> None:
    console.say(
        f"{report.batches} batches, {report.files} files: {report.articles} articles, {report.skipped} skipped pages, "
        f"{report.duplicates} duplicates, {report.records} records in {out}"
    )


def adopt(project: Project, out: Path, console: Console) -> None:
    """Import a backfill and say so."""
    console.tell(f"{results.run(project, out, console)} batches of {out} are in {project.clean}")
