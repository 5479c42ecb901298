"""The folders of dedup's segments: their names, whether they can be used, and which are left over.

Without numpy: a run that finds nothing to do asks no more than this.
"""

from __future__ import annotations

import hashlib
import os
import re
import urllib.parse
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .. import store
from ..config import DedupConfig, digest

VERSION = 5
LONGEST = 180  # characters of a segment's folder name; file systems take 255 bytes
SIGN = "segment.json"
FILES = ("keys.bin", "rows.bin", "names.bin")


_OURS = re.compile(r"\.?(?:" + "|".join(map(re.escape, (SIGN, *FILES))) + r")(?:\.tmp)?|.+\.parquet")  # and older ones


@dataclass(frozen=True, slots=True)
class Fault:
    """A segment that cannot be used."""

    batch: str
    detail: str


class Folders:
    """One folder a batch under the index."""

    def __init__(self, folder: Path, cfg: DedupConfig) -> None:
        self.folder = folder
        self.settings = digest(cfg)

    def path(self, batch: str) -> Path:
        """The folder of a batch's segment; no byte of its name can mean anything to a shell or a glob."""
        return self.folder / _quoted(batch)

    def remove(self, batch: str) -> None:
        _remove(self.path(batch))

    def sweep(self, batches: Sequence[str]) -> list[str]:
        """Remove the segments of all but these batches: what a kill during a removal left. Returns their names."""
        known = {_quoted(batch) for batch in batches}
        try:
            names = [entry.name for entry in os.scandir(self.folder) if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        left = sorted(name for name in names if name not in known and _is_segment(self.folder / name))
        for name in left:
            _remove(self.folder / name)
        return left

    def check(self, batches: Sequence[str]) -> list[Fault]:
        """The segments among those of `batches` that cannot be used."""
        return [Fault(batch, fault) for batch in batches if (fault := self.fault(batch))]

    def fault(self, batch: str) -> str | None:
        """What is wrong with a batch's segment; None where nothing is.

        The sums are worked out only where a file changed after segment.json, which is written last: 0.3 s CPU less on
        an index of a million articles. Whoever restores a copy has them worked out once.
        """
        folder = f"{self.folder}/{_quoted(batch)}"  # plain text: three times for each batch
        sign = store.read_json(f"{folder}/{SIGN}")
        if sign is None:
            return "missing" if not os.path.exists(f"{folder}/{SIGN}") else f"{SIGN} is damaged"  # noqa: PTH110
        if (sign.get("version"), sign.get("settings")) != (VERSION, self.settings):
            return "made by another version or with other settings"
        changed = False
        signed = os.stat(f"{folder}/{SIGN}")  # noqa: PTH116
        for name in FILES:
            try:
                file = os.stat(f"{folder}/{name}")  # noqa: PTH116
                if file.st_size != sign["bytes"][name]:
                    return f"{name} is damaged"
                if file.st_ctime_ns > signed.st_ctime_ns:
                    changed = True
                    if store.file_sha256(Path(folder, name)) != sign["sha256"][name]:
                        return f"{name} is damaged"
            except OSError:
                return f"{name} is missing"
            except (KeyError, TypeError):
                return f"{SIGN} is damaged"
        if changed:  # as it was: its new ctime spares the next run the sums
            with suppress(OSError):  # on a disk that is read-only nothing is spared
                os.utime(f"{folder}/{SIGN}", ns=(signed.st_atime_ns, signed.st_mtime_ns))
        return None

    def sums(self, batch: str) -> object:
        """The sha256 of each file of a segment; None where there is no segment."""
        return (store.read_json(self.path(batch) / SIGN) or {}).get("sha256")


def _quoted(batch: str) -> str:
    name = batch.encode("utf-8", "surrogateescape")
    quoted = urllib.parse.quote(name, safe=" ")
    if len(quoted) > LONGEST:  # three bytes for each one that is not ASCII: too long for a file name
        quoted = f"{quoted[:LONGEST]}~{hashlib.sha256(name).hexdigest()[:16]}"
    return quoted


def _is_segment(folder: Path) -> bool:
    """Whether nothing but a segment's files are in a folder, all of them or what a kill left: no user's folder is."""
    return all(_OURS.fullmatch(path.name) for path in folder.iterdir())


def _remove(folder: Path) -> None:
    """The sign first: without it there is no segment. Other files, and then their folder, stay."""
    with suppress(FileNotFoundError):
        (folder / SIGN).unlink(missing_ok=True)
        for path in folder.iterdir():
            if _OURS.fullmatch(path.name):
                path.unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()
