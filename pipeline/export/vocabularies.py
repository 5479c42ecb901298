"""Identifiers as URIs: those of controlled vocabularies, and our own of articles."""

from __future__ import annotations

MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


def urn(id: str) -> str:
    """The name of an article for the whole world: its address may be missing or no valid URI.

    >>> urn("9f2c")
    'urn:newsmill:9f2c'
    """
    return f"urn:newsmill:{id}"


def topic_uri(identifier: str) -> str | None:
    """The IPTC's URI of a Media Topic; None for a tag of the user's own.

    >>> topic_uri("medtop:11000000")
    'http://cv.iptc.org/newscodes/mediatopic/11000000'
    """
    return MEDIATOPIC + identifier.removeprefix("medtop:") if identifier.startswith("medtop:") else None
