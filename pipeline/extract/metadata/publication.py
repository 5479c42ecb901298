"""A parsed page -> when it was published and modified, and where it says so.

Long because the places where pages state dates stand in the order in which they are believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone
from typing import Any

from ... import urls
from ...model import Page
from ...timestamps import instant
from ..htmldoc import HtmlDoc
from . import dates, last_resort, visible
from .layout import Layout
from .structured import Structured, texts, types

# Names of meta elements, best first. Those of _DOUBTFUL hold the day of the last build or crawl on some sites: what the
# page shows by its heading goes before them.
_PUBLISHED = tuple(
    (
        "article:published_time og:article:published_time og:published_time article:published datepublished "
        "parsely-pub-date sailthru.date cxenseparse:publishtime cxenseparse:recs:publishtime dc.date.issued "
        "date.available date.created publishdate publish-date publish_date "
        "pubdate pub_date publication_date published_at prism.publicationdate citation_publication_date "
        "citation_online_date article_date_original originalpublicationdate shareaholic:article_published_time "
        "rnews:datepublished vr:published_time dcterms.issued article.published displaydate datecreated "
        "iso-8601-publish-date og:release_date"
    ).split()
)
_DOUBTFUL = ("date", "dc.date", "dc.date.created", "dcterms.created", "dcterms.date", "created", "dc.created")
_MODIFIED = tuple(
    (
        "article:modified_time og:article:modified_time article:modified datemodified og:updated_time date.modified "
        "date.updated dcterms.modified dc.date.modified dc.modified last-modified lastmod revised "
        "article_date_updated article.updated dateupdated updated_time"
    ).split()
)
_NAMED_SO = re.compile(r"publi(?:sh|cation|cated)|pub[-_.]?date|posted|release[-_.]?date|issued")
_NAMED_OTHERWISE = re.compile(r"publisher|modif|updat|expir|last|edit|^article:publisher")
_MONTH_FIRST = re.compile(r"^en[-_]us\b|^en[-_]ph\b", re.I)
_DAY_FIRST = re.compile(r"^(?!en\b|en[-_](?:us|ph)\b)[a-z]{2}\b", re.I)
_DAY_FIRST_SITES = frozenset("uk au nz in ie za ng ke gh pk lk bd sg my de fr at ch it es nl be pl".split())
_MONTH_FIRST_SITES = frozenset("us gov mil edu".split())
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:19|20)\d\d(?![\d/])")
_ALONE = ", no other date stated"
_STRONG = ("json-ld", "meta")


def of_html(
    doc: HtmlDoc, structured: Structured, page: Page, layout: Layout, url: str | None, language: str | None,
    found: dict[str, str],
) -> tuple[str | None, str | None]:  # fmt: skip
    limits = dates.bounds(page)
    reading = _Reading(doc, page, language)
    modified = accepted(_modified(doc, structured, layout), "modified_at", limits, reading, found)
    published = accepted(
        _published(doc, structured, page, layout, url, reading), "published_at", limits, reading, found
    )
    if published and modified and _before(modified, published) and _days(modified, published) <= 1:
        _refuse("modified_at", modified, "before it was published, by less than a day", found)
        modified = None
    if published and modified and _before(modified, published):
        if (
            found["published_at"].startswith(_STRONG)
            or "given" in found["published_at"]
            or not found["modified_at"].startswith(_STRONG)
        ):
            _refuse("modified_at", modified, "before it was published", found)
            modified = None
        else:  # a date seen on the page is younger than the last change the page states of itself: another story's
            _refuse("published_at", published, "after the last change", found)
            published = None
    is_news = any(kind.endswith("NewsArticle") for kind in types(structured.article))
    if published:
        published = _confirmed(published, doc, layout, reading, limits, is_news, found)
    else:
        for date in visible.seen(layout, reading.month_first, language):
            if date.updated and limits.fault(stamp := reading.resolve(date.stamp, date.other)) is None:
                published, found["published_at"] = stamp, date.origin + _ALONE
                break
        else:
            others = last_resort.found(doc, layout, reading.month_first, language)
            values = (
                (stamp, date.origin + _ALONE * date.updated)
                for date in others
                if (stamp := reading.resolve(date.stamp, date.other)) and not (modified and _days(modified, stamp) > 1)
            )
            published = accepted(values, "published_at", limits, reading, found)
    if modified and published and (modified == published or instant(modified) == instant(published)):
        del found["modified_at"]
        modified = None
    return published, modified


class _Reading:
    """How this page writes 3/4/2026: by its region, its site's country, or a date that can be read in one way only."""

    def __init__(self, doc: HtmlDoc, page: Page, language: str | None) -> None:
        self.doc = doc
        self.language = language
        region = (doc.tree.get("lang") or doc.meta.get("og:locale") or "").strip()
        self.month_first = True if _MONTH_FIRST.match(region) else False if _DAY_FIRST.match(region) else None
        if self.month_first is None:
            top = (urls.host_of(page.url) or "").rpartition(".")[2]
            self.month_first = True if top in _MONTH_FIRST_SITES else False if top in _DAY_FIRST_SITES else None

    def parse(self, value: str) -> str | None:
        date = dates.parse(value, self.month_first, self.language)
        first = next(iter(dates.find(value, self.month_first, self.language)), None)
        if first is None or first.other is None or (date and date != first.stamp):
            return date
        return self.resolve(first.stamp, first.other) if self._decided(first.stamp, first.other) else date

    def resolve(self, stamp: str, other: str | None) -> str:
        """The reading of a date in figures that the rest of the page confirms."""
        if other is None or self._told(stamp) or not self._told(other):
            return stamp
        return other

    def _decided(self, stamp: str, other: str) -> bool:
        return self.month_first is not None or self._told(stamp) != self._told(other)

    def _told(self, stamp: str) -> bool:
        """Whether the page has this day in a form that cannot be misread."""
        day, html = stamp[:10], self.doc.html
        return day in html or f"{day[8:]}.{day[5:7]}.{day[:4]}" in html


