"""The CDXJ indexes of a WACZ file -> the same without the lines of removed records, with the offsets of now.

An index is plain (`index.cdx`), or gzip in blocks of lines (`index.cdx.gz`) with a second file (`index.idx`)
that says where each block begins.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...formats.lines import lines as all_lines

MAX_LINE = 1 << 20
BLOCK = 300  # lines of a gzip block: as cdxj-indexer writes them

Move = Callable[[str, int, int], tuple[int, int] | None]  # (file, offset, length) -> those of now, None if removed
Gone = Callable[[object], bool]  # whether an address is a removed page's


class Foreign(Exception):
    """An index in a form that is not known: what it says of offsets cannot be renewed."""


@dataclass
class Blocks:
    """Where the blocks of one packed index lie."""

    name: str
    rows: list[tuple[bytes, int, int, str]] = field(default_factory=list)  # (first key and time, offset, length, hash)


def lines(pieces: Iterable[bytes], most: int = MAX_LINE) -> Iterator[bytes]:
    """Whole lines, each with its end. Raises Foreign for one longer than any of an index."""
    for line in all_lines(pieces, most):
        if len(line) > most and not line.endswith(b"\n"):
            raise Foreign(f"a line of over {most} bytes")
        yield line


def renewed(every: Iterable[bytes], move: Move, gone: Gone) -> Iterator[bytes]:
    """The lines of an index that stay. Raises Foreign for an index that is not CDXJ."""
    for line in every:
        if not line.strip() or line.startswith(b"!meta"):
            yield line
            continue
        key, _, text = line.partition(b" {")
        row = parsed(b"{" + text)
        if row is None:
            raise Foreign("not CDXJ")
        if gone(row.get("url")):
            continue
        changed = _moved(row, move)
        if changed is not None:
            yield line if changed == row else key + b" " + json.dumps(changed).encode() + b"\n"


def parsed(text: bytes) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _moved(row: dict[str, Any], move: Move) -> dict[str, Any] | None:
    """A row with its record's place of now, numbers and texts as they were; None where the record was removed."""
    try:
        place = str(row["filename"]), int(row["offset"]), int(row.get("length") or 0)
    except (KeyError, TypeError, ValueError):
        raise Foreign("a line without filename or offset") from None
    now = move(*place)
    if now is None:
        return None
    changed = dict(row)
    for name, value in zip(("offset", "length"), now, strict=True):
        if name in row and int(row[name] or 0) != value:
            changed[name] = str(value) if isinstance(row[name], str) else value
    return changed


def pack(kept: Iterable[bytes], write: Callable[[bytes], object], blocks: Blocks) -> None:
    """Write lines as gzip blocks, and note each block's place."""
    held: list[bytes] = []
    offset = 0

    def flush() -> None:
        nonlocal offset
        if held:
            data = gzip.compress(b"".join(held), mtime=0)
            write(data)
            digest = "sha256:" + hashlib.sha256(data).hexdigest()
            blocks.rows.append((held[0].partition(b" {")[0], offset, len(data), digest))
            offset += len(data)
            held.clear()

    for line in kept:
        held.append(line)
        if len(held) == BLOCK:
            flush()
    flush()
    if not offset:
        write(gzip.compress(b"", mtime=0))


def second(old: Iterable[bytes], packed: list[Blocks]) -> Iterator[bytes]:
    """The second index anew. Raises Foreign where it does not say which packed index it is of."""
    every = iter(old)
    first = next(every, b"")
    sample = next(every, b"") if first.startswith(b"!meta") else first
    name = (parsed(first[first.find(b"{") :]) or {}).get("filename")
    named = [blocks for blocks in packed if blocks.name == name] or packed
    if len(named) != 1:
        raise Foreign("it does not say of which index it is")
    meta = {"format": "cdxj-gzip-1.0", "filename": named[0].name}
    yield b"!meta 0 " + json.dumps(meta).encode() + b"\n"
    for key, offset, length, digest in named[0].rows:
        row: dict[str, object] = {"offset": offset, "length": length}
        if b'"digest"' in sample:
            row["digest"] = digest
        yield key + b" " + json.dumps(row).encode() + b"\n"
