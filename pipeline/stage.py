"""What a stage of the chain is: one value with all that the runner, the commands and the checks need of it.

A stage's package declares it as `STAGE` in its stage.py; runner/stages.py lists the stages in order. Modules that
declare stages import nothing heavy: `status` and an idle run read the declarations too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import Config
    from .console import Console
    from .pages import Batch
    from .project import Project
    from .store import Progress


@dataclass(frozen=True, slots=True)
class Change:
    """An article of an earlier run that came out differently now. One line of .newsmill/changes.jsonl."""

    batch: str
    id: str
    title: str | None
    was: dict[str, Any] | None  # what the stage said of it before; None: nothing
    now: dict[str, Any] | None
    stage: str = "dedup"


@dataclass(frozen=True, slots=True)
class Context:
    """A run, as `Stage.open` sees it."""

    project: Project
    console: Console
    up_to_date: Sequence[str]  # batches that come before the first one to work on and need nothing
    rebuild: bool  # make what the stage keeps between batches anew
    repaired: list[str]  # the stage adds batches whose part of it was damaged or missing


@dataclass(frozen=True, slots=True)
class Work:
    """One batch for a stage to work on."""

    project: Project
    batch: str
    progress: Progress
    raw: Batch | None = None  # its raw pages, for a stage that reads them
    earlier: Sequence[str] = ()  # of a sequential stage: the batches before it, in their order
    session: Any = None  # what `Stage.open` returned
    force: bool = False  # use no cache


@dataclass(frozen=True, slots=True)
class Result:
    """What a stage did with a batch. All but `changes` is kept in the batch's manifest."""

    outputs: Mapping[str, str]  # file -> sha256
    counts: Mapping[str, Any]  # for `newsmill status`
    facts: Mapping[str, Any] = field(default_factory=dict)  # what `Stage.settings` needs the next time
    changes: Sequence[Change] = ()


Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it reads, what it writes, what decides its output, and the function that does the work."""

    name: str
    version: int  # raised whenever the same input gives another output
    settings: Callable[[Config, Facts | None], object]  # those that decide; facts: of the batch's last manifest, if any
    reads: tuple[str, ...]  # files of earlier stages; none: the raw pages of the batch
    writes: tuple[str, ...]
    run: Callable[[Work], Result]
    sequential: bool = False  # a batch's output depends on the batches before it: keys are a chain
    always_open: bool = False  # `open` is called although no batch needs work, to check what the stage keeps
    open: Callable[[Context], Any] | None = None  # called once a run, before the first batch
    close: Callable[[Context, Any, Sequence[str]], None] | None = None  # called with the session and the batches done
    drop: Callable[[Project, str], None] | None = None  # a batch is gone: remove what the stage keeps of it elsewhere
