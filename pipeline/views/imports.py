"""Prints the results of import, for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from ..console import Console, json_text, safe
from ..errors import UsageError, did_you_mean
from ..imports import archive
from ..imports import run as importing
from ..project import Project


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of the command."""

    kind: str | None
    name: str | None
    hosts: tuple[str, ...]
    languages: tuple[str, ...]
    days: str | None
    internal: bool


def run(project: Project, paths: list[str], choice: Choice, console: Console, *, as_json: bool) -> bool:
    """Import, name the new batch on stdout, warn of what could not be used. Raises UsageError, NewsmillError.

    Returns whether all that was given could be read: nothing damaged was among it.
    """
    if choice.kind is not None and choice.kind not in importing.KINDS:
        raise UsageError(
            f"--kind {choice.kind}: no such kind{did_you_mean(choice.kind, importing.KINDS)}; "
            f"there are {', '.join(importing.KINDS)}"
        )
    page_filter = archive.Wanted(choice.hosts, choice.languages)
    done = importing.run(
        project, paths, kind=choice.kind, name=choice.name, wanted=page_filter, days=choice.days,
        internal=choice.internal, console=console,
    )  # fmt: skip
    lost = [one for one in done.unusable if one.damaged]
    shown = [*lost, *(one for one in done.unusable if not one.damaged)][:20]
    for one in shown:
        console.warn(f"{'damaged, lost' if one.damaged else 'not imported'}: {safe(one.what)}: {safe(one.why)}")
    if len(done.unusable) > 20:
        console.warn(f"not imported: {len(done.unusable) - 20} more")
    assert done.path is not None
    if as_json:
        counts = {"read": done.read, "kept": done.kept, "unusable": len(done.unusable), "damaged": len(lost)}
        print(json_text({"file": done.path.name, **counts}, None))
    else:
        print(f"{safe(done.path)}: {done.kept} of {done.read}")
    return not lost
