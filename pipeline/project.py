"""A project folder and the names of everything in it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from . import config as configuration
from . import files, store
from .config import Config
from .errors import ConfigError, NewsmillError, UsageError

LAYOUT = 1  # of the files under clean/; another number there was written by another newsmill
INDEX = "index"  # dedup's folder under clean/


@dataclass(frozen=True, slots=True)
class Project:
    root: Path
    config: Config

    @property
    def raw(self) -> Path:
        return self.root / self.config.project.raw

    @property
    def clean(self) -> Path:
        return self.root / self.config.project.clean

    @property
    def index(self) -> Path:
        return self.clean / INDEX

    @property
    def state(self) -> Path:
        """What belongs to this machine and may be deleted at any time: locks, caches, the last run."""
        return self.root / ".newsmill"

    def done(self) -> list[str]:
        """Names of the batches under clean/, in order."""
        try:
            names = [e.name for e in os.scandir(self.clean) if not e.name.startswith(".") and os.path.isdir(e.path)]  # noqa: PTH112  (never raises)
        except FileNotFoundError:
            return []
        return sorted((name for name in names if name != INDEX), key=os.fsencode)

    def manifest(self, batch: str, stage: str) -> dict[str, Any] | None:
        """What a stage wrote for a batch: key, outputs, counts; None where it has not finished."""
        return read_manifest(f"{self.clean}/{batch}/{files.manifest(stage)}")

    def manifest_path(self, batch: str, stage: str) -> Path:
        return self.clean / batch / files.manifest(stage)

    @property
    def last_run(self) -> Path:
        return self.state / "last-run.json"

    @property
    def changes(self) -> Path:
        """Articles that came out differently in the last run of each stage."""
        return self.state / "changes.jsonl"

    def articles(self) -> Iterator[tuple[str, Path]]:
        """(batch, path of its file of articles) for every finished batch, in order."""
        for batch in self.done():
            if (path := self.clean / batch / files.ARTICLES).exists():
                yield batch, path

    def articles_with(self, ids: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """(batch, row of articles.jsonl) for every article with one of these ids, in order.

        An id is read off the line's beginning, so that only the wanted lines are parsed.
        """
        for batch, path in self.articles():
            with path.open("rb") as file:
                for line in file:
                    if line[7:39].decode("ascii", "replace") in ids:  # {"id":"…32 hex digits
                        yield batch, json.loads(line)


class _Manifest(msgspec.Struct):
    """What a manifest must hold to be one."""

    key: str
    outputs: dict[str, str]
    counts: dict[str, int | dict[str, int]]
    facts: dict[str, Any] = {}


def read_manifest(path: Path | str) -> dict[str, Any] | None:
    """A stage's manifest; None where it is absent, damaged or something else: the stage has not finished then."""
    content = store.read_json(path)
    try:
        msgspec.convert(content, _Manifest)
    except msgspec.ValidationError:
        return None
    return content


def open_project(folder: Path | None = None) -> Project:
    """The project in `folder`, else in $NEWSMILL_PROJECT, else here.

    Raises ConfigError for faults in config.toml, UsageError where there is no such folder.
    """
    root = Path(folder or os.environ.get("NEWSMILL_PROJECT") or ".")
    if not root.is_dir():
        raise UsageError(f"{root}: no such folder")
    project = Project(root, configuration.load(root / configuration.FILE))
    if faults := [f"  {fault}" for fault in _misplaced(project)]:
        raise ConfigError("\n".join([f"{configuration.FILE}:", *faults]))
    return project


def find_project(folder: Path | None = None) -> Project:
    """A project that is there: `open_project`, and UsageError for a folder without config.toml, raw/ and clean/."""
    project = open_project(folder)
    if not any(path.exists() for path in (project.root / configuration.FILE, project.raw, project.clean)):
        raise UsageError(
            f"{project.root}: no newsmill project here (no {configuration.FILE}, no {project.raw.name}/); "
            "`newsmill init` starts one, -C names another folder"
        )
    return project


def _misplaced(project: Project) -> Iterator[str]:
    """Folders that may not lie where config.toml puts them: outputs are replaced and removed, raw pages never."""
    raw, clean, root, state = (
        Path(os.path.realpath(p)) for p in (project.raw, project.clean, project.root, project.state)
    )
    line = f"project.clean = {project.config.project.clean!r}"
    if clean == root:
        yield f"{line} is the project folder itself: give the outputs a folder of their own"
    elif root.is_relative_to(clean):
        yield f"{line} holds the project folder: give the outputs a folder of their own"
    elif clean == raw:
        yield f"{line} is the folder of raw pages: give the outputs a folder of their own"
    elif raw.is_relative_to(clean) or clean.is_relative_to(raw):
        yield f"{line} and project.raw = {project.config.project.raw!r} lie inside each other: give each its own folder"
    elif clean.is_relative_to(state):
        yield f"{line} lies in {project.state.name}, which may be deleted at any time: give the outputs another folder"
    if raw.is_relative_to(state):
        yield (f"project.raw = {project.config.project.raw!r} lies in {project.state.name}, which may be deleted at "
               "any time: give the pages another folder")  # fmt: skip


def check_target(project: Project, target: Path) -> None:
    """Refuse to write a result over the project's own files. Raises UsageError."""
    place, root, raw, clean, state = (
        Path(os.path.realpath(p)) for p in (target, project.root, project.raw, project.clean, project.state)
    )
    outputs = place.is_relative_to(clean) and (place.parent != clean or place.name in (files.ORDER, files.LAYOUT))
    kept = place in (root / configuration.FILE, root / files.FORGOTTEN)
    if kept or outputs or place == clean or place.is_relative_to(raw) or place.is_relative_to(state):
        raise UsageError(f"{target}: belongs to the project itself; give the result another name or folder")


def check_layout(project: Project, *, write: bool) -> None:
    """Refuse a clean/ that another layout wrote; sign a new one. Raises NewsmillError."""
    sign = project.clean / files.LAYOUT
    layout = store.read_json(sign)
    if layout is not None and layout.get("layout") != LAYOUT:
        raise NewsmillError(
            f"{project.clean}: written by another newsmill (layout {layout.get('layout')}, this one writes {LAYOUT}); "
            "use that version, or move the folder away and run again"
        )
    if layout is None and write:
        store.write_json(sign, {"layout": LAYOUT})


def with_workers(project: Project, workers: int | None) -> Project:
    """The same project with another number of workers, where a flag gives one."""
    if workers is None:
        return project
    section = project.config.project.model_copy(update={"workers": workers})
    return Project(project.root, project.config.model_copy(update={"project": section}))
