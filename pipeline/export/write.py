"""Chosen records -> a file, a folder or a stream in one of the forms."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import IO

from .. import store
from ..console import escaped, harmless
from ..project import Project
from .forms import Form, check_fields
from .options import Options
from .rows import Choice, rows


def write(project: Project, choice: Choice, form: Form, target: Path | IO[bytes], options: Options) -> int:
    """Write the chosen records, to a file whole or not at all. Returns how many. Raises UsageError, NewsmillError."""
    check_fields(form, options.fields)
    module = import_module(f".{form.module}", __package__)
    chosen = rows(project, choice)
    if not isinstance(target, Path):
        out = _Terminal(target, json=form.json) if target.isatty() else target
        return int(module.write(chosen, out, options))
    if form.target == "folder":
        return int(module.write(chosen, target, options))
    with store.atomic(target) as temporary:
        if form.target == "file":
            temporary.unlink(missing_ok=True)
            return int(module.write(chosen, temporary, options))
        with temporary.open("wb") as file:
            return int(module.write(chosen, file, options))


class _Terminal:
    """A terminal as a binary stream: what pages say must not reach it as a command."""

    def __init__(self, stream: IO[bytes], *, json: bool) -> None:
        self.stream = stream
        self.clean = escaped if json else harmless

    def write(self, data: bytes) -> int:
        self.stream.write(self.clean(data.decode("utf-8", "replace")).encode())
        return len(data)
