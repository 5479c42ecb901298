"""The commands that add pages to raw/ and remove them: fetch, sources, import, prune, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import print_json
from .app import MOVE, AsJson, Command, DryRun, Group, Metrics, ProjectDir, Quiet, Verbose, Wait, app, console


@app.command(group=MOVE)
def fetch(
    names: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Sources (default: all).")] = None,
    project: ProjectDir = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 where a source fails or is silent.")] = False,
    metrics: Metrics = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    wait: Wait = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Fetch new pages of the sources into raw/.

    Polls the sources in config.toml and writes one WARC file a run.
    Fetches no page twice and obeys robots.txt. Under cron it prints only sources that fail or fall silent.

    Example: newsmill fetch --quiet && newsmill run --quiet
    """
    from ..project import find_project
    from ..views import fetch as view

    opened = find_project(project)
    if dry_run:
        view.foresee(opened, tuple(names or ()))
        return
    report = view.fetch(opened, console(quiet, verbose), tuple(names or ()), wait, metrics)
    if as_json:
        print_json(view.as_json(report))
    if strict and not report.sound:
        raise typer.Exit(1)


sources_app = typer.Typer(
    cls=Group,
    help="List, add, import and export sources of pages.\n\nExample: newsmill sources add https://outlet.example",
    rich_markup_mode="rich",
)
app.add_typer(sources_app, name="sources", rich_help_panel=MOVE)


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context, project: ProjectDir = None, as_json: AsJson = False) -> None:
    """List the sources of config.toml, with their usual number of items and whether they have fallen silent.

    Example: newsmill sources
    """
    if context.invoked_subcommand is None:
        from ..project import find_project
        from ..views import fetch as view

        view.sources(find_project(project), as_json=as_json)


@sources_app.command("add", cls=Command)
def add(
    url: Annotated[str, typer.Argument(help="A site, a feed or a sitemap.")],
    name: Annotated[str | None, typer.Option("--name", help="The outlet's name (default: its host).")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="The site is on a private network.")] = False,
    project: ProjectDir = None,
    dry_run: DryRun = False,
) -> None:
    """Find a site's feed and sitemap for config.toml.

    Writes a `source` table with what it found.

    Example: newsmill sources add https://outlet.example
    """
    from ..project import find_project
    from ..views import fetch as view

    view.add(find_project(project), url, name=name, internal=internal, dry_run=dry_run)


@sources_app.command("import", cls=Command)
def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file, as feed readers export it.")],
    project: ProjectDir = None,
    dry_run: DryRun = False,
) -> None:
    """Write a `source` table for each feed of an OPML file.

    Example: newsmill sources import subscriptions.opml
    """
    from ..project import find_project
    from ..views import fetch as view

    view.add_opml(find_project(project), file, dry_run=dry_run)


@sources_app.command("export", cls=Command)
def export_opml(project: ProjectDir = None) -> None:
    """Print the feeds of all sources as OPML.

    Example: newsmill sources export > feeds.opml
    """
    from ..fetch.listings import opml
    from ..project import find_project

    typer.echo(opml.write(find_project(project).config.source), nl=False)


@app.command("import", group=MOVE)
def import_(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH", help="Files or folders.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="cc-news, mail, saved, json or other (default: by content).")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The batch's name (default: the time and the kind).")
    ] = None,
    host: Annotated[list[str] | None, typer.Option("--host", help="Of an archive, only this host and below.")] = None,
    language: Annotated[list[str] | None, typer.Option("--language", help="Of an archive, only this one.")] = None,
    days: Annotated[
        str | None, typer.Option("--days", metavar="DAY[..DAY]", help="CC-NEWS archives of these days.")
    ] = None,
    internal: Annotated[bool, typer.Option("--internal", help="The archives are on a private network.")] = False,
    backfill: Annotated[
        Path | None, typer.Option("--backfill", metavar="OUT", help="The results of `newsmill backfill`.")
    ] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Import archives and other collections as one new batch in raw/.

    WARC files (CC-NEWS), newsletters (.eml, .mbox), pages saved by a browser, JSON of news-please and Fundus. Exit 1
    if something in them was damaged: what could be read is imported, the rest is listed.
    With --backfill, import the results of `newsmill backfill` into a new project; its runs continue from them.

    Example: newsmill import newsletters.mbox
    """
    from ..project import find_project
    from ..views import imports as view

    if backfill is not None:
        from ..views import backfill as results

        results.adopt(find_project(project), backfill, console(quiet, verbose))
        return
    chosen = view.Choice(kind, name, tuple(host or ()), tuple(language or ()), days, internal)
    if not view.run(find_project(project), paths or [], chosen, console(quiet, verbose), as_json=as_json):
        raise typer.Exit(1)


@app.command(group=MOVE)
def prune(
    days: Annotated[
        float | None, typer.Option("--days", min=0, help="Remove raw pages older than this many days.")
    ] = None,
    gigabytes: Annotated[
        float | None, typer.Option("--gigabytes", min=0, help="Remove the oldest until this much is left.")
    ] = None,
    records: Annotated[bool, typer.Option("--records", help="Remove their articles and records too.")] = False,
    project: ProjectDir = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Remove old raw pages; their records stay.

    Articles and records are removed only with --records.
    A batch that some stage has not finished stays.

    Example: newsmill prune --days 90 --dry-run
    """
    from ..project import find_project
    from ..views import removal

    removal.prune(find_project(project), days, gigabytes, records=records, dry_run=dry_run, as_json=as_json)


@app.command(group=MOVE)
def forget(
    wanted: Annotated[str, typer.Argument(metavar="URL|ID", help="The article's URL or id.")],
    why: Annotated[str | None, typer.Option("--why", help="The reason, kept in the tombstone.")] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="All articles of its cluster: the original and every copy.")
    ] = False,
    project: ProjectDir = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Remove one article everywhere, and keep it out.

    For takedowns: removes its raw pages too. Its tombstone in forgotten.jsonl keeps it from being fetched or extracted
    again. Lists the other articles of its cluster, which stay; exit 1 if something of it could not be removed.

    Example: newsmill forget https://outlet.example/2026/11/a-story --why "request of 22 Nov"
    """
    from ..project import find_project
    from ..views import removal

    if not removal.forget(find_project(project), wanted, why, cluster=cluster, dry_run=dry_run, as_json=as_json):
        raise typer.Exit(1)
