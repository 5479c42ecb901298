"""A site's address -> the [[source]] table for it, written into config.toml."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from .. import config as configuration
from .. import store
from ..errors import ConfigError, NewsmillError, UsageError
from ..formats.http_exchange import Response
from ..project import Project
from ..urls import host_of
from . import robots
from .asker import Asker
from .context import AGENT
from .listings.page_link import absolute
from .messages import Failure

# Asked where a page names no feed; the first that is one is taken.
FEED_GUESSES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/news.rss")
SITEMAP_GUESSES = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml")

FoundKind = Literal["feed", "sitemap"]
KINDS: tuple[FoundKind, ...] = ("feed", "sitemap")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed or sitemap that answered."""

    kind: FoundKind
    url: str
    title: str | None
    items: int
    dated: bool = False  # most of its entries say when they were published or changed


def discover(project: Project, url: str, *, internal: bool) -> list[Found]:
    """Feeds and sitemaps of a site, the best first. Raises NewsmillError where the site cannot be read."""
    asker = Asker(project, internal)
    try:
        return _discover(asker, url if "://" in url else f"https://{url}")
    finally:
        asker.end()


def _discover(asker: Asker, url: str) -> list[Found]:
    page = asker.get(url)
    if isinstance(page, Failure):
        raise NewsmillError(f"{url}: {page.detail}")
    if page.status != 200:
        raise NewsmillError(f"{url}: HTTP {page.status}")
    for kind in KINDS:
        if listing := _found(asker, kind, page):
            return [listing]
    named = asker.named_by(page)
    robots_url = urljoin(page.url, "/robots.txt")
    answer = asker.get(robots_url)
    rules = robots.ALL if isinstance(answer, Failure) else robots.for_status(answer.status, answer.body, AGENT)
    feeds = _first(asker, "feed", [address for address, _ in named.feeds], most=8)
    if not feeds:
        feeds = _first(asker, "feed", [urljoin(page.url, path) for path in FEED_GUESSES], most=1)
    listed = [target for url in rules.sitemaps if (target := absolute(url, robots_url, bare=True))]
    sitemaps = sorted(dict.fromkeys([*listed, *named.sitemaps]), key=lambda s: "news" not in s.lower())
    maps = _first(asker, "sitemap", sitemaps or [urljoin(page.url, path) for path in SITEMAP_GUESSES], most=1)
    return [*feeds, *maps]


def _found(asker: Asker, kind: FoundKind, page: Response) -> Found | None:
    listing = asker.listing(kind, page)
    if listing is None:
        return None
    entries = listing.items or listing.children
    dated = sum(bool(entry.modified_at or entry.published_at) for entry in entries)
    return Found(kind, page.url, listing.title, len(entries), dated=2 * dated >= len(entries))


def _first(asker: Asker, kind: FoundKind, urls: list[str], most: int) -> list[Found]:
    """The first addresses that are what they should be."""
    out: list[Found] = []
    for url in urls[:12]:
        if len(out) >= most:
            break
        answer = asker.get(url)
        if isinstance(answer, Response) and answer.status == 200 and (listing := _found(asker, kind, answer)):
            out.append(listing)
    return out


def table(name: str, sources: list[Found], *, internal: bool = False) -> str:
    """The TOML of a source: its first feed and its sitemap.

    A sitemap beside a feed that says no dates is written as a comment: max_age_days could not hold it to what is new.
    """
    feed = next((f.url for f in sources if f.kind == "feed"), None)
    sitemap = next((f for f in sources if f.kind == "sitemap"), None)
    lines = ["[[source]]", f"name = {json.dumps(name, ensure_ascii=False)}"]
    if feed:
        lines.append(f"feed = {json.dumps(feed)}")
    if sitemap and feed and not sitemap.dated and "news" not in sitemap.url.lower():
        lines.append(f"# sitemap = {json.dumps(sitemap.url)}  # it says no dates: all that it lists would be fetched")
    elif sitemap:
        lines += [f"sitemap = {json.dumps(sitemap.url)}", "max_age_days = 7"]
    if internal:
        lines.append("internal = true")
    return "\n".join(lines) + "\n"


def free_name(project: Project, name: str) -> str:
    used_names = {source.name for source in project.config.source}
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, 10_000))) if n not in used_names)


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
            raise ConfigError(f"{path.name} is unchanged: with the new source it would be invalid:\n{error}") from None


def add(project: Project, url: str, *, name: str | None, internal: bool, dry_run: bool) -> tuple[str, list[Found]]:
    """Find what a site offers and write its source. Returns the table and all that was found."""
    listings = discover(project, url, internal=internal)
    if not listings:
        raise NewsmillError(
            f"{url}: no feed and no sitemap found; write a [[source]] with homepage = [{json.dumps(url)}] by hand"
        )
    known = {address for source in project.config.source for address in (*source.feed, *source.sitemap)}
    if listings[0].url in known:
        raise UsageError(f"{listings[0].url} is already a source")
    text = table(free_name(project, name or host_of(url if "://" in url else f"https://{url}") or url), listings,
                 internal=internal)  # fmt: skip
    if not dry_run:
        append(project, [text])
    return text, listings


def add_opml(project: Project, data: bytes, *, dry_run: bool) -> list[str]:
    """Write a source for each feed of an OPML file that is none yet. Returns their tables."""
    from .listings import opml

    known = {address for source in project.config.source for address in source.feed}
    source_names = {source.name for source in project.config.source}
    tables = []
    for title, feed, home in opml.read(data):
        if feed in known:
            continue
        name = next(n for n in (title, *(f"{title} {i}" for i in range(2, 10_000))) if n not in source_names)
        known.add(feed)
        source_names.add(name)
        tables.append(table(name, [Found("feed", feed, home, 0)]))
    if tables and not dry_run:
        append(project, tables)
    return tables
