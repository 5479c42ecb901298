"""An address or an id -> its article gone from raw/, clean/ and the state folder, and a tombstone that keeps it out.

Order matters: the tombstone first, so that nothing can bring the article back whatever happens next; then the pages as
scraped; then what was made of them. Every file is rewritten beside itself and renamed. Doing it twice does no harm.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .. import pages, store
from ..errors import UsageError
from ..files import ARTICLES, DUPLICATES, RECORDS, SKIPPED, TOPICS
from ..formats.warc_reader import Record
from ..formats.warc_reader import records as warc_records
from ..project import Project
from ..runner.stages import NAMES
from ..tombstones import FORGOTTEN
from ..urls import article_id, canonical_key

MOST = 64_000_000  # bytes of a record that is looked into; longer ones are known by their headers


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    key: str | None  # canonical key of its address
    url: str | None


@dataclass
class Done:
    """What was taken away."""

    target: Target
    raw: list[str] = field(default_factory=list)  # "raw/x.warc.gz (urn:uuid:…)"
    rows: dict[str, int] = field(default_factory=dict)  # file under clean/ -> rows
    copies: list[str] = field(default_factory=list)  # ids of other articles in its cluster: they stay


def forget(project: Project, wanted: str, *, why: str | None, at: str, dry_run: bool) -> Done:
    """Take one article out everywhere. Raises Locked, UsageError, NewsmillError."""
    with store.hold(project.state / "locks", exclusive=(*NAMES, "fetch")):
        target = _target(project, wanted)
        done = Done(target, copies=_copies(project, target))
        places = _places(project, target)
        done.raw = [
            f"{path}{f' ({key})' if key else ''}" for path, keys in places.items() for key in sorted(keys, key=str)
        ]
        if dry_run:
            return done
        _tombstone(project, target, why, at)
        for path, keys in places.items():
            _remove(pages.located(path, project.root), keys)
        for name, count in _clean(project, target):
            done.rows[name] = done.rows.get(name, 0) + count
        shutil.rmtree(project.state / "drafts", ignore_errors=True)
        _unfetch(project, target)
        return done


def _target(project: Project, wanted: str) -> Target:
    """An address need not be known: a takedown may come before the page does. An id must be."""
    wanted = wanted.strip()
    if "://" in wanted:
        key = canonical_key(wanted)
        if key is None:
            raise UsageError(f"{wanted}: not a web address")
        return Target(article_id(wanted, ""), key, wanted)
    from ..query import lookup

    found = lookup.article(project, wanted).article
    return Target(found.id, canonical_key(found.url) if found.url else None, found.url)


def _copies(project: Project, target: Target) -> list[str]:
    """Other articles of its cluster: other outlets' pages, which a person may want to forget as well."""
    needle = target.id.encode()
    rows = [
        row
        for batch in project.done()
        for line in _lines_with(project.clean / batch / DUPLICATES, needle)
        if (row := json.loads(line))
    ]
    clusters = {target.id} | {row["cluster_id"] for row in rows if row["id"] == target.id}
    return sorted({row["id"] for row in rows if row["cluster_id"] in clusters and row["id"] != target.id})


def _places(project: Project, target: Target) -> dict[str, set[str | None]]:
    """Where its pages lie: file under the project -> keys of rows or records in it (None: the file is the page)."""
    places: dict[str, set[str | None]] = {}
    extracted = set()
    for batch in project.done():
        folder = project.clean / batch
        if project.manifest(batch, "extract"):
            extracted.add(batch)
        for line in _lines_with(folder / ARTICLES, target.id.encode()):
            row = json.loads(line)
            if row["id"] == target.id and row["raw"]["path"]:
                places.setdefault(row["raw"]["path"], set()).add(row["raw"]["key"])
        for row in store.rows(folder / SKIPPED):
            if row.get("url") and target.key and canonical_key(row["url"]) == target.key:
                places.setdefault(row["raw"]["path"], set()).add(row["raw"]["key"])
    if project.raw.is_dir() and target.key:
        for raw in pages.batches(project.raw):
            for page in pages.pages(raw, project.root, MOST) if raw.name not in extracted else ():
                if page.url and canonical_key(page.url) == target.key:
                    places.setdefault(page.raw.path, set()).add(page.raw.key)
    return {path: keys for path, keys in places.items() if pages.located(path, project.root).exists()}


def _tombstone(project: Project, target: Target, why: str | None, at: str) -> None:
    path = project.root / FORGOTTEN
    rows = list(store.rows(path))
    if any(row.get("id") == target.id and row.get("key") == target.key for row in rows):
        return
    with store.writer(path) as write:
        for row in rows:
            write(row)
        write({"id": target.id, "key": target.key, "url": target.url, "at": at, "why": why})


# --- raw/


def _remove(path: Path, keys: set[str | None]) -> None:
    """Take pages out of one raw file; a file that is a page goes, with its sidecar."""
    name = path.name.lower()
    if None in keys:
        path.unlink(missing_ok=True)
        for base in {path.name, path.name.removesuffix(".gz")}:
            path.with_name(base + ".meta.json").unlink(missing_ok=True)
    elif name.endswith((".jsonl", ".jsonl.gz")):
        _rewrite(path, lambda source, out: _without_rows(source, out, keys))
    else:
        _without_records(path, keys)


