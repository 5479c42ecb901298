"""Records -> a folder of Markdown files with front matter, one a record, for static sites and note-taking programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .. import store
from ..errors import UsageError
from . import markup
from .columns import published_day
from .options import Options

OURS = re.compile(r"(?:\d{4}-\d\d-\d\d|undated)-([0-9a-f]{32})[\w-]*\.md")
FRONT = (
    "id", "title", "url", "source", "authors", "published_at", "modified_at", "fetched_at", "language", "section",
    "genre", "keywords", "cluster_id", "relation", "matched_id", "content_hash",
)  # fmt: skip


def write(rows: Iterable[dict[str, Any]], folder: Path, options: Options) -> int:
    """Files of an earlier export that no record has any more are removed; others in the folder are left alone.

    With changes only files of records that changed or went are touched.

    Raises UsageError where `folder` is a file, NewsmillError where the disk refuses.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; a folder is needed")
    written: set[str] = set()
    changes = options.changes
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for row in rows:
            name = _name(row, written)
            written.add(name)
            temporary = folder / f".{name}.tmp"
            temporary.write_text(page(row), encoding="utf-8", errors="replace", newline="\n")
            temporary.replace(folder / name)
        for old in folder.iterdir():
            ours = OURS.fullmatch(old.name)
            if not ours or old.name in written or not (changes is None or ours[1] in changes.events):
                continue
            if _begins_with(old, ours[1]):
                old.unlink()
    except OSError as error:
        raise store.refused(folder, error) from error
    return len(written)


def _begins_with(path: Path, id: str) -> bool:
    """Whether a file is one of ours by its first lines too: a name with a date is any blog's."""
    with path.open("rb") as file:
        return file.read(100).startswith(f'---\nid: "{id}"\n'.encode())


def _name(row: dict[str, Any], taken: set[str]) -> str:
    """The day and the id; a further revision of one article has its content hash too."""
    base = f"{published_day(row) or 'undated'}-{row['id']}"
    names = (f"{base}.md", *(f"{base}-{row['content_hash'][:n]}.md" for n in (8, 64)))
    free = next((name for name in names if name not in taken), None)
    return free or f"{base}-{len(taken)}.md"


def page(row: dict[str, Any]) -> str:
    return "\n".join(["---", *_front(row), "---", "", markup.markdown(row)])


def _front(row: dict[str, Any]) -> Iterator[str]:
    """YAML whose values are written as JSON, which is YAML too: no title can break out of its line."""
    for name in FRONT:
        if row[name] not in (None, []):
            yield f"{name}: {_yaml(row[name])}"
    if row["topics"]:
        yield f"topics: {_yaml([topic['label'] for topic in row['topics']])}"
    if row["places"]:
        yield f"places: {_yaml([place['name'] for place in row['places']])}"
    if row.get("names"):
        yield f"names: {_yaml([name['name'] for name in row['names']])}"


def _yaml(value: Any) -> str:
    """Non-ASCII line ends (U+0085, U+2028) and characters that YAML forbids stand as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", text)
