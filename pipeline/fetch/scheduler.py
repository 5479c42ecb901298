"""Which host may be asked next: one request at a time each, with a pause between two, many hosts side by side."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from . import tdm
from .robots import Rules

J = TypeVar("J")


@dataclass
class Host(Generic[J]):
    """A server: scheme, name and port, with its queue and its pauses."""

    name: str
    jobs: deque[J] = field(default_factory=deque)
    ready_at: float = 0.0  # monotonic
    busy: bool = False
    rules: Rules | None = None  # None: robots.txt has not been read yet in this run
    tdm: tdm.Rules | None = None  # None: its tdmrep.json has not been read yet in this run
    delay: float = 0.0
    failures: int = 0  # in a row, over runs
    stopped: str | None = None  # why it is left alone for the rest of this run
    listed: bool = False  # it has an entry in the heap


class Schedule(Generic[J]):
    """Hosts in the order in which they become ready."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host[J]] = {}
        self._heap: list[tuple[float, int, Host[J]]] = []
        self._count = itertools.count()

    def host(self, name: str) -> Host[J]:
        if name not in self.hosts:
            self.hosts[name] = Host(name)
        return self.hosts[name]

    def add(self, name: str, job: J, *, first: bool = False) -> None:
        """Put a job into its host's queue, at the front with `first`."""
        host = self.host(name)
        if first:
            host.jobs.appendleft(job)
        else:
            host.jobs.append(job)
        self._list(host)

    def _list(self, host: Host[J]) -> None:
        if host.jobs and not host.busy and not host.listed:
            host.listed = True
            heapq.heappush(self._heap, (host.ready_at, next(self._count), host))

    def take(self, now: float) -> tuple[Host[J], J] | None:
        """A job of a host that is ready; the host is busy until `release`."""
        while self._heap and self._heap[0][0] <= now:
            _, _, host = heapq.heappop(self._heap)
            host.listed = False
            if not host.jobs or host.busy:
                continue
            if host.ready_at > now:  # it was put off while it stood in the heap
                self._list(host)
                continue
            host.busy = True
            return host, host.jobs.popleft()
        return None

    def release(self, host: Host[J], now: float, *, pause: float | None = None) -> None:
        """The host has answered: it may be asked again after its pause, or after another one."""
        host.busy = False
        host.ready_at = max(host.ready_at, now + (host.delay if pause is None else pause))
        self._list(host)

    def give_back(self, host: Host[J]) -> None:
        """The job that was taken needed no request: the host may be asked at once."""
        host.busy = False
        self._list(host)

    def next_ready(self) -> float | None:
        """When the next host becomes ready; None where no host that is free has a job."""
        return self._heap[0][0] if self._heap else None
