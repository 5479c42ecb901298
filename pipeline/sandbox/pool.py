"""Tasks -> results in the same order, each done in a process that may die of it: own persistent workers on sockets.

Each task has a limit of CPU time, kept by the kernel (ITIMER_PROF), so that a parser that never returns to Python is
ended too, and each worker one of memory. The verdict does not depend on what else the machine does, as one by the clock
on the wall would: 9.5 CPU seconds took 122 on a busy machine.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from . import codec, fork_server

Function = str | Callable[..., Any]
Label = TypeVar("Label")
Task = TypeVar("Task")

RETIRE_MB = 400  # a worker that holds more is replaced: libxml2 and caches never give everything back
AHEAD = 256  # tasks begun before the oldest has its result: so one of 10 s holds up nobody
AHEAD_BYTES = 64 << 20  # ... and their size
STILL_SECONDS = 120.0  # a worker that neither ends nor uses any CPU for so long waits for what never comes
RESTARTS = 3  # times the nursery itself may die in one run
# A fixed hash seed: what a library does in the order of a set comes out the same in every run. What that lays open,
# pages made to collide, the CPU limit covers. One thread: BLAS would take 60 MB of address space for each more.
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGXCPU)  # the OOM killer, a limit of the shell: not surely the page's fault
_START = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.sandbox.fork_server import main; main(int(sys.argv[1]))"


@dataclass(frozen=True, slots=True)
class Lost:
    """A task that no worker came back from."""

    reason: Literal["timeout", "crashed", "too-large"]
    detail: str


class WorkersError(RuntimeError):
    """The processes cannot be started: a bug or a broken installation. The text holds the traceback."""


def map(
    function: Function | Sequence[Function],
    tasks: Iterable[tuple[Label, Task]],
    *,
    shared: tuple[Any, ...] = (),
    workers: int = 0,
    seconds: float,
    memory_mb: int,
) -> Iterator[tuple[tuple[Label, Task], Any]]:
    """((label, task), result of function(task, *shared) or Lost) for each task, in their order.

    The processes are kept for the next call with the same arguments. See Pool.
    """
    key = (function, shared, workers, seconds, memory_mb)
    pool = _kept.pop() if _kept and _kept[0].key == key else None
    while _kept:
        _kept.pop().close()
    if pool is None:
        pool = Pool(function, shared=shared, workers=workers, seconds=seconds, memory_mb=memory_mb)
        pool.key = key
    try:
        yield from pool.map(tasks)
    except BaseException:
        pool.close()
        raise
    _kept.append(pool)


class Pool:
    """Worker processes for one function, or for several that are tried in turn until one comes back: a ladder.

    `function` takes a task and what is `shared`; both, and its results, are what pipeline.sandbox.codec can send.
    Sequences arrive as tuples. `workers` 0 means one for each processor. `seconds` of CPU and `memory_mb` beyond what
    the process takes without a task are for each rung of the ladder. A worker that crashed or ran out of memory after
    other tasks
    may have been damaged by them: its task is tried once more in a new one before it is lost.
    """

    key: Any = None

    def __init__(
        self,
        function: Function | Sequence[Function],
        *,
        shared: tuple[Any, ...] = (),
        workers: int = 0,
        seconds: float,
        memory_mb: int,
    ) -> None:
        rungs = [function] if isinstance(function, str) or callable(function) else list(function)
        self.rungs = [_name(rung) for rung in rungs]
        self.setup = codec.encode((self.rungs, shared, seconds, memory_mb, RETIRE_MB))
        self.size = workers or _processors()
        self.seconds = seconds
        self.memory_mb = memory_mb
        self.nursery: _Nursery | None = None
        self.restarts = 0
        self.workers: list[_Worker] = []
        self.selector = selectors.DefaultSelector()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes now, whatever they do."""
        if self.nursery:
            self.nursery.control.settimeout(5)
        for worker in list(self.workers):
            self._forget(worker, kill=True)
        if self.nursery:
            self.nursery.close()
            self.nursery = None

    def map(self, tasks: Iterable[tuple[Label, Task]]) -> Iterator[tuple[tuple[Label, Task], Any]]:
        """Takes tasks as workers get free, at most AHEAD beyond the one whose result comes next."""
        source = iter(tasks)
        order: deque[_Job[tuple[Label, Task]]] = deque()
        todo: deque[_Job[tuple[Label, Task]]] = deque()
        held, more = 0, True
        while True:
            while more and len(todo) < self.size and len(order) < AHEAD and (held < AHEAD_BYTES or not order):
                task = next(source, None)
                if task is None:
                    more = False
                    break
                job = _Job(task, codec.encode(task[1]))
                held += job.size
                order.append(job)
                todo.append(job)
            self._hand_out(todo)
            if order and order[0].done:
                job = order.popleft()
                held -= job.size
                yield job.task, job.result
                self._collect(todo, 0)
            elif order:
                self._collect(todo, min(5, STILL_SECONDS / 4))
            elif not more:
                return

    def _hand_out(self, todo: deque[Any]) -> None:
        while todo:
            worker = next((w for w in self.workers if w.job is None), None)
            if worker and todo[0].again and worker.done:
                self._forget(worker)
                worker = None
            if worker is None:
                if len(self.workers) >= self.size:
                    return
                worker = self._new_worker(todo)
                if worker is None:
                    continue
            job = todo.popleft()
            try:
                worker.give(job)
            except OSError:
                self._died(worker, todo)

    def _collect(self, todo: deque[Any], timeout: float) -> None:
        ready = self.selector.select(timeout)
        for key, _ in ready:
            worker = key.data
            try:
                kind, frame = fork_server.receive(worker.socket)
            except (OSError, EOFError):
                self._died(worker, todo)
                continue
            job, worker.job = worker.job, None
            fresh = not worker.done
            worker.done += 1
            if kind & fork_server.LAST:
                self._forget(worker)
            elif todo:  # before the result is unpacked: the worker need not wait for that
                self._hand_out(todo)
            if kind & ~fork_server.LAST == fork_server.MEMORY:
                self._lose(job, Lost("too-large", f"needs over {self.memory_mb} MB of memory"), todo, again=not fresh)
                continue
            try:
                said = codec.decode(frame)
            except (TypeError, ValueError):  # a parser that ran wild wrote over it, or into the socket
                self._dismiss(worker, todo)
                self._lose(job, Lost("crashed", "the worker's answer cannot be read"), todo, again=not fresh)
                continue
            if kind & ~fork_server.LAST == fork_server.RESULT:
                job.finish(said)
            else:
                self._lose(job, Lost("crashed", said), todo, again=False)
        if not ready:
            for worker in [w for w in self.workers if w.job and w.stands_still()]:
                worker.still = True
                os.kill(worker.pid, signal.SIGKILL)

    def _died(self, worker: _Worker, todo: deque[Any]) -> None:
        job, worker.job = worker.job, None
        status = self._forget(worker, kill=True)  # one that closed its end and lives on would be waited for
        if job is None:
            return
        if status is None:  # the nursery is gone too: nobody knows whose fault it was
            todo.appendleft(job)
            return
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if worker.still:
            lost = Lost("timeout", f"no progress in {STILL_SECONDS:g} s")
        elif number == signal.SIGPROF:
            lost = Lost("timeout", f"over {self.seconds:g} s of CPU time")
        else:
            lost = Lost("crashed", _signal_name(number) if number else f"exit {os.waitstatus_to_exitcode(status)}")
        self._lose(job, lost, todo, again=lost.reason == "crashed" and bool(worker.done or number in _FROM_OUTSIDE))

    def _lose(self, job: Any, lost: Lost, todo: deque[Any], again: bool) -> None:
        """Once more in a new worker if the old one's past may be to blame, then the next rung, then the ledger."""
        if again and not job.again:
            job.again = True
        elif job.rung + 1 < len(self.rungs):
            job.rung += 1
            job.again = False
        else:
            job.finish(lost)
            return
        todo.appendleft(job)

    def _new_worker(self, todo: deque[Any]) -> _Worker | None:
        """None when the nursery had died: what its workers did is to be done again."""
        if self.nursery is None:
            self.nursery = _Nursery(self.setup)
        ours, theirs = socket.socketpair()
        try:
            pid = self.nursery.fork(theirs)
        except (OSError, EOFError):
            ours.close()
            self.restarts += 1
            if self.restarts > RESTARTS:
                raise WorkersError("the worker processes are killed again and again: out of memory?") from None
            for worker in list(self.workers):
                if worker.job:
                    todo.appendleft(worker.job)
                self._forget(worker, kill=True)
            self.nursery.close()
            self.nursery = None
            return None
        finally:
            theirs.close()
        worker = _Worker(ours, pid)
        self.workers.append(worker)
        self.selector.register(ours, selectors.EVENT_READ, worker)
        return worker

    def _dismiss(self, worker: _Worker, todo: deque[Any]) -> None:
        """End a worker that cannot be trusted any more; what it was given since is somebody else's."""
        if worker.job:
            todo.appendleft(worker.job)
        if worker in self.workers:
            self._forget(worker, kill=True)

    def _forget(self, worker: _Worker, kill: bool = False) -> int | None:
        """How it ended, as os.waitpid says it; None where nobody knows."""
        self.workers.remove(worker)
        self.selector.unregister(worker.socket)
        worker.socket.close()
        if kill:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        try:
            return self.nursery.wait(worker.pid) if self.nursery else None
        except (OSError, EOFError):
            return None


