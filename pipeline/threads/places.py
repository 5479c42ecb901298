"""Where the open threads of a batch are kept; without numpy, which a run with nothing to do need not import."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

from ..project import Project


def folder_of(project: Project) -> Path:
    return project.state / "threads"


def file_of(folder: Path, batch: str) -> Path:
    """The file of a batch in that folder."""
    name = os.fsencode(batch)  # a long name in another script would be too long for a file once escaped
    return folder / f"{quote(name, safe='')[:150]}-{hashlib.sha256(name).hexdigest()[:8]}.npz"
