"""The public Python API: what its names give, that it agrees with the chain, and that importing it costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import Article, Project, Skipped, compare, extract_page, signature, tag_text
from pipeline.config import Config, TopicRule, TopicsConfig
from pipeline.errors import NewsmillError

from .conftest import ROOT, html_page, newsmill_env, run_newsmill, story


@pytest.mark.parametrize(
    "body",
    [html_page("A bridge", story("Norhaven")), html_page("A bridge", story("Norhaven")).encode()],
    ids=["text", "bytes"],
)
def test_a_page_gives_its_article(body: str | bytes) -> None:
    article = extract_page(body, "https://post.example/2026/11/20/a-bridge")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("A bridge", story("Norhaven"))


@pytest.mark.parametrize(
    ("body", "reason"), [("", "empty"), (b"%PDF-1.7 x", "not-html"), ("<p>Short.</p>", "too-short")]
)
def test_a_page_without_a_story_gives_the_reason(body: str | bytes, reason: str) -> None:
    found = extract_page(body)
    assert isinstance(found, Skipped) and found.reason == reason


def test_a_project_reads_what_the_chain_wrote(project: Path) -> None:
    assert run_newsmill("run", cwd=project).returncode == 0
    opened = Project(project)
    assert opened.batches() == ["2026-11-10", "2026-11-11"]
    records = list(opened.records())
    assert records == [
        json.loads(line) for path in sorted(project.glob("clean/*/records.jsonl")) for line in path.open()
    ]
    assert [a.id for a in opened.articles("2026-11-11")] == [r["id"] for r in opened.records("2026-11-11")]
    assert list(opened.duplicates()) == []
    assert [t.id for t in opened.tags()] == [r["id"] for r in records]
    one = extract_page((project / "raw/2026-11-10/story0.html").read_bytes())
    assert isinstance(one, Article) and one.content_hash == records[0]["content_hash"]


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(NewsmillError, match="no such folder"):
        Project(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("first", "second", "jaccard", "containment", "covered"),
    [
        pytest.param("a b c d e", "a b c d e", 1, 1, 1, id="the same"),
        pytest.param("a b c d e f", "a b c d", 0.5, 1, 0.5, id="a part"),
        pytest.param("a b c", "x y z", 0, 0, 0, id="nothing shared"),
        pytest.param("", "x y z", 0, 0, 0, id="an empty text"),
    ],
)
def test_two_texts(first: str, second: str, jaccard: float, containment: float, covered: float) -> None:
    found = compare(first, second)
    assert (found.jaccard, found.containment, found.covered) == (jaccard, containment, covered)


def test_the_signature_is_that_of_datasketch() -> None:
    from datasketch import MinHash

    from pipeline.dedup.minhash import shingle_hashes
    from pipeline.dedup.tokens import tokenise

    text = story("Norhaven")
    hashes, _ = shingle_hashes(tokenise([text]), 5)
    other = MinHash(128, seed=1, scheme="affine32", hashfunc=lambda value: value)
    other.update_batch([int(value) for value in hashes])
    assert signature(text) == tuple(int(value) for value in other.hashvalues)


def test_tags_of_a_text_with_rules_of_ones_own() -> None:
    rules = Config(topics=TopicsConfig(rule=(TopicRule(tag="boats", any=("ferry",)),)))
    text = "The ferry was late on Monday, and the police were called to the terminal in Kenya."
    assert "boats" in [topic.id for topic in tag_text(text, config=rules).topics]
    assert "boats" not in [topic.id for topic in tag_text(text).topics]
    assert [place.code for place in tag_text(text).places] == ["KE"]


def test_importing_the_package_imports_nothing_of_it() -> None:
    code = "import sys, pipeline; pipeline.__version__; sys.exit(any(n.startswith('pipeline.') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env=newsmill_env(), cwd=ROOT).returncode == 0


def test_every_name_of_the_api_is_described() -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    assert all(f"`{name}" in page for name in pipeline.__all__ if name not in ("Record", "__version__"))
    assert all(hasattr(pipeline, name) for name in pipeline.__all__)
