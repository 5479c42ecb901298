"""prune and forget: what goes, what stays, and that the chain neither redoes nor removes what was meant to stay."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from pipeline import store
from pipeline.manage import forget, prune
from pipeline.project import Project, open_project
from pipeline.runner import run as chain
from pipeline.urls import article_id

from .projects import QUIET, fetch, project, rss
from .servers import serve

TOPICS = ("harbour", "glacier", "orchard", "railway", "theatre", "volcano")


def page(topic: str) -> str:
    """A story that shares next to nothing with the other topics' stories."""
    chance = random.Random(topic)
    nouns = (
        "town river council school bridge market farmer engine winter museum doctor ticket garden letter judge".split()
    )
    verbs = (
        "opens closes needs loses finds sells repairs visits praises doubts counts moves paints weighs hides".split()
    )
    words = " ".join(
        f"The {topic} {chance.choice(nouns)} {chance.choice(verbs)} {chance.randint(2, 999)} {chance.choice(nouns)}s in "
        f"{chance.choice(nouns)} {chance.choice(nouns)} {chance.randint(2, 999)} and {chance.choice(verbs)} them."
        for _ in range(12)
    )
    title = f"The {topic} reopens after years"
    return f"<html lang=en><head><title>{title}</title></head><body><h1>{title}</h1><article><p>{words}</p></article>"


def run(opened: Project) -> chain.Report:
    return chain.run(opened, chain.Options(), QUIET)


def ids(opened: Project, name: str = "articles.jsonl") -> set[str]:
    return {row["id"] for path in opened.clean.glob(f"*/{name}") for row in store.rows(path)}


def everything(opened: Project) -> Iterator[bytes]:
    """All bytes of the project, gzip undone."""
    for path in opened.root.rglob("*"):
        if path.is_file() and path.name not in ("config.toml", "forgotten.jsonl"):
            data = path.read_bytes()
            yield gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


@pytest.fixture
def filled(tmp_path: Path) -> Project:
    """Three batches, one of each kind, six articles."""
    raw = tmp_path / "raw"
    (raw / "2026-01-01").mkdir(parents=True)
    for topic in TOPICS[:2]:
        (raw / "2026-01-01" / f"{topic}.html").write_text(page(topic))
        side = {"url": f"https://daily.example/2026/01/the-{topic}-reopens"}
        (raw / "2026-01-01" / f"{topic}.html.meta.json").write_text(json.dumps(side))
    rows = [
        json.dumps({"url": f"https://daily.example/2026/02/the-{topic}-reopens", "html": page(topic)}) + "\n"
        for topic in TOPICS[2:4]
    ]
    (raw / "2026-02-01.jsonl.gz").write_bytes(gzip.compress("".join(rows).encode()))
    with serve() as site:
        links = []
        for topic in TOPICS[4:]:
            site.pages[f"/2026/03/the-{topic}-reopens"] = page(topic)
            links.append(f"{site.url}/2026/03/the-{topic}-reopens")
        site.pages["/feed"] = rss(*links)
        opened = project(tmp_path, f'feed = "{site.url}/feed"')
        fetch(opened)
    (warc,) = raw.glob("*.warc.gz")
    warc.rename(raw / "2026-03-01.warc.gz")
    run(opened)
    assert len(ids(opened)) == 6
    return opened


def address(opened: Project, topic: str) -> str:
    return next(
        row["url"]
        for p in opened.clean.glob("*/articles.jsonl")
        for row in store.rows(p)
        if topic in (row["url"] or "")
    )


@pytest.mark.parametrize("topic", TOPICS[::2])
def test_forget_takes_an_article_out_everywhere_and_keeps_it_out(filled: Project, topic: str) -> None:
    url = address(filled, topic)
    back = {path: path.read_bytes() for path in filled.raw.rglob("*") if path.is_file()}
    done = forget.forget(filled, url, why="asked for", at="2026-11-22T00:00:00Z", dry_run=True)
    assert done.raw and {p: p.read_bytes() for p in back} == back
    forget.forget(filled, url, why="asked for", at="2026-11-22T00:00:00Z", dry_run=False)
    for data in everything(filled):
        assert topic.encode() not in data.lower()
    run(filled)
    assert len(ids(filled)) == 5 and article_id(url, "") not in ids(filled)
    assert not any(topic.encode() in data.lower() for data in everything(filled))
    for path, data in back.items():  # somebody puts the pages back
        path.write_bytes(data)
    run(filled)
    assert len(ids(filled)) == 5
    reasons = [row["reason"] for p in filled.clean.glob("*/skipped.jsonl") for row in store.rows(p)]
    assert reasons == ["forgotten"]
    (stone,) = store.rows(filled.root / "forgotten.jsonl")
    assert (stone["id"], stone["why"]) == (article_id(url, ""), "asked for")
    again = forget.forget(filled, url, why=None, at="2026-11-23T00:00:00Z", dry_run=False)
    assert again.rows == {f"2026-0{TOPICS.index(topic) // 2 + 1}-01/skipped.jsonl": 1}
    assert len(list(store.rows(filled.root / "forgotten.jsonl"))) == 1


