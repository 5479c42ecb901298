"""Drafts made in workers by whoever asks: in order, a page that kills its worker costs only itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline import extract, pages
from pipeline.config import Config, ExtractConfig
from pipeline.extract.isolated import drafts
from pipeline.model import Page, Raw, Skipped

SAMPLES = Path(__file__).parent.parent / "raw"
STORY = "The council voted on Monday to rebuild the old harbour bridge, and work begins in the spring. " * 6


def page(body: bytes, name: str = "p.html") -> Page:
    return Page(Raw(name, None, hashlib.sha256(body).hexdigest()), body)


def test_the_samples_come_out_as_in_one_process_and_in_their_order() -> None:
    cfg = Config()
    found = [item for batch in pages.batches(SAMPLES) for item in pages.pages(batch, SAMPLES.parent, 10_000_000)]
    direct = [extract.draft(item, cfg.extract) if isinstance(item, Page) else item for item in found]
    assert any(isinstance(item, Skipped) for item in found)
    done = list(drafts(enumerate(found), cfg, workers=2))
    assert [item.label for item in done] == list(range(len(found)))
    assert [item.value for item in done] == direct


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        pytest.param(b"<p>" + b"<b><i>" * 800_000 + STORY.encode() * 9000, {"page_seconds": 1}, id="out of time"),
        pytest.param(b"<p>" + STORY.encode() * 60_000, {"page_memory_mb": 128}, id="out of memory"),
    ],
)
def test_a_page_over_its_limit_costs_itself(body: bytes, limits: dict[str, float]) -> None:
    good = page(f"<title>Bridge</title><article><p>{STORY}</p></article>".encode(), "good.html")
    cfg = Config(extract=ExtractConfig(**limits))
    before, bad, after = drafts([(0, good), (1, page(body)), (2, good)], cfg, workers=1)
    assert before.value == after.value
    assert not isinstance(before.value, Skipped)
    assert isinstance(bad.value, Skipped) or any("fallback" in flag for flag in bad.value.flags)


def test_pages_that_readers_skipped_keep_their_places() -> None:
    skips = [Skipped(Raw(str(n), None, ""), None, "unreadable", "") for n in range(3)]
    good = page(f"<title>Bridge</title><article><p>{STORY}</p></article>".encode())
    items = [("a", skips[0]), ("b", skips[1]), ("c", good), ("d", skips[2])]
    assert [item.label for item in drafts(items, Config(), workers=1)] == ["a", "b", "c", "d"]
    assert list(drafts([], Config(), workers=1)) == []
