"""A site's address -> the [[source]] table for it, written into config.toml."""

from __future__ import annotations

import json
import queue
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from .. import config as configuration
from .. import store
from ..errors import ConfigError, NewsmillError, UsageError
from ..project import Project
from ..urls import host_of
from . import policy, robots
from .run import AGENT, user_agent
from .worker_pool import Crew

# Asked where a page names no feed; the first that is one is taken.
FEED_GUESSES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/news.rss")
SITEMAP_GUESSES = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed or sitemap that answered."""

    kind: str  # "feed" or "sitemap"
    url: str
    title: str | None
    items: int


def discover(project: Project, url: str, *, internal: bool) -> list[Found]:
    """Feeds and sitemaps of a site, the best first. Raises NewsmillError where the site cannot be read."""
    asker = _Asker(project, internal)
    try:
        return _discover(asker, url if "://" in url else f"https://{url}")
    finally:
        asker.end()


def _discover(asker: _Asker, url: str) -> list[Found]:
    page = asker.get(url)
    if "fault" in page[0]:
        raise NewsmillError(f"{url}: {page[0]['detail']}")
    if page[0]["status"] != 200:
        raise NewsmillError(f"{url}: HTTP {page[0]['status']}")
    here = page[0]["url"]
    for kind in ("feed", "sitemap"):
        if found := asker.listing(kind, *page):
            return [found]
    named = asker.parse("links", *page).get("feeds", [])
    answer, body = asker.get(urljoin(here, "/robots.txt"))
    rules = robots.for_status(answer.get("status", 404), body, AGENT)
    feeds = asker.first("feed", [address for address, _ in named], most=8)
    if not feeds:
        feeds = asker.first("feed", [urljoin(here, path) for path in FEED_GUESSES], most=1)
    wanted = sorted(rules.sitemaps, key=lambda s: "news" not in s.lower())
    maps = asker.first("sitemap", wanted or [urljoin(here, path) for path in SITEMAP_GUESSES], most=1)
    return [*feeds, *maps]


class _Asker:
    """One request after another through the same limits as a run's, redirects followed."""

    def __init__(self, project: Project, internal: bool) -> None:
        cfg = project.config.fetch
        if not internal and not cfg.contact:
            raise UsageError(
                "fetch.contact is empty: put a mail address or a page into config.toml, so that those whose servers "
                'are asked can reach you: [fetch] contact = "news-desk@outlet.example"'
            )
        self.internal = internal
        self.redirects = cfg.redirects
        self.seconds = min(cfg.seconds, 30.0)
        self.inbox: queue.Queue[Any] = queue.Queue()
        ca_file = str(project.root / cfg.ca_file) if cfg.ca_file else None
        limits = {"seconds": self.seconds, "idle": self.seconds, "body": cfg.max_bytes}
        agent = user_agent(cfg.contact)
        self.fetcher = Crew(
            {"kind": "fetch", "slots": 1, "user_agent": agent, "limits": limits, "ca_file": ca_file, "memory_mb": 2048},
            1, self.inbox,
        )  # fmt: skip
        self.parser = Crew({"kind": "parse", "slots": 1, "cpu_seconds": 20, "memory_mb": 2048}, 1, self.inbox)

    def end(self) -> None:
        self.fetcher.end()
        self.parser.end()

    def _ask(self, crew: Crew, head: dict[str, Any], body: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        crew.give({"id": 1, **head}, body, 0, seconds)
        while True:
            try:
                answers = crew.answers(*self.inbox.get(timeout=1)) or []
            except queue.Empty:
                answers = crew.overdue()
            for answer in answers:
                return answer.head, answer.body

    def get(self, url: str) -> tuple[dict[str, Any], bytes]:
        for _ in range(self.redirects + 1):
            task = {"url": url, "headers": [], "internal": self.internal, "most": None, "page": True}
            head, body = self._ask(self.fetcher, task, b"", self.seconds + 15)
            location = next((v for k, v in head.get("headers", ()) if k.lower() == "location"), None)
            hop = policy.hop(head.get("status", 0), location, head.get("refresh"), url)
            if hop is None:
                return head, body
            url = hop.url
        return {"fault": "redirects", "detail": f"more than {self.redirects} redirects"}, b""

    def parse(self, kind: str, head: dict[str, Any], body: bytes) -> dict[str, Any]:
        said = next((v for k, v in head["headers"] if k.lower() == "content-type"), None)
        task = {"kind": kind, "url": head["url"], "charset": policy.charset(said)}
        return self._ask(self.parser, task, body, 60)[0]

    def listing(self, kind: str, head: dict[str, Any], body: bytes) -> Found | None:
        found = self.parse(kind, head, body).get("listing")
        if not found or not (found["items"] or found["children"]):
            return None
        return Found(kind, head["url"], found["title"], len(found["items"]) or len(found["children"]))

    def first(self, kind: str, urls: list[str], most: int) -> list[Found]:
        """The first addresses that are what they should be."""
        out: list[Found] = []
        for url in urls[:12]:
            if len(out) >= most:
                break
            head, body = self.get(url)
            if head.get("status") == 200 and (found := self.listing(kind, head, body)) is not None:
                out.append(found)
        return out


def table(name: str, found: list[Found], *, internal: bool = False) -> str:
    """The TOML of a source: its first feed; a sitemap where there is no feed, or where it is one for news."""
    feed = next((f.url for f in found if f.kind == "feed"), None)
    sitemap = next((f.url for f in found if f.kind == "sitemap" and (feed is None or "news" in f.url.lower())), None)
    lines = ["[[source]]", f"name = {json.dumps(name, ensure_ascii=False)}"]
    if feed:
        lines.append(f"feed = {json.dumps(feed)}")
    if sitemap:
        lines += [f"sitemap = {json.dumps(sitemap)}", "max_age_days = 7"]
    if internal:
        lines.append("internal = true")
    return "\n".join(lines) + "\n"


def free_name(project: Project, wanted: str) -> str:
    taken = {source.name for source in project.config.source}
    return next(n for n in (wanted, *(f"{wanted} {i}" for i in range(2, 10_000))) if n not in taken)


def append(project: Project, tables: list[str]) -> None:
    """Write tables at the end of config.toml, whole or not at all. Raises ConfigError where that would break it."""
    path = project.root / configuration.FILE
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    text = before.rstrip("\n") + "\n" * (2 if before.strip() else 0) + "\n".join(tables)
    with store.atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
        try:
            configuration.load(temporary)
        except ConfigError as error:
            raise ConfigError(f"{path.name} was left as it was: with the new source it would say:\n{error}") from None


def add(project: Project, url: str, *, name: str | None, internal: bool, dry_run: bool) -> tuple[str, list[Found]]:
    """Find what a site offers and write its source. Returns the table and all that was found."""
    found = discover(project, url, internal=internal)
    if not found:
        raise NewsmillError(
            f"{url}: no feed and no sitemap found; write a [[source]] with homepage = [{json.dumps(url)}] by hand"
        )
    known = {address for source in project.config.source for address in (*source.feed, *source.sitemap)}
    if found[0].url in known:
        raise UsageError(f"{found[0].url} is a source already")
    text = table(free_name(project, name or host_of(url if "://" in url else f"https://{url}") or url), found,
                 internal=internal)  # fmt: skip
    if not dry_run:
        append(project, [text])
    return text, found


def add_opml(project: Project, data: bytes, *, dry_run: bool) -> list[str]:
    """Write a source for each feed of an OPML file that is none yet. Returns their tables."""
    from . import opml

    known = {address for source in project.config.source for address in source.feed}
    taken = {source.name for source in project.config.source}
    tables = []
    for title, feed, home in opml.read(data):
        if feed in known:
            continue
        name = next(n for n in (title, *(f"{title} {i}" for i in range(2, 10_000))) if n not in taken)
        known.add(feed)
        taken.add(name)
        tables.append(table(name, [Found("feed", feed, home, 0)]))
    if tables and not dry_run:
        append(project, tables)
    return tables
