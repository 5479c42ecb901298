"""Drafts of one batch -> Repeats: the lines that each source shows on several of its different stories."""

from __future__ import annotations

import hashlib
import re
from collections import Counter as _Count
from collections.abc import Iterable, Iterator

from .draft import Draft

_FOLD = re.compile(r"[\W\d_]+")


def line_hash(text: str) -> int:
    """63-bit hash of a line: case, digits and punctuation do not matter; the same in every process."""
    folded = _FOLD.sub(" ", text.lower()).strip() or text
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest()) >> 1


class Repeats:
    """The furniture of each source: hashes of lines that recur over its different stories."""

    def __init__(self, counts: dict[str, dict[int, int]], pages: dict[str, int]) -> None:
        self.counts = counts
        self.pages = pages

    def furniture(self, source: str | None) -> frozenset[int]:
        return frozenset(self.counts.get(source or "", ()))

    def to_rows(self) -> Iterator[dict[str, object]]:
        """Rows of repeats.jsonl, by source and hash."""
        for source in sorted(self.counts):
            for key in sorted(self.counts[source]):
                yield {"source": source, "hash": key, "count": self.counts[source][key], "pages": self.pages[source]}

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, object]]) -> Repeats:
        counts: dict[str, dict[int, int]] = {}
        pages: dict[str, int] = {}
        for row in rows:
            source = str(row["source"])
            counts.setdefault(source, {})[int(str(row["hash"]))] = int(str(row["count"]))
            pages[source] = int(str(row["pages"]))
        return cls(counts, pages)


class Counter:
    """Counts the lines of one batch, page by page."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count[int]] = {}
        self._pages: _Count[str] = _Count()

    def add(self, draft: Draft) -> None:
        source = draft.meta.source
        if source is None:
            return
        self._pages[source] += 1
        self._counts.setdefault(source, _Count()).update(set(draft.furniture))

    def finish(self) -> Repeats:
        kept = {s: {k: n for k, n in c.items() if n >= 3} for s, c in self._counts.items()}
        return Repeats({s: c for s, c in kept.items() if c}, dict(self._pages))
