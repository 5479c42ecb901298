"""Files from other tools -> one new batch in raw/, written atomically; what could not be used is counted and listed."""

from __future__ import annotations

import collections
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from .. import pages, store
from ..console import Console
from ..errors import NewsmillError, UsageError
from ..formats.mail import is_mbox, is_message
from ..pages import readers, wacz
from ..pages.batches import LOOSE, RESERVED
from ..pages.source import Source
from ..project import Project
from ..urls import canonical_key
from . import archive, mail, other, saved, tools
from .download import opened
from .rows import Row, Unusable

READERS: dict[str, Callable[[Path], Iterator[Row | Unusable]]] = {
    "mail": mail.read,
    "saved": saved.read,
    "json": tools.read,
    "other": other.read,
}
LOCK_SECONDS = 60.0  # another import is waited for; a fetch may take half an hour, and is told of then
KINDS = ("cc-news", *READERS)
_ARCHIVES = ("WARC", "WACZ")


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
    console: Console,
) -> Imported:
    """Bring in files or folders; with `days`, CC-NEWS archives of those days from an address or a folder like it.

    Holds the lock of all that writes raw/: a fetch, a removal or another import leaves meanwhile. Raises UsageError,
    Locked, NewsmillError. Nothing appears in raw/ but the finished batch.
    """
    if not paths and days is None:
        raise UsageError("nothing to import: give a file or a folder, or --days for CC-NEWS")
    with store.hold(project.state / "locks", exclusive=(store.RAW,), wait=LOCK_SECONDS):
        if days is not None:
            files = [("cc-news", place) for place in _days(project, paths, days, internal)]
        else:
            files = [file for text in paths for file in _files(text, kind)]
        archives = {file_kind == "cc-news" for file_kind, _ in files}
        if len(archives) > 1:
            raise UsageError("WARC archives and other files cannot be imported together")
        if (wanted.hosts or wanted.languages) and archives != {True}:
            raise UsageError("--host and --language apply to WARC archives only")
        chosen = kind or ("cc-news" if archives == {True} else _most(files))
        suffix = ".warc.gz" if archives == {True} else ".jsonl"
        return _write(project, files, f"{_name(project, name, chosen)}{suffix}", wanted, internal, console)


def _write(
    project: Project, files: list[tuple[str, str]], name: str, wanted: archive.Wanted, internal: bool, console: Console
) -> Imported:
    report = Imported()
    target = project.raw / name
    keys: list[str] = []
    with store.atomic(target) as temporary:
        with temporary.open("wb") as out, console.progress(f"import {name}", None) as progress:
            for kind, place in files:
                if kind == "cc-news":
                    _archive(project, place, internal, wanted, out, keys, report)
                    progress(1)
                elif kind == "none":
                    report.unusable.append(Unusable(place, "not a kind of file that is imported"))
                else:
                    _rows(READERS[kind], Path(place), out, keys, report, progress)
            out.flush()
        if not report.kept:
            summary = f"{report.read} looked at" if report.read else "nothing found"
            raise NewsmillError(f"nothing to import: {summary}{_first(report.unusable)}")
    report.path = target
    _not_again(project, keys, name)
    return report


def _rows(
    reader: Callable[[Path], Iterator[Row | Unusable]],
    path: Path,
    out: IO[bytes],
    keys: list[str],
    report: Imported,
    progress: store.Progress,
) -> None:
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


def _archive(
    project: Project,
    place: str,
    internal: bool,
    wanted: archive.Wanted,
    out: IO[bytes],
    keys: list[str],
    report: Imported,
) -> None:
    with opened(project, place, internal) as file:
        inner = [(place, file)] if not place.lower().endswith(".wacz") else wacz.archives(file)
        for name, stream in inner:
            if isinstance(stream, str):
                report.unusable.append(Unusable(name, stream, damaged=True))
                continue
            for outcome in archive.copy(stream, name, out, wanted, keys.append):
                if isinstance(outcome, Unusable):
                    report.unusable.append(outcome)
                else:
                    report.read += 1
                    report.kept += outcome


def _days(project: Project, bases: list[str], days: str, internal: bool) -> Iterator[str]:
    """The archives of some days below each base."""
    since, until = archive.days(days)

    def listing(where: str) -> bytes:
        with opened(project, where, internal) as file:
            return file.read(50_000_000)

    for base in bases or [archive.BASE]:
        places = archive.listed(base, since, until, listing)
        if not places:
            raise NewsmillError(f"{base} lists no archive for {days}")
        yield from places


def _files(text: str, kind: str | None) -> Iterator[tuple[str, str]]:
    """(kind, path) of a file, an address, or every file of a folder; "none" where nobody reads such a file."""
    path = Path(text)
    if "://" in text:
        yield "cc-news", text
        return
    if not path.exists():
        raise UsageError(f"{text}: no such file or folder")
    if not path.is_dir():
        if (file_kind := kind or kind_of(path)) is None:
            raise UsageError(f"{text}: unknown kind of file; give --kind {'|'.join(KINDS)}")
        yield file_kind, text
        return
    if kind in ("saved", "json"):  # they walk their folders themselves
        yield kind, text
        return
    found_any = False
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not saved.belongs(Path(folder, f)))
        for name in sorted(n for n in names if not n.startswith(".")):
            inner = Path(folder, name)
            its = kind_of(inner)
            if kind is None or its == kind:
                found_any |= its is not None
                yield its or "none", str(inner)
    if not found_any and kind is None:
        raise UsageError(f"{text}: unknown kind of file; give --kind {'|'.join(KINDS)}")


def kind_of(path: Path) -> str | None:
    """Which reader takes a file, by its name, else by its first bytes; None: none."""
    if not path.is_file():
        return None
    name = path.name.lower()
    named = readers.named(name)
    if named is None or named is readers.PAGE:
        if name.removesuffix(".gz").endswith(saved.SUFFIXES):
            return "saved"
        head = Source(path, path.parent, path.name).head()
        if is_mbox(head) or is_message(head):
            return "mail"
        return "cc-news" if head.startswith(b"WARC/") else None
    if named.name in _ARCHIVES:
        return "cc-news"
    return {"mbox": "mail", "mail": "mail", "MHTML": "saved", "JSON": "json", "JSONL": "json"}.get(named.name, "other")


def _most(files: list[tuple[str, str]]) -> str:
    """The kind that a batch of several is named for."""
    counts = collections.Counter(kind for kind, _ in files if kind != "none")
    return counts.most_common(1)[0][0] if counts else "other"


def _name(project: Project, name: str | None, kind: str) -> str:
    """The batch's name: as told, else by the time, so that it comes after what is there."""
    used_names = {batch.name for batch in pages.batches(project.raw)} if project.raw.is_dir() else set()
    if name is not None:
        if "/" in name or name.startswith(".") or not name.isprintable() or name in ("", LOOSE, *RESERVED):
            raise UsageError(f"{name!r} cannot be the name of a batch")
        if name in used_names:
            raise UsageError(f"{name} exists; give another --name")
        return name
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    return next(n for n in (f"{stamp}-{kind}", *(f"{stamp}-{kind}-{i}" for i in range(2, 999))) if n not in used_names)


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
