"""Jobs of a fetch run and its report."""

from __future__ import annotations

import collections
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..config import SourceConfig
from .redirects import Cookie
from .state_tables import Queued
from .tdm import Reservation

Kind = Literal["robots", "tdm", "feed", "sitemap", "homepage", "robots-sitemaps", "page"]


@dataclass(frozen=True, slots=True)
class Job:
    """One request, and why it is made."""

    kind: Kind
    source: SourceConfig
    url: str
    item: Queued | None = None  # of a page
    resource: str = ""  # of a listing: the address as the config or an index names it
    asked: tuple[str, ...] = ()  # addresses that redirected here
    permanent: bool = True  # all of them for good
    depth: int = 0  # of sitemap indexes above a sitemap
    busy: int = 0  # times the host said that it was busy
    cookies: tuple[Cookie, ...] = ()  # set by the addresses that redirected here
    lastmod: str | None = None  # of a sitemap in an index, as the index says
    tdm: Reservation | None = None  # of a page, as its site's tdmrep.json says


@dataclass
class Report:
    """What a run did."""

    path: Path | None = None  # the new file in raw/
    salvaged: list[Path] = field(default_factory=list)  # files of killed runs
    pages: int = 0
    requests: int = 0
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: dict[str, str] = field(default_factory=dict)  # source -> why nothing of it could be read
    waiting: int = 0  # pages left for the next run
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sound: bool = True  # no source fails or has fallen silent
    alarms: list[str] = field(default_factory=list)  # sources that fail or fell silent since the last run
