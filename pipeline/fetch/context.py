"""What the parts of a fetch run share: settings, state, schedule, report, and the few acts they have in common."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

from .. import __version__
from ..config import FetchConfig, SourceConfig
from ..console import Console, safe
from ..errors import UsageError
from ..project import Project
from ..timestamps import utc
from ..tombstones import forgotten
from . import retry
from .client import split
from .jobs import Job, Report
from .scheduler import Host, Schedule
from .state import State

AGENT = "newsmill"
LONG_DELAY = 60.0  # seconds: a longer pause between two requests is kept from run to run


def user_agent(contact: str) -> str:
    """newsmill/0.1 (+mailto:me@outlet.example)"""
    if not contact:
        return f"{AGENT}/{__version__}"
    contact = " ".join(contact.split()).encode("ascii", "ignore").decode().replace("(", "").replace(")", "")
    mail = "@" in contact and "/" not in contact and not contact.startswith("mailto:")
    return f"{AGENT}/{__version__} (+{'mailto:' if mail else ''}{contact})"


def need_contact(cfg: FetchConfig) -> None:
    """Raises UsageError where fetch.contact is empty."""
    if not cfg.contact:
        raise UsageError(
            "fetch.contact is empty: put a mail address or a page into config.toml, so that site owners can "
            'reach you: [fetch] contact = "news-desk@outlet.example"; or set NEWSMILL_FETCH_CONTACT'
        )


class Context:
    """One run's shared values. `schedule` is the only queue of requests."""

    def __init__(self, project: Project, state: State, report: Report, console: Console) -> None:
        self.project = project
        self.cfg = project.config.fetch
        self.state = state
        self.report = report
        self.console = console
        self.deadline = time.monotonic() + self.cfg.run_seconds
        self.forgotten = forgotten(project)
        self.schedule: Schedule[Job] = Schedule()
        self.user_agent = user_agent(self.cfg.contact)
        self.random = random.Random()
        self._put_off = state.hosts(time.time())

    @property
    def ca_file(self) -> str | None:
        return str(self.root / self.cfg.ca_file) if self.cfg.ca_file else None

    @property
    def root(self) -> Path:
        return self.project.root

    def count(self, outcome: str) -> None:
        self.report.outcomes[outcome] += 1

    def fault(self, source: SourceConfig, why: str) -> None:
        """Remember the first thing that went wrong with a source."""
        self.report.faults.setdefault(source.name, safe(why))

    def pause(self, source: SourceConfig) -> float:
        """Seconds between two requests to a host, unless it asks for more."""
        return self.cfg.delay if source.delay is None else source.delay

    def add(self, job: Job, *, first: bool = False) -> bool:
        """Put a job into its host's queue; False for an address that no host can be asked for."""
        try:
            (scheme, name, port), _, _ = split(job.url)
        except ValueError:
            return False
        shown = f"[{name}]" if ":" in name else name
        host = self.schedule.host(f"{scheme}://{shown}:{port}")
        host.delay = max(host.delay, self.pause(job.source))
        if host.name in self._put_off:
            until, host.failures = self._put_off.pop(host.name)
            if until > time.time():
                host.stopped = f"{host.name} is left alone until {utc(until)}"
        self.schedule.add(host.name, job, first=first)
        return True

    def stop(self, host: Host[Job], why: str, at_least: float = 0.0) -> None:
        """Leave a host alone for the rest of the run and for a while after it."""
        host.failures += 1
        pause = max(at_least, retry.backoff(host.failures, self.random.random()))
        host.stopped = why
        self.state.host(host.name, time.time() + pause, host.failures, why)

    def remember_pauses(self) -> None:
        """Hosts whose next turn is after the end of this run: the next one keeps to that as well."""
        now = time.monotonic()
        for host in self.schedule.hosts.values():
            left = min(host.ready_at - now, retry.LONGEST_PAUSE)  # its robots.txt may be another one by then
            if host.delay > LONG_DELAY and left > LONG_DELAY and not host.stopped:
                self.state.host(host.name, time.time() + left, host.failures, "its robots.txt asks for a pause")

    def busy(self, host: Host[Job], job: Job, status: int, header: str | None) -> str | None:
        """The host answered 429 or 503: the job waits in its queue, or the reason why the host is left alone."""
        now = time.monotonic()
        answer = retry.busy(header, job.busy, time.time(), self.deadline - now, self.random.random())
        if isinstance(answer, retry.Wait):
            host.ready_at = now + answer.seconds
            self.schedule.add(host.name, replace(job, busy=job.busy + 1), first=True)
            return None
        self.stop(host, f"{host.name} is busy (HTTP {status})", answer.seconds)
        return host.stopped
