"""What a page, its answer and its site say of rights -> Rights: licence, holder, text and data mining, robots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ... import urls
from ...model import Rights, Tdm
from ..htmldoc import HtmlDoc
from .structured import Structured, first, fold

Stated = Iterable[tuple[str | None, str]]  # values, best first, each with its origin
Headers = tuple[tuple[str, str], ...]  # of the answer, names lower-cased
_TDM: dict[str | None, Tdm] = {"1": "reserved", "0": "allowed"}
_ROBOTS = ("noai", "noimageai", "noarchive")
_SITE = "newsmill-"  # before the names under which fetch keeps what the site's tdmrep.json says of a page
_OF_A_PICTURE = ("figure", "figcaption")


def of_html(doc: HtmlDoc, structured: Structured, headers: Headers = ()) -> Rights | None:
    """Headers go before metas, metas before JSON-LD, and what the page says before its site's tdmrep.json."""
    return _settled(
        headers,
        doc.meta,
        doc.url,
        {
            "licence": _licences(doc, structured),
            "holder": _of_nodes(structured, "copyrightHolder"),
            "notice": _notices(doc, structured),
        },
    )


def of_headers(headers: Headers, url: str | None) -> Rights | None:
    """The same of a page without markup."""
    return _settled(headers, {}, url, {})


def _settled(headers: Headers, meta: Mapping[str, str], url: str | None, texts: dict[str, Stated]) -> Rights | None:
    found: dict[str, str] = {}
    sent = dict(headers)

    def chosen(name: str, values: Stated) -> str | None:
        for value, origin in values:
            if value and (statement := fold(value, 500)):
                found[name] = origin
                return statement
        return None

    def stated(name: str) -> Stated:
        return (
            (sent.get(name), f"header {name}"),
            (meta.get(name), f"meta {name}"),
            (sent.get(_SITE + name), "tdmrep.json"),
        )

    tdm = _TDM.get(chosen("tdm", ((v, origin) for v, origin in stated("tdm-reservation") if v in _TDM)), "unknown")
    policy = urls.clean(chosen("tdm_policy", stated("tdm-policy")), url)
    if policy is None:
        found.pop("tdm_policy", None)
    robots = _robots(headers, meta, found)
    licence, holder, notice = (chosen(name, texts.get(name, ())) for name in ("licence", "holder", "notice"))
    return Rights(licence, holder, notice, tdm, policy, robots, dict(sorted(found.items()))) if found else None


def _robots(headers: Headers, meta: Mapping[str, str], found: dict[str, str]) -> tuple[str, ...]:
    """Directives of those that speak of archives and models; "somebot: noai" is one for us too."""
    origins: dict[str, str] = {}
    stated = [(value, f"header {name}") for name, value in headers if name == "x-robots-tag"]
    stated += [(meta[name], f"meta {name}") for name in ("robots", "newsmill") if name in meta]
    for value, origin in stated:
        for word in value.lower().split(","):
            origins.setdefault(word.rpartition(":")[2].strip(), origin)
    rules = tuple(rule for rule in _ROBOTS if rule in origins)
    if rules:
        found["robots"] = ", ".join(dict.fromkeys(origins[rule] for rule in rules))
    return rules


def _licences(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str | None, str]]:
    """A link's, unless it stands in a figure: that licence is the picture's."""
    for tag in ("link", "a"):
        for element in doc.named[tag]:
            if not (rel := element.get("rel")) or "license" not in rel.lower().split():
                continue
            if next(element.iterancestors(*_OF_A_PICTURE), None) is None:
                yield urls.clean(element.get("href"), doc.url), f"{tag} rel=license"
    yield from _of_nodes(structured, "license", "usageInfo")


def _of_nodes(structured: Structured, *names: str) -> Iterator[tuple[str | None, str]]:
    for node in (structured.article, structured.page):
        for name in names:
            value = node.get(name)
            if isinstance(value, dict) and not value.get("name"):
                value = value.get("url") or value.get("@id")
            yield first(value), f"json-ld {name}"


def _notices(doc: HtmlDoc, structured: Structured) -> Iterator[tuple[str | None, str]]:
    yield first(structured.article.get("copyrightNotice")), "json-ld copyrightNotice"
    for name in ("copyright", "dc.rights", "dcterms.rights", "rights"):
        yield doc.meta.get(name), f"meta {name}"
