"""robots.txt of each host: asked for once a run where it is not fresh, before anything else of that host."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from . import private, redirects, robots, tdm
from .context import AGENT, Context
from .jobs import Job
from .messages import Failure, FetchResult, Request
from .policy import conditional
from .scheduler import Host
from .state_tables import Resource

Send = Callable[[Job, Host[Job]], None]


class HostRules:
    """Rules of hosts, from the state or from a request."""

    def __init__(self, context: Context, send: Send) -> None:
        self.context = context
        self._send = send

    def ready(self, host: Host[Job], job: Job) -> bool:
        """Whether the host's rules are at hand; if not, they are asked for, and `job` waits."""
        if host.rules is not None:
            return True
        url = f"{host.name}/robots.txt"
        known = self.context.state.resource(url)
        if time.time() - known.polled_at < self.context.cfg.robots_hours * 3600 and known.status is not None:
            self._set(host, robots.for_status(known.status, known.body or b"", AGENT))
            return True
        host.jobs.appendleft(job)
        self._send(Job("robots", job.source, url, resource=url), host)
        return False

    def tdm_ready(self, host: Host[Job], job: Job) -> bool:
        """The same for the host's tdmrep.json, before the first of its pages."""
        if host.tdm is not None:
            return True
        url = f"{host.name}{tdm.PATH}"
        known = self.context.state.resource(url)
        if time.time() - known.polled_at < self.context.cfg.robots_hours * 3600 and known.status is not None:
            host.tdm = tdm.parse(known.status, known.body or b"")
            return True
        host.jobs.appendleft(job)
        self._send(Job("tdm", job.source, url, resource=url), host)
        return False

    def tdm_answered(self, job: Job, host: Host[Job], result: FetchResult) -> None:
        """Store the answer to tdmrep.json; without an answer the site reserves nothing."""
        answer = result.answer
        if isinstance(answer, Failure):
            host.tdm = tdm.Rules()
            return
        body = answer.body if answer.status == 200 else b""
        host.tdm = tdm.parse(answer.status, body)
        self.context.state.put(Resource(job.resource, polled_at=time.time(), status=answer.status, body=body))

    def request(self, job: Job) -> Request:
        if job.kind == "tdm":
            return Request(job.url, **private.scope(job.source, job.url), body_limit=tdm.MOST_BYTES)
        known = self.context.state.resource(job.resource)
        headers = conditional(known.etag, known.last_modified)
        return Request(
            job.url, headers, **private.scope(job.source, job.url), body_limit=robots.MOST_BYTES, keep_start=True
        )

    def answered(self, job: Job, host: Host[Job], result: FetchResult) -> bool:
        """Take in the answer. False where it was a redirect, and the host has another request under way already."""
        state = self.context.state
        home = self.context.schedule.host(job.resource.removesuffix("/robots.txt"))
        answer = result.answer
        known = state.resource(job.resource)
        now = time.time()
        failed = isinstance(answer, Failure)
        if not isinstance(answer, Failure):
            hop = redirects.hop(answer.status, answer.header("location"), None, job.url)
            if hop is not None and len(job.asked) < self.context.cfg.redirects:
                self._send(replace(job, url=hop.url, asked=(*job.asked, job.url)), host)
                return False
        verdict = robots.judge(
            None if isinstance(answer, Failure) else answer.status,
            b"" if isinstance(answer, Failure) else answer.body,
            robots.Known(known.status, known.body or b"", now - known.polled_at),
            AGENT,
        )
        if verdict.trouble:
            why = answer.detail if isinstance(answer, Failure) else f"HTTP {answer.status}"
            self.context.stop(home, f"{home.name}: robots.txt cannot be read ({why})")
            home.rules = verdict.rules
            return True
        self._set(home, verdict.rules)
        if verdict.keep is not None:
            status, body = verdict.keep
            etag, modified = (None, None) if failed else _validators(result)
            state.put(Resource(job.resource, etag, modified, polled_at=now, status=status, body=body))
        elif not isinstance(answer, Failure) and answer.status == 304:
            state.put(replace(known, polled_at=now))
        return True

    @staticmethod
    def _set(host: Host[Job], rules: robots.Rules) -> None:
        host.rules = rules
        if rules.delay is not None:
            host.delay = max(host.delay, rules.delay)


def _validators(result: FetchResult) -> tuple[str | None, str | None]:
    answer = result.answer
    if isinstance(answer, Failure):
        return None, None
    return answer.header("etag"), answer.header("last-modified")
