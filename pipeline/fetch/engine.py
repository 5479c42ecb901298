"""Sources due -> requests, answers, pages: acts on the network, the state and the WARC; plan.py decides."""

from __future__ import annotations

import collections
import json
import queue
import random
import time
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from .. import __version__
from ..config import SourceConfig, digest
from ..console import Talk, safe
from ..formats import warc_writer
from ..manage import prune
from ..project import Project
from ..urls import canonical_key, is_home
from . import policy, robots
from .client import Response, split
from .items import Item, stamp
from .scheduler import Host, Schedule
from .state import Queued, Resource, State
from .worker_pool import Crew

AGENT = "newsmill"
SLOTS = 16  # requests at a time in one child: a child that dies costs a second try of at most so many
PATIENCE = 120.0  # seconds a busy host is waited for in a run; a longer Retry-After is for the next run
MANY_FAILURES = 3  # in a row: the host is left alone for the rest of the run
DEPTH = 3  # of sitemap indexes inside each other

Kind = Literal["robots", "feed", "sitemap", "homepage", "robots-sitemaps", "page"]


@dataclass(frozen=True, slots=True)
class Job:
    """One request, and why it is made."""

    kind: Kind
    source: SourceConfig
    url: str
    item: Queued | None = None  # of a page
    resource: str = ""  # of a listing: the address as the config or an index names it
    asked: tuple[str, ...] = ()  # addresses that redirected here
    permanent: bool = True  # all of them for good
    depth: int = 0
    busy: int = 0  # times the host said that it was busy


@dataclass
class Report:
    """What a run did."""

    path: Path | None = None  # the new file in raw/
    salvaged: list[Path] = field(default_factory=list)  # files of killed runs
    pages: int = 0
    requests: int = 0
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: dict[str, str] = field(default_factory=dict)  # source -> why nothing of it could be read
    waiting: int = 0  # pages left for the next run
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sound: bool = True  # no source fails or has fallen silent


def user_agent(contact: str) -> str:
    """newsmill/0.1 (+mailto:me@outlet.example)"""
    if not contact:
        return f"{AGENT}/{__version__}"
    contact = " ".join(contact.split()).encode("ascii", "ignore").decode().replace("(", "").replace(")", "")
    mail = "@" in contact and "/" not in contact and not contact.startswith("mailto:")
    return f"{AGENT}/{__version__} (+{'mailto:' if mail else ''}{contact})"


