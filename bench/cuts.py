"""How many articles come out differently in smaller batches: what a source repeats is learnt from one batch.

python bench/cuts.py PROJECT BATCH [--pages N] [--sizes 30 100 300]     a batch that is extracted, its drafts still kept
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.config import ExtractConfig
from pipeline.extract.boilerplate import Counter
from pipeline.extract.draft_cache import DraftCache
from pipeline.extract.finalize import finalize
from pipeline.extract.values import Draft
from pipeline.model import Article, Skipped
from pipeline.pages import batches
from pipeline.project import open_project


def in_batches(drafts: list[Draft], size: int, cfg: ExtractConfig) -> list[Article | Skipped]:
    found: list[Article | Skipped] = []
    for start in range(0, len(drafts), size):
        part, counter = drafts[start : start + size], Counter()
        for draft in part:
            counter.add(draft)
        repeats = counter.finish()
        found += [finalize(draft, repeats, cfg) for draft in part]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("batch")
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 100, 300])
    args = parser.parse_args()
    project = open_project(args.project)
    batch = next(batch for batch in batches(project.raw) if batch.name == args.batch)
    every = (draft for draft in DraftCache(project, batch).read() if isinstance(draft, Draft))
    drafts = list(islice(every, args.pages))
    whole = in_batches(drafts, len(drafts), project.config.extract)
    sources = len({draft.meta.source for draft in drafts})
    print(f"{len(drafts)} pages of {sources} sources in one batch, or in smaller ones")
    for size in args.sizes:
        cut = in_batches(drafts, size, project.config.extract)
        other = sum(a != b for a, b in zip(whole, cut, strict=True))
        print(f"{size:6} pages a batch: {other} come out differently")


if __name__ == "__main__":
    main()
