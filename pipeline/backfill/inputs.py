"""Local inputs of a backfill -> the entries they would be in raw/, with their files in order."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import pages
from ..errors import UsageError
from ..project import Project
from .plan import Entry, File


def is_remote(text: str) -> bool:
    """Whether the engine reads it: s3a://..., hdfs://..., also file://..."""
    return "://" in text


def local(inputs: Sequence[str], project: Project) -> Iterator[Entry]:
    """An entry for each path, or each path that a pattern matches. Raises UsageError where there is none."""
    missing = []
    for text in inputs:
        names = [text] if os.path.lexists(text) else sorted(glob.glob(text), key=os.fsencode)  # noqa: PTH207
        if not names:
            missing.append(text)
        for name in names:
            yield entry(Path(os.path.abspath(name)), project)  # noqa: PTH100  (a link is not followed)
    if missing:
        raise UsageError(f"{', '.join(missing)}: no such file or folder")


def entry(path: Path, project: Project) -> Entry:
    """One path as an entry of raw/."""
    batch = pages.Batch(path.name, path.parent, (path,))
    files = tuple(
        File(str(file), shown(os.path.relpath(file, path.parent), project), size, str(path.parent), changed)
        for file in pages.files(batch)
        for size, changed in (_size_and_time(file),)
    )
    return Entry(path.name, path.is_dir() and not path.is_symlink(), files)


def shown(relative: str, project: Project) -> str:
    """A file's name in records, from its path in raw/."""
    return pages.shown(project.raw / relative, project.root)


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        status = path.lstat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns // 1_000_000
