"""Which private addresses a source may reach: with `internal`, its own hosts and ranges, and no others."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import TypedDict

from ..config import SourceConfig
from ..urls import host_of, site_of

_LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))


class Scope(TypedDict):
    """The fields of a Request that say it."""

    internal: bool
    ranges: tuple[str, ...]


def scope(source: SourceConfig, url: str) -> Scope:
    """What a request for `url` may reach on behalf of a source.

    `internal = true` means the hosts that the source's own addresses name, with their subdomains; a list names hosts
    and ranges beside them. A link or a redirect to any other private address is refused, as for every source.
    """
    if not source.internal:
        return Scope(internal=False, ranges=())
    hosts, ranges = _own(source)
    host, site = host_of(url), site_of(url)
    return Scope(internal=host in hosts or site in hosts, ranges=ranges)


@cache
def _own(source: SourceConfig) -> tuple[frozenset[str], tuple[str, ...]]:
    hosts: set[str] = set()
    for url in (*source.feed, *source.sitemap, *source.homepage, *(u for u in source.urls if "://" in u)):
        hosts |= {name for name in (host_of(url), site_of(url)) if name}
    ranges: list[str] = []
    for entry in source.internal if isinstance(source.internal, tuple) else ():
        try:
            ranges.append(str(ipaddress.ip_network(entry, strict=False)))
        except ValueError:
            hosts.add(entry.lower().removeprefix("www."))
    if hosts & _LOOPBACK:
        hosts |= _LOOPBACK
    return frozenset(hosts), tuple(ranges)
