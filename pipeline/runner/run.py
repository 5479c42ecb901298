"""raw/ -> clean/: which stages are out of date for which batches, and running them in order."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .. import __version__, pages, store
from ..config import digest
from ..console import Talk
from ..errors import NewsmillError, UsageError
from ..project import OUTPUTS, STAGES, Project, check_layout
from ..query import changes
from .fingerprint import Seen

if TYPE_CHECKING:
    from .. import dedup

# Which locks a stage takes: its own alone, those of the stages it reads together with other readers. So dedup and tag
# work side by side under `make -j2`, and nothing writes what another one reads.
READS = {"extract": (), "dedup": ("extract",), "tag": ("extract",), "records": ("extract", "dedup", "tag")}


@dataclass
class Report:
    """What a run did, for people and for .newsmill/last-run.json."""

    done: dict[str, list[str]] = field(default_factory=dict)  # stage -> batches worked on
    removed: list[str] = field(default_factory=list)  # batches whose raw pages are gone
    changed: dict[str, list[str]] = field(default_factory=dict)  # batch -> ids whose verdict is another one now
    retagged: dict[str, list[str]] = field(default_factory=dict)  # batch -> ids whose tags are others now
    mended: list[str] = field(default_factory=list)  # batches whose part of the index was damaged or missing
    failed: dict[str, str] = field(default_factory=dict)  # batch -> what went wrong
    seconds: dict[str, float] = field(default_factory=dict)  # stage -> wall time

    @property
    def worked(self) -> bool:
        return bool(self.removed or self.mended or any(self.done.values()))


@dataclass(frozen=True, slots=True)
class Options:
    stages: Sequence[str] = STAGES
    only: Collection[str] = ()  # batches to work on; empty: all that are out of date
    force: bool = False  # do them although nothing changed
    rebuild: bool = False  # make dedup's index anew
    reorder: bool = False  # judge the batches in the order of their names
    dry_run: bool = False
    wait: float = 0.0  # seconds to wait for another run


def run(project: Project, options: Options, talk: Talk) -> Report:
    """Bring the stages up to date, batch by batch in the order of their names, dedup in that of clean/order.jsonl.

    A batch that fails is left as it was, the others go on; dedup stops there: later verdicts rest on earlier ones.
    Raises Locked where another run is at work, NewsmillError where nothing can be done at all.
    """
    report = Report()
    if options.dry_run:
        check_layout(project, write=False)
        Run(project, options, talk, report).all()
        return report
    stages = options.stages
    reads = tuple({name for stage in stages for name in READS[stage]} - set(stages))
    with store.hold(project.state / "locks", exclusive=tuple(stages), shared=reads, wait=options.wait):
        _raw_or_refuse(project)
        check_layout(project, write=True)
        if tuple(stages) == STAGES:
            store.sweep(project.clean)
        try:
            Run(project, options, talk, report).all()
        finally:
            if report.worked or report.failed:
                store.write_json(project.state / "last-run.json", {
                    "version": __version__, "finished_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                    "done": {stage: len(names) for stage, names in report.done.items()},
                    "removed": report.removed, "mended": report.mended, "failed": report.failed,
                    "changed": report.changed, "retagged": report.retagged,
                    "seconds": {stage: round(s, 3) for stage, s in report.seconds.items()},
                })  # fmt: skip
    return report


def _raw_or_refuse(project: Project) -> None:
    if not project.raw.is_dir():
        raise NewsmillError(
            f"{project.raw}: no such folder; newsmill looks here for pages. "
            "Make it and put pages in, or start a project with `newsmill init`"
        )


class Run:
    """One pass over the batches. Every stage decides by its key: a hash of its input, its settings and its version."""

    def __init__(self, project: Project, options: Options, talk: Talk, report: Report) -> None:
        self.project = project
        self.options = options
        self.talk = talk
        self.report = report
        self.seen = Seen(project)
        self.raw = {batch.name: batch for batch in pages.batches(project.raw)} if project.raw.is_dir() else {}
        self.before_wanted: set[str] = set()  # batches that dedup brings up to date for the sake of the chosen ones

    def all(self) -> None:
        if unknown := sorted(set(self.options.only) - self.raw.keys() - set(self.project.done())):
            raise UsageError(f"{', '.join(unknown)}: no such batch in {self.project.raw} or {self.project.clean}")
        if "extract" in self.options.stages:
            self._remove_gone()
        for stage in self.options.stages:
            before = time.monotonic()
            getattr(self, f"_{stage}")()
            self.report.seconds[stage] = time.monotonic() - before
        self.seen.save(dry=self.options.dry_run)

    # --- what is out of date

    def _names(self, stage: str) -> list[str]:
        """Batches a stage may work on: those with raw pages, and those whose raw pages were pruned."""
        if stage == "extract":
            return sorted(self.raw, key=os.fsencode)
        names = [name for name in self.project.done() if self.project.manifest(name, "extract")]
        return self._places(names) if stage == "dedup" else names

    def _places(self, names: Sequence[str]) -> list[str]:
        """Batches in the order in which they are judged."""
        from ..dedup import order

        return order.by_name(names) if self.options.reorder else order.places(order.judged(self.project), names)

    def _pruned(self, name: str) -> bool:
        return (self.project.clean / name / "pruned.json").exists()

    def _emptied(self, name: str) -> bool:
        """Its articles were pruned too: nothing can be made from it or compared with it."""
        marker = store.read_json(self.project.clean / name / "pruned.json")
        return marker is not None and bool(marker.get("records"))

    def _stale(self, name: str, stage: str, key: str) -> bool:
        manifest = self.project.manifest(name, stage)
        if manifest is None or manifest.get("key") != key:
            return True
        return not all((self.project.clean / name / output).exists() for output in OUTPUTS[stage])

    def _wanted(self, name: str, stage: str) -> bool:
        if not self.options.only:
            return True
        if stage == "dedup":  # a verdict rests on those before it: they are brought up to date too
            return name in self.before_wanted
        return name in self.options.only

    def _output(self, name: str, stage: str, file: str) -> str:
        manifest = self.project.manifest(name, stage)
        if manifest is None:
            raise NewsmillError(f"{stage} has not run for this batch; `newsmill run` does all stages in order")
        return str(manifest["outputs"][file])

    # --- the stages

    def _extract(self) -> None:
        from .. import extract

        cfg = self.project.config
        rules = (extract.VERSION, digest(cfg.extract, cfg.site))

        def key(name: str) -> str:
            return store.key("extract", rules, self.seen.inputs(self.raw[name]))

        def work(name: str, progress: store.Progress) -> dict[str, Any]:
            from ..extract import stage

            return stage.run(self.project, self.raw[name], progress)

        self._each("extract", key, work, lambda name: None)

    def _dedup(self) -> None:
        from .. import dedup
        from ..dedup import order

        cfg = digest(self.project.config.dedup)
        before = ""  # the key of the batch before: verdicts rest on it, so keys are a chain
        every = self._names("dedup")
        self.before_wanted = set(
            every[: max((n + 1 for n, x in enumerate(every) if x in self.options.only), default=0)]
        )
        names = [name for name in every if not self._emptied(name)]
        place = {name: n for n, name in enumerate(names)}
        judged = every if self.options.reorder else order.judged(self.project)
        if not self.options.dry_run and (self.options.reorder or (judged and not order.path(self.project).exists())):
            order.write(self.project, judged)
        index = self._index()
        kept: list[str] = []  # batches that are up to date
        looked = False
        changed: list[changes.Change] = []

        def key(name: str) -> str:
            nonlocal before
            before = store.key("dedup", dedup.VERSION, cfg, before, self._output(name, "extract", "articles.jsonl"))
            return before

        def work(name: str, progress: store.Progress) -> dict[str, Any]:
            from ..dedup import stage

            nonlocal looked
            if not looked:  # all that come before it are up to date, all after it are done again
                self._mend(index, kept)
                looked = True
            if name not in judged:  # before its verdicts are written: a run killed in between keeps the place
                judged.append(name)
                order.write(self.project, judged)
            result = stage.run(self.project, name, names[: place[name]], index, progress)
            if found := result.pop("changed"):
                changed.extend(found)
                self.report.changed[name] = [change.id for change in found]
            return result

        self._each("dedup", key, work, lambda name: self._count(name, "extract", "articles"), kept.append)
        if self.options.dry_run:
            return
        if not looked:
            try:
                self._mend(index, kept)
            except NewsmillError as error:
                self.report.failed[self.project.index.name] = str(error)
                self.talk.warn(str(error))
                return
        done = self.report.done["dedup"]
        if self.options.rebuild:
            self.talk.tell(
                f"{self.project.index}: built anew for {len(kept) + len(done)} batches; of {len(kept)} up to date "
                f"{len(self.report.mended)} had been damaged or missing, the others came out as they were"
            )
        if done:
            changes.write(self.project, changed)
            if changed:
                self.talk.say(f"{len(changed)} articles of earlier runs count as something else now: "
                              "newsmill status --changes")  # fmt: skip
            self._warn_of_large_clusters(done)

    def _index(self) -> dedup.Index:
        from .. import dedup

        return dedup.Index(self.project.index, self.project.clean, self.project.config.dedup)

    def _warn_of_large_clusters(self, batches: Sequence[str]) -> None:
        from ..query.clusters import grown

        limit = self.project.config.dedup.warn_cluster
        for name, size in sorted(grown(self.project, batches, limit).items(), key=lambda item: (-item[1], item[0])):
            self.talk.warn(f"cluster {name} has {size} articles (dedup.warn_cluster = {limit}): is that one story? "
                           "`newsmill clusters` shows who ran it")  # fmt: skip

    def _mend(self, index: dedup.Index, batches: Sequence[str]) -> None:
        """Bring the segments of batches that are up to date into order, from articles and the verdicts on them."""
        faults = [] if self.options.rebuild else index.check(batches)
        todo = list(batches) if self.options.rebuild else [fault.batch for fault in faults]
        with self.talk.progress("index", len(todo)) as progress:
            for batch in todo:
                if index.rebuild(batch):
                    self.report.mended.append(batch)
                progress(1)
        for detail, group in groupby(sorted(faults, key=lambda fault: fault.detail), lambda fault: fault.detail):
            hit = [fault.batch for fault in group]
            more = f" and {len(hit) - 3} more" if len(hit) > 3 else ""
            self.talk.warn(
                f"{self.project.index}: {detail} ({', '.join(hit[:3])}{more}); built again from the articles"
            )

    def _tag(self) -> None:
        from .. import tag

        cfg = digest(self.project.config.topics)
        tagger: tag.Tagger | None = None

        def key(name: str) -> str:
            return store.key("tag", tag.VERSION, cfg, self._output(name, "extract", "articles.jsonl"))

        def work(name: str, progress: store.Progress) -> dict[str, Any]:
            from ..tag import stage

            nonlocal tagger
            if tagger is None:
                tagger = tag.Tagger(self.project.config.topics)
            result = stage.run(self.project, name, progress, tagger)
            if changed := result.pop("changed"):
                self.report.retagged[name] = changed
            return result

        self._each("tag", key, work, lambda name: self._count(name, "extract", "articles"))

    def _records(self) -> None:
        from ..records import join

        facts = {"version": __version__, "config_hash": join.config_hash(self.project.config)}

        def key(name: str) -> str:
            read = (("extract", "articles.jsonl"), ("dedup", "duplicates.jsonl"), ("tag", "topics.jsonl"))
            inputs = [self._output(name, stage, file) for stage, file in read]
            return store.key("records", join.VERSION, facts, inputs)

        def work(name: str, progress: store.Progress) -> dict[str, Any]:
            from ..records import stage

            return stage.run(self.project, name, progress, facts)

        self._each("records", key, work, lambda name: self._count(name, "extract", "articles"))

    def _each(
        self,
        stage: str,
        key: Callable[[str], str],
        work: Callable[[str, store.Progress], dict[str, Any]],
        size: Callable[[str], int | None],
        up_to_date: Callable[[str], None] = lambda name: None,
    ) -> None:
        """Run a stage for each batch that is out of date; a manifest, written last, says that it is done.

        Calls `up_to_date` with the batches that need nothing.
        """
        todo = self.report.done.setdefault(stage, [])
        for name in self._names(stage):
            if name in self.report.failed:
                if stage == "dedup":
                    break  # later verdicts rest on this batch
                continue
            if stage == "extract" and self._pruned(name):
                continue
            try:
                now = key(name)  # of an emptied batch too: dedup's keys are a chain
                if self._emptied(name) or not self._wanted(name, stage):
                    continue
                if not (self.options.force or self._stale(name, stage, now)):
                    up_to_date(name)
                    continue
                todo.append(name)
                if self.options.dry_run:
                    continue
                with self.talk.progress(f"{stage} {name}", size(name)) as progress:
                    result = work(name, progress)
                store.write_json(self.project.clean / name / f".{stage}.json", {"key": now, **result})
                self.talk.detail(f"{stage} {name}: {_words(result['counts'])}")
            except NewsmillError as error:
                self.report.failed[name] = str(error)
                self.talk.warn(f"{stage} {name}: {error}")
                if stage == "dedup":
                    break

    def _count(self, name: str, stage: str, what: str) -> int | None:
        manifest = self.project.manifest(name, stage)
        return manifest["counts"][what] if manifest else None

    # --- batches that are gone

    def _remove_gone(self) -> None:
        """A batch that is no longer in raw/ takes its outputs along, and says so; dedup redoes what follows."""
        gone = [n for n in self.project.done() if n not in self.raw and not self._pruned(n)]
        if gone and not self.raw:
            raise NewsmillError(
                f"{self.project.raw} is empty, but {self.project.clean} holds {len(gone)} batches. If the pages were "
                f"moved or a disk is not mounted, bring them back; if all of them shall go, delete {self.project.clean}"
            )
        if gone and not self.options.dry_run:  # first: one that comes back is a late one
            from ..dedup import order

            order.write(self.project, [name for name in order.judged(self.project) if name not in gone])
        for name in gone:
            self.report.removed.append(name)
            what = "its outputs would go" if self.options.dry_run else "its outputs were removed"
            self.talk.warn(f"{name} is no longer in {self.project.raw}: {what}")
            if not self.options.dry_run:
                # The manifest first: without it the folder counts as unfinished, however far the removal came.
                (self.project.clean / name / ".extract.json").unlink(missing_ok=True)
                shutil.rmtree(self.project.clean / name)
                self._index().remove(name)
                self.seen.forget(name)


def _words(counts: dict[str, Any]) -> str:
    parts: list[str] = []
    for name, value in counts.items():
        if isinstance(value, dict):
            parts.extend(f"{n} {key}" for key, n in value.items() if name != "stripped")
        else:
            parts.append(f"{value} {name}")
    return ", ".join(parts)
