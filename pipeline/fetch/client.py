"""One request -> one response, within limits that hold whatever the other side does.

urllib3 speaks HTTP; this module gives it sockets that know when to stop. The timeouts of HTTP clients are per read: a
server that sends a byte a second, endless headers, trailers or "100 Continue" keeps any of them busy for ever. Here
every read asks the same clock and the same byte counter, below HTTP and below TLS, and in the thread that reads.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from . import address

Fault = Literal[
    "refused",  # a private address, or no http(s) address at all
    "dns",  # no such host
    "connect",  # nobody answers
    "tls",  # the certificate does not hold, or no TLS at all
    "timeout",  # over the response's deadline
    "too-large",  # over the cap on bytes, on the wire or decoded
    "protocol",  # not HTTP, or HTTP gone wrong
    "cut-short",  # less than Content-Length promised, or an unfinished chunked or compressed body
    "crashed",  # the process that fetched it died
]

_SAFE = "/:@!$&'()*+,;=~%-._"  # what a path may hold as it is; a percent sign is somebody's escape
_BAD_HOST = re.compile(r"[\x00-\x20\x7f/?#@\\%<>]")
_ENCODINGS = str(urllib3.util.make_headers(accept_encoding=True)["accept-encoding"])  # br where brotli is installed


@dataclass(frozen=True, slots=True)
class Limits:
    """What one response may take."""

    seconds: float = 60.0  # from the first DNS question to the last byte
    idle: float = 20.0  # between two reads
    body: int = 20_000_000  # decoded bytes
    head: int = 262_144  # bytes before the body: status line, headers, and every "100 Continue" before them
    urls: int = 4000  # characters of an address


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    headers: tuple[tuple[str, str], ...] = ()  # beside User-Agent, Accept and Accept-Encoding
    internal: bool = False  # private addresses are meant
    body_limit: int | None = None  # instead of Limits.body


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: one hop, redirects are the caller's to follow."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]  # as sent, in order
    body: bytes  # transfer and content encoding undone
    address: str  # the address that answered
    request: tuple[tuple[str, str], ...]  # the headers we sent
    seconds: float

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """No response, and why."""

    url: str
    fault: Fault
    detail: str


class _TooLarge(OSError):
    pass


_FAULTS: tuple[tuple[Fault, tuple[type[BaseException], ...]], ...] = (
    ("refused", (address.Refused,)),
    ("dns", (address.Unresolved,)),
    ("too-large", (_TooLarge,)),
    ("timeout", (TimeoutError, urllib3.exceptions.TimeoutError)),
    ("cut-short", (http.client.IncompleteRead, urllib3.exceptions.IncompleteRead)),
    ("protocol", (urllib3.exceptions.DecodeError, http.client.LineTooLong)),
    ("tls", (ssl.SSLError, urllib3.exceptions.SSLError)),
    ("protocol", (http.client.BadStatusLine,)),
    ("connect", (OSError,)),
)


@dataclass
class _Budget:
    """The clock and the byte counter that every read of one response goes by."""

    deadline: float  # time.monotonic()
    idle: float
    left: int  # bytes that may still come over the wire

    def wait(self) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("over the deadline of the response")
        return min(self.idle, remaining)

    def took(self, count: int) -> int:
        self.left -= count
        if self.left < 0:
            raise _TooLarge("more bytes than a response may have")
        return count


class _PlainSocket(socket.socket):
    budget: _Budget | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.budget is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.budget.wait())
        return self.budget.took(super().recv_into(*args, **kwargs))


class _TlsSocket(ssl.SSLSocket):
    budget: _Budget | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.budget is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.budget.wait())
        return self.budget.took(super().recv_into(*args, **kwargs))


class _Guarded:
    """What both kinds of connection share: an address that was checked, and a budget."""

    budget: _Budget
    internal: bool = False
    peer: str = ""

    def open(self, host: str, port: int) -> _PlainSocket:
        """Connect to the first of the checked addresses that answers."""
        failed: OSError = OSError("no address")
        for family, numeric in address.resolve(host, port, internal=self.internal, seconds=self.budget.wait()):
            sock = _PlainSocket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(min(10.0, self.budget.wait()))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect((numeric, port))
            except OSError as error:
                sock.close()
                failed = error
                continue
            sock.settimeout(self.budget.wait())  # sending and the TLS handshake: each one total
            self.peer = numeric
            return sock
        raise failed


class _Http(_Guarded, HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return self.open(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.sock.budget = self.budget  # type: ignore[union-attr]


class _Https(_Guarded, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return self.open(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.sock.budget = self.budget  # type: ignore[union-attr]


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Certificates verified against the system's authorities, certifi's where it has none, and `ca_file`."""
    context = ssl.create_default_context()
    context.sslsocket_class = _TlsSocket
    if not context.get_ca_certs() and not _has_authorities():
        import certifi

        context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _has_authorities() -> bool:
    paths = ssl.get_default_verify_paths()
    return paths.cafile is not None or paths.capath is not None


