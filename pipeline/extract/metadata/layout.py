"""A parsed page -> where its story stands: the heading, and the boxes of other stories, comments and the masthead."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from ..htmldoc import HtmlDoc
from . import marked
from .structured import key, text_of

# Class and id words of boxes that hold other stories, readers' words or the site's own notices. "has-comments" and
# "comment-count" stand in a story's own byline, so the word alone has to be the box's name.
_FOREIGN = re.compile(
    r"(?:^|[\s_])(?:(?:js|c|m|o|l|block|section|module|widget|box|region|wp-block|view|area)[-_]+)*"
    r"(?:related|recommend|promo(?!tion-free)|sidebar|side-bar|popular|trending|most-?(?:read|viewed|popular)|"
    r"read-?(?:more|next)|more-(?:from|stories|news|posts)|latest-(?:news|posts|stories)|recent-?(?:posts|news|articles)|"
    r"similar|you-?may|next-?(?:post|article|story)|prev(?:ious)?-?(?:post|article|story)|carousel|swiper-slide|"
    r"comments?(?:$|\s|[-_](?:list|area|section|body|content|item|meta|date|author|thread|wrap\w*|box|container|respond"
    r"|form|text|\d+))"
    r"|commentlist|leserbrief|kommentare?(?:$|\s)|reader-?letters|disqus|archive-list|advert)",
    re.I,
)
# What some sites call their teasers' boxes and others the story's own: foreign where several stand side by side.
_REPEATED = re.compile(r"teaser|widget|card|swiper", re.I)
_ALSO_FOREIGN = re.compile(
    r"related|recommend|teaser-?(?:list|grid|item)|comment-(?:list|body)|post-navigation|upsell", re.I
)
_MASTHEAD = re.compile(
    r"(?:^|[\s_-])(?:today|current-?(?:date|time)|date-?today|todays?-?date|clock|weather|masthead(?:$|[\s_-])|top-?bar|ticker|breaking)"
    r"|(?:^|\s)(?:site|main|global|top)[-_]?(?:header|nav(?:bar|igation)?)(?:\s|$)|cookie|consent",
    re.I,
)
TEASER = 300  # characters of the box that holds another story's headline, date and first words
_WORDS = re.compile(r"[^\W\d_]+")  # "28. Juni 2019 | 14. Januar 2020" has two
_OWN, _TEASER, _OTHER = 0, 1, 2
_MEDIA = re.compile(r"photo|image|figure|picture|media|gallery", re.I)  # an aside of these is part of its story
_HEADINGS = ("h1", "h2", "h3", "h4")


def marks(element: Any) -> str:
    """Class and id of an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


