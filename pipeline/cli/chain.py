"""The commands that write clean/: run, and one for each stage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..console import Console, number
from .app import (
    CHAIN,
    AsJson,
    Batches,
    DryRun,
    Force,
    Metrics,
    ProjectDir,
    Quiet,
    Verbose,
    Wait,
    Workers,
    app,
    console,
)


@app.command(group=CHAIN)
def run(
    batches: Batches = None,
    project: ProjectDir = None,
    workers: Workers = None,
    force: Force = False,
    metrics: Metrics = None,
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Bring clean/ up to date: extract, dedup, tag, threads, records.

    Only what changed is processed. No output under cron. Exit 0 done, 1 a batch failed, 2 usage or
    config, 75 another run holds the lock.

    Example: newsmill run --wait 600
    """
    run_stages((), batches, project, workers, force, dry_run, wait, quiet, verbose, metrics)


@app.command(group=CHAIN)
def extract(
    batches: Batches = None,
    project: ProjectDir = None,
    workers: Workers = None,
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="Draft one of N parts of the pages.")
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Extract articles from pages: articles.jsonl and skipped.jsonl.

    Removes boilerplate and finds metadata; a page that is no article goes to skipped.jsonl with its reason.
    With --shard it drafts one of N parts and writes nothing to clean/: N processes, on one machine or more that share
    the project's folder, do the slow part in parallel, and `newsmill run` continues from there.

    Example: newsmill extract 2026-11-20 --verbose
    """
    if shard is not None:
        _shard(shard, batches, project, workers, wait, console(quiet, verbose))
        return
    run_stages(("extract",), batches, project, workers, force, dry_run, wait, quiet, verbose)


@app.command(group=CHAIN)
def dedup(
    batches: Batches = None,
    project: ProjectDir = None,
    force: Force = False,
    rebuild: bool = typer.Option(False, "--rebuild", help="Rebuild clean/index/; verdicts stay."),
    reorder: bool = typer.Option(False, "--reorder", help="Compare all batches again in the order of their names."),
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find duplicates: duplicates.jsonl.

    Each duplicate has its measured similarity. Compares with the batches before (clean/order.jsonl): a late batch comes
    last, whatever its name. After a changed batch, all batches behind it are compared again.
    --rebuild rebuilds the index from articles and verdicts; --force decides again too. --reorder takes batches in the
    order of their names; `newsmill status --changes` then lists the articles with another verdict.

    Example: newsmill dedup --rebuild
    """
    run_stages(
        ("dedup",), batches, project, None, force, dry_run, wait, quiet, verbose, rebuild=rebuild, reorder=reorder
    )


@app.command(group=CHAIN)
def tag(
    batches: Batches = None,
    project: ProjectDir = None,
    try_: Annotated[
        str | None, typer.Option("--try", metavar="TEXT", help="Tag this text instead; - reads it from stdin.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="With --try: the text's title.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="With --try: the text's language.")] = None,
    as_json: AsJson = False,
    force: Force = False,
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Tag articles: topics.jsonl, with media topics and your own tags.

    IPTC Media Topics and the tags of your rules, each with its evidence. With --try nothing is written: it prints the
    tags that a text would get, and the words and rules that decide. --dry-run lists, below the batches, the articles
    whose topics would change: what they are and what they would be.

    Example: newsmill tag --try "Voters went to the polls on Sunday"
    """
    if try_ is not None:
        from ..views import tag_trial

        tag_trial.run(project, try_, title, language, as_json=as_json)
        return
    run_stages(("tag",), batches, project, None, force, dry_run, wait, quiet, verbose, show=dry_run)


@app.command(group=CHAIN)
def records(
    batches: Batches = None,
    project: ProjectDir = None,
    force: Force = False,
    dry_run: DryRun = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Join all into records.jsonl: one record for each new article.

    Writes records.jsonl from articles, duplicates, topics and threads.

    Example: newsmill records --dry-run
    """
    run_stages(("records",), batches, project, None, force, dry_run, wait, quiet, verbose)


def run_stages(
    stages: Sequence[str],
    batches: list[str] | None,
    folder: Path | None,
    workers: int | None,
    force: bool,
    dry_run: bool,
    wait: float,
    quiet: bool,
    verbose: bool,
    metrics: Path | None = None,
    rebuild: bool = False,
    reorder: bool = False,
    show: bool = False,
) -> None:
    """Run these stages, all where none is named, and tell what was done. Exit 1 where a batch failed."""
    from ..project import check_target, find_project, with_workers
    from ..query import status as state
    from ..runner import run as chain
    from ..runner.stages import NAMES
    from ..views import project as view

    project = with_workers(find_project(folder), workers)
    if metrics is not None:
        check_target(project, metrics)
    speak = console(quiet, verbose)
    options = chain.Options(stages or NAMES, tuple(batches or ()), force, rebuild, reorder, dry_run, wait)
    report = chain.run(project, options, speak)
    if metrics is not None and not dry_run:
        from ..query import metrics as gauges

        gauges.write(project, metrics, succeeded=not report.failed)
    if dry_run:
        view.plan(report)
        if show:
            view.retagged(project, report)
    elif report.worked and speak.lively and not stages:
        view.summary(project, state.status(project))
    elif speak.lively and not report.worked and not report.failed:
        speak.say(f"nothing to do: {project.clean} is up to date" if project.done() else f"no pages in {project.raw}")
    if report.failed:
        raise typer.Exit(1)


def _shard(
    text: str, batches: list[str] | None, folder: Path | None, workers: int | None, wait: float, speak: Console
) -> None:
    from ..extract import shards
    from ..project import find_project, with_workers

    shard = shards.parsed(text)
    drafted = shards.run(with_workers(find_project(folder), workers), shard, batches or (), wait, speak)
    speak.say(f"shard {shard.name}: {number(drafted, 'page')} drafted; when all shards are done: newsmill run")
