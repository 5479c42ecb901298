"""Typed messages between a fetch run and its worker processes; pipeline.sandbox.codec carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..formats.http_exchange import Response

Fault = Literal[
    "refused",  # a private address, or no http(s) address at all
    "dns",  # no such host
    "connect",  # nobody answers
    "tls",  # the certificate does not hold, or no TLS at all
    "timeout",  # over the response's deadline
    "too-large",  # over the cap on bytes, on the wire or decoded
    "protocol",  # not HTTP, or HTTP gone wrong
    "cut-short",  # less than Content-Length promised, or an unfinished chunked or compressed body
    "redirects",  # more redirects than fetch.redirects
    "crashed",  # the process that fetched it died
]
ListingKind = Literal["feed", "sitemap", "homepage"]


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
    """One GET."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()  # beside User-Agent, Accept and Accept-Encoding
    internal: bool = False  # private addresses are meant
    ranges: tuple[str, ...] = ()  # networks whose addresses may be asked, wherever a name leads there
    body_limit: int | None = None  # instead of Limits.body
    keep_start: bool = False  # of a larger body, its first bytes up to the limit are the answer


@dataclass(frozen=True, slots=True)
class Failure:
    """No response, and why."""

    url: str
    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class FetcherSetup:
    """The first message to a fetcher process."""

    user_agent: str
    limits: Limits
    ca_file: str | None
    slots: int  # requests at a time
    memory_mb: int


@dataclass(frozen=True, slots=True)
class FetchTask:
    """Run -> fetcher process."""

    id: int
    request: Request
    is_page: bool = False  # look for a meta refresh and for reservations of rights in the answer


@dataclass(frozen=True, slots=True)
class FetchResult:
    """Fetcher process -> run."""

    id: int
    answer: Response | Failure
    refresh: str | None = None  # where the page sends its reader at once
    reservations: dict[str, str] = field(default_factory=dict)  # tdm-reservation, tdm-policy, robots


@dataclass(frozen=True, slots=True)
class ParseTask:
    """Run -> parser process: the body of a feed, a sitemap or a home page."""

    kind: ListingKind | Literal["links"]
    url: str
    charset: str | None  # of the Content-Type header
    body: bytes
    language: str | None = None  # of the source, where it is configured


@dataclass(frozen=True, slots=True)
class NotParsed:
    """Parser process -> run: why a document could not be read as a listing."""

    reason: str
