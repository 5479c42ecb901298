"""Pages from files, folders, stdin and addresses -> articles, without a project."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from .. import config as configuration
from .. import extract, pages
from ..config import Config
from ..errors import NewsmillError, UsageError, did_you_mean
from ..extract.boilerplate import Repeats
from ..extract.finalize import finalize, judged
from ..extract.isolated import drafts
from ..extract.values import Draft
from ..model import Article, Line, Page, Raw, Skipped
from ..project import Project
from ..timestamps import utc
from ..urls import canonical_key

if TYPE_CHECKING:
    from ..fetch import robots

Named = tuple[str, Article | Skipped]  # the input as the user named it, and what became of one page of it


def settings(config: Path | None) -> Config:
    """A config file's settings, else the defaults; NEWSMILL_ variables over both. Raises ConfigError."""
    return configuration.load(config or Path(os.devnull))


def articles(inputs: Sequence[str], cfg: Config, *, url: str | None = None, internal: bool = False) -> Iterator[Named]:
    """An article, or the reason why there is none, for each page of the inputs, in their order.

    A single page is worked on in this process, several in workers with the limits of the extract stage. `url` is the
    address of the one input; `internal` allows addresses on a private network. Raises UsageError for an input that is
    not there.
    """
    if url and len(inputs) > 1:
        raise UsageError("--url needs exactly one page")
    named_pages = read(inputs, cfg, url, internal=internal)
    first, second = next(named_pages, None), next(named_pages, None)
    if first is not None and second is None:
        name, page = first
        yield name, _settled(_draft(page, cfg), cfg)
    elif first is not None and second is not None:
        yield from _in_workers(first, second, named_pages, cfg)


def lines(input: str, cfg: Config, *, url: str | None = None, internal: bool = False) -> list[Line]:
    """Every line of one page with the rule that took it off. Raises NewsmillError where it holds no article."""
    for _, page in read([input], cfg, url, internal=internal):
        draft = _draft(page, cfg)
        if isinstance(draft, Skipped):
            raise NewsmillError(f"{input}: no article: {draft.reason}: {draft.detail}")
        return judged(draft, Repeats())
    raise NewsmillError(f"{input}: no pages in it")


def read(
    inputs: Sequence[str], cfg: Config, url: str | None = None, *, internal: bool = False
) -> Iterator[tuple[str, Page | Skipped]]:
    """(the input's name, each page in it): files, folders with everything below them, - for stdin, addresses."""
    addresses = [name for name in inputs if "://" in name]
    _check(inputs)
    web = _Web(cfg, internal) if addresses else None
    try:
        for name in inputs:
            if web and "://" in name:
                contents: Iterator[Page | Skipped] = iter((web.page(name),))
            elif name == "-":
                contents = iter((_stdin(cfg.extract.max_bytes),))
            else:
                contents = _files(Path(name), cfg.extract.max_bytes)
            for page in contents:
                yield name, replace(page, url=url) if url and isinstance(page, Page) else page
    finally:
        if web:
            web.end()


