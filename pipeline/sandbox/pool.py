"""Pool of persistent worker processes on sockets: tasks -> results in the same order; a task may kill its worker.

Each task has a limit of CPU time, kept by the kernel (ITIMER_PROF), so that a parser that never returns to Python is
ended too, and each worker one of memory. The verdict does not depend on what else the machine does, as one by the clock
on the wall would: 9.5 CPU seconds took 122 on a busy machine.

Long because it is one loop over all workers: what is sent, received, late, dead or done is one state.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from ..errors import NewsmillError
from . import codec, fork_server, processes
from .frames import receive
from .processes import ForkServer, Worker, died, signal_name

Function = str | Callable[..., Any]
Label = TypeVar("Label")
Task = TypeVar("Task")

RETIRE_MB = 400  # a worker that holds more is replaced: libxml2 and caches never give everything back
AHEAD = 256  # tasks begun before the oldest has its result: so one of 10 s holds up nobody
AHEAD_BYTES = 64 << 20  # ... and their size
KILLS = 3  # times a task is done again whose worker was killed from outside, after a pause each time
KILL_PAUSE = 0.25  # seconds, doubled each time: what needs the memory may be over by then
RESTARTS = 3  # times the fork server itself may die in one run
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGXCPU)  # the OOM killer, a limit of the shell: not surely the page's fault


@dataclass(frozen=True, slots=True)
class Lost:
    """A task that no worker came back from."""

    reason: Literal["timeout", "crashed", "too-large"]
    detail: str
    outside: bool = False  # killed by the system each time (out of memory?): no verdict on the task


class Abandoned(Exception):
    """The pool was given up while it worked."""


def map(
    function: Function | Sequence[Function],
    tasks: Iterable[tuple[Label, Task]],
    *,
    shared: tuple[Any, ...] = (),
    preload: tuple[str, ...] = (),
    workers: int = 0,
    seconds: float,
    memory_mb: int,
) -> Iterator[tuple[tuple[Label, Task], Any]]:
    """((label, task), result of function(task, *shared) or Lost) for each task, in their order.

    The processes are kept for the next call with the same arguments. See Pool.
    """
    key = (function, shared, preload, workers, seconds, memory_mb)
    pool = _kept.pop() if _kept and _kept[0].key == key else None
    while _kept:
        _kept.pop().close()
    if pool is None:
        pool = Pool(function, shared=shared, preload=preload, workers=workers, seconds=seconds, memory_mb=memory_mb)
        pool.key = key
    try:
        yield from pool.map(tasks)
    except BaseException:
        pool.close()
        raise
    _kept.append(pool)


class Pool:
    """Worker processes for one function, or for several that are tried in turn until one comes back (fallback levels).

    `function` takes a task and what is `shared`; both, and its results, are what pipeline.sandbox.codec can send.
    Sequences arrive as tuples. `workers` 0 means one for each processor. `seconds` of CPU and `memory_mb` beyond what
    the process takes without a task are for each of them. A worker that crashed or ran out of memory after other tasks
    may have been damaged by them: its task is tried once more in a new one before it is lost. `preload` names modules
    that the functions import when they are called: the fork server imports them once for all workers.
    """

    key: Any = None

    def __init__(
        self,
        function: Function | Sequence[Function],
        *,
        shared: tuple[Any, ...] = (),
        preload: tuple[str, ...] = (),
        workers: int = 0,
        seconds: float,
        memory_mb: int,
    ) -> None:
        levels = [function] if isinstance(function, str) or callable(function) else list(function)
        self.levels = [_name(level) for level in levels]
        self.setup = codec.encode((self.levels, shared, seconds, memory_mb, RETIRE_MB, preload))
        self.size = workers or _processors()
        self.seconds = seconds
        self.memory_mb = memory_mb
        self.server: ForkServer | None = None
        self.restarts = 0
        self.workers: list[Worker] = []
        self.abandoned = False
        self.selector = selectors.DefaultSelector()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, task: Any) -> Any:
        """The result of one task, or Lost."""
        ((_, result),) = self.map([(None, task)])
        return result

    def abandon(self) -> None:
        """From another thread than the one that uses the pool: make its `map` raise Abandoned soon."""
        self.abandoned = True
        if self.server:
            self.server.abandon()
        for worker in list(self.workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)

    def close(self) -> None:
        """End all processes now, whatever they do."""
        if self.server:
            self.server.control.settimeout(5)
        for worker in list(self.workers):
            self._forget(worker, kill=True)
        if self.server:
            self.server.close()
            self.server = None

    def map(self, tasks: Iterable[tuple[Label, Task]]) -> Iterator[tuple[tuple[Label, Task], Any]]:
        """Takes tasks as workers get free, at most AHEAD beyond the one whose result comes next."""
        source = iter(tasks)
        order: deque[_Job[tuple[Label, Task]]] = deque()
        todo: deque[_Job[tuple[Label, Task]]] = deque()
        pending_bytes, more = 0, True
        while True:
            while more and len(todo) < self.size and len(order) < AHEAD and (pending_bytes < AHEAD_BYTES or not order):
                task = next(source, None)
                if task is None:
                    more = False
                    break
                job = _Job(task, codec.encode(task[1]))
                pending_bytes += job.size
                order.append(job)
                todo.append(job)
            self._hand_out(todo)
            if order and order[0].done:
                job = order.popleft()
                pending_bytes -= job.size
                yield job.task, job.result
                self._collect(todo, 0)
            elif order:
                self._collect(todo, min(5, processes.STILL_SECONDS / 4))
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
                kind, frame = receive(worker.socket)
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
                answer = codec.decode(frame)
            except (TypeError, ValueError):  # a parser that ran wild wrote over it, or into the socket
                self._dismiss(worker, todo)
                self._lose(job, Lost("crashed", "the worker's answer cannot be read"), todo, again=not fresh)
                continue
            if kind & ~fork_server.LAST == fork_server.RESULT:
                job.finish(answer)
            else:
                self._lose(job, Lost("crashed", answer), todo, again=False)
        if not ready:
            for worker in [w for w in self.workers if w.job and w.stands_still()]:
                worker.still = True
                os.kill(worker.pid, signal.SIGKILL)

    def _died(self, worker: Worker, todo: deque[Any]) -> None:
        if self.abandoned:
            raise Abandoned
        by_itself = not worker.still and died(worker.pid)
        job, worker.job = worker.job, None
        status = self._forget(worker, kill=True)  # one that closed its end and lives on would be waited for
        if job is None:
            return
        if status is None:  # the fork server is gone too: nobody knows whose fault it was
            todo.appendleft(job)
            return
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if by_itself and number in _FROM_OUTSIDE:
            self._killed_outside(job, number, todo)
            return
        if worker.still:
            lost = Lost("timeout", f"no progress in {processes.STILL_SECONDS:g} s")
        elif number == signal.SIGPROF:
            lost = Lost("timeout", f"over {self.seconds:g} s of CPU time")
        else:
            lost = Lost("crashed", signal_name(number) if number else f"exit {os.waitstatus_to_exitcode(status)}")
        self._lose(job, lost, todo, again=lost.reason == "crashed" and bool(worker.done))

    def _killed_outside(self, job: Any, number: int, todo: deque[Any]) -> None:
        """The system ended the worker: the task is done again at the same level, and never judged by it."""
        job.kills += 1
        if job.kills > KILLS:
            why = f"killed from outside {job.kills} times ({signal.Signals(number).name}): out of memory?"
            job.finish(Lost("crashed", why, outside=True))
            return
        job.again = True
        time.sleep(KILL_PAUSE * 2 ** (job.kills - 1))
        todo.appendleft(job)

    def _lose(self, job: Any, lost: Lost, todo: deque[Any], again: bool) -> None:
        """Once more in a new worker if the old one's past may be to blame, then the next level, then the ledger."""
        if again and not job.again:
            job.again = True
        elif job.level + 1 < len(self.levels):
            job.level += 1
            job.again = False
        else:
            job.finish(lost)
            return
        todo.appendleft(job)

    def _new_worker(self, todo: deque[Any]) -> Worker | None:
        """None when the fork server had died: what its workers did is to be done again."""
        if self.server is None and not self.abandoned:
            try:
                self.server = ForkServer(self.setup)
            except (OSError, EOFError):  # killed at once, or no process may be started now
                self._restart(todo)
                return None
        if self.abandoned or self.server is None:
            raise Abandoned
        ours, theirs = socket.socketpair()
        try:
            pid = self.server.fork(theirs)
        except (OSError, EOFError):
            ours.close()
            self._restart(todo)
            return None
        finally:
            theirs.close()
        worker = Worker(ours, pid)
        self.workers.append(worker)
        self.selector.register(ours, selectors.EVENT_READ, worker)
        return worker

    def _restart(self, todo: deque[Any]) -> None:
        """The fork server is gone: what its workers did is to be done again, with another one. Raises NewsmillError."""
        if self.abandoned:
            raise Abandoned
        self.restarts += 1
        if self.restarts > RESTARTS:
            raise NewsmillError(
                "the system keeps killing worker processes: if memory is short, use fewer of "
                "them (--workers) or lower extract.page_memory_mb, and run again: what is done stays done"
            ) from None
        time.sleep(KILL_PAUSE * 2 ** (self.restarts - 1))
        for worker in list(self.workers):
            if worker.job:
                todo.appendleft(worker.job)
            self._forget(worker, kill=True)
        if self.server:
            self.server.close()
            self.server = None

    def _dismiss(self, worker: Worker, todo: deque[Any]) -> None:
        """End a worker that cannot be trusted any more; the task it was given since goes to another one."""
        if worker.job:
            todo.appendleft(worker.job)
        if worker in self.workers:
            self._forget(worker, kill=True)

    def _forget(self, worker: Worker, kill: bool = False) -> int | None:
        """Exit status as os.waitpid gives it; None where it is unknown."""
        self.workers.remove(worker)
        self.selector.unregister(worker.socket)
        worker.socket.close()
        if kill:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        try:
            return self.server.wait(worker.pid) if self.server else None
        except (OSError, EOFError):
            return None


class _Job(Generic[Task]):
    """A task on its way."""

    __slots__ = ("again", "done", "frame", "kills", "level", "result", "size", "task")

    def __init__(self, task: Task, frame: bytes) -> None:
        self.task = task
        self.frame = frame
        self.size = len(frame)
        self.level = 0
        self.again = False  # the next worker for it must be a new one
        self.kills = 0  # times its worker was killed from outside
        self.done = False
        self.result: Any = None

    def finish(self, result: Any) -> None:
        self.result, self.done, self.frame = result, True, b""


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
