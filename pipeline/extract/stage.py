"""raw/<batch> -> clean/<batch>/articles.jsonl, skipped.jsonl, repeats.jsonl."""

from __future__ import annotations

import collections
from typing import Any

from .. import store
from ..manage import prune
from ..model import Article, Skipped
from ..pages import Batch
from ..project import Project
from ..urls import canonical_key
from .boilerplate import Counter
from .draft_cache import Spool
from .finalize import settle
from .values import Draft


def run(project: Project, batch: Batch, progress: store.Progress) -> dict[str, Any]:
    """Extract every page of a batch. Returns the hashes of the files written and the counts, for the manifest.

    Twice over the pages: each alone in a worker (a draft), then each once more in the light of what its source repeats.
    """
    spool = Spool(project, batch)
    spool.fill(progress)
    counter = Counter()
    for draft in spool.read():
        if isinstance(draft, Draft):
            counter.add(draft)
    repeats = counter.finish()
    skipped: collections.Counter[str] = collections.Counter()
    stripped: collections.Counter[str] = collections.Counter()
    folder = project.clean / batch.name
    forgotten = prune.forgotten(project)
    with (
        store.writer(folder / "articles.jsonl") as keep,
        store.writer(folder / "skipped.jsonl") as skip,
        store.writer(folder / "repeats.jsonl") as furniture,
    ):
        for draft in spool.read():
            match settle(draft, repeats, project.config.extract) if isinstance(draft, Draft) else draft:
                case Article() as article if _is_forgotten(article, forgotten):
                    skip(Skipped(article.raw, article.url, "forgotten", ""))
                    skipped["forgotten"] += 1
                case Article() as article:
                    keep(article)
                    stripped.update(article.stripped)
                case Skipped() as why:
                    skip(why)
                    skipped[why.reason] += 1
        for row in repeats.to_rows():
            furniture(row)
    return {
        "outputs": {"articles.jsonl": keep.sha256, "skipped.jsonl": skip.sha256, "repeats.jsonl": furniture.sha256},
        "counts": {
            "pages": keep.rows + skip.rows,
            "articles": keep.rows,
            "skipped": store.counted(skipped),
            "stripped": store.counted(stripped),
        },
    }


def _is_forgotten(article: Article, forgotten: frozenset[str]) -> bool:
    """Somebody asked for it to be taken down: it does not come back under its id or its address."""
    return bool(forgotten) and (article.id in forgotten or canonical_key(article.url or "") in forgotten)
