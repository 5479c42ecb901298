"""What a reader sees of a story's authors -> their names: marked bylines, links to profiles, lines with "By"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..htmldoc import HtmlDoc
from . import byline_lines
from .agencies import is_agency
from .byline_labels import BY, CLASSES
from .byline_lines import INLINE, LONGEST, spoken
from .layout import Layout, marks
from .names import names, without_other_work
from .structured import key

PARAGRAPH = 160  # a link in a longer block is part of a sentence

_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|vcard|posted-?by|(?:post|entry|article|story|news|blog|meta|page)?[-_]*(?:author|autor)s?"
    r"(?:[-_]*(?:name|names|link|info|meta|line|title|by|box|wrapper|url|text|details))*)(?:$|[\s_-])|[Aa]uthor|[Bb]yline|autor"
    rf"|(?:^|[\s_-])(?:{CLASSES})s?(?:[-_]*(?:name|nom|adi|link|info|line))*(?:$|[\s_-])",
    re.I,
)
_NO_BYLINE = re.compile(
    r"bio(?:graphy)?(?:$|[\s_-])|about-?(?:the-?)?author|author-?(?:description|list|archive|avatar|image|social)", re.I
)
_PROFILE = re.compile(
    r"/(?:authors?|auteurs?|auteur-\w+|autore?s?|autor(?:en|in|es|i|zy)?|by|staff|people|profiles?|contributors?"
    r"|journalists?|reporters?|writers?|columnists?|bios|bylines?|redaktion|redakteure?|firmas?|forfatter|skribent"
    r"|yazar(?:lar)?)/[^/?#]*\w",
    re.I,
)
_FIRST = 5  # marked elements of a kind behind the first that names somebody


def seen(doc: HtmlDoc, layout: Layout, outlets: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """(names, origin), the likelier first: by the heading, then elsewhere in the story."""
    near = _near(layout)
    marked = list(_marked(layout, 80))
    links = [e for e in _links(doc) if not layout.foreign(e) and not _in_sentence(e)]
    close = [e for e in marked if e in near]
    if people := _of_marked(close, outlets):
        yield people, "byline"
    if people := _of_links([e for e in links if e in near], outlets):
        yield people, "link to the author"
    if people := _alone([e for e in links if e in near]):
        yield people, "link to the author"
    if people := byline_lines.by_heading(near, layout, outlets):
        yield people, "line by the heading"
    if people := byline_lines.short(near, layout, outlets):
        yield people, "line by the heading"
    page_article = layout.article
    inside = {e for e in (*marked, *links) if page_article is None or page_article in e.iterancestors()}
    if people := _of_marked([e for e in marked if e not in near and e in inside], outlets):
        yield people, "byline"
    sure = page_article is not None or layout.heading is None
    far = [e for e in links if e not in near and e in inside and (sure or e.get("rel") == "author")]
    if people := _of_links(far, outlets):
        yield people, "link to the author"
    if people := _of_marked([e for e in marked if e not in inside], outlets):
        yield people, "byline"
    if people := byline_lines.elsewhere(doc, layout, outlets):
        yield people, "line that names its author"


def close(layout: Layout) -> str:
    """What the first byline by the heading says."""
    near = _near(layout)
    marked = (e for e in _marked(layout, 20) if e in near)
    return next((text for e in marked if 0 < len(text := spoken(e)) <= LONGEST), "")


def texts(layout: Layout) -> Iterator[str]:
    """The short texts of what is marked as a byline, and of short lines by the heading that begin as one does."""
    for element in _marked(layout, 30):
        if len(text := spoken(element, 60)) <= 60:
            yield text
    for element in itertools.chain(layout.before(40), layout.behind(60)):
        if byline_lines.may_be_short(element) and not layout.foreign(element):
            text = spoken(element, 60)
            if len(text) <= 40 and byline_lines.BY_SOMEBODY.fullmatch(text):
                yield text


def writers(people: list[str], layout: Layout) -> list[str]:
    """Of those whom a page's head names without those who "Photography by" or its like names in a marked byline."""
    others = {
        name for element in _marked(layout, 40) if len(text := spoken(element, 120)) <= 120
        for name in people if name in text and name not in without_other_work(text) and not is_agency(name)
    }  # fmt: skip
    return [name for name in people if name not in others] or people


def _near(layout: Layout) -> dict[Any, None]:
    """The elements by the heading, in the order in which they are looked at."""
    return dict.fromkeys(itertools.chain(layout.before(40), layout.behind(120)))


