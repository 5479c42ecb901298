"""fetch under load and under kill -9: hosts x items on loopback addresses -> what was lost, doubled, and what it cost.

    python bench/fetch.py                     200 hosts x 50 items, one run, then a second one
    python bench/fetch.py --kills 50          the same, killed and started again so many times

The pages are served by a process of its own on 127.0.0.0/8, so every address is a host with its own connection, its own
robots.txt and feed. "Client alone" is urllib3 fetching the same pages with nothing around it, in the same minute.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = 30_000  # bytes: about the median news page, compressed as a server would send it


def address(host: int) -> str:
    return f"127.0.{1 + host // 200}.{1 + host % 200}"


# --- the servers, one process for all addresses


def body_of(host: str, number: str) -> bytes:
    """A page that is not all alike, so that gzip has work to do as with real ones."""
    chance = random.Random(f"{host}/{number}")
    words = [chance.choice(_WORDS) for _ in range(PAGE // 8)]
    text = " ".join(words)
    return f"<html><head><title>{host} {number}</title></head><body><p>{text}</p></body></html>".encode()[:PAGE]


_SEED = random.Random(1)
_WORDS = ["".join(_SEED.choice("aeioubcdfglmnprstv") for _ in range(_SEED.randint(3, 11))) for _ in range(4000)]


class Servers:
    def __init__(self, items: int) -> None:
        self.items = items
        self.asked: collections.Counter[str] = collections.Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
                writer.write(self.answer(path, headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, path: str, headers: dict[str, str]) -> bytes:
        host = headers["host"]
        if path == "/_stats":
            return self.reply(200, json.dumps(self.asked).encode())
        if path == "/_forget":
            self.asked.clear()
            return self.reply(200, b"")
        tag = f'"{path}"'
        if headers.get("if-none-match") == tag:
            self.asked["304"] += 1
            return self.reply(304, b"", tag)
        self.asked["robots" if path == "/robots.txt" else "feed" if path == "/feed" else "page"] += 1
        if path == "/robots.txt":
            return self.reply(200, b"User-agent: *\nDisallow: /private/\n", tag)
        if path == "/feed":
            links = "".join(f"<item><link>http://{host}/2026/11/story-{n}</link></item>" for n in range(self.items))
            return self.reply(200, f"<rss><channel>{links}</channel></rss>".encode(), tag)
        return self.reply(200, body_of(host, path), tag)

    @staticmethod
    def reply(status: int, body: bytes, tag: str = "") -> bytes:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nETag: {tag}\r\n\r\n"
        return head.encode() + body


async def serve(items: int) -> None:
    server = await asyncio.start_server(Servers(items).serve, "0.0.0.0", 0, backlog=1024, limit=1 << 16)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


# --- the runs


def project(folder: Path, hosts: int, port: int) -> None:
    tables = ['[fetch]\ncontact = "bench@mill.example"\ndelay = 0\nconnections = 64\n']
    for n in range(hosts):
        feed = f"http://{address(n)}:{port}/feed"
        tables.append(f'[[source]]\nname = "host {n}"\nfeed = "{feed}"\ninternal = true\n')
    (folder / "config.toml").write_text("\n".join(tables))


def start(folder: Path) -> subprocess.Popen[bytes]:
    code = "from pathlib import Path; import sys; from pipeline.project import open_project; "
    code += "from pipeline.fetch.run import run; from pipeline.console import Console; "
    code += "run(open_project(Path(sys.argv[1])), Console(quiet=True))"
    return subprocess.Popen([sys.executable, "-c", code, str(folder)], env=os.environ | {"PYTHONPATH": str(ROOT)})


def stats(port: int, path: str = "/_stats") -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:  # our own server
        data = answer.read()
    return json.loads(data) if data else {}


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def urls(folder: Path) -> list[str]:
    sys.path.insert(0, str(ROOT))
    from pipeline.formats import warc_writer

    return [c.url for path in sorted((folder / "raw").glob("*.warc.gz")) for c in warc_writer.captures(path)]


def alone(hosts: int, items: int, port: int) -> None:
    """What the client costs by itself: a connection a host, the same headers, bodies read and dropped."""
    import urllib3

    headers = {"User-Agent": "bench", "Accept-Encoding": "gzip, deflate, br"}
    for n in range(hosts):
        pool = urllib3.HTTPConnectionPool(address(n), port, maxsize=1)
        for item in range(items):
            assert pool.request("GET", f"/2026/11/story-{item}", headers=headers, retries=False).status == 200
        pool.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--items", type=int, default=50)
    options.add_argument("--kills", type=int, default=0)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    o = options.parse_args()
    if o.serve:
        asyncio.run(serve(o.items))
        return
    if o.alone:
        alone(o.hosts, o.items, o.alone)
        return
    size = ["--hosts", str(o.hosts), "--items", str(o.items)]
    servers = subprocess.Popen([sys.executable, __file__, "--serve", *size], stdout=subprocess.PIPE)
    assert servers.stdout is not None
    port = int(servers.stdout.readline())
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            project(folder, o.hosts, port)
            measure(folder, o, port, size)
    finally:
        servers.kill()
        servers.wait()


def measure(folder: Path, o: argparse.Namespace, port: int, size: list[str]) -> None:
    want = {f"http://{address(h)}:{port}/2026/11/story-{n}" for h in range(o.hosts) for n in range(o.items)}
    chance = random.Random(0)
    landed = 0
    for _ in range(o.kills):
        until = stats(port).get("page", 0) + chance.randint(1, max(2, 3 * len(want) // (2 * o.kills)))
        process = start(folder)
        while process.poll() is None and stats(port).get("page", 0) < until:
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            landed += 1
        process.wait()
    before, began = cpu(), time.monotonic()
    start(folder).wait()
    used, took = cpu() - before, time.monotonic() - began
    got = urls(folder)
    asked = stats(port)
    print(f"hosts {o.hosts}, items {len(want)}, kills that landed {landed}")
    print(f"in raw/: {len(got)} pages in {len(list((folder / 'raw').iterdir()))} files; lost {len(want - set(got))}, "
          f"doubled {len(got) - len(set(got))}; asked of the servers: {asked.get('page', 0)} pages")  # fmt: skip
    stats(port, "/_forget")
    start(folder).wait()
    print(f"a second run asked: {stats(port)} (304: conditional requests)")
    if not o.kills:
        before = cpu()
        subprocess.run([sys.executable, __file__, "--alone", str(port), *size], check=True)
        bare = cpu() - before
        print(f"CPU: {used:.1f} s for the run ({used / len(want) * 1000:.2f} ms a page), client alone {bare:.1f} s "
              f"({bare / len(want) * 1000:.2f} ms); beyond it {(used - bare) / len(want) * 1000:.2f} ms a page; "
              f"{len(want) / took:.0f} pages/s")  # fmt: skip
    if set(got) != want or len(got) != len(want):
        sys.exit(1)


if __name__ == "__main__":
    main()
