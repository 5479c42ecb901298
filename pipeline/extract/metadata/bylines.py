"""What a reader sees of a story's authors -> their names: marked bylines, links to profiles, lines with "By"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from ..htmldoc import HtmlDoc
from .byline_labels import CLASSES, LINE
from .layout import Layout, marks
from .names import names
from .structured import fold

LONGEST = 200  # characters of a byline with its roles and date
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
_INLINE = frozenset("a abbr b bdi cite em font i mark s small span strong sub sup u label".split())
_SILENT = frozenset("time button svg script style img figure figcaption form input select option nav".split())
_FIRST = 5  # marked elements of a kind behind the first that names somebody


def spoken(element: Any, limit: int = LONGEST + 100) -> str:
    """An element's text as a reader sees it: words whose markup is within stay whole, boxes are parted by a bar."""
    parts: list[str] = []
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str) or any(up.tag in _SILENT for up in itertools.islice(node.iterancestors(), 3)):
            continue
        boundary = node.tag not in _INLINE and node is not element
        if event == "start":
            if boundary or (
                parts and node.getprevious() is not None and not node.getprevious().tail and node.tag in _INLINE
            ):
                parts.append(" | ")
            if node.tag not in _SILENT and node.text:
                parts.append(node.text)
                length += len(node.text.strip())
        else:
            if boundary:
                parts.append(" | ")
            if node is not element and node.tail:
                parts.append(node.tail)
                length += len(node.tail.strip())
        if length > limit:
            break
    return re.sub(r"(?:\s*\|\s*)+", " | ", fold("".join(parts), limit + 50)).strip(" |")