def accepted(
    values: Iterable[tuple[str | None, str]],
    name: str,
    limits: dates.Bounds,
    reading: _Reading | None,
    found: dict[str, str],
) -> str | None:
    """The first value that is a date and can be one; what is refused leaves a note under "<field> refused"."""
    for value, origin in values:
        stamp = (reading.parse(value) if reading else dates.parse(value)) if value else None
        if not stamp:
            continue
        if fault := limits.fault(stamp):
            _refuse(name, f"{stamp} from {origin}", fault, found)
            continue
        found[name] = origin
        return stamp
    return None


def _refuse(name: str, stamp: str, why: str, found: dict[str, str]) -> None:
    found.setdefault(f"{name} refused", f"{stamp}: {why}")
    found.pop(name, None)


def _published(
    doc: HtmlDoc, structured: Structured, page: Page, layout: Layout, url: str | None, reading: _Reading
) -> Iterator[tuple[str | None, str]]:
    yield page.published_at, "given with the page"
    yield from _of_node(structured.article)
    meta = doc.meta
    for name in _PUBLISHED:
        yield meta.get(name), f"meta {name}"
    for name, value in meta.items():
        if _NAMED_SO.search(name) and not _NAMED_OTHERWISE.search(name) and len(value) < 60:
            yield value, f"meta {name}"
    yield structured.parsely.get("pub_date"), "meta parsely-page"
    for element in layout.marked.described[:60]:
        if (element.get("itemprop") == "datePublished" or element.get("pubdate") is not None) and not layout.foreign(
            element
        ):
            yield _moment(element), "itemprop datePublished"
    yield from _of_node(structured.page)
    everything = visible.seen(layout, reading.month_first, reading.language)
    shown = [date for date in everything if not date.updated]
    in_address = dates.of_url(url or "") or dates.of_url(page.url or "")
    best = reading.resolve(shown[0].stamp, shown[0].other) if shown else ""
    for name in _DOUBTFUL:
        stamp = reading.parse(meta.get(name, "")) or ""
        if best and len(stamp) > 10 and stamp[:10] == best[:10] and best[10:] in ("", stamp[10 : len(best)]):
            yield stamp, f"meta {name}"  # what the page shows, said in full
    for date in shown:
        stamp = reading.resolve(date.stamp, date.other)
        if date.score >= 3 or (in_address and stamp[:10] == in_address and date.score > 0):
            yield stamp, date.origin
    yield in_address, "url"
    for date in shown:
        if 1.5 <= date.score < 3 and date.origin != "text by the heading":
            yield reading.resolve(date.stamp, date.other), date.origin
    for name in _DOUBTFUL:
        yield meta.get(name), f"meta {name}"
    best_update = max((date.score for date in everything if date.updated), default=0.0)
    for date in shown:
        if date.score >= max(0.4, best_update - 0.3 if date.origin == "text by the heading" else 0.4):
            yield reading.resolve(date.stamp, date.other), date.origin