class _Job(Generic[Task]):
    """A task on its way."""

    __slots__ = ("again", "done", "frame", "result", "rung", "size", "task")

    def __init__(self, task: Task, frame: bytes) -> None:
        self.task = task
        self.frame = frame
        self.size = len(frame)
        self.rung = 0
        self.again = False  # the next worker for it must be a new one
        self.done = False
        self.result: Any = None

    def finish(self, result: Any) -> None:
        self.result, self.done, self.frame = result, True, b""


class _Worker:
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
        fork_server.send(self.socket, job.rung, job.frame)

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


class _Nursery:
    """The process that workers are forked from: pipeline.sandbox.fork_server."""

    def __init__(self, setup: bytes) -> None:
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(theirs.fileno()), *sys.path],
                pass_fds=[theirs.fileno()],  # and nothing else: no lock of the run lives on in a worker
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # what libraries say about a page is not for the terminal
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
            )
        try:
            fork_server.send(self.control, 0, setup)
            kind, frame = fork_server.receive(self.control)
        except (OSError, EOFError):
            self.close()
            raise WorkersError(f"{sys.executable} cannot be started as a worker") from None
        if kind == fork_server.FAILED:
            self.close()
            raise WorkersError(codec.decode(frame))

    def fork(self, worker_end: socket.socket) -> int:
        socket.send_fds(self.control, [fork_server.FORK], [worker_end.fileno()])
        return self._number()

    def wait(self, pid: int) -> int:
        self.control.sendall(fork_server.WAIT + fork_server.NUMBER.pack(pid))
        return self._number()

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()

    def _number(self) -> int:
        (number,) = fork_server.NUMBER.unpack(fork_server.exactly(self.control, fork_server.NUMBER.size))
        return int(number)


_kept: list[Pool] = []  # the pool of the last map(), for the next


@atexit.register
def _close_kept() -> None:
    while _kept:
        _kept.pop().close()


def _name(function: Function) -> str:
    if isinstance(function, str):
        return function
    return f"{function.__module__}:{function.__qualname__}"


def _processors() -> int:
    """Those this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _signal_name(number: int) -> str:
    try:
        return f"the parser died of {signal.Signals(number).name}"
    except ValueError:
        return f"the parser died of signal {number}"
