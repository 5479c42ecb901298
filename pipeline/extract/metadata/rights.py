"""What a page and its answer say of its rights -> Rights: licence, holder, text and data mining, robots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ... import urls
from ..htmldoc import HtmlDoc
from .structured import Structured, first, fold

Tdm = Literal["reserved", "allowed", "unknown"]
_ROBOTS = ("noai", "noimageai", "noarchive")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a publisher reserves or allows; `source` names where each part was stated."""

    licence: str | None = None  # an address where one is given
    holder: str | None = None
    notice: str | None = None
    tdm: Tdm = "unknown"  # of the TDM Reservation Protocol
    tdm_policy: str | None = None  # the address of its terms
    robots: tuple[str, ...] = ()  # of noai, noimageai, noarchive
    source: tuple[tuple[str, str], ...] = ()


def of_html(doc: HtmlDoc, structured: Structured, headers: tuple[tuple[str, str], ...] = ()) -> Rights:
    """The answer's headers go before metas, metas before JSON-LD. `headers`: names lower-cased."""
    stated = dict(headers)
    origin: dict[str, str] = {}

    def chosen(name: str, values: Iterator[tuple[str | None, str]]) -> str | None:
        for value, where in values:
            if value and (said := fold(value, 500)):
                origin[name] = where
                return said
        return None

    def tdm(name: str) -> Iterator[tuple[str | None, str]]:
        yield stated.get(name), f"header {name}"
        yield doc.meta.get(name), f"meta {name}"

    def of_node(*names: str) -> Iterator[tuple[str | None, str]]:
        for node in (structured.article, structured.page):
            for name in names:
                value = node.get(name)
                if isinstance(value, dict) and not value.get("name"):
                    value = value.get("url") or value.get("@id")
                yield first(value), f"json-ld {name}"

    def licences() -> Iterator[tuple[str | None, str]]:
        for tag in ("link", "a"):
            for element in doc.named[tag]:
                if "license" in (element.get("rel") or "").lower().split():
                    yield urls.clean(element.get("href"), doc.url), f"{tag} rel=license"
        yield from of_node("license", "usageInfo")

    reserved = chosen("tdm", tdm("tdm-reservation"))
    policy = urls.clean(chosen("tdm_policy", tdm("tdm-policy")), doc.url)
    words = ",".join(filter(None, (stated.get("x-robots-tag"), doc.meta.get("robots")))).lower()
    rules = {word.strip().rpartition(":")[2].strip() for word in words.split(",")}
    robots = tuple(rule for rule in _ROBOTS if rule in rules)
    if robots:
        origin["robots"] = "header x-robots-tag, meta robots"
    return Rights(
        licence=chosen("licence", licences()),
        holder=chosen("holder", of_node("copyrightHolder")),
        notice=chosen("notice", _notices(doc, structured)),
        tdm="reserved" if reserved == "1" else "allowed" if reserved == "0" else "unknown",
        tdm_policy=policy,
        robots=robots,
        source=tuple(sorted(origin.items())),
    )


def _notices(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str | None, str]]:
    yield first(structured.article.get("copyrightNotice")), "json-ld copyrightNotice"
    for name in ("copyright", "dc.rights", "dcterms.rights", "rights"):
        yield doc.meta.get(name), f"meta {name}"
