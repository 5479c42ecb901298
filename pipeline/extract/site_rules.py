"""What the user knows better about one site ([[site]] in config.toml) -> a smaller tree, lines taken off, a date found.

Selectors work on a copy of the tree, so that metadata is read from the whole page. What they take off is listed under
the rule "site", like everything else that is taken off.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .. import urls
from ..config.sections import SiteRule
from ..model import Line
from .values import Meta

if TYPE_CHECKING:
    from .htmldoc import HtmlDoc

RULE = "site"

# strptime's directives -> what they match. Names are looked up in `dates.MONTHS`, whatever the machine's locale is.
_DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})", "e": r"(?P<d>\d{1,2})", "m": r"(?P<m>\d{1,2})", "Y": r"(?P<Y>\d{4})", "y": r"(?P<y>\d{2})",
    "B": r"(?P<B>[^\W\d_]+)", "b": r"(?P<B>[^\W\d_]+\.?)", "A": r"[^\W\d_]+", "a": r"[^\W\d_]+\.?",
    "H": r"(?P<H>\d{1,2})", "I": r"(?P<H>\d{1,2})", "M": r"(?P<M>\d{2})", "S": r"(?P<S>\d{2})",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?)", "z": r"(?P<z>[+-]\d\d:?\d\d|Z)", "%": "%",
}  # fmt: skip


def rules_for(sites: Sequence[SiteRule], *addresses: str | None) -> tuple[SiteRule, ...]:
    """The rules that speak of a page's host or of what it is a subdomain of."""
    return for_hosts(sites, {host for address in addresses if (host := urls.host_of(address))})


def for_hosts(sites: Sequence[SiteRule], hosts: Collection[str]) -> tuple[SiteRule, ...]:
    """The rules that speak of one of these hosts."""
    return tuple(
        rule
        for rule in sites
        if any(host == name or host.endswith("." + name) for host in hosts for name in [plain_host(rule.host)])
    )


def faults(rule: SiteRule) -> list[str]:
    """What is wrong with a rule, for the config's own check: "drop: not a CSS selector: ..."."""
    messages = []
    for name in ("keep", "drop"):
        for selector in getattr(rule, name):
            try:
                _selector(selector)
            except Exception as error:
                messages.append(f"{name}: not a CSS selector: {selector!r}: {error}")
    for pattern in rule.drop_lines:
        try:
            re.compile(pattern)
        except re.error as error:
            messages.append(f"drop_lines: not a regular expression: {pattern!r}: {error}")
    if rule.date_format is not None:
        try:
            _date_pattern(rule.date_format)
        except ValueError as error:
            messages.append(f"date_format: {error}: {rule.date_format!r}")
    return messages


def cut(doc: HtmlDoc, rules: Sequence[SiteRule]) -> tuple[HtmlDoc, list[Any]]:
    """The document without what the rules take off, and the elements that went. The given one is not touched.

    A `keep` selector that matches nothing is passed over: the site has changed, and a whole page is better than none.
    """
    if not any(rule.keep or rule.drop for rule in rules):
        return doc, []
    tree = copy.deepcopy(doc.tree)
    gone: list[Any] = []
    for rule in rules:
        gone += _remove(_matches(tree, rule.drop))
        if kept := _outermost(_matches(tree, rule.keep)):
            gone += _remove(_others(tree, kept))
    smaller = copy.copy(doc)
    smaller.tree = tree
    return smaller, gone


def drop_lines(lines: Iterable[Line], rules: Sequence[SiteRule]) -> tuple[Line, ...]:
    """Lines of the story that match a rule's pattern go under the rule "site"."""
    patterns = [re.compile(pattern) for rule in rules for pattern in rule.drop_lines]
    return tuple(
        replace(line, rule=RULE) if line.rule is None and any(p.search(line.text) for p in patterns) else line
        for line in lines
    )


