"""`newsmill backfill`: archives through the whole chain on a cluster."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from .app import CHAIN, ProjectDir, Quiet, app, console


@app.command(group=CHAIN)
def backfill(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="As in raw/: files, folders, patterns, s3a:// or hdfs://."),
    ],
    out: Annotated[str, typer.Option("--out", "-o", metavar="OUT", help="Folder or URI for the results.")],
    engine: Annotated[
        Literal["spark"], typer.Option("--engine", help="The engine that distributes the work.")
    ] = "spark",
    master: Annotated[
        str | None, typer.Option("--master", metavar="URL", help="Spark's master (default: spark-submit's, else here).")
    ] = None,
    conf: Annotated[
        list[str] | None, typer.Option("--conf", metavar="KEY=VALUE", help="A setting of Spark; may be repeated.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the rows of every step.")] = False,
    project: ProjectDir = None,
    quiet: Quiet = False,
) -> None:
    """Process archives on a cluster; the records are those of a run on one machine.

    Every INPUT is a batch, as in raw/. Writes OUT/records.parquet and
    OUT/records.jsonl, by day. Settings are those of config.toml; nothing else of a project is
    read or changed. Run again after an interruption, it continues after the last finished step.

    Example: newsmill backfill 'archives/*.warc.gz' -o out
    """
    from ..backfill import run as work
    from ..errors import UsageError
    from ..project import open_project
    from ..views import backfill as view

    if faults := [item for item in conf or () if "=" not in item]:
        raise UsageError(f"--conf {faults[0]}: give it as KEY=VALUE")
    settings = dict(item.split("=", 1) for item in conf or ())
    speak = console(quiet, False)
    report = work.run(open_project(project), inputs, out, work.Options(master, settings, keep), speak.say)
    view.show(report, out, speak)
