"""Names of the files under clean/ and beside config.toml: the only place where they are spelled out."""

from __future__ import annotations

ARTICLES = "articles.jsonl"  # model.Article, one a line; the text is written here once
SKIPPED = "skipped.jsonl"  # model.Skipped: the ledger of pages that became no article
REPEATS = "repeats.jsonl"  # hashes of the lines that a source repeats on its pages
DUPLICATES = "duplicates.jsonl"  # model.Duplicate: one row for each article that repeats another one
TOPICS = "topics.jsonl"  # model.Tags: one row for each article, in the order of articles.jsonl
THREADS = "threads.jsonl"  # model.Threaded: one row for each article, in the order of articles.jsonl
RECORDS = "records.jsonl"  # the product, described in records/fields.py
PRUNED = "pruned.json"  # marks a batch that is finished although its raw pages are gone

ORDER = "order.jsonl"  # in clean/ itself: the order in which batches got their verdicts
LAYOUT = ".newsmill.json"  # in clean/ itself: which layout its files have
FORGOTTEN = "forgotten.jsonl"  # beside config.toml: the tombstones of what was removed for good


def manifest(stage: str) -> str:
    """Name of the file that a stage writes last: key, hashes of its outputs, counts."""
    return f".{stage}.json"
