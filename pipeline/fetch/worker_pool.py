"""Requests -> responses from fetcher processes; one that hangs or dies is replaced, and costs its own request alone."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ..sandbox import codec
from ..sandbox.frames import receive, send
from .messages import Failure, FetcherSetup, FetchResult, FetchTask
from .worker import MESSAGE

CRASHED = "the process that worked on it died"
HUNG = "the process that worked on it hung and was killed"
# -P and our own path: a folder called pipeline/ or a json.py where the user stands must not be imported.
_START = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.fetch.worker import main; main(int(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry of the inbox: a result from a fetcher process, or None where the process ended."""

    process: FetcherProcess
    result: FetchResult | None


@dataclass(slots=True)
class _Pending:
    task: FetchTask
    seconds: float  # wall time after which the process that works on it is killed
    started: float = 0.0
    alone: bool = False  # its process died, of which of its tasks nobody knows: this one is done by itself now


class FetcherProcess:
    """One process, a thread that reads from it and one that writes to it, so that neither can block the run."""

    def __init__(self, setup: FetcherSetup, inbox: queue.Queue[Arrival]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(theirs.fileno()), *(p for p in sys.path if p)],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.pending: dict[int, _Pending] = {}
        self._outbox: queue.Queue[FetcherSetup | FetchTask | None] = queue.Queue()
        self._inbox = inbox
        self._outbox.put(setup)
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def give(self, pending: _Pending) -> None:
        pending.started = time.monotonic()
        self.pending[pending.task.id] = pending
        self._outbox.put(pending.task)

    def _read(self) -> None:
        while True:
            result: FetchResult | None = None
            try:
                message = codec.decode(receive(self._socket)[1])
                result = message if isinstance(message, FetchResult) else None
            except (OSError, EOFError, ValueError, TypeError):  # gone, or it says what is no message of ours
                pass
            self._inbox.put(Arrival(self, result))
            if result is None:
                return

    def _write(self) -> None:
        while (message := self._outbox.get()) is not None:
            try:
                send(self._socket, MESSAGE, codec.encode(message))
            except OSError:
                return

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._outbox.put(None)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(1)
        self._socket.close()


@dataclass
class FetcherPool:
    """Up to `size` processes, each with setup.slots requests at a time; started when needed."""

    setup: FetcherSetup
    size: int
    inbox: queue.Queue[Arrival]
    _processes: dict[int, FetcherProcess] = field(default_factory=dict)
    _waiting: dict[int, deque[_Pending]] = field(default_factory=dict)

    def give(self, task: FetchTask, shard: int, seconds: float) -> None:
        """Hand over a task. Those of one shard go to the same process, which keeps connections open."""
        self._waiting.setdefault(shard % self.size, deque()).append(_Pending(task, seconds))
        self._start(shard % self.size)

    def _start(self, place: int) -> None:
        waiting = self._waiting.get(place, deque())
        while waiting:
            process = self._processes.get(place)
            if process is None:
                process = self._processes[place] = FetcherProcess(self.setup, self.inbox)
            alone = waiting[0].alone or any(pending.alone for pending in process.pending.values())
            if len(process.pending) >= (1 if alone else self.setup.slots):
                return
            process.give(waiting.popleft())

    def results(self, arrival: Arrival) -> list[FetchResult]:
        """What one entry of the inbox means."""
        place = next((n for n, process in self._processes.items() if process is arrival.process), None)
        if place is None:  # of a process that was replaced meanwhile
            return []
        if arrival.result is None:
            return self._replace(place, lambda pending: None)
        out = [arrival.result] if arrival.process.pending.pop(arrival.result.id, None) else []
        self._start(place)
        return out

    def overdue(self) -> list[FetchResult]:
        """Kill the processes whose tasks took too long."""
        now = time.monotonic()
        out: list[FetchResult] = []
        for place, process in list(self._processes.items()):
            if any(now - pending.started > pending.seconds for pending in process.pending.values()):
                out += self._replace(place, lambda p: HUNG if now - p.started > p.seconds else None)
        return out

    def _replace(self, place: int, verdict: Callable[[_Pending], str | None]) -> list[FetchResult]:
        """A process is done for: tasks with a verdict get it, the others one more chance, each of them alone."""
        process = self._processes.pop(place)
        process.end()
        out: list[FetchResult] = []
        again: list[_Pending] = []
        for number, pending in process.pending.items():
            why = verdict(pending) or (CRASHED if pending.alone or len(process.pending) == 1 else None)
            if why is not None:
                out.append(FetchResult(number, Failure(pending.task.request.url, "crashed", why)))
            else:
                again.append(pending)
        culprit_known = bool(out)  # then the others only stood by
        for pending in again:
            pending.alone = not culprit_known
            self._waiting.setdefault(place, deque()).append(pending)
        self._start(place)
        return out

    def end(self) -> None:
        for process in self._processes.values():
            process.end()
        self._processes.clear()
        self._waiting.clear()
