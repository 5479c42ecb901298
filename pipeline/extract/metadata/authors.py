"""A parsed page -> who wrote its story, and where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ..htmldoc import HtmlDoc
from . import bylines, signatures
from .agencies import is_agency
from .byline_labels import PREFIX, is_byline
from .layout import Layout
from .names import GENERIC, MORE, names
from .structured import Node, Structured, first, fold, key, types

__all__ = ["is_outlet", "names", "of_html", "of_lines"]

_META_NAMES = tuple(
    (
        "author article:author article:author_name parsely-author sailthru.author dc.creator dcterms.creator "
        "cxenseparse:author byl mrf:authors citation_author citation_authors og:article:author og:author "
        "article.author dcsext.author byline creator authors lrt_authors articleauthor vr:author rbauthors"
    ).split()
)


def of_html(
    doc: HtmlDoc, structured: Structured, outlets: list[str], layout: Layout
) -> tuple[list[str], str, bool] | None:
    """(names, origin, whether they are more than the outlet): JSON-LD, then meta, then what is marked as a byline.

    The outlet itself, another organisation that is no agency, or an account's name ("noc_admin", "Sports feed") only
    where nobody else is named.
    """
    outlet_keys = frozenset(k for name in outlets if (k := key(name)))
    fallback: tuple[list[str], str, bool] | None = None
    impersonal: set[str] = set()  # names that JSON-LD gives to organisations and to the site's own account
    for stated, origin in _stated(doc, structured, outlets, outlet_keys, layout):
        everyone = _unique(stated)
        impersonal |= {key(n) for n in everyone if n.startswith(_ORGANISATION)}
        people = [n for n in everyone if not is_outlet(n, outlet_keys) and key(n) not in impersonal]
        if people and not all(_ACCOUNT.search(name) for name in people):
            if len(people) > 1 and origin.startswith(("json-ld", "meta")):
                people = bylines.writers(people, layout)
            return _with_others(people, origin, layout, outlets, outlet_keys)
        if everyone and (fallback is None or (people and not fallback[2] and not people[0].islower())):
            plain = [n.removeprefix(_ORGANISATION) for n in everyone]
            fallback = plain, origin, bool(people)
    if fallback is None or not fallback[2]:
        for stated, origin in signatures.found(layout, outlets, fallback is not None):
            return stated, origin, True
    if fallback is None and (owner := signatures.owner(layout, outlets)):
        return [owner], "name of the site", False
    if fallback is None and (team := _team(doc, structured, layout)):
        return team
    return fallback


def _with_others(
    people: list[str], origin: str, layout: Layout, outlets: list[str], outlet_names: frozenset[str]
) -> tuple[list[str], str, bool]:
    """Where the head names one person and the byline "Ann Name and Ben Other": both."""
    if len(people) != 1 or not origin.startswith(("json-ld", "meta")):
        return people, origin, True
    # A look at the markup saves most pages a look at the layout.
    joined_so = re.escape(people[0]) + r"(?:\s*</?[a-z][^<>]{0,200}>){0,4}" + _JOINS
    if re.search(joined_so, layout.doc.html) and people[0] in (text := bylines.close(layout)):
        joined = re.escape(people[0]) + rf"((?:{_JOINS}[^\W\d_][\w.'’ -]{{4,30}}?)+)(?=$|[,|])"
        if match := re.search(joined, text):
            others = [name for name in names(match[1], outlets, strict=True) if not is_outlet(name, outlet_names)]
            if others and all(map(signatures.is_person, others)):
                return [*people, *others], "byline", True
    return people, origin, True


_JOINS = r"(?:, (?:and )?|\s+(?:and|&(?:amp;)?|und|et|y|e|en|og|och|i|и)\s+)"


def _team(doc: HtmlDoc, structured: Structured, layout: Layout) -> tuple[list[str], str, bool] | None:
    """ "Herald Staff", "The Herald Team": the outlet under another name."""
    for value, origin in (
        (first(structured.article.get("author")), "json-ld author"),
        (doc.meta.get("author", ""), "meta author"),
        *((doc.meta.get(f"twitter:data{n}", ""), f"meta twitter:data{n}") for n in "12" if _is_label(doc, n)),
        *((text, "byline") for text in bylines.texts(layout)),
    ):
        credit = MORE.sub("", PREFIX.sub("", fold(value, 60)))
        if _TEAM.fullmatch(credit) and not GENERIC.match(re.sub("^[Tt]he ", "", credit)):
            return [credit], origin, False
        if credit and origin != "byline" and len(credit.split()) <= 4 and not _NOBODY.search(credit):
            return [credit], origin, False
    return None


_TEAM = re.compile(
    r"Team [A-Z][\w’&-]{2,20}"
    r"|(?:[Tt]he )?[A-Z][\w.'’& -]{2,30} (?:Staff|Team|Editors|Editorial(?: Team| Staff| Board)?)"
)
# What nobody would be told by: the name of the field, of whoever runs the server, of nothing.
_NOBODY = re.compile(
    r"^(?:(?:super|site|web)?-?(?:admin|master)\w*|(?:the )?authors?|null|none|undefined|unknown|n/?a"
    r"|(?:guest|default) ?user"
    r"|user\d*|guest|root|wordpress|by|.|\W*)$|https?:|www\.|@|^\d+$|\.(?:com|org|net)\b|[{}<>]",
    re.I,
)
# What content systems call those who filled them: no person would sign so.
_ACCOUNT = re.compile(
    r"\b(?i:feed|admin\w*|desk|newsroom|wire|import\w*|system|bot|web ?master|redaktion|redaction|redacci[oó]n"
    r"|online)\b|[_\d]|^[a-z][a-z.-]{2,}$|^\w{2,}[a-z][A-Z]\w*$"
)


def of_lines(lines: Sequence[str]) -> list[str]:
    """Names in a line of its own that begins as a byline does: "By Ann Name and Ben Name", "-- By Ann Name"."""
    for line in (line.lstrip("-–—~* ") for line in lines):
        if len(line) <= 90 and is_byline(line) and (people := _unique(names(line, strict=True))):
            return people
    return []


_ORGANISATION = "\0"  # marks the name of a node that says it is an organisation


def _stated(
    doc: HtmlDoc, structured: Structured, outlets: list[str], outlet_names: frozenset[str], layout: Layout
) -> Iterator[tuple[list[str], str]]:
    for node in (structured.article, structured.page):
        for field in ("author", "creator"):
            if people := list(_of_node(node.get(field), structured, outlets, outlet_names)):
                yield people, f"json-ld {field}"
    meta = doc.meta
    for name in _META_NAMES:
        for value in _contents(doc, name) if name in meta else ():
            yield names(value, outlets, surname_first=name.startswith(("dc", "citation"))), f"meta {name}"
    for number in "12":
        if _is_label(doc, number):
            yield names(meta.get(f"twitter:data{number}", ""), outlets), f"meta twitter:data{number}"
    yield from bylines.seen(doc, layout, outlets)
    if parsely := structured.parsely.get("author"):
        yield names(parsely, outlets), "meta parsely-page"


_WRITTEN_BY = re.compile(
    r"(?:written|posted) by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door"
    r"|skriven av|skrevet av|napisane przez|автор|yazan|ditulis oleh|author|autor",
    re.I,
)


def _is_label(doc: HtmlDoc, number: str) -> bool:
    return bool(_WRITTEN_BY.match(doc.meta.get(f"twitter:label{number}", "")))


def _contents(doc: HtmlDoc, name: str) -> list[str]:
    """What the meta elements of a name say: one each for several authors, or the outlet first and then its reporter."""
    values = [
        e.get("content") or "" for e in doc.named["meta"] if (e.get("name") or e.get("property") or "").lower() == name
    ]
    people = [value for value in dict.fromkeys(map(str.strip, values)) if value]
    return (
        [", ".join(people), *people]
        if 1 < len(people) <= 6 and all(" " in p for p in people)
        else people or [doc.meta[name]]
    )


def _of_node(
    value: Any, structured: Structured, outlets: list[str], outlet_names: frozenset[str], depth: int = 0
) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, str):
        if is_outlet(value, outlet_names):  # "The Herald & Gazette" is not two people
            yield fold(value.strip(" ,"), 100)
        else:
            yield from names(value, outlets)
    elif isinstance(value, list):
        for item in value[:30]:
            yield from _of_node(item, structured, outlets, outlet_names, depth + 1)
    elif isinstance(value, dict):
        node: Node = value
        if not node.get("name") and isinstance(node.get("@id"), str):
            node = structured.by_id.get(node["@id"], node)
        if not node.get("name") and (node.get("givenName") or node.get("familyName")):
            node = {**node, "name": f"{first(node.get('givenName'))} {first(node.get('familyName'))}".strip()}
        organisation = bool(types(node) & {"Organization", "NewsMediaOrganization", "Corporation"})
        organisation = organisation or any(_ADMIN.search(str(node.get(name))) for name in ("@id", "url"))
        for name in _of_node(node.get("name"), structured, outlets, outlet_names, depth + 1):
            yield _ORGANISATION + name if organisation and not is_agency(name) else name


_ADMIN = re.compile(r"/author/(?:admin|administrator|webmaster|root)/?(?:#|$)", re.I)  # signs for everybody


def _unique(stated: list[str]) -> list[str]:
    by_key: dict[str, str] = {}
    for name in stated:
        by_key.setdefault(key(name), name)
    return list(by_key.values())[:20]


def is_outlet(name: str, outlet_names: frozenset[str]) -> bool:
    name_key = key(re.sub(r"^the\s+", "", name, flags=re.I))
    return key(name) in outlet_names or any(
        name_key == o or (len(o) >= 5 and len(name_key) >= 4 and (name_key.startswith(o) or o.startswith(name_key)))
        for o in outlet_names
    )
