"""The parent's ends of its child processes: one fork server, and the workers that it forks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from . import codec, fork_server
from .frames import exactly, receive, send

STILL_SECONDS = 120.0  # a worker that neither ends nor uses any CPU for so long waits for what never comes
# A fixed hash seed: what a library does in the order of a set comes out the same in every run. What that lays open,
# pages made to collide, the CPU limit covers. One thread: BLAS would take 60 MB of address space for each more.
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_START = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.sandbox.fork_server import main; main(int(sys.argv[1]))"


def start_fork_server(descriptor: int) -> subprocess.Popen[bytes]:
    """Start pipeline.sandbox.fork_server in a new interpreter, with its end of the control socket."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START, str(descriptor), *sys.path],
        pass_fds=[descriptor],  # and nothing else: no lock of the run lives on in a worker
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # what libraries say about a page is not for the terminal
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_ENVIRONMENT},
    )


class WorkersError(RuntimeError):
    """The processes cannot be started: a bug or a broken installation. The text holds the traceback."""


class Worker:
    """One forked worker process and the job it has."""

    __slots__ = ("cpu", "done", "job", "pid", "seen", "socket", "still")

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.socket = connection
        self.pid = pid
        self.job: Any = None
        self.done = 0
        self.still = False  # killed because it stood still
        self.cpu, self.seen = "", 0.0

    def give(self, job: Any) -> None:
        self.job = job
        self.cpu, self.seen = "", time.monotonic()
        send(self.socket, job.level, job.frame)

    def stands_still(self) -> bool:
        """Asleep, with no CPU used since it was last asked, for STILL_SECONDS. Waiting for a processor is not sleep."""
        try:
            with open(f"/proc/{self.pid}/stat") as file:  # noqa: PTH123
                state, *numbers = file.read().rpartition(")")[2].split()
        except OSError:
            return False
        cpu = " ".join(numbers[10:12])
        if cpu != self.cpu or state != "S":
            self.cpu, self.seen = cpu, time.monotonic()
        return time.monotonic() - self.seen > STILL_SECONDS


class ForkServer:
    """The process that workers are forked from: pipeline.sandbox.fork_server, in a process of its own."""

    def __init__(self, setup: bytes) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = start_fork_server(theirs.fileno())
        try:
            send(self.control, 0, setup)
            kind, frame = receive(self.control)
        except (OSError, EOFError):
            code = self._ended()
            if code is not None and code >= 0:
                raise WorkersError(f"{sys.executable} cannot be started as a worker (exit {code})") from None
            raise EOFError("killed while it started") from None
        if kind == fork_server.FAILED:
            self.close()
            raise WorkersError(codec.decode(frame))

    def fork(self, worker_end: socket.socket) -> int:
        socket.send_fds(self.control, [fork_server.FORK], [worker_end.fileno()])
        return self._number()

    def wait(self, pid: int) -> int:
        self.control.sendall(fork_server.WAIT + fork_server.NUMBER.pack(pid))
        return self._number()

    def _ended(self) -> int | None:
        """The exit code of a process that hung up, negative for a signal; None where it had to be killed."""
        self.control.close()
        try:
            return self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.close()
            return None

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()

    def _number(self) -> int:
        (number,) = fork_server.NUMBER.unpack(exactly(self.control, fork_server.NUMBER.size))
        return int(number)

    def abandon(self) -> None:
        """Kill the process from another thread than the one that uses it: that one sees its socket close."""
        self.process.kill()


def died(pid: int, seconds: float = 0.3) -> bool:
    """Whether a process that closed its socket has ended by itself; one that only hung up lives on."""
    until = time.monotonic() + seconds
    while True:
        try:
            with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
                if file.read().rpartition(")")[2].split()[0] in "ZX":
                    return True
        except OSError:  # reaped already; elsewhere than on Linux nobody can tell
            return sys.platform == "linux"
        if time.monotonic() > until:
            return False
        time.sleep(0.01)


def signal_name(number: int) -> str:
    """How a worker died, in words."""
    try:
        return f"the parser died of {signal.Signals(number).name}"
    except ValueError:
        return f"the parser died of signal {number}"
