"""A backfill from its inputs to OUT: plan, steps, what was counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import NewsmillError, UsageError
from ..project import Project
from ..store import hold_folder, key
from . import inputs as paths
from . import manifest, plan

if TYPE_CHECKING:
    from .spark import Job


@dataclass(frozen=True, slots=True)
class Options:
    master: str | None = None  # of Spark; None: what spark-submit or the environment says, else this machine
    conf: Mapping[str, str] | None = None  # settings of Spark
    keep: bool = False  # keep the rows of every step, not only those that an import needs


@dataclass(frozen=True, slots=True)
class Report:
    """What a backfill did."""

    batches: int
    files: int
    articles: int
    skipped: int
    duplicates: int
    records: int


def run(project: Project, inputs: Sequence[str], out: str, options: Options, say: Callable[[str], None]) -> Report:
    """Every step that an interrupted run of the same backfill has not done. Raises NewsmillError."""
    spark = _spark()
    local = list(paths.local([text for text in inputs if not paths.is_remote(text)], project))
    with ExitStack() as stack:
        if not paths.is_remote(out):
            stack.enter_context(hold_folder(Path(out)))
        session = spark.session(options.master, options.conf or {})
        stack.callback(session.stop)
        from .hadoop import Hadoop

        remote = Hadoop(session).entries([text for text in inputs if paths.is_remote(text)], project)
        batches = plan.batches([*local, *remote])
        files = sum(len(batch.files) for batch in batches)
        if not files:
            raise UsageError("no file in the inputs")
        job = spark.Job(session, out, project.config, say)
        _claim(job, project, batches)
        if finished := job.get(manifest.NAME):
            counts: dict[str, int] = json.loads(finished)["counts"]
        else:
            counts = job.run(plan.units(batches, session.sparkContext.defaultParallelism), files)
            job.put(manifest.NAME, manifest.encode(manifest.of(project.config, batches, counts)))
        if not options.keep:
            for name in manifest.SCRATCH:
                job.remove(f"steps/{name}")
    return Report(len(batches), files, **counts)


def _claim(job: Job, project: Project, batches: Sequence[plan.Batch]) -> None:
    """Refuse a folder that another backfill began: other inputs, other settings, another version."""
    places = [(batch.name, [(file.place, file.size, file.changed) for file in batch.files]) for batch in batches]
    mine = key(__version__, manifest.settings(project.config), places).encode()
    if (theirs := job.get("backfill.key")) not in (None, mine):
        raise NewsmillError(
            f"{job.out}: holds another backfill (other inputs, settings or version: {theirs!r}); give --out a new "
            "folder, or remove this one"
        )
    job.put("backfill.key", mine)


def _spark() -> Any:
    try:
        from . import spark
    except ImportError as error:
        raise NewsmillError(
            f"--engine spark needs pyspark and pyarrow ({error}): pip install 'newsmill[spark]'; and Java 17 or later"
        ) from None
    return spark
