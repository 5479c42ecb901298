"""Prints what prune and forget removed, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from ..console import lines, print_json, safe
from ..errors import UsageError
from ..manage import forget as forgetting
from ..manage import prune as pruning
from ..project import Project
from ..timestamps import utc


def prune(
    project: Project, days: float | None, gigabytes: float | None, *, records: bool, dry_run: bool, as_json: bool
) -> None:
    """Prune, and print what went and what had to stay. Raises UsageError, Locked, NewsmillError."""
    if days is None and gigabytes is None:
        raise UsageError("give what to keep: --days 90, --gigabytes 20, or both")
    done = pruning.run(project, days=days, gigabytes=gigabytes, records=records, dry_run=dry_run)
    if as_json:
        gone = [{"batch": entry.name, "bytes": entry.bytes} for entry in done.gone]
        print_json({"gone": gone, "kept": dict(done.kept)})
        return
    what = "raw pages, articles and records" if records else "raw pages"
    for entry in done.gone:
        print(f"{safe(entry.name)}: {what} {'would go' if dry_run else 'gone'} ({entry.bytes / 1e6:.1f} MB)")
    for name, why in done.kept:
        print(f"{safe(name)}: kept, {why}")
    if done.gone and not records:
        lines("without raw pages the records of these batches cannot be built again: keep clean/ from now on")


def forget(project: Project, target: str, why: str | None, *, cluster: bool, dry_run: bool, as_json: bool) -> bool:
    """Forget one article, or all of its cluster, and print what was removed. Raises UsageError, Locked, NewsmillError.

    Returns whether everything of it could be removed.
    """
    at = utc()
    others = forgetting.cluster(project, target) if cluster else []
    every = [forgetting.forget(project, one, why=why, at=at, dry_run=dry_run) for one in (target, *others)]
    if cluster:
        for done in every:
            done.copies = [id for id in done.copies if id not in others and id != every[0].target.id]
    if as_json:
        print_json([asdict(done) for done in every] if cluster else asdict(every[0]))
    else:
        for done in every:
            _forgotten(done, dry_run=dry_run)
        if not dry_run:
            lines("`newsmill run` brings the batches it was in up to date")
    return not any(done.remains for done in every)


def _forgotten(done: forgetting.Done, *, dry_run: bool) -> None:
    gone = "would go" if dry_run else "gone"
    for place in done.raw:
        print(f"{gone}: {safe(place)}")
    for name, count in sorted(done.rows.items()):
        print(f"{gone}: {count} in {safe(name)}")
    if not dry_run:
        print(f"kept out by forgotten.jsonl: {safe(done.target.url or done.target.id)}")
    for copy in done.copies:
        lines(f"an article of its cluster stays: {copy} (newsmill show {copy}; newsmill forget {copy}, or --cluster)")
    for one in done.notes:
        print(f"note: {safe(one)}")
    for one in done.remains:
        print(f"remains: {safe(one)}")
