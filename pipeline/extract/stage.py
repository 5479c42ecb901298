"""raw/<batch> -> clean/<batch>: articles, the ledger of skipped pages, and the lines each source repeats."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

from ..files import ARTICLES, REPEATS, SKIPPED
from ..stage import Facts, Result, Stage, Work
from . import VERSION

if TYPE_CHECKING:
    from ..config import Config
    from ..model import Article


def settings(config: Config, facts: Facts | None) -> object:
    """The settings of the stage."""
    from ..config import digest

    return digest(config.extract, config.site)


def run(work: Work) -> Result:
    """Extract every page of a batch.

    Twice over the pages: each alone in a worker (a draft), then each once more in the light of what its source repeats.
    """
    from .. import store, tombstones
    from ..model import Article, Skipped
    from .boilerplate import Counter
    from .comparison import Comparison
    from .draft_cache import Spool
    from .finalize import settle
    from .values import Draft

    project, batch = work.project, work.raw
    assert batch is not None
    spool = Spool(project, batch)
    spool.fill(work.progress)
    counter = Counter()
    for draft in spool.read():
        if isinstance(draft, Draft):
            counter.add(draft)
    repeats = counter.finish()
    skipped: collections.Counter[str] = collections.Counter()
    stripped: collections.Counter[str] = collections.Counter()
    folder = project.clean / batch.name
    earlier = Comparison(batch.name, folder)
    forgotten = tombstones.forgotten(project)
    with (
        store.writer(folder / ARTICLES) as keep,
        store.writer(folder / SKIPPED) as skip,
        store.writer(folder / REPEATS) as furniture,
    ):
        for draft in spool.read():
            match settle(draft, repeats, project.config.extract) if isinstance(draft, Draft) else draft:
                case Article() as article if _is_forgotten(article, forgotten):
                    skip(Skipped(article.raw, article.url, "forgotten", ""))
                    earlier.see(article.raw, None)
                    skipped["forgotten"] += 1
                case Article() as article:
                    keep(article)
                    earlier.see(article.raw, article)
                    stripped.update(article.stripped)
                case Skipped() as why:
                    skip(why)
                    earlier.see(why.raw, None)
                    skipped[why.reason] += 1
        for row in repeats.to_rows():
            furniture(row)
        changes = earlier.changes()
    counts: dict[str, Any] = {
        "pages": keep.rows + skip.rows,
        "articles": keep.rows,
        "skipped": store.counted(skipped),
        "stripped": store.counted(stripped),
    }
    return Result({ARTICLES: keep.sha256, SKIPPED: skip.sha256, REPEATS: furniture.sha256}, counts, changes=changes)


def _is_forgotten(article: Article, forgotten: frozenset[str]) -> bool:
    """Somebody asked for it to be taken down: it does not come back under its id or its address."""
    from ..urls import canonical_key

    return bool(forgotten) and (article.id in forgotten or canonical_key(article.url or "") in forgotten)


STAGE = Stage("extract", VERSION, settings, reads=(), writes=(ARTICLES, SKIPPED, REPEATS), run=run)
