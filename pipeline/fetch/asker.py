"""One request after another through the processes and limits of a run: for `newsmill sources add`."""

from __future__ import annotations

import queue

from ..config import FetchConfig
from ..formats.http_exchange import Response
from ..project import Project
from . import policy, redirects
from .context import need_contact, user_agent
from .listings.items import Listing
from .listings.links import NamedListings
from .messages import Failure, FetcherSetup, FetchTask, Limits, ListingKind, ParseTask, Request
from .parser import Parsed, Parser
from .worker_pool import Arrival, FetcherPool


class Asker:
    """Fetches and parses one document at a time, redirects followed."""

    def __init__(self, project: Project, internal: bool) -> None:
        cfg: FetchConfig = project.config.fetch
        if not internal:
            need_contact(cfg)
        self._internal = internal
        self._redirects = cfg.redirects
        self._seconds = min(cfg.seconds, 30.0)
        self._arrivals: queue.Queue[Arrival] = queue.Queue()
        self._parsed: queue.Queue[Parsed] = queue.Queue()
        ca_file = str(project.root / cfg.ca_file) if cfg.ca_file else None
        limits = Limits(seconds=self._seconds, idle=self._seconds, body=cfg.max_bytes)
        setup = FetcherSetup(user_agent(cfg.contact), limits, ca_file, slots=1, memory_mb=2048)
        self._fetcher = FetcherPool(setup, 1, self._arrivals)
        self._parser = Parser(lambda _, parsed: self._parsed.put(parsed))

    def end(self) -> None:
        self._fetcher.end()
        self._parser.end()

    def get(self, url: str) -> Response | Failure:
        """The last response of a chain of redirects."""
        cookies: tuple[redirects.Cookie, ...] = ()
        for _ in range(self._redirects + 1):
            headers = redirects.cookie_header(cookies, url)
            task = FetchTask(1, Request(url, headers, internal=self._internal), is_page=True)
            self._fetcher.give(task, 0, self._seconds + 15)
            result = None
            while result is None:
                try:
                    results = self._fetcher.results(self._arrivals.get(timeout=1))
                except queue.Empty:
                    results = self._fetcher.overdue()
                result = results[0] if results else None
            answer = result.answer
            if isinstance(answer, Failure):
                return answer
            hop = redirects.hop(answer.status, answer.header("location"), result.refresh, url)
            if hop is None:
                return answer
            cookies = redirects.cookies(cookies, answer.headers, url)
            url = hop.url
        return Failure(url, "redirects", f"more than {self._redirects} redirects")

    def _parse(self, task: ParseTask) -> Parsed:
        self._parser.give(1, task)
        return self._parsed.get()

    def listing(self, kind: ListingKind, page: Response) -> Listing | None:
        """The page as a listing of that kind; None where it is none, or an empty one."""
        charset = policy.charset(page.header("content-type"))
        parsed = self._parse(ParseTask(kind, page.url, charset, page.body))
        return parsed if isinstance(parsed, Listing) and (parsed.items or parsed.children) else None

    def named_by(self, page: Response) -> NamedListings:
        """The feeds and sitemaps that a page names."""
        charset = policy.charset(page.header("content-type"))
        parsed = self._parse(ParseTask("links", page.url, charset, page.body))
        return parsed if isinstance(parsed, NamedListings) else NamedListings((), ())
