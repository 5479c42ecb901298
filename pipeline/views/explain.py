"""Prints why an article counts as a copy, and why it has its topics: `newsmill explain`."""

from __future__ import annotations

from typing import Any

from .. import tag
from ..console import paragraphs, side_by_side, table
from ..dedup.align import Row
from ..model import Duplicate
from ..project import Project
from ..query.explain import duplicate, topics
from ..query.lookup import Found
from ..query.threads import membership
from . import threads


def show(project: Project, entry: Found, *, only_topics: bool) -> None:
    """The verdict with both texts side by side, then the topics with the words that decided."""
    if not only_topics:
        why = duplicate(project, entry)
        if why["duplicate"] is None:
            paragraphs(["No duplicate: nothing before it is the same story."])
        else:
            _verdict(entry, why["duplicate"], why["other"], why["rows"])
        threads.why(membership(project, entry.batch, entry.article.id))
    _topics(topics(project, entry))


def _verdict(entry: Found, row: Duplicate, other: Found | None, rows: list[Row]) -> None:
    table(("", ""), [
        ("relation", f"{row.relation}: {MEANING[row.relation]}"),
        ("this", _name(entry)),
        ("compared with", _name(other) if other else row.matched_id),
        ("cluster", row.cluster_id + (" also touches " + ", ".join(row.also) if row.also else "")),
        ("containment", f"{row.containment:.3f} of the shorter text's 3-word shingles are in the longer one"),
        ("jaccard", f"{row.jaccard:.3f} of all shingles of both are shared"),
        ("covered", f"{row.covered:.3f} of this text is in the other one"),
    ])  # fmt: skip
    if rows:
        side_by_side(
            ("this article", "the one it was compared with"),
            [(_marked(r.left, "first"), _marked(r.right, "second")) for r in rows],
        )


MEANING = {
    "same": "address and text again, nothing new",
    "revision": "the same address with a changed text",
    "exact": "another address, the same text",
    "near": "most of both texts is shared",
    "part": "most of the shorter text is in the longer one",
}


def _name(entry: Found) -> str:
    a = entry.article
    return f"{a.id}  {a.title or '(no title)'}  [{a.source or 'no source'}, {a.published_at or entry.batch}]"


def _marked(spans: tuple[Any, ...], own: str) -> list[tuple[str, bool]]:
    """(text, is it only here) for each span."""
    return [(span.text, span.side == own) for span in spans]


def _topics(explained: tag.Explained) -> None:
    chosen = {topic.id for topic in explained.tags.topics}
    lines: list[tuple[object, ...]] = [
        ("tag" if topic.id in chosen else "", f"{topic.confidence:.2f}", topic.label, topic.id,
         ", ".join(f"{word} {weight:+.1f}" for word, weight in topic.words[:8]))
        for topic in explained.topics[:12]
    ]  # fmt: skip
    lines += [("rule" if fired.fired else "", "", fired.rule, fired.tag, fired.why) for fired in explained.rules]
    table(("", "confidence", "topic", "code", "words that decided"), lines)