def seen(doc: HtmlDoc, layout: Layout, outlets: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """(names, origin), the likelier first: by the heading, then elsewhere in the story."""
    near = dict.fromkeys(itertools.chain(layout.before(40), layout.behind(120)))
    marked = [e for e in layout.marked.signed[:80] if _is_byline(e) and not layout.foreign(e)]
    links = [e for e in _links(doc) if not layout.foreign(e) and not _in_sentence(e)]
    close = [e for e in marked if e in near]
    if said := _of_marked(close, outlets):
        yield said, "byline"
    if said := _of_links([e for e in links if e in near], outlets):
        yield said, "link to the author"
    if said := _alone([e for e in links if e in near]):
        yield said, "link to the author"
    if said := _of_lines(near, layout, outlets):
        yield said, "line by the heading"
    if said := _of_short_lines(near, layout, outlets):
        yield said, "line by the heading"
    own = layout.article
    inside = {e for e in (*marked, *links) if own is None or own in e.iterancestors()}
    if said := _of_marked([e for e in marked if e not in near and e in inside], outlets):
        yield said, "byline"
    sure = own is not None or layout.heading is None
    far = [e for e in links if e not in near and e in inside and (sure or e.get("rel") == "author")]
    if said := _of_links(far, outlets):
        yield said, "link to the author"
    if said := _of_marked([e for e in marked if e not in inside], outlets):
        yield said, "byline"
    if said := _elsewhere(doc, layout, outlets):
        yield said, "line that names its author"


def close(layout: Layout) -> str:
    """What the first byline by the heading says."""
    marked = [e for e in layout.marked.signed[:20] if _is_byline(e) and not layout.foreign(e)]
    if not marked:
        return ""
    near = {*layout.before(40), *layout.behind(120)}
    return next((text for e in marked if e in near and 0 < len(text := spoken(e)) <= LONGEST), "")


def texts(layout: Layout) -> Iterator[str]:
    """The short texts of what is marked as a byline, and of short lines by the heading that begin as one does."""
    for element in layout.marked.signed[:30]:
        if _is_byline(element) and not layout.foreign(element) and len(text := spoken(element, 60)) <= 60:
            yield text
    for element in itertools.chain(layout.before(40), layout.behind(60)):
        if isinstance(element.tag, str) and element.tag in ("p", "div", "span", "li") and not layout.foreign(element):
            text = spoken(element, 60)
            if len(text) <= 40 and _BY_SOMEBODY.fullmatch(text):
                yield text


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
    said = marks(element)[:2000]  # a run of a million underscores would be looked at from each of them
    return bool(_BYLINE.search(said)) and not _NO_BYLINE.search(said)


def _of_marked(elements: list[Any], outlets: Sequence[str]) -> list[str]:
    """The names in the first marked box that has some, or those marked within it where it says more than names."""
    chosen = set(elements)
    for element in elements:
        text = spoken(element)
        if not text or len(text) > LONGEST + 60:
            continue
        if len(text) <= LONGEST and (said := names(text, outlets, strict=True)):
            inner = [e for e in element.iter() if e is not element and (e in chosen or _is_profile(e))]
            precise = dict.fromkeys(n for e in inner for n in names(spoken(e), outlets, strict=True))
            joined = [n for n in said if n not in precise and re.search(rf"(?:,|&|\b\w{{1,3}}) {re.escape(n)}", text)]
            extra = [n for n in joined if not any(n.startswith(p) or p.startswith(n) for p in precise)]
            return [*precise, *extra][:8] if precise else said[:8]
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
    found = []
    for link in doc.named["a"]:
        if _is_profile(link):
            found.append(link)
            if len(found) == 60:
                break
    return found


def _is_profile(element: Any) -> bool:
    return element.tag == "a" and (element.get("rel") == "author" or bool(_PROFILE.search(element.get("href") or "")))


def _in_sentence(link: Any) -> bool:
    """Whether a link stands in running text: a person the story is about."""
    block = link.getparent()
    while block is not None and block.tag in _INLINE:
        block = block.getparent()
    if block is None or block.tag not in ("p", "li", "td", "dd", "blockquote", "div"):
        return False
    text = spoken(block, 400)
    return len(text) > PARAGRAPH and "|" not in text[:PARAGRAPH]


def _of_links(links: list[Any], outlets: Sequence[str]) -> list[str]:
    """Names that link to a page about their author; several only where they stand together."""
    found: list[str] = []
    place: Any = None
    for link in links:
        if place is not None and place not in link.iterancestors():
            continue
        text = spoken(link)
        if not text or len(text) > 80 or not (said := names(text, outlets, strict=True)):
            continue
        found += said
        if place is None:
            place = link.getparent()
            above = place.getparent() if place is not None else None
            place = above if above is not None and len(above) <= 8 else place
    return list(dict.fromkeys(found))[:8]


_FIRST_NAME = re.compile(r"(?P<who>[A-Z][\w.-]{2,24})(?:\s*[|·•,]|\s+(?:at|on|in)\s|\s*$)")
_ONE_WORD = re.compile(r"[^\W\d_][\w.-]{1,24}")


def _alone(links: list[Any]) -> list[str]:
    """A name of one word that links to its bearer's page: by rel, or behind "by"."""
    for link in links:
        before = link.getprevious()
        said = (before.tail if before is not None else link.getparent().text) or ""
        text = spoken(link, 60)
        if _ONE_WORD.fullmatch(text) and (link.get("rel") == "author" or _BY.search(said)) and names(text):
            return [text]
    return []


_BY = re.compile(r"(?:^|\b(?:posted|written|published)\s+)(?:by|von|par|por|di|door|av|af)\s*:?\s*$", re.I)
_BY_SOMEBODY = re.compile(
    r"(?:(?:posted|written|published)\s+)?(?:by|von|par|por|di|door|av|af)\s*:?\s+(?P<who>\S+(?: \S+){0,2})", re.I
)
# Who wrote and what as, in a line of their own: "Petra Reevell, Staff Writer".
_WITH_ROLE = re.compile(
    r"(?P<who>[^\W\d_][^,|–—]{4,40})\s*[,|–—]\s*(?:[\w-]+ ){0,3}(?:reporter|correspondent|writer|journalist|columnist"
    r"|contributor|redakteur(?:in)?|reporterin|journalistin|korrespondent(?:in)?|journaliste|correspondante?|periodista"
    r"|corresponsal|giornalista|jornalista|journalist|muhabir)",
    re.I,
)


def _of_short_lines(near: dict[Any, None], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """ "by ibby", "Posted by BeauHD", "Ann Name, Staff Writer": lines of their own that say nothing else."""
    for element in itertools.islice(near, 60):
        if not isinstance(element.tag, str) or element.tag not in ("p", "div", "span", "li") or layout.foreign(element):
            continue
        text = spoken(element, 80)
        if match := _WITH_ROLE.fullmatch(text):
            if said := names(match["who"], outlets, strict=True):
                return said
        elif len(text) <= 40 and (match := _BY_SOMEBODY.fullmatch(text)) and (said := names(match["who"], outlets)):
            return said
    return []


_LABEL = re.compile(
    r"(?:this \w+ was )?(?:written|posted|authored|contributed|words|story|article|text|reported) by\b|contributors?:"
    r"|(?:geschrieben|verfasst) von\b|écrit par\b|escrito por\b|scritto da\b|geschreven door\b|more (?:from|by)\b"
    r"|(?:by|author|autor(?:in)?|auteur|autore)\s*:?$",
    re.I,
)
_PERSON_ICON = re.compile(r"(?:^|[\s_-])(?:user|person|author)(?:$|[\s_-])", re.I)


def _elsewhere(doc: HtmlDoc, layout: Layout, outlets: Sequence[str]) -> list[str]:
    """Anywhere in the story's own boxes: "Written by Ann Name", the line behind such a label or a person's icon."""
    for element in doc.tree.iter(
        "p", "div", "span", "li", "h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "i", "dt"
    ):
        text = element.text
        if element.tag == "i" and not (text or "").strip() and _PERSON_ICON.search(element.get("class") or ""):
            said = fold(element.tail, 60)
        elif text and _LABEL.match(text.strip()):
            said = spoken(element, 160)
            if _LABEL.fullmatch(said.strip(" :")) or _LABEL.fullmatch(said):
                following = element.getnext()
                said = fold(element.tail, 60) or ("" if following is None else spoken(following, 80))
            elif len(said) > 120:
                continue
            said = _LABEL.sub("", said, count=1)
        else:
            continue
        if not said or layout.foreign(element):
            continue
        if found := names(said, outlets, strict=True):
            return found[:8]
        if (match := _FIRST_NAME.match(said)) and (found := names(match["who"])):
            return found
    return []


def _of_lines(near: dict[Any, None], layout: Layout, outlets: Sequence[str]) -> list[str]:
    """A short line of its own by the heading that begins as a byline does."""
    for element in near:
        if not isinstance(element.tag, str):
            continue
        for part, owner in ((element.text, element), (element.tail, element.getparent())):
            if owner is None or owner is layout.heading or not part or not LINE.match(part.strip() + " "):
                continue
            if layout.foreign(owner):
                continue
            box = owner
            while box.tag in _INLINE and box.getparent() is not None:
                box = box.getparent()
            text = spoken(box, 160) if box not in layout.above else fold(part, 160)
            text = text if LINE.match(text + " ") else fold(part, 160)
            if len(text) <= 120 and (said := names(text, outlets, strict=True)):
                return said[:8]
    return []
