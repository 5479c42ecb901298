"""The drafts of a batch on disk, so that a killed run goes on where it was and a changed page costs only itself.

Long because all of it knows the form of a line of the cache.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import quote

import msgspec

from .. import extract, store
from ..config import ExtractConfig, SiteRule, digest
from ..errors import NewsmillError
from ..model import Page, Skipped
from ..pages import Batch, pages
from ..project import Project
from ..sandbox import pool
from ..urls import host_of
from .site_rules import for_hosts
from .values import PRELOAD, Draft

_END = b',"whole":true}\n'  # a line torn by a killed run cannot end like this
_HEAD = re.compile(b',"(?:draft|skipped)":')  # quotes inside a JSON text are escaped: the first one ends the head
SHARD = ".shard"  # ends the name of a file of drafts that another process made
DRAFTING = 0.9  # of the time that a page takes, the rest is the stage's second pass: what a progress bar goes by
FLUSH = 64  # drafts between two writes to disk: what a killed run does again at most


class DraftCache:
    """JSON lines in the state folder: `<batch>.jsonl` in page order, `<batch>.part` while a run works.

    A draft is kept under all that decides it: the page, the version, the limits of a worker, and the [[site]] rules
    that speak of the page's host. Rules of other sites and settings that decide later redo no page.
    """

    def __init__(self, project: Project, batch: Batch, *, fresh: bool = False) -> None:
        """`fresh`: nothing that an earlier run kept is used."""
        self.whole, self.part = files(project, batch.name)
        self.project = project
        self.batch = batch
        cfg = project.config.extract
        self.limits = store.key(extract.VERSION, cfg.page_seconds, cfg.page_memory_mb, cfg.max_bytes)
        self.hosts: set[str] = set()  # of the batch's pages, after `fill`
        self.retry = 0  # pages whose workers were killed from outside: the next run does them again
        if fresh:
            self.whole.unlink(missing_ok=True)
            self.part.unlink(missing_ok=True)

    def fill(self, progress: store.Progress) -> float:
        """Draft every page whose draft is not here yet, in workers; then put all of them in page order.

        Returns the share of a page's progress that is left for what comes after: 1 where no page was drafted.
        """
        self.whole.parent.mkdir(parents=True, exist_ok=True)
        sites = Sites(self.project.config.site)
        self._absorb()
        known = _known((self.whole, self.part), sites)
        order: list[str] = []
        skipped: dict[str, tuple[bytes, tuple[str, ...]]] = {}  # rows of pages that need no worker, not yet written
        written = drafted = 0  # pages of `order` whose rows are in a file; pages that workers had
        with _appending(self.part) as part:
            _end_line(part)

            def work() -> Iterator[tuple[str, Page]]:
                for page in pages(self.batch, self.project.root, self.project.config.extract.max_bytes):
                    name = self._name(page)
                    order.append(name)
                    if name in known:
                        continue
                    if isinstance(page, Skipped):
                        skipped[name] = _row(page)
                    else:
                        yield name, page

            def catch_up(until: str | None) -> None:
                """Write the rows of skipped pages that come before a page: so the file is in page order."""
                nonlocal written
                while written < len(order) and order[written] != until:
                    if row := skipped.pop(order[written], None):
                        _append(part, order[written], sites, *row)
                    written += 1

            for drafted, ((name, page), result) in enumerate(self._drafted(work()), 1):
                catch_up(name)
                self.retry += _keep(part, name, page, sites, result)
                written += 1
                progress(DRAFTING)
                if drafted % FLUSH == 0:
                    part.flush()
            catch_up(None)
        self._merge(order, known)
        return 1 - DRAFTING * drafted / len(order) if order else 1.0

    def fill_shard(self, items: Iterable[Page | Skipped], shard: str, progress: store.Progress) -> int:
        """Draft the pages whose drafts are not here yet into a file of the shard's own, which the next `fill` takes in.

        Returns how many were drafted. Pages that readers skipped are left to `fill`, as they need no worker.
        """
        self.whole.parent.mkdir(parents=True, exist_ok=True)
        sites = Sites(self.project.config.site)
        path = self.whole.with_name(f"{_stem(self.batch.name)}.{shard}{SHARD}")
        known = _known((self.whole, self.part, *self._shards()), sites)
        drafted = 0

        def work() -> Iterator[tuple[str, Page]]:
            for page in items:
                if isinstance(page, Page) and (name := self._name(page)) not in known:
                    yield name, page

        with _appending(path) as file:
            _end_line(file)
            for (name, page), result in self._drafted(work()):
                _keep(file, name, page, sites, result)
                file.flush()
                drafted += 1
                progress(1)
        return drafted

    def _drafted(self, work: Iterable[tuple[str, Page]]) -> Iterator[tuple[tuple[str, Page], Any]]:
        cfg = self.project.config
        return pool.map(
            (full, fast, plain),
            work,
            shared=(cfg.extract, cfg.site),
            preload=PRELOAD,
            workers=cfg.project.workers,
            seconds=cfg.extract.page_seconds,
            memory_mb=cfg.extract.page_memory_mb,
        )

    def _shards(self) -> list[Path]:
        """What shards drafted of the batch."""
        return sorted(self.whole.parent.glob(f"{glob.escape(_stem(self.batch.name))}.*{SHARD}"))

    def _absorb(self) -> None:
        """Put what shards drafted behind what this cache has: it is known then as if a killed run had left it."""
        for path in self._shards():
            with _appending(self.part) as part, path.open("rb") as file:
                _end_line(part)
                shutil.copyfileobj(file, part)
            path.unlink()

    def read(self) -> Iterator[Draft | Skipped]:
        """Every page's draft, in page order."""
        try:
            file = self.whole.open("rb")
        except FileNotFoundError:
            raise self._deleted() from None
        with file:
            for line in file:
                row = _ROW.decode(line)
                if (result := row.draft or row.skipped) is not None:
                    yield result

    def _deleted(self) -> NewsmillError:
        return NewsmillError(f"{self.whole.parent}: was deleted while {self.batch.name} was worked on; run again")

    def _name(self, page: Page | Skipped) -> str:
        """Hash of all that decides a page's draft but the site rules."""
        if isinstance(page, Skipped):
            return store.key(self.limits, page.raw.path, page.raw.key, page.raw.sha256, page.reason, page.detail)
        return store.key(
            self.limits, page.raw.path, page.raw.key, page.raw.sha256, page.kind, page.charset, page.url, page.title,
            page.published_at, page.fetched_at, page.source, page.headers, page.flags,
            *([page.feed] if page.feed else []),
        )  # fmt: skip

    def _merge(self, order: list[str], known: dict[str, CacheLine]) -> None:
        """Publish the drafts in page order.

        A batch done for the first time is in it and is not written twice, unless a killed run left torn lines behind.
        """
        part = _index(self.part)
        if any(name not in part and name not in known for name in order):
            raise self._deleted()
        self.hosts = {host for name in order for host in (part.get(name) or known[name]).hosts}
        if list(part) == order and _lines(self.part) == len(order):
            store.publish(self.part, self.whole)
            return
        with store.atomic(self.whole) as temporary, temporary.open("wb") as out, self.part.open("rb") as new:
            with self.whole.open("rb") if self.whole.exists() else open(os.devnull, "rb") as old:  # noqa: PTH123
                for name in order:
                    file = new if name in part else old
                    file.seek((part.get(name) or known[name]).offset)
                    out.write(file.readline())
            out.flush()
        self.part.unlink()


