"""A page that names its author nowhere else -> a box about the author, or a signature.

Such places hold other names as well, so that a first name has to be among the known ones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ... import urls
from ..htmldoc import HtmlDoc
from . import dates
from .layout import Layout, marks
from .names import AFFILIATION, names
from .structured import fold, key, text_of

_BOX = re.compile(r"author|autor|auteur", re.I)
_SMALL = "div p span a h2 h3 h4 h5 h6 strong b cite".split()
_EMPHASIS = frozenset("strong b em i".split())
_LONE = frozenset("p div span a strong b li small em h3 h4 h5 h6".split())
_LINE = 90  # characters of a line that holds a name, a date and a reading time
_LONG = 80  # characters of a paragraph of the story


def found(layout: Layout, outlets: Sequence[str], by_outlet: bool) -> Iterator[tuple[list[str], str]]:
    """(names, origin), the likelier first. `by_outlet`: the page's head names the outlet as its author."""
    if people := _beside_date(layout, outlets):
        yield people, "name by the heading"
    if people := _of_boxes(layout, outlets):
        yield people, "box about the author"
    paragraphs = [(p, text) for p in itertools.islice(layout.doc.tree.iter("p"), 400) if (text := _text(p))]
    if people := _of_signature(paragraphs, layout, outlets):
        yield people, "signature"
    if by_outlet and (people := _of_opening(paragraphs, layout, outlets)):
        yield people, "signature"


def is_person(name: str) -> bool:
    """Whether its first word is a known first name, or its second one is: family names go first in Hungary."""
    from ...tag import gazetteer

    words = name.split()
    if words[-1][:1].islower():
        return False
    return 2 <= len(words) <= 4 and any(word.title() in gazetteer.given() for word in words[:2])


def owner(layout: Layout, outlets: Sequence[str]) -> str | None:
    """The person whom a site is named after, by its title, its link home or its copyright, and its host."""
    from ...tag import gazetteer

    hosts = [key(outlet) for outlet in outlets if "." in outlet]
    for stated in _site_names(layout.doc):
        words = stated.split()
        if len(words) != 2 or words[0].title() not in gazetteer.given() or not all(w[:1].isupper() for w in words):
            continue
        if AFFILIATION.search(stated):
            continue
        in_host = any(len(key(word)) >= 3 and key(word) in host for word in words for host in hosts)
        if in_host and names(stated, strict=True) == [stated]:
            return stated
    return None


def _site_names(doc: HtmlDoc) -> Iterator[str]:
    yield from (piece.strip() for piece in re.split(r"\s+[|–—·•»-]\s+", fold(doc.title, 300))[1:])
    yield fold(doc.meta.get("og:site_name"), 80)
    for link in doc.named["a"][:60]:
        if (href := (link.get("href") or "").strip()) in ("/", "./", "../") or urls.is_home(href):
            yield text_of(link, 60)
    for footer in itertools.islice(doc.tree.iter("footer"), 3):
        yield from (match[1].strip() for match in _COPYRIGHT.finditer(text_of(footer, 600)))


_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}\s*(?:[-–—]\s*\d{4})?)?\s*(?:by )?"
    r"([^\W\d_]{2,20} [^\W\d_]{2,20})(?=\s*(?:[|.,·©]|$))",
    re.I,
)


def _beside_date(layout: Layout, outlets: Sequence[str]) -> list[str]:
    """A name alone in its element by the heading, beside a date or the portrait that is named after it."""
    for element in itertools.chain(layout.before(40), layout.behind(120)):
        if element.tag not in _LONE or len(element) or element is layout.heading:
            continue
        text = fold(element.text, 41)
        if not 5 <= len(text) <= 40 or text[-1] in ".!?:" or not is_person(text):
            continue
        if layout.foreign(element) or _links_away(element):
            continue
        people = _people(text, outlets)
        if len(people) == 1 and people[0] == text and _is_introduced(element, text):
            return people
    return []


def _links_away(element: Any) -> bool:
    """Whether it is in a link to anything but a page about an author: somebody in the news."""
    for box in (element, element.getparent()):
        if box is not None and box.tag == "a" and (href := box.get("href")):
            return not _ABOUT.search(href)
    return False