def _of_node(node: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        for value in texts(node.get(name))[:1]:
            yield value, f"json-ld {name}"


def _moment(element: Any) -> str | None:
    return element.get("datetime") or element.get("content") or "".join(element.itertext())[:120]


def _modified(doc: HtmlDoc, structured: Structured, layout: Layout) -> Iterator[tuple[str | None, str]]:
    for node in (structured.article, structured.page):
        for value in texts(node.get("dateModified"))[:1]:
            yield value, "json-ld dateModified"
        if node is structured.article:
            for name in _MODIFIED:
                yield doc.meta.get(name), f"meta {name}"
    for element in [e for e in layout.marked.described if e.get("itemprop") == "dateModified"][:3]:
        yield element.get("datetime") or element.get("content"), "itemprop dateModified"


def _before(modified: str, published: str) -> bool:
    """Whether a change lies before the publication, by more than a confusion of zones explains."""
    if len(modified) == 10 or len(published) == 10:
        return modified[:10] < published[:10]
    a, b = instant(modified), instant(published)
    return a is not None and b is not None and a < b


def _confirmed(
    stamp: str, doc: HtmlDoc, layout: Layout, reading: _Reading, limits: dates.Bounds, is_news: bool,
    found: dict[str, str],
) -> str:  # fmt: skip
    """A machine's date beside what the page shows its readers.

    A publication day that the page shows by its heading, before the one in its head, is the older truth, but on news:
    heads are stamped anew when a page is rebuilt. And a moment in UTC gets the offset that the page states for the same
    moment, by an offset elsewhere or by its local clock: 02:18Z is the evening before in Miami.
    """
    in_utc = "T" in stamp and stamp.endswith(("Z", "+00:00"))
    if found["published_at"].startswith(_STRONG) and (in_utc or not is_news):
        shown = visible.seen(layout, reading.month_first, reading.language, far=False)
    else:
        shown = []
    for date in shown if not is_news else ():
        earlier = reading.resolve(date.stamp, date.other)
        if date.score < 2.5 or date.updated or date.origin not in ("text: published", "text marked as date"):
            continue
        if _days(earlier, stamp) > 1 and limits.fault(earlier) is None:
            found["published_at"] = f"{date.origin}, before {found['published_at']}"
            return earlier
        break
    if not in_utc:
        return stamp
    if local_day := _local_midnight(stamp, reading.doc.url or ""):
        found["published_at"] += ", midnight of the site's country"
        return local_day
    others = [(doc.meta[name], f"meta {name}") for name in (*_PUBLISHED[:8], *_DOUBTFUL) if name in doc.meta]
    others += [(e.get("datetime"), "time") for e in doc.named["time"][:12] if not layout.foreign(e)]
    clocks = [(date.stamp, date.origin) for date in shown if not date.updated and date.score >= 1.5]
    if any(clock[:16] == stamp[:16] for clock, _ in clocks):
        return stamp  # its readers live by UTC
    for value, origin in others + clocks:
        stated_stamp = dates.parse(value, reading.month_first) if value and len(value) <= 40 else None
        if stated_stamp and (local := _local(stamp, stated_stamp)):
            found["published_at"] += f", offset of {origin}"
            return local
    return stamp


# Top-level domain -> the hour in UTC of the local midnight in winter and in summer. Of countries with one zone.
_MIDNIGHT = {
    top: hours
    for tops, hours in (
        ("de at ch fr it es be nl lu pl cz sk hu si hr rs dk se no", ("23", "22")),
        ("fi ee lv lt ro bg gr ua", ("22", "21")),
        ("jp kr", ("15", "15")),
        ("cn tw hk sg my ph", ("16", "16")),
        ("th vn", ("17", "17")),
        ("tr", ("21", "21")),
    )
    for top in tops.split()
}


def _local_midnight(stamp: str, url: str) -> str | None:
    """The day of a stamp that is the local midnight of the site's country in UTC: a day was stored as a moment.

    2026-11-04T23:00:00Z on a German site is the 5th.
    """
    hours = _MIDNIGHT.get((urls.host_of(url) or "").rpartition(".")[2])
    if hours is None or stamp[13:19] != ":00:00":
        return None
    summer = "04" <= stamp[5:7] <= "10" if stamp[5:7] not in ("03", "10") else None
    fits = stamp[11:13] in hours if summer is None else stamp[11:13] == hours[summer]
    day = instant(stamp[:10])
    return (day + timedelta(days=1)).date().isoformat() if fits and day else None


def _days(earlier: str, later: str) -> int:
    a, b = instant(earlier[:10]), instant(later[:10])
    return (b - a).days if a and b else 0


def _local(stamp: str, other: str) -> str | None:
    """`stamp`, in UTC, with the offset of `other`; None where that is another moment, or in UTC too."""
    moment, theirs = instant(stamp), instant(other)
    if moment is None or theirs is None or "T" not in other or other.endswith(("Z", "+00:00")):
        return None
    if len(other) == 25:
        return other if abs(theirs - moment) < timedelta(minutes=1) else None
    seconds = (theirs.replace(second=0) - moment.replace(second=0)).total_seconds()
    if not seconds or seconds % 1800 or abs(seconds) > 14 * 3600 or theirs.second not in (0, moment.second):
        return None
    return moment.astimezone(timezone(timedelta(seconds=seconds))).isoformat(timespec="seconds")
