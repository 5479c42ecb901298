"""Untrusted XML -> an lxml tree, without entities, DTDs or network."""

from __future__ import annotations

from typing import Any

from .items import NotAListing


def xml_root(body: bytes, charset: str | None = None) -> Any:
    """The root of a stranger's XML: no entity is expanded, no DTD loaded, nothing fetched, broken markup mended.

    Linear in the size of the body: 100,000 items take 0.6 s, where feedparser needs minutes. Raises NotAListing.
    """
    from lxml import etree

    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.startswith(b"<") and b"\0" not in body[:4]:
        raise NotAListing("no XML")
    encoding = charset if charset and b"encoding" not in body[:200] else None
    for name in dict.fromkeys((encoding, None)):
        try:
            parser = etree.XMLParser(
                resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True,
                remove_pis=True, huge_tree=False, encoding=name,
            )  # fmt: skip
            root = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, LookupError, ValueError):
            continue
        if root is not None:
            return root
    raise NotAListing("XML that cannot be read")


def local(element: Any) -> str:
    """Tag name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
