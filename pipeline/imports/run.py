"""Files of others -> one new batch in raw/, written whole; what could not be used is counted and named."""

from __future__ import annotations

import io
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .. import pages, store
from ..console import Talk
from ..errors import NewsmillError, UsageError
from ..project import Project
from ..urls import canonical_key
from . import archive, mail, saved, tools
from .rows import Row, Unusable

LOCK_SECONDS = 60.0  # another import is waited for; a fetch may take half an hour, and is told of then
KINDS = ("cc-news", "mail", "saved", "json")


@dataclass
class Imported:
    """What an import brought."""

    path: Path | None = None  # the new batch
    read: int = 0
    kept: int = 0
    unusable: list[Unusable] = field(default_factory=list)


def run(
    project: Project,
    paths: list[str],
    *,
    kind: str | None,
    name: str | None,
    wanted: archive.Wanted,
    days: str | None,
    internal: bool,
    talk: Talk,
) -> Imported:
    """Bring in files or folders; with `days`, CC-NEWS archives of those days from an address or a folder like it.

    Raises UsageError, NewsmillError. Nothing appears in raw/ but the finished batch.
    """
    if days is not None:
        kind = "cc-news"
    if not paths and days is None:
        raise UsageError("say what to import: a file or a folder, or --days for CC-NEWS")
    kinds = {kind or _kind(Path(path)) for path in paths} or {"cc-news"}
    if len(kinds) > 1:
        raise UsageError(f"these are of different kinds ({', '.join(sorted(kinds))}): one import for each")
    chosen = kinds.pop()
    if (wanted.hosts or wanted.languages) and chosen != "cc-news":
        raise UsageError("--host and --language choose from WARC archives; these are none")
    with store.hold(project.state / "locks", exclusive=(store.RAW,), wait=LOCK_SECONDS):
        return _run(project, paths, chosen, name, wanted, days, internal, talk)


def _run(
    project: Project,
    paths: list[str],
    chosen: str,
    name: str | None,
    wanted: archive.Wanted,
    days: str | None,
    internal: bool,
    talk: Talk,
) -> Imported:
    """Import under the lock of raw/: names are free, and no other run takes the unfinished file for its own."""
    report = Imported()
    suffix = ".warc.gz" if chosen == "cc-news" else ".jsonl"
    target = project.raw / f"{_name(project, name, chosen)}{suffix}"
    keys: list[str] = []
    with store.atomic(target) as temporary:
        with temporary.open("wb") as out, talk.progress(f"import {target.name}", None) as progress:
            if chosen == "cc-news":
                _archives(project, paths, days, internal, wanted, out, keys, report, progress)
            else:
                _rows(chosen, paths, out, keys, report, progress)
            out.flush()
        if not report.kept:
            seen = f"{report.read} looked at" if report.read else "nothing found"
            raise NewsmillError(f"nothing to import: {seen}{_first(report.unusable)}")
    report.path = target
    _not_again(project, keys, target.name)
    return report


def _rows(
    kind: str, paths: list[str], out: IO[bytes], keys: list[str], report: Imported, progress: store.Progress
) -> None:
    reader: Callable[[Path], Iterator[Row | Unusable]]
    reader = {"mail": mail.read, "saved": saved.read, "json": tools.read}[kind]
    for path in _files(paths, kind):
        for row in reader(path):
            report.read += 1
            progress(1)
            if isinstance(row, Unusable):
                report.unusable.append(row)
                continue
            out.write(store.to_json(row.plain()) + b"\n")
            report.kept += 1
            if row.url and (key := canonical_key(row.url)):
                keys.append(key)


def _files(paths: list[str], kind: str) -> Iterator[Path]:
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise UsageError(f"{text}: no such file or folder")
        if kind == "mail" and path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.name.lower().endswith((".eml", ".mbox", ".mbx")))
        else:
            yield path


def _archives(
    project: Project,
    paths: list[str],
    days: str | None,
    internal: bool,
    wanted: archive.Wanted,
    out: IO[bytes],
    keys: list[str],
    report: Imported,
    progress: store.Progress,
) -> None:
    for place in _places(project, paths, days, internal):
        with _open(project, place, internal) as (file, streamed):
            records = archive.from_stream(file) if streamed else archive.from_file(file)
            read, kept = archive.copy(records, out, wanted, keys.append)
        report.read += read
        report.kept += kept
        progress(1)


