"""One parse of an HTML page, shared by everything that looks at it: markup -> tree, scripts, JSON-LD, meta."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from . import readings

# Caps come before the parse, so that the verdict is the same on every machine. Ordinary news pages have fewer than
# 1,600 elements and 1.5 MB; the largest of 513 real ones 12,000 tags.
MAX_CHARS = 20_000_000
MAX_TAGS = 100_000
# libxml2 is quadratic in a tag's attributes: a million of them take minutes, 20 tags of 12,000 take 4 s.
MAX_TAG_CHARS = 10_000
MAX_TAG_WORDS = 2_000

# Spelt out rather than re.I: a pattern that begins with a plain "<" is searched for several times faster.
_NAMES = "[sS][cC][rR][iI][pP][tT]|[sS][tT][yY][lL][eE]|[sS][vV][gG]|[tT][eE][mM][pP][lL][aA][tT][eE]"
_NOISE_OPEN = re.compile(rf"<(?:({_NAMES})(?=[\s/>])[^<>]*>|!--)")
_NOISE_CLOSE = {
    "script": re.compile("</[sS][cC][rR][iI][pP][tT]"),
    "style": re.compile("</[sS][tT][yY][lL][eE]"),
    "svg": re.compile("</[sS][vV][gG]"),
    "template": re.compile("</[tT][eE][mM][pP][lL][aA][tT][eE]"),
    "": re.compile("-->"),
}
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9]*)\s[^<>]{{{MAX_TAG_CHARS},}}>?")
_JSON_LD = re.compile(r"""type\s*=\s*["']?application/ld\+json""", re.I)
_WRAPPED = re.compile(r"\s*+(?://|/\*)?\s*+(?:<!\[CDATA\[|<!--)\s*+(?:\*/)?")
_WRAP_END = re.compile(r"(?:(?:(?://|/\*)\s*+)?(?:\]\]>|-->)\s*+(?:\*/)?|;)$")  # of the last END characters
END = 60
_TRAILING = re.compile(r",(\s*[}\]])")
# What XML cannot hold: as characters and as references. One &#27; makes lxml drop all that follows.
_BYTES = bytes(32 if (byte < 32 and byte not in b"\t\n\r") or byte == 127 else byte for byte in range(256))
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
# lxml.html asks a Python function for every element's class, which is 4% of a page's CPU; nobody here needs its forms.
_PLAIN_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement)
_RUNNING_TEXT = etree.XPath("/html/body//text()[string-length() > 80][string-length(normalize-space()) > 80]")
# Elements whose content is taken for the edge of a page, a caption or a label, or is not read at all.
_EDGE_TAGS = frozenset(
    "nav button aside footer header dialog menu figure figcaption select noscript object map canvas video audio svg "
    "template label fieldset form summary".split()
)
MIN_RUNNING = 4  # pieces of running text; on a page with fewer a single long caption would be most of them
# libxml2 2.14 drops all that stands behind "</html>"; browsers go on as if it were not there. Pages put together from
# several files have one in the middle.
_LAST_TAGS = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])(?=[\s/>])[^<>]*>")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")


