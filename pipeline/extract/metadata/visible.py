"""What a reader sees of a story's dates -> the likely ones, best first: by labels, <time>, classes, the heading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from . import dates
from .layout import Layout, marks
from .structured import fold

NEAR = 90  # elements behind the heading where a story's date stands
PARTS = 60  # elements of a box marked as a date's that is longer than a line
LINE = 160  # characters of a line that says no more than who and when

_INLINE = frozenset("a abbr b bdi cite date em font i label mark s small span strong sub sup time u tt".split())
# Words before a date, folded as `dates.fold` does.
_PUBLISHED = re.compile(
    r"publi|post(?:ed|ado)\b|\bdated?\b ?:|\bdatum ?:|veroffentlicht|erschienen|erstellt|\bparu\b|mis en ligne|cree le"
    r"|pubblicat|inserito|gepubliceerd|geplaatst|julkaistu|opublik|\bdodano|utworzon|zverejneno|vydano|vytvoreno"
    r"|megjelen|kozzete|letrehoz|objavljen|yayin|giris|eklen|dipublikasi|ditayangkan|\btanggal|dang luc|ngay dang"
    r"|xuat ban|created|released|issued|first (?:seen|aired)|submitted|uploaded|written|filed|skapad|opprettet"
    r"|oprettet|"
    + "|".join(
        map(
            dates.fold,
            "објављ објавен опублик создан публик δημοσιευ نشر منتشر انتشار פורסם प्रकाशित প্রকাশ 公開 掲載 投稿 配信 "
            "発信 作成 发布 發佈 發布 发表 發表 입력 등록 작성 발행 เผยแพร่".split(),
        )
    )
)
_UPDATED = re.compile(
    r"updat|modified|last (?:edit|change|review)|revised|reviewed|\bstand\b|aktualis|zuletzt|geandert|bearbeitet"
    r"|mis(?:e)? a jour|modifie|\bmaj\b|actualiz|modificad|ultima (?:mod|act|atu)|aggiorn|modificat|atualiz"
    r"|bijgewerkt|gewijzigd|laatst|uppdatera|senast|oppdater|sist endret|opdater|sidst|paivitet|muokatt|aktualiz"
    r"|zmodyfik|zmien|zmenen|upraven|frissit|modosit|azuriran|izmijenj|guncel|diperbarui|diupdate|cap nhat|"
    + "|".join(
        map(
            dates.fold,
            "ажурира измен обновл оновл актуализ ενημερ τροποπ تحديث بروزرسانی עודכן עדכון अपडेट संशोधित अद्यतन আপডেট "
            "更新 修正 改訂 수정 업데이트 최종 อัปเดต แก้ไข".split(),
        )
    )
    + "|"
    + dates.fold("به روز")
)
# Dates of something else: what is sold, meant, remembered or protected.
_OTHER = re.compile(
    r"copyright|©|\(c\)|expire|valid|until|deadline|\bborn\b|geboren|accessed|retrieved|abgerufen|consulte|join"
    r"|\bsince\b|\bfrom\b$|\bevent|\btermin|\bwann\b|starts|begins|founded|gegrundet"
    r"|prices? (?:are )?(?:as|from|correct)|effective|issue|ausgabe|\bvom\b.{0,3}$|\bheft\b|edition"
)
_PUBLISHED_CLASS = re.compile(
    r"publi|posted|pub[-_]?date|(?:entry|post|article|story|news)[-_]*(?:date|time)|dateline|fecha|datum", re.I
)
_UPDATED_CLASS = re.compile(r"updat|modif|last[-_]?(?:chang|edit)|revis", re.I)
_DATE_CLASS = re.compile(r"date|time|publish|posted|datum|fecha|tarih|meta|byline|info|stand|author", re.I)
_RANGE = re.compile(r"\s*[-–—]\s*\d(?!\d? ?min)")  # from one day to another, not "- 11 minutes" to read
_YEAR = re.compile(r"\d{4}|\d\d?\.\d\d?\.\d\d|[年년]|[۰-۹٠-٩]{4}")
_SENTENCE = re.compile(r"[^\W\d]{3,}[.!?…。][\"”»’')\]]?$")
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A date that the page shows."""

    stamp: str
    other: str | None  # the other reading of 3/4/2026
    score: float
    origin: str
    updated: bool