class Run:
    """One run: a loop over ready hosts and arriving answers, in one thread."""

    def __init__(self, project: Project, state: State, sources: list[SourceConfig], report: Report, talk: Talk) -> None:
        self.project = project
        self.cfg = project.config.fetch
        self.state = state
        self.sources = sources
        self.report = report
        self.talk = talk
        self.deadline = time.monotonic() + self.cfg.run_seconds
        self.forgotten = prune.forgotten(project)
        self.schedule: Schedule[Job] = Schedule()
        self.put_off = state.hosts(time.time())
        self.flying: dict[int, tuple[Job, Host[Job] | None]] = {}
        self.open: collections.Counter[str] = collections.Counter()  # source -> listings not read yet
        self.polled: set[str] = set()  # sources of which something could be read
        self.due: set[str] = set()
        self.following: set[str] = set()  # keys that redirects of this run led to
        self.captures: list[warc_writer.Capture] = []
        self.random = random.Random()
        self.number = 0
        self.parses: dict[int, Resource] = {}  # task of the parser -> the validators of what it reads
        agent = user_agent(self.cfg.contact)
        self.warc = warc_writer.WarcOut(project.raw, datetime.now(UTC), agent)
        inbox: queue.Queue[Any] = queue.Queue()
        children = -(-min(self.cfg.connections, 512) // SLOTS)
        ca_file = str(project.root / self.cfg.ca_file) if self.cfg.ca_file else None
        limits = {"seconds": self.cfg.seconds, "idle": min(20.0, self.cfg.seconds), "body": self.cfg.max_bytes}
        slots = min(SLOTS, self.cfg.connections)
        self.fetchers = Crew(
            {"kind": "fetch", "slots": slots, "user_agent": agent, "limits": limits, "ca_file": ca_file,
             "memory_mb": 2048 + slots * self.cfg.max_bytes * 4 // 1_000_000},
            children, inbox,
        )  # fmt: skip
        self.parsers = Crew({"kind": "parse", "slots": 1, "cpu_seconds": 20, "memory_mb": 2048}, 1, inbox)
        self.inbox = inbox

    def go(self) -> None:
        """Run to the end or to the deadline; whatever happens, what was fetched gets its name."""
        try:
            with self.talk.progress("fetch", None) as progress:
                self._begin()
                while self._launch() or self.flying:
                    if time.monotonic() >= self.deadline:
                        self.report.outcomes["put off: run_seconds is over"] += 1
                        break
                    before = self.warc.pages
                    self._listen()
                    progress(self.warc.pages - before)
        finally:
            self.fetchers.end()
            self.parsers.end()
            self.report.path = self.warc.publish()
            self.report.pages = self.warc.pages
            if self.report.path is not None:
                self.state.have(self.report.path.name, self.captures)
        self._finish()

    # --- what to ask

    def _begin(self) -> None:
        now = time.time()
        for source in self.sources:
            due = now - self.state.last_poll(source.name) >= source.every * 0.98  # cron is not exact to the second
            if due:
                self.due.add(source.name)
                for kind, urls in (("feed", source.feed), ("sitemap", source.sitemap), ("homepage", source.homepage)):
                    for url in urls:
                        self._listing(kind, source, url, 0)  # type: ignore[arg-type]
                if source.urls:
                    self._listed_by_hand(source, now)
            if not self.open[source.name]:
                self._pages(source)

    def _listing(self, kind: Kind, source: SourceConfig, url: str, depth: int) -> None:
        """Ask for a feed, a sitemap or a home page, where nothing speaks against it."""
        if kind == "sitemap" and url.endswith("/robots.txt"):
            kind = "robots-sitemaps"
        known = self.state.resource(url)
        if known.gone:
            self._source_fault(source, f"{url} is gone (410); take it out of config.toml")
            return
        if known.not_before > time.time():
            self._source_fault(
                source, f"{url} failed {known.failures} times, next try at {policy.utc(known.not_before)}"
            )
            return
        self.open[source.name] += 1
        if not self._add(Job(kind, source, known.moved_to or url, resource=url, depth=depth)):
            self._source_fault(source, f"{url} is not an address to ask")
            self._listing_done(source)

    def _listed_by_hand(self, source: SourceConfig, now: float) -> None:
        items: list[Item] = []
        for entry in source.urls:
            if "://" in entry:
                items.append(Item(entry))
                continue
            try:
                text = (self.project.root / entry).read_text(encoding="utf-8-sig", errors="replace")
            except OSError as error:
                self._source_fault(source, f"{entry}: {error.strerror or error}")
                continue
            lines = (line.strip() for line in text.splitlines())
            items += [Item(line) for line in lines if line and not line.startswith("#")]
        self._take_in(source, None, items, "urls", now)
        self.polled.add(source.name)

    def _take_in(
        self, source: SourceConfig, resource: Resource | None, items: list[Item], via: str, now: float
    ) -> None:
        """Queue what is new of a listing, together with the listing's validators."""
        new = policy.new_pages(
            source, items, via, now, known=self.state.known, forgotten=self.forgotten, revisits=self.cfg.revisits,
            waits=lambda key: key in self.following or self.state.waits(key),
        )  # fmt: skip
        self.state.listed(resource, source.name, new, now)
        self.report.outcomes["listed"] += len(new)

    def _pages(self, source: SourceConfig) -> None:
        """All listings of a source are read: its pages, the newest first."""
        for item in self.state.queued(source.name, time.time())[: source.max_per_run or None]:
            if item.key in self.forgotten:
                self.state.drop(item.key)
            elif not self._add(Job("page", source, item.url, item=item)):
                self.state.settle(item.key, "failed", source.name)

    def _add(self, job: Job, *, first: bool = False) -> bool:
        """Put a job into its host's queue; False for an address that no host can be asked for."""
        try:
            (scheme, name, port), _, _ = split(job.url)
        except ValueError:
            return False
        host = self.schedule.host(f"{scheme}://{name}:{port}")
        pause = self.cfg.delay if job.source.delay is None else job.source.delay
        host.delay = max(host.delay, pause)
        if host.name in self.put_off:
            until, host.failures = self.put_off.pop(host.name)
            if until > time.time():
                host.stopped = f"{host.name} is left alone until {policy.utc(until)}"
        self.schedule.add(host.name, job, first=first)
        return True

    # --- the loop

    def _launch(self) -> bool:
        """Start what may be started. Whether something is left to start later."""
        while len(self.flying) < self.cfg.connections and (taken := self.schedule.take(time.monotonic())):
            host, job = taken
            if not self._start(host, job):
                host.busy = False
                self.schedule._list(host)
        return self.schedule.next_ready() is not None

    def _start(self, host: Host[Job], job: Job) -> bool:
        """Send a job's request. False where none is needed; the job is settled then."""
        if host.stopped:
            self._given_up(job, host.stopped)
            return False
        if job.kind != "robots":
            if host.rules is None and not self._rules_known(host, job):
                return True  # the robots.txt is asked for instead, the job waits behind it
            if host.stopped:
                self._given_up(job, host.stopped)
                return False
            assert host.rules is not None
            if job.kind == "robots-sitemaps":
                for url in host.rules.sitemaps:
                    self._listing("sitemap", job.source, url, 1)
                if not host.rules.sitemaps:
                    self._source_fault(job.source, f"{job.url} names no sitemap")
                self._listing_done(job.source)
                return False
            if not host.rules.allows(job.url):
                self._forbidden(job)
                return False
        self._send(job, host)
        return True

    def _send(self, job: Job, host: Host[Job]) -> None:
        headers: list[tuple[str, str]] = []
        most = None
        if job.kind == "page":
            assert job.item is not None
            if job.item.visit > 1 and not job.asked and (known := self.state.known(job.item.key)):
                headers = _conditional(known.etag, known.last_modified)
        else:
            known_resource = self.state.resource(job.resource)
            if job.kind == "robots" or known_resource.filter == _filter(job.source):
                headers = _conditional(known_resource.etag, known_resource.last_modified)
            most = robots.MOST_BYTES * 2 if job.kind == "robots" else None
        self.number += 1
        self.report.requests += 1
        self.flying[self.number] = (job, host)
        head = {
            "id": self.number, "url": job.url, "headers": headers, "internal": job.source.internal, "most": most,
            "page": job.kind == "page",
        }  # fmt: skip
        self.fetchers.give(head, b"", zlib.crc32(host.name.encode()), self.cfg.seconds + 15)

    def _listen(self) -> None:
        """Wait for the next answer, or until a host is ready, and see to all that have come."""
        now = time.monotonic()
        until = min(self.deadline, now + 1.0)
        ready = self.schedule.next_ready()
        if ready is not None and len(self.flying) < self.cfg.connections:
            until = min(until, ready)
        frames = []
        try:
            frames.append(self.inbox.get(timeout=max(0.001, until - now)))
            while True:
                frames.append(self.inbox.get_nowait())
        except queue.Empty:
            pass
        answers = []
        for worker, frame in frames:
            for crew in (self.fetchers, self.parsers):
                answers += crew.answers(worker, frame) or []
        answers += self.fetchers.overdue() + self.parsers.overdue()
        for answer in answers:
            job, host = self.flying.pop(answer.id)
            if host is None:
                self._parsed(job, answer.head)
                continue
            if not self._answered(job, host, answer.head, answer.body):
                self.schedule.release(host, time.monotonic())

    # --- robots.txt

    def _rules_known(self, host: Host[Job], job: Job) -> bool:
        """Whether the host's rules are at hand; if not, they are asked for, and `job` waits."""
        url = f"{host.name}/robots.txt"
        known = self.state.resource(url)
        fresh = time.time() - known.polled_at < self.cfg.robots_hours * 3600
        if fresh and known.status is not None:
            self._rules(host, robots.for_status(known.status, known.body or b"", AGENT))
            return True
        host.jobs.appendleft(job)
        self._send(Job("robots", job.source, url, resource=url), host)
        return False

    def _rules(self, host: Host[Job], rules: robots.Rules) -> None:
        host.rules = rules
        if rules.delay is not None:
            host.delay = max(host.delay, rules.delay)

    def _robots(self, job: Job, host: Host[Job], head: dict[str, Any], body: bytes) -> bool:
        """The answer to a robots.txt: rules, a redirect to follow, or trouble (RFC 9309). True: it was redirected."""
        home = self.schedule.host(job.resource.removesuffix("/robots.txt"))
        known = self.state.resource(job.resource)
        now = time.time()
        status: int | None = head.get("status")
        if status == 304:
            self._rules(home, robots.for_status(known.status, known.body or b"", AGENT))
            self.state.put(replace(known, polled_at=now))
            return False
        hop = policy.hop(status or 0, _header(head, "location"), None, job.url)
        if hop is not None and len(job.asked) < self.cfg.redirects:
            self._send(replace(job, url=hop.url, asked=(*job.asked, job.url)), host)
            return True
        if status is None and head["fault"] == "too-large":
            status, body = 200, b""  # nobody can ask so much of us; RFC 9309 lets us stop reading
        if status is not None and status < 500 and status != 429:
            body = body[: robots.MOST_BYTES] if status == 200 else b""
            self._rules(home, robots.for_status(status, body, AGENT))
            self.state.put(Resource(job.resource, _header(head, "etag"), _header(head, "last-modified"),
                                    polled_at=now, status=status, body=body))  # fmt: skip
            return False
        if known.status is not None and now - known.polled_at < 30 * 86_400:
            self._rules(home, robots.for_status(known.status, known.body or b"", AGENT))
            return False
        said = f"HTTP {status}" if status else head["detail"]
        self._stop(home, f"{home.name}: robots.txt cannot be read ({said})", head)
        home.rules = robots.NOTHING
        return False

    # --- answers

    def _answered(self, job: Job, host: Host[Job], head: dict[str, Any], body: bytes) -> bool:
        """See to one answer. True where the host has another request under way already."""
        if job.kind == "robots":
            return self._robots(job, host, head, body)
        if "fault" in head:
            self._failed(job, host, head["fault"], head["detail"])
            return False
        status: int = head["status"]
        if status in policy.BUSY:
            self._busy(job, host, head)
            return False
        if host.failures:
            host.failures = 0
            self.state.host(host.name, 0, 0, None)
        hop = policy.hop(status, _header(head, "location"), head.get("refresh"), job.url)
        if hop is not None:
            self._follow(job, hop)
        elif status == 304:
            self._unchanged(job)
        elif status == 200 and job.kind == "page":
            self._page(job, head, body)
        elif status == 200:
            self._parse(job, head, body)
        else:
            self._refused(job, status)
        return False

    def _page(self, job: Job, head: dict[str, Any], body: bytes) -> None:
        item = job.item
        assert item is not None
        kind = _header(head, "content-type")
        if not policy.is_page(kind):
            self._count(f"not a page: {(kind or '').partition(';')[0][:40]}")
            self.state.settle(item.key, "failed", job.source.name)
            return
        digested = warc_writer.sha256(body)
        if item.visit > 1 and (known := self.state.known(item.key)) and known.sha256 == digested:
            self._unchanged(job)
            return
        final = canonical_key(job.url)
        capture = warc_writer.Capture(
            key=item.key,
            url=job.url,
            source=job.source.name,
            fetched_at=policy.utc(),
            sha256=digested,
            alias=final if final != item.key else None,
            via=item.via,
            asked=job.asked,
            title=item.title,
            published_at=item.published_at,
            modified_at=item.modified_at,
            country=job.source.country,
            language=job.source.language or item.language,
            etag=_header(head, "etag"),
            last_modified=_header(head, "last-modified"),
            visit=item.visit,
            reservations=head["reservations"],
        )
        headers = tuple((str(n), str(v)) for n, v in head["headers"])
        request = tuple((str(n), str(v)) for n, v in head["request"])
        self.warc.add(
            capture,
            Response(job.url, 200, head["reason"], headers, body, head["address"], request, head["seconds"]),
        )
        self.captures.append(capture)
        self._count("fetched" if item.visit == 1 else "fetched again, changed")

    def _parse(self, job: Job, head: dict[str, Any], body: bytes) -> None:
        """Hand a listing to the process that may be killed over it."""
        validators = Resource(job.resource, _header(head, "etag"), _header(head, "last-modified"), status=200)
        if job.asked and job.permanent:
            validators = replace(validators, moved_to=job.url)
        elif job.url != job.resource:
            validators = replace(validators, moved_to=self.state.resource(job.resource).moved_to)
        self.number += 1
        self.flying[self.number] = (job, None)
        self.parses[self.number] = validators
        charset = policy.charset(_header(head, "content-type"))
        task = {"id": self.number, "kind": job.kind, "url": job.url, "charset": charset}
        self.parsers.give(task, body, 0, 120)

    def _parsed(self, job: Job, head: dict[str, Any]) -> None:
        validators = self.parses.pop(head.get("id", -1), Resource(job.resource))
        now = time.time()
        if "fault" in head:
            self._resource_failed(job, f"{job.url}: {head['detail']}")
            self._listing_done(job.source)
            return
        listing = head["listing"]
        children = [Item(**row) for row in listing["children"]]
        before = self.state.resource(job.resource).polled_at
        body = json.dumps([[c.url, c.modified_at] for c in children]).encode() if children else None
        resource = replace(validators, polled_at=now, filter=_filter(job.source), body=body)
        self._take_in(job.source, resource, [Item(**row) for row in listing["items"]], job.url, now)
        self.polled.add(job.source.name)
        if listing["cut"]:
            self.report.warnings.append(f"{job.source.name}: {job.url} lists too much; only a part of it was read")
        self._children(job, [(c.url, c.modified_at) for c in children], before)
        self._listing_done(job.source)

    def _children(self, job: Job, children: list[tuple[str, str | None]], before: float) -> None:
        """The sitemaps an index names: those that may have changed since they were read."""
        if job.depth >= DEPTH:
            return
        for url, modified in children:
            known = self.state.resource(url)
            at = stamp(modified)
            if known.polled_at and at is not None and at < known.polled_at:
                continue
            oldest = job.source.max_age_days and time.time() - job.source.max_age_days * 86_400
            if oldest and at is not None and at < oldest:
                continue
            self._listing("sitemap", job.source, url, job.depth + 1)

    def _listing_done(self, source: SourceConfig) -> None:
        self.open[source.name] -= 1
        if not self.open[source.name]:
            self._pages(source)

    def _follow(self, job: Job, hop: policy.Hop) -> None:
        """A redirect is a job of its own: another host has its own rules, pause and addresses."""
        if len(job.asked) >= self.cfg.redirects or hop.url in (*job.asked, job.url):
            self._failed(job, None, "redirects", f"more than {self.cfg.redirects} redirects")
            return
        permanent = job.permanent and hop.permanent
        after = replace(job, url=hop.url, asked=(*job.asked, job.url), permanent=permanent)
        if job.item is not None:
            key = canonical_key(hop.url)
            if key is None or key in self.forgotten or (is_home(hop.url) and not is_home(job.url)):
                self._count("leads to no article any more")
                self.state.settle(job.item.key, "gone", job.source.name)
                return
            if key != job.item.key:
                mine = key in {canonical_key(url) for url in job.asked}
                if not mine and (key in self.following or self.state.known(key) or self.state.waits(key)):
                    self._count("the same page under another address")
                    self.state.settle(job.item.key, "alias", job.source.name)
                    return
                self.following.add(key)
        if not self._add(after, first=True):
            self._failed(job, None, "refused", f"redirects to {hop.url}")

    def _unchanged(self, job: Job) -> None:
        self._count("unchanged")
        if job.item is not None:
            self.state.unchanged(job.item)
            return
        known = self.state.resource(job.resource)
        self.state.put(replace(known, polled_at=time.time(), status=304, failures=0, not_before=0))
        self.polled.add(job.source.name)
        if known.body:
            self._children(job, [(url, at) for url, at in json.loads(known.body)], known.polled_at)
        self._listing_done(job.source)

    # --- what did not work

    def _busy(self, job: Job, host: Host[Job], head: dict[str, Any]) -> None:
        """429 and 503: the host says when it may be asked again."""
        now = time.monotonic()
        otherwise = policy.backoff(job.busy, self.random.random(), first=5.0)
        pause = policy.retry_after(_header(head, "retry-after"), time.time(), otherwise)
        if pause <= PATIENCE and now + pause < self.deadline and job.busy < MANY_FAILURES:
            host.ready_at = now + pause
            self.schedule.add(host.name, replace(job, busy=job.busy + 1), first=True)
            return
        self._stop(host, f"{host.name} is busy (HTTP {head['status']})", head, at_least=pause)
        self._given_up(job, host.stopped or "")

    def _stop(self, host: Host[Job], said: str, head: dict[str, Any], at_least: float = 0.0) -> None:
        """Leave a host alone for the rest of the run and for a while after it."""
        host.failures += 1
        pause = max(at_least, policy.backoff(host.failures, self.random.random()))
        host.stopped = said
        self.state.host(host.name, time.time() + pause, host.failures, said)

    def _failed(self, job: Job, host: Host[Job] | None, fault: str, detail: str) -> None:
        said = f"{job.url}: {detail}"
        if host is not None and fault in ("dns", "connect", "tls", "timeout", "refused"):
            host.failures += 1
            if host.failures >= MANY_FAILURES and not host.stopped:
                host.failures -= 1
                self._stop(host, said, {})
        if job.item is None:
            self._resource_failed(job, said)
            self._listing_done(job.source)
            return
        self._count(f"failed: {fault}")
        self.talk.detail(f"{job.source.name}: {safe(said)}")
        self._again(job.source, job.item)

    def _again(self, source: SourceConfig, item: Queued) -> None:
        if item.tries >= self.cfg.retries:
            self._count("given up")
            self.state.settle(item.key, "failed", source.name)
        else:
            self.state.later(item, time.time() + policy.backoff(item.tries, self.random.random()))

    def _refused(self, job: Job, status: int) -> None:
        """An answer that is no page: gone for good, denied, or the server's own trouble."""
        if job.item is not None:
            self._count(f"HTTP {status}")
            if status in policy.GONE:
                self.state.settle(job.item.key, "gone", job.source.name)
            else:
                self._again(job.source, job.item)
            return
        if status == 410:
            self.state.put(replace(self.state.resource(job.resource), gone=1))
            self._source_fault(job.source, f"{job.resource} is gone (410); take it out of config.toml")
        else:
            self._resource_failed(job, f"{job.url}: HTTP {status}")
        self._listing_done(job.source)

    def _resource_failed(self, job: Job, said: str) -> None:
        known = self.state.resource(job.resource)
        failures = known.failures + 1
        # Two failures are forgiven: cron will ask again soon enough, and most trouble is over by then.
        pause = policy.backoff(failures - 3, self.random.random(), first=900.0) if failures > 2 else 0.0
        self.state.put(replace(known, failures=failures, not_before=time.time() + pause))
        self._source_fault(job.source, said)

    def _source_fault(self, source: SourceConfig, said: str) -> None:
        self.report.faults.setdefault(source.name, safe(said))

    def _forbidden(self, job: Job) -> None:
        if job.item is not None:
            self._count("forbidden by robots.txt")
            self.state.drop(job.item.key)
            return
        self._source_fault(job.source, f"{job.url} is forbidden by its robots.txt")
        self._listing_done(job.source)

    def _given_up(self, job: Job, why: str) -> None:
        """The host is left alone in this run; a page stays in the queue."""
        if job.item is not None:
            self._count("put off: the host is left alone")
        elif job.kind != "robots":
            self._source_fault(job.source, why)
            self._listing_done(job.source)

    def _count(self, outcome: str) -> None:
        self.report.outcomes[outcome] += 1

    def _finish(self) -> None:
        now = time.time()
        for source in self.sources:
            if source.name in self.due:
                fault = (
                    None if source.name in self.polled else self.report.faults.get(source.name, "not reached in time")
                )
                self.state.polled(source.name, fault, now)


def _conditional(etag: str | None, last_modified: str | None) -> list[tuple[str, str]]:
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return [(name, value) for name, value in pairs if value and value.isprintable()]


def _filter(source: SourceConfig) -> str:
    """What decides which of a listing's items are wanted."""
    return digest(source.model_copy(update={"feed": (), "sitemap": (), "urls": (), "homepage": (), "every": 0,
                                            "max_per_run": 0, "delay": None, "internal": False}))  # fmt: skip


def _header(head: dict[str, Any], name: str) -> str | None:
    return next((str(value) for key, value in head.get("headers", ()) if key.lower() == name), None)
