"""Whether and where to follow a redirect: pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..urls import canonical_key, clean, is_home

PERMANENT = frozenset((301, 308))
REDIRECTS = PERMANENT | {302, 303, 307}


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
        target = clean(location, url)
        return Hop(target, status in PERMANENT) if target else None
    return Hop(refresh, False) if status == 200 and refresh else None


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