def seen(layout: Layout, month_first: bool | None, language: str | None, far: bool = True) -> list[Seen]:
    """Dates of the story, best first; those of an update are marked as such. `far`: also away from the heading."""
    shown: list[Seen] = []
    done: set[Any] = set()
    near = _near(layout)
    for element, place in near.items():
        if may_hold_a_date(element):
            shown += _of_element(element, place, layout, done, month_first, language)
    for element in layout.marked.dated[:150] if far else ():
        if element in near or element in done or layout.foreign(element):
            continue
        if length(element) <= LINE:
            done.add(element)
            if of_a_teaser(element, layout):
                continue
            shown += of_block(element, 0.0, month_first, language)
        else:
            for part in itertools.islice(element.iter(), PARTS):
                if may_hold_a_date(part) and part not in near:
                    shown += _of_element(part, 0.0, layout, done, month_first, language)
    return sorted(shown, key=lambda date: -date.score)


def labelled(text: str) -> Iterator[tuple[str, bool]]:
    """(date, whether it is an update's) of the dates in a line of plain text that has words for it before them."""
    folded = dates.fold(text)
    last = 0
    for date in dates.find(text, False):
        label = folded[last : date.start]
        last = date.end
        published, updated = (max((m.start() for m in p.finditer(label)), default=-1) for p in (_PUBLISHED, _UPDATED))
        near = len(label) - max(published, updated) <= 30 and len(_WORDS.findall(label)) <= 8
        if max(published, updated) >= 0 and near and date.other is None:
            yield date.stamp, updated > published


def may_hold_a_date(element: Any) -> bool:
    text, tail = element.text, element.tail
    return bool(
        (text and _YEAR.search(text))
        or (tail and _YEAR.search(tail))
        or element.get("datetime")
        or (element.tag in ("meta", "abbr", "time", "span") and _attribute(element))
    )


def _of_element(
    element: Any, place: float, layout: Layout, done: set[Any], month_first: bool | None, language: str | None
) -> Iterator[Seen]:
    for inside, part, owner in ((True, element.text, element), (False, element.tail, element.getparent())):
        stated = inside and _attribute(element) is not None
        if owner is None or owner is layout.heading or not (stated or (part and _YEAR.search(part))):
            continue
        box = block(owner)
        if box is layout.heading:
            if part and owner.tag in ("small", "time"):
                yield from _of_text(fold(part, 120), [owner], place, month_first, language)
            continue
        if box in done or layout.foreign(owner) or of_a_teaser(box, layout):
            continue
        if box not in layout.above and length(box) <= LINE:
            done.add(box)
            yield from of_block(box, place, month_first, language)
        elif stated:
            previous = element.getprevious()
            text_before = (previous.tail if previous is not None else owner.getparent().text) or ""
            text_before = f"{text_before[-60:]} {re.split('[0-9]', fold(''.join(element.itertext()), 100))[0]}"
            yield from _of_text(f"{text_before} {_attribute(element)} ", [element], place, month_first, language)
        elif part is not None and 6 <= len(text := fold(part, 300)) <= 120:
            yield from _of_text(text, [owner], place, month_first, language)


def of_a_teaser(line: Any, layout: Layout) -> bool:
    """Whether a line stands by another story's headline; "Published on" stands by the story's own author."""
    return layout.beside_a_teaser(line) and not _PUBLISHED.search(dates.fold(fold(" ".join(line.itertext()), LINE)))


def _near(layout: Layout) -> dict[Any, float]:
    """Elements by the heading -> how close they are, 0 to 2."""
    near: dict[Any, float] = {}
    for number, element in enumerate(layout.behind(NEAR)):
        near[element] = 2 - number / NEAR
    for number, element in enumerate(layout.before(40)):
        near.setdefault(element, 1.2 - number / 50)
    return near


