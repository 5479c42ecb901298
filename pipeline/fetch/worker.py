"""Fetcher process: requests in on a socket, responses out, several at a time.

It holds no lock, writes no file, and may be killed at any time. When the parent dies, its socket closes and it leaves.
The frames are those of pipeline.sandbox; the messages are in `messages`, the first one is a FetcherSetup.
"""

from __future__ import annotations

import os
import queue
import resource
import socket
import sys
import threading

from ..sandbox import codec
from ..sandbox.frames import receive, send
from .listings import page_head
from .messages import Failure, FetcherSetup, FetchResult, FetchTask

MESSAGE = 1  # the only kind of frame here


def main(descriptor: int) -> None:
    """Serve the parent until it closes its end."""
    parent = socket.socket(fileno=descriptor)
    setup = codec.decode(receive(parent)[1])
    assert isinstance(setup, FetcherSetup)
    memory = setup.memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    fetch = Fetcher(setup)
    tasks: queue.Queue[FetchTask] = queue.Queue()
    answering = threading.Lock()

    def serve() -> None:
        while True:
            task = tasks.get()
            try:
                frame = codec.encode(fetch(task))
            except MemoryError:
                failure = Failure(task.request.url, "too-large", "took more memory than it may")
                frame = codec.encode(FetchResult(task.id, failure))
            except Exception as error:  # a bug on one page must not leave the run waiting for its answer
                failure = Failure(task.request.url, "crashed", f"{type(error).__name__}: {error}"[:300])
                frame = codec.encode(FetchResult(task.id, failure))
            try:
                with answering:
                    send(parent, MESSAGE, frame)
            except OSError:  # the parent was killed: nobody waits for the answer
                os._exit(0)

    for _ in range(setup.slots):
        threading.Thread(target=serve, daemon=True).start()
    try:
        while True:
            task = codec.decode(receive(parent)[1])
            assert isinstance(task, FetchTask)
            tasks.put(task)
    except (OSError, EOFError):
        os._exit(0)  # threads may still wait for servers


class Fetcher:
    """FetchTask -> FetchResult, with one client for all."""

    def __init__(self, setup: FetcherSetup) -> None:
        from .client import Client

        self.client = Client(setup.user_agent, setup.limits, setup.ca_file)

    def __call__(self, task: FetchTask) -> FetchResult:
        answer = self.client.get(task.request)
        self.client.close(keep=64)
        if isinstance(answer, Failure) or not task.is_page or answer.status not in page_head.STATUSES:
            return FetchResult(task.id, answer)
        refresh = page_head.refresh(answer.body, answer.url)
        return FetchResult(task.id, answer, refresh, page_head.reservations(answer.body, answer.headers))


if __name__ == "__main__":
    main(int(sys.argv[1]))