def _marked(layout: Layout, most: int) -> Iterator[Any]:
    """Of the first `most` elements with an author's mark the story's own bylines."""
    return (e for e in layout.marked.signed[:most] if _is_byline(e) and not layout.foreign(e))


def _is_byline(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in (
        "body",
        "html",
        "article",
        "main",
        "img",
        "meta",
        "link",
        "figure",
    ):
        return False
    if element.get("itemprop") == "author" or element.get("rel") == "author":
        return True
    class_words = marks(element)[:2000]  # a run of a million underscores would be looked at from each of them
    return bool(_BYLINE.search(class_words)) and not _NO_BYLINE.search(class_words)


def _of_marked(elements: list[Any], outlets: Sequence[str]) -> list[str]:
    """The names in the first marked box that has some, or those marked within it where it says more than names."""
    chosen = set(elements)
    for element in elements:
        text = spoken(element)
        if not text or len(text) > LONGEST + 60:
            continue
        if len(text) <= LONGEST and (people := names(text, outlets, strict=True)):
            inner = [e for e in element.iter() if e is not element and (e in chosen or _is_profile(e))]
            writing = without_other_work(text)
            precise = dict.fromkeys(
                n for e in inner for n in names(spoken(e), outlets, strict=True) if n in writing or not writing
            )
            joined = [n for n in people if n not in precise and re.search(rf"(?:,|&|\b\w{{1,3}}) {re.escape(n)}", text)]
            extra = [n for n in joined if not any(n.startswith(p) or p.startswith(n) for p in precise)]
            return [*precise, *extra][:8] if precise else people[:8]
    for element in elements:  # "admin", "Eliz": one word, where nothing else is marked
        text = spoken(element)
        single = names(text, outlets)
        if (
            len(text) <= 40
            and len(single) == 1
            and re.fullmatch(r"[^\W\d_][\w.-]{2,20}", single[0])
            and _NAMED.search(marks(element))
        ):
            return single
    return []


_NAMED = re.compile(
    r"author[-_]*name|[-_]byline|(?:^|\s)(?:fn|author|url fn n|post-author|entry-author|byline)(?:\s|$)", re.I
)


def _links(doc: HtmlDoc) -> list[Any]:
    author_links = []
    for link in doc.named["a"]:
        if _is_profile(link):
            author_links.append(link)
            if len(author_links) == 60:
                break
    return author_links


def _is_profile(element: Any) -> bool:
    return element.tag == "a" and (element.get("rel") == "author" or bool(_PROFILE.search(element.get("href") or "")))


def _in_sentence(link: Any) -> bool:
    """Whether a link stands in running text: a person the story is about."""
    block = link.getparent()
    while block is not None and block.tag in INLINE:
        block = block.getparent()
    if block is None or block.tag not in ("p", "li", "td", "dd", "blockquote", "div"):
        return False
    text = spoken(block, 400)
    return len(text) > PARAGRAPH and "|" not in text[:PARAGRAPH]


def _of_links(links: list[Any], outlets: Sequence[str]) -> list[str]:
    """Names that link to a page about their author; several only where they stand together."""
    people: list[str] = []
    place: Any = None
    outlet_keys = {key(outlet) for outlet in outlets}
    for link in links:
        if place is not None and place not in link.iterancestors():
            continue
        text = spoken(link)
        if not text or len(text) > 80 or not (linked := names(text, outlets, strict=True)):
            continue
        if all(key(name) in outlet_keys or key(name.removeprefix("The ")) in outlet_keys for name in linked):
            continue
        people += linked
        if place is None:
            place = link.getparent()
            above = place.getparent() if place is not None else None
            place = above if above is not None and len(above) <= 8 else place
    return list(dict.fromkeys(people))[:8]


_ONE_WORD = re.compile(r"[^\W\d_][\w.-]{1,24}")


def _alone(links: list[Any]) -> list[str]:
    """A name of one word that links to its bearer's page: by rel, or behind "by"."""
    for link in links:
        before = link.getprevious()
        text_before = (before.tail if before is not None else link.getparent().text) or ""
        text = spoken(link, 60)
        if (
            _ONE_WORD.fullmatch(text)
            and (link.get("rel") == "author" or _BEHIND_BY.search(text_before))
            and names(text)
        ):
            return [text]
    return []


_BEHIND_BY = re.compile(rf"(?:^|\b(?:posted|written|published)\s+){BY}\s*:?\s*$", re.I)
