"""Scripts of a page -> its story, where the page shows it only once a browser has run them."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from typing import Any

from ...formats.markup import without_tags
from ..htmldoc import HtmlDoc
from .blocks import fold

MIN_STATE = 600  # characters of sentences in the application's state that make a story
MAX_SCRIPT = 3_000_000  # characters of a script that are searched for literals
MIN_LITERAL = 100  # characters of a literal that may be a paragraph
MAX_SHOWN = 250  # characters: a page that shows more than this tells its story itself
_STATE = re.compile(r"""type\s*=\s*["']?application/json|id\s*=\s*["']?__[A-Z_]+__""", re.I)
_ASSIGNED = re.compile(r"^\s*(?:window\s*(?:\.|\[\s*[\"'])|var\s+)\s*[\w$]+[\"'\]]*\s*=\s*(?=[{\[]|JSON\.parse)")
# Streamed state: window["__RQ"].push({...}) of React Query, self.__next_f.push([1,"..."]) of Next.js
_PUSHED = re.compile(r"\.push\(\s*(?=[{\[])")
# window.__PRELOADED_STATE__ = JSON.parse("{\"story\": ...}")
_QUOTED = re.compile(r"""\s*JSON\.parse\(\s*("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')""", re.S)
# A string literal, and the key it stands under. Some state is code: window.__NUXT__=(function(a,b){return {...}}(...))
_LITERAL = re.compile(r"""(?:\b(\w{1,40})["']?\s{0,9}:\s{0,9})?(["'])""")
_REST = {quote: re.compile(rf"(?:[^{quote}\\\n]|\\.)*+{quote}") for quote in "\"'"}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(['/0v]))")
_GLUED = re.compile(r"(?<=[^\W\d_A-Z][.!?])(?=[A-Z][^\W\d_A-Z])|(?<=[.!?][\"”])(?=[A-Z][^\W\d_A-Z])")
_BREAK = re.compile(r"</(?:p|h[1-6]|li|div|blockquote)\s*>|<br\s*/?>\s*<br\s*/?>|\n\s*\n|\r?\n", re.I)
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
        start = _ASSIGNED.match(content) or _PUSHED.search(content, 0, 1_000)
        if _STATE.search(attributes) or start:
            texts = _state_texts(content, start.end() if start else len(content) - len(content.lstrip()))
        else:
            texts = _literal_texts(content)
        lines = [p for text in texts for p in paragraphs(text)]
        if sum(map(len, lines)) > sum(map(len, best)):
            best = lines
    best = list(dict.fromkeys(best))
    return ("fallback:state", best) if sum(map(len, best)) >= MIN_STATE else None


def _state_texts(content: str, begin: int) -> list[str]:
    """The story's strings in a JSON value that begins there; in the literals of a script that is no JSON."""
    quoted = _QUOTED.match(content, begin)
    try:
        if quoted:
            return _texts(json.loads(_unquoted(quoted[1])))
        return _texts(json.JSONDecoder(strict=False).raw_decode(content, begin)[0])
    except (ValueError, RecursionError):
        return _literal_texts(content)


def _literal_texts(content: str) -> list[str]:
    """The story's strings among a script's literals: those with paragraphs in them or under a story's key."""
    texts = []
    for name, literal in literals(content[:MAX_SCRIPT]):
        if len(literal) < MIN_LITERAL:
            continue
        try:
            text = _unquoted(literal)
        except ValueError:
            continue
        if text.count("</p>") >= 3 or (name.lower() in _KEYS and _SENTENCE.search(without_tags(text[-200:]))):
            texts.append(text)
    return texts


def literals(content: str) -> Iterator[tuple[str, str]]:
    """(name, literal) of each string literal of a script, with its quotes.

    Where one does not end on its line, no later one in such quotes does: they all were escaped quotes of the first. So
    each line is read once, not once for each of a million escaped quotes.
    """
    at, unended = 0, dict.fromkeys(_REST, (0, 0))  # of each quote, from where to where none ends
    while match := _LITERAL.search(content, at):
        quote, begin = match[2], match.end()
        at = match.start() + 1
        low, high = unended[quote]
        if low < begin <= high:
            continue
        if rest := _REST[quote].match(content, begin):
            at = rest.end()
            yield match[1] or "", content[begin - 1 : at]
        else:
            end = content.find("\n", begin)
            unended[quote] = begin, len(content) if end < 0 else end


def _unquoted(literal: str) -> str:
    """The value of a JavaScript string literal, given with its quotes."""
    inner = _ESCAPE.sub(lambda m: f"\\u00{m[1]}" if m[1] else m[2], literal[1:-1])
    if literal[0] == "'":
        inner = inner.replace('"', '\\"')
    return str(json.loads(f'"{inner}"', strict=False))


def paragraphs(text: str) -> list[str]:
    """Text with or without (escaped) markup -> its paragraphs."""
    if "&lt;" in text:
        text = entities.unescape(text)
    pieces = _BREAK.split(text)
    if len(pieces) == 1 and len(_GLUED.findall(text)) > 1:  # paragraphs put together without so much as a blank
        glued = _GLUED.split(text)
        pieces = glued if all(" " in piece.strip() for piece in glued) else pieces
    return [p for piece in pieces if (p := fold(entities.unescape(without_tags(piece))))]


def _texts(value: Any) -> list[str]:
    """Strings of full sentences under the keys where a story is kept, in order of appearance."""
    texts: list[str] = []
    todo: list[tuple[Any, bool]] = [(value, False)]
    while todo:
        node, inside = todo.pop()
        if isinstance(node, dict):
            todo.extend((child, name.lower() in _KEYS) for name, child in reversed(node.items()))
        elif isinstance(node, list):
            todo.extend((child, inside) for child in reversed(node))
        elif isinstance(node, str) and (
            (inside and len(node) > 60 and _SENTENCE.search(without_tags(node[-200:]))) or node.count("</p>") >= 3
        ):
            texts.append(node)
    return texts
