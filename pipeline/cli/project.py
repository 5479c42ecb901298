"""The commands around a project: init, config, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import print_json
from .app import PROJECT, AsJson, ProjectDir, app


@app.command(group=PROJECT)
def init(
    folder: Annotated[Path, typer.Argument(help="The folder; it may exist.")] = Path(),
    cron: Annotated[bool, typer.Option("--cron", help="Print only the crontab line.")] = False,
) -> None:
    """Create a project folder.

    Writes Makefile, config.toml and raw/, and prints a crontab line.

    Example: newsmill init my-news && cd my-news && cp ~/pages/*.html raw/ && make
    """
    from ..manage import init as project_files

    if not cron:
        made = project_files.init(folder)
        for name in made:
            typer.echo(f"made {folder / name}")
        command = "make" if "Makefile" in made else "newsmill run"  # a Makefile that was there is the user's
        typer.echo(f"put pages into {folder / 'raw'}, then run: {command} -C {folder}")
        typer.echo("every hour, from cron (crontab -e):")
    typer.echo(project_files.cron_line(folder))


@app.command(group=PROJECT)
def config(
    project: ProjectDir = None,
    as_json: AsJson = False,
    test: Annotated[bool, typer.Option("--test", help="Run each site rule's own test page.")] = False,
) -> None:
    """Check config.toml and show the settings in use.

    Environment variables override the file; the rest are defaults.

    Example: newsmill config --test
    """
    from ..project import open_project
    from ..views import settings as view

    opened = open_project(project)
    if test:
        raise typer.Exit(view.print_site_tests(opened))
    if as_json:
        print_json(opened.config.model_dump(mode="json"))
    else:
        view.print_settings(opened.config)


@app.command(group=PROJECT)
def doctor(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Check the installation and the project.

    Versions, folders, disk, locks, files; exit 1 if something is wrong.

    Example: newsmill doctor
    """
    from ..manage import doctor as inspect
    from ..project import open_project
    from ..views import settings as view

    checks = inspect.checks(open_project(project))
    view.print_checks(checks, as_json=as_json)
    if any(check.fault for check in checks):
        raise typer.Exit(1)
