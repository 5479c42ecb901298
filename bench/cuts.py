"""How many articles and verdicts come out differently in smaller batches: each learns alone what its sources repeat.

python bench/cuts.py                                  1,500 invented pages of 13 outlets, one in ten a copy
python bench/cuts.py --project DIR --batch NAME       a batch that is extracted, its drafts still kept
    [--pages N] [--sizes 30 50 100 300]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline import store
from pipeline.config import Config, ExtractConfig
from pipeline.dedup import Index
from pipeline.extract import draft
from pipeline.extract.boilerplate import Counter
from pipeline.extract.draft_cache import DraftCache
from pipeline.extract.finalize import finalize
from pipeline.extract.values import Draft
from pipeline.model import Article, Duplicate, Page, Raw, Skipped
from pipeline.pages import batches
from pipeline.project import open_project

OUTLETS = 13
Verdict = tuple[str, str, str]  # relation, cluster, the article it was compared with


def invented(count: int) -> Iterator[Draft]:
    """Pages of plain text, as scrapers leave them: a story between lines that its outlet repeats more or less often."""
    pick = random.Random(7)
    words = ["".join(pick.choices("abcdefghijklmnopqrstuvwxyz", k=pick.randint(2, 9))) for _ in range(5_000)]

    def sentence(fewest: int, most: int) -> str:
        return " ".join(pick.choices(words, k=pick.randint(fewest, most))).capitalize() + "."

    footers = [[sentence(6, 16) for _ in range(4)] for _ in range(OUTLETS)]
    appeals = [[sentence(10, 22) for _ in range(3)] for _ in range(OUTLETS)]
    teasers = [[sentence(5, 10).rstrip(".") for _ in range(60)] for _ in range(OUTLETS)]
    stories: list[list[str]] = []
    cfg = Config()
    for number in range(count):
        outlet = pick.randrange(OUTLETS)
        if stories and pick.random() < 0.1:
            story = pick.choice(stories[-400:])
        else:
            story = [" ".join(sentence(8, 22) for _ in range(pick.randint(2, 4))) for _ in range(pick.randint(4, 9))]
            stories.append(story)
        lines = list(story)
        if pick.random() < 0.4:
            lines.insert(pick.randrange(1, len(lines)), pick.choice(appeals[outlet]))
        lines += pick.sample(teasers[outlet], 6) + footers[outlet]
        body = "\n\n".join(lines).encode()
        page = Page(Raw(f"raw/x/{number}.txt", None, f"{number:064}"), body, "text", "utf-8",
                    url=f"https://outlet{outlet}.example/2026/{number}-story", source=f"Outlet {outlet}")  # fmt: skip
        result = draft(page, cfg.extract, cfg.site)
        if isinstance(result, Draft):
            yield result


def in_batches(drafts: list[Draft], size: int, cfg: ExtractConfig, *, learns: bool) -> list[list[Article | Skipped]]:
    """The pages as articles, each batch knowing what its own pages repeat, or with `learns` those before them too."""
    results, counter = [], Counter()
    for start in range(0, len(drafts), size):
        part = drafts[start : start + size]
        if not learns:
            counter = Counter()
        for one in part:
            counter.add(one)
        repeats = counter.finish()
        results.append([finalize(one, repeats, cfg) for one in part])
    return results


def verdicts(parts: Sequence[list[Article | Skipped]], cfg: Config) -> dict[str, Verdict]:
    """id -> what dedup says of it, batch by batch."""
    found: dict[str, Verdict] = {}
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder)
        index = Index(clean / "index", clean, cfg.dedup)
        earlier: list[str] = []
        for number, part in enumerate(parts):
            name = f"{number:06}"
            with store.writer(clean / name / "articles.jsonl") as write:
                for one in part:
                    if isinstance(one, Article):
                        write(one)
            rows, segment = index.decide(name, store.read(Article, clean / name / "articles.jsonl"), earlier)
            index.add(name, segment)
            earlier.append(name)
            found |= {row.id: _verdict(row) for row in rows}
    return found


def _verdict(row: Duplicate) -> Verdict:
    return row.relation, row.cluster_id, row.matched_id


def extracted(project: Path, name: str) -> Iterator[Draft]:
    opened = open_project(project)
    batch = next(batch for batch in batches(opened.raw) if batch.name == name)
    return (one for one in DraftCache(opened, batch).read() if isinstance(one, Draft))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--batch")
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 50, 100, 300])
    args = parser.parse_args()
    config = open_project(args.project).config if args.project else Config()
    every = extracted(args.project, args.batch) if args.project else invented(args.pages)
    drafts = list(islice(every, args.pages))
    whole = in_batches(drafts, len(drafts), config.extract, learns=False)
    judged = verdicts(whole, config)
    sources = len({one.meta.source for one in drafts})
    print(f"{len(drafts)} pages of {sources} sources, {len(judged)} of them duplicates in one batch; in smaller ones:")
    for size in args.sizes:
        for learns in (False, True):
            parts = in_batches(drafts, size, config.extract, learns=learns)
            cut = [one for part in parts for one in part]
            texts = sum(a != b for a, b in zip(whole[0], cut, strict=True))
            now = verdicts(parts, config)
            other = sum(judged.get(id) != now.get(id) for id in judged.keys() | now.keys())
            known = "with what earlier ones repeat" if learns else "each by itself"
            print(f"{size:6} pages a batch, {known}: {texts} texts, {other} verdicts come out differently")


if __name__ == "__main__":
    main()
