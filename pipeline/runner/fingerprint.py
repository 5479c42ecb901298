"""The files of raw/ -> a hash for each batch, read again only where their sizes and times changed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from .. import pages, store
from ..project import Project

GRAIN = 1_000_000_000  # nanoseconds within which two changes may have the same time
CLOCKS_DIFFER = 3600 * GRAIN  # at most, between this machine and the one whose disk it is


class Fingerprints:
    """Hashes of the raw files, kept with their sizes and times so that unchanged files are not read again."""

    def __init__(self, project: Project) -> None:
        self.path = project.state / "fingerprints.json"
        self.known: dict[str, Any] = store.read_json(self.path) or {}  # batch -> [signature, hash]
        self.dirty = False

    def inputs(self, batch: pages.Batch) -> str:
        """Hash of the names and bytes of a batch's files."""
        files = pages.inputs(batch)
        stats: list[tuple[str | int, ...]] = []
        newest = 0
        for path in files:
            try:
                s = path.lstat()
            except OSError:
                stats.append((_name(batch, path), "gone"))
                continue
            newest = max(newest, s.st_mtime_ns, s.st_ctime_ns)
            stats.append((_name(batch, path), s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino))
        signature = store.key(stats)
        name = os.fsencode(batch.name).hex()
        match self.known.get(name):
            case [before, str(inputs)] if before == signature:
                return inputs
        inputs = store.key([(_name(batch, path), _hash(path, batch.raw)) for path in files])
        # A file changed within the clock's grain of now could change again and keep its times: it is read anew. One of
        # a clock that was far ahead cannot: a change would take it back to now.
        if not -CLOCKS_DIFFER < time.time_ns() - newest < GRAIN:
            self.known[name] = [signature, inputs]
            self.dirty = True
        return inputs

    def forget(self, name: str) -> None:
        self.dirty |= self.known.pop(os.fsencode(name).hex(), None) is not None

    def save(self, *, dry: bool) -> None:
        if self.dirty and not dry:
            store.write_json(self.path, self.known)


def _name(batch: pages.Batch, path: Path) -> str:
    return os.fsencode(path.relative_to(batch.raw)).hex()


def _hash(path: Path, raw: Path) -> str:
    """The file's content; for what cannot be read, that fact, so that it is tried again when it can.

    A link that leads out of raw/ is never followed: where it leads is all that counts.
    """
    try:
        if path.is_symlink() and not os.path.realpath(path).startswith(os.path.realpath(raw) + os.sep):
            return f"a link to {os.fsencode(path.readlink()).hex()}"
        if not path.is_file():
            return "not a file"
        return store.file_sha256(path)
    except OSError as error:
        return f"unreadable: {error.errno}"
