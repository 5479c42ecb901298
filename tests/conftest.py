"""What many tests share: the real command in a real process, and small projects to run it in."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .warm import WARM

# On a busy machine an example may take seconds: that says nothing about the code.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

ROOT = Path(__file__).resolve().parent.parent

Newsmill = Callable[..., "subprocess.CompletedProcess[str]"]


def newsmill_env(**more: str) -> dict[str, str]:
    """The environment of a plain user: no NEWSMILL_ settings of whoever runs the tests."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("NEWSMILL_")}
    return {**plain, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


def run_newsmill(
    *args: str | Path, cwd: Path | None = None, stdin: str | bytes = b"", seconds: int = 300, **env: str
) -> subprocess.CompletedProcess[str]:
    """`newsmill ARGS`, as a process of its own. Text comes back decoded; undecodable bytes fail the test."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    words, environ = [str(arg) for arg in args], newsmill_env(**env)
    if any(name.startswith(("PYTHON", "LANG", "LC_")) for name in env):  # what Python reads when it starts
        command = [sys.executable, "-m", "pipeline", *words]
        done = subprocess.run(command, cwd=cwd, input=given, env=environ, capture_output=True, timeout=seconds)
    else:
        done = WARM.run(words, cwd, environ, given, seconds)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def newsmill() -> Newsmill:
    return run_newsmill


_WHO = ("the harbour master", "a retired teacher", "Councillor Brandt", "the ferry company", "an engineer", "two farmers",
        "the museum", "a young baker", "the river board", "Judge Pell", "the choir", "a fishing crew", "the hospital")  # fmt: skip
_DID = ("opened", "refused", "measured", "sold", "repaired", "praised", "lost", "defended", "moved", "painted", "counted",
        "closed", "inherited", "photographed", "questioned", "rebuilt")  # fmt: skip
_WHAT = ("an old lighthouse", "the northern bridge", "forty wooden boats", "the winter budget", "a collection of maps",
         "the bakery on Mill Lane", "three empty houses", "the school roof", "a field of barley", "the tram depot",
         "a letter from 1912", "the weather station", "a herd of goats", "the swimming pool", "an unpaid bill")  # fmt: skip
_WHEN = ("on Monday morning", "after a long debate", "despite heavy rain", "for the second time this year",
         "while the crowd waited outside", "before the deadline passed", "without telling the neighbours",
         "because the insurance had run out", "as the first snow fell", "during the summer fair")  # fmt: skip


def story(topic: str, n: int = 0) -> str:
    """Invented prose of about 200 words in five paragraphs; another topic or n gives an unrelated story."""
    pick = random.Random(f"{topic}/{n}")

    def sentence() -> str:
        who, did, what, when = (pick.choice(words) for words in (_WHO, _DID, _WHAT, _WHEN))
        other, also, more = pick.choice(_WHO), pick.choice(_DID), pick.choice(_WHAT)
        text = f"{who} of {topic} {did} {what} {when}, and {other} {also} {more} {pick.randrange(2, 90)} times"
        return f"{text[0].upper()}{text[1:]}."

    return "\n\n".join(" ".join(sentence() for _ in range(2)) for _ in range(5))


def html_page(title: str, text: str, extra: str = "") -> str:
    """A plain page as a small outlet would serve it."""
    body = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Quayside Post</title></head>'
        f"<body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>{title}</h1>{body}</article>"
        f"{extra}<footer>Quayside Post, all rights reserved</footer></body></html>"
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two batches of two pages each."""
    for batch in range(2):
        folder = tmp_path / "raw" / f"2026-11-1{batch}"
        folder.mkdir(parents=True)
        for n in range(2):
            number = batch * 2 + n
            title = f"Council votes on works number {number}"
            (folder / f"story{n}.html").write_text(html_page(title, story(f"Norhaven{number}", number)))
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes: what must be identical."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests of something optional did not run: a dot among hundreds is overlooked."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    for reason in sorted(reason for reason in reasons if "NOT TESTED" in reason):
        terminalreporter.write_line(f"!! {reason}")
