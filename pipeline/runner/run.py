"""Runs the stages in order over the batches that are out of date: raw/ -> clean/.

Long because it is one loop over stages and batches, and what may go wrong in it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import files, id_index, pages, store, tombstones
from ..console import Console, number
from ..dedup import order
from ..errors import NewsmillError, UsageError, did_you_mean
from ..files import PRUNED
from ..project import Project, check_layout
from ..records import journal
from ..stage import Context, Stage, Work
from ..store import Progress
from . import outputs, plan, report, stages
from .fingerprint import Fingerprints
from .manifests import Manifests
from .report import Report


@dataclass(frozen=True, slots=True)
class Options:
    stages: Sequence[str] = stages.NAMES
    only: Collection[str] = ()  # batches to work on; empty: all that are out of date
    force: bool = False  # do them although nothing changed, and use no cache
    rebuild: bool = False  # make dedup's index anew
    reorder: bool = False  # judge the batches in the order of their names
    dry_run: bool = False
    wait: float = 0.0  # seconds to wait for another run


def run(project: Project, options: Options, console: Console) -> Report:
    """Bring the stages up to date, batch by batch: in the order of names, sequential stages in clean/order.jsonl's.

    A batch that fails is left as it was and the others go on; a sequential stage stops there, as the batches after it
    rest on it. Raises Locked where another run is at work, NewsmillError where nothing can be done at all.
    """
    chosen = stages.named(options.stages)
    work = Run(project, chosen, options, console)
    if options.dry_run:
        check_layout(project, write=False)
        work.all()
        return work.report
    if tombstones.unfinished(project.root):
        from ..manage import forget  # seldom needed, and it rests on this package

        forget.resume(project, console)
    exclusive, read = stages.locks(chosen)
    with store.hold(project.state / "locks", exclusive=exclusive, shared=read, wait=options.wait):
        _raw_or_refuse(project)
        check_layout(project, write=True)
        if chosen == stages.STAGES:
            store.sweep(project.clean)
        try:
            work.all()
            work.log()
            work.index_ids()
        finally:
            report.save(project, work.report)
    return work.report


def _raw_or_refuse(project: Project) -> None:
    if not project.raw.is_dir():
        raise NewsmillError(
            f"{project.raw}: no such folder; newsmill looks here for pages. "
            "Make it and put pages in, or start a project with `newsmill init`"
        )


class Run:
    """One pass of some stages over the batches."""

    def __init__(self, project: Project, chosen: Sequence[Stage], options: Options, console: Console) -> None:
        self.project = project
        self.stages = chosen
        self.options = options
        self.console = console
        self.report = Report()
        self.fingerprints = Fingerprints(project)
        self.clean = str(project.clean)
        self.traced: set[str] = set()
        self.manifests = Manifests(project)

    @cached_property
    def raw(self) -> dict[str, pages.Batch]:
        if not self.project.raw.is_dir():
            return {}
        return {batch.name: batch for batch in pages.batches(self.project.raw)}

    def all(self) -> None:
        if unknown := sorted(set(self.options.only) - self.raw.keys() - set(self.project.done())):
            known = {*self.raw, *self.project.done()}
            named = ", ".join(name + did_you_mean(name, known) for name in unknown)
            raise UsageError(f"{named}: no such batch in {self.project.raw} or {self.project.clean}")
        if any(_reads_raw(stage) for stage in self.stages):
            self._remove_gone()
        for stage in self.stages:
            before = time.monotonic()
            self._run(stage)
            self.report.seconds[stage.name] = time.monotonic() - before
        self.fingerprints.save(dry=self.options.dry_run)
        self.manifests.save(dry=self.options.dry_run)
        if not self.options.dry_run:
            report.save_changes(self.project, self.report)
            if changed := sum(len(stage_changes) for stage_changes in self.report.changes.values()):
                what = number(changed, "article")
                self.console.say(f"{what} of earlier runs came out differently: newsmill status --changes")

    def log(self) -> None:
        """Keep in the run log which records came, changed or went, where this run could change any."""
        if not any(files.RECORDS in stage.writes for stage in self.stages) and not self.report.removed:
            return
        try:
            self.report.run = journal.catch_up(self.project, "run")
        except NewsmillError as error:  # the records are there; the next run logs them
            self.console.warn(str(error))

    def index_ids(self) -> None:
        """Bring the index of ids up to date, by which single articles are looked up, where this run did anything.

        To compare it with 1,000 batches takes .03 CPU s, and until then changed batches are read line by line.
        """
        if not (any(self.report.done.values()) or self.report.removed) and id_index.exists(self.project):
            return
        try:
            id_index.update(self.project)
        except (NewsmillError, OSError) as error:  # without it a look-up takes longer
            self.console.warn(str(error))

    # --- one stage

    def _run(self, stage: Stage) -> None:
        """Run a stage for each batch that is out of date; a manifest, written last, says that it is done."""
        done = self.report.done.setdefault(stage.name, [])
        session = _Session(stage, self)
        todo = self._out_of_date(stage, session)
        if self.options.dry_run:
            done.extend(task.batch for task in todo)
            return
        with self.console.progress(stage.name, self._size(stage, todo)) as bar:
            for number, task in enumerate(todo, 1):
                bar.describe(stage.name if len(todo) == 1 else f"{stage.name}  batch {number} of {len(todo)}")
                done.append(task.batch)
                with self._failing(stage, task.batch):
                    self._work(stage, task, session, bar)
                if task.batch in self.report.failed and stage.sequential:
                    break
        session.end(done)

    def _out_of_date(self, stage: Stage, session: _Session) -> list[_Task]:
        """The batches a stage has to work on, in their order; those before them that need nothing go to the session."""
        names = self._names(stage)
        position = {name: n for n, name in enumerate(names)}
        live = [name for name in names if not self._emptied(name)]
        place = {name: n for n, name in enumerate(live)}
        if stage.sequential:
            self._keep_order(names)
        todo: list[_Task] = []
        before: str | None = "" if stage.sequential else None
        for name in names:
            if name in self.report.failed:
                if stage.sequential:
                    break
                continue
            if _reads_raw(stage) and self._pruned(name):
                continue
            with self._failing(stage, name):
                manifest = self._manifest(name, stage.name)
                now = plan.key(stage, self.project.config, self._inputs(stage, name), manifest, before)
                if stage.sequential:  # of an emptied batch too: the keys are a chain
                    before = now
                if name not in place or not plan.is_wanted(name, stage, self.options.only, position):
                    continue
                if self.options.force or plan.is_stale(manifest, now, self._present(stage, name), stage):
                    todo.append(_Task(name, live[: place[name]] if stage.sequential else (), before))
                elif not todo:
                    session.up_to_date.append(name)
            if name in self.report.failed and stage.sequential:
                break
        return todo

    def _work(self, stage: Stage, task: _Task, session: _Session, progress: Progress) -> None:
        name = task.batch
        session.start()
        if stage.sequential and name not in self.judged:  # before its verdicts: a run killed in between keeps the place
            self.judged.append(name)
            order.write(self.project, self.judged)
        result = stage.run(
            Work(self.project, name, progress, self.raw.get(name), task.earlier, session.value, self.options.force)
        )
        inputs = self._inputs(stage, name)
        written: dict[str, Any] = {"outputs": result.outputs, "counts": result.counts}
        if result.facts:
            written["facts"] = result.facts
        now = task.key if task.key is not None else plan.key(stage, self.project.config, inputs, written)
        store.write_json(self.project.manifest_path(name, stage.name), {"key": now, **written})
        self.manifests.forget(name, stage.name)
        if result.changes:
            self.report.changes.setdefault(stage.name, []).extend(result.changes)
        self.console.detail(f"{stage.name} {name}: {_words(result.counts)}")

    @contextmanager
    def _failing(self, stage: Stage, name: str) -> Iterator[None]:
        """Report an error of a batch and go on with the others."""
        try:
            yield
        except NewsmillError as error:
            self._failed(name, f"{stage.name} {name}: {error}", str(error))
        except OSError as error:  # what the disk or the system refuses, at a place that did not expect it
            words = f"{str(error.filename or 'the system')[:300]}: {error.strerror or error}"
            self._failed(name, f"{stage.name} {name}: {words}; mend that and run again", words)
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            self._failed(name, f"{stage.name} {name}: failed unexpectedly: {words}", words)
            if words not in self.traced:  # the same fault in 1,000 batches has one traceback
                self.traced.add(words)
                self.console.trace(error)

    def _failed(self, name: str, told: str, kept: str) -> None:
        self.report.failed[name] = kept
        self.console.warn(told)

    # --- what the plan needs to know

    def _names(self, stage: Stage) -> list[str]:
        """Batches a stage may work on: those with raw pages, and those whose raw pages were pruned."""
        if _reads_raw(stage):
            return plan.ordered(self.raw)
        first = stages.STAGES[0].name
        names = [name for name in self.project.done() if self._manifest(name, first)]
        if stage.sequential and not self.options.reorder:
            return order.places(self.judged, names)
        return plan.ordered(names)

    @cached_property
    def judged(self) -> list[str]:
        """Batches in the order in which sequential stages first took them; new ones are added as they are done."""
        return order.judged(self.project)

    def _keep_order(self, names: Sequence[str]) -> None:
        """Write the order where a person asked for another one, and where an earlier version kept none."""
        if self.options.reorder:
            self.judged = list(names)
        if not self.options.dry_run and (
            self.options.reorder or (self.judged and not order.path(self.project).exists())
        ):
            order.write(self.project, self.judged)

    def _manifest(self, name: str, stage: str) -> dict[str, Any] | None:
        return self.manifests.get(name, stage)

    def _pruned(self, name: str) -> bool:
        """Whether its raw pages were pruned and no new ones came under its name."""
        return name not in self.raw and (self.project.clean / name / PRUNED).exists()

    def _emptied(self, name: str) -> bool:
        """Its articles were pruned too: nothing can be made from it or compared with it."""
        if not self._pruned(name):
            return False
        marker = store.read_json(self.project.clean / name / PRUNED)
        return marker is not None and bool(marker.get("records"))

    def _inputs(self, stage: Stage, name: str) -> list[str]:
        """Hashes of what a stage reads of a batch."""
        if _reads_raw(stage):
            return [self.fingerprints.inputs(self.raw[name])]
        hashes = []
        for file in stage.reads:
            writer = stages.writer(file).name
            if not (manifest := self._manifest(name, writer)):
                raise NewsmillError(f"{writer} has not run for this batch; `newsmill run` does all stages in order")
            hashes.append(str(manifest["outputs"][file]))
        return hashes

    def _present(self, stage: Stage, name: str) -> set[str]:
        folder = f"{self.clean}/{name}/"  # plain text: 4,000 times for 1,000 batches
        return {file for file in stage.writes if os.path.exists(folder + file)}  # noqa: PTH110

    def _size(self, stage: Stage, todo: Sequence[_Task]) -> int | None:
        """Pages or articles of these batches, for the progress bar; None without one."""
        if not self.console.lively:
            return None
        if _reads_raw(stage):
            return sum(pages.count(self.raw[task.batch], self.project.config.extract.max_bytes) for task in todo)
        total = 0
        for task in todo:
            if manifest := self._manifest(task.batch, stages.STAGES[0].name):
                total += int(manifest["counts"]["articles"])
        return total

    # --- batches that are gone

    def _remove_gone(self) -> None:
        """Remove the outputs of batches that are no longer in raw/, and say so."""
        gone = [n for n in self.project.done() if n not in self.raw and not self._pruned(n) and self._written(n)]
        if gone and not self.raw:
            raise NewsmillError(
                f"{self.project.raw} is empty, but {self.project.clean} holds {len(gone)} batches. If the pages were "
                f"moved or a disk is not mounted, bring them back; to remove all batches, delete {self.project.clean}"
            )
        if gone and not self.options.dry_run:  # first: one that comes back is a late one
            order.write(self.project, [name for name in self.judged if name not in gone])
            del self.judged  # read again
        for name in gone:
            self.report.removed.append(name)
            what = "its outputs would go" if self.options.dry_run else "its outputs were removed"
            self.console.warn(f"{name} is no longer in {self.project.raw}: {what}")
            if not self.options.dry_run:
                if not outputs.remove(self.project, name):
                    self.console.warn(f"{self.project.clean / name}: kept: it holds files that newsmill did not write")
                for stage in stages.STAGES:
                    if stage.drop:
                        stage.drop(self.project, name)
                self.fingerprints.forget(name)

    def _written(self, name: str) -> bool:
        """Whether newsmill wrote this folder of clean/: a link, or a folder without a manifest, is not."""
        folder = self.project.clean / name
        return not folder.is_symlink() and any(self._manifest(name, stage) for stage in stages.NAMES)


@dataclass(frozen=True, slots=True)
class _Task:
    """A batch that a stage has to work on."""

    batch: str
    earlier: Sequence[str]  # of a sequential stage: the batches before it
    key: str | None  # of a sequential stage: what its manifest will hold


class _Session:
    """A stage's own state during one run, opened when the first batch needs it."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.stage = stage
        self.run = run
        self.up_to_date: list[str] = []
        self.value: Any = None
        self.started = False

    @cached_property
    def context(self) -> Context:
        run = self.run
        return Context(run.project, run.console, self.up_to_date, run.options.rebuild, run.report.repaired)

    def start(self) -> None:
        if not self.started and self.stage.open:
            self.value = self.stage.open(self.context)
        self.started = True

    def end(self, done: Sequence[str]) -> None:
        """Open it although nothing was to do, where the stage wants that, and close it."""
        if self.stage.always_open and not self.started:
            try:
                self.start()
            except Exception as error:
                self.run.report.failed[self.stage.name] = str(error)
                self.run.console.warn(str(error))
                if not isinstance(error, NewsmillError):
                    self.run.console.trace(error)
                return
        if self.started and self.stage.close:
            self.stage.close(self.context, self.value, done)


def _reads_raw(stage: Stage) -> bool:
    return not stage.reads


def _words(counts: Any) -> str:
    parts: list[str] = []
    for name, value in counts.items():
        if isinstance(value, dict):
            parts.extend(f"{n} {key}" for key, n in value.items() if name not in ("stripped", "doubtful"))
        else:
            parts.append(f"{value} {name}")
    return ", ".join(parts)