def block(element: Any) -> Any:
    """The line's box: the element, or what is around it while it is a piece of a line."""
    while element.tag in _INLINE and (parent := element.getparent()) is not None and parent.tag not in ("body", "html"):
        element = parent
    return element


def length(block: Any) -> int:
    length = 0
    for part in block.itertext():
        length += len(part.strip())
        if length > LINE:
            break
    return length


def _attribute(element: Any) -> str | None:
    """What an element states for machines: <time datetime>, content, or the title of an <abbr>."""
    for name in ("datetime", "content", "title"):
        value = element.get(name)
        if value and (name != "title" or element.tag == "abbr") and dates.parse(value, False):
            return str(value)
    return None


def of_block(block: Any, place: float, month_first: bool | None, language: str | None) -> Iterator[Seen]:
    """The dates of a short line, each with what is said before it; a machine's date stands for its element's words."""
    parts: list[str] = []
    stated: list[Any] = []
    skip: Any = None
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            if skip is None and (named := marks(element)) != " ":
                parts.append(_named(named))
            if skip is None and (value := _attribute(element)):
                skip = element
                element_text = fold("".join(element.itertext()), 100)
                parts.append(f" {re.split('[0-9]', element_text)[0]} {value} ")
                stated.append(element)
            elif skip is None and element.text:
                parts.append(f" {element.text}")
        else:
            if element is skip:
                skip = None
            if skip is None and element is not block and element.tail:
                parts.append(f" {element.tail}")
    text = fold("".join(parts), 400)
    if text and _SENTENCE.search(text) and not stated and len(_WORDS.findall(text)) > 12:
        return
    yield from _of_text(text, [block, *stated, *block.iter("span", "div", "p")], place, month_first, language)


def _of_text(
    text: str, boxes: list[Any], place: float, month_first: bool | None, language: str | None
) -> Iterator[Seen]:
    folded = dates.fold(text)
    last = 0
    classes = " ".join(marks(box) for box in boxes[:6])
    machine = any(box.tag in ("time", "abbr", "date") or box.get("itemprop") == "datePublished" for box in boxes)
    before = _label_beside(boxes[0]) if len(folded) < 60 else ""
    for number, date in enumerate(itertools.islice(dates.find(text, month_first, language), 4)):
        label = (before if number == 0 else "") + folded[last : date.start]
        last = date.end
        behind = folded[date.end : date.end + 12]
        published, updated = (max((m.start() for m in p.finditer(label)), default=-1) for p in (_PUBLISHED, _UPDATED))
        if published < 0 and updated < 0:
            if _OTHER.search(label[-40:]) or _RANGE.match(behind):
                continue
            if (len(boxes) == 1 and _named(classes)) or "更新" in behind or "수정" in behind:
                updated = 0
        is_update = updated > published
        words = len(_WORDS.findall(label)) - (2 if published >= 0 else 0)
        score = place + (2.5 if published >= 0 else 0) + (1.5 if machine else 0) - 0.06 * max(0, words - 6)
        if _DATE_CLASS.search(classes):
            score += 0.8 + (0.7 if _PUBLISHED_CLASS.search(classes) else 0)
        if number and not is_update and published < 0:
            score -= 1.5
        if place <= 0 and not machine and published < 0 and not is_update:
            score -= 0.6
        origin = (
            "text: published"
            if published >= 0
            else "time"
            if machine
            else ("text marked as date" if _DATE_CLASS.search(classes) else "text by the heading")
        )
        yield Seen(date.stamp, date.other, score, "text: updated" if is_update else origin, is_update)


def _named(classes: str) -> str:
    """The label that an element's class stands for."""
    published, updated = _PUBLISHED_CLASS.search(classes), _UPDATED_CLASS.search(classes)
    return " updated " if updated and not published else ""


def _label_beside(block: Any) -> str:
    """The text of the line before, where it is but a label: "Published:"."""
    sibling = block.getprevious()
    if sibling is None or not isinstance(sibling.tag, str):
        return ""
    text = "".join(itertools.islice(sibling.itertext(), 4)).strip()
    return dates.fold(text) + " " if 0 < len(text) <= 25 and not any(c.isdigit() for c in text) else ""
