"""A host name -> the addresses a stranger's link may lead us to, or the reason why it may not."""

from __future__ import annotations

import ipaddress
import socket
import threading

Address = tuple[int, str]  # (socket family, numeric address)

# Names of a cloud's own metadata service, refused before DNS too: some resolvers answer them with public addresses.
_METADATA_NAMES = frozenset(("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(OSError):
    """A host whose addresses are not the public network's."""


class Unresolved(OSError):
    """A host name without an address."""


def refusal(address: str) -> str | None:
    """Why this numeric address must not be asked for a stranger's page; None where it may.

    Only what the address registries call global passes: private, loopback, link-local (where clouds keep their metadata
    service), shared, reserved, documentation, benchmarking and multicast ranges do not, nor IPv6 forms that carry such
    an IPv4 address inside (mapped, 6to4, Teredo, NAT64).
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no address"
    inner: list[ipaddress.IPv4Address] = []
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        inner += [v4 for v4 in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if v4 is not None]
    if ip.is_multicast or not (ip.is_global or inner):
        return f"{address} is not a public address"
    for v4 in inner:
        if v4.is_multicast or not v4.is_global:
            return f"{address} leads to {v4}, which is not a public address"
    return None


def resolve(host: str, port: int, *, internal: bool, seconds: float) -> list[Address]:
    """The addresses of a host, all of them checked: one bad address among good ones refuses the host.

    The caller connects to one of these and never asks DNS again, so that a second answer cannot lead elsewhere.
    Raises Refused, Unresolved, TimeoutError.
    """
    if not internal and host.rstrip(".").lower() in _METADATA_NAMES:
        raise Refused(f"{host} is a metadata service")
    found = _lookup(host, port, seconds)
    if not internal:
        for _, address in found:
            if why := refusal(address):
                raise Refused(f"{host}: {why} (internal = true in its source allows it)")
    return found


def _lookup(host: str, port: int, seconds: float) -> list[Address]:
    """getaddrinfo with an end: it has no timeout of its own, so a thread waits for it and may be left behind."""
    answer: list[list[Address] | OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.append([(int(row[0]), str(row[4][0])) for row in rows])
        except (OSError, UnicodeError) as error:
            answer.append(Unresolved(f"{host}: {error}"))

    if _numeric(host):
        ask()  # no thread where nobody is asked
    else:
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(seconds)
    if not answer:
        raise TimeoutError(f"{host}: no answer from DNS")
    if isinstance(answer[0], OSError):
        raise answer[0]
    if not answer[0]:
        raise Unresolved(f"{host}: no address")
    return answer[0]


def _numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
