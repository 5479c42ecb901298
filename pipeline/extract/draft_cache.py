"""The drafts of a batch on disk, so that a killed run goes on where it was and a changed page costs only itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from .. import extract, store
from ..config import ExtractConfig, SiteRule, digest
from ..model import Page, Skipped
from ..pages import Batch, pages
from ..project import Project
from ..sandbox import pool
from .values import Draft

_END = b',"whole":true}\n'  # a line torn by a killed run cannot end like this
FLUSH = 64  # drafts between two writes to disk: what a killed run does again at most


class Spool:
    """JSON lines in the state folder: `<batch>.jsonl` whole and in page order, `<batch>.part` while a run works."""

    def __init__(self, project: Project, batch: Batch) -> None:
        self.whole, self.part = files(project, batch.name)
        self.project = project
        self.batch = batch
        cfg = project.config
        self.rules = store.key(extract.VERSION, digest(cfg.extract, cfg.site))

    def fill(self, progress: store.Progress) -> None:
        """Draft every page whose draft is not here yet, in workers; then put all of them in page order."""
        self.whole.parent.mkdir(parents=True, exist_ok=True)
        known = {**_offsets(self.whole), **_offsets(self.part)}
        order: list[str] = []
        cfg = self.project.config
        with _appending(self.part) as part:
            _end_line(part)

            def work() -> Iterator[tuple[str, Page]]:
                for page in pages(self.batch, self.project.root, cfg.extract.max_bytes):
                    name = self._name(page)
                    order.append(name)
                    if name in known:
                        progress(1)
                    elif isinstance(page, Skipped):
                        _append(part, name, _row(page))
                    else:
                        yield name, page

            done = pool.map(
                (full, fast, plain),
                work(),
                shared=(cfg.extract, cfg.site),
                workers=cfg.project.workers,
                seconds=cfg.extract.page_seconds,
                memory_mb=cfg.extract.page_memory_mb,
            )
            for number, ((name, page), result) in enumerate(done, 1):
                if isinstance(result, pool.Lost):
                    result = _row(Skipped(page.raw, page.url, result.reason, result.detail))
                _append(part, name, result)
                progress(1)
                if number % FLUSH == 0:
                    part.flush()
        self._merge(order)

    def read(self) -> Iterator[Draft | Skipped]:
        """Every page's draft, in page order."""
        with self.whole.open("rb") as file:
            for line in file:
                row = json.loads(line)
                yield store.parse(Draft, row["draft"]) if "draft" in row else store.parse(Skipped, row["skipped"])

    def _name(self, page: Page | Skipped) -> str:
        """Hash of all that decides a page's draft."""
        if isinstance(page, Skipped):
            return store.key(self.rules, page.raw.path, page.raw.key, page.raw.sha256, page.reason, page.detail)
        return store.key(
            self.rules, page.raw.path, page.raw.key, page.raw.sha256, page.kind, page.charset, page.url, page.title,
            page.published_at, page.fetched_at, page.source, page.headers, page.flags,
        )  # fmt: skip

    def _merge(self, order: list[str]) -> None:
        whole, part = _offsets(self.whole), _offsets(self.part)
        with store.atomic(self.whole) as temporary, temporary.open("wb") as out, self.part.open("rb") as new:
            with self.whole.open("rb") if whole else open(os.devnull, "rb") as old:  # noqa: PTH123
                for name in order:
                    file, offset = (new, part[name]) if name in part else (old, whole[name])
                    file.seek(offset)
                    out.write(file.readline())
            out.flush()
        self.part.unlink()


def files(project: Project, batch: str) -> tuple[Path, Path]:
    """(whole cache, the one that a run is writing) of a batch; neither need exist."""
    name = os.fsencode(batch)
    stem = f"{quote(name, safe='')[:150]}-{hashlib.sha256(name).hexdigest()[:8]}"
    return project.state / "drafts" / f"{stem}.jsonl", project.state / "drafts" / f"{stem}.part"


def full(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> bytes:
    """The rungs of the ladder as workers climb it: each writes its draft as it will lie in the file."""
    return _row(extract.draft(page, cfg, sites))


def fast(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> bytes:
    return _row(extract.draft_fast(page, cfg, sites))


def plain(page: Page, cfg: ExtractConfig, sites: tuple[SiteRule, ...]) -> bytes:
    return _row(extract.draft_plain(page, cfg, sites))


def _row(value: Draft | Skipped) -> bytes:
    return b'"%s":%s' % (b"draft" if isinstance(value, Draft) else b"skipped", store.to_json(value))


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


def _append(file: IO[bytes], name: str, row: bytes) -> None:
    file.write(b'{"page":"%s",%s%s' % (name.encode(), row, _END))


def _end_line(file: IO[bytes]) -> None:
    """A run killed in the middle of a line leaves it torn: close it, so that the next line is its own."""
    file.seek(0, os.SEEK_END)
    if file.tell():
        file.write(b"\n")


def _offsets(path: Path) -> dict[str, int]:
    """page name -> where its line begins; torn lines are passed over."""
    found: dict[str, int] = {}
    try:
        with path.open("rb") as file:
            offset = 0
            for line in file:
                if line.startswith(b'{"page":"') and line.endswith(_END):
                    found[line[9:41].decode()] = offset
                offset += len(line)
    except FileNotFoundError:
        pass
    return found