def _rewrite(path: Path, change: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Change the unfolded bytes of a file that may be gzipped; the rest of it stays byte for byte."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with store.atomic(path) as temporary, temporary.open("wb") as target:
        if not packed:
            with path.open("rb") as plain:
                change(plain, target)
            return
        with gzip.open(path, "rb") as unfolded, gzip.GzipFile("", "wb", fileobj=target, mtime=0) as folded:
            change(unfolded, folded)  # type: ignore[arg-type]


def _without_rows(source: IO[bytes], out: IO[bytes], keys: set[str | None]) -> None:
    """An empty line takes the place of a row: the others keep their numbers, which may be their keys."""
    for number, line in enumerate(source, 1):
        row: Any = None
        with suppress(ValueError, RecursionError):
            row = json.loads(line)
        named = str(row["id"]) if isinstance(row, dict) and row.get("id") not in (None, "") else None
        out.write(b"\n" if f"line:{number}" in keys or named in keys - {None} else line)


def _without_records(path: Path, keys: set[str | None]) -> None:
    """Leave out records and all that speak of them (requests, metadata); everything else stays byte for byte."""
    with path.open("rb") as file:
        ranges = _doomed(file, keys)
        packed = len({start for start, _ in ranges}) < len(ranges)
    if packed:  # several records in one gzip member: ranges only exist in the unfolded bytes
        _unfolded(path, keys)
        return
    with store.atomic(path) as temporary, temporary.open("wb") as out, path.open("rb") as file:
        _copy_without(file, out, ranges)


def _unfolded(path: Path, keys: set[str | None]) -> None:
    plain = path.with_name(f".{path.name}.unfolded.tmp")
    try:
        with gzip.open(path, "rb") as source, plain.open("wb") as out:
            shutil.copyfileobj(source, out)
        with plain.open("rb") as file:
            ranges = _doomed(file, keys)
            with (
                store.atomic(path) as temporary,
                temporary.open("wb") as target,
                gzip.GzipFile("", "wb", fileobj=target, mtime=0) as folded,
            ):
                _copy_without(file, folded, ranges)  # type: ignore[arg-type]
    finally:
        plain.unlink(missing_ok=True)


def _doomed(file: IO[bytes], keys: set[str | None]) -> list[tuple[int, int]]:
    """(begin, end) of each record that has one of the ids, or speaks of one. Two with one begin share a gzip member."""
    starts: list[int] = []
    doomed: list[int] = []
    file.seek(0)
    for record in warc_records(file, MOST):  # type: ignore[arg-type]
        starts.append(record.at)
        if isinstance(record, Record):
            said = (record.headers.get(n, "") for n in ("warc-record-id", "warc-concurrent-to", "warc-refers-to"))
            if any(value.strip("<> ") in keys for value in said if value):
                doomed.append(len(starts) - 1)
    starts.append(file.seek(0, 2))
    crowded = [(starts[0], starts[0])] * 2 if len(set(starts)) < len(starts) else []
    return crowded or [(starts[n], starts[n + 1]) for n in doomed]


def _copy_without(file: IO[bytes], out: IO[bytes], ranges: list[tuple[int, int]]) -> None:
    file.seek(0)
    at = 0
    for start, end in [*sorted(ranges), (file.seek(0, 2), 0)]:
        file.seek(at)
        left = start - at
        while left > 0 and (piece := file.read(min(left, 1 << 20))):
            out.write(piece)
            left -= len(piece)
        at = end


# --- clean/ and the state folder


def _clean(project: Project, target: Target) -> Iterator[tuple[str, int]]:
    """Take its rows out of every output now; the next run makes those outputs anew where raw pages remain."""
    for batch in project.done():
        folder = project.clean / batch
        for name in (RECORDS, TOPICS, DUPLICATES, SKIPPED):
            if count := _drop_rows(folder / name, target):
                yield f"{batch}/{name}", count
        if count := _blank_rows(folder / ARTICLES, target):
            yield f"{batch}/{ARTICLES}", count


def _lines_with(path: Path, needle: bytes) -> Iterator[bytes]:
    with suppress(FileNotFoundError), path.open("rb") as file:
        yield from (line for line in file if needle in line)


def _is_its(line: bytes, target: Target) -> bool:
    row = json.loads(line)
    url = row.get("url")
    named = row.get("id") == target.id or row.get("article", {}).get("id") == target.id
    return bool(named or ("reason" in row and url and target.key and canonical_key(url) == target.key))


def _drop_rows(path: Path, target: Target) -> int:
    needles = [target.id.encode(), b'"url"' if path.name == SKIPPED else target.id.encode()]
    if not any(True for needle in needles for line in _lines_with(path, needle) if _is_its(line, target)):
        return 0
    count = 0
    with store.atomic(path) as temporary, temporary.open("wb") as out, path.open("rb") as file:
        for line in file:
            if any(needle in line for needle in needles) and _is_its(line, target):
                count += 1
            else:
                out.write(line)
    return count


def _blank_rows(path: Path, target: Target) -> int:
    """Put an empty article of the same length in its place: dedup's memory knows the others by their byte offsets."""
    if not any(_is_its(line, target) for line in _lines_with(path, target.id.encode())):
        return 0
    count = 0
    with store.atomic(path) as temporary, temporary.open("wb") as out, path.open("rb") as file:
        for line in file:
            if target.id.encode() in line and _is_its(line, target):
                row = json.loads(line)
                empty = {name: _empty(value) for name, value in row.items()} | {"id": target.id}
                empty["raw"] = {"path": "", "key": None, "sha256": ""}
                empty["flags"] = ["forgotten"]
                bare = store.to_json(empty)
                line = bare + b" " * (len(line) - 1 - len(bare)) + b"\n"
                count += 1
            out.write(line)
    return count


def _empty(value: Any) -> Any:
    return type(value)() if isinstance(value, str | list | dict) else None


def _unfetch(project: Project, target: Target) -> None:
    """Fetch's own memory: it asks the tombstones before it asks a server, and needs to know no more."""
    if target.key is None or not (project.state / "fetch.sqlite3").exists():
        return
    from ..fetch.state import State

    state = State(project.state)
    try:
        state.erase(target.key)
    finally:
        state.close()