@dataclass
class Client:
    """Keeps one connection a host: several threads may share it as long as each host is asked by one at a time."""

    user_agent: str
    limits: Limits = Limits()
    ca_file: str | None = None
    _connections: dict[tuple[str, str, int, bool], _Http | _Https] = field(default_factory=dict)
    _context: ssl.SSLContext | None = None

    def get(self, request: Request, sink: Callable[[bytes], None] | None = None) -> Response | Failure:
        """Fetch one address. With `sink`, a 200's decoded body goes there piece by piece and Response.body is empty."""
        started = time.monotonic()
        try:
            origin, target, host_header = split(request.url, self.limits.urls)
        except ValueError as error:
            return Failure(request.url, "refused", str(error))
        try:
            return self._exchange(request, (*origin, request.internal), target, host_header, started, sink)
        except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
            return Failure(request.url, *_fault(error))

    def close(self, keep: int = 0) -> None:
        """Close the oldest connections until `keep` are left."""
        for key in list(self._connections)[: max(0, len(self._connections) - keep)]:
            self._connections.pop(key).close()

    def _exchange(
        self,
        request: Request,
        key: tuple[str, str, int, bool],
        target: str,
        host_header: str,
        started: float,
        sink: Callable[[bytes], None] | None,
    ) -> Response:
        limit = self.limits.body if request.body_limit is None else request.body_limit
        headers = {
            "Host": host_header,
            "User-Agent": self.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": _ENCODINGS,
            **dict(request.headers),
        }
        old = self._connections.pop(key, None)
        if old is not None and not old.is_connected:
            old.close()
            old = None
        for connection in (old, self._connection(key)):
            if connection is None:
                continue
            budget = _Budget(started + self.limits.seconds, self.limits.idle, self.limits.head)
            connection.budget = budget
            if connection.sock is not None:
                connection.sock.budget = budget  # type: ignore[union-attr]
            done = False
            try:
                try:
                    connection.request("GET", target, headers=headers, preload_content=False)
                    answer = connection.getresponse()
                except (ConnectionError, http.client.BadStatusLine):
                    if connection is old:
                        continue  # the server closed the connection we had kept: once more on a new one
                    raise
                budget.left = limit + 65_536  # whatever the encoding, no body needs more than that on the wire
                body = self._body(answer, limit, sink if answer.status == 200 else None)
                done = True
                return Response(
                    url=request.url,
                    status=answer.status,
                    reason=answer.reason or "",
                    headers=tuple((str(name), str(value)) for name, value in answer.headers.iteritems()),
                    body=body,
                    address=connection.peer,
                    request=tuple(headers.items()),
                    seconds=time.monotonic() - started,
                )
            finally:
                if done and connection.sock is not None:  # http.client drops it where the server will close
                    self._connections[key] = connection
                else:
                    connection.close()
        raise AssertionError("a new connection either answers or raises")

    @staticmethod
    def _body(answer: urllib3.HTTPResponse, limit: int, sink: Callable[[bytes], None] | None) -> bytes:
        body, count = bytearray(), 0
        for piece in answer.stream(65_536, decode_content=True):
            count += len(piece)
            if count > limit:
                raise _TooLarge(f"more than {limit:,} bytes")
            if sink is not None:
                sink(piece)
            else:
                body += piece
        return bytes(body)

    def _connection(self, key: tuple[str, str, int, bool]) -> _Http | _Https:
        scheme, host, port, internal = key
        connection: _Http | _Https
        if scheme == "https":
            if self._context is None:
                self._context = tls_context(self.ca_file)
            connection = _Https(host, port, ssl_context=self._context)
        else:
            connection = _Http(host, port)
        connection.internal = internal
        return connection


def split(url: str, longest: int = 4000) -> tuple[tuple[str, str, int], str, str]:
    """((scheme, host, port), request target, Host header) of an address. Raises ValueError for what is not for us."""
    if len(url) > longest:
        raise ValueError(f"an address of {len(url):,} characters")
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https"):
        raise ValueError("only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a user name in the address")
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("no host name") from None
    if not host or _BAD_HOST.search(host):
        raise ValueError("no host name")
    standard = 443 if parts.scheme == "https" else 80
    port = parts.port or standard
    path = quote(parts.path or "/", safe=_SAFE)
    query = "?" + quote(parts.query, safe=_SAFE + "?") if parts.query else ""
    shown = f"[{host}]" if ":" in host else host
    return (parts.scheme, host, port), path + query, shown if port == standard else f"{shown}:{port}"


def _fault(error: BaseException) -> tuple[Fault, str]:
    """Which fault stands behind an error: libraries wrap one in another."""
    chain: list[BaseException] = []
    todo: list[object] = [error]
    while todo and len(chain) < 20:
        if isinstance(one := todo.pop(0), BaseException) and one not in chain:
            chain.append(one)
            todo += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]
    for fault, kinds in _FAULTS:
        for one in chain:
            if isinstance(one, kinds):
                return fault, f"{type(one).__name__}: {one}"[:300]
    return "protocol", f"{type(error).__name__}: {error}"[:300]
