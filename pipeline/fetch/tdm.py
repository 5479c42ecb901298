"""Reservations of text and data mining: a site's /.well-known/tdmrep.json, and what a page says itself (TDMRep)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .robots import matches, normal

PATH = "/.well-known/tdmrep.json"
MOST_BYTES = 512_000
_MOST_RULES = 2000


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a site says of mining a page."""

    reserved: bool
    policy: str | None = None  # address of the terms


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site, in its order."""

    rules: tuple[tuple[str, Reservation], ...] = ()  # (pattern of a path, what holds there)

    def of(self, url: str) -> Reservation | None:
        """The first rule whose location matches decides; None where the site says nothing."""
        parts = urlsplit(url)
        path = normal(parts.path or "/") + (f"?{normal(parts.query)}" if parts.query else "")
        return next((reservation for pattern, reservation in self.rules if matches(pattern, path)), None)


def parse(status: int, body: bytes) -> Rules:
    """A missing or broken file says nothing."""
    if status != 200:
        return Rules()
    try:
        rows: Any = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Rules()
    rules = []
    for row in rows[:_MOST_RULES] if isinstance(rows, list) else ():
        reservation = row.get("tdm-reservation") if isinstance(row, dict) else None
        location = row.get("location") if isinstance(row, dict) else None
        if isinstance(location, str) and reservation in (0, 1, "0", "1"):
            policy = row.get("tdm-policy")
            rules.append(
                (normal(location), Reservation(str(reservation) == "1", policy if isinstance(policy, str) else None))
            )
    return Rules(tuple(rules))


def of_page(said: Mapping[str, str], site: Reservation | None) -> Reservation | None:
    """What holds for a page: its own headers and metas (`said`) come before the site's file."""
    first = said.get("tdm-reservation", "").partition(",")[0].strip()
    if first in ("0", "1"):
        return Reservation(first == "1", said.get("tdm-policy"))
    return site
