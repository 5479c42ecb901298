"""A server's answer, as archives hold it (WARC, ARC, HAR) -> Page or Skipped: by status, declared type and content."""

from __future__ import annotations

import re

from ..formats.content_type import is_document, sniff
from ..formats.http_message import Response
from ..formats.surrogates import clean
from ..model import Page, Skipped
from .fields import web_url
from .sidecar import charset
from .source import Source

PAGES = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml", "application/octet-stream")
# Declared types that no page has. Others ("html", "unknown/unknown") say nothing: the content decides.
_OTHERS = re.compile(
    r"(?:image|audio|video|font|model)/|text/(?:css|csv|calendar|vcard|javascript|ecmascript|x-json|tab-separated)"
    r"|application/(?:[\w.+-]*json|[\w.+-]*javascript|(?:x-)?ecmascript|pdf|zip|(?:x-)?gzip|x-tar|rss\+xml|atom\+xml|"
    r"rdf\+xml|manifest|x-mpegurl|vnd\.|font|x-font|wasm|x-shockwave|msword|dash\+xml|protobuf|graphql)", re.I
)  # fmt: skip
# Files for machines that are text: by their address, for nothing in them says so.
_FOR_MACHINES = re.compile(
    r"https?://[^/?#]+(?:/\.well-known/[^?#]*|/(?:robots|ads|app-ads|sellers|humans|security|llms|llms-full)\.(?:txt|json))(?:[?#]|$)",
    re.I,
)


def page(
    source: Source,
    key: str | None,
    target: str | None,
    got: Response,
    *,
    fetched_at: str | None = None,
    named: str | None = None,
    flags: tuple[str, ...] = (),
) -> Page | Skipped:
    """`target` is the address as the archive gives it, `named` the source it was fetched for."""
    all_flags = list(flags)
    url = web_url(target, all_flags)
    if got.status not in (200, 203):
        return source.skipped("not-a-page", f"HTTP {got.status}", key, got.body, url)
    declared = next((v for k, v in got.headers if k == "content-type"), "").strip().lower()
    content = sniff(got.body)
    if isinstance(content, tuple):
        return source.skipped(*content, key, got.body, url)
    if _OTHERS.match(declared) and not is_document(got.body):
        return source.skipped("not-html", f"declared as {clean(declared)[:60]}", key, got.body, url)
    if content == "text" and declared and not declared.startswith(PAGES):
        return source.skipped("not-html", declared[:60], key, got.body, url)
    if content == "text" and url and _FOR_MACHINES.match(url):
        return source.skipped(
            "not-a-page", "a file for machines: robots.txt, ads.txt and their like", key, got.body, url
        )
    return Page(
        raw=source.at(key, got.body),
        body=got.body,
        kind=content,
        charset=charset(got.headers),
        url=url,
        fetched_at=fetched_at,
        source=named,
        headers=got.headers,
        flags=tuple(all_flags),
    )
