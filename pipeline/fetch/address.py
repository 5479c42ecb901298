"""A host name -> the addresses that an untrusted link may lead us to, or the reason why it may not."""

from __future__ import annotations

import ipaddress
import socket
import threading

Address = tuple[int, str]  # (socket family, numeric address)
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Names of a cloud's own metadata service, refused before DNS too: some resolvers answer them with public addresses.
_METADATA_NAMES = frozenset(("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"))
# Addresses of such services, refused for internal sources too.
_METADATA = tuple(
    map(ipaddress.ip_network, (
        "169.254.0.0/16",  # AWS, Google, Azure, Oracle, DigitalOcean; link-local, so nobody's outlet
        "100.100.100.200/32",  # Alibaba
        "168.63.129.16/32",  # Azure's host agent
        "192.0.0.192/32",  # Oracle
        "fd00:ec2::/32",  # AWS
        "fd20:ce::/32",  # Google
    ))
)  # fmt: skip
# Beside what `is_global` refuses, which differs between versions of Python: forms that lead into IPv4 or nowhere.
_REFUSED = tuple(
    map(ipaddress.ip_network, (
        "0.0.0.0/8", "192.0.0.0/24", "192.88.99.0/24", "192.52.193.0/24", "192.175.48.0/24", "198.18.0.0/15",
        "240.0.0.0/4", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "100::/64", "2001:10::/28", "2001:db8::/32",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
    ))
)  # fmt: skip
_LOW_BITS = tuple(map(ipaddress.ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))  # IPv4 in the last 32
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(OSError):
    """A host whose addresses are not the public network's."""


class Unresolved(OSError):
    """A host name without an address."""


def refusal(address: str) -> str | None:
    """Why an untrusted link must not lead to this numeric address; None where it may.

    Only what the address registries call global passes: private, loopback, link-local (where clouds keep their metadata
    service), shared, reserved, documentation, benchmarking and multicast ranges do not, nor IPv6 forms that carry such
    an IPv4 address inside (mapped, 6to4, Teredo, NAT64).
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no address"
    inner = _inside(ip)
    if ip.is_multicast or not (ip.is_global or inner) or _among(ip, _REFUSED):
        return f"{address} is not a public address"
    for v4 in inner:
        if v4.is_multicast or not v4.is_global or _among(v4, _REFUSED):
            return f"{address} leads to {v4}, which is not a public address"
    return None


def metadata_refusal(address: str) -> str | None:
    """Why this numeric address is refused for an internal source too; None where it may be asked."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no address"
    if any(_among(one, _METADATA) for one in (ip, *_inside(ip))):
        return f"{address} is a cloud's metadata service"
    return None


def in_ranges(address: str, ranges: tuple[str, ...]) -> bool:
    """Whether an address lies in one of the ranges ("10.1.0.0/16") that a source calls its own."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return any(ip.version == net.version and ip in net for net in map(ipaddress.ip_network, ranges))


def _among(ip: IP, networks: tuple[Network, ...]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)


def _inside(ip: IP) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 form leads to."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    low = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    embedded = [low] if ip in _NAT64 or _among(ip, _LOW_BITS) else []
    return embedded + [v4 for v4 in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if v4 is not None]


def resolve(host: str, port: int, *, internal: bool, seconds: float, ranges: tuple[str, ...] = ()) -> list[Address]:
    """The addresses of a host, all of them checked: one bad address among good ones refuses the host.

    With `internal` private addresses are meant, with `ranges` those in them. The caller connects to one of these and
    never asks DNS again, so that a second answer cannot lead elsewhere.
    Raises Refused, Unresolved, TimeoutError.
    """
    if host.rstrip(".").lower() in _METADATA_NAMES:
        raise Refused(f"{host} is a cloud's metadata service")
    addresses = _lookup(host, port, seconds)
    for _, address in addresses:
        if why := metadata_refusal(address):
            raise Refused(f"{host}: {why}")
        if not internal and (why := refusal(address)) and not in_ranges(address, ranges):
            raise Refused(f"{host}: {why} (`internal` in its source allows it)")
    return addresses


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
