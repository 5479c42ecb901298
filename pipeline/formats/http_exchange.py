"""One HTTP request and its response, as the client hands it to the WARC writer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Response:
    """One hop: redirects are followed by the caller."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]  # as sent, in order
    body: bytes  # transfer and content encoding undone
    address: str  # the address that answered
    request: tuple[tuple[str, str], ...]  # the headers we sent
    seconds: float

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)