@dataclass
class HtmlDoc:
    """A decoded page and what is read off it once. Nobody changes `tree`: copy before you cut."""

    html: str
    url: str | None = None
    tree: Any = field(init=False)  # lxml.html.HtmlElement, without script, style, svg and comments
    flags: tuple[str, ...] = field(init=False)  # "cut:size", "cut:elements", "cut:attributes"
    marks: int = field(init=False)  # "<" in the markup as it came, up to the caps
    opened: int = field(init=False)  # tags that open something, before the parse: a parser that gave up shows by it
    scripts: list[tuple[str, str]] = field(init=False)  # (attributes, content) of every script element

    def __post_init__(self) -> None:
        html, self.marks, cuts = _capped(self.html)
        html, self.scripts = without_noise(html)
        html, more = _short_tags(html)
        cuts += more
        html = _REFERENCE.sub(_valid_reference, html)
        self.flags = tuple(cuts)
        parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
        parser.set_element_class_lookup(_PLAIN_ELEMENTS)
        # bytes: lxml refuses a string that carries an XML encoding declaration; "replace" turns lone surrogates to "?"
        data = html.encode("utf-8", "replace").translate(_BYTES)
        data = _LAST_TAGS.sub(b"", data)
        self.opened = data.count(b"<") - data.count(b"</")
        if b"\xef\xbf" in data:
            data = _NONCHARACTERS.sub(b" ", data)
        try:
            self.tree = lxml_html.document_fromstring(data, parser=parser)
        except etree.ParserError:  # nothing in it
            self.tree = lxml_html.document_fromstring("<html><body></body></html>")
        readings.take_out(self.tree, data)
        _unwrap_whole_page(self.tree)

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD node, @graph and lists flattened; broken blocks left out."""
        nodes: list[dict[str, Any]] = []
        for attributes, content in self.scripts:
            if not _JSON_LD.search(attributes):
                continue
            todo = _json(content)
            while todo:
                node = todo.pop(0)
                if isinstance(node, list):
                    todo[:0] = node
                elif isinstance(node, dict):
                    nodes.append(node)
                    todo[:0] = [node["@graph"]] if "@graph" in node else []
        return nodes

    @cached_property
    def named(self) -> dict[str, list[Any]]:
        """Elements of the tags that metadata asks for, in page order.

        In one go: to find but the first of a name lxml looks through the whole tree, which takes 0.15 ms each time.
        """
        elements: dict[str, list[Any]] = {name: [] for name in ("title", "meta", "link", "h1", "figure", "time", "a")}
        for element in self.tree.iter(*elements):
            elements[element.tag].append(element)
        return elements

    @cached_property
    def base(self) -> str | None:
        """What its addresses are relative to: its <base>, else its own address."""
        stated = next((element.get("href") for element in self.tree.iter("base")), None)
        try:
            return urljoin(self.url or "", stated) if stated else self.url
        except ValueError:
            return self.url

    @cached_property
    def title(self) -> str:
        """The text of its <title>, as written."""
        return next((element.text or "" for element in self.named["title"]), "")

    @cached_property
    def meta(self) -> dict[str, str]:
        """meta name, property or itemprop, lower-cased -> its first non-empty content.

        An itemprop inside a box of the body speaks of that box, which may be a teaser, a video or a comment: not here.
        """
        contents: dict[str, str] = {}
        for element in self.named["meta"]:
            content = (element.get("content") or "").strip()
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if content and (name := element.get(attribute)):
                    if attribute == "itemprop" and element.getparent().tag not in ("head", "body", "html"):
                        continue
                    contents.setdefault(name.strip().lower(), content)
        return contents


def _unwrap_whole_page(tree: Any) -> None:
    """Make an edge element that holds most of the page's running text a plain box without a name.

    libxml2 ignores an end tag while a box inside is open, so that `<nav><div><div></div></nav>` goes on to the end of
    the page; browsers close it. Where an author wrapped a story in such an element, its name is wrong as well.
    """
    running = cast(list[Any], _RUNNING_TEXT(tree))
    if len(running) < MIN_RUNNING:
        return
    pieces: dict[Any, int] = {}
    for piece in running:
        element = piece.getparent()
        if piece.is_tail:
            element = element.getparent()
        while element is not None:
            if element.tag in _EDGE_TAGS:
                pieces[element] = pieces.get(element, 0) + 1
            element = element.getparent()
    for element, count in pieces.items():
        if count > len(running) / 2:
            element.tag = "div"
            for name in ("class", "id", "role", "hidden", "style", "aria-hidden"):
                element.attrib.pop(name, None)


def _unwrapped(content: str) -> str:
    """Without a CDATA section or comment around it; only its two ends are searched."""
    begin = opening.end() if (opening := _WRAPPED.match(content)) else 0
    text = content[begin:].rstrip()
    last = max(0, len(text) - END)
    end = _WRAP_END.search(text, last)
    return text[: end.start()] if end else text


def _json(content: str) -> list[Any]:
    """[value], read also from inside a CDATA or comment wrapper and past trailing commas; [] where it is broken."""
    for mended in (False, True):
        text = _TRAILING.sub(r"\1", _unwrapped(content)) if mended else content
        try:
            return [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
    return []


def _capped(html: str) -> tuple[str, int, list[str]]:
    """Cut what would take the parser too long or too much memory; how many "<" are left, and what was cut."""
    cuts = []
    if len(html) > MAX_CHARS:
        html, cuts = html[:MAX_CHARS], ["cut:size"]
    marks = html.count("<")
    if marks > MAX_TAGS:
        position = -1
        for _ in range(MAX_TAGS):
            position = html.find("<", position + 1)
        html = html[:position]
        cuts.append("cut:elements")
    return html, min(marks, MAX_TAGS), cuts


def _short_tags(html: str) -> tuple[str, list[str]]:
    """Empty the tags whose attributes would take the parser too long."""
    half = MAX_TAG_CHARS // 2  # a longer tag has a stretch of this length, counted from the start, with no "<" in it
    if all(html.find("<", at, at + half) >= 0 for at in range(0, len(html) - half, half)):
        return html, []
    short = _LONG_TAG.sub(lambda m: m[0] if len(m[0].split()) < MAX_TAG_WORDS else f"<{m[1]}>", html)
    return short, ["cut:attributes"] if len(short) != len(html) else []


def without_noise(html: str) -> tuple[str, list[tuple[str, str]]]:
    """Take out scripts, styles, drawings, templates and comments before the parse (6% of the CPU, no text lost).

    Linear: a closing tag that was looked for once and is not there is not looked for again. An element without an
    end is left to the parser.
    """
    parts: list[str] = []
    scripts: list[tuple[str, str]] = []
    missing: set[str] = set()
    done = at = 0
    while opened := _NOISE_OPEN.search(html, at):
        name = (opened[1] or "").lower()
        # "<!-->" is a whole comment
        start = opened.end() if name else opened.start() + 2
        closed = None if name in missing else _NOISE_CLOSE[name].search(html, start)
        if closed is None:
            missing.add(name)
            at = opened.end()
            continue
        if name == "script":
            scripts.append((opened[0][7:-1], html[opened.end() : closed.start()]))
        after = html.find(">", closed.start())
        at = len(html) if after < 0 else after + 1
        parts.append(html[done : opened.start()])
        done = at
    parts.append(html[done:])
    return "".join(parts), scripts


def _valid_reference(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    valid = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    return match[0] if valid else " "
