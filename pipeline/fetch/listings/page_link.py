"""The links of a feed's entry -> the one that leads to its page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...urls import clean

_ESCAPED = re.compile(r"&(?:amp|#0{0,6}38|#[xX]0{0,6}26);")
_IRI = re.compile(r"https?://www\.iana\.org/assignments/(?:link-)?relations?(?:\.html)?[/#](?:link-relations-1[/#])?")
# Types of a link that leads to no page: data, documents, pictures, sound, films, other feeds.
_NO_PAGE = re.compile(
    r"(?:image|audio|video|font|model|message|multipart)/|application/(?!xhtml|html|xml$|octet-stream|vnd\.wap)|"
    r"text/(?:css|csv|calendar|javascript|xml-external|vcard|markdown)|.*\+json|.*/json",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an entry, as it is written."""

    href: str
    rel: str = "alternate"
    type: str = ""
    language: str = ""


def unescaped(text: str) -> str:
    """An address without entities around its ampersands: CDATA and JSON leave them in."""
    for _ in range(3):
        if (once := _ESCAPED.sub("&", text)) == text:
            break
        text = once
    return text


def absolute(target: str | None, base: str, *, bare: bool = False) -> str | None:
    """A web address made whole; None for anything else ("tag:", "urn:", "javascript:").

    A word without a slash in front ("news/story") is a relative address only with `bare`: an id may be any word.
    """
    target = unescaped(target or "").strip()
    if not target:
        return None
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target)
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        return None
    if not scheme and not target.startswith(("/", "?", "./", "../")) and not (bare and _is_path(target)):
        return None
    return clean(target, base)


def _is_path(text: str) -> bool:
    """Whether a text without scheme and slash in front may be a relative address, not a stray word."""
    return "/" in text or (
        len(text.split()) == 1 and text.lower() not in ("#", "-", "n/a", "none", "null", "undefined")
    )


def choose(links: Iterable[Link], base: str, language: str | None) -> str | None:
    """The entry's HTML page, in the feed's language where several are named; None where no link leads to a page."""
    best: tuple[tuple[int, int], str] | None = None
    for link in links:
        rank = _rank(link)
        target = absolute(link.href, base, bare=True) if rank is not None else None
        if rank is None or target is None:
            continue
        order = (rank, _other_language(link.language, language))
        if best is None or order < best[0]:
            best = (order, target)
    return best[1] if best else None


def _rank(link: Link) -> int | None:
    """How sure it is that a link leads to the entry's page: the lower, the surer."""
    kind = link.type.strip().lower().partition(";")[0].strip()
    relations = {_IRI.sub("", one.lower()) for one in link.rel.split()} or {"alternate"}
    if kind and _NO_PAGE.match(kind):
        return None
    is_html = kind in ("text/html", "application/xhtml+xml") or "html" in kind
    if relations & {"alternate", "canonical"}:
        return 0 if is_html else 1 if not kind else 2
    if "content" in relations:  # <content src="...">
        return 3
    if relations & {"via", "bookmark"}:
        return 4
    if "self" in relations:
        return 5 if is_html else 6
    return None


def _other_language(said: str, wanted: str | None) -> int:
    if not said or said.lower() == "x-default":
        return 1
    if wanted is None:
        return 2
    said, wanted = said.lower().replace("_", "-"), wanted.lower().replace("_", "-")
    return 0 if said == wanted or said.partition("-")[0] == wanted.partition("-")[0] else 2
