"""Tasks -> answers from child processes; a child that hangs or dies is replaced, and costs its own task alone."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from . import worker as child

CRASHED = {"fault": "crashed", "detail": "the process that worked on it died"}
HUNG = {"fault": "crashed", "detail": "the process that worked on it hung and was killed"}


@dataclass(slots=True)
class Task:
    head: dict[str, Any]
    body: bytes
    seconds: float  # wall time after which the child that works on it is killed
    started: float = 0.0
    again: bool = False  # its child died, of which of its tasks nobody knows: this one is done alone now


@dataclass(frozen=True, slots=True)
class Answer:
    id: int
    head: dict[str, Any]
    body: bytes


class _Child:
    """One process, a thread that reads from it and one that writes to it, so that neither can block the run."""

    def __init__(self, setting: dict[str, Any], inbox: queue.Queue[Any]) -> None:
        # -P and our own path: a folder called pipeline/ or a json.py where the user stands must not be imported.
        begin = f"import sys; sys.path[:] = sys.argv[1:]; from {child.__name__} import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", begin, *(p for p in sys.path if p)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        self.tasks: dict[int, Task] = {}
        self._outbox: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._inbox = inbox
        self._outbox.put((setting, b""))
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def give(self, task: Task) -> None:
        task.started = time.monotonic()
        self.tasks[task.head["id"]] = task
        self._outbox.put((task.head, task.body))

    def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            try:
                frame = child.receive(self.process.stdout)
            except (OSError, ValueError):
                frame = None
            self._inbox.put((self, frame))
            if frame is None:
                return

    def _write(self) -> None:
        assert self.process.stdin is not None
        while (frame := self._outbox.get()) is not None:
            try:
                child.send(self.process.stdin, *frame)
            except OSError:
                return

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(1)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


@dataclass
class Crew:
    """Up to `size` children of one setting, each with setting["slots"] tasks at a time; started when needed."""

    setting: dict[str, Any]
    size: int
    inbox: queue.Queue[Any] = field(default_factory=queue.Queue)  # may be shared between crews
    _children: dict[int, _Child] = field(default_factory=dict)
    _waiting: dict[int, deque[Task]] = field(default_factory=dict)

    def give(self, head: dict[str, Any], body: bytes, shard: int, seconds: float) -> None:
        """Hand over a task; `head` needs an "id". Tasks of one shard go to the same child."""
        self._waiting.setdefault(shard % self.size, deque()).append(Task(head, body, seconds))
        self._start(shard % self.size)

    def _start(self, place: int) -> None:
        waiting = self._waiting.get(place, deque())
        while waiting:
            worker = self._children.get(place)
            if worker is None:
                worker = self._children[place] = _Child(self.setting, self.inbox)
            alone = waiting[0].again or any(task.again for task in worker.tasks.values())
            if len(worker.tasks) >= (1 if alone else self.setting["slots"]):
                return
            worker.give(waiting.popleft())

    def answers(self, worker: object, frame: tuple[dict[str, Any], bytes] | None) -> list[Answer] | None:
        """What one entry of the inbox means; None where it came from another crew's child."""
        place = next((n for n, c in self._children.items() if c is worker), None)
        if place is None:
            return None
        current = self._children[place]
        if frame is None:
            return self._replace(place, lambda task: None)
        head, body = frame
        out = [Answer(head["id"], head, body)] if current.tasks.pop(head["id"], None) else []
        self._start(place)
        return out

    def overdue(self) -> list[Answer]:
        """Kill the children whose tasks took too long."""
        now = time.monotonic()
        out: list[Answer] = []
        for place, worker in list(self._children.items()):
            if any(now - task.started > task.seconds for task in worker.tasks.values()):
                out += self._replace(place, lambda task: HUNG if now - task.started > task.seconds else None)
        return out

    def _replace(self, place: int, verdict: Callable[[Task], dict[str, str] | None]) -> list[Answer]:
        """A child is done for: tasks with a verdict get it, the others one more chance, each of them alone."""
        worker = self._children.pop(place)
        worker.end()
        out = []
        again: list[Task] = []
        for number, task in worker.tasks.items():
            said = verdict(task) or (CRASHED if task.again or len(worker.tasks) == 1 else None)
            if said is not None:
                out.append(Answer(number, dict(said), b""))
            else:
                again.append(task)
        guilty = bool(out)  # then the others only stood by
        for task in again:
            task.again = not guilty
            self._waiting.setdefault(place, deque()).append(task)
        self._start(place)
        return out

    def end(self) -> None:
        for worker in self._children.values():
            worker.end()
        self._children.clear()
        self._waiting.clear()
