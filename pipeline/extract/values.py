"""What one page says of itself, before its source's other pages are asked: Page -> Draft, Draft -> Article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..model import Access, Genre, Image, Line, Raw, Rights, Structure, Wire

PRELOAD = ("pipeline.extract.preload",)  # what all workers share: imported by their fork server alone


@dataclass(frozen=True, slots=True)
class Meta:
    """Everything about a page but its text; `found` names the origin of each field."""

    url: str | None = None  # canonical where it can be believed
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None  # RFC 3339, as precise as known
    modified_at: str | None = None
    fetched_at: str | None = None
    language: str | None = None
    source: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    access: Access = "unknown"
    wire: Wire | None = None
    rights: Rights | None = None
    genre: Genre | None = None
    found: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A page's visible lines with a first verdict each; the source's repeats have the last word."""

    raw: Raw
    kind: Literal["html", "text"]
    lines: tuple[Line, ...]  # in page order: kept (rule None) and stripped
    meta: Meta
    scores: tuple[float, ...] = ()  # text route: log odds of each line being story; () where not scored
    furniture: tuple[int, ...] = ()  # 63-bit hashes of the page's visible lines, kept or not, for the repeats
    hashed: bool = False  # whether `furniture` are the hashes of `lines`, one by one
    flags: tuple[str, ...] = ()  # "cut:...", "charset:...", "fallback:fast", ...
    structure: Structure | None = None  # HTML route: of `lines`, "" for those not kept
    confidence: float | None = None  # 0 to 1: expected F1 of the text's words; None where no model judged them
