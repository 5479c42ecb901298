"""Pages made to hurt: each a story with something monstrous around or inside it, at any size."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from .conftest import story

STORY = story("Hostile Bay")
FIRST, *_, LAST = STORY.split("\n\n")


@dataclass(frozen=True)
class Monster:
    """`make(size)`: about that many bytes. `keeps`: the whole story must come out of it, at every size."""

    name: str
    make: Callable[[int], bytes]
    keeps: bool = True
    full: int = 1_000_000  # bytes, in the long run


def page(middle: str = "", head: str = "", tail: str = "", title: str = "Ferry returns to Hostile Bay") -> bytes:
    first, *rest = STORY.split("\n\n")
    body = "".join(f"<p>{part}</p>" for part in rest)
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
        f"<p>{first}</p>{body}</article>{middle}{tail}</body></html>"
    ).encode("utf-8", "surrogatepass")


def _times(unit: str) -> Callable[[int], bytes]:
    return lambda size: page(unit * (size // len(unit)))


def _inside(unit: str, *, before: str = "<article>", after: str = "") -> Callable[[int], bytes]:
    """The monster stands before the story, in its own element."""

    def make(size: int) -> bytes:
        mass = unit * (size // len(unit)) + after
        return page().replace(before.encode(), before.encode() + mass.encode(), 1)

    return make


def _numbered(unit: str) -> Callable[[int], bytes]:
    return lambda size: page("".join(unit.replace("#", str(n)) for n in range(size // (len(unit) + 4))))


def _nested(tag: str) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        depth = size // (2 * len(tag) + 5)
        body = "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))
        return f"<html><body>{f'<{tag}>' * depth}{body}{f'</{tag}>' * depth}</body></html>".encode()

    return make


def _doctype(size: int) -> bytes:
    return page().replace(b"<!doctype html>", b"<!DOCTYPE html " + b"x " * (size // 2) + b">")


def _attributes(size: int) -> bytes:
    many = " ".join(f"a{n}=1" for n in range(size // 9))
    return page().replace(b"<body>", f"<body><div {many}>x</div>".encode())


def _attribute(size: int) -> bytes:
    return page().replace(b"<body>", b'<body><div data-x="' + b"x" * size + b'">x</div>')


def _story_in_many_lines(size: int) -> bytes:
    lines = "".join(f"<p>{FIRST} {n}</p>" for n in range(size // (len(FIRST) + 10)))
    return page(lines)


def _json_ld(size: int) -> bytes:
    return page(head=f'<script type="application/ld+json">{"[" * size}</script>')


def _json_ld_many(size: int) -> bytes:
    nodes = ",".join(f'{{"@type":"NewsArticle","headline":"h{n}"}}' for n in range(size // 40))
    return page(head=f'<script type="application/ld+json">[{nodes}]</script>')


def _zip(size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("story.html", page() + random.Random(0).randbytes(size))
    return buffer.getvalue()


def _random_tags(size: int) -> bytes:
    dice = random.Random(7)
    tags = [
        "p",
        "b",
        "i",
        "div",
        "table",
        "tr",
        "td",
        "a",
        "form",
        "ul",
        "li",
        "span",
        "h2",
        "font",
        "select",
        "option",
    ]
    parts = [f"<{'/' * dice.randrange(2)}{dice.choice(tags)}> w{n} " for n in range(size // 9)]
    return page("".join(parts))


def _words(size: int) -> bytes:
    return page(f"<p>{'x' * size}</p>")


MONSTERS = [
    Monster("headings", _times("<h2>Top of the hour</h2>"), full=180_000),
    Monster("list items", _times("<li>Item</li>"), full=230_000),
    Monster("list items unclosed", _times("<li>Item"), full=1_000_000),
    Monster("table rows", _times("<table><tr><td>1</td><td>2</td></tr></table>"), full=630_000),
    Monster("one table", lambda size: page("<table>" + "<tr><td>1</td><td>x y</td></tr>" * (size // 32) + "</table>")),
    Monster("doctype line", _doctype),
    Monster("attributes", _attributes, full=9_000_000),
    Monster("attribute long", _attribute, full=11_000_000),
    Monster("paragraphs", _times("<p>a</p>"), full=8_000_000),
    Monster("empty paragraphs", _times("<p>"), full=3_000_000),
    Monster("line breaks", _times("<br>"), full=2_000_000),
    Monster("links", _numbered('<a href="/story-#">Headline number # of today</a>')),
    Monster("images", _numbered('<img src="/i#.jpg" alt="a picture">')),
    Monster("nested div", _nested("div"), full=1_100_000),
    Monster("nested bold", _nested("b"), full=1_000_000),
    Monster("nested font", _nested("font"), full=500_000),
    Monster("nested table", _nested("table"), full=200_000),
    Monster("nested list", _nested("ul"), full=500_000),
    Monster("nested blockquote", _nested("blockquote"), full=500_000),
    Monster("nested span", _nested("span"), full=500_000),
    Monster("opened never closed", _inside("<div>"), full=500_000),
    Monster("anchors unclosed", _times("<a href=x>y")),
    Monster("formatting unclosed", _times("<b><i><u>x"), full=300_000),
    Monster("formatting crossed", _times("<b><p></b><i></p></i>"), full=300_000),
    Monster("random tags", _random_tags, full=500_000),
    Monster("forms", _times("<form><input name=a value=b><select><option>x</select></form>")),
    Monster("text node", _words, full=11_000_000),
    Monster("word", lambda size: page(f"<p>{'Wonder' * (size // 6)}</p>"), full=100_000),
    Monster("comment open", lambda size: page(tail="<!-- " + "x" * size)),
    Monster("comments", _times("<!--x-->")),
    Monster("comment starts", _times("<!--")),
    Monster("script open", lambda size: page(tail="<script>" + "var x = 1;" * (size // 10))),
    Monster("scripts", _times("<script>x</script>")),
    Monster("script starts", _times("<script>")),
    Monster("styles", _times("<style>p{}</style>")),
    Monster("cdata", _times("<![CDATA[x]]>")),
    Monster("processing", _times("<?php x ?>")),
    Monster("less-than", _times("<")),
    Monster("ampersands", _times("&")),
    Monster("references", _times("&amp;#x41;")),
    Monster("numeric references", _times("&#65;")),
    Monster("reference long", lambda size: page(f"<p>&#{'9' * size};</p>")),
    Monster("quotes", lambda size: page(tail='<a href="' * (size // 9))),
    Monster("white space", _times(" \n\t"), full=5_000_000),
    Monster("zero width", _times("\u200b\u200d\ufeff"), full=1_000_000),
    Monster("combining", lambda size: page(f"<p>a{chr(0x301) * (size // 2)}</p>"), full=1_000_000),
    Monster("bidi", _times("\u202e\u2066")),
    Monster("title", lambda size: page(title="Ferry " * (size // 6))),
    Monster("title punctuation", lambda size: page(title="- | : " * (size // 6)), full=300_000),
    Monster("meta", lambda size: page(head=f'<meta name="description" content="{"x " * (size // 2)}">')),
    Monster("metas", _inside('<meta name="author" content="A B">', before="<head>")),
    Monster(
        "author", lambda size: page(head=f'<meta name="author" content="{"a@b, and " * (size // 9)}">'), full=64_000
    ),
    Monster("byline", lambda size: page(f'<p class="author">By {"Ann Lee and " * (size // 12)}</p>'), full=300_000),
    Monster("json-ld nested", _json_ld),
    Monster("json-ld many", _json_ld_many),
    Monster("dates", _times("<time datetime=2026-11-20T06:00:00Z>20 November 2026</time>")),
    Monster("digits", lambda size: page(f"<p>{'2026' * (size // 4)}</p>"), full=300_000),
    Monster(
        "canonical", lambda size: page(head=f'<link rel="canonical" href="https://a.example/{"a/" * (size // 2)}">')
    ),
    Monster(
        "url parameters",
        lambda size: page(head=f'<link rel=canonical href="https://a.example/?{"a=b&" * (size // 4)}">'),
    ),
    Monster("classes", lambda size: page(f'<div class="{"article " * (size // 8)}">x</div>')),
    Monster("story over and over", _story_in_many_lines),
    Monster("sentences", lambda size: page("<p>" + "It rained. " * (size // 11) + "</p>")),
    Monster("dots", lambda size: page("<p>" + "." * size + "</p>")),
    Monster("dashes", lambda size: page("<p>" + "—" * size + "</p>")),
    Monster("ellipses", lambda size: page("<p>" + "…" * size + "</p>")),
    Monster("capitals", lambda size: page("<p>" + "A" * size + "</p>"), full=300_000),
    Monster("svg", lambda size: page(f"<svg>{'<path d=x />' * (size // 12)}</svg>")),
    Monster("template", lambda size: page(f"<template>{'<p>x</p>' * (size // 8)}</template>")),
    Monster("iframes", _times("<iframe src=x></iframe>")),
    Monster("base64", lambda size: page(f'<img src="data:image/png;base64,{"QUJD" * (size // 4)}">'), full=5_000_000),
    Monster("zip named html", _zip, keeps=False),
    Monster("utf-16", lambda size: page(f"<p>{'x ' * (size // 2)}</p>").decode().encode("utf-16-le"), full=300_000),
    Monster("escape reference", lambda size: page().replace(b"<p>", b"<p>&#27;&#xFFFF;&#0;&#xD800;&#1114112;")),
    Monster("control characters", lambda size: page().replace(b" of ", b" \x00\x01\x1b[31m\x7f of ")),
    Monster("null bytes", lambda size: page("\0" * size)),
]


def plain(unit: str) -> Callable[[int], bytes]:
    return lambda size: (STORY + "\n\n" + unit * (size // len(unit)) + "\n").encode()


TEXTS = [
    Monster("lines", plain("x\n"), full=1_000_000),
    Monster("headlines", plain("Council votes on the harbour again\n"), full=1_000_000),
    Monster("one line", plain("word "), full=1_000_000),
    Monster("one word", plain("x"), full=1_000_000),
    Monster("sentences", plain("It rained. "), full=1_000_000),
    Monster("blank lines", plain("\n"), full=1_000_000),
    Monster("pipes", plain("| a "), full=1_000_000),
    Monster("dates", plain("20 November 2026\n"), full=1_000_000),
    Monster("digits", plain("2026"), full=300_000),
    Monster("names", plain("By Ann Lee and Bob Ray, "), full=300_000),
    Monster("addresses", plain("https://a.example/ "), full=1_000_000),
    Monster("paragraphs", plain(json.dumps(FIRST) + "\n\n"), full=3_000_000),
    Monster("brackets", plain("((("), full=300_000),
    Monster("quotes", plain("\"'“"), full=300_000),
    Monster("form feeds", plain("\f\v\x85\u2028"), full=300_000),
]
