"""HTTP client: one request -> one response or the reason why there is none, within limits of time and bytes.

urllib3 speaks HTTP over the limited sockets of `sockets`. Redirects are not followed here.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import urllib3

from ..formats.http_exchange import Response
from . import address
from .messages import Failure, Fault, Limits, Request
from .sockets import Budget, Http, Https, TooLarge, tls_context

Origin = tuple[str, str, int, bool, tuple[str, ...]]  # scheme, host, port, and what of private addresses is meant
_SAFE = "/:@!$&'()*+,;=~%-._"  # what a path may hold as it is; a percent sign is somebody's escape
_BAD_HOST = re.compile(r"[\x00-\x20\x7f/?#@\\%<>]")
_ENCODINGS = str(urllib3.util.make_headers(accept_encoding=True)["accept-encoding"])  # br where brotli is installed
_FAULTS: tuple[tuple[Fault, tuple[type[BaseException], ...]], ...] = (
    ("refused", (address.Refused,)),
    ("dns", (address.Unresolved,)),
    ("too-large", (TooLarge,)),
    ("timeout", (TimeoutError, urllib3.exceptions.TimeoutError)),
    ("cut-short", (http.client.IncompleteRead, urllib3.exceptions.IncompleteRead)),
    ("protocol", (urllib3.exceptions.DecodeError, http.client.LineTooLong)),
    ("tls", (ssl.SSLError, urllib3.exceptions.SSLError)),
    ("protocol", (http.client.BadStatusLine,)),
    ("connect", (OSError,)),
)


@dataclass
class Client:
    """Keeps one connection a host: several threads may share it as long as each host is asked by one at a time."""

    user_agent: str
    limits: Limits = field(default_factory=Limits)
    ca_file: str | None = None
    _connections: dict[Origin, Http | Https] = field(default_factory=dict)
    _context: ssl.SSLContext | None = None

    def get(self, request: Request, sink: Callable[[bytes], None] | None = None) -> Response | Failure:
        """Fetch one address. With `sink`, a 200's decoded body goes there piece by piece and Response.body is empty."""
        started = time.monotonic()
        try:
            origin, target, host_header = split(request.url, self.limits.urls)
        except ValueError as error:
            return Failure(request.url, "refused", str(error))
        try:
            return self._exchange(
                request, (*origin, request.internal, request.ranges), target, host_header, started, sink
            )
        except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError) as error:
            return Failure(request.url, *_fault(error))

    def close(self, keep: int = 0) -> None:
        """Close the oldest connections until `keep` are left."""
        for key in list(self._connections)[: max(0, len(self._connections) - keep)]:
            self._connections.pop(key).close()

    def _exchange(
        self,
        request: Request,
        key: Origin,
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
            budget = Budget(started + self.limits.seconds, self.limits.idle, self.limits.head)
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
                body, done = self._body(answer, limit, sink if answer.status == 200 else None, request.keep_start)
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
    def _body(
        answer: urllib3.HTTPResponse, limit: int, sink: Callable[[bytes], None] | None, keep_start: bool
    ) -> tuple[bytes, bool]:
        """(the body, whether it was read to its end)."""
        body, count = bytearray(), 0
        for piece in answer.stream(65_536, decode_content=True):
            count += len(piece)
            if count > limit and keep_start:
                return bytes(body + piece)[:limit], False
            if count > limit:
                raise TooLarge(f"more than {limit:,} bytes")
            if sink is not None:
                sink(piece)
            else:
                body += piece
        return bytes(body), True

    def _connection(self, key: Origin) -> Http | Https:
        scheme, host, port, internal, ranges = key
        connection: Http | Https
        if scheme == "https":
            if self._context is None:
                self._context = tls_context(self.ca_file)
            connection = Https(host, port, ssl_context=self._context)
        else:
            connection = Http(host, port)
        connection.internal = internal
        connection.ranges = ranges
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