def merged(lines: Sequence[Line], gone: Sequence[str], order: Sequence[str]) -> tuple[Line, ...]:
    """Lines and those of the elements taken off, in page order as far as `order`, all of the page's lines, knows it."""
    place: dict[str, int] = {}
    for number, text in enumerate(order):
        place.setdefault(text, number)
    numbered: list[tuple[int, int, Line]] = []
    last = 0
    for line in lines:
        last = place.get(line.text, last)
        numbered.append((last, len(numbered), line))
    last = 0
    for text in gone:
        last = place.get(text, last)
        numbered.append((last, len(numbered), Line(text, RULE)))
    return tuple(line for _, _, line in sorted(numbered, key=lambda item: item[:2]))


def dated(meta: Meta, lines: Iterable[str], rules: Sequence[SiteRule], accept: Callable[[str], bool]) -> Meta:
    """The date in the form that a rule's `date_format` describes, unless one was given with the page."""
    if meta.found.get("published_at") == "given with the page":
        return meta
    for pattern in [_date_pattern(rule.date_format) for rule in rules if rule.date_format]:
        for text in lines:
            match = pattern.search(text) if len(text) <= 200 else None
            if match and (stamp := _stamp(match.groupdict())) and accept(stamp):
                return replace(meta, published_at=stamp, found={**meta.found, "published_at": "site rule"})
    return meta


def plain_host(host: str) -> str:
    return host.lower().removeprefix("www.").strip(".")


@functools.cache
def _selector(selector: str) -> Any:
    from lxml.cssselect import CSSSelector

    return CSSSelector(selector, translator="html")


def _matches(tree: Any, selectors: Iterable[str]) -> list[Any]:
    return [element for selector in selectors for element in _selector(selector)(tree)]


def _outermost(elements: list[Any]) -> list[Any]:
    chosen = set(elements)
    return [e for e in dict.fromkeys(elements) if not any(above in chosen for above in e.iterancestors())]


def _others(tree: Any, kept: list[Any]) -> list[Any]:
    """The largest elements of the body that hold nothing of what is kept, and are not inside it."""
    chosen = set(kept)
    path = {above for element in kept for above in element.iterancestors()}
    body = tree.find("body")
    elements: list[Any] = []
    todo = [body] if body is not None else []
    while todo:
        element = todo.pop()
        for child in element:
            if child in path:
                todo.append(child)
            elif child not in chosen:
                elements.append(child)
    return elements


def _remove(elements: list[Any]) -> list[Any]:
    gone = []
    for element in _outermost(elements):
        if element.getparent() is not None and element.tag not in ("html", "body"):
            element.drop_tree()
            element.tail = None
            gone.append(element)
    return gone


@functools.cache
def _date_pattern(form: str) -> re.Pattern[str]:
    """A pattern with named groups for a strptime format. Raises ValueError for what it does not know."""
    out, names = "", set()
    position = 0
    while position < len(form):
        char = form[position]
        if char == "%":
            position += 1
            name = form[position : position + 1].lstrip("-")
            if form[position : position + 1] == "-":  # glibc's %-d
                position += 1
                name = form[position : position + 1]
            if name not in _DIRECTIVES:
                raise ValueError(f"unknown directive %{name}")
            if name in names:
                raise ValueError(f"%{name} stands twice")
            names.add(name)
            out += _DIRECTIVES[name]
        else:
            out += r"\s+" if char.isspace() else re.escape(char)
        position += 1
    if not (names & {"Y", "y"} and names & {"m", "B", "b"} and names & {"d", "e"}):
        raise ValueError("a date needs a day, a month and a year")
    try:
        return re.compile(rf"(?<!\d){out}(?!\d)")
    except re.error:
        raise ValueError("a part stands twice") from None


def _stamp(parts: dict[str, str | None]) -> str | None:
    from .metadata import dates

    month = parts.get("m") or dates.MONTHS.get(dates.fold((parts.get("B") or "").rstrip(".")))
    year = parts.get("Y") or f"20{parts.get('y')}"
    clock = ""
    if parts.get("H") and parts.get("M"):
        half = (parts.get("p") or "").replace(".", "")
        clock = f" {parts['H']}:{parts['M']}:{parts.get('S') or '00'} {half}{parts.get('z') or ''}"
    return dates.parse(f"{year}-{month}-{parts.get('d')}{clock}") if month else None