_ABOUT = re.compile(
    r"author|autor|auteur|profile|people|staff|team|writer|contributor|/by/|user|member|about|bio", re.I
)


def _is_introduced(element: Any, name: str) -> bool:
    box = element
    for _ in range(4):
        parent = box.getparent()
        if parent is None or len(text_of(parent, _LINE)) > _LINE:
            break
        box = parent
    if any(fold(image.get("alt"), 80).startswith(name) for image in itertools.islice(box.iter("img"), 4)):
        return True
    following = box.getnext()
    lines = [text_of(box, _LINE), "" if following is None else text_of(following, _LINE)]
    return any(dates.find(line.replace(name, "|"), None, None) for line in lines if len(line) <= _LINE)


def _of_boxes(layout: Layout, outlets: Sequence[str]) -> list[str]:
    """The first short piece of a box that is named after the author and says more than a byline does."""
    for box in layout.marked.signed[:30]:
        if not _BOX.search(marks(box)) or layout.foreign(box):
            continue
        for element in itertools.islice(box.iter(*_SMALL), 20):
            text = fold(element.text, 61)
            if 5 <= len(text) <= 60 and not len(element) and (people := _people(text, outlets)):
                return people
    return []


def _of_signature(paragraphs: list[tuple[Any, str]], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """A paragraph in bold, in italics or on the right that is a name and nothing else, before or behind the story."""
    long = [i for i, (_, text) in enumerate(paragraphs) if len(text) >= _LONG]
    if not long:
        return []
    ends = [*range(long[-1] + 1, min(long[-1] + 3, len(paragraphs))), *range(max(0, long[0] - 2), long[0])]
    for paragraph, text in (paragraphs[i] for i in ends):
        if _may_sign(paragraph, text, layout) and (people := _people(fold(text).replace("/", ", "), outlets)):
            return people
    return []


def _of_opening(paragraphs: list[tuple[Any, str]], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """The same right before the story, of names that no list knows.

    Where one account signs for the whole newsroom, reporters write theirs into the text.
    """
    first = next((i for i, (_, text) in enumerate(paragraphs) if len(text) >= _LONG), 0)
    if first == 0 or not _may_sign(*paragraphs[first - 1], layout):
        return []
    line = fold(paragraphs[first - 1][1]).replace("/", ", ")
    story = " ".join(text for _, text in paragraphs[first:])
    people = names(line, outlets, strict=True) if line[-1:].isalpha() else []
    if len(" ".join(people)) + 6 < len(line) or any(not _is_strange(name, story) or _is_body(name) for name in people):
        return []
    return people


def _may_sign(paragraph: Any, text: str, layout: Layout) -> bool:
    return (
        len(text) <= 60
        and _is_set_apart(paragraph)
        and not layout.foreign(paragraph)
        and not _is_credit(paragraph, text)
    )


def _is_strange(name: str, story: str) -> bool:
    """Whether two or three capitalised words occur nowhere in the story in small letters, as those of a heading do."""
    words = name.split()
    return 2 <= len(words) <= 3 and not any(re.search(rf"\b{re.escape(word.lower())}\b", story) for word in words)


def _is_credit(paragraph: Any, text: str) -> bool:
    """Whether it names who took a picture."""
    return "©" in text or any(box.tag in ("figure", "figcaption") for box in paragraph.iterancestors())


def _text(paragraph: Any) -> str:
    return "".join(paragraph.itertext()).strip()


def _is_set_apart(paragraph: Any) -> bool:
    inner = [e for e in paragraph if (e.text or "").strip() or len(e)]
    if not (paragraph.text or "").strip() and inner and all(e.tag in _EMPHASIS for e in inner):
        return True
    return "right" in f"{paragraph.get('style') or ''} {paragraph.get('align') or ''} {paragraph.get('class') or ''}"


def _people(text: str, outlets: Sequence[str]) -> list[str]:
    people = names(text, outlets, strict=True)
    return people if people and all(map(is_person, people)) and not any(map(_is_body, people)) else []


def _is_body(name: str) -> bool:
    return bool(AFFILIATION.search(name.title()))