def files(project: Project, batch: str) -> tuple[Path, Path]:
    """(whole cache, the one that a run is writing) of a batch; neither need exist."""
    folder, stem = project.state / "drafts", _stem(batch)
    return folder / f"{stem}.jsonl", folder / f"{stem}.part"


def _stem(batch: str) -> str:
    """The names of a batch's drafts up to their ending; a batch's own name may hold dots and be too long."""
    name = os.fsencode(batch)
    return f"{quote(name, safe='')[:150]}-{hashlib.sha256(name).hexdigest()[:8]}"


class Sites:
    """The [[site]] rules, hashed for the hosts of a page."""

    def __init__(self, rules: tuple[SiteRule, ...]) -> None:
        self.rules = rules
        self.known: dict[tuple[str, ...], str] = {}

    def digest(self, hosts: tuple[str, ...]) -> str:
        if hosts not in self.known:
            self.known[hosts] = digest(for_hosts(self.rules, hosts))
        return self.known[hosts]


class _Row(msgspec.Struct):
    """A line of the cache; what is not needed to read a draft is passed over."""

    draft: Draft | None = None
    skipped: Skipped | None = None


_ROW = msgspec.json.Decoder(_Row)


class CacheLine(NamedTuple):
    """Where a draft lies, and which site rules made it."""

    offset: int
    sites: str
    hosts: tuple[str, ...]


