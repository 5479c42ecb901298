"""A coverage-guided fuzzer over all our parsers of untrusted input, TORTURE_FUZZ_SECONDS for each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT, newsmill_env
from tests.targets import TARGETS

SECONDS = int(os.environ.get("TORTURE_FUZZ_SECONDS", "60"))


@pytest.mark.skipif(not find_spec("atheris"), reason="atheris has no wheel for this Python and system: not fuzzed")
@pytest.mark.parametrize("name", TARGETS)
def test_a_fuzzer_breaks_nothing(name: str, tmp_path: Path) -> None:
    """Nothing raised, nothing over 20 s, nothing over 2 GB."""
    limits = [
        f"-max_total_time={SECONDS}",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-max_len=20000",
        "-print_final_stats=1",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.fuzzer", name, str(tmp_path), *limits], cwd=ROOT, env=newsmill_env(),
        capture_output=True, text=True, errors="replace", timeout=SECONDS + 300, check=False,
    )  # fmt: skip
    tried = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    reached = re.findall(r"cov: (\d+)", done.stderr)
    print(f"{name}: {tried[1] if tried else '?'} inputs, {reached[-1] if reached else '?'} branches")
    broken = {path.name: path.read_bytes()[:2000] for path in tmp_path.glob("*-*") if path.is_file()}
    assert (done.returncode, broken) == (0, {}), done.stderr[-3000:]
