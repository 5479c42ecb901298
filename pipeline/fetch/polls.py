"""Polls of a fetch run: feeds, sitemaps, home pages and lists of addresses, and what they put into the queue."""

from __future__ import annotations

import collections
import json
import time
from collections.abc import Callable
from dataclasses import replace

from ..config import SourceConfig
from ..formats.http_exchange import Response
from ..timestamps import utc
from . import policy, private, redirects, retry
from .context import Context
from .jobs import Job, Kind
from .listings.items import Item, Listing
from .listings.page_link import absolute
from .messages import FetchResult, NotParsed, ParseTask, Request
from .page_requests import PageRequests
from .parser import Parsed
from .state_tables import Resource

DEPTH = 3  # of sitemap indexes inside each other

ToParser = Callable[[Job, ParseTask, Resource], None]


class Polls:
    """Handles jobs that ask for listings."""

    def __init__(self, context: Context, pages: PageRequests, to_parser: ToParser) -> None:
        self.context = context
        self.pages = pages
        self._to_parser = to_parser
        self._open: collections.Counter[str] = collections.Counter()  # source -> listings not read yet
        self._due: list[SourceConfig] = []
        self._read: set[str] = set()  # sources of which something could be read
        self._asked: set[tuple[str, str]] = set()  # (source, listing): an index may name itself

    def start(self, sources: list[SourceConfig]) -> None:
        """Ask for the listings of the sources that are due; pages of the others may start at once."""
        now = time.time()
        for source in sources:
            # cron is not exact to the second
            if now - self.context.state.last_poll(source.name) >= source.every * 0.98:
                self._due.append(source)
                for url in source.feed:
                    self._ask("feed", source, url, 0)
                for url in source.sitemap:
                    self._ask("sitemap", source, url, 0)
                for url in source.homepage:
                    self._ask("homepage", source, url, 0)
                if source.urls:
                    self._listed_by_hand(source, now)
            if not self._open[source.name]:
                self.pages.start(source)

    def finish(self) -> None:
        """Write down which sources were polled, and what was wrong with those of which nothing could be read."""
        now = time.time()
        for source in self._due:
            fault = None
            if source.name not in self._read:
                fault = self.context.report.faults.get(source.name, "not reached in time")
            self.context.state.polled(source.name, fault, now)

    def _ask(self, kind: Kind, source: SourceConfig, url: str, depth: int, lastmod: str | None = None) -> None:
        """Ask for a feed, a sitemap or a home page, where nothing speaks against it, once in a run."""
        if (source.name, url) in self._asked:
            return
        self._asked.add((source.name, url))
        if kind == "sitemap" and url.endswith("/robots.txt"):
            kind = "robots-sitemaps"
        known = self.context.state.resource(url)
        if known.gone:
            self.context.fault(source, f"{url} is gone (410); take it out of config.toml")
            return
        if known.not_before > time.time():
            self.context.fault(source, f"{url} failed {known.failures} times, next try at {utc(known.not_before)}")
            return
        self._open[source.name] += 1
        job = Job(kind, source, known.moved_to or url, resource=url, depth=depth, lastmod=lastmod)
        if not self.context.add(job):
            self.context.fault(source, f"{url} is not an address to ask")
            self._done(source)

    def _listed_by_hand(self, source: SourceConfig, now: float) -> None:
        items: list[Item] = []
        for entry in source.urls:
            if "://" in entry:
                items.append(Item(entry))
                continue
            try:
                text = (self.context.root / entry).read_text(encoding="utf-8-sig", errors="replace")
            except OSError as error:
                self.context.fault(source, f"{entry}: {error.strerror or error}")
                continue
            lines = (line.strip() for line in text.splitlines())
            items += [Item(line) for line in lines if line and not line.startswith("#")]
        backlog = not self.context.state.last_poll(source.name)
        self._take_in(source, None, items, "urls", now, backlog=backlog)
        self._read.add(source.name)

    def _take_in(
        self, source: SourceConfig, resource: Resource | None, items: list[Item], via: str, now: float,
        *, backlog: bool = False,
    ) -> None:  # fmt: skip
        """Queue what is new of a listing, together with the listing's validators."""
        state = self.context.state
        new = policy.new_pages(
            source, items, via, now, known=state.known, forgotten=self.context.forgotten,
            revisits=self.context.cfg.revisits, waits=self.pages.waits,
        )  # fmt: skip
        state.listed(resource, source.name, new, now, backlog=backlog)
        self.context.report.outcomes["listed"] += len(new)

    def request(self, job: Job) -> Request:
        known = self.context.state.resource(job.resource)
        headers: tuple[tuple[str, str], ...] = ()
        if known.filter == policy.filter_digest(job.source):
            headers = policy.conditional(known.etag, known.last_modified)
        return Request(job.url, headers, **private.scope(job.source, job.url))

    def named_by_robots(self, job: Job, sitemaps: tuple[str, ...]) -> None:
        """The sitemaps of a site, from its robots.txt."""
        named = [target for url in sitemaps if (target := absolute(url, job.url, bare=True))]
        for url in named:
            self._ask("sitemap", job.source, url, 1)
        if not named:
            self.context.fault(job.source, f"{job.url} names no sitemap")
        self._done(job.source)

    def body(self, job: Job, result: FetchResult, response: Response) -> None:
        """Hand a listing to the process that may be killed over it."""
        validators = Resource(job.resource, response.header("etag"), response.header("last-modified"), status=200)
        if job.asked and job.permanent:
            validators = replace(validators, moved_to=job.url)
        elif job.url != job.resource:
            validators = replace(validators, moved_to=self.context.state.resource(job.resource).moved_to)
        assert job.kind in ("feed", "sitemap", "homepage")
        charset = policy.charset(response.header("content-type"))
        task = ParseTask(job.kind, job.url, charset, response.body, job.source.language)
        self._to_parser(job, task, validators)

    def parsed(self, job: Job, validators: Resource, listing: Parsed) -> None:
        if not isinstance(listing, Listing):
            if self._asks_old_address(job):
                return
            reason = listing.reason if isinstance(listing, NotParsed) else "no listing"
            self._listing_failed(job, f"{job.url}: {reason}")
            self._done(job.source)
            return
        now = time.time()
        state = self.context.state
        first = not state.last_poll(job.source.name) or (not job.depth and not state.resource(job.resource).polled_at)
        children = [(child.url, child.modified_at) for child in listing.children]
        body = json.dumps(children).encode() if children else None
        digest = policy.filter_digest(job.source)
        resource = replace(validators, polled_at=now, filter=digest, body=body, lastmod=job.lastmod)
        self._take_in(job.source, resource, list(listing.items), job.url, now, backlog=first)
        if listing.unlinked:
            self.context.report.outcomes["items without a page"] += listing.unlinked
        self._read.add(job.source.name)
        if listing.cut:
            self.context.report.warnings.append(
                f"{job.source.name}: {job.url} lists too much; only a part of it was read"
            )
        self._children(job, children)
        self._done(job.source)

    def _children(self, job: Job, children: list[tuple[str, str | None]]) -> None:
        """The sitemaps an index names: those that may have changed since they were read."""
        if job.depth >= DEPTH:
            return
        oldest = time.time() - job.source.max_age_days * 86_400 if job.source.max_age_days else 0.0
        for url, lastmod in children:
            if policy.child_due(lastmod, self.context.state.resource(url), oldest):
                self._ask("sitemap", job.source, url, job.depth + 1, lastmod)

    def may_follow(self, job: Job, hop: redirects.Hop) -> bool:
        return True

    def unchanged(self, job: Job) -> None:
        self.context.count("unchanged")
        known = self.context.state.resource(job.resource)
        self.context.state.put(
            replace(known, polled_at=time.time(), status=304, failures=0, not_before=0, lastmod=job.lastmod)
        )
        self._read.add(job.source.name)
        if known.body:
            self._children(job, [(url, lastmod) for url, lastmod in json.loads(known.body)])
        self._done(job.source)

    def refused(self, job: Job, status: int, *, gone: bool) -> None:
        if self._asks_old_address(job):
            return
        if status == 410:
            self.context.state.put(replace(self.context.state.resource(job.resource), gone=1))
            self.context.fault(job.source, f"{job.resource} is gone (410); take it out of config.toml")
        else:
            self._listing_failed(job, f"{job.url}: HTTP {status}")
        self._done(job.source)

    def failed(self, job: Job, fault: str, detail: str) -> None:
        if self._asks_old_address(job):
            return
        self._listing_failed(job, f"{job.url}: {detail}")
        self._done(job.source)

    def _asks_old_address(self, job: Job) -> bool:
        """A listing that had moved for good is not at its new address any more: its configured one is asked again."""
        started = job.asked[0] if job.asked else job.url
        if started == job.resource:
            return False
        state = self.context.state
        state.put(replace(state.resource(job.resource), moved_to=None, etag=None, last_modified=None))
        return self.context.add(
            Job(job.kind, job.source, job.resource, resource=job.resource, depth=job.depth, lastmod=job.lastmod)
        )

    def _listing_failed(self, job: Job, why: str) -> None:
        known = self.context.state.resource(job.resource)
        failures = known.failures + 1
        pause = retry.listing(failures, self.context.random.random())
        self.context.state.put(replace(known, failures=failures, not_before=time.time() + pause))
        self.context.fault(job.source, why)

    def forbidden(self, job: Job) -> None:
        self.context.fault(job.source, f"{job.url} is forbidden by its robots.txt")
        self._done(job.source)

    def put_off(self, job: Job, why: str) -> None:
        self.context.fault(job.source, why)
        self._done(job.source)

    def _done(self, source: SourceConfig) -> None:
        self._open[source.name] -= 1
        if not self._open[source.name]:
            self.pages.start(source)
