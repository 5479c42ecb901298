"""The command `newsmill`: each module holds the commands of one errand; here they meet, and errors become words."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from ..errors import NewsmillError
from . import (  # noqa: F401  (each registers its commands)
    chain,
    explain,
    export,
    fetch,
    look,
    page,
    project,
    topics,
)
from .app import app


def main() -> None:
    """Run a command; exit 0 done, 1 failed, 2 usage or config, 75 another run holds the lock, 130 and 143 stopped."""
    signal.signal(signal.SIGTERM, _terminate)
    if (
        signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):  # typer would leave without a word; nohup ignores it
        signal.signal(signal.SIGINT, _terminate)
    try:
        app(prog_name="newsmill", standalone_mode=True)
    except NewsmillError as error:
        print(f"newsmill: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    finally:
        _let_go_of_stdout()


def _let_go_of_stdout() -> None:
    """`newsmill export | head`: the reader has enough; what is still in the buffer goes nowhere, and no one is told."""
    try:
        for stream in (sys.stdout, sys.__stdout__):  # typer puts a wrapper that swallows the fault before it
            if stream:
                stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _terminate(number: int, frame: FrameType | None) -> None:
    print("newsmill: stopped; what was finished is kept, the next run goes on from there", file=sys.stderr)
    sys.exit(128 + number)