def test_forget_by_id_leaves_the_rest_of_a_warc_byte_for_byte(filled: Project) -> None:
    url = address(filled, "theatre")
    path = filled.raw / "2026-03-01.warc.gz"
    before = path.read_bytes()
    forget.forget(filled, article_id(url, "")[:12], why=None, at="2026-11-22T00:00:00Z", dry_run=False)
    with path.open("rb") as file:
        kinds = [r.headers["WARC-Type"] for r in ArchiveIterator(file)]
    assert kinds == ["warcinfo", "request", "response", "metadata"]
    after = path.read_bytes()
    assert before.startswith(after[:200]) and before.endswith(after[-200:])


def test_forget_in_a_warc_that_is_one_gzip_member(filled: Project) -> None:
    path = filled.raw / "2026-03-01.warc.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    run(filled)
    forget.forget(filled, address(filled, "theatre"), why=None, at="2026-11-22T00:00:00Z", dry_run=False)
    with path.open("rb") as file:
        assert [r.headers["WARC-Type"] for r in ArchiveIterator(file)] == [
            "warcinfo",
            "request",
            "response",
            "metadata",
        ]
    run(filled)
    assert len(ids(filled)) == 5


def test_forget_what_was_never_seen_and_pages_not_yet_extracted(filled: Project) -> None:
    (filled.raw / "2026-04-01.jsonl").write_text(
        json.dumps({"url": "https://daily.example/2026/04/new-story-told", "html": page("lighthouse")}) + "\n"
    )
    forget.forget(filled, "https://daily.example/2026/04/new-story-told", why=None, at="2026-11-22T00:00:00Z",
                  dry_run=False)  # fmt: skip
    assert not any(b"lighthouse" in data for data in everything(filled))
    run(filled)
    assert len(ids(filled)) == 6


def test_prune_keeps_records_and_the_chain_leaves_pruned_batches_alone(filled: Project) -> None:
    before = {p: p.read_bytes() for p in filled.clean.glob("*/*.jsonl")}
    (filled.raw / "loose.html").write_text(page("lighthouse"))
    old = prune.run(filled, days=1, gigabytes=None, records=False, dry_run=True)
    assert [e.name for e in old.gone] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    run(filled)
    done = prune.run(filled, days=1, gigabytes=None, records=False, dry_run=False)
    assert [e.name for e in done.gone] == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert [p.name for p in filled.raw.iterdir()] == ["loose.html"]
    report = run(filled)
    assert not report.removed and not report.done["extract"]
    assert {p: p.read_bytes() for p in before} == before


def test_prune_by_size_takes_the_oldest_and_spares_what_is_not_finished(filled: Project) -> None:
    assert prune.run(filled, days=None, gigabytes=1, records=False, dry_run=False).gone == ()
    (filled.clean / "2026-01-01" / ".tag.json").unlink()
    size = sum(p.stat().st_size for p in filled.raw.rglob("*") if p.is_file())
    done = prune.run(filled, days=None, gigabytes=(size - 1) / 1e9, records=False, dry_run=False)
    assert [e.name for e in done.gone] == ["2026-02-01"]
    assert done.kept[0][0] == "2026-01-01" and "not finished" in done.kept[0][1]


def test_prune_with_records_is_told_apart_and_later_batches_go_on(filled: Project) -> None:
    prune.run(filled, days=1, gigabytes=None, records=True, dry_run=False)
    assert ids(filled) == set()
    (filled.raw / "2026-05-01").mkdir()
    (filled.raw / "2026-05-01" / "a.html").write_text(page("lighthouse"))
    report = run(filled)
    assert not report.failed and not report.removed
    assert len(ids(filled, "records.jsonl")) == 1


def test_forget_in_a_pruned_batch(filled: Project) -> None:
    prune.run(filled, days=1, gigabytes=None, records=False, dry_run=False)
    url = address(filled, "glacier")
    forget.forget(filled, url, why=None, at="2026-11-22T00:00:00Z", dry_run=False)
    assert not any(b"glacier" in data for data in everything(filled))
    (filled.raw / "2026-05-01").mkdir()
    (filled.raw / "2026-05-01" / "a.html").write_text(page("harbour"))  # a copy: compared with the pruned batch's text
    report = run(open_project(filled.root))
    assert not report.failed
    (row,) = store.rows(filled.clean / "2026-05-01" / "duplicates.jsonl")
    assert row["relation"] == "exact"
    assert not report.removed
    assert len(ids(filled, "records.jsonl")) == 5
