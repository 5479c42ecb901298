"""[[source]] tables -> one WARC file in raw/, under the fetch lock; what a killed run left is published first."""

from __future__ import annotations

import time

from .. import store
from ..config import SourceConfig
from ..console import Console
from ..errors import UsageError, did_you_mean
from ..formats import warc_writer
from ..project import Project
from . import health
from .context import AGENT, need_contact, user_agent
from .engine import Engine
from .jobs import Report
from .state import State

__all__ = ["AGENT", "Report", "chosen", "run", "user_agent"]


def run(project: Project, console: Console, *, only: tuple[str, ...] = (), wait: float = 0) -> Report:
    """Poll the sources and fetch what is new. Raises Locked, UsageError, NewsmillError.

    A run may be stopped anywhere, by a signal too: what was fetched is published, the rest is for the next run.
    """
    sources = chosen(project, only)
    started = time.monotonic()
    with store.hold(project.state / "locks", exclusive=(store.RAW,), wait=wait):
        project.raw.mkdir(parents=True, exist_ok=True)
        report = Report(salvaged=warc_writer.salvage(project.raw))
        state = State(project.state)
        try:
            report.warnings += state.warnings
            state.absorb(project.raw)
            Engine(project, state, sources, report, console).run()
            report.alarms, report.sound = health.alarms(project, state, {source.name for source in sources})
            report.waiting = state.waiting()
        finally:
            state.close()
    report.seconds = time.monotonic() - started
    return report


def chosen(project: Project, only: tuple[str, ...]) -> list[SourceConfig]:
    """The sources of those names, all without one. Raises UsageError, also where fetch.contact is empty."""
    sources = project.config.source
    if not sources:
        raise UsageError("config.toml has no [[source]]; `newsmill sources add URL` finds a site's feed and writes one")
    known = {source.name for source in sources}
    if unknown := [name for name in only if name not in known]:
        named = ", ".join(name + did_you_mean(name, known) for name in unknown)
        raise UsageError(f"no source is called {named}; there are: {', '.join(sorted(known))}")
    chosen_sources = [source for source in sources if not only or source.name in only]
    if not all(source.internal for source in chosen_sources):
        need_contact(project.config.fetch)
    return chosen_sources
