"""A command in a real pseudo-terminal of a given width, and the screens that a person would have seen."""

from __future__ import annotations

import os
import pty
import select
import struct
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path

import pyte

from .conftest import newsmill_env
from .warm import WARM


@dataclass
class Seen:
    """What a command showed."""

    code: int
    lines: list[str]  # all of it, scrolled or not, without blank ends
    frames: list[str] = field(default_factory=list)  # the screen's last line after each write: what a bar looked like
    raw: bytes = b""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def on_terminal(
    args: Sequence[str | Path], cwd: Path, *, columns: int = 80, rows: int = 400, seconds: float = 120, **env: str
) -> Seen:
    """Run `newsmill ARGS` with stdin, stdout and stderr on one pseudo-terminal."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    outer, inner = pty.openpty()
    ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environ = {k: v for k, v in newsmill_env(**{"TERM": "xterm-256color", **env}).items() if k != "COLUMNS"}
    process = WARM.start([str(arg) for arg in args], cwd, environ, (inner, inner, inner))
    os.close(inner)
    raw, frames = b"", []
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            if not select.select([outer], [], [], 1)[0]:
                continue
            try:
                piece = os.read(outer, 1 << 16)
            except OSError:  # EIO: the other side is closed
                break
            if not piece:
                break
            raw += piece
            stream.feed(piece)
            frames.append(screen.display[screen.cursor.y].rstrip())
        code = process.wait(10)
    finally:
        process.kill()
        os.close(outer)
    lines = [line.rstrip() for line in screen.display]
    while lines and not lines[-1]:
        lines.pop()
    return Seen(code, lines, frames, raw)
