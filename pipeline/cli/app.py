"""The typer app and the options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Talk

app = typer.Typer(
    name="newsmill",
    help="News pages in, clean, de-duplicated, topic-tagged records out.",
    epilog="Start with `newsmill init my-project`; `newsmill COMMAND --help` shows an example of each command.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

ProjectDir = Annotated[
    Path | None,
    typer.Option("--project", "-C", metavar="DIR", help="The project folder [default: $NEWSMILL_PROJECT, else here]."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors and warnings.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done for each batch.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be done, and do nothing.")]
Wait = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for another run to end.")]
Force = Annotated[bool, typer.Option("--force", help="Do it again although nothing has changed.")]
Workers = Annotated[
    int | None, typer.Option("--workers", "-j", min=0, max=256, help="Processes that extract; 0: one a processor.")
]
Metrics = Annotated[
    Path | None, typer.Option("--metrics", metavar="FILE", help="Write counts for Prometheus' textfile collector.")
]
Batches = Annotated[
    list[str] | None, typer.Argument(metavar="BATCH", help="Batches to work on [default: all out of date].")
]


def talk(quiet: bool, verbose: bool) -> Talk:
    return Talk(quiet=quiet, verbose=verbose)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """News pages in, clean, de-duplicated, topic-tagged records out."""
    if version:
        from .. import __version__

        typer.echo(f"newsmill {__version__}")
        raise typer.Exit
