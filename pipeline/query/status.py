"""clean/ and the state folder -> what is there: batches, pages, articles, duplicates, topics, the last run."""

from __future__ import annotations

import collections
from dataclasses import asdict, dataclass, field
from typing import Any

from ..project import Project
from ..runner.report import LastRun, last_run, read_changes
from ..runner.stages import NAMES


@dataclass
class Status:
    """Sums over all batches. Counts come from the stages' manifests: no article is read."""

    batches: int = 0
    first: str | None = None
    last: str | None = None
    waiting: list[str] = field(default_factory=list)  # batches some stage has not finished
    pages: int = 0
    articles: int = 0
    records: int = 0
    skipped: dict[str, int] = field(default_factory=dict)  # reason -> pages
    stripped: dict[str, int] = field(default_factory=dict)  # rule -> lines
    duplicates: dict[str, int] = field(default_factory=dict)  # relation -> articles
    topics: dict[str, int] = field(default_factory=dict)  # label of the best tag's top topic -> articles
    doubtful: dict[str, float] = field(default_factory=dict)  # page -> confidence of its text, the lowest first
    untagged: int = 0
    sources: list[str] = field(default_factory=list)  # a sentence for each source that fell silent
    # stage -> batch -> articles of earlier runs that came out differently in the last run in which it had work
    changed: dict[str, dict[str, int]] = field(default_factory=dict)
    last_run: LastRun | None = None


def status(project: Project) -> Status:
    """Read the manifests. Counts are those of the finished stages."""
    out = Status(last_run=last_run(project))
    sums: dict[str, collections.Counter[str]] = {
        name: collections.Counter() for name in ("skipped", "stripped", "duplicates", "topics")
    }
    if project.config.source:
        from ..fetch import health

        out.sources = [f"{source.name}: {source.sentence}" for source in health.report(project) if not source.ok]
    for change in read_changes(project):
        batches = out.changed.setdefault(change.stage, {})
        batches[change.batch] = batches.get(change.batch, 0) + 1
    names = project.done()
    for name in names:
        manifests = {stage: project.manifest(name, stage) for stage in NAMES}
        if not all(manifests.values()):
            out.waiting.append(name)
        for manifest in manifests.values():
            for what, value in (manifest or {}).get("counts", {}).items():
                if what in sums:
                    sums[what].update(value)
        counts = {stage: (m or {}).get("counts", {}) for stage, m in manifests.items()}
        out.pages += counts["extract"].get("pages", 0)
        out.articles += counts["extract"].get("articles", 0)
        out.records += counts["records"].get("records", 0)
        out.untagged += counts["tag"].get("untagged", 0)
        out.doubtful |= counts["extract"].get("doubtful", {})
    out.doubtful = dict(sorted(out.doubtful.items(), key=lambda item: (item[1], item[0])))
    out.batches = len(names)
    if names:
        out.first, out.last = names[0], names[-1]
    for what, counter in sums.items():
        setattr(out, what, dict(sorted(counter.items(), key=lambda item: (-item[1], item[0]))))
    return out


def as_json(project: Project) -> dict[str, Any]:
    return asdict(status(project))
