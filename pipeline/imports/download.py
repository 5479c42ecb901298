"""An archive's address -> a temporary file: after damage the next record is found only where one can go back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .. import store
from ..errors import NewsmillError
from ..project import Project

MOST = 4_000_000_000  # bytes of one archive; Common Crawl's have 1 GB


@contextmanager
def opened(project: Project, where: str, internal: bool) -> Iterator[IO[bytes]]:
    """The bytes of a path or an address. Raises NewsmillError."""
    if "://" not in where:
        try:
            with Path(where).open("rb") as file:
                yield file
        except OSError as error:
            raise NewsmillError(f"{where}: {error.strerror or error}") from None
        return
    project.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=project.state) as temporary:
        _fetch(project, where, internal, temporary)
        temporary.seek(0)
        yield temporary


def _fetch(project: Project, url: str, internal: bool, held: IO[bytes]) -> None:
    from ..fetch.client import Client
    from ..fetch.context import need_contact, user_agent
    from ..fetch.messages import Limits, Request

    cfg = project.config.fetch
    need_contact(cfg)
    ca_file = str(project.root / cfg.ca_file) if cfg.ca_file else None
    client = Client(user_agent(cfg.contact), Limits(seconds=6 * 3600, idle=60, body=MOST), ca_file)
    failed: list[OSError] = []

    def put(piece: bytes) -> None:
        try:
            held.write(piece)
        except OSError as error:
            failed.append(error)
            raise

    answer = client.get(Request(url, internal=internal), put)
    if failed:
        raise store.refused(project.state, failed[0]) from failed[0]
    status = getattr(answer, "status", None)
    if status != 200:
        raise NewsmillError(f"{url}: {getattr(answer, 'detail', f'HTTP {status}')}")