def full(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> tuple[bytes, tuple[str, ...]]:
    """A fallback level, as workers try one after the other: the draft as it will lie in the file, and its hosts."""
    return _row(extract.draft(page, cfg, sites), page.url)


def fast(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> tuple[bytes, tuple[str, ...]]:
    return _row(extract.draft_fast(page, cfg, sites), page.url)


def plain(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> tuple[bytes, tuple[str, ...]]:
    return _row(extract.draft_plain(page, cfg, sites), page.url)


def _row(value: Draft | Skipped, url: str | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The line's part of a page, and the hosts by which site rules are chosen."""
    addresses = (url, value.meta.url if isinstance(value, Draft) else value.url)
    hosts = tuple(sorted({host for address in addresses if (host := host_of(address))}))
    return b'"%s":%s' % (b"draft" if isinstance(value, Draft) else b"skipped", store.to_json(value)), hosts


@contextmanager
def _appending(path: Path) -> Iterator[IO[bytes]]:
    """A file that is written to at its end. Raises NewsmillError where the disk refuses."""
    try:
        with path.open("ab") as file:
            yield file
    except OSError as error:
        if error.filename not in (None, str(path)):
            raise  # somebody else's
        raise store.refused(path, error) from error


def _keep(file: IO[bytes], name: str, page: Page, sites: Sites, result: Any) -> bool:
    """The line of a page that a worker had; returns whether it is to be done again, as the system killed the worker."""
    if not isinstance(result, pool.Lost):
        _append(file, name, sites, *result)
        return False
    _append(file, name, sites, *_row(Skipped(page.raw, page.url, result.reason, result.detail)), retry=result.outside)
    return result.outside


def _append(
    file: IO[bytes], name: str, sites: Sites, row: bytes, hosts: tuple[str, ...], *, retry: bool = False
) -> None:
    """One line. With `retry` it holds for this run alone: no digest of site rules is empty, so it is never known."""
    head = {"page": name, "sites": "" if retry else sites.digest(hosts), "hosts": list(hosts)}
    file.write(b"%s,%s%s" % (store.to_json(head)[:-1], row, _END))


def _end_line(file: IO[bytes]) -> None:
    """A run killed in the middle of a line leaves it torn: close it, so that the next line is its own."""
    file.seek(0, os.SEEK_END)
    if file.tell():
        file.write(b"\n")


def _lines(path: Path) -> int:
    """How many lines a file has, whole or torn."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _known(paths: Iterable[Path], sites: Sites) -> dict[str, CacheLine]:
    """page name -> the latest line of it that today's site rules made."""
    return {
        name: line for path in paths for name, line in _index(path).items() if line.sites == sites.digest(line.hosts)
    }


def _index(path: Path) -> dict[str, CacheLine]:
    """page name -> its line; torn lines, and lines of an older form, are passed over."""
    lines: dict[str, CacheLine] = {}
    same: dict[tuple[str, ...], tuple[str, ...]] = {}  # hosts that many pages share, in memory once: half of it all
    try:
        with path.open("rb") as file:
            offset = 0
            for line in file:
                if line.startswith(b'{"page":"') and line.endswith(_END) and (end := _HEAD.search(line)):
                    head = json.loads(line[: end.start()] + b"}")
                    if head.keys() >= {"sites", "hosts"}:
                        hosts = tuple(head["hosts"])
                        lines[head["page"]] = CacheLine(
                            offset, sys.intern(head["sites"]), same.setdefault(hosts, hosts)
                        )
                offset += len(line)
    except FileNotFoundError:
        pass
    return lines
