"""A page on which no usual place states a date -> the dates that it holds elsewhere, the surer places first.

- a JSON-LD node of any type, or the state of an application in a script, where all of them name one day
- a line anywhere in the story's own boxes that has a label for it: "Posted on", "last edited"
- a line that is a date and nothing else, where the page has one such day
- the dateline of the first paragraphs: "LUNDE, 12 November 2026 -"
- a date before a bar in the page's title: "12.11.2026 | Harbour closed"
- the day in the address of the picture that the page is shared with: /2026/11/12/pier.jpg
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from ..htmldoc import HtmlDoc
from . import dates, visible
from .layout import Layout
from .structured import fold, texts, types
from .visible import Seen

_OTHER_NODES = frozenset("Comment Review VideoObject ImageObject Event JobPosting Product Person Dataset".split())
_STATE = re.compile(r'\b(?:datePublished|publishedAt|published_at|publicationDate|publishDate)\\{0,6}"\s*:\s*\\{0,6}"'
                    r'(\d{4}-\d\d-\d\d[^"\\]{0,25})')  # fmt: skip
_BAR = re.compile(r"^\W*[|:–—•-]")
_PLACE = re.compile(r"^(?:[^\W\d_][\w.’'-]*[\s,/]+){1,4}\(?$")
_BEHIND_DATELINE = re.compile(r"^\s*(?:\)|[–—:.-])")
_ONLY_A_DATE = re.compile(r"^(?:\W|\b(?:on|am|le|el|il|den|the|um|at|uhr|\d+ min(?:ute)?s?(?: read)?)\b)*$")
_PARAGRAPHS = 3


def found(doc: HtmlDoc, layout: Layout, month_first: bool | None, language: str | None) -> Iterator[Seen]:
    yield from _one_day(_nodes(doc), "json-ld of another type")
    yield from _one_day(_states(doc), "state in a script")
    labelled, alone = [], []
    for date, bare in _lines(layout, month_first, language):
        if date.origin == "text: published" or date.updated:
            labelled.append(date)
        elif bare:
            alone.append(date)
    yield from (date for date in labelled if not date.updated)
    if len({date.stamp[:10] for date in alone}) == 1:
        yield alone[0]
    yield from _dateline(layout, month_first, language)
    for title in (doc.meta.get("og:title", ""), doc.title):
        for title_date in dates.find(title[:100], month_first, language)[:1]:
            if title_date.start <= 1 and _BAR.match(dates.fold(title[:100])[title_date.end :]):
                yield Seen(title_date.stamp, title_date.other, 0.0, "title", False)
    yield from (date for date in labelled if date.updated)
    if day := dates.of_url(doc.meta.get("og:image", "")):
        yield Seen(day, None, 0.0, "address of meta og:image", False)


def _nodes(doc: HtmlDoc) -> Iterator[str]:
    for node in doc.json_ld:
        if not types(node) & _OTHER_NODES:
            yield from texts(node.get("datePublished"))[:1]


def _states(doc: HtmlDoc) -> Iterator[str]:
    for attributes, content in doc.scripts:
        if "ld+json" not in attributes or not doc.json_ld:  # JSON-LD that is broken can still be searched
            yield from (match[1] for match in _STATE.finditer(content))


def _one_day(values: Iterable[str], origin: str) -> Iterator[Seen]:
    stamps = [stamp for value in itertools.islice(values, 50) if (stamp := dates.parse(value, False))]
    if stamps and len({stamp[:10] for stamp in stamps}) == 1:
        yield Seen(max(stamps, key=len), None, 0.0, origin, False)


def _lines(layout: Layout, month_first: bool | None, language: str | None) -> Iterator[tuple[Seen, bool]]:
    """(date, whether its line says nothing else) of the lines in boxes that are not another story's."""
    done = set()
    for element in layout.doc.tree.iter("*"):
        if not visible.may_hold_a_date(element):
            continue
        for owner in (element, element.getparent()):
            if owner is None or (block := visible.block(owner)) in done:
                continue
            done.add(block)
            if visible.length(block) > visible.LINE or layout.foreign(block) or visible.of_a_teaser(block, layout):
                continue
            text = dates.fold(fold(" ".join(block.itertext()), visible.LINE + 40))
            spans = dates.find(text, month_first, language)
            bare = len(spans) == 1 and bool(_ONLY_A_DATE.match(text[: spans[0].start] + text[spans[0].end :]))
            yield from ((date, bare) for date in visible.of_block(block, 0.0, month_first, language))


def _dateline(layout: Layout, month_first: bool | None, language: str | None) -> Iterator[Seen]:
    paragraphs = (e for e in itertools.islice(layout.doc.tree.iter("p", "div", "strong", "b"), 2000))
    story = (e for e in paragraphs if len(e.text or "") >= 60 and not layout.foreign(e))
    for element in itertools.islice(story, _PARAGRAPHS):
        text = fold(element.text, 120)
        for date in dates.find(text, month_first, language)[:1]:
            folded = dates.fold(text)
            if _PLACE.match(text[: date.start]) and _BEHIND_DATELINE.match(folded[date.end :]):
                yield Seen(date.stamp, date.other, 0.0, "dateline", False)
