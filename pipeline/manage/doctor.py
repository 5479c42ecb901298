"""A project and its machine -> checks: versions, folders, disk, locks, files."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from .. import __version__, store, tombstones
from ..errors import Locked, NewsmillError
from ..files import PRUNED
from ..project import Project, check_layout
from ..runner.stages import NAMES


@dataclass(frozen=True, slots=True)
class Check:
    what: str
    found: str
    fault: bool = False
    mend: str = ""


def checks(project: Project) -> list[Check]:
    """Every check, passed or not."""
    return [*_machine(), *_folders(project), *_state(project)]


def _machine() -> Iterator[Check]:
    version = sys.version.split()[0]
    yield Check("newsmill", __version__)
    yield Check("python", version, sys.version_info < (3, 11), "newsmill needs 3.11 or newer")
    for name in needed():
        try:
            yield Check(name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Check(name, "missing", True, f"pip install {name}")
    make = shutil.which("make")
    yield Check("make", make or "missing: `newsmill run` does the same")


def needed() -> list[str]:
    """The packages that newsmill says it needs, without those of extras."""
    stated = importlib.metadata.requires("newsmill") or []
    names = (re.match(r"[\w.-]+", line) for line in stated if "extra ==" not in line)
    return sorted(name[0] for name in names if name)


def _folders(project: Project) -> Iterator[Check]:
    raw, clean = project.raw, project.clean
    if raw.is_dir():
        readable = os.access(raw, os.R_OK | os.X_OK)
        yield Check("raw", str(raw), not readable, f"give yourself the right to read it: chmod u+rx {raw}")
    else:
        yield Check("raw", f"{raw}: no such folder", True, "make it and put pages in, or run `newsmill init`")
    home = next(p for p in (clean, project.root) if p.exists())
    yield Check(
        "clean", str(clean), not os.access(home, os.W_OK | os.X_OK), f"give yourself the right to write in {home}"
    )
    usage = shutil.disk_usage(home)
    free = f"{usage.free / 1e9:.1f} GB free"
    yield Check("disk", free, usage.free < 500_000_000, "make room: less than 0.5 GB is left")


def _state(project: Project) -> Iterator[Check]:
    try:
        check_layout(project, write=False)
        yield Check("layout of clean/", "as this version writes it")
    except NewsmillError as error:
        yield Check("layout of clean/", "another version's", True, str(error))
        return
    try:
        store.hold(project.state / "locks", exclusive=NAMES).close()
        yield Check("lock", "free")
    except Locked:
        yield Check("lock", "held: another run is at work")
    except NewsmillError as error:
        yield Check("lock", "cannot be taken", True, str(error))
    pruned = [name for name in project.done() if (project.clean / name / PRUNED).exists()]
    yield Check(
        "pruned batches",
        f"{len(pruned)}{': their raw pages are gone, never delete clean/' if pruned else ''}",
    )
    try:
        open_ = len(tombstones.unfinished(project.root))
        yield Check(
            "removals", f"{open_} begun and not finished; the next run finishes them" if open_ else "all finished"
        )
    except NewsmillError as error:
        yield Check("removals", "forgotten.jsonl is damaged", True, str(error))
    left = [*project.clean.glob(".*.tmp"), *project.clean.glob("*/.*.tmp")]
    yield Check(
        "unfinished files",
        f"{len(left)}{' (a run is at work or was killed; the next one sweeps them)' if left else ''}",
    )
    torn = [
        f"{batch}: {stage}"
        for batch in project.done()
        for stage in NAMES
        if (manifest := project.manifest(batch, stage))
        for name, sha in manifest["outputs"].items()
        if not (path := project.clean / batch / name).exists() or store.file_sha256(path) != sha
    ]
    yield Check("files in clean/", ", ".join(torn[:5]) or "as the stages wrote them", bool(torn),
                "changed or missing since they were written: newsmill run --force")  # fmt: skip
