"""Whether and where to follow a redirect: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..urls import canonical_key, clean, is_home, site_of

PERMANENT = frozenset((301, 308))
REDIRECTS = PERMANENT | {302, 303, 307}


MOST_COOKIES = 30
_COOKIE = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200})\s*=\s*([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\" ]{0,4000}?)\s*(?:;|$)"
)


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a response sends the client."""

    url: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A page's redirect that is not followed: the state its address gets, and the outcome that is counted."""

    state: str
    outcome: str


def hop(status: int, location: str | None, refresh: str | None, url: str) -> Hop | None:
    """The next address after a redirect or a meta refresh; None where there is none, or none on the web."""
    if status in REDIRECTS and location:
        target = clean(location_text(location), url)
        return Hop(target, status in PERMANENT) if target else None
    return Hop(refresh, False) if status in (200, 203) and refresh else None


def location_text(header: str) -> str:
    """A Location header as browsers read it: its bytes, handed over as Latin-1, are UTF-8, else they are escaped."""
    if header.isascii():
        return header
    try:
        sent = header.encode("latin-1")
    except UnicodeEncodeError:
        return header
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in sent)


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie set on the way of one request's redirects; sent back to its site until that request is answered."""

    site: str
    name: str
    value: str


def cookies(kept: tuple[Cookie, ...], headers: Iterable[tuple[str, str]], url: str) -> tuple[Cookie, ...]:
    """The cookies of a chain of redirects after one more response. Attributes are not looked at: it lasts seconds."""
    site = site_of(url)
    jar = {(cookie.site, cookie.name): cookie for cookie in kept}
    for header, value in headers:
        pair = _COOKIE.match(value) if header.lower() == "set-cookie" and site else None
        if pair is not None and site is not None and len(jar) < MOST_COOKIES:
            jar[site, pair[1]] = Cookie(site, pair[1], pair[2])
    return tuple(jar.values())


def cookie_header(kept: tuple[Cookie, ...], url: str) -> tuple[tuple[str, str], ...]:
    site = site_of(url)
    pairs = "; ".join(f"{cookie.name}={cookie.value}" for cookie in kept if cookie.site == site)
    return (("Cookie", pairs),) if pairs else ()


def refusal(asked: tuple[str, ...], here: str, to: str, most: int, *, new_cookies: bool) -> str | None:
    """Why a redirect is not followed. To an address again is a circle, unless a cookie was set that may end it."""
    if to in (*asked, here) and not new_cookies:
        return f"redirects in a circle, to {to} again: a wall for cookies or consent?"
    return f"more than {most} redirects" if len(asked) >= most else None


def page_target(
    listed: str, asked: tuple[str, ...], here: str, to: str, *, forgotten: frozenset[str], known: Callable[[str], bool]
) -> str | Settled:
    """The canonical key a page's redirect leads to, or why it is not followed.

    `listed` is the key of the address that was listed, `asked` the addresses before `here`; `known` says whether a key
    is had already, waits in the queue, or was led to by another redirect of this run.
    """
    key = canonical_key(to)
    if key is None or key in forgotten or (is_home(to) and not is_home(here)):
        return Settled("gone", "leads to no article any more")
    if key != listed and key not in {canonical_key(url) for url in asked} and known(key):
        return Settled("alias", "the same page under another address")
    return key
