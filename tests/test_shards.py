"""`newsmill extract --shard I/N`: pages drafted in parts, anywhere, then a run that is as if there had been none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.extract.shards import Shard, parsed

from .conftest import ROOT, Newsmill, newsmill_env, run_newsmill
from .warm import WARM


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "raw", tmp_path / "a/raw")
    (tmp_path / "a/config.toml").write_text("")
    return tmp_path / "a"


def outputs(project: Path) -> dict[str, bytes]:
    clean = project / "clean"
    return {str(path.relative_to(clean)): path.read_bytes() for path in clean.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = tmp_path_factory.mktemp("whole")
    shutil.copytree(ROOT / "raw", root / "raw")
    assert run_newsmill("-C", root, "run", "-q").returncode == 0
    return outputs(root)


def left_to_do(project: Path, newsmill: Newsmill) -> int:
    """Pages that a further shard 1/1 would draft: none where the shards have done all."""
    said = newsmill("-C", project, "extract", "--shard", "1/1", "--verbose").stderr
    return int(said.split(" pages drafted")[0].split()[-1])


@pytest.mark.parametrize(
    "count", [pytest.param(2, id="by file", marks=pytest.mark.slow), pytest.param(5, id="by page")]
)
def test_shards_side_by_side_then_a_run(
    count: int, project: Path, newsmill: Newsmill, expected: dict[str, bytes]
) -> None:
    """On the samples two shards have files enough to divide; five divide pages."""
    for first in range(1, count + 1, 3):
        some = [
            WARM.start(["extract", "--shard", f"{n}/{count}", "-j", "1"], project, newsmill_env(), (0, 1, 2))
            for n in range(first, min(first + 3, count + 1))
        ]
        assert [call.wait(300) for call in some] == [0] * len(some)
    assert not (project / "clean").exists()
    assert left_to_do(project, newsmill) == 0
    assert newsmill("-C", project, "run", "-q").returncode == 0
    assert outputs(project) == expected
    assert not list((project / ".newsmill/drafts").glob("*.shard"))


def test_drafts_of_two_projects_put_together(project: Path, newsmill: Newsmill, expected: dict[str, bytes]) -> None:
    other = project.parent / "b"
    shutil.copytree(project, other)
    assert newsmill("-C", project, "extract", "--shard", "1/2").returncode == 0
    assert newsmill("-C", other, "extract", "--shard", "2/2").returncode == 0
    for path in (other / ".newsmill/drafts").glob("*.shard"):
        shutil.copy(path, project / ".newsmill/drafts")
    assert left_to_do(project, newsmill) == 0
    assert newsmill("-C", project, "run", "-q").returncode == 0
    assert outputs(project) == expected


def test_what_no_shard_did_the_run_does(project: Path, newsmill: Newsmill, expected: dict[str, bytes]) -> None:
    assert newsmill("-C", project, "extract", "--shard", "2/3").returncode == 0
    for path in (project / ".newsmill/drafts").glob("*.shard"):
        path.write_bytes(path.read_bytes()[:-40])  # as a kill leaves it
    assert newsmill("-C", project, "run", "-q").returncode == 0
    assert outputs(project) == expected


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_shard_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="I/N"):
        parsed(text)


def test_every_name_is_in_one_shard() -> None:
    shards = [Shard(n, 7) for n in range(1, 8)]
    for name in [*(f"raw/{n}.html" for n in range(200)), "raw/\udcff.html"]:
        assert sum(shard.has(name) for shard in shards) == 1
