"""An address or an id -> its article removed from raw/, clean/ and the state folder, and a tombstone that keeps it out.

Order matters: the tombstone first, so that nothing can bring the article back whatever happens next; then the raw
pages; then what was made of them. Every file is rewritten beside itself and renamed, so doing it twice does no harm: a
removal that was killed is finished by the next run.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import pages, store, tombstones
from ..console import Console
from ..dedup.folders import Folders
from ..errors import Locked, NewsmillError, UsageError
from ..files import ARTICLES, DUPLICATES, SKIPPED
from ..pages import removal
from ..pages.source import Doomed, Source
from ..project import Project
from ..records import journal
from ..runner.stages import NAMES
from ..timestamps import utc
from ..tombstones import Tombstone
from ..urls import article_id, canonical_key, is_home


@dataclass(frozen=True, slots=True)
class Target:
    """What is to go."""

    id: str
    key: str | None  # canonical key of its address; None where it has none of its own
    url: str | None


@dataclass
class Done:
    """What was removed, or would be."""

    target: Target
    raw: list[str] = field(default_factory=list)  # raw files, with the keys of rows and records
    rows: dict[str, int] = field(default_factory=dict)  # batch/file -> rows removed from clean/
    copies: list[str] = field(default_factory=list)  # ids of the other articles of its cluster: they stay
    remains: list[str] = field(default_factory=list)  # what could not be removed, and what to do about it
    notes: list[str] = field(default_factory=list)  # what the rewriting changed that a person should know


def forget(project: Project, name: str, *, why: str | None, at: str, dry_run: bool) -> Done:
    """Remove one article everywhere. Raises Locked, UsageError, NewsmillError."""
    with _locks(project):
        target = _target(project, name)
        done = Done(target, copies=_cluster(project, target))
        if not dry_run:
            tombstones.add(project.root, Tombstone(target.id, target.key, target.url, at, why))
        _work(project, done, dry_run=dry_run)
        if not dry_run:
            with suppress(NewsmillError):  # else the next run logs it
                journal.catch_up(project, "forget")
        return done


def cluster(project: Project, name: str) -> list[str]:
    """The ids of the other articles in its cluster: the original and all copies of it."""
    return _cluster(project, _target(project, name))


def resume(project: Project, console: Console) -> None:
    """Finish the removals that forgotten.jsonl has without `done`: killed half way, or added by hand.

    Raises NewsmillError. Where another run holds a lock, it is left to the next one.
    """
    todo = tombstones.unfinished(project.root)
    if not todo:
        return
    try:
        with _locks(project):
            for stone in todo:
                id = stone.id or article_id(f"http://{stone.key}", "")
                done = Done(Target(id, stone.key, stone.url))
                _work(project, done, dry_run=False, stone=stone)
                begun = stone.at or "some time"
                console.warn(f"forget {stone.url or stone.id}: finished; it was started at {begun}")
                for one in (*done.notes, *done.remains):
                    console.warn(f"forget {stone.url or stone.id}: {one}")
    except Locked:
        console.warn("a removal (newsmill forget) is finished when no other run is in progress")


def _locks(project: Project) -> Any:
    return store.hold(project.state / "locks", exclusive=(*NAMES, store.RAW))


def _work(project: Project, done: Done, *, dry_run: bool, stone: Tombstone | None = None) -> None:
    target = done.target
    if not dry_run:
        removal.sweep(project.raw)
    for path, doomed in _places(project, target, done).items():
        _remove(project, path, doomed, done, dry_run=dry_run)
    if dry_run:
        return
    for name, count in _clean(project, target):
        done.rows[name] = done.rows.get(name, 0) + count
    for name in ("drafts", "ids", "index"):  # made again from what is left
        shutil.rmtree(project.state / name, ignore_errors=True)
    for path in project.state.glob("search.sqlite3*"):  # the words of every record in their order; made again as well
        path.unlink(missing_ok=True)
    _unfetch(project, target)
    tombstones.finish(project.root, stone or Tombstone(target.id, target.key, target.url, ""), utc())


def _target(project: Project, name: str) -> Target:
    """An address need not be known: a takedown may come before the page does. An id must be."""
    name = name.strip()
    if "://" in name:
        key = canonical_key(name)
        if key is None:
            raise UsageError(f"{name}: not a web address")
        if is_home(name):
            raise UsageError(
                f"{name}: a site's front page, which many articles may give as their address: name one article by "
                "its id (newsmill export --format csv lists them)"
            )
        return Target(article_id(name, ""), key, name)
    from ..query import lookup

    article = lookup.article(project, name).article
    url = article.url if article.url and not is_home(article.url) else None
    return Target(article.id, canonical_key(url) if url else None, url)


def _cluster(project: Project, target: Target) -> list[str]:
    """The other articles of its cluster, the original first: pages of other outlets, which may have to go as well."""
    rows = [row for batch in project.done() for row in store.rows(project.clean / batch / DUPLICATES)]
    clusters = {target.id} | {row["cluster_id"] for row in rows if row["id"] == target.id}
    ids = [*sorted(clusters), *sorted({row["id"] for row in rows if row["cluster_id"] in clusters})]
    known = {row["id"] for _, row in project.articles_with(frozenset(ids))}
    return [id for id in dict.fromkeys(ids) if id != target.id and id in known]


# --- raw/


def _places(project: Project, target: Target, done: Done) -> dict[Path, Doomed]:
    """The raw files that hold it: as clean/ says, and every file of batches that changed since they were extracted."""
    raws: dict[Path, set[tuple[str | None, str]]] = {}
    current = set()
    inside = Path(os.path.realpath(project.raw))
    for row in _its_rows(project, target):
        raw = row["raw"]
        path = pages.located(raw["path"], project.root)
        if not raw["path"] or not os.path.lexists(path):
            continue
        if not Path(os.path.realpath(path.parent)).is_relative_to(inside):
            done.remains.append(f"{raw['path']}: is said to hold it and lies outside of {project.raw}: not touched")
            continue
        raws.setdefault(path, set()).add((raw["key"], raw["sha256"]))
    if project.raw.is_dir():
        for entry in pages.batches(project.raw):
            since = _extracted_at(project, entry.name)
            files = pages.files(entry)
            if since is not None and all(_older(path, since) for path in pages.inputs(entry)):
                current.add(entry.name)
                continue
            if target.key:
                for path in files:
                    raws.setdefault(path, set())
    return {path: Doomed(frozenset(signs), target.key) for path, signs in sorted(raws.items())}


def _its_rows(project: Project, target: Target) -> Iterator[dict[str, Any]]:
    yield from (row for _, row in project.articles_with((target.id,)))
    for batch in project.done():
        for row in store.rows(project.clean / batch / SKIPPED):
            if target.key and row.get("url") and not is_home(row["url"]) and canonical_key(row["url"]) == target.key:
                yield row


def _extracted_at(project: Project, batch: str) -> int | None:
    """None too where the clock was ahead when it was: what changed since may be older than that."""
    with suppress(OSError):
        at = (project.manifest_path(batch, NAMES[0])).stat().st_mtime_ns
        return at if at <= time.time_ns() else None
    return None


def _older(path: Path, since: int) -> bool:
    try:
        stat = path.lstat()
    except OSError:
        return False
    return max(stat.st_mtime_ns, stat.st_ctime_ns) < since


def _remove(project: Project, path: Path, doomed: Doomed, done: Done, *, dry_run: bool) -> None:
    source = Source(path, project.raw, pages.shown(path, project.root))
    limit = project.config.extract.max_bytes
    keys = [item.raw.key for item in pages.readers.kind_of(source).read(source, limit) if doomed.page(item)]
    if keys and not dry_run:
        try:
            done.notes += removal.remove(source, doomed, limit).notes
        except removal.Remains as error:
            done.remains.append(str(error))
    elif doomed.raws and not keys:
        done.remains.append(
            f"{source.name}: changed since it was extracted: whether it still holds the page is not known"
        )
    done.raw += [f"{source.name}{f' ({key})' if key else ''}" for key in keys]


# --- clean/ and the state folder


def _clean(project: Project, target: Target) -> Iterator[tuple[str, int]]:
    """Remove its rows from every output now; the next run makes those outputs anew where raw pages remain."""
    for batch in project.done():
        folder = project.clean / batch
        for path in sorted(folder.glob("*.jsonl")):
            if count := _drop_rows(project, batch, path, target):
                yield f"{batch}/{path.name}", count
    _drop_changes(project, target)


def _lines_with(path: Path, needle: bytes) -> Iterator[bytes]:
    with suppress(FileNotFoundError), path.open("rb") as file:
        yield from (line for line in file if needle in line)


def _is_its(line: bytes, target: Target) -> bool:
    row = json.loads(line)
    url = row.get("url")
    inner = row.get("article")
    named = target.id in (row.get("id"), inner.get("id") if isinstance(inner, dict) else None)
    skipped = "reason" in row and url and target.key and not is_home(url) and canonical_key(url) == target.key
    return bool(named or skipped)


def _drop_rows(project: Project, batch: str, path: Path, target: Target) -> int:
    """Rewrite one output without its rows, and its manifest before it: killed in between, the manifest is right already
    once the rewriting is done again."""
    needle = b'"url"' if path.name == SKIPPED else target.id.encode()
    if not any(_is_its(line, target) for line in _lines_with(path, needle)):
        return 0
    count = 0
    if path.name == ARTICLES:  # its offsets are those of the old file: dedup makes it anew
        Folders(project.index, project.config.dedup).remove(batch)
    with store.atomic(path) as temporary:
        with temporary.open("wb") as out, path.open("rb") as file:
            for line in file:
                if needle in line and _is_its(line, target):
                    count += 1
                else:
                    out.write(line)
        _sign(project, batch, path.name, store.file_sha256(temporary), count)
    return count


def _sign(project: Project, batch: str, name: str, sha256: str, fewer: int) -> None:
    for manifest in (project.clean / batch).glob(".*.json"):
        content = store.read_json(manifest)
        if content is None or name not in content.get("outputs", {}) or content["outputs"][name] == sha256:
            continue
        content["outputs"][name] = sha256
        counts = content.get("counts", {})
        if name == ARTICLES and isinstance(counts.get("articles"), int):
            counts["articles"] -= fewer
            counts["pages"] = counts.get("pages", 0) - fewer
        store.write_json(manifest, content)


def _drop_changes(project: Project, target: Target) -> None:
    """The list of changed verdicts holds titles."""
    path = project.changes
    if any(True for _ in _lines_with(path, target.id.encode())):
        rows = [row for row in store.rows(path) if row.get("id") != target.id]
        with store.writer(path) as write:
            for row in rows:
                write(row)


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
