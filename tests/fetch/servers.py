"""Real servers on loopback addresses: polite, slow, broken, each page a function or a fixed reply."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TLS = Path(__file__).parent / "tls"


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


Page = Reply | bytes | str | Callable[[BaseHTTPRequestHandler], "Reply | None"]


@dataclass
class Site:
    """A running server: its pages may change while it runs, its log holds (path, request headers)."""

    pages: dict[str, Page] = field(default_factory=dict)
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    port: int = 0

    def asked(self, path: str) -> list[dict[str, str]]:
        return [headers for p, headers in self.log if p == path]

    def paths(self) -> list[str]:
        return [path for path, _ in self.log]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many of these tests are about."""


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def serve(
    pages: dict[str, Page] | None = None, *, host: str = "127.0.0.1", port: int = 0, certificate: str | None = None
) -> Iterator[Site]:
    site = Site(pages or {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            site.log.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            page = site.pages.get(self.path, site.pages.get("*", Reply(b"no such page", 404)))
            reply = page(self) if callable(page) else page
            if reply is None:  # the page has spoken to the socket itself
                self.close_connection = True
                return
            if isinstance(reply, str):
                reply = reply.encode()
            if isinstance(reply, bytes):
                reply = Reply(reply)
            self.send_response(reply.status)
            names = [name.lower() for name, _ in reply.headers]
            for name, value in reply.headers:
                self.send_header(name, value)
            if "content-length" not in names and "transfer-encoding" not in names and reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            pass

    server = (_Server6 if ":" in host else _Server)((host, port), Handler)
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https"
    site.port = server.server_address[1]
    site.url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{site.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def raw(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that is no HTTP server: `talk` gets the connection after the request's head was read."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65_536)
                talk(connection)
            except OSError:
                pass

    def loop() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()
