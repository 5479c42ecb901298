"""The chain over raw/ and tests/golden/ -> tests/pinned.json: each stage's version, and hashes of its input and output.

Run `make pins` after a change of what a stage writes; tests/test_versions.py fails while a version was not raised.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINNED = ROOT / "tests" / "pinned.json"
sys.path.insert(0, str(ROOT))

from pipeline.console import Console  # noqa: E402
from pipeline.files import RECORDS  # noqa: E402
from pipeline.project import Project, open_project  # noqa: E402
from pipeline.runner import run, stages  # noqa: E402
from pipeline.stage import Stage  # noqa: E402

Pin = dict[str, "str | int"]


def pins(folder: Path) -> dict[str, Pin]:
    """Run the chain in an empty folder and hash what each stage read and wrote."""
    shutil.copytree(ROOT / "raw", folder / "raw")
    golden = folder / "raw" / "golden"
    golden.mkdir()
    for page in sorted((ROOT / "tests" / "golden").iterdir()):
        if page.suffix in (".html", ".txt"):
            shutil.copy(page, golden)
    project = open_project(folder)
    report = run.run(project, run.Options(), Console(quiet=True))
    if report.failed:
        raise RuntimeError(f"the chain failed: {report.failed}")
    return {stage.name: _pin(project, stage) for stage in stages.STAGES}


def _pin(project: Project, stage: Stage) -> Pin:
    reads = [project.clean / batch / name for batch in project.done() for name in stage.reads]
    read = reads or sorted(path for path in project.raw.rglob("*") if path.is_file())
    writes = [project.clean / batch / name for batch in project.done() for name in stage.writes]
    return {"version": stage.version, "read": _hash(read), "written": _hash(writes)}


def _hash(paths: list[Path]) -> str:
    """Hash of files without what names the release: a new version of newsmill is no change of a stage."""
    whole = hashlib.sha256()
    for path in paths:
        body = path.read_bytes()
        if path.name == RECORDS:
            rows = [json.loads(line) for line in body.splitlines()]
            body = json.dumps([{k: v for k, v in row.items() if k != "run"} for row in rows]).encode()
        whole.update(hashlib.sha256(body).digest())
    return whole.hexdigest()[:32]


def fault(name: str, pinned: Pin | None, now: Pin) -> str | None:
    """What has to be done about a stage whose output is not the pinned one; None: nothing."""
    if pinned == now:
        return None
    same = pinned and all(pinned[key] == now[key] for key in ("read", "version"))
    if pinned and same and now["written"] != pinned["written"]:
        return f"{name} writes other bytes than its version {pinned['version']} did: raise {name}'s VERSION"
    return f"{name}: its input, version or output has changed: look at it, then renew the pins with `make pins`"


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        PINNED.write_text(json.dumps(pins(Path(folder)), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
