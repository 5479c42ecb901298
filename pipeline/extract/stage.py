"""raw/<batch> -> clean/<batch>: articles, the ledger of skipped pages, and the lines each source repeats."""

from __future__ import annotations

import collections
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..files import ARTICLES, PRUNED, REPEATS, SKIPPED
from ..stage import Facts, Result, Stage, Work
from . import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from ..config import Config
    from ..model import Article, Skipped
    from ..project import Project
    from .draft_cache import DraftCache

DOUBTFUL = 0.75  # confidence below which `newsmill status` names the page


def settings(config: Config, facts: Facts | None) -> object:
    """The settings of the stage; of the [[site]] rules those that speak of a host of the batch."""
    from ..config import digest

    if not config.site:
        return digest(config.extract, ())
    from .site_rules import for_hosts

    return digest(config.extract, for_hosts(config.site, facts["hosts"]) if facts else config.site)


def run(work: Work) -> Result:
    """Extract every page of a batch.

    Twice over the pages: each alone in a worker (a draft), then each once more in the light of what its source repeats.
    """
    from .. import store, tombstones
    from ..model import Article, Skipped
    from .boilerplate import Counter
    from .comparison import Comparison
    from .draft_cache import DraftCache
    from .finalize import finalize
    from .values import Draft

    project, batch = work.project, work.raw
    assert batch is not None
    drafts = DraftCache(project, batch, fresh=work.force)
    share = drafts.fill(work.progress)
    counter = Counter()
    refused: list[str] = []
    for draft in drafts.read():
        if isinstance(draft, Draft):
            counter.add(draft)
        elif draft.reason == "unreadable" and draft.raw.key is None:
            refused.append(draft.raw.path)
    _refuse_if_lost(project, batch.name, refused)
    repeats = counter.finish()
    skipped: collections.Counter[str] = collections.Counter()
    stripped: collections.Counter[str] = collections.Counter()
    doubtful: dict[str, float] = {}
    folder = project.clean / batch.name
    earlier = Comparison(batch.name, folder)
    forgotten = tombstones.forgotten(project)
    _reopen(folder)
    with (
        store.writer(folder / ARTICLES) as keep,
        store.writer(folder / SKIPPED) as skip,
        store.writer(folder / REPEATS) as furniture,
    ):
        for row in _pruned_rows(folder, drafts):
            if isinstance(row, Skipped):
                skip(row)
                skipped[row.reason] += 1
            elif not tombstones.covers(forgotten, row.id, row.url):
                keep(row)
                stripped.update(row.stripped)
                doubtful |= doubts(row)
        for draft in drafts.read():
            work.progress(share)
            match finalize(draft, repeats, project.config.extract) if isinstance(draft, Draft) else draft:
                case Article() as article if tombstones.covers(forgotten, article.id, article.url):
                    skip(Skipped(article.raw, article.url, "forgotten", ""))
                    earlier.see(article.raw, None)
                    skipped["forgotten"] += 1
                case Article() as article:
                    keep(article)
                    earlier.see(article.raw, article)
                    stripped.update(article.stripped)
                    doubtful |= doubts(article)
                case Skipped() as why:
                    skip(why)
                    earlier.see(why.raw, None)
                    skipped[why.reason] += 1
        for line in repeats.to_rows():
            furniture(line)
        changes = earlier.changes()
    counts: dict[str, Any] = {
        "pages": keep.rows + skip.rows,
        "articles": keep.rows,
        "skipped": store.counted(skipped),
        "stripped": store.counted(stripped),
        "doubtful": dict(sorted(doubtful.items(), key=lambda item: (item[1], item[0]))),
    }
    return Result(
        {ARTICLES: keep.sha256, SKIPPED: skip.sha256, REPEATS: furniture.sha256},
        counts,
        {"hosts": sorted(drafts.hosts), **({"retry": drafts.retry} if drafts.retry else {})},
        changes,
    )


def doubts(article: Article) -> dict[str, float]:
    """{page: confidence} of an article whose text a person should look at; else {}."""
    if article.confidence is None or article.confidence >= DOUBTFUL:
        return {}
    name = article.raw.path if article.raw.key is None else f"{article.raw.path} {article.raw.key}"
    return {name: article.confidence}


def _reopen(folder: Path) -> None:
    """A batch whose records were pruned too has new pages: its outputs count again."""
    from .. import store

    marker = store.read_json(folder / PRUNED)
    if marker is not None and marker.get("records"):
        store.write_json(folder / PRUNED, {**marker, "records": False})


def _pruned_rows(folder: Path, drafts: DraftCache) -> Iterator[Article | Skipped]:
    """Of a batch whose raw pages were pruned, the rows made from them: its new pages are added to those.

    A row stays unless the very page it was made from is in raw/ again.
    """
    from .. import store
    from ..model import Article, Skipped

    if not (folder / PRUNED).exists():
        return
    present = {draft.raw for draft in drafts.read()}
    for row in store.read(Article, folder / ARTICLES):
        if row.raw not in present:
            yield row
    for why in store.read(Skipped, folder / SKIPPED):
        if why.raw not in present:
            yield why


def _refuse_if_lost(project: Project, batch: str, refused: Sequence[str]) -> None:
    """Raise NewsmillError where a file or folder that gave articles cannot be opened now: unreadable is not gone."""
    from .. import store
    from ..errors import NewsmillError
    from ..pages import closed

    shut = [name for name in refused if closed(project.root, name)]
    if not shut:
        return
    sources = {row["raw"]["path"] for row in store.rows(project.clean / batch / ARTICLES)}
    for name in shut:
        if count := sum(source == name or source.startswith(f"{name}/") for source in sources):
            raise NewsmillError(
                f"{name}: cannot be read, and {project.clean.name}/{batch} holds articles of it (files: {count}): "
                "its outputs stay as they are. Make it readable again, or remove it from the raw folder"
            )


STAGE = Stage("extract", VERSION, settings, reads=(), writes=(ARTICLES, SKIPPED, REPEATS), run=run)
