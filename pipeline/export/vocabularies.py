"""Identifiers of controlled vocabularies as URIs."""

from __future__ import annotations

MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"


def topic_uri(identifier: str) -> str | None:
    """The IPTC's URI of a Media Topic; None for a tag of the user's own.

    >>> topic_uri("medtop:11000000")
    'http://cv.iptc.org/newscodes/mediatopic/11000000'
    """
    return MEDIATOPIC + identifier.removeprefix("medtop:") if identifier.startswith("medtop:") else None
