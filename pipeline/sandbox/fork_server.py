"""Fork server and worker loop: a task in, a result or the reason of its failure out.

Started by pipeline.sandbox.pool, with one end of a socket. It imports the functions once, so that a worker that died is
replaced in milliseconds, and it is single-threaded, so that forking it is safe.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from . import codec
from .frames import exactly, receive, send

NUMBER = struct.Struct("!q")
FORK, WAIT = b"F", b"W"
READY, FAILED = 1, 2
RESULT, ERROR, MEMORY = 1, 2, 3
LAST = 16  # added to a worker's answer when it leaves after it
_PR_SET_PDEATHSIG = 1


def main(descriptor: int) -> None:
    """Serve the parent until it closes its end."""
    _die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # they reach the whole group: the parent decides
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    try:
        _, frame = receive(control)
        names, shared, seconds, memory_mb, retire_mb, preload = codec.decode(frame)
        functions = [_function(name) for name in names]
        for module in preload:
            importlib.import_module(module)
    except BaseException:
        send(control, FAILED, codec.encode(traceback.format_exc()))
        return
    gc.collect()
    gc.freeze()  # what is imported is never garbage: the workers keep sharing its memory
    send(control, READY, b"")
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if order == FORK:
            pid = os.fork()
            if not pid:
                control.close()
                _work(socket.socket(fileno=descriptors[0]), functions, shared, seconds, memory_mb, retire_mb)
            os.close(descriptors[0])
            control.sendall(NUMBER.pack(pid))
        elif order == WAIT:
            (pid,) = NUMBER.unpack(exactly(control, NUMBER.size))
            control.sendall(NUMBER.pack(os.waitpid(pid, 0)[1]))
        else:
            return


def _work(
    parent: socket.socket,
    functions: list[Callable[..., Any]],
    shared: tuple[Any, ...],
    seconds: float,
    memory_mb: int,
    retire_mb: int,
) -> NoReturn:
    _die_with_parent()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, also where no Python code gets to run
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limit := _size(0):
        with contextlib.suppress(ValueError, OSError):  # where the system sets a lower one
            resource.setrlimit(resource.RLIMIT_AS, (limit + (memory_mb << 20),) * 2)
    with contextlib.suppress(OSError, EOFError):
        while True:
            level, frame = receive(parent)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            kind, answer = _answer(functions[level], frame, shared)
            signal.setitimer(signal.ITIMER_PROF, 0)
            leave = kind == MEMORY or _size(1) > retire_mb << 20
            send(parent, kind + LAST * leave, answer)
            if leave:
                break
            frame = answer = b""
    os._exit(0)


def _answer(function: Callable[..., Any], frame: bytes, shared: tuple[Any, ...]) -> tuple[int, bytes]:
    try:
        return RESULT, codec.encode(function(codec.decode(frame), *shared))
    except MemoryError:
        return MEMORY, b""
    except BaseException as error:  # a parser may call sys.exit, too
        return ERROR, codec.encode(_where(error))


def _where(error: BaseException) -> str:
    """Text such as 'ValueError: bad tag (at lxml/html/__init__.py:123)'.

    The message may quote the page, so characters that cannot be printed, such as ESC, are removed.
    """
    at = traceback.extract_tb(error.__traceback__, limit=-1)
    place = f" (at {'/'.join(Path(at[0].filename).parts[-2:])}:{at[0].lineno})" if at else ""
    message = "".join(c if c.isprintable() else " " for c in str(error)[:200]).strip()
    return f"{type(error).__name__}{': ' if message else ''}{message}{place}"


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    target = importlib.import_module(module)
    for part in attribute.split("."):
        target = getattr(target, part)
    return target  # type: ignore[return-value]


def _die_with_parent() -> None:
    """Linux ends a child with its parent; elsewhere an idle one sees its socket close, a busy one ends its task."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def _size(column: int) -> int:
    """Bytes of address space (0) or of memory (1) in use; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[column]) * resource.getpagesize()
    except OSError:
        return 0
