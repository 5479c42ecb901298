"""Records -> plain text for reading or for counting words: title, standfirst and text of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from .options import Options

BETWEEN = "\n\n* * *\n\n"


def write(rows: Iterable[dict[str, Any]], file: IO[bytes], options: Options) -> int:
    """Records are divided by a line of three asterisks."""
    count = 0
    for count, row in enumerate(rows, 1):
        file.write(((BETWEEN if count > 1 else "") + story(row)).encode("utf-8", "replace"))
    if count:
        file.write(b"\n")
    return count


def story(row: dict[str, Any]) -> str:
    """Title, standfirst where it is not in the text anyhow, text; paragraphs are divided by a blank line."""
    paragraphs = row["text"].split("\n\n")
    above = [row["title"], row["standfirst"] if row["standfirst"] not in paragraphs else None]
    return "\n\n".join([*filter(None, above), *paragraphs])
