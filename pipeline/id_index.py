"""Where the articles of a batch lie in its file, by their ids: clean/*/articles.jsonl -> .newsmill/ids/<batch>.

A file is an array of 64-bit numbers in the machine's own order: size, time and inode of articles.jsonl as they were,
the number of articles, the first 16 digits of their ids in ascending order, and the offset of each one's line. It
counts only for that very file: of one that was changed by hand, or where there is no index, all lines are read.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path

from . import store
from .project import Project

FOLDER = "ids"
DIGITS = 16  # of an id's 32
_START = b'{"id":"'
_PREFIX = len(_START)
_HEAD = 4  # numbers before the ids


def exists(project: Project) -> bool:
    return (project.state / FOLDER).is_dir()


def update(project: Project) -> None:
    """Make the index of every batch whose articles changed; remove those of batches that are gone."""
    folder = project.state / FOLDER
    batches = dict(project.articles())
    for batch, path in batches.items():
        if _head(folder / batch) != _sign(path):
            _write(path, folder / batch)
    for name in set(os.listdir(folder) if folder.is_dir() else ()) - batches.keys():  # noqa: PTH208
        (folder / name).unlink()


def lines(project: Project, prefix: str) -> Iterator[tuple[str, bytes]]:
    """(batch, line) of the articles whose id begins so, in the order of their files."""
    start = _START + prefix.encode("utf-8", "replace")
    for batch, path in project.articles():
        places = _places(project.state / FOLDER / batch, path, prefix)
        with path.open("rb") as file:
            if places is None:
                yield from ((batch, line) for line in file if line.startswith(start))
                continue
            for place in places:
                file.seek(place)
                if (line := file.readline()).startswith(start):
                    yield batch, line


def _places(index: Path, path: Path, prefix: str) -> list[int] | None:
    """Offsets of the lines that may hold such an id; None where the index cannot tell."""
    if not set(prefix) <= set("0123456789abcdef"):
        return []
    numbers = array("Q")
    try:
        numbers.frombytes(index.read_bytes())
    except (OSError, ValueError):
        return None
    if len(numbers) < _HEAD or numbers[: _HEAD - 1].tolist() != _sign(path) or len(numbers) != _HEAD + 2 * numbers[3]:
        return None
    low, high = (int(prefix[:DIGITS].ljust(DIGITS, digit), 16) for digit in "0f")
    end = _HEAD + numbers[3]
    first = bisect_left(numbers, low, _HEAD, end)
    last = bisect_right(numbers, high, first, end)
    return sorted(numbers[first + numbers[3] : last + numbers[3]])


def _write(path: Path, index: Path) -> None:
    sign = _sign(path)
    ids, places = array("Q"), array("Q")
    place = 0
    with path.open("rb") as file:
        for line in file:
            try:
                ids.append(int(line[_PREFIX : _PREFIX + DIGITS], 16))
            except ValueError:  # not as newsmill writes it: without an index it is read as it is
                index.unlink(missing_ok=True)
                return
            places.append(place)
            place += len(line)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    head = array("Q", [*sign, len(ids)])
    with store.atomic(index) as temporary, temporary.open("wb") as file:
        for numbers in (head, array("Q", map(ids.__getitem__, order)), array("Q", map(places.__getitem__, order))):
            file.write(numbers.tobytes())


def _sign(path: Path) -> list[int]:
    """By what another file of the same name is told from this one."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def _head(index: Path) -> list[int] | None:
    """The sign of the file that an index was made from; None where there is no index."""
    try:
        with index.open("rb") as file:
            return array("Q", file.read(8 * (_HEAD - 1))).tolist()
    except (OSError, ValueError):
        return None
