"""The typer app, the groups of commands, and the options that many commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from ..console import Console
from . import complete

CHAIN = "The chain"
LOOK = "Look"
MOVE = "Bring in and take away"
PROJECT = "Project"


Function = TypeVar("Function", bound=Callable[..., Any])


class _PlainTypes:
    """Help shows the kind of an option's value without Python types: SECONDS, NUMBER, nothing for a flag."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            param.display_type_rich = lambda ctx, param=param: _takes(param)
        return params


class Command(_PlainTypes, TyperCommand):
    """A command of newsmill."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help = _unwrapped(self.help)


class Words(Command):
    """A command whose words may begin with a minus, as in `bridge -ferry`: such a word is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [MINUS + arg[1:] if _is_excluded(arg) else arg for arg in args])


MINUS = "\u2212"  # stands for the minus of a word while options are told from words


def _is_excluded(arg: str) -> bool:
    """Whether -harbour is a word: longer than -h, neither a long option nor -C with its folder."""
    return len(arg) > 2 and arg[0] == "-" and arg[1] not in "-=" and not arg.startswith(("-C/", "-C.", "-C~"))


class Group(_PlainTypes, TyperGroup):
    """A command with commands of its own."""


def _unwrapped(text: str | None) -> str | None:
    """A docstring whose paragraphs are one line each: the terminal's width folds them, not the source's."""
    if text is None:
        return None
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _takes(param: Any) -> str | None:
    """The kind of value shown beside an option in the help."""
    if not isinstance(param, TyperOption) or param.is_flag:
        return None
    kind = param.type_descriptor
    if param.metavar is None and not kind.is_choice:
        names = {"int": "NUMBER", "float": "NUMBER", "path": "FILE"}
        return next((word for name, word in names.items() if name in param.bare_type().lower()), "TEXT")
    return param.metavar or "|".join(str(choice) for choice in kind.choices or ())


class App(typer.Typer):
    """A typer app whose commands appear in groups of the help; LOOK is the default group."""

    def command(  # type: ignore[override]
        self, name: str | None = None, *, group: str = LOOK, cls: type[Command] = Command
    ) -> Callable[[Function], Function]:
        return super().command(name, cls=cls, rich_help_panel=group)


app = App(
    name="newsmill",
    cls=Group,
    help="News pages in, clean, de-duplicated, topic-tagged records out.",
    epilog="Start with `newsmill init my-project`; `newsmill COMMAND --help` shows an example of each command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _project(context: typer.Context, value: Path | None) -> Path | None:
    """A command's own --project, else the one given before the command: `newsmill -C DIR status`."""
    parent: Any = context.parent
    while value is None and parent is not None:
        value, parent = parent.params.get("project"), parent.parent
    return value


ProjectDir = Annotated[
    Path | None,
    typer.Option(
        "--project",
        "-C",
        metavar="DIR",
        help="The project folder (default: $NEWSMILL_PROJECT, else here).",
        callback=_project,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors and warnings only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print what is done for each batch.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Print what would be done, and do nothing.")]
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait up to this long for another run to end.")
]
Force = Annotated[bool, typer.Option("--force", help="Do it again even if nothing has changed; use no cache.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-j", min=0, max=256, help="Worker processes; 0: one per processor."),
]
Metrics = Annotated[
    Path | None, typer.Option("--metrics", metavar="FILE", help="Write counts for Prometheus' textfile collector.")
]
Batches = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="BATCH", help="Batches to work on (default: all out of date).", autocompletion=complete.batches
    ),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Published (else fetched) at or after this date or time.")
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Published (else fetched) up to this day or time.")
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="From this outlet; may be repeated.")
]
Topics = Annotated[
    list[str] | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help="With this topic: code, label or a part of it; may be repeated.",
        autocompletion=complete.topics,
    ),
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", metavar="CODE", help="In this language; may be repeated.")
]
Places = Annotated[
    list[str] | None,
    typer.Option("--place", metavar="PLACE", help="About this country, region or town; may be repeated."),
]
WatchLists = Annotated[
    list[str] | None,
    typer.Option(
        "--watch",
        metavar="NAME",
        help="Matched by this watch list of config.toml; may be repeated.",
        autocompletion=complete.watch,
    ),
]
ArticleId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="An article's id, its beginning, or its URL.", autocompletion=complete.article_ids
    ),
]


def console(quiet: bool, verbose: bool) -> Console:
    return Console(quiet=quiet, verbose=verbose)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
    project: ProjectDir = None,
) -> None:
    """News pages in, clean, de-duplicated, topic-tagged records out."""
    if version:
        from .. import __version__

        typer.echo(f"newsmill {__version__}")
        raise typer.Exit
