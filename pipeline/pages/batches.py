"""raw/ -> its batches and their files: names of any bytes, links and odd files looked at and never followed."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ..errors import NewsmillError
from ..files import ORDER
from .readers import container_stem
from .source import SIDECAR, why

LOOSE = "loose"
RESERVED = {"index", ORDER}  # names in clean/ that belong to dedup

_UNFINISHED = ("~", ".tmp", ".part", ".crdownload")  # what editors, rsync and browsers leave while they write


@dataclass(frozen=True, slots=True)
class Batch:
    """One entry directly under raw/, or all loose pages there."""

    name: str  # of the folder in clean/; may hold any bytes a file name may (surrogateescape)
    raw: Path  # the raw folder
    entries: tuple[Path, ...]  # one folder, one container, or the loose files


def batches(raw: Path) -> list[Batch]:
    """The batches of raw/, in the byte order of their names.

    Raises NewsmillError when raw/ cannot be listed, or when two entries claim the same name.
    """
    try:
        entries = [e for e in os.scandir(raw) if not _ignored(e.name)]
    except OSError as error:
        raise NewsmillError(f"{raw}: {why(error)}; scraped pages belong there, `newsmill init` makes one") from None
    named: dict[str, Path] = {}
    loose: list[Path] = []
    for entry in sorted(entries, key=lambda e: os.fsencode(e.name)):
        name = entry.name if _is_dir(entry) else container_stem(entry.name)
        if name is None:
            loose.append(raw / entry.name)
        elif name in RESERVED:
            raise NewsmillError(f"{raw}: {entry.name}: no batch can be called {name!r}: rename it")
        elif name in named:
            raise _clash(raw, named[name].name, entry.name, name)
        else:
            named[name] = raw / entry.name
    if loose and LOOSE in named:
        raise _clash(raw, named[LOOSE].name, f"loose pages ({loose[0].name})", LOOSE)
    all_batches = [Batch(name, raw, (path,)) for name, path in named.items()]
    if loose:
        all_batches.append(Batch(LOOSE, raw, tuple(loose)))
    return sorted(all_batches, key=lambda batch: os.fsencode(batch.name))


def files(batch: Batch) -> list[Path]:
    """Every file of a batch but the sidecars of its pages, in the byte order of paths. What cannot be entered is listed
    itself, so that it gets its line in the ledger."""
    every = inputs(batch)
    names = {os.fspath(p) for p in every}
    return [p for p in every if not (is_sidecar(p.name) and _has_page(os.fspath(p), names))]


def inputs(batch: Batch) -> list[Path]:
    """Every file whose change may change the batch's pages: files() and their sidecars."""
    paths: list[str] = []
    todo = [os.fspath(p) for p in batch.entries]
    for path in todo:  # grows while it is walked
        try:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                paths.append(path)
                continue
            todo.extend(e.path for e in os.scandir(path) if not _ignored(e.name))
        except FileNotFoundError:
            continue  # gone since it was listed: no longer part of raw/
        except OSError:
            paths.append(path)
    return [Path(p) for p in sorted(paths, key=os.fsencode)]


def is_sidecar(name: str) -> bool:
    return name.endswith(SIDECAR)


def _clash(raw: Path, one: str, other: str, name: str) -> NewsmillError:
    return NewsmillError(f"{raw}: {one!r} and {other!r} would both be the batch {name!r}: rename one of them")


def _ignored(name: str) -> bool:
    return name.startswith(".") or name.endswith(_UNFINISHED)


def _is_dir(entry: os.DirEntry[str]) -> bool:
    """A link to a folder counts as one: it gets a batch of its own, and there its line in the ledger."""
    try:
        return entry.is_dir()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            return False
        raise NewsmillError(f"{entry.path}: {why(error)}: whether it is a batch cannot be told") from None


def _has_page(sidecar: str, names: set[str]) -> bool:
    page = sidecar[: -len(SIDECAR)]
    return page in names or page + ".gz" in names
