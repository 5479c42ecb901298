"""Requests for pages of a fetch run: from the queue to the WARC file, or to the next try."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from ..config import SourceConfig
from ..console import safe
from ..formats import warc_writer
from ..formats.http_exchange import Response
from ..timestamps import utc
from ..urls import canonical_key
from . import policy, private, redirects, retry, tdm
from .context import Context
from .jobs import Job
from .messages import FetchResult, Request
from .state_tables import Queued


class PageRequests:
    """Handles jobs of kind "page"."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.captures: list[warc_writer.Capture] = []
        self.warc = warc_writer.WarcOut(context.project.raw, datetime.now(UTC), context.user_agent)
        self._following: set[str] = set()  # keys that redirects of this run led to

    def start(self, source: SourceConfig) -> None:
        """All listings of a source are read: schedule its pages, the newest first."""
        state = self.context.state
        for item in state.queued(source.name, time.time())[: source.max_per_run or None]:
            if item.key in self.context.forgotten:
                state.drop(item.key)
            elif not self.context.add(Job("page", source, item.url, item=item)):
                state.close_item(item.key, "failed", source.name)

    def waits(self, key: str) -> bool:
        """Whether a key is in the queue or about to be had."""
        return key in self._following or self.context.state.waits(key)

    def request(self, job: Job) -> Request:
        headers: tuple[tuple[str, str], ...] = ()
        item = _item(job)
        if item.visit > 1 and not job.asked and (known := self.context.state.known(item.key)):
            headers = policy.conditional(known.etag, known.last_modified)
        return Request(job.url, headers, **private.scope(job.source, job.url))

    def body(self, job: Job, result: FetchResult, response: Response) -> None:
        item = _item(job)
        declared = response.header("content-type")
        if not policy.is_page(declared, response.body):
            self.context.count(f"not a page: {(declared or '').partition(';')[0][:40]}")
            self.context.state.close_item(item.key, "failed", job.source.name)
            return
        reservation = tdm.of_page(result.reservations, job.tdm)
        if self.context.cfg.respect_tdm and reservation is not None and reservation.reserved:
            self.reserved(job)
            return
        digest = warc_writer.sha256(response.body)
        if item.visit > 1 and (known := self.context.state.known(item.key)) and known.sha256 == digest:
            self.unchanged(job)
            return
        final = canonical_key(job.url)
        capture = warc_writer.Capture(
            key=item.key,
            url=job.url,
            source=job.source.name,
            fetched_at=utc(),
            sha256=digest,
            alias=final if final != item.key else None,
            via=item.via,
            asked=job.asked,
            title=item.title,
            published_at=item.published_at,
            modified_at=item.modified_at,
            country=job.source.country,
            language=job.source.language or item.language,
            etag=response.header("etag"),
            last_modified=response.header("last-modified"),
            visit=item.visit,
            reservations=result.reservations,
        )
        self.warc.add(capture, response, item.entry, _record_headers(job.tdm))
        self.captures.append(capture)
        self.context.count("fetched" if item.visit == 1 else "fetched again, changed")

    def reserved(self, job: Job) -> None:
        """The site or the page reserves text and data mining, and fetch.respect_tdm is set: it is asked for once."""
        self.context.count("reserved (TDM)")
        self.context.state.close_item(_item(job).key, "reserved", job.source.name)

    def may_follow(self, job: Job, hop: redirects.Hop) -> bool:
        item = _item(job)
        target = redirects.page_target(
            item.key, job.asked, job.url, hop.url, forgotten=self.context.forgotten, known=self._has
        )
        if isinstance(target, redirects.Settled):
            self.context.count(target.outcome)
            self.context.state.close_item(item.key, target.state, job.source.name)
            return False
        if target != item.key:
            self._following.add(target)
        return True

    def _has(self, key: str) -> bool:
        return self.waits(key) or self.context.state.known(key) is not None

    def unchanged(self, job: Job) -> None:
        self.context.count("unchanged")
        self.context.state.unchanged(_item(job))

    def refused(self, job: Job, status: int, *, gone: bool) -> None:
        self.context.count(f"HTTP {status}")
        if gone:
            self.context.state.close_item(_item(job).key, "gone", job.source.name)
        else:
            self._again(job)

    def failed(self, job: Job, fault: str, detail: str) -> None:
        self.context.count(f"failed: {fault}")
        self.context.console.detail(f"{job.source.name}: {safe(f'{job.url}: {detail}')}")
        self._again(job)

    def _again(self, job: Job) -> None:
        item = _item(job)
        pause = retry.page(item.tries, self.context.cfg.retries, self.context.random.random())
        if pause is None:
            self.context.count("given up")
            self.context.state.close_item(item.key, "failed", job.source.name)
        else:
            self.context.state.later(item, time.time() + pause)

    def forbidden(self, job: Job) -> None:
        self.context.count("forbidden by robots.txt")
        self.context.state.drop(_item(job).key)

    def put_off(self, job: Job, why: str) -> None:
        """The host is left alone in this run; the page stays in the queue."""
        self.context.count("put off: the host is left alone")


def _record_headers(reservation: tdm.Reservation | None) -> dict[str, str]:
    """What the site's tdmrep.json says of a page, for the readers of its WARC record."""
    if reservation is None:
        return {}
    headers = {"Newsmill-TDM-Reservation": str(int(reservation.reserved))}
    return {**headers, "Newsmill-TDM-Policy": reservation.policy} if reservation.policy else headers


def _item(job: Job) -> Queued:
    assert job.item is not None
    return job.item
