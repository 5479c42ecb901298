"""Sockets whose every read keeps to one clock and one byte counter, and connections to checked addresses only.

The timeouts of HTTP clients are per read: a server that sends a byte a second, endless headers, trailers or
"100 Continue" keeps any of them busy for ever. Here the limits hold below HTTP and below TLS, in the thread that reads.
"""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from . import address


class TooLarge(OSError):
    """More bytes than a response may have."""


@dataclass
class Budget:
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
            raise TooLarge("more bytes than a response may have")
        return count


class _PlainSocket(socket.socket):
    budget: Budget | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.budget is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.budget.wait())
        return self.budget.took(super().recv_into(*args, **kwargs))


class _TlsSocket(ssl.SSLSocket):
    budget: Budget | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.budget is None:
            return super().recv_into(*args, **kwargs)
        self.settimeout(self.budget.wait())
        return self.budget.took(super().recv_into(*args, **kwargs))


class Guarded:
    """What both kinds of connection share: an address that was checked, and a budget."""

    budget: Budget
    internal: bool = False
    ranges: tuple[str, ...] = ()
    peer: str = ""

    def open(self, host: str, port: int) -> _PlainSocket:
        """Connect to the first of the checked addresses that answers."""
        failed: OSError = OSError("no address")
        checked = address.resolve(host, port, internal=self.internal, ranges=self.ranges, seconds=self.budget.wait())
        for family, numeric in checked:
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


class Http(Guarded, HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return self.open(self.host, self.port)

    def connect(self) -> None:
        super().connect()
        self.sock.budget = self.budget  # type: ignore[union-attr]


class Https(Guarded, HTTPSConnection):
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