class Layout:
    """A page around its story's heading. `title` is the article's, where it is known."""

    def __init__(self, doc: HtmlDoc, title: str | None) -> None:
        self.doc = doc
        self.title = key(title or "")
        self._foreign: dict[Any, bool] = {}

    @cached_property
    def heading(self) -> Any:
        """The element that shows the title; else the first h1; None where there is neither."""
        first = next((h for h in self.doc.named["h1"] if len(h) or (h.text or "").strip()), None)
        if len(self.title) < 4:
            return first
        boxed = partial = None
        for element in itertools.islice(self.doc.tree.iter(*_HEADINGS), 300):
            heading_key = key(text_of(element, 400))
            if heading_key == self.title:
                if not self.in_foreign_box(element):
                    return element
                boxed = element if boxed is None else boxed
            elif partial is None and len(heading_key) >= (8 if element.tag == "h1" else 14):
                partial = element if heading_key in self.title or self.title in heading_key else None
        shown = next((element for element in (boxed, partial, first) if element is not None), None)
        return self._titled_box() if shown is None else shown

    def _titled_box(self) -> Any:
        """The plain box that shows the title, on a page without headings."""
        for element in itertools.islice(self.doc.tree.iter("div", "p", "span", "strong", "b", "td"), 3000):
            if element.text and key(element.text) == self.title:
                return element
        return None

    @cached_property
    def marked(self) -> marked.Marked:
        return marked.read(self.doc.tree)

    @cached_property
    def start(self) -> Any:
        """The first long paragraph, for pages without a heading."""
        for element in itertools.islice(self.doc.tree.iter("p", "div"), 2000):
            if len((element.text or "").strip()) >= 120:
                return element
        return None

    @cached_property
    def above(self) -> set[Any]:
        """The heading and all boxes it stands in."""
        return set() if self.heading is None else {self.heading, *self.heading.iterancestors()}

    @cached_property
    def article(self) -> Any:
        """The <article> or <main> of the story: around the heading, else the one with most paragraphs behind it."""
        article = next((e for e in self.above if e.tag == "article"), None)
        if article is not None:
            return article
        best, most = None, 2
        for number, element in enumerate(self.doc.tree.iter("article")):
            if number > 60:
                return None
            if (count := sum(1 for _ in element.iter("p"))) > most:
                best, most = element, count
        return best

    def foreign(self, element: Any) -> bool:
        """Whether an element belongs to another story, a comment, the menu or the masthead."""
        known = self._foreign.get(element)
        if known is None:
            known = self._foreign[element] = self._judge(element)
        return known

    def beside_a_teaser(self, box: Any) -> bool:
        """Whether a line stands in one box with a link whose words are a headline: another story's date.

        Its own story's title may be a link, and there may be many links in the box that holds the heading.
        """
        if box not in self.above and self._is_headline(box):
            return True
        for line in (box, box.getparent()):
            if line is None or line in self.above or line is self.article or line.tag in ("body", "html"):
                return False
            around = line.getparent()
            if around is None or around in self.above or around is self.article or len(around) > 8:
                return False
            if len(text_of(around, TEASER)) > TEASER:
                return False
            for other in around:
                if other is not line and self._is_headline(other):
                    return True
        return False

    def _is_headline(self, element: Any) -> bool:
        """Whether an element is a link of five words or more to another page, or holds little else."""
        link = element if element.tag == "a" else next(element.iter("a"), None)
        if link is None or not (link.get("href") or "").strip("# "):
            return False
        link_text = text_of(link, 200)
        return (
            len(_WORDS.findall(link_text)) >= 5
            and key(link_text) != self.title
            and len(text_of(element, 400)) < 1.5 * len(link_text) + 20
        )

    def _judge(self, element: Any) -> bool:
        article = self.article
        for depth, box in enumerate([element, *element.iterancestors()]):
            if box in self.above or box is article or box.tag in ("body", "html"):
                return False
            if depth > 40 or box.tag == "nav" or (box.tag == "article" and box is not article):
                return True
            if box.tag in ("aside", "footer"):
                around = box.getparent()
                while around is not None and around.tag in ("div", "section", "header"):
                    around = around.getparent()
                if around is None or around.tag != "article" or not (around is article or around in self.above):
                    return True
            if self._is_foreign(box):
                return True
        return False

    def _is_foreign(self, box: Any) -> bool:
        class_words = marks(box)
        if len(class_words) < 2:
            return False
        kind = _box_kind(class_words)
        if kind == _OTHER:
            return not self._holds_the_page(box)
        return kind == _TEASER and _has_twin(box) and not self._holds_the_page(box)

    @cached_property
    def _paragraphs(self) -> int:
        return sum(1 for _ in itertools.islice(self.doc.tree.iter("p"), 5000))

    def _holds_the_page(self, box: Any) -> bool:
        """Whether most of the page's paragraphs are in this box, whatever it is called."""
        return self._paragraphs >= 4 and 2 * sum(1 for _ in box.iter("p")) > self._paragraphs

    def in_foreign_box(self, element: Any) -> bool:
        return any(
            box.tag in ("nav", "footer")
            or (box.tag == "aside" and not _MEDIA.search(marks(box)))
            or (depth < 6 and self._is_foreign(box))
            for depth, box in enumerate(element.iterancestors())
        )

    def behind(self, most: int) -> Iterator[Any]:
        """Elements behind the heading, in page order."""
        if self.heading is None:
            return
        yield from self.heading.iter()  # for the text behind it, and small print in it
        left = most
        for box in [self.heading, *self.heading.iterancestors()]:
            for sibling in box.itersiblings():
                for element in sibling.iter():
                    left -= 1
                    if left < 0:
                        return
                    yield element

    def before(self, most: int, levels: int = 4) -> Iterator[Any]:
        """Elements shortly before the heading or, without one, the first paragraph; the nearest box first."""
        anchor = self.start if self.heading is None else self.heading
        if anchor is None:
            return
        left = most
        for level, box in enumerate([anchor, *anchor.iterancestors()]):
            if level >= levels or box.tag in ("body", "html"):
                return
            for sibling in box.itersiblings(preceding=True):
                for element in sibling.iter():
                    left -= 1
                    if left < 0:
                        return
                    yield element


@lru_cache(maxsize=4096)  # a page repeats few classes on many boxes, a site on all its pages
def _box_kind(class_words: str) -> int:
    if _FOREIGN.search(class_words) or _ALSO_FOREIGN.search(class_words) or _MASTHEAD.search(class_words):
        return _OTHER
    return _TEASER if _REPEATED.search(class_words) else _OWN


def _has_twin(box: Any) -> bool:
    """Whether a sibling has the same tag and class."""
    name = box.get("class")
    return any(
        sibling.tag == box.tag and sibling.get("class") == name
        for preceding in (False, True)
        for sibling in itertools.islice(box.itersiblings(preceding=preceding), 3)
    )
