"""An export that the disk has no room for: one line that says so, and the file of before as it was."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.export.forms import FORMS

from ..conftest import newsmill_env, run_newsmill
from ..disks import newsmill, tmpfs
from .test_since_run import PAGES, put

WHOLE = [form for form in FORMS if form.target in ("stream", "file")]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("news")
    put(root, "2026-11-10", *PAGES.values())
    assert run_newsmill("run", "-q", "-C", root).returncode == 0
    return root


@pytest.mark.parametrize("form", WHOLE, ids=lambda form: form.name)
def test_a_file_too_large_is_an_error_and_the_old_one_stays(news: Path, tmp_path: Path, form: object) -> None:
    """RLIMIT_FSIZE stands in for a disk that is full, with another number for the reason."""
    name = form.name  # type: ignore[attr-defined]
    target = tmp_path / "news.out"
    target.write_bytes(b"of before")
    command = [sys.executable, "-m", "pipeline", "export", "-C", str(news), "-f", name, "-o", str(target)]
    code = f"import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); os.execv({sys.executable!r}, {command!r})"
    done = subprocess.run([sys.executable, "-c", code], env=newsmill_env(), capture_output=True, text=True, timeout=120)
    assert resource.RLIMIT_FSIZE and done.returncode == 1, (done.returncode, done.stderr)
    assert done.stderr.startswith("newsmill: ") and "Traceback" not in done.stderr, done.stderr
    assert str(target) in done.stderr and "cannot be written" in done.stderr
    assert target.read_bytes() == b"of before" and [path.name for path in tmp_path.iterdir()] == ["news.out"]


@pytest.mark.parametrize("form", ["sqlite", "parquet", "csv"])
def test_a_full_disk_is_an_error_and_the_old_file_stays(news: Path, tmp_path: Path, form: str) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with tmpfs(place, "size=12k") as disk:
        (disk.seen / "news.out").write_bytes(b"of before")
        done = newsmill(
            tmp_path, "export", "-C", str(news), "-f", form, "-o", str(place / "news.out"), before=disk.enter
        )
        assert done.returncode == 1 and "No space left on device" in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
        assert [path.name for path in disk.seen.iterdir()] == ["news.out"]
        assert (disk.seen / "news.out").read_bytes() == b"of before"
