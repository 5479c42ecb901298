"""Entry point of the command `newsmill`: registers the commands and maps exceptions to messages and exit codes."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from ..console import complain
from ..errors import NewsmillError
from . import (  # noqa: F401  (each registers its commands)
    backfill,
    chain,
    explain,
    export,
    fetch,
    look,
    mcp,
    page,
    project,
    report,
    schema,
    search,
    threads,
    topics,
)
from .app import app

NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)
# What a disk or the system refuses, wherever it comes up: words, and no traceback.
REFUSALS = (
    *NO_ROOM,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENAMETOOLONG,
    errno.EMFILE,
    errno.ENFILE,
    errno.ESTALE,
    errno.ELOOP,
    errno.ENOTDIR,
)


def main() -> None:
    """Run a command; exit 0 done, 1 failed, 2 usage or config, 75 another run holds the lock, 130 and 143 stopped."""
    _open_streams()
    signal.signal(signal.SIGTERM, _terminate)
    if (
        signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):  # typer would leave without a word; nohup ignores it
        signal.signal(signal.SIGINT, _terminate)
    try:
        app(prog_name="newsmill", standalone_mode=True)
    except SystemExit:
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":  # typer's mark of a reader that has enough: no failure
            sys.exit(0)
        raise
    except NewsmillError as error:
        complain(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        if error.filename is None and error.errno in NO_ROOM:
            _no_room(error)
        complain(f"{str(error.filename or 'the system')[:300]}: {error.strerror}")
        sys.exit(1)
    finally:
        _let_go_of_stdout()


def _open_streams() -> None:
    """Open closed standard streams on /dev/null: the next file opened would get their number, and our output.

    Piped data is UTF-8 whatever the locale, as the files are; a terminal shows the code of a letter that it lacks.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace" if stream is sys.stdin else "backslashreplace")


def _no_room(error: OSError) -> NoReturn:
    """stdout cannot be written; the rest of its buffer is dropped."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    complain(f"stdout: cannot be written: {error.strerror}")
    sys.exit(1)


def _let_go_of_stdout() -> None:
    """Flush stdout; where the reader has closed the pipe (`newsmill export | head`), drop the rest without an error."""
    try:
        for stream in (sys.stdout, sys.__stdout__):  # typer puts a wrapper that swallows the fault before it
            if stream:
                stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        _no_room(error)


def _terminate(number: int, frame: FrameType | None) -> None:
    complain("stopped; finished work is kept, the next run continues from there")
    sys.exit(128 + number)
