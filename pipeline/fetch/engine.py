"""The loop of a fetch run: takes jobs of ready hosts, sends requests, and hands answers to those who handle them.

One thread acts on the schedule, the state and the WARC file. What an answer means is decided by pure functions in
`policy`, `redirects`, `retry` and `robots`; `polls`, `page_requests` and `host_rules` act on it.
"""

from __future__ import annotations

import queue
import time
import zlib
from dataclasses import dataclass, replace

from ..config import SourceConfig
from ..console import Console
from ..project import Project
from . import policy, redirects, retry
from .context import Context
from .host_rules import HostRules
from .jobs import Job, Report
from .messages import Failure, FetcherSetup, FetchResult, FetchTask, Limits, ParseTask
from .page_requests import PageRequests
from .parser import Parsed, Parser
from .polls import Polls
from .scheduler import Host
from .state import State
from .state_tables import Resource
from .worker_pool import Arrival, FetcherPool

SLOTS = 16  # requests at a time in one process: a process that dies costs a second try of at most so many


@dataclass(frozen=True, slots=True)
class _Parsed:
    """An entry of the inbox: what the parser made of a listing."""

    number: int
    listing: Parsed


class Engine:
    """One run: a loop over ready hosts and arriving answers, in one thread."""

    def __init__(
        self, project: Project, state: State, sources: list[SourceConfig], report: Report, console: Console
    ) -> None:
        self.context = Context(project, state, report, console)
        self.sources = sources
        self.report = report
        self.rules = HostRules(self.context, self._send)
        self.pages = PageRequests(self.context)
        self.polls = Polls(self.context, self.pages, self._to_parser)
        self._number = 0
        self._requested: dict[int, tuple[Job, Host[Job]]] = {}
        self._parsing: dict[int, tuple[Job, Resource]] = {}
        self._inbox: queue.Queue[Arrival | _Parsed] = queue.Queue()
        cfg = self.context.cfg
        slots = min(SLOTS, cfg.connections)
        limits = Limits(seconds=cfg.seconds, idle=min(20.0, cfg.seconds), body=cfg.max_bytes)
        memory_mb = 2048 + slots * cfg.max_bytes * 4 // 1_000_000
        setup = FetcherSetup(self.context.user_agent, limits, self.context.ca_file, slots, memory_mb)
        self._fetchers = FetcherPool(setup, -(-min(cfg.connections, 512) // SLOTS), self._inbox)  # type: ignore[arg-type]
        self._parser = Parser(lambda number, listing: self._inbox.put(_Parsed(number, listing)))

    def run(self) -> None:
        """Run to the end or to the deadline; what was fetched is published in any case."""
        warc = self.pages.warc
        try:
            with self.context.console.progress("fetch", None) as progress:
                self.polls.start(self.sources)
                while self._launch() or self._requested or self._parsing:
                    if time.monotonic() >= self.context.deadline or self._none_in_time():
                        self.context.count("put off: run_seconds is over")
                        break
                    before = warc.pages
                    self._listen()
                    progress(warc.pages - before)
        finally:
            self._fetchers.end()
            self._parser.end()
            self.report.path = warc.publish()
            self.report.pages = warc.pages
            if self.report.path is not None:
                self.context.state.have(self.report.path.name, self.pages.captures)
        self.context.remember_pauses()
        self.polls.finish()

    def _none_in_time(self) -> bool:
        """Whether nothing is under way and no host may be asked before the deadline: it need not be waited for."""
        ready = self.context.schedule.next_ready()
        busy = self._requested or self._parsing
        return not busy and ready is not None and ready >= self.context.deadline

    def _handler(self, job: Job) -> PageRequests | Polls:
        return self.pages if job.kind == "page" else self.polls

    # --- requests

    def _launch(self) -> bool:
        """Start what may be started. Whether something is left to start later."""
        schedule = self.context.schedule
        while len(self._requested) < self.context.cfg.connections and (host_job := schedule.take(time.monotonic())):
            host, job = host_job
            if not self._start(host, job):
                schedule.give_back(host)
        return schedule.next_ready() is not None

    def _start(self, host: Host[Job], job: Job) -> bool:
        """Send a job's request. False where none is needed; the job is settled then."""
        if host.stopped:
            self._handler(job).put_off(job, host.stopped)
            return False
        if not self.rules.ready(host, job):
            return True  # the robots.txt is asked for instead, the job waits behind it
        assert host.rules is not None
        if job.kind == "robots-sitemaps":
            self.polls.named_by_robots(job, host.rules.sitemaps)
            return False
        if not host.rules.allows(job.url):
            self._handler(job).forbidden(job)
            return False
        if job.kind == "page":
            if not self.rules.tdm_ready(host, job):
                return True
            assert host.tdm is not None and job.item is not None
            job = replace(job, tdm=host.tdm.of(job.url))
            if self.context.cfg.respect_tdm and job.tdm is not None and job.tdm.reserved:
                self.pages.reserved(job)
                return False
        self._send(job, host)
        return True

    def _send(self, job: Job, host: Host[Job]) -> None:
        request = self.rules.request(job) if job.kind in ("robots", "tdm") else self._handler(job).request(job)
        if job.cookies:
            request = replace(request, headers=(*request.headers, *redirects.cookie_header(job.cookies, job.url)))
        self._number += 1
        self.report.requests += 1
        self._requested[self._number] = (job, host)
        task = FetchTask(self._number, request, is_page=job.kind == "page")
        self._fetchers.give(task, zlib.crc32(host.name.encode()), self.context.cfg.seconds + 15)

    def _to_parser(self, job: Job, task: ParseTask, validators: Resource) -> None:
        self._number += 1
        self._parsing[self._number] = (job, validators)
        self._parser.give(self._number, task)

    # --- answers

    def _listen(self) -> None:
        """Wait for the next answer, or until a host is ready, and see to all that have come."""
        now = time.monotonic()
        until = min(self.context.deadline, now + 1.0)
        ready = self.context.schedule.next_ready()
        if ready is not None and len(self._requested) < self.context.cfg.connections:
            until = min(until, ready)
        entries = []
        try:
            entries.append(self._inbox.get(timeout=max(0.001, until - now)))
            while True:
                entries.append(self._inbox.get_nowait())
        except queue.Empty:
            pass
        results: list[FetchResult] = []
        for entry in entries:
            if isinstance(entry, Arrival):
                results += self._fetchers.results(entry)
            else:
                job, validators = self._parsing.pop(entry.number)
                self.polls.parsed(job, validators, entry.listing)
        for result in [*results, *self._fetchers.overdue()]:
            job, host = self._requested.pop(result.id)
            # A robots.txt that asks for a long pause: it is between requests, not before the first one.
            pause = min(host.delay, self.context.pause(job.source)) if job.kind == "robots" else None
            if self._answered(job, host, result):
                self.context.schedule.release(host, time.monotonic(), pause=pause)

    def _answered(self, job: Job, host: Host[Job], result: FetchResult) -> bool:
        """See to one answer. False where the host has another request under way already."""
        if job.kind == "robots":
            return self.rules.answered(job, host, result)
        if job.kind == "tdm":
            self.rules.tdm_answered(job, host, result)
            return True
        answer = result.answer
        if isinstance(answer, Failure):
            self._failed(job, host, answer)
            return True
        meaning = policy.judge(answer, result.refresh)
        handler = self._handler(job)
        if meaning == "busy":
            if why := self.context.busy(host, job, answer.status, answer.header("retry-after")):
                handler.put_off(job, why)
            return True
        if host.failures:
            host.failures = 0
            self.context.state.host(host.name, 0, 0, None)
        if isinstance(meaning, redirects.Hop):
            self._follow(job, meaning, answer.headers)
        elif meaning == "unchanged":
            handler.unchanged(job)
        elif meaning == "body":
            handler.body(job, result, answer)
        else:
            handler.refused(job, answer.status, gone=meaning == "gone")
        return True

    def _follow(self, job: Job, hop: redirects.Hop, headers: tuple[tuple[str, str], ...]) -> None:
        """A redirect is a job of its own: another host has its own rules, pause and addresses."""
        handler = self._handler(job)
        cookies = redirects.cookies(job.cookies, headers, job.url)
        refusal = redirects.refusal(
            job.asked, job.url, hop.url, self.context.cfg.redirects, new_cookies=cookies != job.cookies
        )
        if refusal is not None:
            handler.failed(job, "redirects", refusal)
            return
        if not handler.may_follow(job, hop):
            return
        permanent = job.permanent and hop.permanent and not cookies
        after = replace(job, url=hop.url, asked=(*job.asked, job.url), permanent=permanent, cookies=cookies)
        if not self.context.add(after, first=True):
            handler.failed(job, "refused", f"redirects to {hop.url}")

    def _failed(self, job: Job, host: Host[Job], failure: Failure) -> None:
        if failure.fault in ("dns", "connect", "tls", "timeout", "refused"):
            host.failures += 1
            if host.failures >= retry.MANY_FAILURES and not host.stopped:
                host.failures -= 1
                self.context.stop(host, f"{job.url}: {failure.detail}")
        self._handler(job).failed(job, failure.fault, failure.detail)
