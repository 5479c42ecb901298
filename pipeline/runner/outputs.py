"""Removes what the stages wrote for a batch, and nothing else: the folder may hold files that are not newsmill's."""

from __future__ import annotations

from .. import files
from ..project import Project
from . import stages


def remove(project: Project, batch: str) -> bool:
    """Remove what newsmill wrote for a batch, and its folder where nothing else is in it.

    Returns False where the folder stays.
    """
    folder = project.clean / batch
    # The manifests first: without them the folder counts as unfinished, however far the removal came.
    for name in (*map(files.manifest, stages.NAMES), files.PRUNED, *stages.OUTPUTS):
        (folder / name).unlink(missing_ok=True)
        (folder / f".{name}.tmp").unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError:
        return not folder.exists()
    return True
