"""Scripts of a page -> its story, where the page shows it only once a browser has run them."""

from __future__ import annotations

import html as entities
import json
import re
from typing import Any

from ..htmldoc import HtmlDoc
from .blocks import fold

MIN_STATE = 600  # characters of sentences in the application's state that make a story
MAX_SHOWN = 250  # characters: a page that shows more than this tells its story itself
_STATE = re.compile(r"""type\s*=\s*["']?application/json|id\s*=\s*["']?__[A-Z_]+__""", re.I)
_ASSIGNED = re.compile(r"^\s*(?:window\s*(?:\.|\[\s*[\"'])|var\s+)\s*[\w$]+[\"'\]]*\s*=\s*(?=[{\[])")
# Streamed state: window["__RQ"].push({...}) of React Query, self.__next_f.push([1,"..."]) of Next.js
_PUSHED = re.compile(r"\.push\(\s*(?=[{\[])")
_BREAK = re.compile(r"</(?:p|h[1-6]|li|div|blockquote)\s*>|<br\s*/?>\s*<br\s*/?>|\n\s*\n|\r?\n", re.I)
_TAG = re.compile(r"<[^<>]*>")
_SENTENCE = re.compile(r"[.!?…。！？][\"”»’')\]]*\s*$")
# where publishers' systems keep the text of a story
_KEYS = frozenset(
    "body content text html articlebody bodytext bodyhtml body_html content_html paragraph paragraphs value children "
    "data storybody article_body components blocks items elements copy richtext contenthtml htmlcontent".split()
)


def from_scripts(doc: HtmlDoc, article_body: str, shown: int) -> tuple[str, list[str]] | None:
    """(flag, paragraphs) where scripts tell far more of the story than the `shown` characters; else None."""
    if len(article_body) > 3 * shown and len(article_body) >= MIN_STATE:
        return "fallback:json-ld", paragraphs(article_body)
    if shown > MAX_SHOWN:
        return None
    best: list[str] = []
    for attributes, content in doc.scripts:
        told = _ASSIGNED.match(content) or _PUSHED.search(content, 0, 1_000)
        if not (_STATE.search(attributes) or told):
            continue
        try:
            begin = told.end() if told else len(content) - len(content.lstrip())
            value, _ = json.JSONDecoder(strict=False).raw_decode(content, begin)
        except (ValueError, RecursionError):
            continue
        found = [p for text in _texts(value) for p in paragraphs(text)]
        if sum(map(len, found)) > sum(map(len, best)):
            best = found
    best = list(dict.fromkeys(best))
    return ("fallback:state", best) if sum(map(len, best)) >= MIN_STATE else None


def paragraphs(text: str) -> list[str]:
    """Text with or without (escaped) markup -> its paragraphs."""
    if "&lt;" in text:
        text = entities.unescape(text)
    return [p for piece in _BREAK.split(text) if (p := fold(entities.unescape(_TAG.sub("", piece))))]


def _texts(value: Any) -> list[str]:
    """Strings of full sentences under the keys where a story is kept, in order of appearance."""
    found: list[str] = []
    todo: list[tuple[Any, bool]] = [(value, False)]
    while todo:
        node, inside = todo.pop()
        if isinstance(node, dict):
            todo.extend((child, name.lower() in _KEYS) for name, child in reversed(node.items()))
        elif isinstance(node, list):
            todo.extend((child, inside) for child in reversed(node))
        elif isinstance(node, str) and (
            (inside and len(node) > 60 and _SENTENCE.search(_TAG.sub("", node[-200:]))) or node.count("</p>") >= 3
        ):
            found.append(node)
    return found
