"""10,000 items of 200 hosts, killed and started again TORTURE_KILLS times: nothing lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

KILLS = os.environ.get("TORTURE_KILLS", "50")


def test_fetch_killed_fifty_times() -> None:
    bench = Path(__file__).parents[2] / "bench" / "fetch.py"
    run = subprocess.run([sys.executable, str(bench), "--kills", KILLS], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "lost 0, doubled 0" in run.stdout
