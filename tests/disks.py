"""Disks of our own in a mount namespace, and root that obeys permissions; where neither is allowed the test is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import newsmill_env, run_newsmill


def newsmill(cwd: Path, *args: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """`newsmill ARGS`, behind another command that sets the stage for it where there is one."""
    if not before:
        return run_newsmill(*args, cwd=cwd)
    return subprocess.run(
        [*before, sys.executable, "-m", "pipeline", *args], cwd=cwd, env=newsmill_env(), capture_output=True, text=True,
        timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def obeying() -> tuple[str, ...]:
    """What to put before a command so that a folder without write permission is closed to root too."""
    if os.geteuid():
        return ()
    drop = "-dac_override,-dac_read_search,-fowner"
    command = ("setpriv", f"--inh-caps={drop}", f"--bounding-set={drop}")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False) if shutil.which("setpriv") else None
    if tried is None or tried.returncode:
        pytest.skip("root writes everywhere, and cannot be kept from it here: no setpriv, or no right to drop rights")
    return command


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system mounted at `path` for those who `enter` alone; everyone else sees it as `seen`."""

    path: Path
    seen: Path
    enter: tuple[str, ...]

    def remount(self, options: str) -> None:
        subprocess.run([*self.enter, "mount", "-o", f"remount,{options}", str(self.path)], check=True)


@contextmanager
def tmpfs(path: Path, options: str) -> Iterator[Disk]:
    """A tmpfs at `path` while the block lasts. Skips where mounting is not permitted."""
    if not (shutil.which("unshare") and shutil.which("nsenter")):
        pytest.skip("no unshare and nsenter here: no disk of our own can be mounted")
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    keeper = subprocess.Popen(
        ["unshare", *root, "--mount", "--propagation", "private", "sh", "-c",
         'mount -t tmpfs -o "$1" tmpfs "$2" && echo mounted && exec cat', "sh", options, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert keeper.stdout and keeper.stderr
        if keeper.stdout.readline() != "mounted\n":
            pytest.skip(f"no disk may be mounted here: {keeper.stderr.read().strip()}")
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        yield Disk(
            path,
            Path(f"/proc/{keeper.pid}/root{path}"),
            ("nsenter", f"--target={keeper.pid}", "--mount", *user, f"--wdns={path.parent}"),
        )
    finally:
        keeper.communicate()  # its cat ends, and the disk with it
