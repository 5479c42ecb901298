"""The process that meets strangers' bytes: tasks on stdin, answers on stdout.

It holds no lock, writes no file, and may be killed at any time. When the parent dies, its stdin ends and it leaves.
Frames: two 32-bit lengths, JSON, bytes. The first frame is the setting: {"kind": "fetch" | "parse", ...}.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any

FRAME = struct.Struct(">II")


def send(file: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    data = json.dumps(head).encode()
    file.write(FRAME.pack(len(data), len(body)) + data)
    file.write(body)
    file.flush()


def receive(file: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None where the other side has gone."""
    sizes = file.read(FRAME.size)
    if len(sizes) < FRAME.size:
        return None
    head, body = FRAME.unpack(sizes)
    data = file.read(head + body)
    return (json.loads(data[:head]), data[head:]) if len(data) == head + body else None


def main() -> None:
    inbox = sys.stdin.buffer
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the frames
    first = receive(inbox)
    if first is None:
        return
    setting = first[0]
    memory = setting["memory_mb"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    work = _fetcher(setting) if setting["kind"] == "fetch" else _parser(setting)
    todo: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    speaking = threading.Lock()

    def serve() -> None:
        while True:
            head, body = todo.get()
            try:
                answer, data = work(head, body)
            except MemoryError:
                answer, data = {"fault": "too-large", "detail": "took more memory than it may"}, b""
            except Exception as error:  # a bug on one page must not leave the run waiting for its answer
                answer, data = {"fault": "crashed", "detail": f"{type(error).__name__}: {error}"[:300]}, b""
            try:
                with speaking:
                    send(outbox, {"id": head["id"], **answer}, data)
            except OSError:  # the parent was killed: nobody waits for the answer
                os._exit(0)

    for _ in range(setting["slots"]):
        threading.Thread(target=serve, daemon=True).start()
    while (frame := receive(inbox)) is not None:
        todo.put(frame)
    os._exit(0)  # threads may still wait for servers


Work = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def _fetcher(setting: dict[str, Any]) -> Work:
    from . import links
    from .client import Client, Failure, Limits, Request

    client = Client(setting["user_agent"], Limits(**setting["limits"]), setting["ca_file"])

    def work(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        request = Request(head["url"], tuple((n, v) for n, v in head["headers"]), head["internal"], head["most"])
        got = client.get(request)
        client.close(keep=64)
        if isinstance(got, Failure):
            return {"fault": got.fault, "detail": got.detail}, b""
        answer = {
            "url": got.url, "status": got.status, "reason": got.reason, "headers": got.headers,
            "address": got.address, "request": got.request, "seconds": got.seconds,
        }  # fmt: skip
        if head["page"] and got.status == 200:
            answer["refresh"] = links.refresh(got.body, got.url)
            answer["reservations"] = links.reservations(got.body, got.headers)
        return answer, got.body

    return work


def _parser(setting: dict[str, Any]) -> Work:
    from . import feeds, links, sitemaps
    from .items import NotAListing

    parsers = {"feed": feeds.parse, "sitemap": sitemaps.parse, "homepage": links.articles}

    def work(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + setting["cpu_seconds"]) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))  # over it, the kernel ends us
        try:
            if head["kind"] == "links":
                return {"feeds": links.feeds(body, head["url"], head["charset"])}, b""
            return {"listing": asdict(parsers[head["kind"]](body, head["url"], head["charset"]))}, b""
        except NotAListing as error:
            return {"fault": "not-a-listing", "detail": str(error)}, b""

    return work
