"""The sample pages: raw/ is what tools/make_samples.py builds, and it shows what it is meant to show."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import make_samples  # noqa: E402

RAW = ROOT / "raw"


def content(path: Path) -> bytes:
    """Decompressed: what gzip makes of the same bytes is not the same with every zlib."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def differences(raw: Path) -> list[str]:
    """What in raw/ is not as the plan has it."""
    wanted = make_samples.files()
    there = {p.relative_to(raw).as_posix(): p for p in raw.rglob("*") if p.is_file() and not p.name.startswith(".")}
    return sorted(
        [f"missing: {p}" for p in wanted.keys() - there.keys()]
        + [f"not in the plan: {p}" for p in there.keys() - wanted.keys()]
        + [f"differs: {p}" for p in wanted.keys() & there.keys() if content(there[p]) != wanted[p]]
    )


def test_raw_is_what_the_tool_builds() -> None:
    assert differences(RAW) == []


def test_the_comparison_sees_a_change(tmp_path: Path) -> None:
    make_samples.write(tmp_path)
    assert differences(tmp_path) == []
    (tmp_path / "flu-clinic.txt").write_text("Something else.")
    (tmp_path / "2026-11-19.jsonl").unlink()
    (tmp_path / "new.html").write_text("<p>New.</p>")
    assert differences(tmp_path) == [
        "differs: flu-clinic.txt",
        "missing: 2026-11-19.jsonl",
        "not in the plan: new.html",
    ]


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_samples.write(tmp_path / name)
    one, two = (
        {p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()}
        for n in ("one", "two")
    )
    assert one == two


SAMPLES = make_samples.samples()


def test_the_sample_is_large_and_mixed_enough() -> None:
    batches = {s.path.split("/")[0].split(".")[0] if "/" in s.path else s.path for s in SAMPLES}
    assert len(SAMPLES) >= 24
    assert len(batches) >= 5
    assert {s.story.meta["language"] for s in SAMPLES if s.story} >= {"en", "de", "fr", "es"}
    per_outlet = Counter(s.outlet for s in SAMPLES if s.becomes == "article")
    assert min(per_outlet[o] for o in ("harbour-courier", "valley-ledger", "tideline", "norderblatt")) >= 3


@pytest.mark.parametrize(
    "reason",
    ["index-page", "gallery", "paywall", "not-html", "not-a-page", "error-page", "unreadable"],
)
def test_every_kind_of_page_that_is_no_article_is_there(reason: str) -> None:
    assert any(s.becomes == reason for s in SAMPLES)


@pytest.mark.parametrize("relation", ["same", "revision", "exact", "near", "part"])
def test_every_kind_of_copy_is_there(relation: str) -> None:
    assert any(s.relation == relation for s in SAMPLES)


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.outlet], ids=lambda s: f"{s.path} {s.key or ''}")
def test_outlets_are_invented(sample: make_samples.Sample) -> None:
    text = sample.body.decode("utf-8", "replace")
    links = [part.split("/")[0].split('"')[0] for part in text.split("https://")[1:]]
    assert {host for host in links if not host.endswith((".example", "schema.org"))} <= {"ogp.me"}