def _beside(path: Path) -> list[str]:
    """The names beside a path that does not exist."""
    try:
        return [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return []


def _files(path: Path, limit: int) -> Iterator[Page | Skipped]:
    real = path.resolve()
    root = real if real.is_dir() else real.parent
    batch = pages.Batch("", root, (real,))
    files = pages.files(batch) if real.is_dir() else [real]
    if not files:
        yield Skipped(Raw(str(path), None, hashlib.sha256(b"").hexdigest()), None, "empty", "a folder without files")
    for file in files:
        yield from pages.read_file(batch, file, root, limit)


def _check(inputs: Sequence[str]) -> None:
    """Raise UsageError for an input that cannot be one, before anything is read: output stops at no later one."""
    for name in inputs:
        path = Path(name)
        if "://" in name:
            if canonical_key(name) is None or not name.lower().startswith(("http://", "https://")):
                raise UsageError(f"{name}: not a web address; http and https are fetched")
        elif name != "-" and not path.exists():
            if path.is_symlink():
                raise UsageError(f"{path}: a broken link")
            raise UsageError(f"{path}: no such file or folder{did_you_mean(path.name, _beside(path))}")


def _stdin(limit: int) -> Page | Skipped:
    body = sys.stdin.buffer.read(limit + 1)
    raw = Raw("-", None, hashlib.sha256(body).hexdigest())
    if len(body) > limit:
        return Skipped(raw, None, "too-large", f"more than {limit} bytes (extract.max_bytes)")
    return Page(raw, body)


class _Web:
    """Addresses, asked for with the limits, the robots rules and the pauses of `newsmill fetch`."""

    def __init__(self, cfg: Config, internal: bool) -> None:
        from ..fetch.asker import Asker

        self.cfg = cfg
        self.asker = Asker(Project(Path(), cfg), internal)
        self.rules: dict[str, robots.Rules] = {}  # origin -> robots rules
        self.last: dict[str, float] = {}  # origin -> when it was last asked, monotonic seconds

    def end(self) -> None:
        self.asker.end()

    def page(self, url: str) -> Page | Skipped:
        """The page of an address, or why there is none: one that fails costs the others nothing."""
        try:
            return self._fetched(url)
        except NewsmillError as error:
            why = str(error).removeprefix(f"{url}: ").replace("(`internal` in its source ", "(--internal ")
            return Skipped(Raw(url, None, hashlib.sha256(b"").hexdigest()), url, "unreadable", why)

    def _fetched(self, url: str) -> Page:
        """Raises NewsmillError where there is no page."""
        from ..fetch.messages import Failure

        if not self._rules(url).allows(url):
            raise NewsmillError(f"{url}: robots.txt of the site forbids it")
        self._pause(url)
        answer = self.asker.get(url)
        if isinstance(answer, Failure):
            raise NewsmillError(f"{url}: {answer.detail}")
        if answer.status not in (200, 203):
            raise NewsmillError(f"{url}: HTTP {answer.status}")
        from ..fetch import policy

        raw = Raw(url, None, hashlib.sha256(answer.body).hexdigest())
        charset = policy.charset(answer.header("content-type"))
        headers = tuple((name.lower(), value) for name, value in answer.headers)
        return Page(raw, answer.body, charset=charset, url=answer.url, headers=headers, fetched_at=utc())

    def _rules(self, url: str) -> robots.Rules:
        from ..fetch import robots
        from ..fetch.context import AGENT
        from ..fetch.messages import Failure

        origin = _origin(url)
        if origin not in self.rules:
            self._pause(url)
            answer = self.asker.get(urljoin(url, "/robots.txt"))
            if isinstance(answer, Failure):
                raise NewsmillError(f"{answer.url}: {answer.detail}")
            self.rules[origin] = robots.for_status(answer.status, answer.body, AGENT)
        return self.rules[origin]

    def _pause(self, url: str) -> None:
        origin = _origin(url)
        due = self.last.get(origin, float("-inf")) + self.cfg.fetch.delay
        time.sleep(max(0.0, due - time.monotonic()))
        self.last[origin] = time.monotonic()


def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2]).lower()


def _draft(page: Page | Skipped, cfg: Config) -> Draft | Skipped:
    return extract.draft(page, cfg.extract, cfg.site) if isinstance(page, Page) else page


def _settled(draft: Draft | Skipped, cfg: Config) -> Article | Skipped:
    return finalize(draft, Repeats(), cfg.extract) if isinstance(draft, Draft) else draft


def _in_workers(
    first: tuple[str, Page | Skipped],
    second: tuple[str, Page | Skipped],
    rest: Iterator[tuple[str, Page | Skipped]],
    cfg: Config,
) -> Iterator[Named]:
    """The pages of several inputs, in order."""
    for done in drafts(chain((first, second), rest), cfg):
        yield done.label, _settled(done.value, cfg)
