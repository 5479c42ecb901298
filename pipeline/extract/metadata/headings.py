"""A parsed page -> its headings as readers see them: the h1 that may be the title, and lower ones that repeat it."""

from __future__ import annotations

import itertools
import re
from typing import Any

from ... import urls
from ..htmldoc import HtmlDoc
from .structured import key, text_of

# What headings for screen readers say of the page's furniture.
_BUTTONS = re.compile(
    r"(?:(?:open|close|main|toggle|skip to) ?(?:menu|navigation|content|search)\W*)+|quick ?links?|(?:main )?navigation"
    r"|(?:haupt)?men[uü]e?|suche|menú|menu principal|recherche|breadcrumbs?|page|site search|search(?: form| results)?",
    re.I,
)
# What templates call the words over a headline, within the same heading.
_KICKER = re.compile(
    r"kicker|over-?line|(?:top|roof)-?line|eyebrow|dachzeile|spitzmarke|ober(?:titel|zeile)"
    r"|(?:super|sur|top|pre)-?tit(?:le|el|re|ulo)|ante-?t[ií]tulo|volanta|occhiello|bovenkop|stikktittel",
    re.I,
)


def of(doc: HtmlDoc) -> list[str]:
    """The first few h1 that hold text and do not lead home."""
    h1s: list[str] = []
    for element in doc.named["h1"]:
        if (text := _heading_text(element)) and not _is_masthead(element) and not _BUTTONS.fullmatch(text):
            h1s.append(text)
        if len(h1s) == 5:
            break
    return h1s


def _heading_text(element: Any) -> str:
    """Without the small print that some templates put into a heading: a date, tags, the site's name."""
    whole = text_of(element, 500)
    for small in element.iter("small", "time"):
        small_text = text_of(small, 500)
        if small_text and whole.endswith(small_text) and (rest := whole[: -len(small_text)].rstrip(" |–—-")):
            whole = rest
    return whole


def _is_masthead(element: Any) -> bool:
    """Whether a heading is the site's: a link to its front page, a logo."""
    for link in itertools.islice(element.iter("a"), 2):
        href = (link.get("href") or "").strip()
        if href in ("/", "./", "../", "#", "index.html", "/index.html") or (
            href.startswith("http") and urls.is_home(href)
        ):
            return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(re.search(r"(?:^|[\s_-])(?:logo|site-?(?:title|name)|brand|blog-?title)(?:$|[\s_-])", marks, re.I))


def kicker(doc: HtmlDoc, heading: str) -> str:
    """The words that the markup of a heading sets before its headline; "" where it names none."""
    for element in doc.named["h1"]:
        if len(element) and _heading_text(element) == heading:
            for part in itertools.islice(element.iter("span", "small", "div", "p", "strong", "em"), 5):
                words = text_of(part, 300)
                if words and _KICKER.search(part.get("class") or "") and heading.startswith(words):
                    return words if 2 * len(words) < len(heading) + 40 else ""
    return ""


def is_late(doc: HtmlDoc, heading: str) -> bool:
    """Whether two paragraphs stand before a heading."""
    paragraphs = 0
    for element in doc.tree.iter("h1", "p"):
        if element.tag == "p":
            paragraphs += len(element.text or "") >= 80
        elif text_of(element, 500) == heading:
            return paragraphs >= 2
    return False


def lower(doc: HtmlDoc, written: list[str]) -> list[str]:
    """h2 to h4 that say what another place says, begin it before a bar, or end it."""
    lower_headings: list[str] = []
    keys = [key(text) for text in written]
    for element in itertools.islice(doc.tree.iter("h2", "h3", "h4"), 60):
        text = text_of(element, 300)
        name = key(text)
        if len(name) >= 8 and any(
            k.endswith(name) or (k.startswith(name) and (2 * len(name) >= len(k) or _BEHIND_BAR.match(w[len(text) :])))
            for k, w in zip(keys, written, strict=True)
        ):
            lower_headings.append(text)
    return lower_headings[:2]


_BEHIND_BAR = re.compile(r"\s*[|–—•·»«-]")