def _places(project: Project, paths: list[str], days: str | None, internal: bool) -> Iterator[str]:
    """Archives to read: files and folders as they are, or those of some days below each base."""
    if days is not None:
        since, until = archive.days(days)
        for base in paths or [archive.BASE]:
            found = archive.listed(base, since, until, lambda where: _whole(project, where, internal))
            if not found:
                raise NewsmillError(f"{base} lists no archive for {days}")
            yield from found
        return
    for text in paths:
        path = Path(text)
        if "://" not in text and not path.exists():
            raise UsageError(f"{text}: no such file or folder")
        if path.is_dir():
            yield from (str(p) for p in sorted(path.rglob("*")) if p.name.lower().endswith((".warc", ".warc.gz")))
        else:
            yield text


def _whole(project: Project, where: str, internal: bool) -> bytes:
    with _open(project, where, internal) as (file, _):
        return file.read(50_000_000)


@contextmanager
def _open(project: Project, where: str, internal: bool) -> Iterator[tuple[IO[bytes], bool]]:
    """(file, whether it comes over the network) of a path or an address. Raises NewsmillError."""
    if "://" not in where:
        try:
            with Path(where).open("rb") as file:
                yield file, False
        except OSError as error:
            raise NewsmillError(f"{where}: {error.strerror or error}") from None
        return
    stream = _Stream(project, where, internal)
    try:
        yield io.BufferedReader(stream, 1 << 20), True
    finally:
        stream.close()


class _Stream(io.RawIOBase):
    """A download as a file that can be read once: fetched by a thread that waits when nobody reads."""

    def __init__(self, project: Project, url: str, internal: bool) -> None:
        from ..fetch.client import Client
        from ..fetch.context import user_agent
        from ..fetch.messages import Limits, Request

        cfg = project.config.fetch
        if not cfg.contact:
            raise UsageError("fetch.contact is empty in config.toml: those whose servers are asked want to reach you")
        limits = Limits(seconds=6 * 3600, idle=60, body=4_000_000_000)  # an archive is 1 GB
        ca_file = str(project.root / cfg.ca_file) if cfg.ca_file else None
        client = Client(user_agent(cfg.contact), limits, ca_file)
        self._pieces: queue.Queue[bytes | str] = queue.Queue(maxsize=64)
        self._held = b""
        self._over = False

        def load() -> None:
            answer = client.get(Request(url, internal=internal), self._put)
            status = getattr(answer, "status", None)
            self._pieces.put("" if status == 200 else f"{url}: {getattr(answer, 'detail', f'HTTP {status}')}")

        threading.Thread(target=load, daemon=True).start()

    def _put(self, piece: bytes) -> None:
        while not self.closed:
            try:
                self._pieces.put(piece, timeout=1)
                return
            except queue.Full:
                continue
        raise OSError("nobody reads any more")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._held and not self._over:
            piece = self._pieces.get()
            if isinstance(piece, str):
                self._over = True
                if piece:
                    raise NewsmillError(piece)
            else:
                self._held = piece
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count


def _kind(path: Path) -> str:
    """What a file or folder is, by its name and its first bytes."""
    name = path.name.lower()
    if name.endswith((".warc", ".warc.gz")) or "://" in str(path):
        return "cc-news"
    if name.endswith((".eml", ".mbox", ".mbx")):
        return "mail"
    if name.endswith((".json", ".jsonl")):
        return "json"
    if name.endswith(saved.SUFFIXES):
        return "saved"
    if path.is_dir():
        found = {_kind(p) for p in sorted(path.iterdir())[:200] if p.is_file() and re.search(r"\.\w+$", p.name)}
        for kind in ("cc-news", "mail", "saved", "json"):
            if kind in found:
                return kind
    elif path.is_file():
        with path.open("rb") as file:
            if file.read(5) == b"From ":
                return "mail"
    raise UsageError(f"{path}: cannot tell what this is; say it with --kind {'|'.join(KINDS)}")


def _name(project: Project, wanted: str | None, kind: str) -> str:
    """The batch's name: as told, else by the time, so that it comes after what is there."""
    taken = {batch.name for batch in pages.batches(project.raw)} if project.raw.is_dir() else set()
    if wanted is not None:
        if "/" in wanted or wanted.startswith(".") or wanted in ("", "index", "loose"):
            raise UsageError(f"{wanted!r} cannot be the name of a batch")
        if wanted in taken:
            raise UsageError(f"{wanted} is there already; raw/ is only ever added to")
        return wanted
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    return next(n for n in (f"{stamp}-{kind}", *(f"{stamp}-{kind}-{i}" for i in range(2, 999))) if n not in taken)


def _not_again(project: Project, keys: list[str], name: str) -> None:
    """Fetch need not ask for what came this way."""
    if not keys or not project.config.source:
        return
    from ..fetch.state import State

    state = State(project.state)
    try:
        state.imported(keys, name)
    finally:
        state.close()


def _first(unusable: list[Unusable]) -> str:
    return f"; {unusable[0].what}: {unusable[0].why}" if unusable else ""
