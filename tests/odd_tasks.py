"""What the tests of the workers let them do; imported by the workers themselves, so it imports little."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
import time
from pathlib import Path

from pipeline.config import ExtractConfig
from pipeline.sandbox import fork_server, frames

MB = 1 << 20
_kept: list[bytearray] = []


def act(task: object) -> object:
    """What a task tells its worker to do."""
    match task:
        case "spin":
            while True:
                pass
        case "spin in C":
            pow(7, 10**9, 10**400_000)
        case "kill the fork server":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        case "segfault":
            ctypes.string_at(0)
        case "abort":
            os.abort()
        case "exit":
            os._exit(3)
        case "raise":
            raise ValueError("what the \x1b[31mpage said")
        case "sys.exit":
            sys.exit("bye")
        case "recurse":
            return act(act("recurse"))
        case "hoard":
            return len(bytearray(900 * MB))
        case "keep":
            _kept.append(bytearray(40 * MB))
            return os.getpid()
        case "unsendable":
            return object()
        case "hang up":
            os.closerange(3, 1000)
            time.sleep(1e6)
        case "babble":
            _own_socket().sendall(frames.FRAME.pack(fork_server.RESULT, 12) + b"\0" * 7 + b"\4[[]{")
            time.sleep(1e6)
        case "boast":
            _own_socket().sendall(frames.FRAME.pack(fork_server.RESULT, 1 << 62))
            time.sleep(1e6)
        case "noise":
            os.write(1, b"out")
            os.write(2, b"err")
            return "noise"
        case str() if task.startswith("killed "):
            path = Path(task.removeprefix("killed "))
            left = int(path.read_text())
            path.write_text(str(left - 1))
            if left:
                os.kill(os.getpid(), signal.SIGKILL)
            return "survived"
        case "pid":
            return os.getpid()
        case ("sleep", seconds):
            time.sleep(seconds)
    return task


def _own_socket() -> socket.socket:
    """What a worker that was taken over would find to write its own answers to."""
    return next(s for s in gc.get_objects() if isinstance(s, socket.socket) and s.fileno() > 2)


def act_gently(task: object) -> object:
    """A lower level: it dies of fewer things."""
    return act(task) if task == "abort" else f"gently {task}"


def with_shared(task: str, prefix: str, config: ExtractConfig) -> str:
    return f"{prefix} {task} {config.min_words}"


def killed_draft(page: object, *rest: object) -> object:
    """A draft as it is made, unless the file that KILLED names exists: then the system kills the worker."""
    from pipeline.extract import draft_cache

    if Path(os.environ["KILLED"]).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return draft_cache.full(page, *rest)  # type: ignore[arg-type]
