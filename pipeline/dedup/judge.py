"""What one article shares with earlier ones -> its relation to each of them, and the verdict on it.

`compared` looks at two articles alone, so pairs can be compared in any order and anywhere; `judge` needs the clusters
of the earlier articles, so articles that touch each other are judged in their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..config import DedupConfig
from ..model import Duplicate, Relation
from .compare import repeats
from .known import Known
from .profile import WHOLE, Likeness, compare
from .tokens import fold

FRESH, LATE = 4 * 86400.0, 0.9  # seconds after which a copy has to hold so much of the text
SHORT = 20  # words from which the same text under another title is a copy: below are captions and notes


@dataclass(frozen=True, slots=True)
class Repeated:
    """An earlier article that an article repeats."""

    number: int  # its place in the order of all articles
    id: str
    source: str
    relation: Relation
    likeness: Likeness


def compared(article: Known, number: int, earlier: Known, cfg: DedupConfig) -> Repeated | None:
    """What an article is to an earlier one, which has this number; None where it does not repeat it."""
    if (result := _relation(article, earlier, cfg)) is None:
        return None
    relation, likeness = result
    return Repeated(number, earlier.id, earlier.source, relation, likeness)


def judge(id: str, agency: str, repeated: Sequence[Repeated], clusters: Mapping[int, str]) -> Duplicate | None:
    """The verdict on the article of this id, given the earlier ones it repeats.

    `agency` is the one it names as its origin, or ""; `clusters` holds those of earlier articles, by number, that do
    not head their own.
    """
    if not repeated:
        return None
    # The same article first, then the same text, then most of it; among equals the one that came first.
    order = {"same": 0, "revision": 1, "exact": 2, "near": 3, "part": 3}
    matches = sorted(repeated, key=lambda m: (
        order[m.relation], -m.number if m.relation == "revision" else 0, -m.likeness.containment, m.number,
    ))  # fmt: skip
    cluster = {m.number: clusters.get(m.number, m.id) for m in matches}
    best = matches[0]
    if best.relation in ("near", "part"):
        home = _home(matches, cluster)
        best = next(m for m in matches if cluster[m.number] == home)
    if agency and best.relation not in ("same", "revision"):
        of_source = (m for m in matches if cluster[m.number] == cluster[best.number] and is_from(m.source, agency))
        best = next(of_source, best)
    also = dict.fromkeys(cluster[m.number] for m in matches if cluster[m.number] != cluster[best.number])
    return Duplicate(
        id=id,
        cluster_id=cluster[best.number],
        relation=best.relation,
        matched_id=best.id,
        jaccard=round(best.likeness.jaccard, 4),
        containment=round(best.likeness.containment, 4),
        covered=round(best.likeness.covered, 4),
        also=tuple(also),
    )


def _home(matches: Sequence[Repeated], cluster: Mapping[int, str]) -> str:
    """The cluster that a copy shares most with, over all its matches there.

    By the best match alone the copies of a story that first came in as two halves would part again, each with the half
    that happens to be worded like it.
    """
    shared: dict[str, float] = {}
    for m in matches:
        shared[cluster[m.number]] = shared.get(cluster[m.number], 0.0) + m.likeness.containment
    return max(shared, key=lambda cluster: shared[cluster])


def is_from(source: str, agency: str) -> bool:
    """Whether an outlet is the agency itself: "apnews.com" is AP, "maple.example" is not."""
    name = _squashed(agency)
    spellings = (name, f"{name}news", f"{name}agency")
    labels = [_squashed(label) for label in source.split(".")]
    return bool(name) and any(label in spellings or (len(name) >= 5 and label.startswith(name)) for label in labels)


def _squashed(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _relation(article: Known, earlier: Known, cfg: DedupConfig) -> tuple[Relation, Likeness] | None:
    same_text = article.content_hash == earlier.content_hash
    if article.id == earlier.id:
        likeness = WHOLE if same_text else compare(article.profile, earlier.profile)
        # The very same page may have lost other lines here: what a source repeats is counted anew in each batch.
        same = same_text or bool(article.page and article.page == earlier.page)
        return "same" if same else "revision", likeness
    apart = abs(article.time - earlier.time) if article.time is not None and earlier.time is not None else 0.0
    if apart > cfg.window_days * 86400:
        return None
    if same_text and (size := len(article.profile.words)) and (size >= SHORT or article.title == earlier.title):
        return "exact", WHOLE
    if len(article.profile.words) >= SHORT and np.array_equal(article.profile.words, earlier.profile.words):
        return "near", WHOLE  # in other letters: capitals, another script
    shared = repeats(article.profile, earlier.profile, cfg.threshold, (article.title, earlier.title))
    if shared is None or (apart > FRESH and shared.containment < LATE):
        return None
    return "near" if shared.jaccard >= cfg.near_jaccard else "part", shared
